//! What happens to one call.

use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::drive::DriveError;
use crate::error::ApiError;
use crate::oauth::OAuthError;
use crate::operation::{Operation, Service};

/// What happens to one call, or to `times` calls.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CallFault {
    /// How many calls it is for; 1 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Refuse with this HTTP status; the work is not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// `RetryInfo.retryDelay` of the refusal, such as `"1.5s"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_delay: Option<String>,
    /// `QuotaFailure.violations[0].quotaId` of a 429.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota_id: Option<String>,
    /// The refusal's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The refusal's whole body: JSON, or a text that is sent as HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// Do the work, then close the connection instead of answering.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub drop_reply: bool,
    /// Do the work, then wait this long before answering.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// Only for this step of an upload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<UploadStep>,
    /// Only for calls whose path or body contains this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// Only for calls of this account, where it is known whose they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Signing in: the `error` of the refusal, such as `invalid_grant`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Drive: the `reason` of the refusal, such as `userRateLimitExceeded`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// `drive_media`: so many bytes are sent of those that were announced, then the connection closes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncate_after: Option<u64>,
    /// `generate_content`: answer exactly this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// `generate_content`: a blocked prompt with this `promptFeedback.blockReason`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_reason: Option<String>,
    /// `generate_content`: a candidate without content that ended for this reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    /// `generate_content`: this many shots, whatever the schema says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shots: Option<usize>,
}

/// The kinds of request of which a resumable upload consists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UploadStep {
    /// `X-Goog-Upload-Command: start`.
    Start,
    /// `upload`, more bytes to come.
    Bytes,
    /// `upload, finalize`.
    Finalize,
    /// `query` or `cancel`.
    Other,
}

impl CallFault {
    /// The refusal that this fault asks for, if it asks for one, as the operation's service words it.
    pub(crate) fn refusal(&self, operation: Operation) -> Option<Response> {
        let status = self.status?;
        let message = self.message.as_deref();
        Some(match operation.service() {
            Service::Gemini => self.gemini_refusal(status).into_response(),
            Service::Drive => DriveError::ordered(status, self.reason.as_deref(), message).into_response(),
            Service::OAuth => {
                let usual = if status < 500 {
                    "invalid_request"
                } else {
                    "internal_failure"
                };
                let error = self.error.as_deref().unwrap_or(usual);
                let description = message.unwrap_or(match error {
                    "invalid_grant" => "Token has been expired or revoked.",
                    _ => "Bad Request",
                });
                OAuthError {
                    status,
                    ..OAuthError::new(error, description)
                }
                .into_response()
            }
        })
    }

    fn gemini_refusal(&self, status: u16) -> ApiError {
        let delay = self.retry_delay.as_deref();
        let mut error = match (status, &self.quota_id) {
            (429, quota_id) => {
                let id = quota_id
                    .as_deref()
                    .unwrap_or("GenerateRequestsPerMinutePerProjectPerModel");
                ApiError::quota(id, "generate_content_paid_tier_requests", "any", delay)
            }
            (status, _) => {
                let error = ApiError::new(status, "An internal error has occurred. Please retry.");
                delay.map_or(error.clone(), |delay| error.with_retry_delay(delay))
            }
        };
        if let Some(message) = &self.message {
            error.message.clone_from(message);
        }
        error
    }

    pub(super) fn check(&self, operation: Operation) -> Result<(), ApiError> {
        let scripted = self.text.is_some()
            || self.block_reason.is_some()
            || self.finish_reason.is_some()
            || self.shots.is_some();
        if scripted && operation != Operation::GenerateContent {
            return Err(ApiError::invalid(
                "text, block_reason, finish_reason and shots are for generate_content only",
            ));
        }
        let service = operation.service();
        let misplaced = [
            (
                self.error.is_some(),
                service != Service::OAuth,
                "error is for signing in only",
            ),
            (
                self.reason.is_some(),
                service != Service::Drive,
                "reason is for Drive only",
            ),
            (
                self.truncate_after.is_some(),
                operation != Operation::DriveMedia,
                "truncate_after is for drive_media only",
            ),
            (
                self.retry_delay.is_some() || self.quota_id.is_some(),
                service != Service::Gemini,
                "retry_delay and quota_id are for Gemini only",
            ),
        ];
        if let Some((_, _, text)) = misplaced
            .iter()
            .find(|(is_set, is_wrong, _)| *is_set && *is_wrong)
        {
            return Err(ApiError::invalid(*text));
        }
        if self.step.is_some() && operation != Operation::UploadFile {
            return Err(ApiError::invalid("step is for upload_file only"));
        }
        if self.status.is_some_and(|status| !(400..=599).contains(&status)) {
            return Err(ApiError::invalid("status must be 400 to 599"));
        }
        let is_duration = |text: &str| text.strip_suffix('s').is_some_and(|n| n.parse::<f64>().is_ok());
        if self
            .retry_delay
            .as_deref()
            .is_some_and(|delay| !is_duration(delay))
        {
            return Err(ApiError::invalid("retry_delay must look like \"1.5s\""));
        }
        Ok(())
    }

    pub(super) fn fits(&self, seen: &Seen<'_>) -> bool {
        let step_fits = self.step.is_none() || self.step == seen.step;
        let account_fits = self.account.is_none() || self.account.as_deref() == seen.account;
        step_fits
            && account_fits
            && self.contains.as_ref().is_none_or(|text| {
                seen.path.contains(text.as_str())
                    || String::from_utf8_lossy(seen.body).contains(text.as_str())
            })
    }
}

/// What a fault may look at to decide whether a call is meant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// Path of the request.
    pub path: &'a str,
    /// Body as far as it was buffered.
    pub body: &'a [u8],
    /// Step, for uploads.
    pub step: Option<UploadStep>,
    /// Whose call it is, where that is known.
    pub account: Option<&'a str>,
}
