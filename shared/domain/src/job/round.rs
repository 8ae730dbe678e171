//! One round at Gemini: photos and prompts are uploaded, ONE batch is created from them, and it is waited for.
//!
//! A job has one round for all its images; each retry of an image has one of its own.

use jiff::Timestamp;

use super::Refused;
use crate::batch::BatchCounts;

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

/// How far a round is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Round {
    /// What was uploaded to Gemini.
    pub files: Option<ProviderFiles>,
    /// Since when one invocation may be creating the batch right now.
    pub submission_claimed_at: Option<Timestamp>,
    /// The batch.
    pub batch: Option<Batch>,
}

/// Something that happened in a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoundEvent {
    /// Photos and requests are at Gemini's Files API.
    FilesUploaded(ProviderFiles),
    /// An invocation is about to create the batch.
    SubmissionClaimed,
    /// That invocation knows that it did not create one: Gemini has no room for it yet.
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
}

/// How long one invocation may take to create the batch. Past it, the claim is another's to take: the call's own
/// time limit is shorter, so whoever made it is no longer waiting for the answer.
pub const SUBMISSION_CLAIM_SECONDS: i64 = 90;

/// Why an event does not apply to a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RoundRefused {
    /// It needs something that has not happened yet.
    TooEarly,
    /// Another invocation is creating the batch.
    SubmissionInProgress,
}

impl RoundRefused {
    /// The same, of a job that is at this status.
    pub(super) const fn at(self, status: super::Status) -> Refused {
        match self {
            Self::TooEarly => Refused::TooEarly(status),
            Self::SubmissionInProgress => Refused::SubmissionInProgress,
        }
    }
}

impl Round {
    /// Whether an invocation may be creating the batch at this moment.
    pub fn is_submission_claimed(&self, now: Timestamp) -> bool {
        self.submission_claimed_at
            .is_some_and(|claimed_at| now.duration_since(claimed_at).as_secs() < SUBMISSION_CLAIM_SECONDS)
    }

    /// The round after `event`. An event whose effect is there already changes nothing.
    pub(super) fn apply(&mut self, event: RoundEvent, now: Timestamp) -> Result<(), RoundRefused> {
        match event {
            RoundEvent::FilesUploaded(files) => {
                if self.batch.is_none() {
                    self.files = Some(files);
                }
            }
            RoundEvent::SubmissionClaimed => self.claim(now)?,
            RoundEvent::SubmissionReleased => self.submission_claimed_at = None,
            RoundEvent::BatchSubmitted { name } => self.submit(name, now),
            RoundEvent::Progressed { counts } => self.advance(counts)?,
        }
        Ok(())
    }

    fn claim(&mut self, now: Timestamp) -> Result<(), RoundRefused> {
        if self.files.is_none() {
            return Err(RoundRefused::TooEarly);
        }
        if self.batch.is_some() || self.is_submission_claimed(now) {
            return Err(RoundRefused::SubmissionInProgress);
        }
        self.submission_claimed_at = Some(now);
        Ok(())
    }

    /// The first batch stays.
    fn submit(&mut self, name: String, now: Timestamp) {
        self.batch.get_or_insert(Batch {
            name,
            submitted_at: now,
            counts: None,
        });
        self.submission_claimed_at = None;
    }

    fn advance(&mut self, counts: Option<BatchCounts>) -> Result<(), RoundRefused> {
        let batch = self.batch.as_mut().ok_or(RoundRefused::TooEarly)?;
        let done_before = batch.counts.map_or(0, |counts| counts.done);
        if counts.is_some_and(|counts| counts.done >= done_before) {
            batch.counts = counts;
        }
        Ok(())
    }
}
