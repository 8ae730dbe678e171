//! Errors as callers see them: RFC 9457 problem details with a stable code.
//!
//! The cause of an error goes to the log, never to the caller.

use axum::{
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use packshot_clients::error::{AwsError, BoxError, Chain};
use packshot_domain::{request::FieldError, scope::Scope};
use serde::Serialize;
use tracing::error;

/// One wrong field.
#[derive(Debug, Clone, Serialize)]
struct FieldProblem {
    field: String,
    code: &'static str,
    message: String,
}

/// Everything about an error that does not depend on the request.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: String,
    retryable: bool,
    errors: Vec<FieldProblem>,
}

/// The document, in the order in which RFC 9457 names its members.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    type_url: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    instance: &'a str,
    code: &'a str,
    request_id: &'a str,
    retryable: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldProblem],
}

impl Problem {
    /// The answer, on top of the headers that the handler's answer has.
    pub(super) fn render(&self, path: &str, request_id: &str, mut response: Response) -> Response {
        let document = Document {
            type_url: format!("/docs/errors#{}", self.code),
            title: self.title,
            status: self.status.as_u16(),
            detail: &self.detail,
            instance: path,
            code: self.code,
            request_id,
            retryable: self.retryable,
            errors: &self.errors,
        };
        let body = serde_json::to_string(&document).unwrap_or_default();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.remove(header::CONTENT_LENGTH);
        *response.body_mut() = body.into();
        response
    }
}

/// Why a request is not answered as asked.
#[derive(Debug)]
pub(super) struct ApiError {
    problem: Problem,
    cause: Option<BoxError>,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        let retryable = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        Self {
            problem: Problem {
                status,
                code,
                title,
                detail: detail.into(),
                retryable,
                errors: Vec::new(),
            },
            cause: None,
        }
    }

    pub(super) fn invalid_api_key() -> Self {
        let detail = "The x-api-key header holds no key of this service, or one that was revoked. Check for a typo or create a new key.";
        Self::new(
            StatusCode::FORBIDDEN,
            "invalid_api_key",
            "The API key is not valid",
            detail,
        )
    }

    pub(super) fn insufficient_scope(scope: Scope) -> Self {
        let detail = format!(
            "This needs an API key with the scope {}. Create one, or use another key.",
            scope.as_str()
        );
        Self::new(
            StatusCode::FORBIDDEN,
            "insufficient_scope",
            "The API key may not do this",
            detail,
        )
    }

    pub(super) fn signed_out() -> Self {
        let detail = "Your session is over or was ended elsewhere. Sign in again.";
        Self::new(
            StatusCode::UNAUTHORIZED,
            "signed_out",
            "You are not signed in",
            detail,
        )
    }

    pub(super) fn foreign_origin() -> Self {
        let detail =
            "Changes with a session are taken from our own page only. Programs use /api/v1 with an API key.";
        Self::new(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            "The request comes from another site",
            detail,
        )
    }

    pub(super) fn invalid_fields(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] => format!("{} {}.", one.field, one.message),
            many => format!("{} fields are not valid; see errors.", many.len()),
        };
        let mut error = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_fields",
            "The request is not valid",
            detail,
        );
        error.problem.errors = errors
            .into_iter()
            .map(|error| FieldProblem {
                field: error.field,
                code: error.code,
                message: error.message,
            })
            .collect();
        error
    }

    pub(super) fn malformed_body(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "malformed_body",
            "The body cannot be read",
            detail,
        )
    }

    pub(super) fn unsupported_media_type() -> Self {
        let detail = "Send application/json or multipart/form-data.";
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "The body's type is not supported",
            detail,
        )
    }

    pub(super) fn payload_too_large() -> Self {
        let detail = "The body is larger than a request can carry. Upload each photo with POST /api/v1/uploads (up to 50 MB) and name it by its upload_id.";
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "payload_too_large",
            "The body is too large",
            detail,
        )
    }

    pub(super) fn job_not_found() -> Self {
        let detail = "There is no job of this id among yours.";
        Self::new(
            StatusCode::NOT_FOUND,
            "job_not_found",
            "The job does not exist",
            detail,
        )
    }

    pub(super) fn no_such_route(path: &str) -> Self {
        let detail = format!("There is nothing at {path}. See /docs for what there is.");
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "There is no such address",
            detail,
        )
    }

    pub(super) fn method_not_allowed(method: &Method) -> Self {
        let detail = format!("{method} is not possible here.");
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "The method is not possible here",
            detail,
        )
    }

    fn internal(cause: Option<BoxError>) -> Self {
        let detail = "Something on our side went wrong. The request may have been carried out in part; send it again with the same Idempotency-Key.";
        let mut error = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "Something went wrong",
            detail,
        );
        error.cause = cause;
        error
    }

    fn unavailable(cause: BoxError) -> Self {
        let detail = "A service that we depend on did not answer. Send the request again in a moment.";
        let mut error = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "Not available at the moment",
            detail,
        );
        error.cause = Some(cause);
        error
    }
}

impl From<AwsError> for ApiError {
    fn from(error: AwsError) -> Self {
        Self::unavailable(error.into())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Some(cause) = &self.cause {
            error!(error = %Chain(cause.as_ref()), code = self.problem.code, "The request could not be answered");
        }
        let mut response = self.problem.status.into_response();
        if self.problem.status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response.extensions_mut().insert(self.problem);
        response
    }
}

/// The answer to a request whose handler panicked; the runtime's hook has logged where.
pub(super) fn after_panic() -> Response {
    error!("A handler panicked");
    ApiError::internal(None).into_response()
}
