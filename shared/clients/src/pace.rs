//! How often somebody may do what costs nothing but could be a nuisance to others.

use std::time::Duration;

use jiff::Timestamp;
use packshot_domain::{client_address::ClientAddress, id::UserId, limits::bucket};
use serde::{Deserialize, Serialize};

use crate::{
    clock,
    error::AwsError,
    table::{self, Condition, Key, PutError, Table},
};

/// A bucket that is full again needs no row; one that is not is full within a minute.
const KEPT_FOR_SECONDS: i64 = 3600;

/// How often taking is tried again when others came first.
const ATTEMPTS: u64 = 20;

#[derive(Debug, Serialize, Deserialize)]
struct PaceItem {
    schema: u8,
    version: u64,
    full_at: Timestamp,
    expires_at: i64,
}

/// A thing that one may do so many times a minute.
#[derive(Debug, Clone)]
pub struct Pace {
    table: Table,
    name: &'static str,
    per_minute: u32,
}

impl Pace {
    /// The thing of this name.
    pub const fn new(table: Table, name: &'static str, per_minute: u32) -> Self {
        Self {
            table,
            name,
            per_minute,
        }
    }

    /// Counts one more of a user's; the answer is how long to wait where that would be too many.
    pub async fn take(&self, user: UserId) -> Result<Option<Duration>, AwsError> {
        self.take_from(&Key::pace(user, self.name)).await
    }

    /// The same for somebody who is not known but by where they are.
    pub async fn take_from_address(&self, address: &ClientAddress) -> Result<Option<Duration>, AwsError> {
        self.take_from(&Key::pace_of_address(address, self.name)).await
    }

    async fn take_from(&self, key: &Key) -> Result<Option<Duration>, AwsError> {
        for attempt in 1..=ATTEMPTS {
            let before: Option<PaceItem> = self.table.get(key).await?;
            let (version, full_at) =
                before.map_or((0, Timestamp::UNIX_EPOCH), |item| (item.version, item.full_at));
            let now = clock::now();
            let full_at = match bucket::take(full_at, self.per_minute, now) {
                Ok(full_at) => full_at,
                Err(wait) => return Ok(Some(wait)),
            };
            let item = PaceItem {
                schema: 1,
                version: version + 1,
                full_at,
                expires_at: now.as_second() + KEPT_FOR_SECONDS,
            };
            match self.table.put(key, &item, Condition::at(version)).await {
                Ok(()) => return Ok(None),
                Err(PutError::Conflict) => table::let_others_go_first(attempt).await,
                Err(PutError::Aws(error)) => return Err(error),
            }
        }
        Err(AwsError::new(
            format!("counting {}", self.name),
            "others kept counting",
        ))
    }
}
