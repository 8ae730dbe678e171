//! One image made once more: a round of its own for a job that has completed.
//!
//! The job stays completed, and what it has stays until there is something better: a retry that fails leaves a ready image
//! as it was.

use jiff::{SignedDuration, Timestamp};

use super::{Job, Refused, Round, RoundEvent, Status};
use crate::{
    id::{EventId, ImageId, KeyId},
    image::{Image, ImageFailureReason, ImageState},
    limits::{Demand, Settlement},
    money::MicroUsd,
};

/// How often one image may be made again. Old files stay until the job is deleted, and their names follow from the number.
pub const MOST_RETRIES: u32 = 20;

/// Photos leave the bucket seven days after their upload; without them nothing can be made again.
const PHOTOS_KEPT_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Which retry of which image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryOf {
    /// The image.
    pub image: ImageId,
    /// The number of the retry, from 1.
    pub attempt: u32,
}

/// What a retry starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRetry {
    /// Another prompt than the image has.
    pub prompt: Option<String>,
    /// The key that it is asked for with; `None` for the page.
    pub key: Option<KeyId>,
    /// When it is given up.
    pub deadline_at: Timestamp,
    /// What Gemini is expected to charge.
    pub estimated_cost: MicroUsd,
    /// The event that will tell how it ended.
    pub event: EventId,
}

/// How a retry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetryOutcome {
    /// Not known yet.
    Pending,
    /// Its picture is the image's now.
    Ready,
    /// Nothing came of it.
    Failed {
        /// Which of the closed reasons.
        reason: ImageFailureReason,
        /// The provider's own words, where there are some.
        message: Option<String>,
    },
}

/// The latest retry of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// Its number, from 1.
    pub attempt: u32,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// What it started from.
    pub request: NewRetry,
    /// How far it is at Gemini.
    pub round: Round,
    /// What Gemini charged, once known.
    pub cost: Option<MicroUsd>,
    /// What came of it.
    pub outcome: RetryOutcome,
}

/// Something that happened to a retry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetryEvent {
    /// It went on at Gemini.
    Round(RoundEvent),
    /// It is over.
    Ended {
        /// The picture that came, or the reason why none did.
        state: ImageState,
        /// What it cost; `None` where nobody tells.
        cost: Option<MicroUsd>,
        /// The archive that has its picture.
        archive: Option<String>,
    },
}

impl RetryEvent {
    /// The end of a retry that nobody waits for any more, or that nothing drives any more.
    pub fn given_up() -> Self {
        Self::Ended {
            state: ImageState::Failed {
                reason: ImageFailureReason::ProviderError,
                message: Some("Something on our side went wrong. Try again.".to_owned()),
            },
            cost: None,
            archive: None,
        }
    }
}

impl Retry {
    /// Whether it is not over.
    pub const fn is_pending(&self) -> bool {
        matches!(self.outcome, RetryOutcome::Pending)
    }

    /// What it asked for, as its owner's limits count it.
    pub const fn demand(&self) -> Demand {
        Demand {
            images: 1,
            cost: self.request.estimated_cost,
        }
    }

    /// How it is counted when it is over.
    fn settlement(&self) -> Settlement {
        let is_free = self.round.batch.is_none();
        let unknown = if is_free {
            MicroUsd::default()
        } else {
            self.request.estimated_cost
        };
        Settlement {
            asked: self.demand(),
            came: Demand {
                images: u32::from(self.outcome == RetryOutcome::Ready),
                cost: self.cost.unwrap_or(unknown),
            },
            accepted_at: self.requested_at,
            key: self.request.key,
        }
    }
}

impl Image {
    /// The retry that is not over.
    pub fn pending_retry(&self) -> Option<&Retry> {
        self.retry.as_ref().filter(|retry| retry.is_pending())
    }
}

impl Job {
    /// This retry and its place in the job, while it is not over.
    pub fn pending_retry(&self, of: RetryOf) -> Option<(usize, &Retry)> {
        let index = self.images.iter().position(|image| image.id == of.image)?;
        let retry = self.images[index].pending_retry()?;
        (retry.attempt == of.attempt).then_some((index, retry))
    }

    /// Every retry that is not over.
    pub fn pending_retries(&self) -> impl Iterator<Item = RetryOf> {
        self.images.iter().filter_map(|image| {
            let attempt = image.pending_retry()?.attempt;
            Some(RetryOf {
                image: image.id,
                attempt,
            })
        })
    }

    /// What ended between `before` and this: the job itself or one of its retries.
    pub fn settlement_since(&self, before: &Self) -> Option<Settlement> {
        if !before.status.is_terminal() && self.status.is_terminal() {
            return Some(Settlement {
                asked: self.demand(),
                came: self.outcome(),
                accepted_at: self.created_at,
                key: self.key,
            });
        }
        let pairs = before.images.iter().zip(&self.images);
        pairs
            .filter(|(before, after)| before.pending_retry().is_some() && after.pending_retry().is_none())
            .find_map(|(_, after)| after.retry.as_ref().map(Retry::settlement))
    }

    /// The round of a retry, or the job's own where there is none; `None` where it is over.
    pub fn round_of(&self, retry: Option<RetryOf>) -> Option<&Round> {
        match retry {
            None => (!self.status.is_terminal()).then_some(&self.round),
            Some(of) => self.pending_retry(of).map(|(_, retry)| &retry.round),
        }
    }

    /// Until when the batch of a round is waited for.
    pub fn round_waits_until(&self, retry: Option<RetryOf>) -> Timestamp {
        let retry = retry.and_then(|of| self.pending_retry(of));
        retry.map_or_else(|| self.waits_until(), |(_, retry)| retry.request.deadline_at)
    }

    /// The display name of a round's batch, by which it is found again.
    pub fn batch_display_name(&self, retry: Option<RetryOf>) -> String {
        match retry {
            None => self.id.to_string(),
            Some(RetryOf { image, attempt }) => format!("{}-{image}-{attempt}", self.id),
        }
    }

    pub(super) fn apply_retry(
        &mut self,
        of: RetryOf,
        event: RetryEvent,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let status = self.status;
        // Whoever works on a retry that is over has been overtaken.
        let over = Refused::Finished(status);
        let (index, _) = self.pending_retry(of).ok_or(over)?;
        let image = &mut self.images[index];
        let retry = image.retry.as_mut().ok_or(over)?;
        match event {
            RetryEvent::Round(event) => retry
                .round
                .apply(event, now)
                .map_err(|refused| refused.at(status)),
            RetryEvent::Ended { state, cost, archive } => {
                retry.cost = cost;
                retry.ended_at = Some(now);
                end(image, state)?;
                self.archive = archive.or_else(|| self.archive.take());
                self.actual_cost = self.actual_cost + cost.unwrap_or_default();
                Ok(())
            }
        }
    }

    pub(super) fn request_retry(
        &mut self,
        image: ImageId,
        request: NewRetry,
        now: Timestamp,
    ) -> Result<(), Refused> {
        if self.status != Status::Completed {
            return Err(Refused::NotCompleted(self.status));
        }
        let index = self.index_of(image).ok_or(Refused::NoSuchImage)?;
        if now.duration_since(self.created_at) > PHOTOS_KEPT_FOR {
            return Err(Refused::PhotosExpired);
        }
        let image = &mut self.images[index];
        if image.pending_retry().is_some() {
            return Err(Refused::RetryInProgress);
        }
        let attempt = image.retry.as_ref().map_or(0, |retry| retry.attempt) + 1;
        if attempt > MOST_RETRIES {
            return Err(Refused::TooManyRetries);
        }
        image.retry = Some(Retry {
            attempt,
            requested_at: now,
            ended_at: None,
            request,
            round: Round::default(),
            cost: None,
            outcome: RetryOutcome::Pending,
        });
        Ok(())
    }
}

/// What a picture, or the reason why none came, means for an image whose retry is not over.
fn end(image: &mut Image, state: ImageState) -> Result<(), Refused> {
    let is_ready = image.is_ready();
    let retry = image.retry.as_mut().ok_or(Refused::Mismatch)?;
    match &state {
        ImageState::Pending => return Err(Refused::Mismatch),
        ImageState::Ready(_) => {
            retry.outcome = RetryOutcome::Ready;
            image.attempt = retry.attempt;
            image.prompt = retry.request.prompt.clone().or_else(|| image.prompt.take());
            image.state = state;
        }
        ImageState::Failed { reason, message } => {
            retry.outcome = RetryOutcome::Failed {
                reason: *reason,
                message: message.clone(),
            };
            if !is_ready {
                image.state = state;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
