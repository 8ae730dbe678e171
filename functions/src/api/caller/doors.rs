//! The doors: what they ask for, and what they do with a request on its way in and with its answer on the way out.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
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
    sessions::{OpenSession, Sessions},
    table::Table,
    usage::Usage,
};
use packshot_domain::{
    api_key::ApiKey,
    session::{SessionCookie, SessionToken},
};
use tracing::warn;
use url::Url;

use super::{Caller, Via};
use crate::{
    api::{
        problem::ApiError,
        routes::{PAGE, PROGRAMS},
        standing::Standing,
    },
    telemetry,
};

/// What was shown at the door.
#[derive(Debug)]
enum Credential {
    Key(KeyOwner),
    Session(OpenSession),
}

impl Credential {
    const fn caller(&self) -> Caller {
        match self {
            Self::Key(owner) => Caller {
                user: owner.user,
                via: Via::Key {
                    id: owner.key,
                    scopes: owner.scopes,
                },
                request: None,
            },
            Self::Session(session) => Caller {
                user: session.user,
                via: Via::Session(session.id),
                request: None,
            },
        }
    }
}

/// What is needed to know who calls, and the address that callers know us by.
#[derive(Debug)]
pub(in crate::api) struct Doors {
    keys: ApiKeys,
    sessions: Sessions,
    accounts: Accounts,
    usage: Usage,
    site: Site,
}

impl Doors {
    /// The doors that the environment describes.
    pub(in crate::api) fn from_env(config: &aws_config::SdkConfig) -> Result<Arc<Self>, Missing> {
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
    pub(in crate::api) async fn base_url(&self) -> Result<Url, AwsError> {
        self.site.base_url().await
    }

    /// Who comes in, and what they have left.
    async fn admit(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Result<(Credential, Standing), ApiError> {
        let credential = if is_below(path, PROGRAMS) {
            Credential::Key(self.by_key(headers).await?)
        } else {
            Credential::Session(self.by_session(method, headers).await?)
        };
        let standing = self.standing(credential.caller()).await?;
        Ok((credential, standing))
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

    /// The session that the cookie names. Other sites can make a browser send the cookie, but not our `Origin` with it, so
    /// changes are refused without that.
    async fn by_session(&self, method: &Method, headers: &HeaderMap) -> Result<OpenSession, ApiError> {
        if !method.is_safe() {
            self.only_our_page(headers).await?;
        }
        let session = self.open_session(headers).await?;
        session.ok_or_else(ApiError::signed_out)
    }

    /// The session that the cookie opens.
    pub(in crate::api) async fn open_session(
        &self,
        headers: &HeaderMap,
    ) -> Result<Option<OpenSession>, AwsError> {
        match self.session_token(headers).await? {
            Some(token) => self.sessions.open(&token).await,
            None => Ok(None),
        }
    }

    /// Refuses what another site had a browser send, and what no page has sent.
    pub(in crate::api) async fn only_our_page(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
        let ours = self.base_url().await?.origin().ascii_serialization();
        if origin == Some(ours.as_str()) {
            Ok(())
        } else {
            Err(ApiError::foreign_origin())
        }
    }

    /// The token in the session's cookie, whether or not it opens anything.
    async fn session_token(&self, headers: &HeaderMap) -> Result<Option<SessionToken>, AwsError> {
        let cookie = self.session_cookie().await?;
        Ok(cookie_value(headers, cookie.name()).and_then(|value| SessionToken::parse(value).ok()))
    }

    /// The session's cookie on this site.
    pub(in crate::api) async fn session_cookie(&self) -> Result<SessionCookie, AwsError> {
        Ok(SessionCookie::of(&self.base_url().await?))
    }

    /// What the caller has left. Somebody whose account is gone, or is being deleted at this moment, is not let in, whatever
    /// key or session is left of it.
    async fn standing(&self, caller: Caller) -> Result<Standing, ApiError> {
        let standing = self.accounts.standing(caller.user).await?;
        let (allowance, consumption) = standing.ok_or_else(|| caller.account_is_gone())?;
        Ok(Standing {
            allowance,
            consumption,
        })
    }

    /// Counts a request. That it cannot be counted must not cost the caller their answer.
    async fn count(&self, credential: &Credential) {
        let caller = credential.caller();
        let note_use = async {
            match credential {
                Credential::Key(key) => self.keys.note_use(key).await,
                Credential::Session(session) => self.sessions.note_use(session).await,
            }
        };
        let counted = tokio::try_join!(self.usage.count_request(caller.user, caller.key()), note_use);
        if let Err(error) = counted {
            warn!(error = %Chain(&error), "Could not count a request");
        }
    }
}

/// The value of a cookie.
pub(in crate::api) fn cookie_value<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, value)| (name == wanted).then_some(value))
}

/// Whether a path begins with all segments of another.
fn is_below(path: &str, door: &str) -> bool {
    path.strip_prefix(door).is_some_and(|rest| rest.starts_with('/'))
}

/// Lets callers in whom a door knows and who have an account, and nobody else; counts their requests, and tells them what they
/// have left.
pub(in crate::api) async fn admit(
    State(doors): State<Arc<Doors>>,
    mut request: Request,
    next: Next,
) -> Response {
    let admitted = doors
        .admit(request.method(), request.uri().path(), request.headers())
        .await;
    let (credential, standing) = match admitted {
        Ok(admitted) => admitted,
        Err(error) => return error.into_response(),
    };
    let caller = Caller {
        request: request.extensions().get().copied(),
        ..credential.caller()
    };
    telemetry::note_caller(caller.user);
    request.extensions_mut().insert(caller);
    let (mut answer, ()) = tokio::join!(next.run(request), doors.count(&credential));
    if let Credential::Session(_) = credential {
        lead_back_to_the_page(answer.headers_mut());
    }
    // A handler that changed what is left knows it better.
    let told = answer.extensions_mut().remove::<Standing>().unwrap_or(standing);
    told.tell(answer.headers_mut(), clock::now());
    answer
}

/// Handlers, and the answers that are kept to be given again, name addresses of the API as programs know them. A `Location`
/// is there to be followed, so it is told by the door that the caller came in by.
fn lead_back_to_the_page(headers: &mut HeaderMap) {
    let location = headers
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    let of_the_page = location
        .filter(|location| is_below(location, PROGRAMS))
        .and_then(|location| location.strip_prefix(PROGRAMS))
        .and_then(|rest| HeaderValue::try_from(format!("{PAGE}{rest}")).ok());
    if let Some(of_the_page) = of_the_page {
        headers.insert(header::LOCATION, of_the_page);
    }
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
        assert_eq!(cookie_value(&headers, "__Host-session"), None);
        headers.append(
            header::COOKIE,
            "a=b; __Host-session=abc=; c=d".parse().expect("a value"),
        );
        assert_eq!(cookie_value(&headers, "__Host-session"), Some("abc="));
        assert_eq!(cookie_value(&headers, "session"), None);
    }

    #[test]
    fn only_addresses_of_the_api_are_told_by_the_page_s_door() {
        for (told, expected) in [
            ("/api/v1/jobs/job_1", "/api/jobs/job_1"),
            ("/api/v12/jobs", "/api/v12/jobs"),
            ("/api/jobs/job_1", "/api/jobs/job_1"),
            (
                "https://packshot.example.com/images/1/images.zip",
                "https://packshot.example.com/images/1/images.zip",
            ),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::LOCATION, HeaderValue::from_static(told));
            lead_back_to_the_page(&mut headers);
            assert_eq!(headers[header::LOCATION], expected);
        }
    }
}
