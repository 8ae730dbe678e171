//! `POST …/webhook-test`: posts a signed sample event to an address and tells what came of it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State as RouterState},
    response::{IntoResponse, Response},
};
use packshot_clients::clock;
use packshot_domain::{
    id::EventId,
    request::{FieldError, webhook},
    webhook::Check,
};
use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

use super::{
    State,
    findings::{self, FindingView},
};
use crate::{
    api::{
        body,
        caller::{Caller, Generator},
        openapi::TestBody,
        problem::ApiError,
    },
    signed_post::SignedPost,
    webhook_body,
};

/// What came of a test event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookTest)]
pub(in crate::api) struct TestView {
    /// Always `webhook_test`.
    #[schema(value_type = String, example = "webhook_test")]
    object: &'static str,
    /// Whether an event would have arrived.
    ok: bool,
    /// The HTTP status of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 204)]
    status: Option<u16>,
    /// How long the answer took.
    #[serde(skip_serializing_if = "Option::is_none")]
    milliseconds: Option<u64>,
    /// The first kilobyte of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    /// What is not as it should be.
    findings: Vec<FindingView>,
}

#[utoipa::path(
    post,
    path = "/api/v1/webhook-test",
    operation_id = "test_webhook",
    tag = "Webhooks",
    description = "Posts a sample event to an address, signed with your secret and addressed as any delivery is, and tells \
        what came of it. The sample's ids are zeros and its `data.test` is `true`. It is posted once and not recorded. At \
        most ten a minute, those counted that an endpoint gets when it is saved.",
    request_body(content((TestBody = "application/json"))),
    responses((status = 200, description = "What came of it, good or bad.", body = TestView))
)]
pub(in crate::api) async fn send(
    RouterState(state): RouterState<Arc<State>>,
    Generator(caller): Generator,
    request: Request,
) -> Result<Response, ApiError> {
    let body = body::read_json(request).await?;
    let wanted = webhook::parse_test(&body.fields, state.reach).map_err(ApiError::invalid_fields)?;
    let base_url = state.doors.base_url().await?;
    let sample = webhook_body::sample(wanted.event_type, clock::now(), &base_url).map_err(ApiError::bug)?;
    let (check, answer) = try_out(&state, caller, &wanted.url, &sample).await?;
    Ok(Json(TestView {
        object: "webhook_test",
        ok: check.is_ok(),
        status: check.status,
        milliseconds: check.milliseconds,
        answer,
        findings: check.findings.iter().map(FindingView::from).collect(),
    })
    .into_response())
}

/// An account without a secret was written by hand.
#[derive(Debug, thiserror::Error)]
#[error("there is no usable secret to sign with")]
struct NoSecret;

/// Posts a body to an address and tells what that has shown, with the beginning of the answer.
pub(super) async fn try_out(
    state: &State,
    caller: Caller,
    url: &Url,
    body: &str,
) -> Result<(Check, Option<String>), ApiError> {
    if let Some(wait) = state.tests.take(caller.user).await? {
        return Err(ApiError::too_many_tests(wait));
    }
    let account = state.accounts.get(caller.user).await?;
    let secrets = account.ok_or_else(|| caller.account_is_gone())?.webhook_secrets;
    let post = SignedPost {
        event_id: EventId::from_uuid(clock::new_uuid()),
        url,
        body,
        secrets: &secrets,
    };
    let at = clock::now();
    let tried = post.send(&state.receivers, at).await;
    let tried = tried.ok_or_else(|| ApiError::bug(NoSecret))?;
    let check = findings::check(&tried, url, at).map_err(|refused| {
        let error = FieldError::new("url", "invalid_url", refused.to_string());
        ApiError::invalid_fields(vec![error])
    })?;
    let answer = tried.outcome.ok().map(|reply| reply.body_head);
    Ok((check, answer.filter(|answer| !answer.is_empty())))
}
