//! The one table: its keys, and the plain reads and conditional writes that every store is made of.

use std::collections::HashMap;

use aws_sdk_dynamodb::{Client, error::SdkError, operation::put_item::PutItemError, types::AttributeValue};
use packshot_domain::{
    api_key::ApiKeyHash,
    id::{EventId, JobId, KeyId, UserId},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::error::{AwsError, BoxError};

/// The sparse index of jobs that have not ended: only their rows have its key.
pub(crate) const ACTIVE_INDEX: &str = "active-jobs";

/// Where an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Key {
    pub(crate) fn user(user: UserId) -> Self {
        Self::of_user(user, "PROFILE".to_owned())
    }

    pub(crate) fn job(user: UserId, job: JobId) -> Self {
        Self::of_user(user, format!("JOB#{job}"))
    }

    pub(crate) fn listed_api_key(user: UserId, key: KeyId) -> Self {
        Self::of_user(user, format!("KEY#{key}"))
    }

    pub(crate) fn delivery(user: UserId, event: EventId) -> Self {
        Self::of_user(user, format!("DELIVERY#{event}"))
    }

    pub(crate) fn sent_mail(user: UserId, job: JobId) -> Self {
        Self::of_user(user, format!("SENT#{job}#email"))
    }

    pub(crate) fn api_key(hash: &ApiKeyHash) -> Self {
        Self {
            pk: format!("KEY#{}", hash.as_str()),
            sk: "KEY".to_owned(),
        }
    }

    fn of_user(user: UserId, sk: String) -> Self {
        Self {
            pk: format!("USER#{user}"),
            sk,
        }
    }
}

/// The rule of a write.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    /// Write whatever is there.
    None,
    /// Nothing may be there.
    Absent,
    /// The item there has this version.
    Version(u64),
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
            .set_item(Some(encode(key, item, action)?));
        let put = match condition {
            Condition::None => put,
            Condition::Absent => put.condition_expression("attribute_not_exists(pk)"),
            Condition::Version(version) => put
                .condition_expression("version = :before")
                .expression_attribute_values(":before", AttributeValue::N(version.to_string())),
        };
        match put.send().await {
            Ok(_) => Ok(()),
            Err(error) if is_conflict(&error) => Err(PutError::Conflict),
            Err(error) => Err(AwsError::new(action(), error).into()),
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

fn is_conflict(error: &SdkError<PutItemError>) -> bool {
    error
        .as_service_error()
        .is_some_and(PutItemError::is_conditional_check_failed_exception)
}
