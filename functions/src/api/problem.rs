//! Errors as callers see them: RFC 9457 problem details with a stable code.
//!
//! The cause of an error goes to the log, never to the caller.

mod drive;
pub mod kinds;
mod webhooks;

use std::time::Duration;

use axum::{
    http::{HeaderValue, Method, header},
    response::{IntoResponse, Response},
};
use packshot_clients::error::{AwsError, BoxError, Chain};
use packshot_domain::{
    job::{MOST_RETRIES, Status},
    limits::Exceeded,
    request::{FieldError, key::MAX_KEYS},
    scope::Scope,
};
use serde::Serialize;
use tracing::error;
use utoipa::ToSchema;

use self::kinds::Kind;
use super::standing::whole_seconds;

/// When to ask again where only the end of another job helps: jobs take minutes.
const ACTIVE_JOB_WAIT: Duration = Duration::from_secs(30);

/// One wrong field.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct FieldProblem {
    /// Where: `images[2]`, `product.title`.
    field: String,
    /// Stable name of the kind of mistake.
    #[schema(value_type = String)]
    code: &'static str,
    /// What is wrong and what would be right.
    message: String,
}

/// Everything about an error that does not depend on the request.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    kind: Kind,
    detail: String,
    errors: Vec<FieldProblem>,
}

/// The document, in the order in which RFC 9457 names its members.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Document<'a> {
    /// Where the code is explained.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference")]
    type_url: String,
    /// The same for every error of this code.
    #[schema(value_type = String)]
    title: &'a str,
    /// The HTTP status.
    status: u16,
    /// What happened this time, and what to do.
    #[schema(value_type = String)]
    detail: &'a str,
    /// The path that was asked for; API Gateway's own answers have none.
    #[schema(value_type = Option<String>)]
    instance: &'a str,
    /// Stable name that programs switch on.
    #[schema(value_type = String)]
    code: &'a str,
    /// Names the request, in our logs too.
    #[schema(value_type = String)]
    request_id: &'a str,
    /// Whether the same request may succeed later.
    retryable: bool,
    /// Everything that is wrong, where fields are.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<FieldProblem>, required = false)]
    errors: &'a [FieldProblem],
}

impl Problem {
    /// The answer, on top of the headers that the handler's answer has.
    pub(super) fn render(&self, path: &str, request_id: &str, mut response: Response) -> Response {
        let Kind { status, code, title } = self.kind;
        let document = Document {
            type_url: format!("/docs/errors#{code}"),
            title,
            status: status.as_u16(),
            detail: &self.detail,
            instance: path,
            code,
            request_id,
            retryable: self.kind.is_retryable(),
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
    retry_after: Option<Duration>,
}

impl ApiError {
    fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            problem: Problem {
                kind,
                detail: detail.into(),
                errors: Vec::new(),
            },
            cause: None,
            retry_after: None,
        }
    }

    pub(super) fn invalid_api_key() -> Self {
        let detail = "The x-api-key header holds no key of this service, or one that was revoked. Check for a typo or create a new key.";
        Self::new(kinds::INVALID_API_KEY, detail)
    }

    pub(super) fn insufficient_scope(scope: Scope) -> Self {
        let detail = format!(
            "This needs an API key with the scope {}. Create one, or use another key.",
            scope.as_str()
        );
        Self::new(kinds::INSUFFICIENT_SCOPE, detail)
    }

    pub(super) fn key_not_found() -> Self {
        let detail = "There is no API key of this id among yours.";
        Self::new(kinds::KEY_NOT_FOUND, detail)
    }

    pub(super) fn key_ended() -> Self {
        let detail = "This API key was revoked or has expired. Create a new one.";
        Self::new(kinds::KEY_ENDED, detail)
    }

    pub(super) fn too_many_keys() -> Self {
        let detail = format!("You have {MAX_KEYS} valid API keys. Revoke one that you no longer use.");
        Self::new(kinds::TOO_MANY_KEYS, detail)
    }

    pub(super) fn signed_out() -> Self {
        let detail = "Your session is over or was ended elsewhere. Sign in again.";
        Self::new(kinds::SIGNED_OUT, detail)
    }

    pub(super) fn session_not_found() -> Self {
        let detail = "There is no session of this id among yours. It may be over already.";
        Self::new(kinds::SESSION_NOT_FOUND, detail)
    }

    pub(super) fn foreign_origin() -> Self {
        let detail =
            "Changes with a session are taken from our own page only. Programs use /api/v1 with an API key.";
        Self::new(kinds::FOREIGN_ORIGIN, detail)
    }

    pub(super) fn invalid_fields(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] => format!("{} {}.", one.field, one.message),
            many => format!("{} fields are not valid; see errors.", many.len()),
        };
        let mut error = Self::new(kinds::INVALID_FIELDS, detail);
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
        Self::new(kinds::MALFORMED_BODY, detail)
    }

    pub(super) fn unsupported_media_type() -> Self {
        let detail = "Send application/json or multipart/form-data.";
        Self::new(kinds::UNSUPPORTED_MEDIA_TYPE, detail)
    }

    pub(super) fn payload_too_large() -> Self {
        let detail = "The body is larger than a request can carry. Upload each photo with POST /api/v1/uploads (up to 50 MB) and name it by its upload_id.";
        Self::new(kinds::PAYLOAD_TOO_LARGE, detail)
    }

    pub(super) fn job_not_found() -> Self {
        let detail = "There is no job of this id among yours.";
        Self::new(kinds::JOB_NOT_FOUND, detail)
    }

    pub(super) fn job_finished(status: Status) -> Self {
        let detail = format!(
            "The job has already ended as {}, which stays so. DELETE removes it and its images.",
            status.as_str()
        );
        Self::new(kinds::JOB_FINISHED, detail)
    }

    pub(super) fn image_not_found() -> Self {
        let detail = "The job has no image of this id.";
        Self::new(kinds::IMAGE_NOT_FOUND, detail)
    }

    pub(super) fn photo_not_found() -> Self {
        let detail = "The job has no photo of this number; the first is 0.";
        Self::new(kinds::PHOTO_NOT_FOUND, detail)
    }

    pub(super) fn photo_not_here_yet() -> Self {
        let detail = "The photo is still where it comes from. It is here once the job has its strategy.";
        Self::new(kinds::PHOTO_NOT_FOUND, detail)
    }

    pub(super) fn job_not_completed(status: Status) -> Self {
        let detail = if status.is_terminal() {
            format!(
                "The job ended as {}, and only images of completed jobs are made again. Start a new job.",
                status.as_str()
            )
        } else {
            format!(
                "The job is still {}. An image can be made again once the job has completed.",
                status.as_str()
            )
        };
        Self::new(kinds::JOB_NOT_COMPLETED, detail)
    }

    pub(super) fn retry_in_progress() -> Self {
        let detail = "The image is being made again already. Ask for another retry once that one is over.";
        Self::new(kinds::RETRY_IN_PROGRESS, detail)
    }

    pub(super) fn too_many_retries() -> Self {
        let detail = format!(
            "The image was made again {MOST_RETRIES} times, which is as often as may be. Start a new job."
        );
        Self::new(kinds::TOO_MANY_RETRIES, detail)
    }

    pub(super) fn photos_expired() -> Self {
        let detail = "The photos of this job are no longer kept: they are removed 7 days after their upload. Start a new job with them.";
        Self::new(kinds::PHOTOS_EXPIRED, detail)
    }

    pub(super) fn archive_not_ready(status: Status) -> Self {
        let detail = if status.is_terminal() {
            format!(
                "The job ended as {}, and only completed jobs have an archive.",
                status.as_str()
            )
        } else {
            format!(
                "The job is still {}. The archive is written when it completes.",
                status.as_str()
            )
        };
        Self::new(kinds::ARCHIVE_NOT_READY, detail)
    }

    pub(super) fn delivery_not_found() -> Self {
        let detail = "There is no webhook delivery of this id among yours; they are kept for 90 days.";
        Self::new(kinds::DELIVERY_NOT_FOUND, detail)
    }

    pub(super) fn delivery_pending() -> Self {
        let detail = "The webhook is still being delivered, and will be sent again by itself. Replay it once it has ended.";
        Self::new(kinds::DELIVERY_PENDING, detail)
    }

    pub(super) fn no_such_route(path: &str) -> Self {
        let detail = format!("There is nothing at {path}. See /docs for what there is.");
        Self::new(kinds::NOT_FOUND, detail)
    }

    pub(super) fn method_not_allowed(method: &Method) -> Self {
        let detail = format!("{method} is not possible here.");
        Self::new(kinds::METHOD_NOT_ALLOWED, detail)
    }

    pub(super) fn invalid_idempotency_key() -> Self {
        let detail = "The Idempotency-Key header must hold 1 to 255 visible ASCII characters, quoted or not.";
        Self::new(kinds::INVALID_IDEMPOTENCY_KEY, detail)
    }

    pub(super) fn idempotency_key_reused() -> Self {
        let detail = "This Idempotency-Key was sent with another request in the last 24 hours. Use a new one for each request.";
        Self::new(kinds::IDEMPOTENCY_KEY_REUSED, detail)
    }

    pub(super) fn request_in_progress() -> Self {
        let detail = "The same request is being worked on. Send it again in a moment to get its answer.";
        Self::new(kinds::REQUEST_IN_PROGRESS, detail)
    }

    /// The limit that a job goes over, with the time after which asking again helps.
    pub(super) fn limit_exceeded(exceeded: Exceeded) -> Self {
        let (kind, detail, retry_after) = match exceeded {
            Exceeded::JobsPerMinute { retry_after } => (
                kinds::RATE_LIMITED,
                "You start jobs faster than your plan allows. Wait as long as Retry-After says.".to_owned(),
                retry_after,
            ),
            Exceeded::ActiveJobs => (
                kinds::TOO_MANY_ACTIVE_JOBS,
                "As many of your jobs are running as your plan allows. Start another when one has ended."
                    .to_owned(),
                ACTIVE_JOB_WAIT,
            ),
            Exceeded::ImagesPerMonth { left, retry_after } => (
                kinds::MONTHLY_IMAGES_USED_UP,
                format!(
                    "Your plan has {left} images left this month, fewer than this job asks for. Ask for fewer, or change the plan."
                ),
                retry_after,
            ),
            Exceeded::CostPerMonth { left, retry_after } => (
                kinds::MONTHLY_COST_REACHED,
                format!(
                    "This job would cost more than the {left} USD that are left of your spending limit this month."
                ),
                retry_after,
            ),
        };
        let mut error = Self::new(kind, detail);
        error.retry_after = Some(retry_after);
        error
    }

    fn internal(cause: Option<BoxError>) -> Self {
        let detail = "Something on our side went wrong. The request may have been carried out in part; send it again with the same Idempotency-Key.";
        let mut error = Self::new(kinds::INTERNAL_ERROR, detail);
        error.cause = cause;
        error
    }

    /// A mistake of ours.
    pub(super) fn bug(cause: impl Into<BoxError>) -> Self {
        Self::internal(Some(cause.into()))
    }

    pub(super) fn unavailable(cause: BoxError) -> Self {
        let detail = "A service that we depend on did not answer. Send the request again in a moment.";
        let mut error = Self::new(kinds::UNAVAILABLE, detail);
        error.cause = Some(cause);
        error.retry_after = Some(Duration::from_secs(2));
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
            error!(error = %Chain(cause.as_ref()), code = self.problem.kind.code, "The request could not be answered");
        }
        let mut response = self.problem.kind.status.into_response();
        if let Some(wait) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, whole_seconds(wait).into());
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
