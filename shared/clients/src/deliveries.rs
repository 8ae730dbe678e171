//! What was sent to whom: webhook deliveries with every attempt, and the marks that keep a mail from going out twice.

mod mails;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use packshot_domain::id::{EventId, JobId, UserId};
use serde::{Deserialize, Serialize};

pub use self::mails::MailAbout;
use crate::{
    clock,
    error::AwsError,
    table::{self, Condition, Key, PutError, Table},
};

/// Records are kept for 90 days after their last change.
const KEPT_FOR_SECONDS: i64 = 90 * 24 * 3600;

/// An attempt that is overdue for so long will not come: no function that holds its message runs longer.
const OVERDUE_SECONDS: i64 = 15 * 60;

/// Where a webhook delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// More attempts will be made.
    Pending,
    /// The receiver answered with 2xx.
    Delivered,
    /// The receiver answered with 410: it does not want this one.
    Gone,
    /// Every attempt failed.
    Exhausted,
    /// It was not tried, or not to the end, because the account's endpoint was disabled or there was none any more.
    Skipped,
}

impl DeliveryStatus {
    /// The name that callers know.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Gone => "gone",
            Self::Exhausted => "exhausted",
            Self::Skipped => "skipped",
        }
    }
}

/// One try to deliver a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub milliseconds: u64,
    /// The HTTP status of the answer, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// In words, why it was not a success.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// The first kilobyte of the answer, for the owner to see what their endpoint said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// A webhook and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    schema: u8,
    version: u64,
    /// The event's id.
    pub event_id: String,
    /// The job that it is about.
    pub job_id: String,
    /// The event's type, `job.completed` and the like.
    #[serde(rename = "type")]
    pub event_type: String,
    /// Where it goes.
    pub url: String,
    /// Where it is.
    pub status: DeliveryStatus,
    /// Every attempt so far, oldest first.
    pub attempts: Vec<Attempt>,
    /// When it was first written down; rows from before that was noted have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When the next attempt is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<Timestamp>,
    /// When the row is removed, in seconds since 1970.
    expires_at: i64,
}

impl Delivery {
    /// A delivery before its first attempt.
    pub fn new(event: EventId, job: JobId, event_type: &str, url: &str) -> Self {
        Self {
            schema: 1,
            version: 0,
            event_id: event.to_string(),
            job_id: job.to_string(),
            event_type: event_type.to_owned(),
            url: url.to_owned(),
            status: DeliveryStatus::Pending,
            attempts: Vec::new(),
            created_at: Some(clock::now()),
            next_attempt_at: None,
            expires_at: 0,
        }
    }

    /// Whether more attempts are to be expected. A pending delivery whose attempt is long overdue has lost its message.
    pub fn is_under_way(&self, now: Timestamp) -> bool {
        let is_overdue = |due: Timestamp| now.duration_since(due).as_secs() > OVERDUE_SECONDS;
        self.status == DeliveryStatus::Pending && !self.next_attempt_at.is_some_and(is_overdue)
    }

    /// Whether it did not arrive and will not by itself.
    pub fn has_failed(&self, now: Timestamp) -> bool {
        match self.status {
            DeliveryStatus::Exhausted | DeliveryStatus::Skipped => true,
            DeliveryStatus::Pending => !self.is_under_way(now),
            DeliveryStatus::Delivered | DeliveryStatus::Gone => false,
        }
    }

    /// Whether it was to arrive, and did not, at some time between these moments.
    pub fn was_open_between(&self, since: Timestamp, until: Timestamp) -> bool {
        let first = self.created_at.or_else(|| Some(self.attempts.first()?.at));
        let last = self.attempts.last().map(|attempt| attempt.at).max(first);
        first.is_some_and(|first| first <= until) && last.is_some_and(|last| since <= last)
    }

    /// The delivery before it is sent once more; its attempts stay.
    #[must_use]
    pub fn reopened(&self, now: Timestamp) -> Self {
        Self {
            status: DeliveryStatus::Pending,
            next_attempt_at: Some(now),
            ..self.clone()
        }
    }
}

/// The records of what was sent.
#[derive(Debug, Clone)]
pub struct Deliveries {
    table: Table,
}

impl Deliveries {
    /// The records of this table.
    pub const fn new(table: Table) -> Self {
        Self { table }
    }

    /// A delivery's record, if an attempt has been recorded.
    pub async fn get(&self, owner: UserId, event: EventId) -> Result<Option<Delivery>, AwsError> {
        self.table.get(&Key::delivery(owner, event)).await
    }

    /// A user's deliveries, newest first, from the one after `after`, at most `most`.
    pub async fn list(
        &self,
        owner: UserId,
        most: usize,
        after: Option<EventId>,
    ) -> Result<Vec<Delivery>, AwsError> {
        let action = || format!("listing the deliveries of {owner}");
        let items = self
            .table
            .newest(
                &format!("USER#{owner}"),
                "DELIVERY#",
                most,
                after.map(|after| Key::delivery(owner, after)),
            )
            .await?;
        items
            .into_iter()
            .map(|item| table::decode(item, action))
            .collect()
    }

    /// A user's deliveries that have failed and were open between these moments, oldest first, at most `most`.
    ///
    /// Their ids tell when their jobs were made, which may be two days before the event and weeks before its last
    /// attempt: all that have not arrived are looked at.
    pub async fn failed_between(
        &self,
        owner: UserId,
        since: Timestamp,
        until: Timestamp,
        most: usize,
    ) -> Result<Vec<Delivery>, AwsError> {
        let action = || format!("listing the failed deliveries of {owner}");
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let (now, mut found, mut start) = (clock::now(), Vec::new(), None);
        loop {
            let reply = self
                .table
                .client
                .query()
                .table_name(&self.table.name)
                .key_condition_expression("pk = :user AND begins_with(sk, :deliveries)")
                .filter_expression("#status IN (:pending, :exhausted, :skipped)")
                .expression_attribute_names("#status", "status")
                .expression_attribute_values(":user", text(&format!("USER#{owner}")))
                .expression_attribute_values(":deliveries", text("DELIVERY#"))
                .expression_attribute_values(":pending", text("pending"))
                .expression_attribute_values(":exhausted", text("exhausted"))
                .expression_attribute_values(":skipped", text("skipped"))
                .set_exclusive_start_key(start.take())
                .send()
                .await
                .map_err(|error| AwsError::new(action(), error))?;
            for item in reply.items.unwrap_or_default() {
                let delivery: Delivery = table::decode(item, action)?;
                if delivery.has_failed(now) && delivery.was_open_between(since, until) {
                    found.push(delivery);
                }
            }
            start = reply.last_evaluated_key;
            if start.is_none() || found.len() >= most {
                found.truncate(most);
                return Ok(found);
            }
        }
    }

    /// Writes a delivery's record as it is after an attempt.
    ///
    /// `false` where another invocation wrote it meanwhile: SQS may hand out a message twice, and the record of the
    /// other attempt stays.
    pub async fn save(&self, owner: UserId, event: EventId, delivery: &Delivery) -> Result<bool, AwsError> {
        let condition = if delivery.version == 0 {
            Condition::Absent
        } else {
            Condition::Version(delivery.version)
        };
        let mut next = delivery.clone();
        next.version += 1;
        next.expires_at = expiry();
        match self
            .table
            .put(&Key::delivery(owner, event), &next, condition)
            .await
        {
            Ok(()) => Ok(true),
            Err(PutError::Conflict) => Ok(false),
            Err(PutError::Aws(error)) => Err(error),
        }
    }
}

fn expiry() -> i64 {
    clock::now().as_second() + KEPT_FOR_SECONDS
}

#[cfg(test)]
mod tests;
