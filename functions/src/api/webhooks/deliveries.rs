//! `…/webhook-deliveries`: what was sent to whom, with every attempt, and sending one again.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State as RouterState},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use packshot_clients::{
    clock,
    deliveries::{Attempt, Delivery, DeliveryStatus},
};
use packshot_domain::{
    id::{EventId, UserId},
    request::FieldError,
};
use serde::Serialize;
use tracing::info;
use utoipa::{ToSchema, openapi::Object};

use super::State;
use crate::{
    api::{
        caller::{Generator, Reader},
        problem::{ApiError, Document},
    },
    named_schemas::{event_type, one_of},
};

const DEFAULT_LIMIT: usize = 20;
const MAX_LIMIT: usize = 100;

/// A webhook and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
pub(in crate::api) struct DeliveryView {
    /// The event's id: the `webhook-id` of every attempt.
    #[schema(example = "evt_01h2xcejqtf2nbrexx3vqjhp41")]
    id: String,
    /// Always `webhook_delivery`.
    #[schema(value_type = String, example = "webhook_delivery")]
    object: &'static str,
    /// The event's type.
    #[serde(rename = "type")]
    #[schema(schema_with = event_type)]
    event_type: String,
    /// The job that it is about.
    job_id: String,
    /// Where it goes.
    url: String,
    /// Where it is: `pending`, `delivered`, `gone` (the receiver answered 410), `exhausted` (every attempt failed) or
    /// `skipped` (your account's endpoint was disabled or removed).
    #[schema(schema_with = delivery_status)]
    status: DeliveryStatus,
    /// Every attempt, oldest first; of very many the latest.
    attempts: Vec<AttemptView>,
    /// When the event was first seen to.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
    /// When the next attempt is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_attempt_at: Option<Timestamp>,
}

fn delivery_status() -> Object {
    one_of(
        "Where it is: `pending`, `delivered`, `gone` (the receiver answered 410), `exhausted` (every attempt failed) or `skipped` \
         (your account's endpoint was disabled or removed).",
        ["pending", "delivered", "gone", "exhausted", "skipped"],
    )
}

/// One try to deliver it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookAttempt)]
struct AttemptView {
    /// When it began.
    at: Timestamp,
    /// How long it took.
    milliseconds: u64,
    /// The HTTP status of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Why it was not a success.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    /// The first kilobyte of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.event_id,
            object: "webhook_delivery",
            event_type: delivery.event_type,
            job_id: delivery.job_id,
            url: delivery.url,
            status: delivery.status,
            attempts: delivery.attempts.into_iter().map(AttemptView::from).collect(),
            created_at: delivery.created_at,
            next_attempt_at: delivery.next_attempt_at,
        }
    }
}

impl From<Attempt> for AttemptView {
    fn from(attempt: Attempt) -> Self {
        Self {
            at: attempt.at,
            milliseconds: attempt.milliseconds,
            status: attempt.status,
            problem: attempt.problem,
            answer: attempt.answer,
        }
    }
}

/// Some deliveries, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDeliveryList)]
pub(in crate::api) struct DeliveryList {
    /// Always `list`.
    #[schema(value_type = String, example = "list")]
    object: &'static str,
    data: Vec<DeliveryView>,
    /// Whether there are older ones: ask for those after the last one's id.
    has_more: bool,
}

#[utoipa::path(
    get,
    path = "/api/v1/webhook-deliveries",
    operation_id = "list_webhook_deliveries",
    tag = "Webhooks",
    description = "Lists what was sent to your receivers, newest first. Deliveries are kept for 90 days.",
    params(
        ("limit" = Option<usize>, Query, description = "How many at most.", minimum = 1, maximum = 100),
        ("starting_after" = Option<String>, Query, description = "The id of the last one of the page before."),
    ),
    responses((status = 200, description = "A page of deliveries.", body = DeliveryList))
)]
pub(in crate::api) async fn list(
    RouterState(state): RouterState<Arc<State>>,
    Reader(caller): Reader,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    let (limit, after) = window(&query).map_err(ApiError::invalid_fields)?;
    // One more than asked for tells whether there is more.
    let mut found = state.deliveries.list(caller.user, limit + 1, after).await?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    Ok(Json(DeliveryList {
        object: "list",
        data: found.into_iter().map(DeliveryView::from).collect(),
        has_more,
    })
    .into_response())
}

fn window(query: &[(String, String)]) -> Result<(usize, Option<EventId>), Vec<FieldError>> {
    let (mut limit, mut after, mut errors) = (DEFAULT_LIMIT, None, Vec::new());
    for (name, value) in query {
        let mut refuse = |code, message| errors.push(FieldError::new(name.as_str(), code, message));
        match name.as_str() {
            "limit" => match value.parse() {
                Ok(wanted) if (1..=MAX_LIMIT).contains(&wanted) => limit = wanted,
                _ => refuse("out_of_range", "must be a whole number from 1 to 100"),
            },
            "starting_after" => match value.parse() {
                Ok(id) => after = Some(id),
                Err(_) => refuse("invalid_event_id", "must be the id of a delivery"),
            },
            _ => refuse("unknown_field", "is not a parameter of this request"),
        }
    }
    errors.sort_by(|one, other| one.field.cmp(&other.field));
    if errors.is_empty() {
        Ok((limit, after))
    } else {
        Err(errors)
    }
}

#[utoipa::path(
    get,
    path = "/api/v1/webhook-deliveries/{event_id}",
    operation_id = "show_webhook_delivery",
    tag = "Webhooks",
    description = "Shows a delivery with every attempt.",
    params(("event_id" = String, Path, description = "The delivery's id.")),
    responses((status = 200, description = "The delivery.", body = DeliveryView))
)]
pub(in crate::api) async fn show(
    RouterState(state): RouterState<Arc<State>>,
    Reader(caller): Reader,
    Path(event_id): Path<String>,
) -> Result<Response, ApiError> {
    let (_, delivery) = find(&state, caller.user, &event_id).await?;
    Ok(Json(DeliveryView::from(delivery)).into_response())
}

#[utoipa::path(
    post,
    path = "/api/v1/webhook-deliveries/{event_id}/replay",
    operation_id = "replay_webhook_delivery",
    tag = "Webhooks",
    description = "Sends a webhook once more, under the same `webhook-id` and with a schedule of attempts that begins anew.",
    params(("event_id" = String, Path, description = "The delivery's id.")),
    responses(
        (status = 202, description = "The delivery, which is pending again.", body = DeliveryView),
        (status = 409, description = "It is being delivered already.", body = Document,
            content_type = "application/problem+json"),
    )
)]
pub(in crate::api) async fn replay(
    RouterState(state): RouterState<Arc<State>>,
    Generator(caller): Generator,
    Path(event_id): Path<String>,
) -> Result<Response, ApiError> {
    let (id, delivery) = find(&state, caller.user, &event_id).await?;
    let now = clock::now();
    if delivery.is_under_way(now) {
        return Err(ApiError::delivery_pending());
    }
    let reopened = delivery.reopened(now);
    // Pending first: deliver-webhook passes over a message about a delivery that is settled.
    if !state.deliveries.save(caller.user, id, &reopened).await? {
        return Err(ApiError::delivery_pending());
    }
    state.queue.send(caller.user, &reopened, caller.request).await?;
    info!(event.id = %id, "Replaying a webhook");
    Ok((StatusCode::ACCEPTED, Json(DeliveryView::from(reopened))).into_response())
}

async fn find(state: &State, owner: UserId, event_id: &str) -> Result<(EventId, Delivery), ApiError> {
    let id = event_id.parse().map_err(|_| ApiError::delivery_not_found())?;
    let delivery = state.deliveries.get(owner, id).await?;
    Ok((id, delivery.ok_or_else(ApiError::delivery_not_found)?))
}
