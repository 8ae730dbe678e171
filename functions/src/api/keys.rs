//! `/api/keys`: a person's API keys, managed on the page.

use std::{sync::Arc, time::Duration};

use aws_config::SdkConfig;
use axum::{
    Json, Router,
    extract::{Path, Query, Request, State as RouterState},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use packshot_clients::{
    accounts::Accounts,
    clock,
    config::Missing,
    idempotency::Idempotency,
    keys::{ApiKeys, KeyError, KeyIssuer, KeyState, ListedKey, NewKey},
    parameters::UsagePlans,
    usage::Usage,
};
use packshot_domain::{
    api_key,
    id::{KeyId, UserId},
    request::{FieldError, key},
    scope::Scope,
};
use serde::Serialize;
use tracing::info;

use super::{
    body,
    caller::{Doors, Owner},
    problem::ApiError,
    repetition::{self, Done},
    routes::{self, Serve},
    usage::{self, UsageList},
};

/// What this function may use.
#[derive(Debug)]
pub struct State {
    doors: Arc<Doors>,
    accounts: Accounts,
    keys: ApiKeys,
    issuer: KeyIssuer,
    idempotency: Idempotency,
    usage: Usage,
    usage_plans: UsagePlans,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        let table = super::table(config)?;
        Ok(Self {
            doors: Doors::from_env(config)?,
            accounts: Accounts::new(table.clone()),
            keys: ApiKeys::new(table.clone()),
            issuer: KeyIssuer::new(config, table.clone()),
            idempotency: Idempotency::new(table.clone()),
            usage: Usage::new(table),
            usage_plans: UsagePlans::from_env(config)?,
        })
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let doors = Arc::clone(&state.doors);
    let routes = Router::new()
        .serve(&routes::LIST_KEYS, list)
        .serve(&routes::CREATE_KEY, create)
        .serve(&routes::REVOKE_KEY, revoke)
        .serve(&routes::ROLL_KEY, roll)
        .serve(&routes::SHOW_KEY_USAGE, show_usage);
    super::serve(routes.with_state(Arc::new(state)), doors)
}

/// A key as its owner sees it.
#[derive(Debug, Clone, Serialize)]
struct KeyView {
    id: String,
    object: &'static str,
    name: String,
    prefix: &'static str,
    last_four: String,
    scopes: Vec<&'static str>,
    status: &'static str,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
    /// The key itself: only in the answer that creates it.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl KeyView {
    fn of(key: ListedKey, now: Timestamp) -> Self {
        let is_over = key.valid_until.is_some_and(|end| end <= now);
        Self {
            id: key.id.to_string(),
            object: "api_key",
            name: key.name,
            prefix: api_key::PREFIX,
            last_four: key.last_four,
            scopes: key.scopes.iter().map(Scope::as_str).collect(),
            status: match key.state {
                _ if key.revoked_at.is_some() => "revoked",
                KeyState::Issuing | KeyState::Active if !is_over => "active",
                _ => "expired",
            },
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            expires_at: key.valid_until.filter(|_| key.revoked_at.is_none()),
            revoked_at: key.revoked_at,
            key: None,
        }
    }
}

#[derive(Debug, Serialize)]
struct KeyList {
    object: &'static str,
    data: Vec<KeyView>,
}

async fn list(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
) -> Result<Response, ApiError> {
    let keys = state.keys.list(caller.user).await?;
    let now = clock::now();
    Ok(Json(KeyList {
        object: "list",
        data: keys.into_iter().map(|key| KeyView::of(key, now)).collect(),
    })
    .into_response())
}

async fn create(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
    request: Request,
) -> Result<Response, ApiError> {
    let headers = request.headers().clone();
    let body = body::read_json(request).await?;
    let wanted = key::parse(&body.fields, clock::now()).map_err(ApiError::invalid_fields)?;
    let new = NewKey {
        name: wanted.name,
        scopes: wanted.scopes,
        valid_until: wanted.expires_at,
    };
    let named = repetition::named(&headers, caller.user, || body.fingerprint("POST /keys"))?;
    repetition::once(&state.idempotency, named, issue_another(&state, caller.user, new)).await
}

async fn issue_another(state: &State, user: UserId, new: NewKey) -> Result<Done, ApiError> {
    let now = clock::now();
    let is_valid =
        |key: &ListedKey| key.state == KeyState::Active && key.valid_until.is_none_or(|end| now < end);
    let keys = state.keys.list(user).await?;
    if keys.iter().filter(|key| is_valid(key)).count() >= key::MAX_KEYS {
        return Err(ApiError::too_many_keys());
    }
    issue(state, user, new).await
}

/// Issues a key. Its answer shows the secret; what is kept of it does not.
async fn issue(state: &State, user: UserId, new: NewKey) -> Result<Done, ApiError> {
    let account = state.accounts.get(user).await?;
    let plan = account.ok_or_else(ApiError::signed_out)?.plan;
    let usage_plan_id = state.usage_plans.id_of(plan).await?;
    let issued = state.issuer.issue(user, new, &usage_plan_id).await?;
    info!(key.id = %issued.listed.id, "Issued a key");
    let kept = KeyView::of(issued.listed, clock::now());
    let shown = KeyView {
        key: Some(issued.key.reveal().to_owned()),
        ..kept.clone()
    };
    Ok(Done {
        shown: repetition::answer(StatusCode::CREATED, &shown)?,
        kept: repetition::answer(StatusCode::CREATED, &kept)?,
    })
}

async fn revoke(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
    Path(key_id): Path<String>,
) -> Result<Response, ApiError> {
    let id: KeyId = key_id.parse().map_err(|_| ApiError::key_not_found())?;
    let ended = state.issuer.end(caller.user, id, clock::now()).await;
    let key = ended.map_err(not_ended)?;
    info!(key.id = %id, "Revoked a key");
    Ok(Json(KeyView::of(key, clock::now())).into_response())
}

/// A new key like the old one, which goes on working for as long as it was told.
async fn roll(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
    Path(key_id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    let id: KeyId = key_id.parse().map_err(|_| ApiError::key_not_found())?;
    let headers = request.headers().clone();
    let body = body::read_json(request).await?;
    let overlap = key::parse_roll(&body.fields).map_err(ApiError::invalid_fields)?;
    let named = repetition::named(&headers, caller.user, || {
        body.fingerprint(&format!("POST /keys/{id}/roll"))
    })?;
    repetition::once(
        &state.idempotency,
        named,
        replace(&state, caller.user, id, overlap),
    )
    .await
}

async fn replace(state: &State, user: UserId, id: KeyId, overlap: Duration) -> Result<Done, ApiError> {
    let old = state.issuer.get(user, id).await?;
    let old = old.ok_or_else(ApiError::key_not_found)?;
    let now = clock::now();
    let end = now.saturating_add(overlap).unwrap_or(now);
    // The old one first: a roll that ends half-way must not leave two keys that work for good.
    state.issuer.end(user, id, end).await.map_err(not_ended)?;
    let new = NewKey {
        name: old.name,
        scopes: old.scopes,
        valid_until: None,
    };
    issue(state, user, new).await
}

fn not_ended(error: KeyError) -> ApiError {
    match error {
        KeyError::NotFound(_) => ApiError::key_not_found(),
        KeyError::Ended(_) => ApiError::key_ended(),
        KeyError::Contended(_) => ApiError::unavailable(error.into()),
        KeyError::Aws(error) => error.into(),
    }
}

async fn show_usage(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
    Path(key_id): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    let id: KeyId = key_id.parse().map_err(|_| ApiError::key_not_found())?;
    let since = usage::since(&query).map_err(|error: FieldError| ApiError::invalid_fields(vec![error]))?;
    let key = state.issuer.get(caller.user, id).await?;
    key.ok_or_else(ApiError::key_not_found)?;
    let days = state.usage.days(caller.user, since).await?;
    Ok(Json(UsageList::of(days.into_iter().filter(|day| day.key == Some(id)))).into_response())
}
