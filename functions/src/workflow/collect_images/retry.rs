//! The image of a retry, from a batch of one line.

use packshot_clients::{clock, jobs::ChangeError};
use packshot_domain::{
    image::{ImageFailureReason, ImageState},
    job::{Job, JobEvent, Refused, RetryEvent, RetryOf},
    money::MicroUsd,
    prices,
};
use tracing::info;

use super::{ResultLine, State, TaskError, gone, lines};
use crate::workflow::{
    Ended, archive,
    picture::{self, Found, Kept},
};

/// What came of a retry.
struct Came {
    outcome: ImageState,
    cost: MicroUsd,
    /// The model that was asked.
    model: String,
}

/// Stores the picture and an archive that has it, and tells how the retry ended.
pub(super) async fn collect(state: &State, job: &Job, retry: RetryOf) -> Result<Ended, TaskError> {
    if let Some((index, pending)) = job.pending_retry(retry) {
        let batch = pending.round.batch.as_ref();
        let batch = batch.ok_or_else(|| TaskError::bug("there is no batch to collect from"))?;
        let view = state.gemini.batch(&batch.name).await.map_err(gone)?;
        let mut came = Came {
            outcome: picture::failed(ImageFailureReason::MissingFromBatch, None),
            cost: MicroUsd::default(),
            model: view.model.clone(),
        };
        if let Some(mut lines) = lines(state, job, batch, &view).await? {
            while let Some(line) = lines.next().await? {
                if let Some((found, cost)) = read(&line, retry, &view.model) {
                    drop(line);
                    came.outcome = keep(state, job, index, retry.attempt, found).await?;
                    came.cost = cost;
                    break;
                }
            }
        }
        finish(state, job, (index, retry), came).await?;
    }
    let job = state.jobs.get(job.owner, job.id).await?;
    let job = job.ok_or_else(|| TaskError::bug("the job is gone"))?;
    Ok(Ended::of_retry(&job, retry))
}

/// What the line of the retried image brings and what it cost; `None` for any other line.
fn read(line: &[u8], retry: RetryOf, model: &str) -> Option<(Found, MicroUsd)> {
    let line = ResultLine::parse(line).ok()?;
    if line.key.as_ref() != retry.image.to_string() {
        return None;
    }
    let cost = prices::cost_by_batch(model, line.tokens());
    Some((picture::found_in(line.into_row()), cost))
}

async fn keep(
    state: &State,
    job: &Job,
    index: usize,
    attempt: u32,
    found: Found,
) -> Result<ImageState, TaskError> {
    match found {
        Found::Nothing(outcome) => Ok(outcome),
        Found::Picture(bytes) => match picture::keep(&state.bucket, job, index, attempt, bytes).await? {
            Kept::Stored(stored, _) => Ok(ImageState::Ready(stored)),
            Kept::Refused(outcome) => Ok(outcome),
        },
    }
}

/// Ends the retry. Its archive holds what the job has at this moment; where another retry ends in between, it is written
/// again, so that the last one to end has all pictures.
async fn finish(
    state: &State,
    job: &Job,
    (index, retry): (usize, RetryOf),
    Came { outcome, cost, model }: Came,
) -> Result<(), TaskError> {
    let is_ready = matches!(outcome, ImageState::Ready(_));
    info!(job.id = %job.id, image.id = %retry.image, is_ready, "The retry is over");
    let archive = is_ready.then(|| Job::archive_file_name(index, retry.attempt));
    let ended = JobEvent::Retry(
        retry,
        RetryEvent::Ended {
            state: outcome,
            cost: Some(cost),
            archive: archive.clone(),
        },
    );
    let mut current = job.clone();
    loop {
        if let Some(name) = &archive {
            let Ok(after) = current.apply(ended.clone(), clock::now()) else {
                return Ok(());
            };
            let manifest = archive::manifest(&after, &after.images, &model, after.actual_cost);
            let file = archive::of_stored(&state.bucket, &after, &after.images, &manifest).await?;
            file.put(&state.bucket, &after, name).await?;
        }
        let changed = state.jobs.change(job.owner, job.id, |job| {
            if is_ready && !has_same_pictures(job, &current) {
                return Err(Refused::Mismatch);
            }
            job.apply(ended.clone(), clock::now())
        });
        match changed.await {
            Ok(_) | Err(ChangeError::Refused(Refused::Finished(_)) | ChangeError::NotFound(_)) => {
                return Ok(());
            }
            Err(ChangeError::Refused(Refused::Mismatch)) => {
                let Some(job) = state.jobs.get(job.owner, job.id).await? else {
                    return Ok(());
                };
                current = job;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn has_same_pictures(one: &Job, other: &Job) -> bool {
    let pictures = |job: &Job| -> Vec<(u32, ImageState)> {
        let images = job.images.iter();
        images.map(|image| (image.attempt, image.state.clone())).collect()
    };
    pictures(one) == pictures(other)
}
