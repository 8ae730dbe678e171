//! Google: signing in (OAuth 2.0 and OpenID Connect), and Drive in a room of its own.
//!
//! Facts of the wire: <https://developers.google.com/identity/openid-connect/openid-connect> and
//! <https://developers.google.com/identity/protocols/oauth2/web-server>.

pub mod drive;

mod cached;
mod client_secrets;
mod id_tokens;
mod oauth;
mod scopes;

pub use self::{
    id_tokens::{IdTokenError, IdTokens},
    oauth::{AccessToken, AuthorizationRequest, GoogleOauth, OauthError, Tokens},
    scopes::GrantedScopes,
};

use std::time::Duration;

use reqwest::{Client, redirect::Policy};

use crate::{config::Missing, outbound};

/// How long one call to Google may take in all: people wait for it.
const CALL_TIME_LIMIT: Duration = Duration::from_secs(8);

/// The HTTP client for signing in. It follows no redirect: nothing of this redirects but browsers.
fn http_client(variable: &'static str) -> Result<Client, Missing> {
    outbound::client()
        .timeout(CALL_TIME_LIMIT)
        .redirect(Policy::none())
        .build()
        .map_err(|_| Missing::Value(variable))
}
