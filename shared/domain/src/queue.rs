//! Whose turn it is when Gemini has no room for another batch: the oldest job's.
//!
//! Gemini keeps no queue. It refuses the batch beyond its limit, and whoever asks next after one has ended gets the
//! place. So jobs that wait give way to older ones: only the oldest ask, the more often the older they are, and the
//! others sleep until it could be their turn.

use std::time::Duration;

use jiff::Timestamp;

use crate::poll;

/// How many jobs ask Gemini, each in its time: as many as it runs batches at once by default
/// (<https://ai.google.dev/gemini-api/docs/rate-limits>), so that there is one for each place that becomes free.
pub const MOST_ASKING: usize = 100;

/// How many older jobs are counted. Whoever has more before it sleeps for [`poll::LONGEST_ASKED_WAIT`] all the same.
pub const MOST_COUNTED: usize = 900;

/// How soon one place becomes free after another, at most: a hundred batches would take less than two minutes each.
const PACE: Duration = Duration::from_secs(1);

/// The longest wait that the age of the oldest job alone makes. Two days of it are a thousand turns of the loop, and the
/// history of an execution holds 2,700.
const LONGEST_WAIT_AT_THE_HEAD: Duration = Duration::from_mins(3);

/// Until when whoever has the time from `since` to `until` waits for room; who is refused from then on does not ask again. A
/// batch that is created later would hardly be done in time, and Gemini may charge what is cancelled. Of a day, the last two
/// hours are left.
pub fn asks_until(since: Timestamp, until: Timestamp) -> Timestamp {
    until - until.duration_since(since) / 12
}

/// A job's place among those that wait for a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// How many older jobs wait; no more than [`MOST_COUNTED`] are counted.
    pub ahead: usize,
    /// The age of the oldest job that waits, itself included.
    pub oldest: Duration,
}

impl Place {
    /// Whether the job may ask Gemini. One that has not waited yet does so only where nobody waits.
    pub const fn may_ask(self, has_waited: bool) -> bool {
        self.ahead < if has_waited { MOST_ASKING } else { 1 }
    }

    /// When to ask, or to look at one's place, again. Never sooner than an older job would.
    pub fn next_wait(self) -> Duration {
        let by_place = PACE * u32::try_from(self.ahead).unwrap_or(u32::MAX);
        let by_age = poll::next_wait(self.oldest).min(LONGEST_WAIT_AT_THE_HEAD);
        by_place.max(by_age).min(poll::LONGEST_ASKED_WAIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(ahead: usize, oldest: Duration) -> Place {
        Place { ahead, oldest }
    }

    #[test]
    fn who_comes_anew_gives_way_to_whoever_waits() {
        let young = Duration::ZERO;
        assert!(place(0, young).may_ask(false));
        assert!(!place(1, young).may_ask(false));
        assert!(place(MOST_ASKING - 1, young).may_ask(true));
        assert!(!place(MOST_ASKING, young).may_ask(true));
    }

    #[test]
    fn nobody_asks_more_often_than_an_older_job() {
        for minutes in [0, 1, 10, 600] {
            let waits: Vec<Duration> = (0..=MOST_COUNTED)
                .map(|ahead| place(ahead, Duration::from_mins(minutes)).next_wait())
                .collect();
            assert!(waits.is_sorted(), "{minutes}");
            assert!(waits[0] >= poll::SHORTEST_WAIT);
            assert_eq!(waits[MOST_COUNTED], poll::LONGEST_ASKED_WAIT);
        }
    }

    #[test]
    fn the_last_two_hours_of_a_day_are_too_late_to_wait_for_room() {
        let since: Timestamp = "2026-11-01T00:00:00Z".parse().expect("a moment");
        let hours = |hours| since + Duration::from_hours(hours);
        assert_eq!(asks_until(since, hours(24)), hours(22));
        assert_eq!(asks_until(since, since), since);
    }

    #[test]
    fn two_days_at_the_head_stay_far_below_the_history_limit() {
        let mut age = Duration::ZERO;
        let mut turns = 0;
        while age < Duration::from_hours(48) {
            age += place(0, age).next_wait();
            turns += 1;
        }
        assert!(turns < 1_000, "{turns}");
    }
}
