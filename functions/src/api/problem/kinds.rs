//! Every kind of error that our handlers answer with. `docs/errors.md` explains each; a test holds the two together.

use axum::http::StatusCode;

/// What all errors of one code have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The HTTP status.
    pub status: StatusCode,
    /// Stable name that programs switch on.
    pub code: &'static str,
    /// The same in a few words.
    pub title: &'static str,
}

impl Kind {
    /// Whether the same request may succeed later.
    pub fn is_retryable(self) -> bool {
        self.status.is_server_error() || self.status == StatusCode::TOO_MANY_REQUESTS
    }
}

macro_rules! kinds {
    ($($name:ident: $status:ident, $code:literal, $title:literal;)*) => {
        $(pub(super) const $name: Kind = Kind {
            status: StatusCode::$status,
            code: $code,
            title: $title,
        };)*

        /// Every kind there is.
        pub const ALL: &[Kind] = &[$($name),*];
    };
}

kinds! {
    MALFORMED_BODY: BAD_REQUEST, "malformed_body", "The body cannot be read";
    INVALID_IDEMPOTENCY_KEY: BAD_REQUEST, "invalid_idempotency_key", "The Idempotency-Key cannot be used";
    SIGNED_OUT: UNAUTHORIZED, "signed_out", "You are not signed in";
    INVALID_API_KEY: FORBIDDEN, "invalid_api_key", "The API key is not valid";
    INSUFFICIENT_SCOPE: FORBIDDEN, "insufficient_scope", "The API key may not do this";
    FOREIGN_ORIGIN: FORBIDDEN, "foreign_origin", "The request comes from another site";
    DRIVE_REFUSED: FORBIDDEN, "drive_refused", "Google Drive does not allow this";
    NOT_FOUND: NOT_FOUND, "not_found", "There is no such address";
    JOB_NOT_FOUND: NOT_FOUND, "job_not_found", "The job does not exist";
    IMAGE_NOT_FOUND: NOT_FOUND, "image_not_found", "The image does not exist";
    PHOTO_NOT_FOUND: NOT_FOUND, "photo_not_found", "The photo does not exist";
    KEY_NOT_FOUND: NOT_FOUND, "key_not_found", "The API key does not exist";
    SESSION_NOT_FOUND: NOT_FOUND, "session_not_found", "The session does not exist";
    ARCHIVE_NOT_READY: NOT_FOUND, "archive_not_ready", "There is no archive";
    DELIVERY_NOT_FOUND: NOT_FOUND, "delivery_not_found", "The delivery does not exist";
    ENDPOINT_NOT_FOUND: NOT_FOUND, "endpoint_not_found", "There is no webhook endpoint";
    DRIVE_FILE_NOT_FOUND: NOT_FOUND, "drive_file_not_found", "Google Drive has no such file";
    METHOD_NOT_ALLOWED: METHOD_NOT_ALLOWED, "method_not_allowed", "The method is not possible here";
    JOB_FINISHED: CONFLICT, "job_finished", "The job has ended";
    JOB_NOT_COMPLETED: CONFLICT, "job_not_completed", "The job has not completed";
    RETRY_IN_PROGRESS: CONFLICT, "retry_in_progress", "The image is being made again";
    TOO_MANY_RETRIES: CONFLICT, "too_many_retries", "The image was made again too often";
    PHOTOS_EXPIRED: CONFLICT, "photos_expired", "The photos are no longer kept";
    DELIVERY_PENDING: CONFLICT, "delivery_pending", "The webhook is being delivered";
    KEY_ENDED: CONFLICT, "key_ended", "The API key is no longer valid";
    TOO_MANY_KEYS: CONFLICT, "too_many_keys", "There are too many API keys";
    TOO_MANY_SECRETS: CONFLICT, "too_many_secrets", "Too many webhook secrets are in use";
    REQUEST_IN_PROGRESS: CONFLICT, "request_in_progress", "The same request is being worked on";
    DRIVE_NOT_CONNECTED: CONFLICT, "drive_not_connected", "No Google Drive is connected";
    DRIVE_RECONNECT_NEEDED: CONFLICT, "drive_reconnect_needed", "Google Drive has to be connected again";
    DRIVE_SCOPE_MISSING: CONFLICT, "drive_scope_missing", "A permission for Google Drive is missing";
    PICKER_REQUIRED: CONFLICT, "picker_required", "Photos have to be picked";
    PICKER_NOT_USED: CONFLICT, "picker_not_used", "Photos are chosen from folders";
    PAYLOAD_TOO_LARGE: PAYLOAD_TOO_LARGE, "payload_too_large", "The body is too large";
    UNSUPPORTED_MEDIA_TYPE: UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "The body's type is not supported";
    INVALID_FIELDS: UNPROCESSABLE_ENTITY, "invalid_fields", "The request is not valid";
    IDEMPOTENCY_KEY_REUSED: UNPROCESSABLE_ENTITY, "idempotency_key_reused", "The Idempotency-Key belongs to another request";
    RATE_LIMITED: TOO_MANY_REQUESTS, "rate_limited", "Too many requests";
    TOO_MANY_ACTIVE_JOBS: TOO_MANY_REQUESTS, "too_many_active_jobs", "Too many jobs at a time";
    MONTHLY_IMAGES_USED_UP: TOO_MANY_REQUESTS, "monthly_images_used_up", "This month's images are used up";
    MONTHLY_COST_REACHED: TOO_MANY_REQUESTS, "monthly_cost_reached", "This month's spending limit is reached";
    INTERNAL_ERROR: INTERNAL_SERVER_ERROR, "internal_error", "Something went wrong";
    UNAVAILABLE: SERVICE_UNAVAILABLE, "unavailable", "Not available at the moment";
    DRIVE_RATE_LIMITED: SERVICE_UNAVAILABLE, "drive_rate_limited", "Google Drive asks for fewer requests";
    DRIVE_UNAVAILABLE: SERVICE_UNAVAILABLE, "drive_unavailable", "Google Drive is not available";
}
