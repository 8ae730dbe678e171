//! How a job changes: every event, and the one function that applies it.

use jiff::Timestamp;

use super::{Job, NewRetry, PreparedPhoto, RetryEvent, RetryOf, RoundEvent, SavingEvent, Status, progress};
use crate::{
    failure::Failure,
    id::ImageId,
    image::{self, Image, ImageState},
    money::MicroUsd,
    strategy::Shot,
};

/// Something that happened to a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobEvent {
    /// The photo at this place was copied from its owner's Drive.
    PhotoCopied(usize),
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
    /// There is no room for its batch yet, or older jobs wait for it.
    RoomAwaited,
    /// The round of all images went on at Gemini.
    Round(RoundEvent),
    /// The batch is late: the images are made one by one.
    FallbackStarted,
    /// One of them is made, or will not be.
    ImageMade {
        /// Which.
        image: ImageId,
        /// What came of it.
        state: ImageState,
        /// What it cost.
        cost: MicroUsd,
    },
    /// The batch's results are stored: the job has ended, well or not.
    ImagesCollected {
        /// Every image of the job with its final state.
        images: Vec<Image>,
        /// What the batch cost.
        cost: MicroUsd,
        /// The name of the archive that has them; `None` where there is none.
        archive: Option<String>,
    },
    /// The owner of a job that has completed wants one of its images made again.
    RetryRequested(ImageId, NewRetry),
    /// Something happened to a retry.
    Retry(RetryOf, RetryEvent),
    /// The images of a job that has completed are going into its owner's Drive.
    Saving(SavingEvent),
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
    /// Only images of a completed job are made again.
    #[error("the job is {}, not completed", .0.as_str())]
    NotCompleted(Status),
    /// The job has no image of this id.
    #[error("the job has no such image")]
    NoSuchImage,
    /// The image is being made again.
    #[error("the image is being made again")]
    RetryInProgress,
    /// The image was made again as often as may be.
    #[error("the image was made again too often")]
    TooManyRetries,
    /// The job's photos are no longer kept.
    #[error("the job's photos are no longer kept")]
    PhotosExpired,
}

impl JobEvent {
    /// Something that happened in the round of a retry, or in the job's own where there is none.
    pub const fn in_round(retry: Option<RetryOf>, event: RoundEvent) -> Self {
        match retry {
            None => Self::Round(event),
            Some(retry) => Self::Retry(retry, RetryEvent::Round(event)),
        }
    }
}

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
        let mut next = self.clone();
        match event {
            JobEvent::RetryRequested(image, request) => next.request_retry(image, request, now)?,
            JobEvent::Retry(retry, event) => next.apply_retry(retry, event, now)?,
            JobEvent::Saving(event) => next.go_on_saving(event)?,
            _ if self.status.is_terminal() => return Err(Refused::Finished(self.status)),
            JobEvent::PhotoCopied(index) => next.note_copy(index)?,
            JobEvent::StrategyStarted => next.enter(Status::Strategy),
            JobEvent::Planned {
                shots,
                prepared,
                cost,
            } => next.plan(shots, prepared, cost)?,
            JobEvent::RoomAwaited => next.wait_for_room(now),
            JobEvent::Round(event) => next.go_on(event, now)?,
            JobEvent::FallbackStarted => next.fall_back(now)?,
            JobEvent::ImageMade { image, state, cost } => next.take_image(image, state, cost)?,
            JobEvent::ImagesCollected {
                images,
                cost,
                archive,
            } => next.collect(images, cost, archive)?,
            JobEvent::Failed(failure) => next.fail(failure),
            JobEvent::Canceled => next.enter(Status::Canceled),
        }
        if next == *self {
            return Ok(next);
        }
        next.version += 1;
        next.updated_at = now;
        next.note_status(now);
        if next.status.is_terminal() {
            next.finished_at.get_or_insert(now);
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

    fn go_on(&mut self, event: RoundEvent, now: Timestamp) -> Result<(), Refused> {
        if event == RoundEvent::SubmissionReleased {
            self.wait_for_room(now);
        }
        let status = match &event {
            RoundEvent::FilesUploaded(_) | RoundEvent::BatchSubmitted { .. } if self.shots.is_empty() => {
                return Err(Refused::TooEarly(self.status));
            }
            RoundEvent::FilesUploaded(files) if files.photos.len() != self.photos.len() => {
                return Err(Refused::Mismatch);
            }
            RoundEvent::BatchSubmitted { .. } => Status::BatchSubmitted,
            RoundEvent::Progressed { .. } => Status::Generating,
            _ => self.status,
        };
        self.round
            .apply(event, now)
            .map_err(|refused| refused.at(self.status))?;
        self.enter(status);
        if let (Status::Generating, Some(batch)) = (status, &self.round.batch) {
            let waited = now.duration_since(batch.submitted_at).as_secs();
            let reached = progress::while_generating(batch.counts, waited);
            self.progress = self.progress.max(reached);
        }
        Ok(())
    }

    fn wait_for_room(&mut self, now: Timestamp) {
        if self.round.batch.is_none() {
            self.waiting_since.get_or_insert(now);
        }
    }

    fn fall_back(&mut self, now: Timestamp) -> Result<(), Refused> {
        if self.shots.is_empty() {
            return Err(Refused::TooEarly(self.status));
        }
        self.fallback_at.get_or_insert(now);
        self.enter(Status::Generating);
        Ok(())
    }

    /// An image that has its outcome keeps it: it was paid for.
    fn take_image(&mut self, id: ImageId, state: ImageState, cost: MicroUsd) -> Result<(), Refused> {
        if self.fallback_at.is_none() {
            return Err(Refused::TooEarly(self.status));
        }
        let index = self.index_of(id).ok_or(Refused::NoSuchImage)?;
        if self.images[index].state == ImageState::Pending {
            self.images[index].state = state;
            self.actual_cost = self.actual_cost + cost;
            let reached = progress::while_generating(Some(progress::settled(self)), 0);
            self.progress = self.progress.max(reached);
        }
        Ok(())
    }

    fn collect(
        &mut self,
        images: Vec<Image>,
        cost: MicroUsd,
        archive: Option<String>,
    ) -> Result<(), Refused> {
        if self.round.batch.is_none() && self.fallback_at.is_none() {
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
        self.archive = archive;
        self.actual_cost = self.actual_cost + cost;
        match outcome {
            Ok(()) => self.enter(Status::Completed),
            Err(code) => self.fail(Failure::new(code)),
        }
        Ok(())
    }

    /// A failure that comes after images were made ends the job with those: they are paid for.
    fn fail(&mut self, failure: Failure) {
        for image in &mut self.images {
            if image.state == ImageState::Pending {
                image.state = ImageState::Failed {
                    reason: image::ImageFailureReason::Late,
                    message: None,
                };
            }
        }
        if image::outcome_of(&self.images).is_ok() {
            self.enter(Status::Completed);
        } else {
            self.failure = Some(failure);
            self.enter(Status::Failed);
        }
    }
}
