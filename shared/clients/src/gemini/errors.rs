//! What Gemini's refusals mean for us.

use std::time::Duration;

use reqwest::Response;
use serde::Deserialize;

use crate::{
    error::{AwsError, BoxError},
    outbound::Repeatable,
};

/// Why a call to Gemini did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum GeminiError {
    /// Too much at the moment, or Gemini is in trouble: 408, 429, 5xx.
    #[error("Gemini is busy (HTTP {status}): {message}")]
    Busy {
        /// The HTTP status.
        status: u16,
        /// Gemini's words.
        message: String,
        /// How long Gemini asks to wait (`RetryInfo`).
        retry_after: Option<Duration>,
    },
    /// A daily quota or a spending cap is used up: waiting minutes does not help.
    #[error("Gemini's quota is used up: {0}")]
    QuotaExhausted(String),
    /// The key is missing, wrong, blocked or not allowed to do this.
    /// Gemini's words are left out: they may quote the key.
    #[error("Gemini refused the key (HTTP {status})")]
    KeyRefused {
        /// The HTTP status.
        status: u16,
    },
    /// The thing asked for is not there.
    #[error("Gemini does not know it: {0}")]
    NotFound(String),
    /// Gemini refused the request as such.
    #[error("Gemini refused the request (HTTP {status}): {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Gemini's words.
        message: String,
    },
    /// The request never reached Gemini.
    #[error("Gemini could not be reached")]
    NotSent(#[source] reqwest::Error),
    /// No whole answer came: what was asked for may have happened.
    #[error("Gemini's answer got lost")]
    OutcomeUnknown(#[source] BoxError),
    /// An answer came that we cannot read.
    #[error("Gemini's answer cannot be read")]
    Unreadable(#[source] BoxError),
    /// Our key could not be fetched.
    #[error("the Gemini key could not be read")]
    NoKey(#[source] AwsError),
}

impl GeminiError {
    pub(super) fn from_transport(error: reqwest::Error) -> Self {
        // The URL of an upload is a capability: it stays out of logs.
        let error = error.without_url();
        if error.is_connect() || error.is_builder() {
            Self::NotSent(error)
        } else {
            Self::OutcomeUnknown(error.into())
        }
    }

    pub(super) fn unreadable(error: impl Into<BoxError>) -> Self {
        Self::Unreadable(error.into())
    }

    /// Whether what was asked for may have happened although it did not look so. An answer of 5xx says little about
    /// what was done before it.
    pub const fn outcome_unknown(&self) -> bool {
        match self {
            Self::OutcomeUnknown(_) | Self::Unreadable(_) => true,
            Self::Busy { status, .. } => *status != 429,
            _ => false,
        }
    }

    /// Whether the same call may succeed later.
    pub const fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Busy { .. }
                | Self::NotSent(_)
                | Self::OutcomeUnknown(_)
                | Self::Unreadable(_)
                | Self::NoKey(_)
        )
    }

    /// How long Gemini asks to wait.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

impl Repeatable for GeminiError {
    const PROVIDER: &'static str = "gemini";

    fn may_pass(&self) -> bool {
        self.is_transient() && !matches!(self, Self::NoKey(_))
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

#[derive(Deserialize)]
#[serde(untagged)]
enum ErrorBody {
    /// Some endpoints wrap the error into an array of one. First, since a struct can be read from an array, too.
    Wrapped([Envelope; 1]),
    Plain(Envelope),
}

#[derive(Deserialize)]
struct Envelope {
    error: Body,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(default)]
    message: String,
    #[serde(default)]
    details: Vec<Detail>,
}

/// The parts of `google.rpc` details that we act on (<https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto>).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Detail {
    reason: Option<String>,
    retry_delay: Option<String>,
    #[serde(default)]
    violations: Vec<Violation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Violation {
    #[serde(default)]
    quota_id: String,
}

/// The response, or the error that its status stands for.
pub(super) async fn check(response: Response) -> Result<Response, GeminiError> {
    let status = response.status().as_u16();
    if response.status().is_success() {
        return Ok(response);
    }
    let header = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let body = response.bytes().await.unwrap_or_default();
    Err(classify(status, header.map(Duration::from_secs), &body))
}

fn classify(status: u16, retry_after_header: Option<Duration>, body: &[u8]) -> GeminiError {
    let body = match serde_json::from_slice(body) {
        Ok(ErrorBody::Plain(envelope) | ErrorBody::Wrapped([envelope])) => envelope.error,
        // A proxy may answer in HTML.
        Err(_) => Body::default(),
    };
    let message = body.message.chars().take(500).collect::<String>();
    match status {
        400 if body
            .details
            .iter()
            .any(|detail| detail.reason.as_deref() == Some("API_KEY_INVALID")) =>
        {
            GeminiError::KeyRefused { status }
        }
        401 | 403 => GeminiError::KeyRefused { status },
        404 => GeminiError::NotFound(message),
        429 if is_used_up(&body) => GeminiError::QuotaExhausted(message),
        408 | 429 | 500..=599 => {
            let asked = body
                .details
                .iter()
                .find_map(|detail| seconds(detail.retry_delay.as_deref()?));
            GeminiError::Busy {
                status,
                message,
                retry_after: asked.or(retry_after_header),
            }
        }
        _ => GeminiError::Refused { status, message },
    }
}

/// What Gemini says where the account's owner has to do something (seen in reports of its callers, 2026-11).
const USED_UP: [&str; 2] = ["spending cap", "credits are depleted"];

/// A quota per day, a cap on spending, or credits that are spent.
///
/// The usual words of a 429, for too many requests a minute as for too many batches at a time, ask to check "plan and billing
/// details" (<https://github.com/googleapis/js-genai/issues/1264>): they tell nothing, and waiting helps.
fn is_used_up(body: &Body) -> bool {
    let mut violations = body.details.iter().flat_map(|detail| &detail.violations);
    let message = body.message.to_ascii_lowercase();
    USED_UP.iter().any(|words| message.contains(words))
        || violations.any(|violation| violation.quota_id.contains("PerDay"))
}

/// A duration of protobuf's JSON form: `"1.5s"`.
fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.strip_suffix('s')?.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn classified(status: u16, details: &serde_json::Value) -> GeminiError {
        let body = json!({"error": {"code": status, "message": "words", "details": details}});
        classify(status, None, body.to_string().as_bytes())
    }

    #[test]
    fn a_wait_is_read_from_the_details() {
        let details = json!([{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1.5s"}]);
        let error = classified(429, &details);
        assert_eq!(error.retry_after(), Some(Duration::from_millis(1500)));
        assert!(error.is_transient() && !error.outcome_unknown());
        assert_eq!(error.short_wait(1, SHORT), Some(Duration::from_millis(1500)));
        assert_eq!(
            classified(429, &json!([{"retryDelay": "60s"}])).short_wait(1, SHORT),
            None
        );
    }

    const SHORT: Duration = Duration::from_secs(3);

    #[test]
    fn a_daily_quota_is_not_waited_for() {
        let daily = json!([{"violations": [{"quotaId": "GenerateRequestsPerDayPerProject"}]}]);
        assert!(matches!(classified(429, &daily), GeminiError::QuotaExhausted(_)));
        let minute = json!([{"violations": [{"quotaId": "GenerateRequestsPerMinute"}]}]);
        assert!(matches!(classified(429, &minute), GeminiError::Busy { .. }));
    }

    fn said(message: &str) -> GeminiError {
        let body = json!({"error": {"code": 429, "message": message}});
        classify(429, None, body.to_string().as_bytes())
    }

    #[test]
    fn the_usual_words_of_a_429_are_waited_for_though_they_speak_of_billing() {
        let usual = "You exceeded your current quota, please check your plan and billing details. For more information on \
                     this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.";
        assert!(matches!(said(usual), GeminiError::Busy { .. }));
    }

    #[test]
    fn a_cap_and_spent_credits_are_not_waited_for() {
        for words in [
            "Your project has exceeded its monthly spending cap.",
            "Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.",
        ] {
            assert!(matches!(said(words), GeminiError::QuotaExhausted(_)), "{words}");
        }
    }

    #[test]
    fn a_wrong_key_is_the_operators_to_mend() {
        assert!(matches!(
            classified(400, &json!([{"reason": "API_KEY_INVALID"}])),
            GeminiError::KeyRefused { .. }
        ));
        assert!(matches!(
            classified(403, &json!([])),
            GeminiError::KeyRefused { .. }
        ));
        assert!(matches!(classified(400, &json!([])), GeminiError::Refused { .. }));
    }

    #[test]
    fn odd_bodies_are_read_as_far_as_they_go() {
        let wrapped = br#"[{"error": {"message": "in an array"}}]"#;
        assert!(
            matches!(classify(503, None, wrapped), GeminiError::Busy { message, .. } if message == "in an array")
        );
        let html = classify(502, Some(SHORT), b"<html>Bad gateway</html>");
        assert!(html.outcome_unknown() && html.retry_after() == Some(SHORT));
    }
}
