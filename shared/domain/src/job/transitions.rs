//! How a job changes: every event, and the one function that applies it.

use jiff::Timestamp;

use super::{Batch, Job, PreparedPhoto, ProviderFiles, Status, progress};
use crate::{
    batch::BatchCounts,
    failure::Failure,
    image::{self, Image, ImageState},
    money::MicroUsd,
    strategy::Shot,
};

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
        /// What the planning cost.
        cost: MicroUsd,
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
        /// What the batch cost.
        cost: MicroUsd,
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
            JobEvent::Planned {
                shots,
                prepared,
                cost,
            } => next.plan(shots, prepared, cost)?,
            JobEvent::FilesUploaded(files) => next.take_files(files)?,
            JobEvent::SubmissionClaimed => next.claim_submission(now)?,
            JobEvent::SubmissionReleased => next.submission_claimed_at = None,
            JobEvent::BatchSubmitted { name } => next.submit(name, now)?,
            JobEvent::Progressed { counts } => next.advance(counts, now)?,
            JobEvent::ImagesCollected { images, cost } => next.collect(images, cost)?,
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

    fn plan(
        &mut self,
        shots: Vec<Shot>,
        prepared: Vec<PreparedPhoto>,
        cost: MicroUsd,
    ) -> Result<(), Refused> {
        if shots.len() != self.images.len() || prepared.len() != self.photos.len() {
            return Err(Refused::Mismatch);
        }
        // A saved shot list is kept: the batch may already have been made from it.
        if self.shots.is_empty() {
            self.shots = shots;
            self.prepared = prepared;
            self.actual_cost = self.actual_cost + cost;
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

    fn collect(&mut self, images: Vec<Image>, cost: MicroUsd) -> Result<(), Refused> {
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
        self.actual_cost = self.actual_cost + cost;
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
}
