//! Who sent a request.

use axum::http::HeaderMap;
use packshot_clients::keys::{ApiKeys, KeyOwner};
use packshot_domain::api_key::ApiKey;

use super::problem::ApiError;

/// The caller whom the `x-api-key` header names. A typo is refused by the key's checksum, without a read.
pub(super) async fn authenticate(keys: &ApiKeys, headers: &HeaderMap) -> Result<KeyOwner, ApiError> {
    let text = headers
        .get("x-api-key")
        .and_then(|value| value.to_str().ok())
        .ok_or_else(ApiError::invalid_api_key)?;
    let key = ApiKey::parse(text).map_err(|_| ApiError::invalid_api_key())?;
    keys.owner_of(&key).await?.ok_or_else(ApiError::invalid_api_key)
}
