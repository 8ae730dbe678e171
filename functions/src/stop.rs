//! Stopping what a job that has ended left running at Gemini.

use packshot_clients::{error::Chain, gemini::Gemini};
use packshot_domain::job::{Job, RetryOf, Round};
use tracing::warn;

/// Stops the batch of a round, best effort: what it was for has ended whether this works or not.
pub(crate) async fn stop_batch(gemini: &Gemini, job: &Job, retry: Option<RetryOf>) {
    let Some(round) = round(job, retry) else {
        return;
    };
    let name = match (&round.batch, round.submission_claimed_at) {
        (Some(batch), _) => Some(batch.name.clone()),
        // The creation's outcome was left open: there may be one.
        (None, Some(_)) => {
            let name = job.batch_display_name(retry);
            gemini.find_batch(&name).await.unwrap_or_default()
        }
        (None, None) => None,
    };
    if let Some(name) = name
        && let Err(error) = gemini.cancel_batch(&name).await
    {
        warn!(job.id = %job.id, batch.id = %name, error = %Chain(&error), "Could not stop the batch");
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
