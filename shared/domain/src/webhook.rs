//! Signing webhooks and deciding when to try again.
//!
//! Standard Webhooks 1.0.0 (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>):
//! the signature covers `id.timestamp.body`, one `v1,` entry per active secret.

mod check;
mod endpoint;
mod event_type;
mod secret;
mod signing_secrets;

use std::time::Duration;

pub use self::{
    check::{Check, Finding, FindingCode},
    endpoint::{Disabled, DisabledReason, Endpoint, Outcome, Receiver, receiver},
    event_type::{EventFilter, EventType, TEST_EVENT},
    secret::{NotASecret, SECRET_BYTES, Secret, signature},
    signing_secrets::{MOST_SECRETS, SigningSecret, SigningSecrets, TooManySecrets},
};

/// The waits between attempts: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h, 12 h, 12 h.
const WAITS: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(10),
    Duration::from_hours(12),
    Duration::from_hours(12),
];

/// How often a webhook is tried in all; also the queue's `maxReceiveCount`.
pub const MAX_ATTEMPTS: u32 = 10;

/// The longest wait: a message's visibility timeout may not reach past 12 hours from its receipt, and the attempt
/// itself has used some of them.
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html>)
pub const LONGEST_WAIT: Duration = Duration::from_mins(12 * 60 - 1);

/// How long to wait after attempt number `attempt` (from 1) before the next one; `None` after the last.
///
/// `jitter` is a random number from 0 to 1 and moves the wait by up to a fifth either way, so that the deliveries of
/// one outage do not all come back at once. A `Retry-After` of the receiver lengthens the wait, never shortens it.
pub fn wait_after(attempt: u32, jitter: f64, retry_after: Option<Duration>) -> Option<Duration> {
    let base = usize::try_from(attempt.checked_sub(1)?)
        .ok()
        .and_then(|index| WAITS.get(index))?;
    let jittered = base.mul_f64(0.8 + 0.4 * jitter.clamp(0.0, 1.0));
    Some(jittered.max(retry_after.unwrap_or_default()).min(LONGEST_WAIT))
}

/// From this failed attempt on, about 17 hours after the first, the receiver's owner is warned: more than a day is left
/// to mend it.
pub const WARN_FROM_ATTEMPT: u32 = 7;

/// How long it is, give or take a fifth, from attempt number `attempt` (from 1) to the last one.
pub fn time_left_after(attempt: u32) -> Duration {
    let made = usize::try_from(attempt).unwrap_or(usize::MAX);
    WAITS.iter().skip(made.saturating_sub(1)).sum()
}

/// What the receiver's answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// 2xx: it has arrived.
    Delivered,
    /// 410: the receiver wants no more, of this job or, at the account's endpoint, of any.
    Gone,
    /// Anything else, redirects included: try again later.
    TryAgain,
}

/// Reads an HTTP status as the specification has it.
pub const fn verdict(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Delivered,
        410 => Verdict::Gone,
        _ => Verdict::TryAgain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_follow_the_schedule_and_end() {
        let exact: Vec<u64> = (1..MAX_ATTEMPTS)
            .filter_map(|n| wait_after(n, 0.5, None))
            .map(|w| w.as_secs())
            .collect();
        assert_eq!(
            exact,
            [5, 300, 1800, 7200, 18_000, 36_000, 36_000, 43_140, 43_140]
        );
        assert_eq!(wait_after(MAX_ATTEMPTS, 0.5, None), None);
        assert_eq!(wait_after(0, 0.5, None), None);
        assert_eq!(wait_after(1, 0.0, None), Some(Duration::from_secs(4)));
        assert_eq!(wait_after(1, 1.0, None), Some(Duration::from_secs(6)));
        assert_eq!(
            wait_after(1, 0.5, Some(Duration::from_secs(90))),
            Some(Duration::from_secs(90))
        );
        assert_eq!(
            wait_after(1, 0.5, Some(Duration::from_hours(99))),
            Some(LONGEST_WAIT)
        );
    }

    #[test]
    fn a_warning_leaves_more_than_a_day() {
        assert_eq!(time_left_after(WARN_FROM_ATTEMPT), Duration::from_hours(34));
        let until_then = Duration::from_secs(5 + 300 + 1800 + 17 * 3600);
        assert_eq!(
            time_left_after(1),
            time_left_after(WARN_FROM_ATTEMPT) + until_then
        );
        assert_eq!(time_left_after(MAX_ATTEMPTS), Duration::ZERO);
    }

    #[test]
    fn only_2xx_counts() {
        assert_eq!(verdict(204), Verdict::Delivered);
        assert_eq!(verdict(301), Verdict::TryAgain);
        assert_eq!(verdict(410), Verdict::Gone);
        assert_eq!(verdict(429), Verdict::TryAgain);
        assert_eq!(verdict(500), Verdict::TryAgain);
    }
}
