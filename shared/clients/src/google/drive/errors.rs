//! What Drive's refusals mean for us.
//!
//! Codes and reasons: <https://developers.google.com/workspace/drive/api/guides/handle-errors>.

use std::time::Duration;

use reqwest::Response;
use serde::Deserialize;

use crate::{error::BoxError, outbound::Repeatable};

/// How much of Drive's own words is kept.
const MOST_WORDS: usize = 300;

/// Why a call to Drive did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum DriveError {
    /// The access token is not valid, or no longer.
    #[error("Drive does not accept the access token")]
    AccessIsGone,
    /// The person has not allowed this.
    #[error("Drive says that the permission for this was not given")]
    MissingScope,
    /// There is no such file, or not for this person; with `drive.file`, not for us.
    #[error("Drive does not know the file")]
    NotFound,
    /// Too many calls.
    #[error("Drive asks for fewer calls")]
    RateLimited {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// The file's owner, its organisation or Google does not let it be downloaded, now or ever.
    #[error("Drive does not let the file be downloaded ({0})")]
    NotDownloadable(String),
    /// This person may not do this with the file.
    #[error("Drive does not allow this ({0})")]
    Forbidden(String),
    /// The person's storage is full.
    #[error("the Drive is full")]
    StorageFull,
    /// There is a file of this id already.
    #[error("Drive has a file of this id already")]
    AlreadyThere,
    /// The page token is too old, or belongs to another list: begin with the first page.
    #[error("Drive does not accept the page token")]
    PageTokenRejected,
    /// The file is larger than the caller takes.
    #[error("the file is larger than allowed")]
    TooLarge,
    /// Drive refused the request as such: a mistake of ours.
    #[error("Drive refused the request (HTTP {status}, {reason})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Drive's name for it.
        reason: String,
    },
    /// Drive is in trouble.
    #[error("Drive is in trouble (HTTP {status})")]
    Busy {
        /// The HTTP status.
        status: u16,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// The request never reached Drive.
    #[error("Drive could not be reached")]
    NotSent(#[source] reqwest::Error),
    /// No whole answer came.
    #[error("Drive's answer got lost")]
    AnswerLost(#[source] reqwest::Error),
    /// An answer came that we cannot read.
    #[error("Drive's answer cannot be read")]
    Unreadable(#[source] BoxError),
}

impl DriveError {
    pub(super) fn from_transport(error: reqwest::Error) -> Self {
        // The address of an upload session or of a thumbnail is a capability: it stays out of logs.
        let error = error.without_url();
        if error.is_connect() || error.is_builder() {
            Self::NotSent(error)
        } else {
            Self::AnswerLost(error)
        }
    }

    pub(super) fn unreadable(error: impl Into<BoxError>) -> Self {
        Self::Unreadable(error.into())
    }

    /// Whether the same call may succeed later.
    pub const fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. }
                | Self::Busy { .. }
                | Self::NotSent(_)
                | Self::AnswerLost(_)
                | Self::Unreadable(_)
        )
    }

    /// How long Drive asks to wait.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::Busy { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

impl Repeatable for DriveError {
    const PROVIDER: &'static str = "google";

    fn may_pass(&self) -> bool {
        self.is_transient()
    }

    fn asked_wait(&self) -> Option<Duration> {
        self.retry_after()
    }

    fn of_a_stream() -> Self {
        Self::unreadable("the request cannot be repeated")
    }

    fn of_transport(error: reqwest::Error) -> Self {
        Self::from_transport(error)
    }

    fn check(response: Response) -> impl Future<Output = Result<Response, Self>> + Send {
        check(response)
    }
}

#[derive(Deserialize, Default)]
struct Envelope {
    #[serde(default)]
    error: Body,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Body {
    message: String,
    errors: Vec<Reason>,
    details: Vec<Reason>,
}

/// The older form of a reason and the newer one (`google.rpc.ErrorInfo`) have the same name for it.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Reason {
    reason: String,
    location: String,
}

impl Body {
    fn has(&self, reason: &str) -> bool {
        let all = self.errors.iter().chain(&self.details);
        all.into_iter().any(|one| one.reason == reason)
    }

    /// The first reason, or Drive's words where there is none.
    fn reason(&self) -> String {
        let first = self.errors.iter().chain(&self.details).map(|one| &one.reason);
        let text = first.into_iter().find(|reason| !reason.is_empty());
        let text = text.unwrap_or(&self.message);
        text.chars().take(MOST_WORDS).collect()
    }
}

/// The response, or the error that its status stands for.
pub(super) async fn check(response: Response) -> Result<Response, DriveError> {
    let status = response.status().as_u16();
    if response.status().is_success() {
        return Ok(response);
    }
    let asked = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .map(Duration::from_secs);
    let body = response.bytes().await.unwrap_or_default();
    Err(classify(status, asked, &body))
}

fn classify(status: u16, retry_after: Option<Duration>, body: &[u8]) -> DriveError {
    // A proxy may answer in HTML.
    let Envelope { error } = serde_json::from_slice(body).unwrap_or_default();
    match status {
        400 if error.errors.iter().any(|one| one.location == "pageToken") => DriveError::PageTokenRejected,
        401 => DriveError::AccessIsGone,
        403 => forbidden(&error, retry_after),
        404 => DriveError::NotFound,
        // 410 is the end of an upload's session.
        408 | 410 | 500..=599 => DriveError::Busy { status, retry_after },
        409 => DriveError::AlreadyThere,
        429 => DriveError::RateLimited { retry_after },
        _ => DriveError::Refused {
            status,
            reason: error.reason(),
        },
    }
}

/// The many meanings of 403.
fn forbidden(error: &Body, retry_after: Option<Duration>) -> DriveError {
    const TOO_MANY: [&str; 4] = [
        "rateLimitExceeded",
        "userRateLimitExceeded",
        "sharingRateLimitExceeded",
        "dailyLimitExceeded",
    ];
    const SCOPE: [&str; 3] = [
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "insufficientPermissions",
        "insufficientScopes",
    ];
    const NO_DOWNLOAD: [&str; 6] = [
        "cannotDownloadFile",
        "cannotDownloadAbusiveFile",
        "downloadQuotaExceeded",
        "fileNotDownloadable",
        "fileNotExportable",
        "downloadRestricted",
    ];
    let is_one_of = |reasons: &[&str]| reasons.iter().any(|reason| error.has(reason));
    if is_one_of(&TOO_MANY) {
        DriveError::RateLimited { retry_after }
    } else if is_one_of(&SCOPE) {
        DriveError::MissingScope
    } else if is_one_of(&NO_DOWNLOAD) {
        DriveError::NotDownloadable(error.reason())
    } else if error.has("storageQuotaExceeded") || error.has("teamDriveFileLimitExceeded") {
        DriveError::StorageFull
    } else {
        DriveError::Forbidden(error.reason())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn classified(status: u16, reason: &str) -> DriveError {
        let body = json!({"error": {"code": status, "message": "Words.",
            "errors": [{"domain": "global", "reason": reason, "message": "Words."}]}});
        classify(status, None, body.to_string().as_bytes())
    }

    #[test]
    fn the_reason_tells_what_a_403_means() {
        assert!(classified(403, "userRateLimitExceeded").is_transient());
        assert!(matches!(
            classified(403, "insufficientPermissions"),
            DriveError::MissingScope
        ));
        assert!(matches!(
            classified(403, "cannotDownloadAbusiveFile"),
            DriveError::NotDownloadable(reason) if reason == "cannotDownloadAbusiveFile"
        ));
        for other in [
            "domainPolicy",
            "insufficientFilePermissions",
            "appNotAuthorizedToFile",
        ] {
            assert!(matches!(classified(403, other), DriveError::Forbidden(reason) if reason == other));
        }
        let newer = json!({"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "Words.",
            "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}});
        assert!(matches!(
            classify(403, None, newer.to_string().as_bytes()),
            DriveError::MissingScope
        ));
    }

    #[test]
    fn other_statuses_speak_for_themselves() {
        assert!(matches!(classified(401, "authError"), DriveError::AccessIsGone));
        assert!(matches!(classified(404, "notFound"), DriveError::NotFound));
        assert!(matches!(classified(409, "fileIdInUse"), DriveError::AlreadyThere));
        let busy = classify(503, Some(Duration::from_secs(7)), b"<html>Bad</html>");
        assert!(busy.is_transient() && busy.retry_after() == Some(Duration::from_secs(7)));
        assert_eq!(
            busy.short_wait(1, Duration::from_secs(2)),
            None,
            "too long for a call"
        );
        assert!(!classified(400, "invalid").is_transient());
    }

    #[test]
    fn a_page_token_that_is_refused_is_told_from_other_mistakes() {
        let body = json!({"error": {"code": 400, "message": "Invalid Value", "errors": [{"domain": "global",
            "reason": "invalid", "message": "Invalid Value", "locationType": "parameter", "location": "pageToken"}]}});
        assert!(matches!(
            classify(400, None, body.to_string().as_bytes()),
            DriveError::PageTokenRejected
        ));
    }
}
