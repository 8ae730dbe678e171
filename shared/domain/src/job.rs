//! A job's life: what it holds, and the one function through which it changes.
//!
//! `queued -> strategy -> batch_submitted -> generating -> completed | failed`, and `canceled` from any of the first
//! four. Progress never goes back and a finished job never changes, whatever comes late, twice or out of order.

use std::collections::BTreeMap;

use jiff::Timestamp;
use url::Url;

use crate::{
    batch::BatchCounts,
    failure::Failure,
    id::{ImageId, JobId, UploadId, UserId},
    image::{self, Image, ImageState},
    money::MicroUsd,
    photo::PhotoFormat,
    request::Brief,
    strategy::Shot,
};

mod progress;

/// Where a job is; the names are the API's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The row is written, the workflow is starting.
    Queued,
    /// Gemini looks at the photos and writes the shot list.
    Strategy,
    /// Gemini has accepted one batch with every prompt.
    BatchSubmitted,
    /// The batch runs.
    Generating,
    /// At least one image is stored.
    Completed,
    /// No image came of it.
    Failed,
    /// Its owner stopped it.
    Canceled,
}

impl Status {
    /// Every status, in the order of a job's life.
    pub const ALL: [Self; 7] = [
        Self::Queued,
        Self::Strategy,
        Self::BatchSubmitted,
        Self::Generating,
        Self::Completed,
        Self::Failed,
        Self::Canceled,
    ];

    /// The stable name that programs switch on.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Strategy => "strategy",
            Self::BatchSubmitted => "batch_submitted",
            Self::Generating => "generating",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// The status with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// Whether the job has ended.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Canceled)
    }
}

/// Where the workflow finds a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoSource {
    /// In the bucket.
    Upload(UploadId),
    /// Outside, to be fetched.
    Url(Url),
}

/// A photo that was checked and made ready for Gemini: upright, in one of the three formats, of sensible size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedPhoto {
    /// The key of the prepared file in the bucket.
    pub key: String,
    /// Its format.
    pub format: PhotoFormat,
    /// Its size in bytes.
    pub bytes: u64,
}

/// A photo at Gemini's Files API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderFile {
    /// The address by which prompts name it.
    pub uri: String,
    /// Its media type.
    pub content_type: String,
}

/// What has been uploaded to Gemini for the batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderFiles {
    /// The photos, in the job's order.
    pub photos: Vec<ProviderFile>,
    /// The name of the file with one request a line.
    pub requests: String,
    /// When; Gemini keeps files for 48 hours.
    pub uploaded_at: Timestamp,
}

/// A batch at Gemini.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its name there, `batches/…`.
    pub name: String,
    /// When it was accepted.
    pub submitted_at: Timestamp,
    /// How many of its lines are done, as far as it told.
    pub counts: Option<BatchCounts>,
}

/// One request for a set of images, and all that has become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Whose it is.
    pub owner: UserId,
    /// Counts the changes; a write names the version it started from.
    pub version: u64,
    /// Where it is.
    pub status: Status,
    /// 0 to 100, never going back.
    pub progress: u8,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// When it is given up if the images are not there.
    pub deadline_at: Timestamp,
    /// What it is to make.
    pub brief: Brief,
    /// Of which photos.
    pub photos: Vec<PhotoSource>,
    /// Who is told by webhook.
    pub callback_url: Option<Url>,
    /// The caller's labels.
    pub metadata: BTreeMap<String, String>,
    /// The unguessable part of its images' addresses.
    pub images_token: String,
    /// What Gemini is expected to charge.
    pub estimated_cost: MicroUsd,
    /// Its images, in order.
    pub images: Vec<Image>,
    /// The strategy, one shot an image; empty until planned.
    pub shots: Vec<Shot>,
    /// The photos as prepared for Gemini; empty until planned.
    pub prepared: Vec<PreparedPhoto>,
    /// What was uploaded to Gemini.
    pub files: Option<ProviderFiles>,
    /// Since when one invocation may be creating the batch right now.
    pub submission_claimed_at: Option<Timestamp>,
    /// The batch.
    pub batch: Option<Batch>,
    /// Why it failed.
    pub failure: Option<Failure>,
}

/// What a new job starts from.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// Whose it is.
    pub owner: UserId,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it is given up.
    pub deadline_at: Timestamp,
    /// What it is to make.
    pub brief: Brief,
    /// Of which photos.
    pub photos: Vec<PhotoSource>,
    /// Who is told by webhook.
    pub callback_url: Option<Url>,
    /// The caller's labels.
    pub metadata: BTreeMap<String, String>,
    /// The unguessable part of its images' addresses.
    pub images_token: String,
    /// What Gemini is expected to charge.
    pub estimated_cost: MicroUsd,
    /// One id for each image.
    pub image_ids: Vec<ImageId>,
}

impl From<NewJob> for Job {
    fn from(new: NewJob) -> Self {
        let images = new
            .image_ids
            .into_iter()
            .map(|id| Image {
                id,
                state: ImageState::Pending,
            })
            .collect();
        Self {
            id: new.id,
            owner: new.owner,
            version: 1,
            status: Status::Queued,
            progress: 0,
            created_at: new.created_at,
            updated_at: new.created_at,
            finished_at: None,
            deadline_at: new.deadline_at,
            brief: new.brief,
            photos: new.photos,
            callback_url: new.callback_url,
            metadata: new.metadata,
            images_token: new.images_token,
            estimated_cost: new.estimated_cost,
            images,
            shots: Vec::new(),
            prepared: Vec::new(),
            files: None,
            submission_claimed_at: None,
            batch: None,
            failure: None,
        }
    }
}

/// Something that happened to a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobEvent {
    /// plan-strategy has begun.
    StrategyStarted,
    /// The photos are prepared and the shot list is checked.
    Planned {
        /// One shot an image.
        shots: Vec<Shot>,
        /// The photos for Gemini.
        prepared: Vec<PreparedPhoto>,
    },
    /// Photos and requests are at Gemini's Files API.
    FilesUploaded(ProviderFiles),
    /// An invocation is about to create the batch.
    SubmissionClaimed,
    /// That invocation knows that it did not create one.
    SubmissionReleased,
    /// Gemini has accepted the batch of this name.
    BatchSubmitted {
        /// `batches/…`
        name: String,
    },
    /// The batch runs.
    Progressed {
        /// How many lines are done, where the batch tells.
        counts: Option<BatchCounts>,
    },
    /// The batch's results are stored: the job has ended, well or not.
    ImagesCollected {
        /// Every image of the job with its final state.
        images: Vec<Image>,
    },
    /// The job cannot go on.
    Failed(Failure),
    /// Its owner stopped it.
    Canceled,
}

/// Why an event does not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The job has ended.
    #[error("the job has already ended as {}", .0.as_str())]
    Finished(Status),
    /// The event needs something that has not happened yet.
    #[error("the job is only {}", .0.as_str())]
    TooEarly(Status),
    /// Another invocation is creating the batch.
    #[error("another invocation is submitting the batch")]
    SubmissionInProgress,
    /// The event's parts do not fit the job.
    #[error("the event does not fit the job")]
    Mismatch,
}

/// How long one invocation may take to create the batch. Past it, the claim is another's to take: the call's own
/// time limit is shorter, so whoever made it is no longer waiting for the answer.
pub const SUBMISSION_CLAIM_SECONDS: i64 = 90;

impl Job {
    /// The job after `event`, which happened at `now`.
    ///
    /// An event whose effect is there already leaves the job as it is, version included, so that every task can be
    /// repeated.
    ///
    /// # Errors
    ///
    /// [`Refused`] where the event cannot apply; the job in the table stays as it was.
    pub fn apply(&self, event: JobEvent, now: Timestamp) -> Result<Self, Refused> {
        if self.status.is_terminal() {
            return Err(Refused::Finished(self.status));
        }
        let mut next = self.clone();
        match event {
            JobEvent::StrategyStarted => next.enter(Status::Strategy),
            JobEvent::Planned { shots, prepared } => next.plan(shots, prepared)?,
            JobEvent::FilesUploaded(files) => next.take_files(files)?,
            JobEvent::SubmissionClaimed => next.claim_submission(now)?,
            JobEvent::SubmissionReleased => next.submission_claimed_at = None,
            JobEvent::BatchSubmitted { name } => next.submit(name, now)?,
            JobEvent::Progressed { counts } => next.advance(counts, now)?,
            JobEvent::ImagesCollected { images } => next.collect(images)?,
            JobEvent::Failed(failure) => next.fail(failure),
            JobEvent::Canceled => next.enter(Status::Canceled),
        }
        if next == *self {
            return Ok(next);
        }
        next.version += 1;
        next.updated_at = now;
        if next.status.is_terminal() {
            next.finished_at = Some(now);
        }
        Ok(next)
    }

    /// Moves on to a status, never back.
    fn enter(&mut self, status: Status) {
        self.status = self.status.max(status);
        self.progress = self.progress.max(progress::least(self.status));
    }

    fn plan(&mut self, shots: Vec<Shot>, prepared: Vec<PreparedPhoto>) -> Result<(), Refused> {
        if shots.len() != self.images.len() || prepared.len() != self.photos.len() {
            return Err(Refused::Mismatch);
        }
        // A saved shot list is kept: the batch may already have been made from it.
        if self.shots.is_empty() {
            self.shots = shots;
            self.prepared = prepared;
        }
        self.enter(Status::Strategy);
        Ok(())
    }

    fn take_files(&mut self, files: ProviderFiles) -> Result<(), Refused> {
        if self.shots.is_empty() {
            return Err(Refused::TooEarly(self.status));
        }
        if files.photos.len() != self.photos.len() {
            return Err(Refused::Mismatch);
        }
        if self.batch.is_none() {
            self.files = Some(files);
        }
        Ok(())
    }

    fn claim_submission(&mut self, now: Timestamp) -> Result<(), Refused> {
        if self.files.is_none() {
            return Err(Refused::TooEarly(self.status));
        }
        if self.batch.is_some() || self.is_submission_claimed(now) {
            return Err(Refused::SubmissionInProgress);
        }
        self.submission_claimed_at = Some(now);
        Ok(())
    }

    /// Whether an invocation may be creating the batch at this moment.
    pub fn is_submission_claimed(&self, now: Timestamp) -> bool {
        self.submission_claimed_at
            .is_some_and(|claimed_at| now.duration_since(claimed_at).as_secs() < SUBMISSION_CLAIM_SECONDS)
    }

    fn submit(&mut self, name: String, now: Timestamp) -> Result<(), Refused> {
        if self.shots.is_empty() {
            return Err(Refused::TooEarly(self.status));
        }
        if self.batch.is_none() {
            self.batch = Some(Batch {
                name,
                submitted_at: now,
                counts: None,
            });
        }
        self.submission_claimed_at = None;
        self.enter(Status::BatchSubmitted);
        Ok(())
    }

    fn advance(&mut self, counts: Option<BatchCounts>, now: Timestamp) -> Result<(), Refused> {
        let Some(batch) = self.batch.as_mut() else {
            return Err(Refused::TooEarly(self.status));
        };
        let waited = now.duration_since(batch.submitted_at).as_secs();
        let done_before = batch.counts.map_or(0, |counts| counts.done);
        if counts.is_some_and(|counts| counts.done >= done_before) {
            batch.counts = counts;
        }
        let reached = progress::while_generating(batch.counts, waited);
        self.enter(Status::Generating);
        self.progress = self.progress.max(reached);
        Ok(())
    }

    fn collect(&mut self, images: Vec<Image>) -> Result<(), Refused> {
        if self.batch.is_none() {
            return Err(Refused::TooEarly(self.status));
        }
        let same_images = images
            .iter()
            .map(|image| image.id)
            .eq(self.images.iter().map(|image| image.id));
        if !same_images || images.iter().any(|image| image.state == ImageState::Pending) {
            return Err(Refused::Mismatch);
        }
        let outcome = image::outcome_of(&images);
        self.images = images;
        match outcome {
            Ok(()) => self.enter(Status::Completed),
            Err(code) => self.fail(Failure::new(code)),
        }
        Ok(())
    }

    fn fail(&mut self, failure: Failure) {
        for image in &mut self.images {
            if image.state == ImageState::Pending {
                image.state = ImageState::Failed {
                    reason: image::ImageFailureReason::Late,
                    message: None,
                };
            }
        }
        self.failure = Some(failure);
        self.enter(Status::Failed);
    }

    /// Where the job is, in a sentence for people.
    pub fn stage(&self) -> String {
        progress::stage(self)
    }

    /// How many images are stored.
    pub fn ready_count(&self) -> usize {
        self.images.iter().filter(|image| image.is_ready()).count()
    }

    /// The path of one stored file below the site's root: `images/<token>/<name>`.
    pub fn image_path(&self, file_name: &str) -> String {
        format!("images/{}/{file_name}", self.images_token)
    }

    /// The file name of an image: its frame number and its type's ending.
    pub fn image_file_name(index: usize, extension: &str) -> String {
        format!("{:02}.{extension}", index + 1)
    }

    /// The file name of an image's thumbnail.
    pub fn thumbnail_file_name(index: usize) -> String {
        format!("{:02}-thumbnail.webp", index + 1)
    }
}

/// The file name of a job's archive.
pub const ARCHIVE_FILE_NAME: &str = "images.zip";

#[cfg(test)]
mod tests;
