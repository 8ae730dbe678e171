//! Who sent a request, and what they may do.
//!
//! There are two doors: `/api/v1/…` is opened by an API key, everything else below `/api/` by the session of someone who
//! signed in. Behind them the handlers are the same. A handler says by its argument whom it lets in: [`Reader`],
//! [`Generator`] or [`Owner`].

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use packshot_clients::{
    accounts::Accounts,
    clock,
    config::{self, Missing, env},
    error::{AwsError, Chain},
    keys::{ApiKeys, KeyOwner},
    parameters::Site,
    sessions::Sessions,
    table::Table,
    usage::Usage,
};
use packshot_domain::{
    api_key::ApiKey,
    id::{KeyId, UserId},
    scope::{Scope, Scopes},
    session::{self, SessionToken},
};
use tracing::warn;
use url::Url;

use super::{problem::ApiError, standing::Standing};

/// Where the API with keys begins.
const KEY_DOOR: &str = "/api/v1/";

/// Who sent a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller {
    pub(super) user: UserId,
    pub(super) via: Via,
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
    /// The page.
    Session,
}

impl Caller {
    /// The key; `None` for the page.
    pub(super) const fn key(self) -> Option<KeyId> {
        match self.via {
            Via::Key { id, .. } => Some(id),
            Via::Session => None,
        }
    }

    fn may(self, scope: Scope) -> bool {
        match self.via {
            Via::Key { scopes, .. } => scopes.allow(scope),
            Via::Session => true,
        }
    }
}

/// What is needed to know who calls, and the address that callers know us by.
#[derive(Debug)]
pub(super) struct Doors {
    keys: ApiKeys,
    sessions: Sessions,
    accounts: Accounts,
    usage: Usage,
    site: Site,
}

impl Doors {
    /// The doors that the environment describes.
    pub(super) fn from_env(config: &aws_config::SdkConfig) -> Result<Arc<Self>, Missing> {
        let table = Table::new(config, config::require(env::TABLE_NAME)?);
        Ok(Arc::new(Self {
            keys: ApiKeys::new(table.clone()),
            sessions: Sessions::new(table.clone()),
            accounts: Accounts::new(table.clone()),
            usage: Usage::new(table),
            site: Site::from_env(config)?,
        }))
    }

    /// The site's public address.
    pub(super) async fn base_url(&self) -> Result<Url, AwsError> {
        self.site.base_url().await
    }

    async fn admit(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Result<(Caller, Option<KeyOwner>), ApiError> {
        if path.starts_with(KEY_DOOR) {
            let owner = self.by_key(headers).await?;
            let via = Via::Key {
                id: owner.key,
                scopes: owner.scopes,
            };
            let caller = Caller {
                user: owner.user,
                via,
            };
            Ok((caller, Some(owner)))
        } else {
            let user = self.by_session(method, headers).await?;
            let via = Via::Session;
            Ok((Caller { user, via }, None))
        }
    }

    /// The caller whom the `x-api-key` header names. A typo is refused by the key's checksum, without a read.
    async fn by_key(&self, headers: &HeaderMap) -> Result<KeyOwner, ApiError> {
        let text = headers
            .get("x-api-key")
            .and_then(|value| value.to_str().ok())
            .ok_or_else(ApiError::invalid_api_key)?;
        let key = ApiKey::parse(text).map_err(|_| ApiError::invalid_api_key())?;
        self.keys
            .owner_of(&key)
            .await?
            .ok_or_else(ApiError::invalid_api_key)
    }

    /// The caller whom the session's cookie names. Other sites can make a browser send the cookie, but not our `Origin`
    /// with it, so changes are refused without that.
    async fn by_session(&self, method: &Method, headers: &HeaderMap) -> Result<UserId, ApiError> {
        if !method.is_safe() && !self.is_our_page(headers).await? {
            return Err(ApiError::foreign_origin());
        }
        let token = session_cookie(headers).ok_or_else(ApiError::signed_out)?;
        let token = SessionToken::parse(token).map_err(|_| ApiError::signed_out())?;
        self.sessions
            .user_of(&token)
            .await?
            .ok_or_else(ApiError::signed_out)
    }

    /// What the caller has left. That it cannot be read must not cost them their answer.
    async fn standing(&self, user: UserId) -> Option<Standing> {
        match self.accounts.standing(user).await {
            Ok(standing) => standing.map(|(allowance, consumption)| Standing {
                allowance,
                consumption,
            }),
            Err(error) => {
                warn!(error = %Chain(&error), "Could not tell what a caller has left");
                None
            }
        }
    }

    /// Counts a request. That it cannot be counted must not cost the caller their answer.
    async fn count(&self, caller: Caller, key: Option<KeyOwner>) {
        let note_use = async {
            match &key {
                Some(key) => self.keys.note_use(key).await,
                None => Ok(()),
            }
        };
        let counted = tokio::try_join!(self.usage.count_request(caller.user, caller.key()), note_use);
        if let Err(error) = counted {
            warn!(error = %Chain(&error), "Could not count a request");
        }
    }

    async fn is_our_page(&self, headers: &HeaderMap) -> Result<bool, AwsError> {
        let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
        let ours = self.base_url().await?.origin().ascii_serialization();
        Ok(origin == Some(ours.as_str()))
    }
}

fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, value)| (name == session::COOKIE).then_some(value))
}

/// Lets callers in whom a door knows, and nobody else; counts their requests, and tells them what they have left.
pub(super) async fn admit(State(doors): State<Arc<Doors>>, mut request: Request, next: Next) -> Response {
    let admitted = doors
        .admit(request.method(), request.uri().path(), request.headers())
        .await;
    match admitted {
        Ok((caller, key)) => {
            request.extensions_mut().insert(caller);
            let (mut answer, standing, ()) = tokio::join!(
                next.run(request),
                doors.standing(caller.user),
                doors.count(caller, key)
            );
            // A handler that changed what is left knows it better.
            if let Some(standing) = answer.extensions_mut().remove::<Standing>().or(standing) {
                standing.tell(answer.headers_mut(), clock::now());
            }
            answer
        }
        Err(error) => error.into_response(),
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
            Via::Session => Ok(Self(caller)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            "theme=dark; x__Host-session=no".parse().expect("a value"),
        );
        assert_eq!(session_cookie(&headers), None);
        headers.append(
            header::COOKIE,
            "a=b; __Host-session=abc=; c=d".parse().expect("a value"),
        );
        assert_eq!(session_cookie(&headers), Some("abc="));
    }
}
