//! A stand-in for the OAuth client, until that one is merged.

use std::time::Duration;

use aws_config::SdkConfig;
use secrecy::SecretString;

use super::GrantedScopes;
use crate::{
    config::Missing,
    error::{AwsError, BoxError},
};

/// Why Google did not do what we asked for.
#[derive(Debug, thiserror::Error)]
pub enum OauthError {
    /// Dead.
    #[error("Google no longer knows the code or the token")]
    GrantIsGone,
    /// Refused.
    #[error("Google refused the request: {0}")]
    Refused(String),
    /// Later.
    #[error("Google did not answer as it should")]
    Unavailable(#[source] BoxError),
    /// Ours.
    #[error("our client at Google is not known")]
    Aws(#[from] AwsError),
}

/// A token that opens Google's APIs for about an hour.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token.
    pub token: SecretString,
    /// For how long it is good.
    pub expires_in: Duration,
    /// What it opens.
    pub scopes: GrantedScopes,
}

/// Google's OAuth 2.0 with our client.
#[derive(Debug)]
pub struct GoogleOauth {}

impl GoogleOauth {
    /// The client that the environment names.
    pub fn from_env(_: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {})
    }

    /// A new access token.
    pub async fn refresh(&self, _: &SecretString) -> Result<AccessToken, OauthError> {
        Err(OauthError::GrantIsGone)
    }

    /// Takes back a whole grant.
    pub async fn revoke(&self, _: &SecretString) -> Result<(), OauthError> {
        Ok(())
    }
}
