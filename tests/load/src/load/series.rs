//! The figures over the time of a run, as the charts and the JSON have them.

use jiff::Timestamp;
use serde::Serialize;

use super::{checks::Evidence, memory::Sample};

/// A count over time: each change with the seconds since the beginning.
pub(super) type Steps = Vec<(f64, f64)>;

/// Everything that a chart shows.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Series {
    /// Jobs accepted so far.
    pub accepted: Steps,
    /// Jobs ended so far.
    pub ended: Steps,
    /// Batches under way at Gemini.
    pub batches: Steps,
    /// How long each job took, in seconds.
    pub took: Vec<f64>,
}

impl Series {
    /// The figures of a run that began at this moment.
    pub(super) fn of(evidence: &Evidence<'_>, begun_at: Timestamp) -> Self {
        let since = |time: Timestamp| time.duration_since(begun_at).as_secs_f64();
        let views = evidence.following.views.values();
        let ended = views.clone().filter_map(|view| Some(since(view.finished_at?)));
        let accepted = evidence.requests.accepted.iter();
        let batches = evidence.batches.iter();
        let began = batches
            .clone()
            .filter_map(|batch| Some((since(batch.created_at?), 1.0)));
        let over = batches.filter_map(|batch| Some((since(batch.ended_at?), -1.0)));
        Self {
            accepted: summed(accepted.map(|accepted| (accepted.at.as_secs_f64(), 1.0))),
            ended: summed(ended.map(|at| (at, 1.0))),
            batches: summed(began.chain(over)),
            took: views
                .filter_map(|view| Some(view.took()?.as_secs_f64()))
                .collect(),
        }
    }

    /// The most batches that were under way at a time.
    pub(super) fn most_batches(&self) -> f64 {
        self.batches.iter().map(|(_, count)| *count).fold(0.0, f64::max)
    }
}

/// Adds changes up in the order of their times; of those at the same time, what ends comes first.
fn summed(changes: impl Iterator<Item = (f64, f64)>) -> Steps {
    let mut changes: Vec<(f64, f64)> = changes.collect();
    changes.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
    let mut sum = 0.0;
    let sums = changes.into_iter().map(|(at, change)| {
        sum += change;
        (at, sum)
    });
    sums.collect()
}

/// The largest process of a function in each second, in megabytes, over the whole run.
pub(super) fn largest(processes: &[Vec<Sample>]) -> Steps {
    let mut seconds: std::collections::BTreeMap<u64, u64> = std::collections::BTreeMap::new();
    for sample in processes.iter().flatten() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole seconds of a run are few and positive"
        )]
        let second = sample.at as u64;
        let largest = seconds.entry(second).or_default();
        *largest = sample.bytes.max(*largest);
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "no run is so long, no process so large"
    )]
    let steps = seconds
        .into_iter()
        .map(|(second, bytes)| (second as f64, super::checks::megabytes(bytes as f64)));
    steps.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_added_up_in_order() {
        let steps = summed([(2.0, 1.0), (1.0, 1.0), (2.0, -1.0), (3.0, -1.0)].into_iter());
        assert_eq!(steps, [(1.0, 1.0), (2.0, 0.0), (2.0, 1.0), (3.0, 0.0)]);
    }

    #[test]
    fn the_largest_process_of_each_second_is_shown() {
        let sample = |at: f64, megabytes: u64| Sample {
            at,
            bytes: megabytes * 1024 * 1024,
        };
        let processes = [vec![sample(0.1, 10), sample(1.1, 12)], vec![sample(1.2, 20)]];
        assert_eq!(largest(&processes), [(0.0, 10.0), (1.0, 20.0)]);
    }
}
