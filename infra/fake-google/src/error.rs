//! Errors in the form in which Google's APIs send them.
//!
//! `{"error": {"code", "message", "status", "details": [{"@type": "type.googleapis.com/google.rpc…"}]}}`, as in
//! <https://cloud.google.com/apis/design/errors>.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

/// What a call is refused with.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{status}: {message}")]
pub(crate) struct ApiError {
    /// HTTP status code.
    pub code: u16,
    /// Name of the gRPC status, such as `INVALID_ARGUMENT`.
    pub status: &'static str,
    /// The sentence for the caller.
    pub message: String,
    /// Typed details, each with its `@type`.
    pub details: Vec<Value>,
}

impl ApiError {
    /// An error whose status name follows from the HTTP code.
    pub(crate) fn new(code: u16, message: impl Into<String>) -> Self {
        Self {
            code,
            status: status_name(code),
            message: message.into(),
            details: Vec::new(),
        }
    }

    /// 400 without any particular field.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// 400 for one or more fields: `(field path, description)`, an empty path being the body itself.
    pub(crate) fn bad_fields(violations: &[(String, String)]) -> Self {
        let message = violations
            .iter()
            .map(|(_, text)| text.as_str())
            .collect::<Vec<_>>()
            .join("\n");
        let listed: Vec<Value> = violations
            .iter()
            .map(|(field, text)| match field.as_str() {
                "" => json!({"description": text}),
                field => json!({"field": field, "description": text}),
            })
            .collect();
        Self::invalid(message)
            .with(json!({"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": listed}))
    }

    /// 404 as it is sent for an unknown batch.
    pub(crate) fn not_found() -> Self {
        Self::new(404, "Requested entity was not found.")
    }

    /// 403 as it is sent for a file that is unknown, deleted or expired: the service does not tell these apart.
    pub(crate) fn no_such_file(id: &str) -> Self {
        Self::new(
            403,
            format!("You do not have permission to access the File {id} or it may not exist."),
        )
    }

    /// 429 with the violated quota, and with the wait before the next try if there is one.
    pub(crate) fn quota(quota_id: &str, metric: &str, model: &str, retry_delay: Option<&str>) -> Self {
        let wait = retry_delay
            .map(|delay| format!(" Please retry in {delay}."))
            .unwrap_or_default();
        let violation = json!({
            "quotaMetric": format!("generativelanguage.googleapis.com/{metric}"),
            "quotaId": quota_id,
            "quotaDimensions": {"location": "global", "model": model},
            "quotaValue": "100",
        });
        // Its real words: whoever looks for "billing" in them takes every full minute for an empty purse.
        let message = format!(
            "You exceeded your current quota, please check your plan and billing details. For more information on this error, \
             head to: https://ai.google.dev/gemini-api/docs/rate-limits.{wait}"
        );
        let error = Self::new(429, message)
            .with(json!({"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]}));
        match retry_delay {
            Some(delay) => error.with_retry_delay(delay),
            None => error,
        }
    }

    /// The same error with one more detail.
    #[must_use]
    pub(crate) fn with(mut self, detail: Value) -> Self {
        self.details.push(detail);
        self
    }

    /// The same error with the wait before the next try.
    #[must_use]
    pub(crate) fn with_retry_delay(self, delay: &str) -> Self {
        self.with(json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}))
    }

    /// The error as a row of a batch or an operation carries it, with the gRPC code for the HTTP one.
    pub(crate) fn to_status(&self) -> Value {
        json!({"code": grpc_code(self.code), "message": self.message})
    }

    /// The body of the answer.
    pub(crate) fn to_body(&self) -> Value {
        let mut error = json!({"code": self.code, "message": self.message, "status": self.status});
        if !self.details.is_empty() {
            error["details"] = Value::Array(self.details.clone());
        }
        json!({"error": error})
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(self.to_body())).into_response()
    }
}

/// The gRPC status name that Google sends with an HTTP code.
fn status_name(code: u16) -> &'static str {
    match code {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        409 => "ALREADY_EXISTS",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        500 => "INTERNAL",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "UNKNOWN",
    }
}

/// The gRPC code for an HTTP one (`google/rpc/code.proto`).
fn grpc_code(code: u16) -> i32 {
    match code {
        400 => 3,
        401 => 16,
        403 => 7,
        404 => 5,
        409 => 6,
        429 => 8,
        499 => 1,
        503 => 14,
        504 => 4,
        _ => 13,
    }
}
