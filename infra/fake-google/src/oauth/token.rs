//! The token endpoint (RFC 6749, 3.2).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, header};
use serde_json::json;

use super::error::OAuthError;
use super::grants::{ACCESS_LIFETIME, Issued};
use super::parameters::Parameters;
use super::scope::{self, Scope};
use super::{OAuth, off_thread};

/// `POST /token`.
pub(super) async fn exchange(
    State(oauth): State<Arc<OAuth>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OAuthError> {
    let form = read_form(&headers, &body)?;
    let grant_type = form
        .get("grant_type")
        .ok_or_else(|| OAuthError::new("unsupported_grant_type", "Invalid grant_type: "))?;
    let now = oauth.clock.now();
    let issued = match grant_type {
        "authorization_code" => {
            oauth.check_client(&headers, &form)?;
            oauth.grants.exchange(
                form.need("code")?,
                form.need("redirect_uri")?,
                form.get("code_verifier"),
                now,
            )?
        }
        "refresh_token" => {
            oauth.check_client(&headers, &form)?;
            let wanted = form.get("scope").map(scope::parse).transpose();
            let wanted =
                wanted.map_err(|name| OAuthError::new("invalid_scope", format!("Unknown scope: {name}")))?;
            oauth.grants.refresh(form.need("refresh_token")?, wanted, now)?
        }
        other => {
            return Err(OAuthError::new(
                "unsupported_grant_type",
                format!("Invalid grant_type: {other}"),
            ));
        }
    };
    // Signing may have to make the keys first.
    off_thread(move || oauth.reply(&issued)).await
}

/// Reads a form; anything else in the body is refused.
fn read_form(headers: &HeaderMap, body: &[u8]) -> Result<Parameters, OAuthError> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(OAuthError::new("invalid_request", "Bad Request"));
    }
    let form = Parameters::read(body);
    match form.repeated() {
        Some(name) => Err(OAuthError::new(
            "invalid_request",
            format!("OAuth 2 parameters can only have a single value: {name}"),
        )),
        None => Ok(form),
    }
}

impl OAuth {
    fn check_client(&self, headers: &HeaderMap, form: &Parameters) -> Result<(), OAuthError> {
        let basic = basic_credentials(headers)?;
        let (id, secret) = match &basic {
            Some((id, secret)) => (Some(id.as_str()), Some(secret.as_str())),
            None => (form.get("client_id"), form.get("client_secret")),
        };
        let id = id.ok_or_else(|| {
            OAuthError::new("invalid_request", "Could not determine client ID from request.")
        })?;
        if id != self.client.id {
            return Err(OAuthError::client("The OAuth client was not found."));
        }
        let secret = secret.ok_or_else(|| OAuthError::new("invalid_request", "client_secret is missing."))?;
        if secret != self.client.secret {
            return Err(OAuthError::client("The provided client secret is invalid."));
        }
        Ok(())
    }

    fn reply(&self, issued: &Issued) -> Result<Response, OAuthError> {
        // An account that was there at the consent may be gone by `POST /__reset`; then so is its grant.
        let account = self
            .accounts
            .get(&issued.email)
            .ok_or_else(OAuthError::dead_grant)?;
        let mut reply = json!({
            "access_token": issued.access_token,
            "expires_in": ACCESS_LIFETIME.as_secs(),
            "scope": scope::joined(&issued.scopes),
            "token_type": "Bearer",
        });
        if let Some(token) = &issued.refresh_token {
            reply["refresh_token"] = json!(token);
        }
        if issued.scopes.contains(&Scope::OpenId) {
            let nonce = issued.nonce.as_deref();
            reply["id_token"] = json!(self.id_token(&account, &issued.scopes, nonce, &issued.access_token));
        }
        let head = [
            (
                header::CACHE_CONTROL,
                "no-cache, no-store, max-age=0, must-revalidate",
            ),
            (header::PRAGMA, "no-cache"),
        ];
        Ok((head, Json(reply)).into_response())
    }
}

/// Id and secret of a `Basic` header, whose parts are encoded like a form's (RFC 6749, 2.3.1).
fn basic_credentials(headers: &HeaderMap) -> Result<Option<(String, String)>, OAuthError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let read = || {
        let encoded = value.to_str().ok()?.strip_prefix("Basic ")?;
        let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
        let (id, secret) = text.split_once(':')?;
        let decoded = |text: &str| {
            let pair = format!("x={text}");
            Parameters::read(pair.as_bytes()).get("x").map(str::to_owned)
        };
        Some((decoded(id)?, decoded(secret)?))
    };
    read()
        .map(Some)
        .ok_or_else(|| OAuthError::client("The Authorization header cannot be read."))
}
