//! Who sent a request, and what they may do.
//!
//! There are two doors: `/api/v1/…` is opened by an API key, everything else below `/api/` by the session of someone who
//! signed in. Behind them the handlers are the same, and so are their answers; only `Location` leads back to where the
//! caller came in. A handler says by its argument whom it lets in: [`Reader`], [`Generator`] or [`Owner`].

mod doors;

use axum::{extract::FromRequestParts, http::request::Parts};
use packshot_domain::{
    id::{KeyId, RequestId, SessionId, UserId},
    scope::{Scope, Scopes},
};

pub(super) use self::doors::{Doors, admit, cookie_value};
use super::problem::ApiError;

/// Who sent a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller {
    pub(super) user: UserId,
    pub(super) via: Via,
    /// The request itself; it goes with what comes of it.
    pub(super) request: Option<RequestId>,
}

/// By which door.
#[derive(Debug, Clone, Copy)]
pub(super) enum Via {
    /// An API key.
    Key {
        /// Which.
        id: KeyId,
        /// What it may do.
        scopes: Scopes,
    },
    /// The page, in this session.
    Session(SessionId),
}

impl Caller {
    /// The key; `None` for the page.
    pub(super) const fn key(self) -> Option<KeyId> {
        match self.via {
            Via::Key { id, .. } => Some(id),
            Via::Session(_) => None,
        }
    }

    /// The answer to somebody whom a door knows and who has no account.
    pub(super) fn account_is_gone(self) -> ApiError {
        match self.via {
            Via::Key { .. } => ApiError::invalid_api_key(),
            Via::Session(_) => ApiError::signed_out(),
        }
    }

    fn may(self, scope: Scope) -> bool {
        match self.via {
            Via::Key { scopes, .. } => scopes.allow(scope),
            Via::Session(_) => true,
        }
    }
}

/// A caller who may look.
#[derive(Debug)]
pub(super) struct Reader(pub(super) Caller);

/// A caller who may make and change things.
#[derive(Debug)]
pub(super) struct Generator(pub(super) Caller);

/// The person themselves, on the page: API keys are not managed by API keys.
#[derive(Debug)]
pub(super) struct Owner(pub(super) Caller);

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        with_scope(parts, Scope::Read).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Generator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        with_scope(parts, Scope::Generate).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Owner {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let caller = admitted(parts)?;
        match caller.via {
            Via::Session(_) => Ok(Self(caller)),
            Via::Key { .. } => Err(ApiError::signed_out()),
        }
    }
}

fn with_scope(parts: &Parts, scope: Scope) -> Result<Caller, ApiError> {
    let caller = admitted(parts)?;
    if caller.may(scope) {
        Ok(caller)
    } else {
        Err(ApiError::insufficient_scope(scope))
    }
}

/// A route that was not put behind the doors admits nobody.
fn admitted(parts: &Parts) -> Result<Caller, ApiError> {
    parts
        .extensions
        .get()
        .copied()
        .ok_or_else(ApiError::invalid_api_key)
}
