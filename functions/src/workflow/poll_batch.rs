//! poll-batch: asks Gemini how the batch is, saves the progress, and says when to ask again.

use aws_config::SdkConfig;
use packshot_clients::{
    clock,
    config::Missing,
    gemini::{Gemini, GeminiError},
    jobs::JobStore,
};
use packshot_domain::{
    batch::BatchState,
    failure::{Failure, FailureCode},
    job::{JobEvent, RoundEvent, Status},
    poll,
};
use tracing::info;

use super::{
    Step, change, job_store,
    provider::{self, Patience},
};
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

/// Answers `running` with a wait, `done` when there are results, `late` where the images are to be made one by one now, or
/// `finished` for what has ended meanwhile.
pub async fn handle(state: &State, input: TaskInput) -> Result<Step, TaskError> {
    let Some(job) = state.jobs.get(input.user_id, input.job_id).await? else {
        return Ok(Step::finished());
    };
    let retry = input.retry_of();
    let Some(round) = job.round_of(retry) else {
        if job.status == Status::Canceled {
            stop_batch(&state.gemini, &job, retry).await;
        }
        return Ok(Step::finished());
    };
    let Some(batch) = &round.batch else {
        return Err(TaskError::bug("there is no batch to ask about"));
    };
    let patience = Patience::with_batch(&job, retry);
    let view = match state.gemini.batch(&batch.name).await {
        Ok(view) => view,
        Err(GeminiError::NotFound(_)) => {
            return Err(TaskError::rejected(Failure::new(FailureCode::BatchCancelled)));
        }
        Err(error) => return patience.after(error, clock::now(), "running"),
    };
    let now = clock::now();
    let ask_again = || {
        let elapsed = provider::since(batch.submitted_at, now);
        let left = provider::until(patience.until(), now);
        Step::wait("running", poll::next_wait_before(elapsed, left))
    };
    match view.state {
        BatchState::Succeeded => Ok(Step::done("done")),
        BatchState::Ended(code) => {
            info!(job.id = %job.id, batch.id = %batch.name, %code, "The batch ended without results");
            Err(TaskError::rejected(Failure::new(code)))
        }
        BatchState::Waiting | BatchState::Running if now >= patience.until() => {
            patience.end(FailureCode::DeadlineExceeded)
        }
        BatchState::Waiting => Ok(ask_again()),
        BatchState::Running => {
            let progress = RoundEvent::Progressed { counts: view.counts };
            let changed = change(&state.jobs, &job, JobEvent::in_round(retry, progress)).await?;
            Ok(changed.map_or_else(Step::finished, |_| ask_again()))
        }
    }
}
