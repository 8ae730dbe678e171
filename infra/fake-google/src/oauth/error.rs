//! Refusals in the form of RFC 6749, 5.2.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::json;

/// What a call of the token, revocation or userinfo endpoint is refused with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}: {description}")]
pub(crate) struct OAuthError {
    /// HTTP status.
    pub(crate) status: u16,
    /// The code, such as `invalid_grant`.
    pub(crate) error: String,
    /// The sentence for the developer.
    pub(crate) description: String,
}

impl OAuthError {
    /// 400 with this code.
    pub(crate) fn new(error: &str, description: impl Into<String>) -> Self {
        Self {
            status: 400,
            error: error.to_owned(),
            description: description.into(),
        }
    }

    /// The refresh token, the access token or the grant behind it is dead.
    pub(crate) fn dead_grant() -> Self {
        Self::new("invalid_grant", "Token has been expired or revoked.")
    }

    /// 401: not the registered app.
    pub(crate) fn client(description: &str) -> Self {
        Self {
            status: 401,
            ..Self::new("invalid_client", description)
        }
    }

    /// 401 of the userinfo endpoint.
    pub(crate) fn credentials() -> Self {
        Self {
            status: 401,
            ..Self::new("invalid_request", "Invalid Credentials")
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = Json(json!({"error": self.error, "error_description": self.description}));
        let mut response = (status, [(header::CACHE_CONTROL, "no-store")], body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = http::HeaderValue::from_static(
                "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"",
            );
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
