//! The reports as a table for people: a line for each measure, a column for each load.

use crate::options::Options;
use crate::report::{Report, Spread, Times};

const LABEL_WIDTH: usize = 46;
const COLUMN_WIDTH: usize = 24;

/// What a line shows of a report.
type Cell = fn(&Report) -> String;

/// The lines, in the order in which one asks.
const LINES: &[(&str, Cell)] = &[
    ("jobs accepted", |report| report.accepted.to_string()),
    ("completed", |report| report.completed.to_string()),
    ("failed by their deadline", |report| {
        report.failed_by_deadline.to_string()
    }),
    ("batches cancelled at the deadline", |report| {
        report.cancelled_batches.to_string()
    }),
    ("all ended after", |report| {
        format!("{:.1} h", report.hours_until_all_ended)
    }),
    ("room for jobs a day (batches x day / mean)", |report| {
        format!("{:.0}", report.room_for_jobs_a_day)
    }),
    ("time to finish: median / p95 / worst", |report| {
        times(report.time_to_finish)
    }),
    ("time to a batch: median / p95 / worst", |report| {
        times(report.time_to_batch)
    }),
    ("longest queue for a batch, jobs", |report| {
        report.longest_queue.to_string()
    }),
    ("batches at once, most", |report| report.most_batches.to_string()),
    ("tokens in batches at once, most", |report| {
        format!("{:.2} million", millions(report.most_tokens))
    }),
    ("photos at Gemini, most", |report| {
        format!("{:.2} GB", report.most_photo_gigabytes)
    }),
    ("ordered at Gemini in ten minutes, most", |report| {
        format!("{:.2} USD", report.most_usd_in_ten_minutes)
    }),
    ("asks for a batch a second: mean / most", |report| {
        format!("{:.2} / {}", report.mean_asks_a_second, report.most_asks_a_second)
    }),
    ("looks at batches a second, most", |report| {
        report.most_looks_a_second.to_string()
    }),
    ("refused asks a job: mean / most", |report| {
        spread(report.refusals)
    }),
    ("looks at the queue alone a job: mean / most", |report| {
        spread(report.sleeps)
    }),
    ("looks at batches a job: mean / most", |report| {
        spread(report.looks)
    }),
    ("state transitions a job: mean / most", |report| {
        spread(report.transitions)
    }),
    ("history events a job: mean / most", |report| {
        spread(report.history_events)
    }),
    ("state transitions a second, most", |report| {
        report.most_transitions_a_second.to_string()
    }),
    ("executions started in a second, most", |report| {
        report.most_starts_a_second.to_string()
    }),
    ("executions open at once, most", |report| {
        report.most_open_executions.to_string()
    }),
    ("functions running at once, most", |report| {
        report.most_functions_at_once.to_string()
    }),
    ("invocations a job", |report| {
        format!("{:.1}", report.invocations_a_job)
    }),
    ("GB-seconds a job", |report| {
        format!("{:.1}", report.gigabyte_seconds_a_job)
    }),
    ("had to wait, of those with a batch", |report| {
        format!("{:.1} %", report.waited_percent)
    }),
    ("batches created while an older job waited", |report| {
        format!("{:.1} %", report.overtaking_percent)
    }),
    ("older jobs overtaken by each of these", |report| {
        format!("{:.0}", report.mean_overtaken)
    }),
];

/// The table.
pub(crate) fn of(options: &Options, reports: &[Report]) -> String {
    let mut lines = vec![
        format!(
            "Gemini: {} batches at once, {} tokens; batches take {} min (median), {} min (p95), {:.0} min (mean)",
            options.batches,
            options.enqueued_tokens,
            options.batch_median_minutes,
            options.batch_p95_minutes,
            reports.first().map_or(0.0, |report| report.mean_batch_minutes),
        ),
        format!(
            "Jobs: peak hour {} x the mean, {} of them in bursts of {}, deadline {} h, on_late fail; seed {}",
            options.peak, options.burst_share, options.burst_size, options.deadline_hours, options.seed,
        ),
        String::new(),
        line("jobs a day", reports, |report| report.jobs_a_day.to_string()),
    ];
    lines.extend(LINES.iter().map(|(label, cell)| line(label, reports, *cell)));
    lines.join("\n")
}

fn line(label: &str, reports: &[Report], cell: Cell) -> String {
    let cells: Vec<String> = reports
        .iter()
        .map(|report| format!("{:>COLUMN_WIDTH$}", cell(report)))
        .collect();
    format!("{label:<LABEL_WIDTH$}{}", cells.concat())
}

fn times(times: Times) -> String {
    [times.median, times.p95, times.worst].map(duration).join(" / ")
}

/// A duration in the unit that suits it.
fn duration(seconds: f64) -> String {
    match seconds {
        0.0..60.0 => format!("{seconds:.0}s"),
        60.0..7200.0 => format!("{:.1}min", seconds / 60.0),
        _ => format!("{:.1}h", seconds / 3600.0),
    }
}

fn spread(spread: Spread) -> String {
    format!("{:.1} / {}", spread.mean, spread.most)
}

#[expect(clippy::cast_precision_loss, reason = "tokens are far below 2^52")]
fn millions(number: u64) -> f64 {
    number as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_the_unit_that_suits_them() {
        assert_eq!([12.0, 90.0, 7_200.0].map(duration), ["12s", "1.5min", "2.0h"]);
    }
}
