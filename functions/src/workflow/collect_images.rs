//! collect-images: stores the images of a finished batch, and marks the job.
//!
//! The result file is read line by line, each line's picture is checked, stored and put into the archive before the
//! next one is read: memory is bounded by one image, not by the file. Keys are fixed by the image's number, so that a
//! second run stores the same things again.

mod archive;
mod lines;
mod picture;

use std::collections::HashMap;

use aws_config::SdkConfig;
use packshot_clients::{
    bucket::Bucket,
    config::Missing,
    gemini::{BatchView, Gemini, GeminiError, ResultLine, Row},
    jobs::JobStore,
};
use packshot_domain::{
    batch,
    failure::{Failure, FailureCode},
    image::{Image, ImageFailureReason, ImageState},
    job::{ARCHIVE_FILE_NAME, Job, JobEvent},
    money::MicroUsd,
    prices::{self, Tokens},
};
use tracing::{info, warn};

use self::{
    archive::Archive,
    lines::Lines,
    picture::{CheckedPicture, check},
};
use super::{Ended, change, job_store};
use crate::runtime::{TaskError, TaskInput};

/// The most that is kept of Gemini's words about one image.
const MAX_WORDS: usize = 500;

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
    if job.status.is_terminal() {
        return Ok(Ended::of(&job));
    }
    let (images, cost) = collect(state, &job).await?;
    let ready = images.iter().filter(|image| image.is_ready()).count();
    info!(job.id = %job.id, ready, "Stored {ready} of {} images", images.len());
    let ended = change(&state.jobs, &job, JobEvent::ImagesCollected { images, cost }).await?;
    match ended {
        Some(job) => Ok(Ended::of(&job)),
        // Somebody else ended it meanwhile: tell how.
        None => match state.jobs.get(input.user_id, input.job_id).await? {
            Some(job) => Ok(Ended::of(&job)),
            None => Err(TaskError::bug("the job is gone")),
        },
    }
}

/// Every image with its outcome, and what the batch cost.
async fn collect(state: &State, job: &Job) -> Result<(Vec<Image>, MicroUsd), TaskError> {
    let Some(batch) = &job.batch else {
        return Err(TaskError::bug("there is no batch to collect from"));
    };
    let view = state.gemini.batch(&batch.name).await.map_err(gone)?;
    let mut collection = Collection::new(state, job, &view)?;
    if let Some(file) = &view.responses_file {
        let mut lines = Lines::new(state.gemini.download(file).await.map_err(gone)?);
        while let Some(line) = lines.next().await? {
            collection.take(line).await?;
        }
    } else {
        warn!(job.id = %job.id, batch.id = %batch.name, "The batch has no result file");
    }
    collection.finish().await
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
    job: &'a Job,
    /// The model that made the images.
    model: &'a str,
    /// Which image a key names.
    numbers: HashMap<String, usize>,
    /// What all lines used so far.
    used: Tokens,
    outcomes: Vec<Option<ImageState>>,
    archive: Archive,
}

impl<'a> Collection<'a> {
    fn new(state: &'a State, job: &'a Job, batch: &'a BatchView) -> Result<Self, TaskError> {
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
            outcomes: vec![None; job.images.len()],
            archive: Archive::create().map_err(TaskError::transient)?,
        })
    }

    /// Takes one line of the result file.
    async fn take(&mut self, line: Vec<u8>) -> Result<(), TaskError> {
        let Some((index, found)) = self.read(&line) else {
            return Ok(());
        };
        // The line is no longer needed while its picture's pixels take their place.
        drop(line);
        let outcome = match found {
            Found::Nothing(outcome) => outcome,
            Found::Picture(bytes) => self.keep(index, bytes).await?,
        };
        self.outcomes[index] = Some(outcome);
        Ok(())
    }

    /// Which image a line is about, and what it brings. Lines that are about none, or about one that has its outcome
    /// already, are left out: results are matched by key, never by position.
    fn read(&mut self, line: &[u8]) -> Option<(usize, Found)> {
        let job = self.job.id;
        let Ok(line) = ResultLine::parse(line) else {
            warn!(job.id = %job, "A line of the result file cannot be read");
            return None;
        };
        let Some(&index) = self.numbers.get(line.key.as_ref()) else {
            warn!(job.id = %job, "A line of the result file has an unknown key");
            return None;
        };
        if matches!(self.outcomes[index], Some(ImageState::Ready(_))) {
            warn!(job.id = %job, image = index + 1, "The result file has an image twice");
            return None;
        }
        self.used = self.used + line.tokens();
        Some((index, found_in(line.into_row())))
    }

    /// Checks a picture, stores it with its thumbnail, and puts it into the archive.
    async fn keep(&mut self, index: usize, bytes: Vec<u8>) -> Result<ImageState, TaskError> {
        let checked = tokio::task::spawn_blocking(move || check(bytes))
            .await
            .map_err(TaskError::bug)?;
        let CheckedPicture {
            stored,
            bytes,
            thumbnail,
        } = match checked {
            Ok(picture) => picture,
            Err(problem) => {
                warn!(job.id = %self.job.id, image = index + 1, %problem, "Gemini's picture cannot be used");
                let message = Some(format!("The picture that came cannot be used: {problem}."));
                return Ok(ImageState::Failed {
                    reason: ImageFailureReason::ProviderError,
                    message,
                });
            }
        };
        let name = Job::image_file_name(index, stored.format.extension());
        self.archive.add(&name, &bytes).map_err(TaskError::transient)?;
        let (image_key, thumbnail_key) = (
            self.job.image_path(&name),
            self.job.image_path(&Job::thumbnail_file_name(index)),
        );
        let bucket = &self.state.bucket;
        tokio::try_join!(
            bucket.put_immutable(&image_key, stored.format.content_type(), bytes.into()),
            bucket.put_immutable(&thumbnail_key, "image/webp", thumbnail.into()),
        )?;
        Ok(ImageState::Ready(stored))
    }

    /// Every image with its outcome, after the archive is stored, and what the batch cost.
    async fn finish(self) -> Result<(Vec<Image>, MicroUsd), TaskError> {
        let cost = prices::cost_by_batch(self.model, self.used);
        let missing = || ImageState::Failed {
            reason: ImageFailureReason::MissingFromBatch,
            message: None,
        };
        let states = self
            .outcomes
            .into_iter()
            .map(|outcome| outcome.unwrap_or_else(missing));
        let images: Vec<Image> = self
            .job
            .images
            .iter()
            .zip(states)
            .map(|(image, state)| Image { id: image.id, state })
            .collect();
        if images.iter().any(Image::is_ready) {
            let manifest = archive::manifest(self.job, &images, self.model, self.job.actual_cost + cost);
            let file = self.archive.finish(&manifest).map_err(TaskError::transient)?;
            let body = file.body().await.map_err(TaskError::transient)?;
            self.state
                .bucket
                .put_immutable(&self.job.image_path(ARCHIVE_FILE_NAME), "application/zip", body)
                .await?;
        }
        Ok((images, cost))
    }
}

/// What a line brings.
enum Found {
    /// A picture's file.
    Picture(Vec<u8>),
    /// The reason why there is none.
    Nothing(ImageState),
}

fn found_in(row: Row<'_>) -> Found {
    let failed = |reason, words: Option<&str>| {
        let message = words.map(|words| words.trim().chars().take(MAX_WORDS).collect::<String>());
        Found::Nothing(ImageState::Failed {
            reason,
            message: message.filter(|words| !words.is_empty()),
        })
    };
    match row {
        Row::Picture(base64) => match picture::decode_base64(&base64) {
            Some(bytes) => Found::Picture(bytes),
            None => failed(
                ImageFailureReason::ProviderError,
                Some("The picture that came is not base64."),
            ),
        },
        Row::NoPicture {
            finish_reason,
            block_reason,
            words,
        } => failed(
            batch::reason_without_image(finish_reason.as_deref(), block_reason.as_deref()),
            words.as_deref(),
        ),
        Row::Error { code, message } => {
            let words = format!("{message} (code {code})");
            failed(ImageFailureReason::ProviderError, Some(&words))
        }
    }
}
