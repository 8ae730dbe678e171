//! `POST …/webhook-deliveries/replay`: sends again what did not arrive, as after an outage.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State as RouterState},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use packshot_clients::{clock, deliveries::Delivery};
use packshot_domain::request::webhook;
use serde::Serialize;
use tracing::info;
use utoipa::ToSchema;

use super::State;
use crate::api::{
    body,
    caller::{Caller, Generator},
    openapi::ReplayBody,
    problem::ApiError,
};

/// The most of one call: each is a write and a message, and the caller waits for all.
const MOST_AT_ONCE: usize = 100;

/// How many are sent side by side.
const SIDE_BY_SIDE: usize = 10;

/// What a replay has done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookReplay)]
pub(in crate::api) struct ReplayView {
    /// Always `webhook_replay`.
    #[schema(value_type = String, example = "webhook_replay")]
    object: &'static str,
    /// How many deliveries are under way again.
    #[schema(example = 12)]
    replayed: usize,
    /// Whether there are more of them: send the same request again.
    has_more: bool,
}

#[utoipa::path(
    post,
    path = "/api/v1/webhook-deliveries/replay",
    operation_id = "replay_failed_webhook_deliveries",
    tag = "Webhooks",
    description = "Sends again, oldest first, what did not arrive between two moments and will not be tried again by \
        itself: deliveries that are `exhausted` or `skipped`, and pending ones whose attempt is long overdue. Each keeps \
        its `webhook-id` and begins a new schedule of attempts. At most 100 in one call. Repeating the request is safe: \
        what is under way is not sent twice.",
    request_body(content((ReplayBody = "application/json"))),
    responses((status = 202, description = "What is under way again.", body = ReplayView))
)]
pub(in crate::api) async fn replay_failed(
    RouterState(state): RouterState<Arc<State>>,
    Generator(caller): Generator,
    request: Request,
) -> Result<Response, ApiError> {
    let body = body::read_json(request).await?;
    let span = webhook::parse_replay(&body.fields).map_err(ApiError::invalid_fields)?;
    let until = span.until.unwrap_or_else(clock::now);
    // One more than is sent tells whether there is more.
    let mut failed = state
        .deliveries
        .failed_between(caller.user, span.since, until, MOST_AT_ONCE + 1)
        .await?;
    let has_more = failed.len() > MOST_AT_ONCE;
    failed.truncate(MOST_AT_ONCE);
    let sent: Vec<bool> = stream::iter(failed)
        .map(|delivery| reopen(&state, caller, delivery))
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    let replayed = sent.into_iter().filter(|sent| *sent).count();
    info!(replayed, has_more, "Replaying failed webhooks");
    let view = ReplayView {
        object: "webhook_replay",
        replayed,
        has_more,
    };
    Ok((StatusCode::ACCEPTED, Json(view)).into_response())
}

/// Sends one again; `false` where another request has done that meanwhile.
async fn reopen(state: &State, caller: Caller, delivery: Delivery) -> Result<bool, ApiError> {
    let id = delivery.event_id.parse().map_err(ApiError::bug)?;
    let reopened = delivery.reopened(clock::now());
    // Pending first, as in the replay of one. Where the message is lost after that, the delivery is overdue a quarter of
    // an hour later, and can be replayed again.
    if !state.deliveries.save(caller.user, id, &reopened).await? {
        return Ok(false);
    }
    state.queue.send(caller.user, &reopened, caller.request).await?;
    Ok(true)
}
