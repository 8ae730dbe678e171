//! A job's life: what it holds, and the one function through which it changes.
//!
//! `queued -> strategy -> batch_submitted -> generating -> completed | failed`, and `canceled` from any of the first
//! four. Progress never goes back and a finished job never changes, whatever comes late, twice or out of order.

use std::collections::BTreeMap;

use jiff::Timestamp;
use url::Url;

use crate::{
    failure::Failure,
    id::{ImageId, JobId, KeyId, UserId},
    image::Image,
    late::OnLate,
    limits::Demand,
    money::MicroUsd,
    request::Brief,
    strategy::Shot,
    webhook::{EventFilter, EventType},
};

mod drive;
mod files;
mod history;
mod photos;
mod progress;
mod retry;
mod round;
mod search;
mod transitions;

pub use self::{
    drive::{
        DrivePhoto, DriveWork, PhotoFolder, SavedFolder, SavedPlace, Saving, SavingEvent, SavingFailure,
        SavingIds, SavingOutcome,
    },
    history::Entered,
    photos::{KeptPhoto, PhotoSource, PreparedPhoto},
    retry::{MOST_RETRIES, NewRetry, Retry, RetryEvent, RetryOf, RetryOutcome},
    round::{Batch, ProviderFile, ProviderFiles, Round, RoundEvent, SUBMISSION_CLAIM_SECONDS},
    search::{LONGEST_SEARCH, Search, TooLong},
    transitions::{JobEvent, Refused},
};

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

/// One request for a set of images, and all that has become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Whose it is.
    pub owner: UserId,
    /// The key that it was asked for with; `None` for the page.
    pub key: Option<KeyId>,
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
    /// When it entered each status that it has had, in that order.
    pub history: Vec<Entered>,
    /// When its images are to be there.
    pub deadline_at: Timestamp,
    /// What happens if they are not.
    pub on_late: OnLate,
    /// What it is to make.
    pub brief: Brief,
    /// Of which photos.
    pub photos: Vec<PhotoSource>,
    /// What it has to do with its owner's Drive beyond them.
    pub drive: DriveWork,
    /// Who is told by webhook; the account's endpoint where it is `None`.
    pub callback_url: Option<Url>,
    /// Of what, where it names its own receiver.
    pub callback_events: EventFilter,
    /// The caller's labels.
    pub metadata: BTreeMap<String, String>,
    /// The unguessable part of its images' addresses.
    pub images_token: String,
    /// What Gemini is expected to charge.
    pub estimated_cost: MicroUsd,
    /// The most that its owner wants to pay for it.
    pub max_cost: Option<MicroUsd>,
    /// What Gemini has charged so far, by its own count of tokens.
    pub actual_cost: MicroUsd,
    /// Its images, in order.
    pub images: Vec<Image>,
    /// The strategy, one shot an image; empty until planned.
    pub shots: Vec<Shot>,
    /// The photos as prepared for Gemini; empty until planned.
    pub prepared: Vec<PreparedPhoto>,
    /// How far all its images are at Gemini.
    pub round: Round,
    /// Since when it has waited for room at Gemini; kept when it has its batch.
    pub waiting_since: Option<Timestamp>,
    /// Since when its images are made one by one, because the batch was late.
    pub fallback_at: Option<Timestamp>,
    /// The name of the archive with its images.
    pub archive: Option<String>,
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
    /// The key that it is asked for with; `None` for the page.
    pub key: Option<KeyId>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When its images are to be there.
    pub deadline_at: Timestamp,
    /// What happens if they are not.
    pub on_late: OnLate,
    /// What it is to make.
    pub brief: Brief,
    /// Of which photos.
    pub photos: Vec<PhotoSource>,
    /// What it has to do with its owner's Drive beyond them.
    pub drive: DriveWork,
    /// Who is told by webhook; the account's endpoint where it is `None`.
    pub callback_url: Option<Url>,
    /// Of what, where it names its own receiver.
    pub callback_events: EventFilter,
    /// The caller's labels.
    pub metadata: BTreeMap<String, String>,
    /// The unguessable part of its images' addresses.
    pub images_token: String,
    /// What Gemini is expected to charge.
    pub estimated_cost: MicroUsd,
    /// The most that its owner wants to pay for it.
    pub max_cost: Option<MicroUsd>,
    /// One id for each image.
    pub image_ids: Vec<ImageId>,
}

impl From<NewJob> for Job {
    fn from(new: NewJob) -> Self {
        let images = new.image_ids.into_iter().map(Image::pending).collect();
        Self {
            id: new.id,
            owner: new.owner,
            key: new.key,
            version: 1,
            status: Status::Queued,
            progress: 0,
            created_at: new.created_at,
            updated_at: new.created_at,
            finished_at: None,
            history: history::at_first(new.created_at),
            deadline_at: new.deadline_at,
            on_late: new.on_late,
            brief: new.brief,
            photos: new.photos,
            drive: new.drive,
            callback_url: new.callback_url,
            callback_events: new.callback_events,
            metadata: new.metadata,
            images_token: new.images_token,
            estimated_cost: new.estimated_cost,
            max_cost: new.max_cost,
            actual_cost: MicroUsd::default(),
            images,
            shots: Vec::new(),
            prepared: Vec::new(),
            round: Round::default(),
            waiting_since: None,
            fallback_at: None,
            archive: None,
            failure: None,
        }
    }
}

impl Job {
    /// Where the job is, in a sentence for people.
    pub fn stage(&self) -> String {
        progress::stage(self)
    }

    /// How many images are stored.
    pub fn ready_count(&self) -> usize {
        self.images.iter().filter(|image| image.is_ready()).count()
    }

    /// Whether it waits for room at Gemini, among others that do ([`crate::queue`]). Retries of its images have no place there.
    pub const fn waits_for_room(&self) -> bool {
        self.waiting_since.is_some()
            && self.round.batch.is_none()
            && self.fallback_at.is_none()
            && !self.status.is_terminal()
    }

    /// Until when Gemini is waited for.
    pub fn waits_until(&self) -> Timestamp {
        self.on_late.waits_until(self.created_at, self.deadline_at)
    }

    /// Whether somebody may have to be told of such an event. Where the job names no receiver, the account's is asked
    /// for only when the event is delivered: it may be another one by then.
    pub fn may_have_receiver(&self, event_type: EventType) -> bool {
        self.callback_url.is_none() || self.callback_events.includes(event_type)
    }

    /// What it asked for, as its owner's limits count it.
    pub fn demand(&self) -> Demand {
        Demand {
            images: u32::try_from(self.images.len()).unwrap_or(u32::MAX),
            cost: self.on_late.reserve(self.estimated_cost, self.max_cost),
        }
    }

    /// What came of it, as its owner's limits count it.
    pub fn outcome(&self) -> Demand {
        // A batch that was given up may be charged all the same, and nobody tells how much.
        let is_known = self.status == Status::Completed || self.round.batch.is_none();
        Demand {
            images: u32::try_from(self.ready_count()).unwrap_or(u32::MAX),
            cost: if is_known {
                self.spent_at_most()
            } else {
                self.estimated_cost.max(self.spent_at_most())
            },
        }
    }

    /// What Gemini may have charged so far: what it told, and its share for the lines of a batch that was given up for
    /// being late, of which it tells nothing.
    pub fn spent_at_most(&self) -> MicroUsd {
        let given_up = self
            .fallback_at
            .and(self.round.batch.as_ref())
            .and_then(|batch| batch.counts);
        let lines = given_up.map_or(MicroUsd::default(), |counts| {
            MicroUsd(self.estimated_cost.times(counts.done).0 / counts.total.max(1))
        });
        self.actual_cost + lines
    }
}

#[cfg(test)]
mod tests;
