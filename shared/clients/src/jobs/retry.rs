//! Letting a retry of one image in, within its owner's limits and once for each named request.

use packshot_domain::{
    id::{ImageId, JobId, UserId},
    job::{Job, JobEvent, NewRetry, Refused},
    limits::{Allowance, Consumption, Exceeded},
};

use super::{JobStore, item::JobItem};
use crate::{
    accounts, clock, consumption,
    error::AwsError,
    idempotency::{self, Earlier, NamedRequest, StoredAnswer},
    table::{self, Condition, Key, PutError},
};

/// How often a retry is tried to be let in when its job, or its owner's other jobs, change at the same moment.
const ATTEMPTS: u64 = 60;

/// Which image of which job is to be made again.
#[derive(Debug, Clone, Copy)]
pub struct Retried {
    /// Whose job.
    pub owner: UserId,
    /// Which job.
    pub job: JobId,
    /// Which of its images.
    pub image: ImageId,
}

/// Why a retry was not let in.
#[derive(Debug, thiserror::Error)]
pub enum RetryError {
    /// There is no such job, or it is somebody else's; or its owner is being deleted, and the job with them.
    #[error("the job does not exist")]
    NotFound,
    /// The job's state does not allow it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// It goes over a limit of its owner.
    #[error("a limit would be exceeded")]
    Exceeded(Exceeded, Consumption),
    /// The request was sent before, or its name was given to another.
    #[error("the request was sent before")]
    Repeated(Earlier),
    /// Too many others came first.
    #[error("too many changes of one user arrived at once")]
    Contended,
    /// The table could not be read or written.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

impl JobStore {
    /// Lets a retry in: the job's row, what its owner has left, and the answer to a named request change together or not at
    /// all. A retry counts as a job of one image.
    ///
    /// # Errors
    ///
    /// [`RetryError`]; nothing was written then.
    pub async fn retry(
        &self,
        retried: Retried,
        request: &NewRetry,
        allowance: Allowance,
        named: Option<&NamedRequest>,
        answer: impl Fn(&Job) -> Result<StoredAnswer, AwsError>,
    ) -> Result<(Job, Consumption), RetryError> {
        let Retried { owner, job, image } = retried;
        for attempt in 1..=ATTEMPTS {
            if let Some(named) = named
                && let Some(earlier) = idempotency::earlier(&self.table, named).await?
            {
                return Err(RetryError::Repeated(earlier));
            }
            let now = clock::now();
            let before = self.get(owner, job).await?.ok_or(RetryError::NotFound)?;
            let after = before.apply(JobEvent::RetryRequested(image, request.clone()), now)?;
            let had = consumption::get(&self.table, owner).await?;
            let demand = after.images.iter().find(|other| other.id == image);
            let demand = demand
                .and_then(|image| image.pending_retry())
                .ok_or(Refused::NoSuchImage)?
                .demand();
            let has = had
                .with(demand, allowance, now)
                .map_err(|exceeded| RetryError::Exceeded(exceeded, had))?;
            let mut writes = vec![
                accounts::must_stay(&self.table, owner)?,
                self.table.write(
                    &Key::job(owner, job),
                    &JobItem::from(&after),
                    &Condition::Version(before.version),
                )?,
                consumption::write(&self.table, owner, &has)?,
            ];
            if let Some(named) = named {
                writes.push(idempotency::write(&self.table, named, answer(&after)?)?);
            }
            match self.table.transact("writing a retry", writes).await {
                Ok(()) => return Ok((after, has)),
                Err(PutError::Aws(error)) => return Err(error.into()),
                Err(PutError::Conflict) if accounts::stays(&self.table, owner).await? => {
                    table::let_others_go_first(attempt).await;
                }
                Err(PutError::Conflict) => return Err(RetryError::NotFound),
            }
        }
        Err(RetryError::Contended)
    }
}
