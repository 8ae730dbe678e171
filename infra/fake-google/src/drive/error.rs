//! Refusals in the form in which Drive sends them: an older one than Gemini's, with `errors[].reason`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

/// What a call of Drive is refused with.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{code} {reason}: {message}")]
pub(crate) struct DriveError {
    code: u16,
    reason: String,
    message: String,
    /// What is wrong: its name and `parameter` or `header`.
    location: Option<(&'static str, &'static str)>,
    /// `status` and `details`, which only some refusals have.
    typed: Option<Box<(&'static str, Value)>>,
}

impl DriveError {
    /// A refusal for this reason.
    pub(crate) fn new(code: u16, reason: &str, message: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.to_owned(),
            message: message.into(),
            location: None,
            typed: None,
        }
    }

    /// A refusal as a fault orders it.
    pub(crate) fn ordered(code: u16, reason: Option<&str>, message: Option<&str>) -> Self {
        if code == 401 && reason.is_none() && message.is_none() {
            return Self::unauthenticated();
        }
        let reason = reason.unwrap_or(match code {
            400 => "badRequest",
            401 => "authError",
            403 => "forbidden",
            404 => "notFound",
            409 => "conflict",
            410 => "deleted",
            429 => "rateLimitExceeded",
            _ => "backendError",
        });
        let usual = match reason {
            "rateLimitExceeded" => "Rate Limit Exceeded",
            "userRateLimitExceeded" => "User Rate Limit Exceeded",
            "downloadQuotaExceeded" => "The download quota for this file has been exceeded.",
            "cannotDownloadFile" => "This file cannot be downloaded by the user.",
            "cannotDownloadAbusiveFile" => {
                "This file has been identified as malware or spam and cannot be downloaded."
            }
            "domainPolicy" => "The domain administrators have disabled Drive apps.",
            "insufficientPermissions" => return Self::scope("google.apps.drive.v3.DriveFiles.Get"),
            "backendError" => "Backend Error",
            "authError" => "Invalid Credentials",
            other => other,
        };
        Self::new(code, reason, message.unwrap_or(usual))
    }

    /// 401: the token is dead, or never was one.
    pub(crate) fn unauthenticated() -> Self {
        Self {
            location: Some(("Authorization", "header")),
            typed: Some(Box::new(("UNAUTHENTICATED", Value::Null))),
            ..Self::new(401, "authError", "Invalid Credentials")
        }
    }

    /// 403: the token is good, but was not given for this.
    pub(crate) fn scope(method: &str) -> Self {
        let details = json!([{
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            "domain": "googleapis.com",
            "metadata": {"service": "drive.googleapis.com", "method": method},
        }]);
        Self {
            typed: Some(Box::new(("PERMISSION_DENIED", details))),
            ..Self::new(
                403,
                "insufficientPermissions",
                "Request had insufficient authentication scopes.",
            )
        }
    }

    /// 404: there is no such file, or this app or person may not know of it.
    pub(crate) fn no_file(id: &str) -> Self {
        Self {
            location: Some(("fileId", "parameter")),
            ..Self::new(404, "notFound", format!("File not found: {id}."))
        }
    }

    /// 404 for a shared drive.
    pub(crate) fn no_drive(id: &str) -> Self {
        Self {
            location: Some(("driveId", "parameter")),
            ..Self::new(404, "notFound", format!("Shared drive not found: {id}"))
        }
    }

    /// 400: a parameter has a value that makes no sense.
    pub(crate) fn parameter(name: &'static str, reason: &str, message: impl Into<String>) -> Self {
        Self {
            location: Some((name, "parameter")),
            ..Self::new(400, reason, message)
        }
    }

    /// 400 as it is sent for `q`, `pageToken` and others.
    pub(crate) fn invalid(name: &'static str) -> Self {
        Self::parameter(name, "invalid", "Invalid Value")
    }

    /// The body of the answer.
    pub(crate) fn to_body(&self) -> Value {
        let domain = match self.reason.as_str() {
            "rateLimitExceeded" | "userRateLimitExceeded" | "dailyLimitExceeded" => "usageLimits",
            _ => "global",
        };
        let mut one = json!({"message": self.message, "domain": domain, "reason": self.reason});
        if let Some((name, kind)) = self.location {
            one["location"] = json!(name);
            one["locationType"] = json!(kind);
        }
        if domain == "usageLimits" {
            one["extendedHelp"] = json!("https://developers.google.com/drive/api/guides/handle-errors");
        }
        let mut error = json!({"code": self.code, "message": self.message, "errors": [one]});
        if let Some((status, details)) = self.typed.as_deref() {
            error["status"] = json!(status);
            if !details.is_null() {
                error["details"] = details.clone();
            }
        }
        json!({"error": error})
    }
}

impl IntoResponse for DriveError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.to_body())).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static(
                "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"",
            );
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
