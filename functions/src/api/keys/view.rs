//! API keys as their owner sees them.

use jiff::Timestamp;
use packshot_clients::keys::{KeyState, ListedKey};
use packshot_domain::{
    api_key::{self, ApiKey},
    scope::Scope,
};
use serde::Serialize;
use utoipa::{ToSchema, openapi::Object};

use crate::named_schemas::{one_of, scopes};

/// A key as its owner sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(super) struct KeyView {
    /// Its id, which opens nothing.
    #[schema(example = "key_01kav3ha4rg6v8x0z2b4d6f8hj")]
    id: String,
    /// Always `api_key`.
    #[schema(value_type = String, example = "api_key")]
    object: &'static str,
    /// What its owner calls it.
    name: String,
    /// How it begins.
    #[schema(value_type = String, example = "packshot_live_")]
    prefix: &'static str,
    /// How it ends.
    last_four: String,
    /// What it may do.
    #[schema(schema_with = scopes)]
    scopes: Vec<&'static str>,
    /// Whether it opens anything.
    #[schema(schema_with = key_status)]
    status: &'static str,
    /// When it was made.
    created_at: Timestamp,
    /// When it was last used, to the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
    /// From when on it opens nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
    /// The key itself: only in the answer that creates it.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl KeyView {
    pub(super) fn of(key: ListedKey, now: Timestamp) -> Self {
        let is_over = key.valid_until.is_some_and(|end| end <= now);
        Self {
            id: key.id.to_string(),
            object: "api_key",
            name: key.name,
            prefix: api_key::PREFIX,
            last_four: key.last_four,
            scopes: key.scopes.iter().map(Scope::as_str).collect(),
            status: match key.state {
                _ if key.revoked_at.is_some() => "revoked",
                KeyState::Issuing | KeyState::Active if !is_over => "active",
                _ => "expired",
            },
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            expires_at: key.valid_until.filter(|_| key.revoked_at.is_none()),
            revoked_at: key.revoked_at,
            key: None,
        }
    }

    /// With the key itself, for the one answer that shows it.
    pub(super) fn showing(self, key: &ApiKey) -> Self {
        Self {
            key: Some(key.reveal().to_owned()),
            ..self
        }
    }
}

/// The states of [`KeyView::of`].
fn key_status() -> Object {
    one_of("Whether it opens anything.", ["active", "expired", "revoked"])
}

/// Somebody's keys, those that have ended too.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyList)]
pub(super) struct KeyList {
    /// Always `list`.
    #[schema(value_type = String, example = "list")]
    object: &'static str,
    data: Vec<KeyView>,
}

impl KeyList {
    pub(super) fn of(keys: impl IntoIterator<Item = ListedKey>, now: Timestamp) -> Self {
        Self {
            object: "list",
            data: keys.into_iter().map(|key| KeyView::of(key, now)).collect(),
        }
    }
}
