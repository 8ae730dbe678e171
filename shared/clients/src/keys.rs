//! API keys: looking one up when it is used; issuing, rolling, revoking and repairing them.

mod gateway;
mod issuer;
mod list;
mod removal;
mod row;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use packshot_domain::{
    api_key::ApiKey,
    id::{KeyId, UserId},
    scope::Scopes,
};

pub use self::issuer::{IssuedKey, KeyError, KeyIssuer, NewKey};
use self::row::KeyItem;
pub use self::row::{KeyState, ListedKey};
use crate::{
    clock,
    error::AwsError,
    table::{Item, Key, PutError, Table},
};

/// When a key was last used is written down at most this often.
const USE_NOTED_EVERY_SECONDS: i64 = 60;

/// Who sent a request, by which key.
#[derive(Debug, Clone)]
pub struct KeyOwner {
    /// The user.
    pub user: UserId,
    /// The key.
    pub key: KeyId,
    /// What it may do.
    pub scopes: Scopes,
    row: Key,
    last_used_at: Option<Timestamp>,
}

/// Keys in the table.
#[derive(Debug, Clone)]
pub struct ApiKeys {
    table: Table,
}

impl ApiKeys {
    /// The keys of this table.
    pub const fn new(table: Table) -> Self {
        Self { table }
    }

    /// Whose key this is; `None` for one that was never issued, or is no longer valid.
    pub async fn owner_of(&self, key: &ApiKey) -> Result<Option<KeyOwner>, AwsError> {
        let hash = key.hash();
        let row = Key::api_key(&hash);
        let item: Option<KeyItem> = self.table.get(&row).await?;
        let is_valid = |item: &KeyItem| {
            hash.matches(&item.sha256) && item.valid_until.is_none_or(|end| clock::now() < end)
        };
        let Some(item) = item.filter(is_valid) else {
            return Ok(None);
        };
        let corrupt = || AwsError::new("reading an API key", "its row names no user or key");
        Ok(Some(KeyOwner {
            user: item.user_id.parse().map_err(|_| corrupt())?,
            key: item.key_id.parse().map_err(|_| corrupt())?,
            scopes: row::scopes_of(item.scopes.as_deref()),
            row,
            last_used_at: item.last_used_at,
        }))
    }

    /// Notes that a key is used, unless that was noted a moment ago.
    pub async fn note_use(&self, owner: &KeyOwner) -> Result<(), AwsError> {
        let now = clock::now();
        let is_fresh = |at: Timestamp| now.duration_since(at).as_secs() < USE_NOTED_EVERY_SECONDS;
        if owner.last_used_at.is_some_and(is_fresh) {
            return Ok(());
        }
        let values = Item::from([(":now".to_owned(), AttributeValue::S(now.to_string()))]);
        let noted = self
            .table
            .change(
                &owner.row,
                "SET last_used_at = :now",
                "attribute_exists(pk)",
                values,
            )
            .await;
        match noted {
            // A key that was removed meanwhile must not come back as half a row.
            Ok(()) | Err(PutError::Conflict) => Ok(()),
            Err(PutError::Aws(error)) => Err(error),
        }
    }
}
