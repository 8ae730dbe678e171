//! The one table: its keys, and the plain reads and conditional writes that every store is made of.

mod key;
mod lists;
mod transaction;

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::{delete_item::DeleteItemError, put_item::PutItemError},
    types::AttributeValue,
};
use rand::RngExt;
use serde::{Serialize, de::DeserializeOwned};

pub(crate) use self::{key::Key, transaction::Write};
use crate::error::{AwsError, BoxError};

/// The rule of a write.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    /// Write whatever is there.
    None,
    /// Something must be there.
    Present,
    /// Something must be there that is not marked as deleted.
    NotDeleted,
    /// Nothing may be there.
    Absent,
    /// Nothing may be there but what the table is about to remove: its `expires_at` was before this second.
    AbsentOrExpired(i64),
    /// The item there has this version.
    Version(u64),
}

impl Condition {
    /// The rule for an item that counts its changes, 0 before the first.
    pub(crate) const fn at(version: u64) -> Self {
        if version == 0 {
            Self::Absent
        } else {
            Self::Version(version)
        }
    }

    /// As an expression; `:before` stands for its number.
    const fn expression(&self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Present => Some("attribute_exists(pk)"),
            Self::NotDeleted => Some("attribute_exists(pk) AND attribute_not_exists(deleted_at)"),
            Self::Absent => Some("attribute_not_exists(pk)"),
            Self::AbsentOrExpired(_) => Some("attribute_not_exists(pk) OR expires_at < :before"),
            Self::Version(_) => Some("version = :before"),
        }
    }

    fn values(&self) -> Option<Item> {
        let number = match self {
            Self::None | Self::Present | Self::NotDeleted | Self::Absent => return None,
            Self::AbsentOrExpired(second) => second.to_string(),
            Self::Version(version) => version.to_string(),
        };
        Some(Item::from([(":before".to_owned(), AttributeValue::N(number))]))
    }
}

/// Why a write did not happen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PutError {
    /// What is there is not what the condition asked for.
    #[error("the item is not as expected")]
    Conflict,
    /// The table could not be written.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

/// The table.
#[derive(Debug, Clone)]
pub struct Table {
    pub(crate) client: Client,
    pub(crate) name: String,
}

impl Table {
    /// The table of this name.
    pub fn new(config: &aws_config::SdkConfig, name: String) -> Self {
        Self {
            client: Client::new(config),
            name,
        }
    }

    /// Reads one item as it is at this moment.
    pub(crate) async fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, AwsError> {
        let action = || format!("reading {}", key.sk);
        let reply = self
            .client
            .get_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk.clone()))
            .key("sk", AttributeValue::S(key.sk.clone()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsError::new(action(), error))?;
        reply.item.map(|item| decode(item, action)).transpose()
    }

    /// Writes one item whole.
    pub(crate) async fn put<T: Serialize>(
        &self,
        key: &Key,
        item: &T,
        condition: Condition,
    ) -> Result<(), PutError> {
        let action = || format!("writing {}", key.sk);
        let put = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(encode(key, item, action)?))
            .set_condition_expression(condition.expression().map(str::to_owned))
            .set_expression_attribute_values(condition.values());
        match put.send().await {
            Ok(_) => Ok(()),
            Err(error) if is_conflict(&error) => Err(PutError::Conflict),
            Err(error) => Err(AwsError::new(action(), error).into()),
        }
    }

    /// Updates one item by expression where the condition, an expression too, is met.
    pub(crate) async fn change(
        &self,
        key: &Key,
        expression: &str,
        condition: &str,
        values: Item,
    ) -> Result<(), PutError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk.clone()))
            .key("sk", AttributeValue::S(key.sk.clone()))
            .update_expression(expression)
            .condition_expression(condition)
            .set_expression_attribute_values(Some(values));
        match update.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error.as_service_error().is_some_and(|error| {
                    error.is_conditional_check_failed_exception() || error.is_transaction_conflict_exception()
                }) =>
            {
                Err(PutError::Conflict)
            }
            Err(error) => Err(AwsError::new(format!("changing {}", key.sk), error).into()),
        }
    }

    /// Removes one item where the condition is met.
    pub(crate) async fn delete_where(&self, key: &Key, condition: Condition) -> Result<(), PutError> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk.clone()))
            .key("sk", AttributeValue::S(key.sk.clone()))
            .set_condition_expression(condition.expression().map(str::to_owned))
            .set_expression_attribute_values(condition.values());
        match delete.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(DeleteItemError::is_conditional_check_failed_exception) =>
            {
                Err(PutError::Conflict)
            }
            Err(error) => Err(AwsError::new(format!("removing {}", key.sk), error).into()),
        }
    }

    /// Removes one item; that it is not there is fine.
    pub(crate) async fn delete(&self, key: &Key) -> Result<(), AwsError> {
        self.client
            .delete_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk.clone()))
            .key("sk", AttributeValue::S(key.sk.clone()))
            .send()
            .await
            .map(drop)
            .map_err(|error| AwsError::new(format!("removing {}", key.sk), error))
    }
}

pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) fn encode<T: Serialize>(
    key: &Key,
    item: &T,
    action: impl Fn() -> String,
) -> Result<Item, AwsError> {
    let mut item: Item = serde_dynamo::to_item(item).map_err(|error| AwsError::new(action(), error))?;
    item.insert("pk".to_owned(), AttributeValue::S(key.pk.clone()));
    item.insert("sk".to_owned(), AttributeValue::S(key.sk.clone()));
    Ok(item)
}

pub(crate) fn decode<T: DeserializeOwned>(item: Item, action: impl Fn() -> String) -> Result<T, AwsError> {
    serde_dynamo::from_item(item).map_err(|error| AwsError::new(action(), BoxError::from(error)))
}

/// Waits a moment after a lost race, a random one so that not all come back together, and a longer one each time.
pub(crate) async fn let_others_go_first(attempt: u64) {
    let longest = (10 * attempt).min(250);
    let wait = rand::rng().random_range(0..=longest);
    tokio::time::sleep(Duration::from_millis(wait)).await;
}

/// A transaction that is busy with the item is a race that was lost, too.
fn is_conflict(error: &SdkError<PutItemError>) -> bool {
    error.as_service_error().is_some_and(|error| {
        error.is_conditional_check_failed_exception() || error.is_transaction_conflict_exception()
    })
}
