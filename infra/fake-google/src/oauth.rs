//! Signing in with Google: `OpenID` Connect and OAuth 2.0 for web servers.
//!
//! What it keeps to is in RFC 6749, RFC 7636, RFC 7009, and `OpenID` Connect Core and Discovery.

mod account;
mod authorize;
mod client;
mod consent;
mod endpoints;
mod error;
mod forgery;
mod grants;
mod id_token;
mod keys;
mod parameters;
pub(crate) mod scope;
mod token;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, header};

pub(crate) use self::account::{Account, Accounts, subject_of};
pub use self::client::OAuthClient;
pub(crate) use self::endpoints::router;
pub(crate) use self::error::OAuthError;
pub(crate) use self::forgery::{Forgeries, Forgery};
pub(crate) use self::grants::{Bearer, Grants};
pub(crate) use self::keys::KeyRing;
pub(crate) use self::parameters::Parameters;

use self::authorize::AuthorizationRequest;
use crate::clock::Clock;

/// Everything that signing in remembers.
#[derive(Debug)]
pub(crate) struct OAuth {
    pub(crate) issuer: String,
    pub(crate) client: OAuthClient,
    pub(crate) accounts: Accounts,
    pub(crate) grants: Grants,
    pub(crate) keys: KeyRing,
    pub(crate) forgeries: Forgeries,
    clock: Arc<Clock>,
    pending: Mutex<HashMap<String, AuthorizationRequest>>,
}

impl OAuth {
    /// A provider that nobody has used yet, reached at `issuer`.
    pub(crate) fn new(clock: Arc<Clock>, issuer: String, client: OAuthClient) -> Self {
        Self {
            issuer,
            client,
            accounts: Accounts::new(),
            grants: Grants::default(),
            keys: KeyRing::default(),
            forgeries: Forgeries::default(),
            clock,
            pending: Mutex::default(),
        }
    }

    /// Forgets added accounts, grants, tokens and forgeries. The keys stay: clients may hold them for hours.
    pub(crate) fn clear(&self) {
        self.accounts.clear();
        self.grants.clear();
        self.forgeries.clear();
        self.pending().clear();
    }

    /// What an access token allows now.
    pub(crate) fn bearer(&self, access_token: &str) -> Option<Bearer> {
        self.grants.bearer(access_token, self.clock.now())
    }

    fn pending(&self) -> MutexGuard<'_, HashMap<String, AuthorizationRequest>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The token of an `Authorization` header.
pub(crate) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (kind, token) = value.split_once(' ')?;
    kind.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Runs work with keys where it does not hold up other requests.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, OAuthError> + Send + 'static,
) -> Result<T, OAuthError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(OAuthError {
            status: 500,
            ..OAuthError::new("internal_failure", error.to_string())
        }),
    }
}
