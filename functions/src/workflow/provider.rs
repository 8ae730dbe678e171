//! What a refusal of Gemini means for a job.

use std::time::Duration;

use jiff::Timestamp;
use packshot_clients::{gemini::GeminiError, metrics};
use packshot_domain::{
    failure::{Failure, FailureCode},
    id::JobId,
    job::{Job, RetryOf},
    late::OnLate,
    poll,
    queue::{self, Place},
};
use tracing::{info, warn};

use super::Step;
use crate::runtime::TaskError;

/// How long Gemini is waited for, and what comes then.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    job: JobId,
    since: Timestamp,
    until: Timestamp,
    falls_back: bool,
    /// Where a place in the queue says how long to wait, and not the time already waited.
    place: Option<Place>,
}

impl Patience {
    /// With a job that is being planned: nothing can be made without a plan.
    pub(super) fn with_plan(job: &Job) -> Self {
        Self {
            job: job.id,
            since: job.created_at,
            until: job.waits_until(),
            falls_back: false,
            place: None,
        }
    }

    /// With the batch of a round.
    pub(super) fn with_batch(job: &Job, retry: Option<RetryOf>) -> Self {
        let pending = retry.and_then(|of| job.pending_retry(of));
        Self {
            since: pending.map_or(job.created_at, |(_, retry)| retry.requested_at),
            until: job.round_waits_until(retry),
            falls_back: retry.is_none() && job.on_late == OnLate::Fallback,
            ..Self::with_plan(job)
        }
    }

    /// With room for the batch of a round.
    pub(super) fn with_room(job: &Job, retry: Option<RetryOf>, place: Option<Place>) -> Self {
        let patience = Self::with_batch(job, retry);
        Self {
            until: queue::asks_until(patience.since, patience.until),
            place,
            ..patience
        }
    }

    /// The end of the wait.
    pub(super) const fn until(&self) -> Timestamp {
        self.until
    }

    /// What comes when the wait is over: the fallback, or this failure.
    pub(super) fn end(&self, code: FailureCode) -> Result<Step, TaskError> {
        if self.falls_back {
            Ok(Step::done("late"))
        } else {
            Err(TaskError::rejected(Failure::new(code)))
        }
    }

    /// Waits where waiting helps, gives up where it does not or where there is no more time.
    ///
    /// The wait happens in the state machine, where it costs nothing, and not in a running function.
    pub(super) fn after(
        &self,
        error: GeminiError,
        now: Timestamp,
        state: &'static str,
    ) -> Result<Step, TaskError> {
        if let Some(code) = hopeless(&error) {
            warn!(job.id = %self.job, %code, %error, "Gemini refused");
            return Err(TaskError::rejected(Failure::new(code)));
        }
        if matches!(error, GeminiError::NoKey(_)) {
            return Err(TaskError::transient(error));
        }
        if now >= self.until {
            warn!(job.id = %self.job, %error, "Gemini could not be used until the deadline");
            return self.end(FailureCode::ProviderUnavailable);
        }
        let wait = self.wait(error.retry_after(), now);
        // A batch that runs is only looked at later.
        if state == "waiting" {
            metrics::waiting("gemini", since(self.since, now));
        }
        warn!(job.id = %self.job, %error, wait_seconds = wait.as_secs(), "Gemini asks to wait");
        Ok(Step::wait(state, wait))
    }

    /// Waits as long as older jobs are to go first, with the same end.
    pub(super) fn behind_others(&self, now: Timestamp) -> Result<Step, TaskError> {
        if now >= self.until {
            warn!(job.id = %self.job, "Gemini had no room until the deadline");
            return self.end(FailureCode::ProviderUnavailable);
        }
        let wait = self.wait(None, now);
        metrics::waiting("gemini", since(self.since, now));
        let ahead = self.place.map(|place| place.ahead);
        info!(job.id = %self.job, ahead, wait_seconds = wait.as_secs(), "Waits behind older jobs");
        Ok(Step::wait("waiting", wait))
    }

    fn wait(&self, asked: Option<Duration>, now: Timestamp) -> Duration {
        let by_age = || poll::next_wait(since(self.since, now));
        let usual = self.place.map_or_else(by_age, Place::next_wait);
        poll::wait_at_least(usual, asked).min(until(self.until, now))
    }
}

/// The failure for an error that no waiting mends.
pub(super) fn hopeless(error: &GeminiError) -> Option<FailureCode> {
    match error {
        GeminiError::QuotaExhausted(_) => Some(FailureCode::ProviderQuotaExhausted),
        // What is not found is the model, whose name is ours to configure, as the key is.
        GeminiError::KeyRefused { .. } | GeminiError::NotFound(_) => Some(FailureCode::ProviderNotConfigured),
        GeminiError::Refused { .. } => Some(FailureCode::ProviderRejected),
        GeminiError::Busy { .. }
        | GeminiError::NotSent(_)
        | GeminiError::OutcomeUnknown(_)
        | GeminiError::Unreadable(_)
        | GeminiError::NoKey(_) => None,
    }
}

/// The time from `then` to `now`; none if the clock says otherwise.
pub(super) fn since(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(then)).unwrap_or_default()
}

/// The time from `now` to `then`; none if it has passed.
pub(super) fn until(then: Timestamp, now: Timestamp) -> Duration {
    since(now, then)
}
