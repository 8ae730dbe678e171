//! A job on its way.

use std::time::Duration;

use crate::agenda::Moment;

/// The place of a job in the order of arrival.
pub(crate) type JobNumber = u32;

/// How far a job's batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Batch {
    /// There is none.
    None,
    /// Gemini works on it since this moment.
    Running(Moment),
    /// Gemini has done it.
    Done,
}

/// A job.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job {
    /// When it was accepted.
    pub(crate) created_at: Moment,
    /// Until when it asks for a batch.
    pub(crate) asks_until: Moment,
    /// Until when Gemini is waited for.
    pub(crate) until: Moment,
    /// When its photos were uploaded to Gemini.
    pub(crate) uploaded_at: Option<Moment>,
    /// Its batch.
    pub(crate) batch: Batch,
    /// How often Gemini had no room for it.
    pub(crate) refusals: u32,
    /// How often it looked at its place in the queue and did not ask Gemini.
    pub(crate) sleeps: u32,
    /// How often its batch was looked at.
    pub(crate) looks: u32,
}

impl Job {
    pub(crate) const fn new(created_at: Moment, (asks_until, until): (Moment, Moment)) -> Self {
        Self {
            created_at,
            asks_until,
            until,
            uploaded_at: None,
            batch: Batch::None,
            refusals: 0,
            sleeps: 0,
            looks: 0,
        }
    }

    /// How old it is.
    pub(crate) const fn age(&self, now: Moment) -> Duration {
        Duration::from_millis(now.saturating_sub(self.created_at))
    }

    /// How long it still asks for a batch; none from then on.
    pub(crate) const fn left_to_ask(&self, now: Moment) -> Duration {
        Duration::from_millis(self.asks_until.saturating_sub(now))
    }

    /// How long Gemini is still waited for; none from the deadline on.
    pub(crate) const fn left(&self, now: Moment) -> Duration {
        Duration::from_millis(self.until.saturating_sub(now))
    }

    /// Whether it is in the queue.
    pub(crate) const fn has_waited(&self) -> bool {
        self.refusals + self.sleeps > 0
    }

    /// Refusals, sleeps and looks: the turns of the state machine's loops.
    pub(crate) const fn turns(&self) -> u32 {
        self.refusals + self.sleeps + self.looks
    }
}
