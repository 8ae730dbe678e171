//! A job's photos at Gemini, where prompts name them.

use std::time::Duration;

use jiff::Timestamp;
use packshot_clients::{
    bucket::{Bucket, ReadError},
    gemini::{Gemini, GeminiError},
};
use packshot_domain::{
    failure::{Failure, FailureCode},
    job::{Job, ProviderFile, Round},
    photo,
};

use super::provider;
use crate::runtime::TaskError;

/// Files at Gemini are used for this long; they are gone after 48 hours, and a batch may wait a while before it reads
/// them.
const FILES_FRESH_FOR: Duration = Duration::from_hours(12);

/// Why there are no photos at Gemini.
#[derive(Debug)]
pub(super) enum UploadError {
    /// Gemini did not take them.
    Gemini(GeminiError),
    /// They could not be read.
    Task(TaskError),
}

impl From<GeminiError> for UploadError {
    fn from(error: GeminiError) -> Self {
        Self::Gemini(error)
    }
}

impl From<TaskError> for UploadError {
    fn from(error: TaskError) -> Self {
        Self::Task(error)
    }
}

impl From<ReadError> for UploadError {
    fn from(error: ReadError) -> Self {
        Self::Task(match error {
            ReadError::NotFound(_) => TaskError::rejected(Failure::new(FailureCode::PhotoMissing)),
            ReadError::TooLarge(_) => TaskError::bug(error),
            ReadError::Aws(error) => error.into(),
        })
    }
}

/// Whether what was uploaded for a round can still be used.
pub(super) fn are_fresh(round: &Round, now: Timestamp) -> bool {
    round
        .files
        .as_ref()
        .is_some_and(|files| provider::since(files.uploaded_at, now) < FILES_FRESH_FOR)
}

/// The photos at Gemini: those of the job's own round while they are fresh, else uploaded anew.
pub(super) async fn ready(
    bucket: &Bucket,
    gemini: &Gemini,
    job: &Job,
    now: Timestamp,
) -> Result<Vec<ProviderFile>, UploadError> {
    if let Some(files) = job.round.files.as_ref().filter(|_| are_fresh(&job.round, now)) {
        return Ok(files.photos.clone());
    }
    let mut photos = Vec::with_capacity(job.prepared.len());
    for (index, prepared) in job.prepared.iter().enumerate() {
        let bytes = bucket.get(&prepared.key, photo::MAX_BYTES).await?;
        let name = format!("{}-photo-{}", job.id, index + 1);
        let file = gemini
            .upload(&name, prepared.format.content_type(), bytes)
            .await?;
        photos.push(ProviderFile::from(file));
    }
    Ok(photos)
}
