//! What was used, per day and key: requests, jobs, images and their cost.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use packshot_domain::{
    id::{KeyId, UserId},
    money::MicroUsd,
};
use serde::Deserialize;

use crate::{
    clock,
    error::AwsError,
    table::{self, Item, Key, Table, Write},
};

/// Rows are kept for a year and a month: to compare with the same month of the year before.
const KEPT_FOR_SECONDS: i64 = 396 * 24 * 3600;

/// What stands in the place of a key's id for what was done on the page.
const PAGE: &str = "page";

/// The days of a user's usage.
#[derive(Debug, Clone)]
pub struct Usage {
    table: Table,
}

/// What was used on one day by one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayOfUsage {
    /// The day, in UTC.
    pub day: Date,
    /// The key; `None` for the page.
    pub key: Option<KeyId>,
    /// Requests that a key of the user was let in with.
    pub requests: u64,
    /// Jobs that were accepted.
    pub jobs: u64,
    /// Images of jobs that ended.
    pub images: u64,
    /// What those cost.
    pub cost: MicroUsd,
}

/// What is added to a day.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Used {
    pub(crate) requests: u64,
    pub(crate) jobs: u64,
    pub(crate) images: u64,
    pub(crate) cost: MicroUsd,
}

#[derive(Debug, Deserialize)]
struct UsageItem {
    sk: String,
    #[serde(default)]
    requests: u64,
    #[serde(default)]
    jobs: u64,
    #[serde(default)]
    images: u64,
    #[serde(default)]
    micro_usd: u64,
}

impl Usage {
    /// The usage in this table.
    pub const fn new(table: Table) -> Self {
        Self { table }
    }

    /// Counts a request.
    pub async fn count_request(&self, user: UserId, key: Option<KeyId>) -> Result<(), AwsError> {
        let now = clock::now();
        let one = Used {
            requests: 1,
            ..Used::default()
        };
        let at = row(user, key, now);
        self.table
            .client
            .update_item()
            .table_name(&self.table.name)
            .key("pk", AttributeValue::S(at.pk))
            .key("sk", AttributeValue::S(at.sk))
            .update_expression(ADDITION)
            .set_expression_attribute_values(Some(values(one, now)))
            .send()
            .await
            .map(drop)
            .map_err(|error| AwsError::new("counting a request", error))
    }

    /// A user's days from `since` on, oldest first.
    pub async fn days(&self, user: UserId, since: Date) -> Result<Vec<DayOfUsage>, AwsError> {
        let first = Key::usage(user, &since.to_string(), "");
        let mut days = Vec::new();
        let mut start = None;
        loop {
            let reply = self
                .table
                .client
                .query()
                .table_name(&self.table.name)
                // `~` sorts behind every day and every key.
                .key_condition_expression("pk = :user AND sk BETWEEN :first AND :last")
                .expression_attribute_values(":user", AttributeValue::S(first.pk.clone()))
                .expression_attribute_values(":first", AttributeValue::S(first.sk.clone()))
                .expression_attribute_values(":last", AttributeValue::S("USAGE#~".to_owned()))
                .set_exclusive_start_key(start.take())
                .send()
                .await
                .map_err(|error| AwsError::new("listing usage", error))?;
            for item in reply.items.unwrap_or_default() {
                days.extend(day(&table::decode(item, || "listing usage".to_owned())?));
            }
            start = reply.last_evaluated_key;
            if start.is_none() {
                return Ok(days);
            }
        }
    }
}

/// The write that counts what was used, to be part of a transaction.
pub(crate) fn write(
    table: &Table,
    user: UserId,
    key: Option<KeyId>,
    amounts: Used,
    now: Timestamp,
) -> Result<Write, AwsError> {
    table.update(&row(user, key, now), ADDITION, values(amounts, now))
}

const ADDITION: &str =
    "ADD requests :requests, jobs :jobs, images :images, micro_usd :micro_usd SET expires_at = :expires_at";

fn values(amounts: Used, now: Timestamp) -> Item {
    let expires_at = now.as_second() + KEPT_FOR_SECONDS;
    let number = |name: &str, number: String| (name.to_owned(), AttributeValue::N(number));
    Item::from([
        number(":requests", amounts.requests.to_string()),
        number(":jobs", amounts.jobs.to_string()),
        number(":images", amounts.images.to_string()),
        number(":micro_usd", amounts.cost.0.to_string()),
        number(":expires_at", expires_at.to_string()),
    ])
}

fn row(user: UserId, key: Option<KeyId>, now: Timestamp) -> Key {
    let day = now.to_zoned(TimeZone::UTC).date().to_string();
    let key = key.map_or_else(|| PAGE.to_owned(), |key| key.to_string());
    Key::usage(user, &day, &key)
}

/// A row as it is shown; one whose name makes no sense is left out.
fn day(item: &UsageItem) -> Option<DayOfUsage> {
    let (day, key) = item.sk.strip_prefix("USAGE#")?.split_once('#')?;
    let key = match key {
        PAGE => None,
        id => Some(id.parse().ok()?),
    };
    Some(DayOfUsage {
        day: day.parse().ok()?,
        key,
        requests: item.requests,
        jobs: item.jobs,
        images: item.images,
        cost: MicroUsd(item.micro_usd),
    })
}
