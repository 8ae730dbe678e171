//! What a refusal of Gemini means for a job.

use std::time::Duration;

use jiff::Timestamp;
use packshot_clients::gemini::GeminiError;
use packshot_domain::{
    failure::{Failure, FailureCode},
    job::Job,
    poll,
};
use tracing::warn;

use super::Step;
use crate::runtime::TaskError;

/// The longest wait that Gemini may ask for; what it asks beyond that is asked again.
const LONGEST_WAIT: Duration = Duration::from_mins(15);

/// Waits where waiting helps, gives up where it does not or where the job's deadline has passed.
///
/// The wait happens in the state machine, where it costs nothing, and not in a running function.
pub(super) fn wait_or_give_up(
    error: GeminiError,
    job: &Job,
    now: Timestamp,
    state: &'static str,
) -> Result<Step, TaskError> {
    if let Some(code) = hopeless(&error) {
        warn!(job.id = %job.id, %code, %error, "Gemini refused");
        return Err(TaskError::rejected(Failure::new(code)));
    }
    if matches!(error, GeminiError::NoKey(_)) {
        return Err(TaskError::transient(error));
    }
    if now >= job.deadline_at {
        warn!(job.id = %job.id, %error, "Gemini could not be used until the deadline");
        return Err(TaskError::rejected(Failure::new(
            FailureCode::ProviderUnavailable,
        )));
    }
    let wait = error
        .retry_after()
        .unwrap_or_else(|| poll::next_wait(since(job.created_at, now)))
        .min(LONGEST_WAIT);
    warn!(job.id = %job.id, %error, wait_seconds = wait.as_secs(), "Gemini asks to wait");
    Ok(Step::wait(state, wait.min(until(job.deadline_at, now))))
}

/// The failure for an error that no waiting mends.
fn hopeless(error: &GeminiError) -> Option<FailureCode> {
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
