//! `GET /auth/google/callback`: back from Google.

use std::sync::Arc;

use axum::{
    extract::{Query, State as RouterState},
    http::{HeaderMap, header},
    response::Response,
};
use packshot_clients::{
    clock,
    error::AwsError,
    google::{IdTokenError, Tokens},
    sessions::NewSession,
};
use packshot_domain::{
    id::UserId,
    limits::Plan,
    session::{SessionCookie, SessionToken, device},
    sign_in::{Attempt, AttemptCookie, BrowserSecret, Identity, NextPath, NotOurAttempt, Purpose},
    user::User,
    webhook::Secret,
};
use tracing::info;
use url::Url;

use super::{
    Sender, State, callback_of,
    connect_drive::{self, Consent},
    outcome::{Failed, Way},
    parameter, secret,
};
use crate::api::problem::ApiError;

/// The longest code that is sent on to Google, in bytes.
const LONGEST_CODE: usize = 1024;

/// What came back, and the attempt that it answers.
struct Return<'r> {
    site: &'r Url,
    headers: &'r HeaderMap,
    query: &'r [(String, String)],
    secret: &'r BrowserSecret,
    attempt: &'r Attempt,
}

pub(super) async fn come_back(
    RouterState(state): RouterState<Arc<State>>,
    Query(query): Query<Vec<(String, String)>>,
    sender: Sender,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let site = state.doors.base_url().await?;
    let way = match attempt(&site, &headers, &query) {
        Err(failed) => failed.way(&NextPath::default()),
        Ok((secret, attempt)) => {
            let returned = Return {
                site: &site,
                headers: &headers,
                query: &query,
                secret: &secret,
                attempt: &attempt,
            };
            match finish(&state, &sender, &returned).await {
                // The browser keeps its secret until it is too old: another tab may still be on its way.
                Ok(way) => way,
                Err(failed) => failed.way_of(&attempt),
            }
        }
    };
    Ok(way.answer())
}

/// The attempt that an answer belongs to. Nothing is looked up for an answer that is not this browser's.
fn attempt(
    site: &Url,
    headers: &HeaderMap,
    query: &[(String, String)],
) -> Result<(BrowserSecret, Attempt), Failed> {
    let secret = secret(headers, AttemptCookie::of(site)).ok_or(NotOurAttempt::Foreign)?;
    let sealed = parameter(query, "state").ok_or(NotOurAttempt::Foreign)?;
    let attempt = secret.open(sealed, clock::now())?;
    Ok((secret, attempt))
}

async fn finish(state: &State, sender: &Sender, returned: &Return<'_>) -> Result<Way, Failed> {
    state.count(&sender.0).await?;
    if let Purpose::ConnectDrive { user, .. } = returned.attempt.purpose {
        // A grant that nobody here would have is not taken from Google.
        connect_drive::must_be_signed_in(state, returned.headers, user).await?;
    }
    let (tokens, identity) = exchange(state, returned).await?;
    match returned.attempt.purpose {
        Purpose::SignIn => sign_in(state, returned, &identity).await,
        Purpose::ConnectDrive { user, save } => {
            let consent = Consent {
                user,
                save,
                identity,
                tokens,
            };
            connect_drive::keep(state, consent).await?;
            Ok(Way::to(returned.attempt.next.as_str()))
        }
    }
}

/// Exchanges the code, and learns whose it is.
async fn exchange(state: &State, returned: &Return<'_>) -> Result<(Tokens, Identity), Failed> {
    if parameter(returned.query, "error").is_some() {
        // Whatever the code, they came back without a yes; `access_denied` is the one that people cause.
        return Err(Failed::Denied);
    }
    // Who answers says so, where it says anything (RFC 9207).
    if parameter(returned.query, "iss").is_some_and(|issuer| !state.oauth.is_issuer(issuer)) {
        return Err(NotOurAttempt::Foreign.into());
    }
    let code = parameter(returned.query, "code")
        .filter(|code| !code.is_empty() && code.len() <= LONGEST_CODE)
        .ok_or(NotOurAttempt::Foreign)?;
    let verifier = returned.secret.code_verifier(returned.attempt);
    let tokens = state
        .oauth
        .exchange(code, &verifier, &callback_of(returned.site)?)
        .await?;
    let nonce = returned.secret.nonce(returned.attempt);
    let id_token = tokens
        .id_token
        .as_ref()
        .ok_or_else(|| Failed::NotBelieved(IdTokenError::missing()))?;
    let identity = state.id_tokens.verify(&state.oauth, id_token, &nonce).await?;
    Ok((tokens, identity))
}

/// Begins a session of whoever it is. A session that the browser had before ends, whoever's it was: what may have been planted
/// or seen before the sign-in opens nothing after it.
async fn sign_in(state: &State, returned: &Return<'_>, identity: &Identity) -> Result<Way, Failed> {
    let signed_in = state.accounts.sign_in(identity, || new_user(identity)).await?;
    end_earlier(state, returned.headers).await?;
    let token = SessionToken::from_random(rand::random());
    let new = NewSession {
        user: signed_in.user,
        device: device(user_agent(returned.headers)),
        began_at: clock::now(),
    };
    let id = state.sessions.begin(&token.hash(), new).await?;
    info!(session.id = %id, is_new = signed_in.is_new, "Signed in");
    let cookie = SessionCookie::of(returned.site).set(&token);
    Ok(Way::to(returned.attempt.next.as_str()).with_cookie(cookie))
}

fn new_user(identity: &Identity) -> User {
    User::new(
        UserId::from_uuid(clock::new_uuid()),
        identity.email.clone(),
        Plan::default(),
        Secret::from_random(rand::random()),
    )
}

async fn end_earlier(state: &State, headers: &HeaderMap) -> Result<(), AwsError> {
    if let Some(session) = state.doors.open_session(headers).await? {
        state.sessions.end(session.user, session.id).await?;
    }
    Ok(())
}

fn user_agent(headers: &HeaderMap) -> &str {
    headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
