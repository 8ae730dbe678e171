//! `/auth/google/…`: to Google and back. These are the addresses that a browser is led through, so they answer with where to
//! go next, also where something is wrong: then to the page that says so.

mod callback;
mod connect_drive;
mod outcome;

use std::{convert::Infallible, sync::Arc};

use aws_config::SdkConfig;
use axum::{
    Router,
    extract::{FromRequestParts, Query, State as RouterState},
    http::{HeaderMap, request::Parts},
    response::Response,
};
use lambda_http::{RequestExt, request::RequestContext};
use packshot_clients::{
    accounts::Accounts,
    clock,
    config::{self, Missing, env},
    drive_grants::DriveGrants,
    google::{AuthorizationRequest, GoogleOauth, IdTokens},
    pace::Pace,
    sealing::Sealing,
    sessions::Sessions,
};
use packshot_domain::{
    client_address::ClientAddress,
    drive::DriveScope,
    sign_in::{Attempt, AttemptCookie, BrowserSecret, NextPath, Purpose},
};
use url::Url;

use self::outcome::{Failed, Way};
use super::{
    caller::{self, Doors},
    problem::ApiError,
    routes::{self, Serve},
};

/// Where Google sends browsers back to; registered there for our client.
const CALLBACK: &str = "/auth/google/callback";

/// What we ask Google for to know who somebody is.
const SIGN_IN_SCOPES: [&str; 2] = ["openid", "email"];

/// How often one network may come and go in a minute, there and back counted each: an office has many people.
const STEPS_PER_MINUTE: u32 = 60;

/// What this function may use.
#[derive(Debug)]
pub struct State {
    doors: Arc<Doors>,
    accounts: Accounts,
    sessions: Sessions,
    oauth: Arc<GoogleOauth>,
    grants: DriveGrants,
    drive_scope: DriveScope,
    id_tokens: IdTokens,
    pace: Pace,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        let table = super::table(config)?;
        let oauth = Arc::new(GoogleOauth::from_env(config)?);
        let sealing = Sealing::from_env(config)?;
        Ok(Self {
            doors: Doors::from_env(config)?,
            accounts: Accounts::new(table.clone()),
            sessions: Sessions::new(table.clone()),
            grants: DriveGrants::new(table.clone(), sealing, Arc::clone(&oauth)),
            drive_scope: config::require_parsed(env::DRIVE_SCOPE)?,
            oauth,
            id_tokens: IdTokens::default(),
            pace: Pace::new(table, "sign-in", STEPS_PER_MINUTE),
        })
    }

    /// Counts a step of somebody whom we do not know yet.
    async fn count(&self, address: &ClientAddress) -> Result<(), Failed> {
        match self.pace.take_from_address(address).await? {
            None => Ok(()),
            Some(_) => Err(Failed::TooOften),
        }
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let open = Router::new()
        .serve(&routes::SIGN_IN, sign_in)
        .serve(&routes::CONNECT_DRIVE, connect_drive::lead)
        .serve(&routes::COME_BACK, callback::come_back);
    super::finished(open.with_state(Arc::new(state)))
}

/// `GET /auth/google/login?next=`: leads to Google.
async fn sign_in(
    RouterState(state): RouterState<Arc<State>>,
    Query(query): Query<Vec<(String, String)>>,
    sender: Sender,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let site = state.doors.base_url().await?;
    let next = parameter(&query, "next")
        .and_then(NextPath::parse)
        .unwrap_or_default();
    let asked = Asked {
        purpose: Purpose::SignIn,
        next: &next,
        scopes: &SIGN_IN_SCOPES,
        login_hint: None,
    };
    let way = begin(&state, &site, &sender, &headers, &asked).await;
    Ok(way.unwrap_or_else(|failed| failed.way(&next)).answer())
}

/// What a browser is sent to Google for.
struct Asked<'a> {
    purpose: Purpose,
    next: &'a NextPath,
    scopes: &'a [&'a str],
    login_hint: Option<&'a str>,
}

/// Begins an attempt and leads to Google with it. A browser that is on its way already keeps its secret, so that two tabs do not
/// get into each other's way.
async fn begin(
    state: &State,
    site: &Url,
    sender: &Sender,
    headers: &HeaderMap,
    asked: &Asked<'_>,
) -> Result<Way, Failed> {
    state.count(&sender.0).await?;
    let cookie = AttemptCookie::of(site);
    let secret = secret(headers, cookie).unwrap_or_else(|| BrowserSecret::from_random(rand::random()));
    let attempt = Attempt::new(rand::random(), asked.purpose, asked.next.clone(), clock::now());
    let url = state
        .oauth
        .authorization_url(&AuthorizationRequest {
            redirect_uri: &callback_of(site)?,
            scopes: asked.scopes,
            state: &secret.seal(&attempt),
            nonce: &secret.nonce(&attempt),
            code_challenge: &secret.code_challenge(&attempt),
            login_hint: asked.login_hint,
            is_offline: asked.purpose != Purpose::SignIn,
        })
        .await?;
    Ok(Way::to(url.as_str()).with_cookie(cookie.set(&secret)))
}

fn callback_of(site: &Url) -> Result<Url, Failed> {
    site.join(CALLBACK).map_err(|_| Failed::NotPossible)
}

/// The secret of a browser that is on its way.
fn secret(headers: &HeaderMap, cookie: AttemptCookie) -> Option<BrowserSecret> {
    caller::cookie_value(headers, cookie.name()).and_then(BrowserSecret::parse)
}

/// The value of a parameter that is there once: two make it a matter of taste which is meant.
fn parameter<'q>(query: &'q [(String, String)], name: &str) -> Option<&'q str> {
    let mut values = query.iter().filter(|(other, _)| other == name);
    match (values.next(), values.next()) {
        (Some((_, value)), None) => Some(value),
        _ => None,
    }
}

/// Where a request comes from.
#[derive(Debug)]
struct Sender(ClientAddress);

impl<S: Sync> FromRequestParts<S> for Sender {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let source = match parts.request_context_ref() {
            Some(RequestContext::ApiGatewayV1(context)) => context.identity.source_ip.clone(),
            _ => None,
        };
        let forwarded_for = parts
            .headers
            .get("x-forwarded-for")
            .and_then(|value| value.to_str().ok());
        Ok(Self(ClientAddress::of(forwarded_for, source.as_deref())))
    }
}
