//! Lists of items: of one partition, or of what is unfinished.

use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, types::AttributeValue};
use jiff::Timestamp;

use super::{Item, Key, Table};
use crate::error::AwsError;

/// The sparse index of what something must come back to: only such rows have its key.
const UNFINISHED_INDEX: &str = "unfinished";

impl Table {
    /// Items of one partition whose sort keys begin so, from the last one on down, after the one at `after`.
    pub(crate) async fn newest(
        &self,
        pk: &str,
        prefix: &str,
        most: usize,
        after: Option<Key>,
    ) -> Result<Vec<Item>, AwsError> {
        let mut found = Vec::new();
        let mut start = after.map(|key| {
            Item::from([
                ("pk".to_owned(), AttributeValue::S(key.pk)),
                ("sk".to_owned(), AttributeValue::S(key.sk)),
            ])
        });
        // A reply holds at most 1 MB, hence the loop.
        while found.len() < most {
            let reply = self
                .client
                .query()
                .table_name(&self.name)
                .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
                .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
                .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned()))
                .scan_index_forward(false)
                .limit(i32::try_from(most - found.len()).unwrap_or(i32::MAX))
                .set_exclusive_start_key(start.take())
                .send()
                .await
                .map_err(|error| AwsError::new(format!("listing {prefix}"), error))?;
            found.extend(reply.items.unwrap_or_default());
            start = reply.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        Ok(found)
    }

    /// The keys of one partition's items as they are at this moment, in order; only the first ones where `most` says so.
    pub(crate) async fn keys(&self, pk: &str, most: Option<i32>) -> Result<Vec<Key>, AwsError> {
        let mut found = Vec::new();
        let mut start = None;
        loop {
            let reply = self
                .client
                .query()
                .table_name(&self.name)
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
                .projection_expression("pk, sk")
                .consistent_read(true)
                .set_limit(most)
                .set_exclusive_start_key(start.take())
                .send()
                .await
                .map_err(|error| AwsError::new("listing what is in a partition", error))?;
            found.extend(reply.items.unwrap_or_default().iter().filter_map(key_of));
            start = reply.last_evaluated_key;
            if start.is_none() || most.is_some() {
                return Ok(found);
            }
        }
    }

    /// The keys of items that are unfinished in this way and were made before `before` or in the same second, oldest first.
    pub(crate) async fn unfinished(&self, active: &str, before: Timestamp) -> Result<Vec<Key>, AwsError> {
        let mut found = Vec::new();
        let mut start = None;
        loop {
            let reply = self
                .query_unfinished(active, "created_at <= :moment", end_of_second(before))
                .set_exclusive_start_key(start.take())
                .send()
                .await
                .map_err(|error| AwsError::new("listing what is unfinished", error))?;
            found.extend(reply.items.unwrap_or_default().iter().filter_map(key_of));
            start = reply.last_evaluated_key;
            if start.is_none() {
                return Ok(found);
            }
        }
    }

    /// When the items were made that are unfinished in this way and were made before `before`, oldest first, and no more than
    /// `most`. The order within a second is that of the texts: one that all agree on, and no more is promised.
    pub(crate) async fn oldest_unfinished(
        &self,
        active: &str,
        before: Timestamp,
        most: usize,
    ) -> Result<Vec<Timestamp>, AwsError> {
        let reply = self
            .query_unfinished(active, "created_at < :moment", before.to_string())
            .projection_expression("created_at")
            .limit(i32::try_from(most).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| AwsError::new("listing what is older", error))?;
        let items = reply.items.unwrap_or_default();
        let moments = items
            .iter()
            .filter_map(|item| item.get("created_at")?.as_s().ok()?.parse().ok());
        Ok(moments.collect())
    }

    /// Items that are unfinished in this way and were made when `made` says of `:moment`.
    fn query_unfinished(&self, active: &str, made: &str, moment: String) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .index_name(UNFINISHED_INDEX)
            .key_condition_expression(format!("active = :active AND {made}"))
            .expression_attribute_values(":active", AttributeValue::S(active.to_owned()))
            .expression_attribute_values(":moment", AttributeValue::S(moment))
    }
}

/// A text that no moment within the second of this one, or earlier, sorts after. Moments are written without the zeros at their
/// end, so that as texts `…:54Z` comes after `…:54.901Z`.
fn end_of_second(moment: Timestamp) -> String {
    format!("{moment:.0}")
}

fn key_of(item: &Item) -> Option<Key> {
    let part = |name: &str| item.get(name)?.as_s().ok().cloned();
    Some(Key {
        pk: part("pk")?,
        sk: part("sk")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_of_the_same_second_is_before_its_end_however_it_is_written() {
        let moment = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let end = end_of_second(moment("2026-11-26T22:49:54.901Z"));
        for earlier in [
            "22:49:53.999Z",
            "22:49:54Z",
            "22:49:54.1Z",
            "22:49:54.120Z",
            "22:49:54.901Z",
        ] {
            let written = moment(&format!("2026-11-26T{earlier}")).to_string();
            assert!(written <= end, "{written} and {end}");
        }
        assert!(moment("2026-11-26T22:49:55Z").to_string() > end);
        assert!(moment("2026-11-26T22:49:55.001Z").to_string() > end);
    }
}
