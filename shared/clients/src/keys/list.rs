//! Lists of keys.

use futures_util::future::try_join_all;
use packshot_domain::id::{KeyId, UserId};

use super::{
    ApiKeys,
    row::{self, KeyItem, KeyState, ListedKey, ListedKeyItem},
};
use crate::{
    clock,
    error::AwsError,
    table::{self, Item, Key},
};

impl ApiKeys {
    /// A user's keys, newest first; ended ones too, for a while.
    pub async fn list(&self, user: UserId) -> Result<Vec<ListedKey>, AwsError> {
        let items = self
            .table
            .newest(&Key::user(user).pk, Key::API_KEYS, usize::MAX, None)
            .await?;
        let keys = try_join_all(items.into_iter().map(|item| self.listed(user, item))).await?;
        Ok(keys.into_iter().flatten().collect())
    }

    async fn listed(&self, user: UserId, item: Item) -> Result<Option<ListedKey>, AwsError> {
        let (id, item) = row(item)?;
        if item.state == KeyState::Issuing {
            return Ok(None);
        }
        let by_hash = Key::api_key_of_hash(&item.sha256);
        let by_hash_item: Option<KeyItem> = self.table.get(&by_hash).await?;
        Ok(Some(ListedKey::of(user, id, item, by_hash_item.as_ref())))
    }

    /// Keys whose issue or end is not finished, and keys that end by themselves.
    pub async fn unfinished(&self) -> Result<Vec<(UserId, KeyId)>, AwsError> {
        let keys = self.table.unfinished(row::ACTIVE, clock::now()).await?;
        Ok(keys
            .iter()
            .filter_map(|key| key.owner_and_id(Key::API_KEYS))
            .collect())
    }
}

/// A listed row with the id that is in its key.
pub(super) fn row(item: Item) -> Result<(KeyId, ListedKeyItem), AwsError> {
    let action = || "listing keys".to_owned();
    let id = item
        .get("sk")
        .and_then(|sk| sk.as_s().ok()?.strip_prefix(Key::API_KEYS)?.parse().ok());
    let id = id.ok_or_else(|| AwsError::new(action(), "a row has no id"))?;
    Ok((id, table::decode(item, action)?))
}
