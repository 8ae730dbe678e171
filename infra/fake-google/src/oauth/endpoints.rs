//! Discovery, keys, userinfo and revocation, and the paths of them all.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::{HeaderMap, header};
use serde_json::{Value, json};

use super::error::OAuthError;
use super::parameters::Parameters;
use super::scope::Scope;
use super::{OAuth, bearer_token, consent, id_token, off_thread, token};

/// How long the keys may be kept; Google says some hours.
const KEYS_MAX_AGE: &str = "public, max-age=19204, must-revalidate, no-transform";

/// All paths of signing in.
pub(crate) fn router(oauth: Arc<OAuth>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/o/oauth2/v2/auth", get(consent::ask))
        .route("/o/oauth2/v2/auth/decision", post(consent::decide))
        .route("/token", post(token::exchange))
        .route("/oauth2/v3/certs", get(keys))
        .route("/v1/userinfo", get(userinfo).post(userinfo))
        .route("/revoke", post(revoke))
        .with_state(oauth)
}

async fn discovery(State(oauth): State<Arc<OAuth>>) -> Response {
    let at = |path: &str| format!("{}{path}", oauth.issuer);
    let body = json!({
        "issuer": oauth.issuer,
        "authorization_endpoint": at("/o/oauth2/v2/auth"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/v1/userinfo"),
        "revocation_endpoint": at("/revoke"),
        "jwks_uri": at("/oauth2/v3/certs"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss",
            "name", "picture", "sub"],
        "code_challenge_methods_supported": ["plain", "S256"],
    });
    ([(header::CACHE_CONTROL, "public, max-age=3600")], Json(body)).into_response()
}

async fn keys(State(oauth): State<Arc<OAuth>>) -> Result<Response, OAuthError> {
    let set = off_thread(move || Ok(oauth.keys.to_set())).await?;
    Ok(([(header::CACHE_CONTROL, KEYS_MAX_AGE)], Json(set)).into_response())
}

async fn userinfo(State(oauth): State<Arc<OAuth>>, headers: HeaderMap) -> Result<Json<Value>, OAuthError> {
    let bearer = bearer_token(&headers).and_then(|token| oauth.bearer(token));
    let bearer = bearer.ok_or_else(OAuthError::credentials)?;
    if !bearer.scopes.contains(&Scope::OpenId) {
        return Err(OAuthError {
            status: 403,
            ..OAuthError::new(
                "insufficient_scope",
                "The token does not allow to know who the person is.",
            )
        });
    }
    let account = oauth.accounts.get(&bearer.email);
    let account = account.ok_or_else(OAuthError::credentials)?;
    Ok(Json(Value::Object(id_token::profile(&account, &bearer.scopes))))
}

async fn revoke(
    State(oauth): State<Arc<OAuth>>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Json<Value>, OAuthError> {
    let (form, query) = (
        Parameters::read(&body),
        Parameters::read(query.unwrap_or_default().as_bytes()),
    );
    let token = form.get("token").or_else(|| query.get("token"));
    let token =
        token.ok_or_else(|| OAuthError::new("invalid_request", "Missing required parameter: token"))?;
    oauth.grants.revoke_by_token(token, oauth.clock.now())?;
    Ok(Json(json!({})))
}
