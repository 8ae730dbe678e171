//! Answers that were given before, kept for a day, so that the same request sent twice is done once.

use jiff::Timestamp;
use packshot_domain::{
    id::UserId,
    idempotency::{Fingerprint, IdempotencyKey, KEPT_FOR_SECONDS},
};
use serde::{Deserialize, Serialize};

use crate::{
    clock,
    error::AwsError,
    table::{Condition, Key, PutError, Table, Write},
};

/// How long a request that was begun may take. Past it, whoever began it is gone: no function behind the API runs longer.
const RUNNING_SECONDS: i64 = 60;

/// A request that names itself.
#[derive(Debug, Clone)]
pub struct NamedRequest {
    /// Whose.
    pub user: UserId,
    /// Its name.
    pub key: IdempotencyKey,
    /// What it asks for.
    pub fingerprint: Fingerprint,
}

/// An answer, as far as it is given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The `Location` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The JSON body.
    pub body: String,
}

/// What is known of a request of this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    /// It was answered so.
    Answered(StoredAnswer),
    /// It is being worked on.
    Running,
    /// Its name was given to another request.
    Another,
}

#[derive(Debug, Serialize, Deserialize)]
struct IdempotencyItem {
    schema: u8,
    fingerprint: String,
    begun_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<StoredAnswer>,
    /// When the row is removed, in seconds since 1970. The table's own removal may come days later.
    expires_at: i64,
}

/// The answers given before.
#[derive(Debug, Clone)]
pub struct Idempotency {
    table: Table,
}

impl Idempotency {
    /// The answers in this table.
    pub const fn new(table: Table) -> Self {
        Self { table }
    }

    /// What is known of a request of this name; `None` for a new one.
    pub async fn earlier(&self, request: &NamedRequest) -> Result<Option<Earlier>, AwsError> {
        earlier(&self.table, request).await
    }

    /// Claims a request for the caller, who is to [`Idempotency::settle`] or [`Idempotency::release`] it; or what is known
    /// of it.
    pub async fn begin(&self, request: &NamedRequest) -> Result<Option<Earlier>, AwsError> {
        let item = item(request, None, RUNNING_SECONDS);
        match self.table.put(&key(request), &item, free()).await {
            Ok(()) => Ok(None),
            // Gone again in between: it was released, and may be sent again.
            Err(PutError::Conflict) => Ok(self.earlier(request).await?.or(Some(Earlier::Running))),
            Err(PutError::Aws(error)) => Err(error),
        }
    }

    /// Keeps the answer.
    pub async fn settle(&self, request: &NamedRequest, answer: StoredAnswer) -> Result<(), AwsError> {
        let item = item(request, Some(answer), KEPT_FOR_SECONDS);
        match self.table.put(&key(request), &item, Condition::None).await {
            Ok(()) | Err(PutError::Conflict) => Ok(()),
            Err(PutError::Aws(error)) => Err(error),
        }
    }

    /// Forgets a request that did nothing.
    pub async fn release(&self, request: &NamedRequest) -> Result<(), AwsError> {
        self.table.delete(&key(request)).await
    }
}

/// What is known of a request of this name; `None` for a new one.
pub(crate) async fn earlier(table: &Table, request: &NamedRequest) -> Result<Option<Earlier>, AwsError> {
    let item: Option<IdempotencyItem> = table.get(&key(request)).await?;
    let Some(item) = item.filter(|item| item.expires_at >= clock::now().as_second()) else {
        return Ok(None);
    };
    Ok(Some(if item.fingerprint == request.fingerprint.as_str() {
        item.answer.map_or(Earlier::Running, Earlier::Answered)
    } else {
        Earlier::Another
    }))
}

/// The write that keeps an answer to a new request, to be part of the transaction that does what was asked.
pub(crate) fn write(table: &Table, request: &NamedRequest, answer: StoredAnswer) -> Result<Write, AwsError> {
    let item = item(request, Some(answer), KEPT_FOR_SECONDS);
    table.write(&key(request), &item, &free())
}

fn key(request: &NamedRequest) -> Key {
    Key::idempotency(request.user, request.key.as_str())
}

fn item(request: &NamedRequest, answer: Option<StoredAnswer>, kept_for_seconds: i64) -> IdempotencyItem {
    let now = clock::now();
    IdempotencyItem {
        schema: 1,
        fingerprint: request.fingerprint.as_str().to_owned(),
        begun_at: now,
        answer,
        expires_at: now.as_second() + kept_for_seconds,
    }
}

fn free() -> Condition {
    Condition::AbsentOrExpired(clock::now().as_second())
}
