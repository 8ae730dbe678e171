//! Google: signing in, and Drive.

pub mod drive;

mod oauth;
mod scopes;

pub use self::{
    oauth::{AccessToken, GoogleOauth, OauthError},
    scopes::{DRIVE_FILE, DRIVE_READONLY, GrantedScopes},
};
