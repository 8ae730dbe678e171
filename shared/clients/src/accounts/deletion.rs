//! The end of a user: marked first, and gone once nothing is left that was theirs.
//!
//! The mark takes the place of everything that the user's row held. There is no address any more that a mail could go to, no
//! secret to sign with and no endpoint, whoever reads the row from then on; and whoever makes something for the user has the
//! row without a mark as a condition of that write.

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use packshot_domain::id::UserId;
use serde::{Deserialize, Serialize};

use super::{Accounts, item::Row};
use crate::{
    clock,
    error::AwsError,
    table::{self, Condition, Key, PutError, Table, Write},
};

/// The index key of users who are being deleted.
const ACTIVE: &str = "USER";

/// How often the mark is tried against transactions that have the row as a condition.
const MARK_ATTEMPTS: u64 = 40;

/// How many rows are removed side by side.
const REMOVED_AT_ONCE: usize = 16;

/// The row of a user who is being deleted.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MarkItem {
    schema: u8,
    pub(super) deleted_at: Timestamp,
    active: String,
    /// By which the index sorts.
    created_at: Timestamp,
}

impl MarkItem {
    fn new(now: Timestamp) -> Self {
        Self {
            schema: 1,
            deleted_at: now,
            active: ACTIVE.to_owned(),
            created_at: now,
        }
    }
}

/// The condition that a user is there and not being deleted, to be part of a transaction that makes something of theirs.
pub(crate) fn must_stay(table: &Table, id: UserId) -> Result<Write, AwsError> {
    table.check(&Key::user(id), &Condition::NotDeleted)
}

/// Whether [`must_stay`] is met at this moment: for a transaction that was refused.
pub(crate) async fn stays(table: &Table, id: UserId) -> Result<bool, AwsError> {
    let row: Option<Row> = table.get(&Key::user(id)).await?;
    Ok(row.is_some_and(|row| row.deleted_at().is_none()))
}

impl Accounts {
    /// Marks a user as deleted; `false` where there is none of this id any more. Their Google account is nobody's from then on,
    /// so that its owner can begin anew at once.
    pub async fn mark_deleted(&self, id: UserId, now: Timestamp) -> Result<bool, AwsError> {
        let action = || format!("marking {id} as deleted");
        for attempt in 1..=MARK_ATTEMPTS {
            let Some(item) = self.item(id).await? else {
                return Ok(false);
            };
            let mark = self
                .table
                .write(&Key::user(id), &MarkItem::new(now), &Condition::NotDeleted)?;
            let mut writes = vec![mark];
            if let Some(subject) = &item.google_subject {
                writes.push(self.table.removal(&Key::google_identity(subject))?);
            }
            match self.table.transact(&action(), writes).await {
                Ok(()) => return Ok(true),
                Err(PutError::Conflict) => table::let_others_go_first(attempt).await,
                Err(PutError::Aws(error)) => return Err(error),
            }
        }
        Err(AwsError::new(action(), "other requests were always faster"))
    }

    /// When a user was marked as deleted; `None` for one who was not, and for one who is gone.
    pub async fn deleted_at(&self, id: UserId) -> Result<Option<Timestamp>, AwsError> {
        Ok(self.row(id).await?.and_then(|row| row.deleted_at()))
    }

    /// Users who are marked as deleted and not gone yet, those who have waited longest first.
    pub async fn being_deleted(&self) -> Result<Vec<UserId>, AwsError> {
        let keys = self.table.unfinished(ACTIVE, clock::now()).await?;
        Ok(keys.iter().filter_map(Key::user_of_profile).collect())
    }

    /// Removes at most so many of a user's rows of the kinds that nothing else hangs on. Jobs, API keys and sessions have
    /// something elsewhere, and are removed by those who know it; how many rows were removed.
    pub async fn remove_rows(&self, id: UserId, most: usize) -> Result<usize, AwsError> {
        let keys = self.table.keys(&Key::user(id).pk, None).await?;
        let plain = keys.into_iter().filter(Key::is_plain_row_of_user).take(most);
        let removals = stream::iter(plain).map(|key| async move { self.table.delete(&key).await });
        let removed = removals.buffer_unordered(REMOVED_AT_ONCE);
        removed.try_fold(0, async |count, ()| Ok(count + 1)).await
    }

    /// Removes a user's marked row for good, as long as it is the last one; whether it was.
    pub async fn forget(&self, id: UserId) -> Result<bool, AwsError> {
        let profile = Key::user(id);
        let left = self.table.keys(&profile.pk, Some(2)).await?;
        if left.iter().any(|key| *key != profile) {
            return Ok(false);
        }
        self.table.delete(&profile).await?;
        Ok(true)
    }
}
