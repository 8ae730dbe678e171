//! Stopping what a job that has ended left running at Gemini.

use packshot_clients::{error::Chain, gemini::Gemini};
use packshot_domain::job::Job;
use tracing::warn;

/// Stops the job's batch, best effort: the job has ended whether this works or not.
pub(crate) async fn stop_batch(gemini: &Gemini, job: &Job) {
    let name = match (&job.batch, job.submission_claimed_at) {
        (Some(batch), _) => Some(batch.name.clone()),
        // The creation's outcome was left open: there may be one.
        (None, Some(_)) => gemini.find_batch(&job.id.to_string()).await.unwrap_or_default(),
        (None, None) => None,
    };
    if let Some(name) = name
        && let Err(error) = gemini.cancel_batch(&name).await
    {
        warn!(job.id = %job.id, batch.id = %name, error = %Chain(&error), "Could not stop the batch");
    }
}
