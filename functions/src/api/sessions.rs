//! `/api/me`, `/api/sessions` and `POST /auth/logout`: who is signed in, on which devices, and the end of it, or of the account.

pub(super) mod deletion;
pub(super) mod me;

use std::sync::Arc;

use aws_config::SdkConfig;
use axum::{
    Json, Router,
    extract::{Path, State as RouterState},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use packshot_clients::{
    accounts::Accounts,
    config::Missing,
    queue::DeletionQueue,
    sessions::{ListedSession, Sessions},
};
use packshot_domain::id::SessionId;
use serde::Serialize;
use tracing::info;
use utoipa::ToSchema;

use super::{
    NO_STORE,
    caller::{Caller, Doors, Owner, Via},
    problem::ApiError,
    routes::{self, Serve},
};

/// What this function may use.
#[derive(Debug)]
pub struct State {
    doors: Arc<Doors>,
    accounts: Accounts,
    sessions: Sessions,
    deletions: DeletionQueue,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        let table = super::table(config)?;
        Ok(Self {
            doors: Doors::from_env(config)?,
            accounts: Accounts::new(table.clone()),
            sessions: Sessions::new(table),
            deletions: DeletionQueue::from_env(config)?,
        })
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let doors = Arc::clone(&state.doors);
    let state = Arc::new(state);
    let of_the_page = Router::new()
        .serve(&routes::SHOW_ME, me::show)
        .serve(&routes::DELETE_ME, deletion::begin)
        .serve(&routes::LIST_SESSIONS, list)
        .serve(&routes::END_SESSION, end)
        .serve(&routes::END_ALL_SESSIONS, end_all);
    let open = Router::new().serve(&routes::SIGN_OUT, sign_out);
    let behind = super::behind(doors, of_the_page.with_state(Arc::clone(&state)));
    super::finished(behind.merge(open.with_state(state)))
}

/// A session as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
struct SessionView {
    /// Its id, which opens nothing.
    id: String,
    /// Always `session`.
    #[schema(value_type = String, example = "session")]
    object: &'static str,
    /// In words: "Firefox on Linux".
    #[schema(example = "Firefox on Linux")]
    device: String,
    /// When it began.
    created_at: Timestamp,
    /// When it was last used.
    last_used_at: Timestamp,
    /// When it is over, if it is not used again.
    expires_at: Timestamp,
    /// Whether it is the one that asks.
    current: bool,
}

impl SessionView {
    fn of(session: ListedSession, caller: Caller) -> Self {
        Self {
            id: session.id.to_string(),
            object: "session",
            device: session.device,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
            current: is_current(session.id, caller),
        }
    }
}

fn is_current(id: SessionId, caller: Caller) -> bool {
    matches!(caller.via, Via::Session(current) if current == id)
}

/// Where somebody is signed in.
#[derive(Debug, Serialize, ToSchema)]
struct SessionList {
    /// Always `list`.
    #[schema(value_type = String, example = "list")]
    object: &'static str,
    data: Vec<SessionView>,
}

#[utoipa::path(
    get,
    path = "/api/sessions",
    operation_id = "list_sessions",
    tag = "Account",
    description = "Lists where you are signed in.",
    responses((status = 200, description = "Your sessions.", body = SessionList))
)]
pub(super) async fn list(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
) -> Result<Response, ApiError> {
    let sessions = state.sessions.list(caller.user).await?.into_iter();
    let view = SessionList {
        object: "list",
        data: sessions.map(|session| SessionView::of(session, caller)).collect(),
    };
    Ok(([NO_STORE], Json(view)).into_response())
}

/// Ends one session, on whichever device it is.
#[utoipa::path(
    delete,
    path = "/api/sessions/{session_id}",
    operation_id = "end_session",
    tag = "Account",
    summary = "End session",
    description = "Signs out on one device.",
    params(("session_id" = String, Path, description = "The session's id.")),
    responses((status = 204, description = "It is over."))
)]
pub(super) async fn end(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
    Path(session_id): Path<String>,
) -> Result<Response, ApiError> {
    let id = session_id.parse().map_err(|_| ApiError::session_not_found())?;
    if !state.sessions.end(caller.user, id).await? {
        return Err(ApiError::session_not_found());
    }
    info!(session.id = %id, "Ended a session");
    if is_current(id, caller) {
        signed_out(&state).await
    } else {
        Ok(StatusCode::NO_CONTENT.into_response())
    }
}

/// Signs out everywhere, here too: whoever asks for it does not trust a device, and may not know which.
#[utoipa::path(
    post,
    path = "/api/sessions/revoke-all",
    operation_id = "end_all_sessions",
    tag = "Account",
    summary = "End all sessions",
    description = "Signs out everywhere, here too.",
    responses((status = 204, description = "All are over."))
)]
pub(super) async fn end_all(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
) -> Result<Response, ApiError> {
    state.sessions.end_all(caller.user).await?;
    info!("Ended all sessions of a user");
    signed_out(&state).await
}

/// Ends the session of the cookie, if there is one, and removes the cookie in any case: doing it twice is doing it once.
async fn sign_out(
    RouterState(state): RouterState<Arc<State>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    state.doors.only_our_page(&headers).await?;
    if let Some(session) = state.doors.open_session(&headers).await? {
        state.sessions.end(session.user, session.id).await?;
        info!(session.id = %session.id, "Signed out");
    }
    signed_out(&state).await
}

async fn signed_out(state: &State) -> Result<Response, ApiError> {
    Ok((StatusCode::NO_CONTENT, [cleared_cookie(state).await?]).into_response())
}

async fn cleared_cookie(state: &State) -> Result<(HeaderName, String), ApiError> {
    let cookie = state.doors.session_cookie().await?;
    Ok((header::SET_COOKIE, cookie.clear()))
}
