//! Gemini's side: two limits, and the time that batches take.

use std::f64::consts::TAU;

use rand::{Rng, RngExt};

use crate::agenda::Moment;
use crate::options::Options;

const MINUTE: f64 = 60_000.0;

/// Gemini gives a batch up after 48 hours (<https://ai.google.dev/gemini-api/docs/batch-api>).
const EXPIRY: f64 = 48.0 * 60.0 * MINUTE;

/// What 19 in 20 values of a normal distribution are below, in standard deviations.
const Z_OF_P95: f64 = 1.644_853_6;

/// The batches that run.
#[derive(Debug)]
pub(crate) struct Gemini {
    most_batches: u32,
    most_tokens: u64,
    tokens_a_batch: u64,
    /// How many run.
    pub(crate) running: u32,
}

impl Gemini {
    pub(crate) const fn new(options: &Options) -> Self {
        Self {
            most_batches: options.batches,
            most_tokens: options.enqueued_tokens,
            tokens_a_batch: options.tokens_a_job,
            running: 0,
        }
    }

    /// Creates a batch; false where a limit is reached.
    pub(crate) const fn create_batch(&mut self) -> bool {
        let tokens = (self.running as u64 + 1) * self.tokens_a_batch;
        let has_room = self.running < self.most_batches && tokens <= self.most_tokens;
        if has_room {
            self.running += 1;
        }
        has_room
    }

    /// A batch has ended or was cancelled.
    pub(crate) const fn end_batch(&mut self) {
        self.running -= 1;
    }
}

/// How long batches take: log-normal, as waits in a queue of others' work often are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BatchTimes {
    /// The logarithm of the median in minutes.
    location: f64,
    spread: f64,
}

impl BatchTimes {
    pub(crate) fn new(options: &Options) -> Self {
        let location = options.batch_median_minutes.ln();
        Self {
            location,
            spread: (options.batch_p95_minutes.ln() - location) / Z_OF_P95,
        }
    }

    /// The mean in minutes.
    pub(crate) fn mean_minutes(self) -> f64 {
        (self.location + self.spread * self.spread / 2.0).exp()
    }

    /// The time of one batch.
    pub(crate) fn draw(self, chance: &mut impl Rng) -> Moment {
        // Box and Muller's way to a normal value; the first number is never 0.
        let (first, second) = (1.0 - chance.random::<f64>(), chance.random::<f64>());
        let normal = (-2.0 * first.ln()).sqrt() * (TAU * second).cos();
        let time = ((self.location + self.spread * normal).exp() * MINUTE).min(EXPIRY);
        whole_milliseconds(time)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "from 0 to 48 hours"
)]
const fn whole_milliseconds(time: f64) -> Moment {
    time as Moment
}
