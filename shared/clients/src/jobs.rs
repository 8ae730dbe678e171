//! Jobs in the table.

mod entry;
mod item;
mod list;
mod retry;

use std::time::Duration;

use jiff::Timestamp;
use packshot_domain::{
    id::{JobId, UserId},
    job::{Job, Refused},
    queue::{self, Place},
};

use self::item::JobItem;
pub use self::{
    entry::{AcceptError, Terms},
    list::{Page, Wanted},
    retry::{Retried, RetryError},
};
use crate::{
    clock, consumption,
    error::AwsError,
    metrics,
    table::{self, Condition, Key, PutError, Table},
    usage::{self, Used},
};

/// How often a change is tried again when another one came first: changes of one job are rare, but many jobs of one owner may
/// end in the same moment.
const CHANGE_ATTEMPTS: u64 = 40;

/// Why a job did not change.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such job, or it is somebody else's.
    #[error("{0} does not exist")]
    NotFound(JobId),
    /// The job's state does not allow the change.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Others kept changing it.
    #[error("{0} kept changing meanwhile")]
    Contended(JobId),
    /// The table could not be read or written.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

/// The jobs.
#[derive(Debug, Clone)]
pub struct JobStore {
    table: Table,
}

impl JobStore {
    /// The jobs of this table.
    pub const fn new(table: Table) -> Self {
        Self { table }
    }

    /// Writes a new job; a job of this id that is there already stays as it is.
    pub async fn create(&self, job: &Job) -> Result<(), AwsError> {
        match self
            .table
            .put(
                &Key::job(job.owner, job.id),
                &JobItem::from(job),
                Condition::Absent,
            )
            .await
        {
            Ok(()) | Err(PutError::Conflict) => Ok(()),
            Err(PutError::Aws(error)) => Err(error),
        }
    }

    /// A user's job; `None` also for one that is somebody else's, or deleted.
    pub async fn get(&self, owner: UserId, id: JobId) -> Result<Option<Job>, AwsError> {
        self.read(owner, id, false).await
    }

    /// A user's job that is deleted, but whose files may still be there.
    pub async fn deleted(&self, owner: UserId, id: JobId) -> Result<Option<Job>, AwsError> {
        self.read(owner, id, true).await
    }

    async fn read(&self, owner: UserId, id: JobId, deleted: bool) -> Result<Option<Job>, AwsError> {
        let item: Option<JobItem> = self.table.get(&Key::job(owner, id)).await?;
        item.filter(|item| item.is_deleted() == deleted)
            .map(|item| job(item, &id.to_string()))
            .transpose()
    }

    /// Marks an ended job as deleted: it is gone for everybody but [`JobStore::deleted`], and listed by
    /// [`JobStore::unfinished`] until [`JobStore::forget`] removes it.
    pub async fn delete(&self, job: &Job, now: Timestamp) -> Result<(), ChangeError> {
        let marked = JobItem::deleted(job, now);
        let condition = Condition::Version(job.version);
        match self
            .table
            .put(&Key::job(job.owner, job.id), &marked, condition)
            .await
        {
            Ok(()) => Ok(()),
            Err(PutError::Conflict) => Err(ChangeError::Contended(job.id)),
            Err(PutError::Aws(error)) => Err(error.into()),
        }
    }

    /// Removes a job's row for good.
    pub async fn forget(&self, owner: UserId, id: JobId) -> Result<(), AwsError> {
        self.table.delete(&Key::job(owner, id)).await
    }

    /// Changes a job: reads it, lets `decide` say what it becomes, and writes that if nobody else changed it meanwhile
    /// (else all of that again).
    pub async fn change(
        &self,
        owner: UserId,
        id: JobId,
        mut decide: impl FnMut(&Job) -> Result<Job, Refused>,
    ) -> Result<Job, ChangeError> {
        for attempt in 1..=CHANGE_ATTEMPTS {
            let before = self.get(owner, id).await?.ok_or(ChangeError::NotFound(id))?;
            let after = decide(&before)?;
            if after.version == before.version {
                return Ok(before);
            }
            match self.replace(&before, &after).await {
                Ok(()) => {
                    metrics::job_changed(&before, &after);
                    return Ok(after);
                }
                Err(PutError::Conflict) => table::let_others_go_first(attempt).await,
                Err(PutError::Aws(error)) => return Err(error.into()),
            }
        }
        Err(ChangeError::Contended(id))
    }

    /// Writes a job over the version that it was made from. A job or a retry that ends gives its place back to its owner in
    /// the same moment.
    async fn replace(&self, before: &Job, after: &Job) -> Result<(), PutError> {
        let (key, item) = (Key::job(after.owner, after.id), JobItem::from(after));
        let condition = Condition::Version(before.version);
        let Some(settlement) = after.settlement_since(before) else {
            return self.table.put(&key, &item, condition).await;
        };
        let consumption = consumption::get(&self.table, after.owner)
            .await?
            .after(&settlement);
        let used = Used {
            images: settlement.came.images.into(),
            cost: settlement.came.cost,
            ..Used::default()
        };
        let writes = vec![
            self.table.write(&key, &item, &condition)?,
            consumption::write(&self.table, after.owner, &consumption)?,
            usage::write(&self.table, after.owner, settlement.key, used, clock::now())?,
        ];
        self.table.transact("ending a job", writes).await
    }

    /// The ids of a user's jobs, also of those that are deleted and not yet removed, newest first, from the one after `after`.
    pub async fn ids(
        &self,
        owner: UserId,
        limit: usize,
        after: Option<JobId>,
    ) -> Result<Vec<JobId>, AwsError> {
        let after = after.map(|after| Key::job(owner, after));
        let items = self
            .table
            .newest(&Key::user(owner).pk, Key::JOBS, limit, after)
            .await?;
        Ok(items.iter().filter_map(list::job_of).collect())
    }

    /// Jobs that have not ended, have images on their way into a Drive or one that is being made again, or are deleted and not
    /// yet removed, and were made before `before`, oldest first.
    pub async fn unfinished(&self, before: Timestamp) -> Result<Vec<(UserId, JobId)>, AwsError> {
        let mut found = Vec::new();
        for active in [item::ACTIVE, item::WAITING] {
            let keys = self.table.unfinished(active, before).await?;
            found.extend(keys.iter().filter_map(|key| key.owner_and_id(Key::JOBS)));
        }
        // Ids begin with the time at which they were made. A job that joins or leaves the queue meanwhile may be in both lists,
        // or in none.
        found.sort_unstable_by_key(|(_, id)| *id);
        found.dedup();
        Ok(found)
    }

    /// The place of a job among those that wait for room at Gemini.
    ///
    /// # Errors
    ///
    /// [`AwsError`] where the table could not be read.
    pub async fn place_of(&self, job: &Job, now: Timestamp) -> Result<Place, AwsError> {
        let older = self
            .table
            .oldest_unfinished(item::WAITING, job.created_at, queue::MOST_COUNTED)
            .await?;
        let oldest = older.first().copied().unwrap_or(job.created_at);
        Ok(Place {
            ahead: older.len(),
            oldest: Duration::try_from(now.duration_since(oldest)).unwrap_or_default(),
        })
    }
}

fn job(item: JobItem, name: &str) -> Result<Job, AwsError> {
    Job::try_from(item).map_err(|error| AwsError::new(format!("reading {name}"), error))
}
