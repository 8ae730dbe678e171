//! The server's clock: the machine's time plus what `POST /__time` added.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// A clock that tests can move forward, so that "48 hours later" takes no time.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    ahead_seconds: AtomicI64,
}

impl Clock {
    /// The time now, as this server sees it.
    pub(crate) fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_secs(self.ahead_seconds.load(Ordering::Relaxed));
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the clock that everything else takes the time from"
        )]
        let machine = Timestamp::now();
        machine.checked_add(ahead).unwrap_or(Timestamp::MAX)
    }

    /// Moves the clock by `seconds`; the result never lies before the machine's own time.
    pub(crate) fn advance(&self, seconds: i64) {
        let ahead = self.ahead_seconds.load(Ordering::Relaxed);
        self.ahead_seconds
            .store(ahead.saturating_add(seconds).max(0), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn it_moves_forward_but_never_behind_the_machine() {
        let clock = Clock::default();
        let before = clock.now();
        clock.advance(3600);
        assert!(clock.now().duration_since(before).as_secs() >= 3600);
        clock.advance(-10_000);
        assert!(clock.now().duration_since(before).as_secs() < 60);
    }
}
