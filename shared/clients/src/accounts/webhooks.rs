//! A user's webhook endpoint and secrets. Each is one attribute of the user's row with a count of its changes, so that
//! neither can undo a change of the other, or of anything else in the row.

use aws_sdk_dynamodb::types::AttributeValue;
use packshot_domain::{
    id::UserId,
    webhook::{Endpoint, SigningSecrets},
};
use serde::Serialize;

use super::{
    Accounts,
    item::{self, EndpointItem, SecretItem},
};
use crate::{
    error::{AwsError, BoxError},
    table::{self, Item, Key, PutError},
};

/// How often a change is tried again when another one came first. Deliveries that end in the same second may all have
/// something to say about the endpoint.
const CHANGE_ATTEMPTS: u64 = 20;

/// What is to become of a user's endpoint.
#[derive(Debug)]
pub enum EndpointChange {
    /// It stays as it is.
    Keep,
    /// It is this one from now on.
    Set(Box<Endpoint>),
    /// There is none any more.
    Remove,
}

impl Accounts {
    /// Changes a user's endpoint: reads it, lets `decide` say what becomes of it, and writes that if nobody else changed it
    /// meanwhile (else all of that again). The answer is the endpoint after that; `None` where there is none, or no such
    /// user.
    pub async fn change_endpoint(
        &self,
        id: UserId,
        mut decide: impl FnMut(Option<&Endpoint>) -> EndpointChange,
    ) -> Result<Option<Endpoint>, AwsError> {
        for attempt in 1..=CHANGE_ATTEMPTS {
            let Some(row) = self.item(id).await? else {
                return Ok(None);
            };
            let version = row.webhook_endpoint_version;
            let before = row.webhook_endpoint.map(|item| item::endpoint(id, item));
            let before = before.transpose()?;
            let (expression, value, after) = match decide(before.as_ref()) {
                EndpointChange::Keep => return Ok(before),
                EndpointChange::Set(after) => {
                    let value = attribute(id, &EndpointItem::from(&*after))?;
                    (
                        "SET webhook_endpoint = :value, webhook_endpoint_version = :next",
                        Some(value),
                        Some(*after),
                    )
                }
                EndpointChange::Remove => (
                    "SET webhook_endpoint_version = :next REMOVE webhook_endpoint",
                    None,
                    None,
                ),
            };
            match self
                .write(id, "webhook_endpoint_version", version, expression, value)
                .await
            {
                Ok(()) => return Ok(after),
                Err(PutError::Conflict) => table::let_others_go_first(attempt).await,
                Err(PutError::Aws(error)) => return Err(error),
            }
        }
        Err(AwsError::new(
            format!("changing the endpoint of {id}"),
            "it kept changing",
        ))
    }

    /// Changes a user's secrets in the same way; `decide` answers `None` where they stay as they are. The answer is the
    /// secrets after that; `None` where there is no such user.
    ///
    /// # Errors
    ///
    /// That of `decide`, or that the table could not be read or written.
    pub async fn change_secrets<E: From<AwsError>>(
        &self,
        id: UserId,
        mut decide: impl FnMut(&SigningSecrets) -> Result<Option<SigningSecrets>, E>,
    ) -> Result<Option<SigningSecrets>, E> {
        for attempt in 1..=CHANGE_ATTEMPTS {
            let Some(row) = self.item(id).await? else {
                return Ok(None);
            };
            let before = item::signing_secrets(id, row.webhook_secrets)?;
            let Some(after) = decide(&before)? else {
                return Ok(Some(before));
            };
            let items: Vec<SecretItem> = after.all().iter().map(SecretItem::from).collect();
            let value = attribute(id, &items)?;
            let expression = "SET webhook_secrets = :value, webhook_secrets_version = :next";
            let version = row.webhook_secrets_version;
            match self
                .write(id, "webhook_secrets_version", version, expression, Some(value))
                .await
            {
                Ok(()) => return Ok(Some(after)),
                Err(PutError::Conflict) => table::let_others_go_first(attempt).await,
                Err(PutError::Aws(error)) => return Err(error.into()),
            }
        }
        Err(AwsError::new(format!("changing the secrets of {id}"), "they kept changing").into())
    }

    /// Updates the row if `counter` still is what it was.
    async fn write(
        &self,
        id: UserId,
        counter: &str,
        before: u64,
        expression: &str,
        value: Option<AttributeValue>,
    ) -> Result<(), PutError> {
        let number = |number: u64| AttributeValue::N(number.to_string());
        let mut values = Item::from([(":next".to_owned(), number(before + 1))]);
        values.extend(value.map(|value| (":value".to_owned(), value)));
        // Who is being deleted has no counters any more, as someone who has changed nothing yet.
        let condition = if before == 0 {
            format!(
                "attribute_exists(pk) AND attribute_not_exists(deleted_at) AND attribute_not_exists({counter})"
            )
        } else {
            values.insert(":before".to_owned(), number(before));
            format!("{counter} = :before")
        };
        self.table
            .change(&Key::user(id), expression, &condition, values)
            .await
    }
}

fn attribute(id: UserId, value: &impl Serialize) -> Result<AttributeValue, AwsError> {
    serde_dynamo::to_attribute_value(value)
        .map_err(|error| AwsError::new(format!("writing {id}"), BoxError::from(error)))
}
