//! A token bucket, kept as the one moment at which it is full again.

use std::time::Duration;

use jiff::Timestamp;

use super::WINDOW;

/// How far apart `per_minute` takings are where they are evenly spread.
pub(super) fn interval(per_minute: u32) -> Duration {
    WINDOW / per_minute.max(1)
}

/// In how long a bucket is full that is to be so at `full_at`.
pub(super) fn full_in(full_at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(full_at.duration_since(now)).unwrap_or_default()
}

/// Takes one out of a bucket that holds `per_minute` and gets one each 60 / `per_minute` seconds: when it is full after
/// that.
///
/// # Errors
///
/// Where it is empty: until there is one again.
pub fn take(full_at: Timestamp, per_minute: u32, now: Timestamp) -> Result<Timestamp, Duration> {
    let full_in = full_in(full_at, now).saturating_add(interval(per_minute));
    if full_in > WINDOW {
        return Err(full_in.saturating_sub(WINDOW));
    }
    Ok(now.saturating_add(full_in).unwrap_or(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_what_it_holds_and_then_one_at_a_time() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().expect("a moment");
        let mut full_at = Timestamp::UNIX_EPOCH;
        for _ in 0..10 {
            full_at = take(full_at, 10, now).expect("there is one");
        }
        assert_eq!(take(full_at, 10, now), Err(Duration::from_secs(6)));
        let later = now + Duration::from_secs(6);
        full_at = take(full_at, 10, later).expect("there is one again");
        assert_eq!(take(full_at, 10, later), Err(Duration::from_secs(6)));
    }
}
