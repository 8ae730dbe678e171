//! `…/webhook-endpoint`: the one receiver of the account.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State as RouterState},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use packshot_clients::{accounts::EndpointChange, clock};
use packshot_domain::{
    request::webhook::{self, EndpointRequest},
    webhook::{Check, Endpoint, EventType},
};
use serde::Serialize;
use tracing::info;
use utoipa::{ToSchema, openapi::Object};

use super::{State, findings::FindingView, trial};
use crate::{
    api::{
        body,
        caller::{Generator, Reader},
        openapi::EndpointBody,
        problem::{ApiError, Document},
    },
    named_schemas::{disabled_reason, event_types, one_of},
    webhook_body,
};

/// The receiver of every job that names none of its own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookEndpoint)]
pub(in crate::api) struct EndpointView {
    /// Always `webhook_endpoint`.
    #[schema(value_type = String, example = "webhook_endpoint")]
    object: &'static str,
    /// Where events go.
    #[schema(example = "https://shop.example/packshot")]
    url: String,
    /// Which events.
    #[schema(schema_with = event_types)]
    events: Vec<&'static str>,
    /// `enabled`, or `disabled`: then events are kept as `skipped` deliveries, which can be replayed.
    #[schema(schema_with = endpoint_status)]
    status: &'static str,
    /// Why: `failing` where an event was tried for two days in which nothing arrived, `gone` where the answer was 410.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = disabled_reason)]
    disabled_reason: Option<&'static str>,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_at: Option<Timestamp>,
    /// The first failed attempt since something last arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<Timestamp>,
    /// When you first set it.
    created_at: Timestamp,
    /// What was found when it was last saved.
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<CheckView>,
}

/// The states of [`EndpointView::from`].
fn endpoint_status() -> Object {
    one_of(
        "`enabled`, or `disabled`: then events are kept as `skipped` deliveries, which can be replayed.",
        ["enabled", "disabled"],
    )
}

/// What was found when a test event was posted to an address.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookCheck)]
struct CheckView {
    /// When.
    at: Timestamp,
    /// Whether an event would have arrived.
    ok: bool,
    /// How long the answer took.
    #[serde(skip_serializing_if = "Option::is_none")]
    milliseconds: Option<u64>,
    /// The HTTP status of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// What is not as it should be.
    findings: Vec<FindingView>,
}

impl From<&Endpoint> for EndpointView {
    fn from(endpoint: &Endpoint) -> Self {
        let disabled = endpoint.disabled;
        Self {
            object: "webhook_endpoint",
            url: endpoint.url.to_string(),
            events: endpoint
                .events
                .types()
                .iter()
                .copied()
                .map(EventType::as_str)
                .collect(),
            status: if disabled.is_some() { "disabled" } else { "enabled" },
            disabled_reason: disabled.map(|disabled| disabled.reason.as_str()),
            disabled_at: disabled.map(|disabled| disabled.at),
            failing_since: endpoint.failing_since,
            created_at: endpoint.created_at,
            check: endpoint.check.as_ref().map(CheckView::from),
        }
    }
}

impl From<&Check> for CheckView {
    fn from(check: &Check) -> Self {
        Self {
            at: check.at,
            ok: check.is_ok(),
            milliseconds: check.milliseconds,
            status: check.status,
            findings: check.findings.iter().map(FindingView::from).collect(),
        }
    }
}

#[utoipa::path(
    get,
    path = "/api/v1/webhook-endpoint",
    operation_id = "show_webhook_endpoint",
    tag = "Webhooks",
    description = "Shows your account's endpoint, which gets the events of every job that has no `callback_url` of its own.",
    responses(
        (status = 200, description = "The endpoint.", body = EndpointView),
        (status = 404, description = "You have none.", body = Document, content_type = "application/problem+json"),
    )
)]
pub(in crate::api) async fn show(
    RouterState(state): RouterState<Arc<State>>,
    Reader(caller): Reader,
) -> Result<Response, ApiError> {
    let account = state.accounts.get(caller.user).await?;
    let endpoint = account.and_then(|account| account.webhook_endpoint);
    let endpoint = endpoint.ok_or_else(ApiError::endpoint_not_found)?;
    Ok(Json(EndpointView::from(&endpoint)).into_response())
}

#[utoipa::path(
    put,
    path = "/api/v1/webhook-endpoint",
    operation_id = "save_webhook_endpoint",
    tag = "Webhooks",
    description = "Sets your account's endpoint in the place of any before, and enables it. It gets the events of every job \
        that has no `callback_url` of its own, of jobs that are under way too. A signed event of the type `webhook.test` is \
        posted to the address first, and `check` tells what came of it; the endpoint is saved whatever that was, unless \
        the address is not one that we call. Saving it again does not send what it has missed: replay that.",
    request_body(content((EndpointBody = "application/json"))),
    responses((status = 200, description = "The endpoint, with what was found.", body = EndpointView))
)]
pub(in crate::api) async fn save(
    RouterState(state): RouterState<Arc<State>>,
    Generator(caller): Generator,
    request: Request,
) -> Result<Response, ApiError> {
    let body = body::read_json(request).await?;
    let wanted = webhook::parse_endpoint(&body.fields, state.reach).map_err(ApiError::invalid_fields)?;
    let event = webhook_body::test_event(clock::now());
    let (check, _) = trial::try_out(&state, caller, &wanted.url, &event).await?;
    let decide = |before: Option<&Endpoint>| EndpointChange::Set(Box::new(saved(&wanted, &check, before)));
    let endpoint = state.accounts.change_endpoint(caller.user, decide).await?;
    let endpoint = endpoint.ok_or_else(|| caller.account_is_gone())?;
    info!(
        receiver = endpoint.url.host_str(),
        ok = check.is_ok(),
        "Saved an account's endpoint"
    );
    Ok(Json(EndpointView::from(&endpoint)).into_response())
}

fn saved(wanted: &EndpointRequest, check: &Check, before: Option<&Endpoint>) -> Endpoint {
    Endpoint {
        url: wanted.url.clone(),
        events: wanted.events.clone(),
        created_at: before.map_or(check.at, |before| before.created_at),
        disabled: None,
        failing_since: None,
        check: Some(check.clone()),
    }
}

#[utoipa::path(
    delete,
    path = "/api/v1/webhook-endpoint",
    operation_id = "remove_webhook_endpoint",
    tag = "Webhooks",
    description = "Removes your account's endpoint. What was still to be delivered there is kept as `skipped`.",
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "You have none.", body = Document, content_type = "application/problem+json"),
    )
)]
pub(in crate::api) async fn remove(
    RouterState(state): RouterState<Arc<State>>,
    Generator(caller): Generator,
) -> Result<Response, ApiError> {
    let mut was_there = false;
    let decide = |before: Option<&Endpoint>| {
        was_there = before.is_some();
        if was_there {
            EndpointChange::Remove
        } else {
            EndpointChange::Keep
        }
    };
    state.accounts.change_endpoint(caller.user, decide).await?;
    if !was_there {
        return Err(ApiError::endpoint_not_found());
    }
    info!("Removed an account's endpoint");
    Ok(StatusCode::NO_CONTENT.into_response())
}
