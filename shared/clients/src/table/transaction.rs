//! Several writes that all happen or none.

use aws_sdk_dynamodb::{
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update},
};
use serde::Serialize;

use super::{Condition, Item, Key, PutError, Table, encode};
use crate::error::AwsError;

/// One write of a transaction.
#[derive(Debug)]
pub(crate) struct Write(TransactWriteItem);

impl Table {
    /// The write of one item whole, to be part of a transaction.
    pub(crate) fn write<T: Serialize>(
        &self,
        key: &Key,
        item: &T,
        condition: &Condition,
    ) -> Result<Write, AwsError> {
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(encode(key, item, || format!("writing {}", key.sk))?))
            .set_condition_expression(condition.expression().map(str::to_owned))
            .set_expression_attribute_values(condition.values())
            .build()
            .map_err(|error| AwsError::new(format!("writing {}", key.sk), error))?;
        Ok(Write(TransactWriteItem::builder().put(put).build()))
    }

    /// An update by expression, to be part of a transaction. It makes the item where there is none.
    pub(crate) fn update(&self, key: &Key, expression: &str, values: Item) -> Result<Write, AwsError> {
        self.any_update(key, expression, None, values)
    }

    /// An update by expression where the condition, an expression too, is met, to be part of a transaction.
    pub(crate) fn update_where(
        &self,
        key: &Key,
        expression: &str,
        condition: &str,
        values: Item,
    ) -> Result<Write, AwsError> {
        self.any_update(key, expression, Some(condition), values)
    }

    fn any_update(
        &self,
        key: &Key,
        expression: &str,
        condition: Option<&str>,
        values: Item,
    ) -> Result<Write, AwsError> {
        let update = Update::builder()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk.clone()))
            .key("sk", AttributeValue::S(key.sk.clone()))
            .update_expression(expression)
            .set_condition_expression(condition.map(str::to_owned))
            .set_expression_attribute_values(Some(values))
            .build()
            .map_err(|error| AwsError::new(format!("changing {}", key.sk), error))?;
        Ok(Write(TransactWriteItem::builder().update(update).build()))
    }

    /// The removal of one item, to be part of a transaction; that it is not there is fine.
    pub(crate) fn removal(&self, key: &Key) -> Result<Write, AwsError> {
        let delete = Delete::builder()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk.clone()))
            .key("sk", AttributeValue::S(key.sk.clone()))
            .build()
            .map_err(|error| AwsError::new(format!("removing {}", key.sk), error))?;
        Ok(Write(TransactWriteItem::builder().delete(delete).build()))
    }

    /// The condition of an item that is not written, to be part of a transaction.
    pub(crate) fn check(&self, key: &Key, condition: &Condition) -> Result<Write, AwsError> {
        let check = ConditionCheck::builder()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk.clone()))
            .key("sk", AttributeValue::S(key.sk.clone()))
            .set_condition_expression(condition.expression().map(str::to_owned))
            .set_expression_attribute_values(condition.values())
            .build()
            .map_err(|error| AwsError::new(format!("checking {}", key.sk), error))?;
        Ok(Write(TransactWriteItem::builder().condition_check(check).build()))
    }

    /// Does all of these writes or none.
    ///
    /// [`PutError::Conflict`] where a condition was not met, or where another transaction was busy with one of the items
    /// (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>): what to do is the
    /// same, to read again.
    pub(crate) async fn transact(&self, action: &str, writes: Vec<Write>) -> Result<(), PutError> {
        let done = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes.into_iter().map(|write| write.0).collect()))
            .send()
            .await;
        match done {
            Ok(_) => Ok(()),
            Err(error)
                if error.as_service_error().is_some_and(|error| {
                    is_lost_race(error) || error.is_transaction_in_progress_exception()
                }) =>
            {
                Err(PutError::Conflict)
            }
            Err(error) => Err(AwsError::new(action, error).into()),
        }
    }
}

/// Whether a transaction was cancelled for no worse reasons than that others came first.
fn is_lost_race(error: &TransactWriteItemsError) -> bool {
    let TransactWriteItemsError::TransactionCanceledException(canceled) = error else {
        return false;
    };
    canceled
        .cancellation_reasons()
        .iter()
        .filter_map(|reason| reason.code())
        .all(|code| matches!(code, "None" | "ConditionalCheckFailed" | "TransactionConflict"))
}
