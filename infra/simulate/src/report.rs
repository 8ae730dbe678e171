//! What came of a load.

use packshot_domain::{money::MicroUsd, prices, request::ImageSize};
use serde::Serialize;

use crate::agenda::Moment;
use crate::gemini::BatchTimes;
use crate::measures::Measures;
use crate::options::Options;

/// The image model that a deployment has unless told otherwise (`ImageModel` in template.yaml).
const MODEL: &str = "gemini-nano-banana-2.1";

/// The images of a job.
const IMAGES: u8 = 10;

/// Three values of many, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Times {
    /// Half are shorter.
    pub(crate) median: f64,
    /// 19 in 20 are shorter.
    pub(crate) p95: f64,
    /// None is longer.
    pub(crate) worst: f64,
}

/// The mean of many, and the most.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Spread {
    /// The mean.
    pub(crate) mean: f64,
    /// The most.
    pub(crate) most: u32,
}

/// What came of a load.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Report {
    /// The load.
    pub(crate) jobs_a_day: u32,
    /// Jobs that were accepted.
    pub(crate) accepted: u64,
    /// Jobs whose images were made.
    pub(crate) completed: u64,
    /// Jobs that were late.
    pub(crate) failed_by_deadline: u64,
    /// Batches that were cancelled because their job was late; Gemini may charge them all the same.
    pub(crate) cancelled_batches: u64,
    /// Hours from the first midnight to the end of the last job.
    pub(crate) hours_until_all_ended: f64,
    /// The mean time of a batch that the options mean, in minutes.
    pub(crate) mean_batch_minutes: f64,
    /// How many jobs a day that leaves room for.
    pub(crate) room_for_jobs_a_day: f64,
    /// From acceptance to the end, of completed jobs.
    pub(crate) time_to_finish: Times,
    /// From acceptance to the batch, of jobs that got one.
    pub(crate) time_to_batch: Times,
    /// The most jobs that waited for a batch.
    pub(crate) longest_queue: u32,
    /// The most batches at once.
    pub(crate) most_batches: u32,
    /// The most tokens in them.
    pub(crate) most_tokens: u64,
    /// Looks at the batch, of each job.
    pub(crate) looks: Spread,
    /// Asks that were refused, of each job.
    pub(crate) refusals: Spread,
    /// Looks at the place in the queue that were no asks, of each job.
    pub(crate) sleeps: Spread,
    /// State transitions of each job.
    pub(crate) transitions: Spread,
    /// Events of each execution's history.
    pub(crate) history_events: Spread,
    /// Jobs that had to wait, of a hundred that got a batch.
    pub(crate) waited_percent: f64,
    /// Batches that were created while an older job waited, of a hundred.
    pub(crate) overtaking_percent: f64,
    /// How many older jobs such a batch overtook.
    pub(crate) mean_overtaken: f64,
    /// The most asks for a batch in a second.
    pub(crate) most_asks_a_second: i64,
    /// All of them, over the time in which jobs arrived.
    pub(crate) mean_asks_a_second: f64,
    /// The most looks at batches in a second.
    pub(crate) most_looks_a_second: i64,
    /// The most executions that ran at once.
    pub(crate) most_open_executions: u32,
    /// The most executions that started in a second.
    pub(crate) most_starts_a_second: i64,
    /// The most state transitions in a second.
    pub(crate) most_transitions_a_second: i64,
    /// The most functions that ran at once.
    pub(crate) most_functions_at_once: i64,
    /// How often functions ran for a job.
    pub(crate) invocations_a_job: f64,
    /// How long, times their memory.
    pub(crate) gigabyte_seconds_a_job: f64,
    /// The most that was ordered at Gemini within ten minutes, in US dollars.
    pub(crate) most_usd_in_ten_minutes: f64,
    /// The most that photos took at Gemini, in gigabytes.
    pub(crate) most_photo_gigabytes: f64,
}

impl Report {
    pub(crate) fn of(options: &Options, jobs_a_day: u32, measures: Measures) -> Self {
        let accepted = float(measures.starts.total());
        let places = count(measures.place_waits.len() as u64);
        let mean_batch_minutes = BatchTimes::new(options).mean_minutes();
        let at_once = f64::from(options.batches)
            .min((count(options.enqueued_tokens) / count(options.tokens_a_job.max(1))).floor());
        let histories = &measures.histories;
        let job_usd = usd(prices::estimate(MODEL, ImageSize::OneK, IMAGES, 1));
        Self {
            jobs_a_day,
            accepted: u64::try_from(measures.starts.total()).unwrap_or_default(),
            completed: measures.times.len() as u64,
            failed_by_deadline: measures.failed,
            // Every batch was either done and collected or cancelled.
            cancelled_batches: (measures.place_waits.len() as u64)
                .saturating_sub(measures.times.len() as u64),
            hours_until_all_ended: seconds(measures.ended_at) / 3600.0,
            mean_batch_minutes,
            room_for_jobs_a_day: at_once * 1440.0 / mean_batch_minutes,
            longest_queue: measures.longest_queue,
            most_batches: measures.most_batches,
            most_tokens: u64::from(measures.most_batches) * options.tokens_a_job,
            looks: spread(measures.looks_of_jobs.iter().copied()),
            refusals: spread(measures.refusals_of_jobs.iter().copied()),
            sleeps: spread(measures.sleeps_of_jobs.iter().copied()),
            transitions: spread(histories.iter().map(|history| history.transitions)),
            history_events: spread(histories.iter().map(|history| history.events)),
            waited_percent: percent(measures.waited, places),
            overtaking_percent: percent(measures.overtaking, places),
            mean_overtaken: ratio(count(measures.overtaken), count(measures.overtaking)),
            most_asks_a_second: measures.asks.most(),
            mean_asks_a_second: float(measures.asks.total()) / (f64::from(options.days) * 86_400.0),
            most_looks_a_second: measures.looks.most(),
            most_open_executions: measures.most_open,
            most_starts_a_second: measures.starts.most(),
            most_transitions_a_second: measures.transitions.most(),
            most_functions_at_once: measures.functions.most_at_once(),
            invocations_a_job: ratio(count(measures.invocations), accepted),
            gigabyte_seconds_a_job: ratio(measures.gigabyte_seconds, accepted),
            most_usd_in_ten_minutes: float(measures.places.most_within(600)) * job_usd,
            most_photo_gigabytes: float(measures.files.most_at_once()) * options.photo_megabytes / 1000.0,
            time_to_finish: times(measures.times),
            time_to_batch: times(measures.place_waits),
        }
    }
}

fn times(mut milliseconds: Vec<Moment>) -> Times {
    milliseconds.sort_unstable();
    let at = |percent: usize| {
        // The nearest rank: the first value that so many in a hundred are not above.
        let rank = (milliseconds.len() * percent).div_ceil(100).max(1);
        milliseconds.get(rank - 1).map_or(0.0, |value| seconds(*value))
    };
    Times {
        median: at(50),
        p95: at(95),
        worst: at(100),
    }
}

fn spread(values: impl Iterator<Item = u32> + Clone) -> Spread {
    let sum = values.clone().map(u64::from).sum();
    Spread {
        mean: ratio(count(sum), count(values.clone().count() as u64)),
        most: values.max().unwrap_or(0),
    }
}

fn percent(part: u64, whole: f64) -> f64 {
    100.0 * ratio(count(part), whole)
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

fn usd(amount: MicroUsd) -> f64 {
    count(amount.0) / 1e6
}

fn seconds(milliseconds: Moment) -> f64 {
    count(milliseconds) / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
const fn count(number: u64) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
const fn float(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let hundred = times((1..=100).rev().map(|second| second * 1000).collect());
        assert_eq!(
            hundred,
            Times {
                median: 50.0,
                p95: 95.0,
                worst: 100.0
            }
        );
        assert_eq!(times(vec![7000]).median.to_bits(), 7.0_f64.to_bits());
        assert_eq!(times(Vec::new()).worst.to_bits(), 0.0_f64.to_bits());
    }
}
