//! `/api/webhooks/secret`: what webhooks are signed with, shown once and changed on the page.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State as RouterState},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use packshot_clients::clock;
use packshot_domain::{
    request::webhook,
    webhook::{SECRET_BYTES, Secret, SigningSecrets, TooManySecrets},
};
use serde::Serialize;
use tracing::info;
use utoipa::ToSchema;

use super::State;
use crate::api::{
    body,
    caller::Owner,
    openapi::OverlapBody,
    problem::{ApiError, Document},
};

/// The secret as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookSecret)]
struct SecretView {
    /// Always `webhook_secret`.
    #[schema(value_type = String, example = "webhook_secret")]
    object: &'static str,
    /// How it ends.
    last_four: String,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
    /// When it was shown; nobody has seen it where this is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    revealed_at: Option<Timestamp>,
    /// The secret itself: only in the answer that shows it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// Older ones that go on signing until their end.
    ending: Vec<EndingView>,
}

/// An older secret that goes on signing for a while.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EndingSecret)]
struct EndingView {
    /// How it ends.
    last_four: String,
    /// Until when it signs.
    ends_at: Timestamp,
}

/// Shows the secret the first time, and after that only which it is.
///
/// It is noted as shown before it is: an answer that is lost costs a rotation, but nobody who asks later sees it.
#[utoipa::path(
    get,
    path = "/api/webhooks/secret",
    operation_id = "show_webhook_secret",
    tag = "Webhooks",
    summary = "Show webhook secret",
    description = "Shows what your webhooks are signed with: the secret itself the first time, and after that only which it is.",
    responses((status = 200, description = "The secret.", body = SecretView))
)]
pub(in crate::api) async fn show(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
) -> Result<Response, ApiError> {
    let now = clock::now();
    let mut is_first = false;
    let decide = |secrets: &SigningSecrets| {
        let revealed = secrets.revealed(now);
        is_first = revealed.is_some();
        Ok::<_, ApiError>(revealed)
    };
    let secrets = state.accounts.change_secrets(caller.user, decide).await?;
    let secrets = secrets.ok_or_else(ApiError::signed_out)?;
    if is_first {
        info!("Revealed a webhook secret");
    }
    answer(&secrets, is_first, now)
}

/// A new secret; the old ones go on signing for as long as was told.
#[utoipa::path(
    put,
    path = "/api/webhooks/secret",
    operation_id = "rotate_webhook_secret",
    tag = "Webhooks",
    summary = "Rotate webhook secret",
    description = "Makes a new secret and shows it, this once. Old ones sign along until their end.",
    request_body = OverlapBody,
    responses(
        (status = 200, description = "The new secret.", body = SecretView),
        (status = 409, description = "Too many secrets are in use.", body = Document, content_type = "application/problem+json"),
    )
)]
pub(in crate::api) async fn rotate(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
    request: Request,
) -> Result<Response, ApiError> {
    let body = body::read_json(request).await?;
    let overlap = webhook::parse_rotation(&body.fields).map_err(ApiError::invalid_fields)?;
    let now = clock::now();
    let new = Secret::from_random(rand::random::<[u8; SECRET_BYTES]>());
    let decide = |secrets: &SigningSecrets| {
        secrets
            .rotated(new.clone(), overlap, now)
            .map(Some)
            .map_err(|TooManySecrets| ApiError::too_many_secrets())
    };
    let secrets = state.accounts.change_secrets(caller.user, decide).await?;
    let secrets = secrets.ok_or_else(ApiError::signed_out)?;
    info!(
        overlap_hours = overlap.as_secs() / 3600,
        "Rotated a webhook secret"
    );
    answer(&secrets, true, now)
}

/// An account without a secret was written by hand.
#[derive(Debug, thiserror::Error)]
#[error("the account has no webhook secret")]
struct NoSecret;

/// No cache may keep what is shown once.
fn answer(secrets: &SigningSecrets, is_shown: bool, now: Timestamp) -> Result<Response, ApiError> {
    let current = secrets.current().ok_or_else(|| ApiError::bug(NoSecret))?;
    let ending = secrets.ending(now).map(|(old, ends_at)| EndingView {
        last_four: old.secret.last_four().to_owned(),
        ends_at,
    });
    let view = SecretView {
        object: "webhook_secret",
        last_four: current.secret.last_four().to_owned(),
        created_at: current.created_at,
        revealed_at: current.revealed_at,
        secret: is_shown.then(|| current.secret.reveal().to_owned()),
        ending: ending.collect(),
    };
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(([no_store], Json(view)).into_response())
}
