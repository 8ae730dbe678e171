//! Figures of a run: how long answers and jobs took, and what memory the functions had.

use std::collections::BTreeMap;

use goose::prelude::GooseMetrics;
use serde::Serialize;

use crate::load::{
    checks::megabytes,
    flatness::Life,
    memory::Memory,
    quantiles::quantile,
    requests::{AGAIN, FIRST},
    series::{self, Steps},
};

/// How long answers took, in milliseconds, and what they were.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Latency {
    /// Which requests.
    pub name: String,
    /// How many.
    pub count: usize,
    /// Half of them were faster.
    pub median: f64,
    /// 95 of 100 were faster.
    pub p95: f64,
    /// The slowest.
    pub max: f64,
    /// How many answers had each status; 0 is none at all.
    pub statuses: BTreeMap<u16, usize>,
}

impl Latency {
    /// Of the requests, first and repeated, in this order.
    pub(super) fn of_all(metrics: &GooseMetrics) -> Vec<Self> {
        let named = |name: &str| metrics.requests.values().find(|request| request.path == name);
        let found = [FIRST, AGAIN]
            .into_iter()
            .filter_map(|name| Some((name, named(name)?)));
        let latencies = found.map(|(name, request)| Self {
            name: name.to_owned(),
            count: request.raw_data.counter,
            median: milliseconds(request.raw_data.percentile_us(0.5)),
            p95: milliseconds(request.raw_data.percentile_us(0.95)),
            max: milliseconds(request.raw_data.maximum_time_us),
            statuses: request
                .status_code_counts
                .iter()
                .map(|(status, count)| (*status, *count))
                .collect(),
        });
        latencies.collect()
    }
}

/// How long jobs took from their acceptance to their end, in seconds.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Completion {
    /// Half of them were faster.
    pub median: f64,
    /// 95 of 100 were faster.
    pub p95: f64,
    /// The slowest.
    pub max: f64,
}

impl Completion {
    /// Of jobs that took so many seconds.
    pub(super) fn of(took: &[f64]) -> Self {
        let at = |part| quantile(took, part).unwrap_or(0.0);
        Self {
            median: at(0.5),
            p95: at(0.95),
            max: at(1.0),
        }
    }
}

/// The memory of one function, in megabytes.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FunctionMemory {
    /// Its name.
    pub function: String,
    /// How many processes it had.
    pub processes: usize,
    /// How many lived long enough to be judged.
    pub judged: usize,
    /// The most that any of its processes had.
    pub peak: f64,
    /// The process that grew most: the median of the second third of its life, and of the last.
    pub middle: Option<f64>,
    /// The latter.
    pub late: Option<f64>,
    /// Whether it is flat.
    pub is_flat: bool,
    /// The largest process in each second.
    pub largest: Steps,
}

impl FunctionMemory {
    /// Of every function that was seen.
    pub(super) fn of_all(memory: &Memory) -> Vec<Self> {
        let functions = memory.functions.iter().map(|(function, processes)| {
            let lives = processes.iter().map(|samples| Life::of(samples));
            let judged: Vec<(f64, f64, bool)> = lives
                .filter_map(|life| match life {
                    Life::Judged { middle, late } => Some((middle, late, life.grew())),
                    Life::TooShort => None,
                })
                .collect();
            let growth = |life: &(f64, f64, bool)| life.1 - life.0;
            let most = judged
                .iter()
                .max_by(|one, other| growth(one).total_cmp(&growth(other)));
            let largest = series::largest(processes);
            Self {
                function: function.clone(),
                processes: processes.len(),
                judged: judged.len(),
                peak: largest
                    .iter()
                    .map(|(_, megabytes)| *megabytes)
                    .fold(0.0, f64::max),
                middle: most.map(|(middle, _, _)| megabytes(*middle)),
                late: most.map(|(_, late, _)| megabytes(*late)),
                is_flat: judged.iter().all(|(_, _, grew)| !grew),
                largest,
            }
        });
        functions.collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "no answer takes 2^52 microseconds")]
fn milliseconds(microseconds: u64) -> f64 {
    microseconds as f64 / 1000.0
}
