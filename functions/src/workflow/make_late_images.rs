//! make-late-images: makes the images of a job whose batch is late one by one, at the interactive price.
//!
//! Each image is in the row as soon as it is made, so that a repeated run pays for none of them again. A batch that is
//! done after all is used instead.

use aws_config::SdkConfig;
use futures_util::future::join_all;
use jiff::Timestamp;
use packshot_clients::{
    bucket::Bucket,
    clock,
    config::{self, Missing, env},
    gemini::{Gemini, GeminiError, ResultLine},
    jobs::JobStore,
};
use packshot_domain::{
    batch::BatchState,
    failure::FailureCode,
    image::{Image, ImageFailureReason, ImageState},
    job::{Job, JobEvent, ProviderFile},
    late,
    money::MicroUsd,
    poll, prices,
};
use serde::Serialize;
use tracing::{info, warn};

use super::{
    Ended, Step, archive, batch_request, change, job_store,
    picture::{self, Found, Kept},
    provider,
    provider_photos::{self, UploadError},
};
use crate::{
    runtime::{TaskError, TaskInput},
    stop::stop_batch,
};

/// How many images are made at the same time: their pixels are in memory together.
const AT_ONCE: usize = 3;

const REFUSED: &str = "Gemini refused the request for it.";
const TOO_DEAR: &str = "Making it at once would have cost more than max_cost_usd allows.";

/// What this function may use.
#[derive(Debug)]
pub struct State {
    jobs: JobStore,
    bucket: Bucket,
    gemini: Gemini,
    image_model: String,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            jobs: job_store(config)?,
            bucket: Bucket::from_env(config)?,
            gemini: Gemini::from_env(config)?,
            image_model: config::require(env::IMAGE_MODEL)?,
        })
    }
}

/// What the state machine is told.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Made {
    /// `waiting` where Gemini asks us to come back, `done` where the batch is done after all, `finished` for a job that has
    /// ended meanwhile.
    Step(Step),
    /// Every image has its outcome.
    All {
        /// Always `made`.
        state: &'static str,
        /// How the job ended.
        #[serde(flatten)]
        ended: Ended,
    },
}

/// Makes every image that has no outcome yet.
pub async fn handle(state: &State, input: TaskInput) -> Result<Made, TaskError> {
    let Some(job) = state.jobs.get(input.user_id, input.job_id).await? else {
        return Ok(Made::Step(Step::finished()));
    };
    if job.status.is_terminal() {
        return Ok(Made::Step(Step::finished()));
    }
    if job.fallback_at.is_none() && is_done_after_all(state, &job).await {
        return Ok(Made::Step(Step::done("done")));
    }
    let Some(job) = change(&state.jobs, &job, JobEvent::FallbackStarted).await? else {
        return Ok(Made::Step(Step::finished()));
    };
    let made = match make_all(state, job).await {
        Ok(made) => made,
        Err(Interrupted::Finished) => return Ok(Made::Step(Step::finished())),
        Err(Interrupted::Task(error)) => return Err(error),
        Err(Interrupted::Gemini(error, job)) => match wait_or_give_up(&error, &job) {
            Some(step) => return Ok(Made::Step(step)),
            None => give_up(state, *job, &error).await?,
        },
    };
    finish(state, made).await
}

/// Whether the batch has made its images in the last moment. One that has not is stopped.
async fn is_done_after_all(state: &State, job: &Job) -> bool {
    if let Some(batch) = &job.round.batch
        && let Ok(view) = state.gemini.batch(&batch.name).await
        && view.state == BatchState::Succeeded
    {
        return true;
    }
    info!(job.id = %job.id, "The batch is late: making the images one by one");
    stop_batch(&state.gemini, job, None).await;
    false
}

/// Why not every image has its outcome yet.
enum Interrupted {
    /// The job has ended meanwhile.
    Finished,
    /// Gemini did not make the next ones.
    Gemini(GeminiError, Box<Job>),
    /// Something of ours failed.
    Task(TaskError),
}

impl From<TaskError> for Interrupted {
    fn from(error: TaskError) -> Self {
        Self::Task(error)
    }
}

/// The job with an outcome for every image.
async fn make_all(state: &State, mut job: Job) -> Result<Job, Interrupted> {
    let photos = match provider_photos::ready(&state.bucket, &state.gemini, &job, clock::now()).await {
        Ok(photos) => photos,
        Err(UploadError::Gemini(error)) => return Err(Interrupted::Gemini(error, Box::new(job))),
        Err(UploadError::Task(error)) => return Err(error.into()),
    };
    loop {
        let pending: Vec<usize> = pending(&job).collect();
        if pending.is_empty() {
            return Ok(job);
        }
        let affordable = affordable(state, &job).min(AT_ONCE);
        if affordable == 0 {
            for index in pending {
                let outcome = picture::failed(ImageFailureReason::Late, Some(TOO_DEAR));
                job = note(state, &job, index, outcome, MicroUsd::default()).await?;
            }
            continue;
        }
        let some = pending.into_iter().take(affordable);
        let made = join_all(some.map(|index| make(state, &job, index, &photos))).await;
        // Those that are made are noted before an error of another is looked at: they are paid for.
        let mut failed = None;
        for result in made {
            match result {
                Ok((index, outcome, cost)) => job = note(state, &job, index, outcome, cost).await?,
                Err(error) => failed = Some(error),
            }
        }
        match failed {
            None => {}
            Some(UploadError::Gemini(error)) => return Err(Interrupted::Gemini(error, Box::new(job))),
            Some(UploadError::Task(error)) => return Err(error.into()),
        }
    }
}

fn pending(job: &Job) -> impl Iterator<Item = usize> {
    let images = job.images.iter().enumerate();
    images.filter_map(|(index, image)| (image.state == ImageState::Pending).then_some(index))
}

/// How many more images the job's owner is willing to pay for.
fn affordable(state: &State, job: &Job) -> usize {
    let Some(most) = job.max_cost else {
        return usize::MAX;
    };
    let price =
        prices::estimate_interactive_image(&state.image_model, job.brief.image_size, job.photos.len());
    let left = most.less(job.spent_at_most());
    usize::try_from(left.0 / price.0.max(1)).unwrap_or(usize::MAX)
}

/// Has one image made, and stores it.
async fn make(
    state: &State,
    job: &Job,
    index: usize,
    photos: &[ProviderFile],
) -> Result<(usize, ImageState, MicroUsd), UploadError> {
    let (image, shot) = (&job.images[index], &job.shots[index]);
    let request = batch_request(job, image, shot, photos);
    let answer = match state.gemini.draw(&state.image_model, &request).await {
        // What it has against this image says nothing about the others.
        Err(GeminiError::Refused { .. }) => {
            let outcome = picture::failed(ImageFailureReason::ProviderError, Some(REFUSED));
            return Ok((index, outcome, MicroUsd::default()));
        }
        answer => answer?,
    };
    let line = ResultLine::of_answer(&answer).map_err(|error| GeminiError::Unreadable(error.into()))?;
    let cost = prices::cost_interactive(&state.image_model, line.tokens());
    let found = picture::found_in(line.into_row());
    drop(answer);
    let outcome = match found {
        Found::Nothing(outcome) => outcome,
        Found::Picture(bytes) => {
            match picture::keep(&state.bucket, job, index, image.attempt, bytes).await? {
                Kept::Stored(stored, _) => ImageState::Ready(stored),
                Kept::Refused(outcome) => outcome,
            }
        }
    };
    Ok((index, outcome, cost))
}

async fn note(
    state: &State,
    job: &Job,
    index: usize,
    outcome: ImageState,
    cost: MicroUsd,
) -> Result<Job, Interrupted> {
    let event = JobEvent::ImageMade {
        image: job.images[index].id,
        state: outcome,
        cost,
    };
    let noted = change(&state.jobs, job, event).await?;
    noted.ok_or(Interrupted::Finished)
}

/// The wait that Gemini asks for; `None` where waiting does not help, or was long enough.
fn wait_or_give_up(error: &GeminiError, job: &Job) -> Option<Step> {
    let now = clock::now();
    let since = job.fallback_at.unwrap_or(now);
    if provider::hopeless(error).is_some() || now >= given_up_at(since) {
        return None;
    }
    let wait = poll::wait_as_asked(error.retry_after(), provider::since(since, now));
    warn!(job.id = %job.id, %error, wait_seconds = wait.as_secs(), "Gemini asks to wait");
    Some(Step::wait(
        "waiting",
        wait.min(provider::until(given_up_at(since), now)),
    ))
}

fn given_up_at(since: Timestamp) -> Timestamp {
    since.saturating_add(late::FALLBACK).unwrap_or(since)
}

/// The job without the images that Gemini would not make.
async fn give_up(state: &State, mut job: Job, error: &GeminiError) -> Result<Job, TaskError> {
    warn!(job.id = %job.id, %error, "Gemini did not make the rest of the images");
    let words = provider::hopeless(error).map(FailureCode::sentence);
    let missing: Vec<usize> = pending(&job).collect();
    for index in missing {
        let outcome = picture::failed(ImageFailureReason::ProviderError, words);
        match note(state, &job, index, outcome, MicroUsd::default()).await {
            Ok(noted) => job = noted,
            Err(Interrupted::Task(error)) => return Err(error),
            Err(Interrupted::Finished | Interrupted::Gemini(..)) => break,
        }
    }
    Ok(job)
}

/// Writes the archive and ends the job.
async fn finish(state: &State, job: Job) -> Result<Made, TaskError> {
    let archive = if job.images.iter().any(Image::is_ready) {
        let name = Job::archive_file_name(0, 0);
        let manifest = archive::manifest(&job, &job.images, &state.image_model, job.actual_cost);
        let file = archive::of_stored(&state.bucket, &job, &job.images, &manifest).await?;
        file.put(&state.bucket, &job, &name).await?;
        Some(name)
    } else {
        None
    };
    let collected = JobEvent::ImagesCollected {
        images: job.images.clone(),
        cost: MicroUsd::default(),
        archive,
    };
    Ok(match change(&state.jobs, &job, collected).await? {
        Some(job) => Made::All {
            state: "made",
            ended: Ended::of(&job),
        },
        None => Made::Step(Step::finished()),
    })
}
