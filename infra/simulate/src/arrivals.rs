//! When jobs arrive: a wave over the day, and programs that send many at once.

use std::f64::consts::TAU;

use rand::{Rng, RngExt};

use crate::agenda::Moment;
use crate::options::Options;

const DAY: f64 = 86_400_000.0;

/// The hour of the day that is busiest.
const PEAK_HOUR: f64 = 14.0;

/// The time between two jobs of a burst: a program that waits for each answer before it sends the next.
const BETWEEN: Moment = 300;

/// The moments of all jobs, earliest first.
pub(crate) fn of(options: &Options, jobs_a_day: u32, chance: &mut impl Rng) -> Vec<Moment> {
    let mut moments = Vec::new();
    for day in 0..options.days {
        let midnight = f64::from(day) * DAY;
        let mut left = jobs_a_day;
        let in_bursts = f64::from(jobs_a_day) * options.burst_share;
        let mut from_bursts = 0;
        while left > 0 {
            let size = if f64::from(from_bursts) < in_bursts {
                // A burst is not more than the share allows, or ten jobs a day would be one burst.
                let size = options.burst_size.min(left).min(whole(in_bursts).max(1));
                from_bursts += size;
                size
            } else {
                1
            };
            let first = moment(midnight + hour(options.peak, chance) / 24.0 * DAY);
            moments.extend((0..Moment::from(size)).map(|number| first + number * BETWEEN));
            left -= size;
        }
    }
    moments.sort_unstable();
    moments
}

/// An hour of the day, by the height of the wave.
fn hour(peak: f64, chance: &mut impl Rng) -> f64 {
    loop {
        let hour = chance.random_range(0.0..24.0);
        if chance.random_range(0.0..peak) < height(peak, hour) {
            return hour;
        }
    }
}

/// How busy an hour is, against the day's mean.
fn height(peak: f64, hour: f64) -> f64 {
    1.0 + (peak - 1.0) * ((hour - PEAK_HOUR) / 24.0 * TAU).cos()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of jobs, from 0 to a million"
)]
const fn whole(number: f64) -> u32 {
    number as u32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a moment within a month, never negative"
)]
const fn moment(milliseconds: f64) -> Moment {
    milliseconds as Moment
}
