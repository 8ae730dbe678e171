//! poll-batch: asks Gemini how the batch is, saves the progress, and says when to ask again.

use aws_config::SdkConfig;
use jiff::Timestamp;
use packshot_clients::{
    clock,
    config::Missing,
    gemini::{BatchView, Gemini, GeminiError},
    jobs::JobStore,
};
use packshot_domain::{
    batch::BatchState,
    failure::{Failure, FailureCode},
    job::{Batch, Job, JobEvent, Status},
    poll,
};
use tracing::info;

use super::{Step, change, job_store, provider};
use crate::{
    runtime::{TaskError, TaskInput},
    stop::stop_batch,
};

/// What this function may use.
#[derive(Debug)]
pub struct State {
    jobs: JobStore,
    gemini: Gemini,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            jobs: job_store(config)?,
            gemini: Gemini::from_env(config)?,
        })
    }
}

/// Answers `running` with a wait, `done` when there are results, or `finished` for a job that has ended meanwhile.
pub async fn handle(state: &State, input: TaskInput) -> Result<Step, TaskError> {
    let Some(job) = state.jobs.get(input.user_id, input.job_id).await? else {
        return Ok(Step::finished());
    };
    if job.status.is_terminal() {
        if job.status == Status::Canceled {
            stop_batch(&state.gemini, &job).await;
        }
        return Ok(Step::finished());
    }
    let Some(batch) = &job.batch else {
        return Err(TaskError::bug("there is no batch to ask about"));
    };
    let view = match state.gemini.batch(&batch.name).await {
        Ok(view) => view,
        Err(GeminiError::NotFound(_)) => {
            return Err(TaskError::rejected(Failure::new(FailureCode::BatchCancelled)));
        }
        Err(error) => return provider::wait_or_give_up(error, &job, clock::now(), "running"),
    };
    after(state, &job, batch, &view).await
}

async fn after(state: &State, job: &Job, batch: &Batch, view: &BatchView) -> Result<Step, TaskError> {
    let now = clock::now();
    match view.state {
        BatchState::Succeeded => Ok(Step::done("done")),
        BatchState::Ended(code) => {
            info!(job.id = %job.id, batch.id = %batch.name, %code, "The batch ended without results");
            Err(TaskError::rejected(Failure::new(code)))
        }
        BatchState::Waiting | BatchState::Running if now >= job.deadline_at => {
            Err(TaskError::rejected(Failure::new(FailureCode::DeadlineExceeded)))
        }
        BatchState::Waiting => Ok(ask_again(job, batch, now)),
        BatchState::Running => {
            let changed = change(&state.jobs, job, JobEvent::Progressed { counts: view.counts }).await?;
            Ok(changed.map_or_else(Step::finished, |job| ask_again(&job, batch, now)))
        }
    }
}

fn ask_again(job: &Job, batch: &Batch, now: Timestamp) -> Step {
    let elapsed = provider::since(batch.submitted_at, now);
    Step::wait(
        "running",
        poll::next_wait_before(elapsed, provider::until(job.deadline_at, now)),
    )
}
