//! Stopping what a job that has ended left running at Gemini.

use std::time::Duration;

use jiff::Timestamp;
use packshot_clients::{
    error::Chain,
    gemini::{Gemini, GeminiError},
};
use packshot_domain::{
    job::{Job, RetryOf, RetryOutcome, Round, Status},
    late,
};
use tokio::time::timeout;
use tracing::warn;

/// How long is waited for Gemini to stop what a job has running there.
pub(crate) const STOPPING: Duration = Duration::from_secs(10);

/// Why it is not known that nothing runs any more.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StopError {
    /// Gemini did not take the request.
    #[error(transparent)]
    Gemini(#[from] GeminiError),
    /// Gemini did not answer in time.
    #[error("Gemini did not take the request to stop a batch in time")]
    TooSlow,
}

/// Stops the batch of a round, best effort: what it was for has ended whether this works or not.
pub(crate) async fn stop_batch(gemini: &Gemini, job: &Job, retry: Option<RetryOf>) {
    let Some(round) = round(job, retry) else {
        return;
    };
    if let Err(error) = stop(gemini, job, retry, round).await {
        warn!(job.id = %job.id, error = %Chain(&error), "Could not stop the batch");
    }
}

/// Stops every batch of a job that may still run, and tells where that is not certain.
pub(crate) async fn stop_all(gemini: &Gemini, job: &Job, now: Timestamp) -> Result<(), StopError> {
    let stopped = timeout(STOPPING, async {
        for (retry, round) in rounds(job).filter(|(_, round)| may_run(round, now)) {
            stop(gemini, job, retry, round).await?;
        }
        Ok(())
    });
    stopped.await.map_err(|_| StopError::TooSlow)?
}

async fn stop(gemini: &Gemini, job: &Job, retry: Option<RetryOf>, round: &Round) -> Result<(), GeminiError> {
    let name = match (&round.batch, round.submission_claimed_at) {
        (Some(batch), _) => Some(batch.name.clone()),
        // The creation's outcome was left open: there may be one.
        (None, Some(_)) => gemini.find_batch(&job.batch_display_name(retry)).await?,
        (None, None) => None,
    };
    match name {
        Some(name) => gemini.cancel_batch(&name).await,
        None => Ok(()),
    }
}

/// The round, over or not.
fn round(job: &Job, retry: Option<RetryOf>) -> Option<&Round> {
    let Some(RetryOf { image, attempt }) = retry else {
        return Some(&job.round);
    };
    let latest = job.images[job.index_of(image)?].retry.as_ref()?;
    (latest.attempt == attempt).then_some(&latest.round)
}

/// The rounds of which nothing came: those that something came of are done at Gemini.
fn rounds(job: &Job) -> impl Iterator<Item = (Option<RetryOf>, &Round)> {
    let own = (job.status != Status::Completed).then_some((None, &job.round));
    let retries = job.images.iter().filter_map(|image| {
        let retry = image.retry.as_ref()?;
        let of = RetryOf {
            image: image.id,
            attempt: retry.attempt,
        };
        (retry.outcome != RetryOutcome::Ready).then_some((Some(of), &retry.round))
    });
    own.into_iter().chain(retries)
}

/// Whether the round's batch is younger than Gemini lets one become.
fn may_run(round: &Round, now: Timestamp) -> bool {
    let submitted_at = round.batch.as_ref().map(|batch| batch.submitted_at);
    let since = submitted_at.or(round.submission_claimed_at);
    since.is_some_and(|since| now.duration_since(since) < late::LONGEST)
}
