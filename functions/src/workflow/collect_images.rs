//! collect-images: stores the images of a finished batch, and marks the job.
//!
//! The result file is read line by line. While one picture is decoded, made small and put into the bucket, the next one is: memory
//! is bounded by two pictures and a line, not by the result file. Keys are fixed by the image's number, so that a second run
//! stores the same things again.

mod lines;
mod retry;

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use aws_config::SdkConfig;
use packshot_clients::{
    bucket::Bucket,
    config::Missing,
    gemini::{BatchView, Gemini, GeminiError, ResultLine},
    jobs::JobStore,
};
use packshot_domain::{
    failure::{Failure, FailureCode},
    image::{Image, ImageFailureReason, ImageState},
    job::{Batch, Job, JobEvent},
    prices::{self, Tokens},
};
use tokio_util::task::AbortOnDropHandle;
use tracing::{info, warn};

use self::lines::Lines;
use super::{
    Ended,
    archive::{self, Archive},
    change, job_store,
    picture::{self, Found, Kept},
};
use crate::runtime::{TaskError, TaskInput};

/// How many pictures are under way at a time, from their files to the bucket: one for each processor of a function that is given
/// two. On less than one it does no harm, but for the memory of one more.
const UNDER_WAY: usize = 2;

/// What this function may use.
#[derive(Debug)]
pub struct State {
    jobs: JobStore,
    bucket: Bucket,
    gemini: Gemini,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            jobs: job_store(config)?,
            bucket: Bucket::from_env(config)?,
            gemini: Gemini::from_env(config)?,
        })
    }
}

/// Answers how the job ended.
pub async fn handle(state: &State, input: TaskInput) -> Result<Ended, TaskError> {
    let job = state.jobs.get(input.user_id, input.job_id).await?;
    let job = job.ok_or_else(|| TaskError::bug("the job is gone"))?;
    if let Some(retry) = input.retry_of() {
        return retry::collect(state, &job, retry).await;
    }
    if job.status.is_terminal() {
        return Ok(Ended::of(&job));
    }
    let job = Arc::new(job);
    let collected = collect(state, &job).await?;
    let ended = change(&state.jobs, &job, collected).await?;
    match ended {
        Some(job) => Ok(Ended::of(&job)),
        // Somebody else ended it meanwhile: tell how.
        None => match state.jobs.get(input.user_id, input.job_id).await? {
            Some(job) => Ok(Ended::of(&job)),
            None => Err(TaskError::bug("the job is gone")),
        },
    }
}

/// Stores every image and the archive, and tells what came of each.
async fn collect(state: &State, job: &Arc<Job>) -> Result<JobEvent, TaskError> {
    let batch = job.round.batch.as_ref();
    let batch = batch.ok_or_else(|| TaskError::bug("there is no batch to collect from"))?;
    let view = state.gemini.batch(&batch.name).await.map_err(gone)?;
    let mut collection = Collection::new(state, job, &view)?;
    if let Some(mut lines) = lines(state, job, batch, &view).await? {
        while let Some(line) = lines.next().await? {
            collection.take(line).await?;
        }
    }
    collection.finish().await
}

/// The lines of a batch's result file, if it has one.
async fn lines(
    state: &State,
    job: &Job,
    batch: &Batch,
    view: &BatchView,
) -> Result<Option<Lines>, TaskError> {
    let Some(file) = &view.responses_file else {
        warn!(job.id = %job.id, batch.id = %batch.name, "The batch has no result file");
        return Ok(None);
    };
    let download = state.gemini.download(file).await.map_err(gone)?;
    Ok(Some(Lines::new(download)))
}

/// A result that is not there any more will not come back. For a file that it does not know, Gemini answers 403: it does
/// not tell files that are gone from files of others.
fn gone(error: GeminiError) -> TaskError {
    match error {
        GeminiError::NotFound(_) | GeminiError::KeyRefused { status: 403, .. } => {
            TaskError::rejected(Failure::new(FailureCode::BatchFailed))
        }
        error => error.into(),
    }
}

/// The images so far.
struct Collection<'a> {
    state: &'a State,
    job: &'a Arc<Job>,
    /// The model that made the images.
    model: &'a str,
    /// Which image a key names.
    numbers: HashMap<String, usize>,
    /// What all lines used so far.
    used: Tokens,
    /// The pictures that are on their way to the bucket, by their images, in the order of the file.
    underway: VecDeque<(usize, AbortOnDropHandle<Result<Kept, TaskError>>)>,
    outcomes: Vec<Option<ImageState>>,
    archive: Archive,
}

impl<'a> Collection<'a> {
    fn new(state: &'a State, job: &'a Arc<Job>, batch: &'a BatchView) -> Result<Self, TaskError> {
        Ok(Self {
            state,
            job,
            model: &batch.model,
            numbers: job
                .images
                .iter()
                .enumerate()
                .map(|(index, image)| (image.id.to_string(), index))
                .collect(),
            used: Tokens::default(),
            underway: VecDeque::new(),
            outcomes: vec![None; job.images.len()],
            archive: Archive::create().map_err(TaskError::transient)?,
        })
    }

    /// Takes one line of the result file.
    async fn take(&mut self, line: Vec<u8>) -> Result<(), TaskError> {
        let Some((index, found)) = self.read(&line).await? else {
            return Ok(());
        };
        // The line is no longer needed while its picture's pixels take their place.
        drop(line);
        match found {
            Found::Nothing(outcome) => self.outcomes[index] = Some(outcome),
            Found::Picture(bytes) => {
                self.settle_down_to(UNDER_WAY - 1).await?;
                self.send(index, bytes);
            }
        }
        Ok(())
    }

    /// Which image a line is about, and what it brings. Lines that are about none, or about one that has its outcome
    /// already, are left out: results are matched by key, never by position.
    async fn read(&mut self, line: &[u8]) -> Result<Option<(usize, Found)>, TaskError> {
        let job = self.job.id;
        let Ok(line) = ResultLine::parse(line) else {
            warn!(job.id = %job, "A line of the result file cannot be read");
            return Ok(None);
        };
        let Some(&index) = self.numbers.get(line.key.as_ref()) else {
            warn!(job.id = %job, "A line of the result file has an unknown key");
            return Ok(None);
        };
        // Of an image that comes again, it must be known what came of it.
        if self.underway.iter().any(|(underway, _)| *underway == index) {
            self.settle_down_to(0).await?;
        }
        if matches!(self.outcomes[index], Some(ImageState::Ready(_))) {
            warn!(job.id = %job, image = index + 1, "The result file has an image twice");
            return Ok(None);
        }
        self.used = self.used + line.tokens();
        Ok(Some((index, picture::found_in(line.into_row()))))
    }

    /// Sends a picture on its way to the bucket.
    fn send(&mut self, index: usize, bytes: Vec<u8>) {
        let attempt = self.job.images[index].attempt;
        let (bucket, job) = (self.state.bucket.clone(), Arc::clone(self.job));
        let keeping = async move { picture::keep(&bucket, &job, index, attempt, bytes).await };
        let keeping = AbortOnDropHandle::new(tokio::spawn(keeping));
        self.underway.push_back((index, keeping));
    }

    /// Waits until no more pictures than this are under way, and puts those that are stored into the archive.
    async fn settle_down_to(&mut self, most: usize) -> Result<(), TaskError> {
        while self.underway.len() > most {
            let Some((index, keeping)) = self.underway.pop_front() else {
                break;
            };
            let outcome = match keeping.await.map_err(TaskError::bug)?? {
                Kept::Refused(outcome) => outcome,
                Kept::Stored(stored, bytes) => {
                    let name = Job::image_file_name(index, self.job.images[index].attempt, stored.format);
                    self.archive.add(&name, &bytes).map_err(TaskError::transient)?;
                    ImageState::Ready(stored)
                }
            };
            self.outcomes[index] = Some(outcome);
        }
        Ok(())
    }

    /// Every image with its outcome, after the archive is stored, and what the batch cost.
    async fn finish(mut self) -> Result<JobEvent, TaskError> {
        self.settle_down_to(0).await?;
        let cost = prices::cost_by_batch(self.model, self.used);
        let missing = || picture::failed(ImageFailureReason::MissingFromBatch, None);
        let states = self
            .outcomes
            .into_iter()
            .map(|outcome| outcome.unwrap_or_else(missing));
        let images: Vec<Image> = self
            .job
            .images
            .iter()
            .zip(states)
            .map(|(image, state)| Image {
                state,
                ..image.clone()
            })
            .collect();
        let ready = images.iter().filter(|image| image.is_ready()).count();
        info!(job.id = %self.job.id, ready, "Stored {ready} of {} images", images.len());
        let archive = if ready > 0 {
            let total = self.job.actual_cost + cost;
            let manifest = archive::manifest(self.job, &images, self.model, total);
            let name = Job::archive_file_name(0, 0);
            let finished = self.archive.finish(&manifest).map_err(TaskError::transient)?;
            finished.put(&self.state.bucket, self.job, &name).await?;
            Some(name)
        } else {
            None
        };
        Ok(JobEvent::ImagesCollected {
            images,
            cost,
            archive,
        })
    }
}
