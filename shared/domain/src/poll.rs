//! When to ask Gemini, or Google Drive, again.
//!
//! A turn of the loop is about nine events of an execution's history, which may hold 25,000
//! (<https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html>), and three billed transitions. So the
//! wait grows with the time already waited: a batch that takes a minute is seen within seconds, one that takes two
//! days costs a few hundred turns.

use std::time::Duration;

/// The wait before the first question, and the shortest one.
pub const SHORTEST_WAIT: Duration = Duration::from_secs(15);

/// The longest wait between two questions.
pub const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// How long to wait when `elapsed` has passed since the batch was submitted: two thirds of it, within bounds.
pub fn next_wait(elapsed: Duration) -> Duration {
    (elapsed * 2 / 3).clamp(SHORTEST_WAIT, LONGEST_WAIT)
}

/// The longest wait that is granted to whoever asks for one; what they ask beyond that is asked again.
pub const LONGEST_ASKED_WAIT: Duration = Duration::from_mins(15);

/// The wait after an answer that asked for one, or for none. Never sooner than [`next_wait`]: who asks for a second each time
/// would use up the execution's history.
pub fn wait_as_asked(asked: Option<Duration>, elapsed: Duration) -> Duration {
    wait_at_least(next_wait(elapsed), asked)
}

/// The same where something else than the time already waited says what is usual; that is at most [`LONGEST_ASKED_WAIT`].
pub fn wait_at_least(usual: Duration, asked: Option<Duration>) -> Duration {
    asked.unwrap_or(usual).clamp(usual, LONGEST_ASKED_WAIT)
}

/// [`next_wait`], but not past the deadline: the question at the deadline is the last one.
pub fn next_wait_before(elapsed: Duration, until_deadline: Duration) -> Duration {
    next_wait(elapsed).min(until_deadline.max(Duration::from_secs(1)))
}

/// How many questions are asked until a batch that takes `duration` is seen to be done.
pub fn turns_until(duration: Duration) -> usize {
    let mut elapsed = Duration::ZERO;
    let mut turns = 0;
    while elapsed < duration {
        elapsed += next_wait(elapsed);
        turns += 1;
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_start_short_and_never_shrink() {
        let mut last = Duration::ZERO;
        for second in 0..4000 {
            let wait = next_wait(Duration::from_secs(second));
            assert!(wait >= last && (SHORTEST_WAIT..=LONGEST_WAIT).contains(&wait));
            last = wait;
        }
        assert_eq!(last, LONGEST_WAIT);
    }

    #[test]
    fn two_days_of_waiting_stay_far_below_the_history_limit() {
        assert!(turns_until(Duration::from_hours(48)) < 1_000);
        assert!(turns_until(Duration::from_mins(10)) <= 9);
    }

    #[test]
    fn what_is_asked_for_is_waited_within_bounds() {
        let (young, old) = (Duration::ZERO, Duration::from_hours(3));
        let forty = Duration::from_secs(40);
        assert_eq!(wait_as_asked(Some(forty), young), forty);
        assert_eq!(
            wait_as_asked(Some(Duration::from_hours(2)), young),
            LONGEST_ASKED_WAIT
        );
        assert_eq!(wait_as_asked(Some(Duration::from_secs(1)), young), SHORTEST_WAIT);
        assert_eq!(wait_as_asked(Some(Duration::from_secs(1)), old), LONGEST_WAIT);
        assert_eq!(wait_as_asked(None, old), next_wait(old));
    }

    #[test]
    fn the_deadline_is_met_to_the_second() {
        let wait = next_wait_before(Duration::from_hours(1), Duration::from_secs(42));
        assert_eq!(wait, Duration::from_secs(42));
        assert_eq!(
            next_wait_before(Duration::from_hours(1), Duration::ZERO),
            Duration::from_secs(1)
        );
    }
}
