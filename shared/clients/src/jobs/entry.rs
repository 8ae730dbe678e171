//! Letting a new job in, within its owner's limits and once for each named request.

use jiff::Timestamp;
use packshot_domain::{
    id::UploadId,
    job::{Job, PhotoSource},
    limits::{Allowance, Consumption, Exceeded},
};
use serde::{Deserialize, Serialize};

use super::{JobStore, item::JobItem};
use crate::{
    accounts, clock, consumption,
    error::AwsError,
    idempotency::{self, Earlier, NamedRequest, StoredAnswer},
    table::{self, Condition, Key, PutError, Write},
    usage::{self, Used},
};

/// How often a job is tried to be let in when others of the same user are being let in at the same moment. Each round one of
/// them gets in, so this many can arrive at once.
const ATTEMPTS: u64 = 60;

/// Rows about uploads outlive the uploads themselves, which are kept for 7 days.
const USED_UPLOAD_SECONDS: i64 = 8 * 24 * 3600;

/// On which terms a job is let in.
#[derive(Debug)]
pub struct Terms<'a> {
    /// What its owner may have.
    pub allowance: Allowance,
    /// The name that the request has, and the answer to keep for it.
    pub named: Option<(&'a NamedRequest, StoredAnswer)>,
}

/// Why a job was not let in.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// It goes over a limit of its owner.
    #[error("a limit would be exceeded")]
    Exceeded(Exceeded, Consumption),
    /// The request was sent before, or its name was given to another.
    #[error("the request was sent before")]
    Repeated(Earlier),
    /// The photo of this number is an upload that belongs to another job.
    #[error("photo {0} belongs to another job")]
    UploadUsed(usize),
    /// Its owner is not there any more.
    #[error("the owner is gone")]
    OwnerGone,
    /// Too many others of the same owner came first.
    #[error("too many jobs of one user arrived at once")]
    Contended,
    /// The table could not be read or written.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

/// Says which job an upload belongs to.
#[derive(Debug, Serialize, Deserialize)]
struct UsedUploadItem {
    schema: u8,
    job_id: String,
    expires_at: i64,
}

fn uploads(job: &Job) -> impl Iterator<Item = (usize, UploadId)> {
    let photos = job.photos.iter().enumerate();
    photos.filter_map(|(index, photo)| match photo {
        PhotoSource::Upload(id) => Some((index, *id)),
        PhotoSource::Url(_) | PhotoSource::Drive(_) => None,
    })
}

impl JobStore {
    /// Lets a new job in: its row, what its owner has left, the day's usage and the answer to a named request change
    /// together or not at all, as long as its owner is not being deleted.
    ///
    /// # Errors
    ///
    /// [`AcceptError`]; nothing was written then.
    pub async fn accept(&self, job: &Job, terms: &Terms<'_>) -> Result<Consumption, AcceptError> {
        for attempt in 1..=ATTEMPTS {
            let now = clock::now();
            let before = consumption::get(&self.table, job.owner).await?;
            let after = match before.with(job.demand(), terms.allowance, now) {
                Ok(after) => after,
                Err(exceeded) => {
                    // Its twin may have taken the last place.
                    self.refuse_repeated(terms).await?;
                    return Err(AcceptError::Exceeded(exceeded, before));
                }
            };
            let entry = self.entry(job, &after, terms, now)?;
            match self.table.transact("writing a job", entry).await {
                Ok(()) => return Ok(after),
                Err(PutError::Aws(error)) => return Err(error.into()),
                Err(PutError::Conflict) => {
                    self.refuse_repeated(terms).await?;
                    self.refuse_used_uploads(job).await?;
                    if !accounts::stays(&self.table, job.owner).await? {
                        return Err(AcceptError::OwnerGone);
                    }
                }
            }
            table::let_others_go_first(attempt).await;
        }
        Err(AcceptError::Contended)
    }

    fn entry(
        &self,
        job: &Job,
        consumption: &Consumption,
        terms: &Terms<'_>,
        now: Timestamp,
    ) -> Result<Vec<Write>, AwsError> {
        let one_job = Used {
            jobs: 1,
            ..Used::default()
        };
        let mut writes = vec![
            accounts::must_stay(&self.table, job.owner)?,
            self.table.write(
                &Key::job(job.owner, job.id),
                &JobItem::from(job),
                &Condition::Absent,
            )?,
            consumption::write(&self.table, job.owner, consumption)?,
            usage::write(&self.table, job.owner, job.key, one_job, now)?,
        ];
        for (_, upload) in uploads(job) {
            let key = Key::used_upload(job.owner, upload);
            let item = UsedUploadItem {
                schema: 1,
                job_id: job.id.to_string(),
                expires_at: now.as_second() + USED_UPLOAD_SECONDS,
            };
            writes.push(self.table.write(&key, &item, &Condition::Absent)?);
        }
        if let Some((request, answer)) = &terms.named {
            writes.push(idempotency::write(&self.table, request, answer.clone())?);
        }
        Ok(writes)
    }

    async fn refuse_used_uploads(&self, job: &Job) -> Result<(), AcceptError> {
        for (index, upload) in uploads(job) {
            let used: Option<UsedUploadItem> = self.table.get(&Key::used_upload(job.owner, upload)).await?;
            if used.is_some_and(|used| used.job_id != job.id.to_string()) {
                return Err(AcceptError::UploadUsed(index));
            }
        }
        Ok(())
    }

    async fn refuse_repeated(&self, terms: &Terms<'_>) -> Result<(), AcceptError> {
        let Some((request, _)) = &terms.named else {
            return Ok(());
        };
        match idempotency::earlier(&self.table, request).await? {
            Some(earlier) => Err(AcceptError::Repeated(earlier)),
            None => Ok(()),
        }
    }
}
