//! reconcile-jobs: no job stays unfinished without an execution that drives it.
//!
//! It is woken by every execution that broke, and every few minutes. A job that never got its execution (create-job ended
//! between row and start) gets it now. A job whose execution broke is failed through a second execution, so that its
//! owner is told on the usual way; if that one broke as well, the row is marked directly. Where an execution broke when its
//! job had ended, another one tells of the end. Retries of images are treated alike. A deleted job of which not all could
//! be removed at once is removed for good, and images that nothing puts into a Drive any more are noted as such.

mod broken;

use std::time::Duration;

use aws_config::SdkConfig;
use jiff::Timestamp;
use packshot_clients::{
    bucket::Bucket,
    clock,
    config::Missing,
    error::Chain,
    gemini::Gemini,
    jobs::JobStore,
    metrics,
    workflow::{self, Execution, Workflow},
};
use packshot_domain::{
    failure::{Failure, FailureCode},
    id::{JobId, UserId},
    job::{Job, JobEvent, RetryEvent, RetryOf, SavingEvent, SavingFailure, SavingOutcome, Status},
};
use serde::{Deserialize, Serialize};
use tracing::{error, info};

use self::broken::{Broken, Detail, tell};
use super::{change, job_store, provider::since};
use crate::{removal::Removal, runtime::TaskError};

/// Younger jobs may still be on their way through create-job.
const SETTLED_AFTER: Duration = Duration::from_mins(2);

/// What this function may use.
#[derive(Debug)]
pub struct State {
    jobs: JobStore,
    bucket: Bucket,
    workflow: Workflow,
    gemini: Gemini,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            jobs: job_store(config)?,
            bucket: Bucket::from_env(config)?,
            workflow: Workflow::from_env(config)?,
            gemini: Gemini::from_env(config)?,
        })
    }
}

/// What woke the function: an event of EventBridge.
#[derive(Debug, Clone, Deserialize)]
pub struct Wakeup {
    #[serde(rename = "detail-type", default)]
    detail_type: String,
    #[serde(default)]
    detail: Detail,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    /// Unfinished jobs looked at.
    looked_at: usize,
    /// Jobs that got their first execution.
    started: usize,
    /// Jobs that were failed because their execution broke.
    failed: usize,
    /// Deleted jobs of which nothing is left now.
    removed: usize,
    /// How long the job waits to begin that was accepted before all others that wait; 0 if none does.
    oldest_queued_seconds: u64,
}

/// Looks at the job of the execution that broke, or at all unfinished ones.
pub async fn handle(state: &State, wakeup: Wakeup) -> Result<Reconciled, TaskError> {
    let is_about_one = wakeup.detail_type == "Step Functions Execution Status Change";
    let broken = if is_about_one {
        Some(Broken::read(&wakeup.detail).ok_or_else(|| TaskError::bug("the event names no job"))?)
    } else {
        None
    };
    let jobs = match &broken {
        Some(broken) => vec![(broken.owner, broken.job)],
        None => state.jobs.unfinished(settled_before(clock::now())).await?,
    };
    let mut reconciled = Reconciled {
        looked_at: jobs.len(),
        ..Reconciled::default()
    };
    for (owner, id) in jobs {
        // One job that cannot be mended must not keep the others from it.
        if let Err(error) = reconcile(state, (owner, id), broken.as_ref(), &mut reconciled).await {
            error!(job.id = %id, error = %Chain(&error), "Could not reconcile {id}");
        }
    }
    if !is_about_one {
        metrics::oldest_queued(Duration::from_secs(reconciled.oldest_queued_seconds));
    }
    info!(
        reconciled.looked_at,
        reconciled.started, reconciled.failed, reconciled.removed, "Reconciled unfinished jobs"
    );
    Ok(reconciled)
}

fn settled_before(now: Timestamp) -> Timestamp {
    now.checked_sub(SETTLED_AFTER).unwrap_or(now)
}

async fn reconcile(
    state: &State,
    (owner, id): (UserId, JobId),
    broken: Option<&Broken>,
    reconciled: &mut Reconciled,
) -> Result<(), TaskError> {
    let Some(job) = state.jobs.get(owner, id).await? else {
        return finish_removal(state, owner, id, reconciled).await;
    };
    if job.status == Status::Queued {
        let waited = since(job.created_at, clock::now()).as_secs();
        reconciled.oldest_queued_seconds = reconciled.oldest_queued_seconds.max(waited);
    }
    if job.status.is_terminal() {
        give_saving_up(state, &job, reconciled).await?;
        for retry in job.pending_retries() {
            reconcile_retry(state, &job, retry, reconciled).await?;
        }
        if let Some(broken) = broken {
            tell(state, &job, broken.retry, &broken.name).await?;
        }
        return Ok(());
    }
    match state.workflow.execution_of(id).await? {
        Execution::Running => {}
        Execution::Unknown if job.status == Status::Queued => {
            state.workflow.start(owner, id, None).await?;
            reconciled.started += 1;
        }
        Execution::Unknown | Execution::Succeeded | Execution::Broken => {
            match state.workflow.failure_execution_of(id).await? {
                Execution::Running => {}
                Execution::Unknown => state.workflow.start_failure(owner, id).await?,
                Execution::Succeeded | Execution::Broken => {
                    let failed = JobEvent::Failed(Failure::new(FailureCode::InternalError));
                    if let Some(job) = change(&state.jobs, &job, failed).await? {
                        tell(state, &job, None, &workflow::failure_name(id, None)).await?;
                    }
                }
            }
            reconciled.failed += 1;
        }
    }
    Ok(())
}

/// Images whose way into a Drive nothing drives any more are not going there.
async fn give_saving_up(state: &State, job: &Job, reconciled: &mut Reconciled) -> Result<(), TaskError> {
    if !job.is_to_be_saved()
        || state.workflow.execution_of(job.id).await?.may_run()
        || state.workflow.failure_execution_of(job.id).await?.may_run()
    {
        return Ok(());
    }
    let outcome = SavingOutcome::Failed(SavingFailure::InternalError);
    change(&state.jobs, job, JobEvent::Saving(SavingEvent::Ended(outcome))).await?;
    reconciled.failed += 1;
    Ok(())
}

/// A retry without a running execution gets its first one, or is ended, as jobs are.
async fn reconcile_retry(
    state: &State,
    job: &Job,
    retry: RetryOf,
    reconciled: &mut Reconciled,
) -> Result<(), TaskError> {
    let workflow = &state.workflow;
    let (owner, id) = (job.owner, job.id);
    match workflow.execution_of_retry(id, retry).await? {
        Execution::Running => {}
        Execution::Unknown => {
            workflow.start_retry(owner, id, retry, None).await?;
            reconciled.started += 1;
        }
        Execution::Succeeded | Execution::Broken => {
            match workflow.failure_execution_of_retry(id, retry).await? {
                Execution::Running => {}
                Execution::Unknown => workflow.start_retry_failure(owner, id, retry).await?,
                Execution::Succeeded | Execution::Broken => {
                    let given_up = JobEvent::Retry(retry, RetryEvent::given_up());
                    if let Some(job) = change(&state.jobs, job, given_up).await? {
                        tell(state, &job, Some(retry), &workflow::failure_name(id, Some(retry))).await?;
                    }
                }
            }
            reconciled.failed += 1;
        }
    }
    Ok(())
}

/// Removes the rest of a deleted job, once no execution can store anything more.
async fn finish_removal(
    state: &State,
    owner: UserId,
    id: JobId,
    reconciled: &mut Reconciled,
) -> Result<(), TaskError> {
    let Some(job) = state.jobs.deleted(owner, id).await? else {
        return Ok(());
    };
    let removal = Removal {
        jobs: &state.jobs,
        bucket: &state.bucket,
        workflow: &state.workflow,
        gemini: &state.gemini,
    };
    if removal.clear(&job).await.map_err(TaskError::Transient)? {
        reconciled.removed += 1;
    }
    Ok(())
}
