//! `/api/keys`: a person's API keys, managed on the page.

mod view;

use std::{sync::Arc, time::Duration};

use aws_config::SdkConfig;
use axum::{
    Json, Router,
    extract::{Path, Query, Request, State as RouterState},
    http::StatusCode,
    response::{IntoResponse, Response},
};
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
    id::{KeyId, UserId},
    request::{FieldError, key},
};
use tracing::info;

use self::view::{KeyList, KeyView};
use super::{
    body,
    caller::{Doors, Owner},
    openapi::{KeyBody, OverlapBody},
    problem::{ApiError, Document},
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

#[utoipa::path(
    get,
    path = "/api/keys",
    operation_id = "list_keys",
    tag = "Keys",
    description = "Lists your API keys, those that have ended too.",
    responses((status = 200, description = "Your keys.", body = KeyList))
)]
pub(super) async fn list(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
) -> Result<Response, ApiError> {
    let keys = state.keys.list(caller.user).await?;
    let now = clock::now();
    Ok(Json(KeyList::of(keys, now)).into_response())
}

#[utoipa::path(
    post,
    path = "/api/keys",
    operation_id = "create_key",
    tag = "Keys",
    description = "Creates an API key. The answer has the key itself, this once.",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Makes this request, sent twice, one request for 24 hours."),
    ),
    request_body = KeyBody,
    responses(
        (status = 201, description = "The key.", body = KeyView, headers(
            ("Idempotent-Replayed" = Option<bool>, description = "`true` where this is the first answer again."),
        )),
        (status = 409, description = "There are too many keys, or the same request is being worked on.", body = Document,
            content_type = "application/problem+json"),
    )
)]
pub(super) async fn create(
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
    let shown = kept.clone().showing(&issued.key);
    Ok(Done {
        shown: repetition::answer(StatusCode::CREATED, &shown)?,
        kept: repetition::answer(StatusCode::CREATED, &kept)?,
    })
}

#[utoipa::path(
    delete,
    path = "/api/keys/{key_id}",
    operation_id = "revoke_key",
    tag = "Keys",
    description = "Ends an API key at once.",
    params(("key_id" = String, Path, description = "The key's id.")),
    responses(
        (status = 200, description = "The key, revoked.", body = KeyView),
        (status = 409, description = "It has ended already.", body = Document, content_type = "application/problem+json"),
    )
)]
pub(super) async fn revoke(
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
#[utoipa::path(
    post,
    path = "/api/keys/{key_id}/roll",
    operation_id = "roll_key",
    tag = "Keys",
    summary = "Roll key",
    description = "Creates an API key like an old one, which goes on working for a while. The answer has the new key itself, \
        this once.",
    params(
        ("key_id" = String, Path, description = "The old key's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes this request, sent twice, one request for 24 hours."),
    ),
    request_body = OverlapBody,
    responses(
        (status = 201, description = "The new key.", body = KeyView, headers(
            ("Idempotent-Replayed" = Option<bool>, description = "`true` where this is the first answer again."),
        )),
        (status = 409, description = "The old key has ended, or the same request is being worked on.", body = Document,
            content_type = "application/problem+json"),
    )
)]
pub(super) async fn roll(
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

#[utoipa::path(
    get,
    path = "/api/keys/{key_id}/usage",
    operation_id = "show_key_usage",
    tag = "Keys",
    description = "Shows what was used with one API key, per day, oldest first.",
    params(
        ("key_id" = String, Path, description = "The key's id."),
        ("since" = Option<String>, Query, description = "The first day; 30 days ago where it is not said.", format = Date),
    ),
    responses((status = 200, description = "Days of usage.", body = UsageList))
)]
pub(super) async fn show_usage(
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
