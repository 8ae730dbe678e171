//! `Idempotency-Key`: a request that is sent twice is done once and answered twice.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use packshot_clients::idempotency::{Earlier, Idempotency, NamedRequest, StoredAnswer};
use packshot_domain::{
    id::UserId,
    idempotency::{Fingerprint, IdempotencyKey},
};
use serde::Serialize;

use super::problem::ApiError;

const HEADER: &str = "idempotency-key";

/// The name that a request has, if it has one.
pub(super) fn named(
    headers: &HeaderMap,
    user: UserId,
    fingerprint: impl FnOnce() -> Fingerprint,
) -> Result<Option<NamedRequest>, ApiError> {
    let Some(value) = headers.get(HEADER) else {
        return Ok(None);
    };
    let key = value
        .to_str()
        .ok()
        .and_then(|value| IdempotencyKey::parse(value).ok())
        .ok_or_else(ApiError::invalid_idempotency_key)?;
    Ok(Some(NamedRequest {
        user,
        key,
        fingerprint: fingerprint(),
    }))
}

/// An answer, as it is shown now and as it is kept to be shown again: a secret is shown once.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) shown: StoredAnswer,
    pub(super) kept: StoredAnswer,
}

impl From<StoredAnswer> for Done {
    fn from(answer: StoredAnswer) -> Self {
        Self {
            shown: answer.clone(),
            kept: answer,
        }
    }
}

/// Does what a request asks for, once for each name. One that fails may be sent again under its name.
pub(super) async fn once(
    idempotency: &Idempotency,
    named: Option<NamedRequest>,
    work: impl Future<Output = Result<Done, ApiError>>,
) -> Result<Response, ApiError> {
    let Some(named) = named else {
        return Ok(render(&work.await?.shown));
    };
    if let Some(earlier) = idempotency.begin(&named).await? {
        return again(earlier);
    }
    match work.await {
        Ok(done) => {
            idempotency.settle(&named, done.kept).await?;
            Ok(render(&done.shown))
        }
        Err(error) => {
            idempotency.release(&named).await?;
            Err(error)
        }
    }
}

/// A JSON answer to be kept.
pub(super) fn answer(status: StatusCode, view: &impl Serialize) -> Result<StoredAnswer, ApiError> {
    Ok(StoredAnswer {
        status: status.as_u16(),
        location: None,
        body: serde_json::to_string(view).map_err(ApiError::bug)?,
    })
}

/// The answer to a request of which something is known.
pub(super) fn again(earlier: Earlier) -> Result<Response, ApiError> {
    match earlier {
        Earlier::Answered(answer) => {
            let mut response = render(&answer);
            response.headers_mut().insert(
                HeaderName::from_static("idempotent-replayed"),
                HeaderValue::from_static("true"),
            );
            Ok(response)
        }
        Earlier::Running => Err(ApiError::request_in_progress()),
        Earlier::Another => Err(ApiError::idempotency_key_reused()),
    }
}

/// An answer that is kept, or was.
pub(super) fn render(answer: &StoredAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = (status, Body::from(answer.body.clone())).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let location = answer.location.as_deref();
    if let Some(location) = location.and_then(|location| HeaderValue::from_str(location).ok()) {
        headers.insert(header::LOCATION, location);
    }
    response
}
