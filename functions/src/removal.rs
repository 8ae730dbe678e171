//! Removing a job for good: for its owner who deletes it, for the regular look at what was left, and with its owner's account.
//!
//! From the mark on, the job is gone for everybody. What is left to do after that may be done twice, at any time, by any of
//! these.

use packshot_clients::{
    bucket::{self, Bucket},
    clock,
    error::{AwsError, BoxError},
    gemini::Gemini,
    jobs::{ChangeError, JobStore},
    workflow::Workflow,
};
use packshot_domain::{
    id::{JobId, UserId},
    job::{Job, JobEvent, RetryEvent, RetryOf},
};

use crate::stop;

/// How often the mark is tried where the job changes at the same moment.
const MARK_ATTEMPTS: u32 = 10;

/// What removing a job takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Removal<'a> {
    pub(crate) jobs: &'a JobStore,
    pub(crate) bucket: &'a Bucket,
    pub(crate) workflow: &'a Workflow,
    pub(crate) gemini: &'a Gemini,
}

impl Removal<'_> {
    /// Ends what is going on with a job, which gives its owner's limits back, and marks it as deleted.
    pub(crate) async fn mark(&self, owner: UserId, id: JobId) -> Result<Job, ChangeError> {
        let mut attempts_left = MARK_ATTEMPTS;
        loop {
            attempts_left -= 1;
            let job = self.ended(owner, id).await?;
            match self.jobs.delete(&job, clock::now()).await {
                Ok(()) => return Ok(job),
                Err(ChangeError::Contended(_)) if attempts_left > 0 => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Removes what there is of a marked job; whether nothing is left. While an execution that has not seen the end yet may
    /// store more, the row stays, and this is to be done once more.
    pub(crate) async fn clear(&self, job: &Job) -> Result<bool, BoxError> {
        // Before the files are removed: whoever stores one after that was seen here.
        let may_store = self.may_store(job).await?;
        self.bucket.remove(&bucket::files_of(job)).await?;
        stop::stop_all(self.gemini, job, clock::now()).await?;
        if !may_store {
            self.jobs.forget(job.owner, job.id).await?;
        }
        Ok(!may_store)
    }

    /// The job, canceled unless it had ended before, and without retries that are under way.
    async fn ended(&self, owner: UserId, id: JobId) -> Result<Job, ChangeError> {
        let mut job = self.after(owner, id, JobEvent::Canceled).await?;
        let retries: Vec<RetryOf> = job.pending_retries().collect();
        for retry in retries {
            let given_up = JobEvent::Retry(retry, RetryEvent::given_up());
            job = self.after(owner, id, given_up).await?;
        }
        Ok(job)
    }

    /// The job after an event, or as it is where that comes too late.
    async fn after(&self, owner: UserId, id: JobId, event: JobEvent) -> Result<Job, ChangeError> {
        let changed = self
            .jobs
            .change(owner, id, |job| job.apply(event.clone(), clock::now()))
            .await;
        match changed {
            Err(ChangeError::Refused(_)) => {
                let job = self.jobs.get(owner, id).await?;
                job.ok_or(ChangeError::NotFound(id))
            }
            other => other,
        }
    }

    /// Whether an execution may still store files of the job: its own, or that of a retry.
    async fn may_store(&self, job: &Job) -> Result<bool, AwsError> {
        if self.workflow.execution_of(job.id).await?.may_run() {
            return Ok(true);
        }
        for image in &job.images {
            let Some(retry) = &image.retry else { continue };
            let of = RetryOf {
                image: image.id,
                attempt: retry.attempt,
            };
            if self.workflow.execution_of_retry(job.id, of).await?.may_run() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
