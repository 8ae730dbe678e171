//! Lists of keys.

use aws_sdk_dynamodb::types::AttributeValue;
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
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let reply = self
                .table
                .client
                .query()
                .table_name(&self.table.name)
                .key_condition_expression("pk = :user AND begins_with(sk, :keys)")
                .expression_attribute_values(":user", AttributeValue::S(format!("USER#{user}")))
                .expression_attribute_values(":keys", AttributeValue::S("KEY#".to_owned()))
                .scan_index_forward(false)
                .set_exclusive_start_key(start.take())
                .send()
                .await
                .map_err(|error| AwsError::new(format!("listing the keys of {user}"), error))?;
            items.extend(reply.items.unwrap_or_default());
            start = reply.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        let keys = try_join_all(items.into_iter().map(|item| self.listed(user, item))).await?;
        Ok(keys.into_iter().flatten().collect())
    }

    async fn listed(&self, user: UserId, item: Item) -> Result<Option<ListedKey>, AwsError> {
        let action = || format!("listing the keys of {user}");
        let id: Option<KeyId> = item
            .get("sk")
            .and_then(|sk| sk.as_s().ok()?.strip_prefix("KEY#")?.parse().ok());
        let item: ListedKeyItem = table::decode(item, action)?;
        let Some(id) = id.filter(|_| item.state != KeyState::Issuing) else {
            return Ok(None);
        };
        let by_hash = Key {
            pk: format!("KEY#{}", item.sha256),
            sk: "KEY".to_owned(),
        };
        let by_hash_item: Option<KeyItem> = self.table.get(&by_hash).await?;
        Ok(Some(ListedKey::of(user, id, item, by_hash_item.as_ref())))
    }

    /// Keys whose issue or end is not finished, and keys that end by themselves.
    pub async fn unfinished(&self) -> Result<Vec<(UserId, KeyId)>, AwsError> {
        let keys = self.table.unfinished(row::ACTIVE, clock::now()).await?;
        Ok(keys.iter().filter_map(|key| key.owner_and_id("KEY#")).collect())
    }
}
