//! The work of collect-images three times: by the function, by Python with google-genai and Pillow, by Node with sharp.
//!
//! All three read the same row, fetch the same results of ten pictures from the embedded Gemini, read each picture whole, make
//! a thumbnail, put the same 21 objects, and change the row. They run in turns.

mod batch;
mod others;

use std::path::Path;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(crate) use self::batch::Gemini;
pub(crate) use self::others::Other;
use crate::arithmetic::{median, ratio_of_pairs};
use crate::aws::Aws;
use crate::error::Error;
use crate::function::{Program, Running, Surroundings};
use crate::job_row;
use crate::table::{Table, megabytes, time, times};

/// What one run took.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Run {
    /// The work alone: from the event, or from after the imports, to the end.
    seconds: f64,
    /// Seconds of a processor that the process took, its start included.
    processor_seconds: f64,
    /// The largest resident set of the process.
    peak_bytes: u64,
    /// From the start of the process to the end of the work.
    #[serde(default)]
    seconds_with_start: f64,
}

/// What the runs of one way took.
#[derive(Debug, Serialize)]
pub(crate) struct Collect {
    way: String,
    seconds: f64,
    /// How many times as long as the function.
    ratio: Option<f64>,
    seconds_with_start: f64,
    ratio_with_start: Option<f64>,
    processor_seconds: f64,
    processor_ratio: Option<f64>,
    peak_bytes: f64,
    peak_ratio: Option<f64>,
}

/// What is compared.
#[derive(Debug)]
pub(crate) struct Ways<'a> {
    /// The function.
    pub(crate) ours: &'a Program,
    /// Python and Node, where they are there.
    pub(crate) others: Vec<Other>,
    /// The embedded Gemini's program.
    pub(crate) gemini: &'a Path,
}

/// Runs every way so many times, in turns.
pub(crate) async fn measure(
    ways: &Ways<'_>,
    runs: u32,
    aws: &Aws,
    scratch: &Path,
) -> Result<Vec<Collect>, Error> {
    let gemini = Gemini::start(ways.gemini, scratch).await?;
    let batch = gemini.finished_batch().await?;
    let surroundings = Surroundings {
        aws_url: &aws.url(),
        google_url: &gemini.url,
        scratch,
    };
    let mut all: Vec<Vec<Run>> = vec![Vec::new(); ways.others.len() + 1];
    // One more run than is counted: the first reads programs from the disk.
    for round in 0..=runs {
        prepare(aws, &batch);
        let mut taken = vec![ours(ways.ours, aws, surroundings).await?];
        for other in &ways.others {
            prepare(aws, &batch);
            taken.push(other.run(surroundings).await?);
            check(&other.name, aws)?;
        }
        if round > 0 {
            for (runs, run) in all.iter_mut().zip(taken) {
                runs.push(run);
            }
        }
    }
    let names = std::iter::once("Packshot (Rust)".to_owned()).chain(ways.others.iter().map(Other::title));
    Ok(names
        .zip(&all)
        .map(|(name, runs)| Collect::of(name, runs, &all[0]))
        .collect())
}

/// The job as it is before its images are collected, and an empty bucket.
fn prepare(aws: &Aws, batch: &str) {
    aws.put(
        &job_row::partition(),
        &job_row::sort(),
        &job_row::generating(batch),
    );
    aws.take_objects();
}

/// One run of the function.
async fn ours(program: &Program, aws: &Aws, surroundings: Surroundings<'_>) -> Result<Run, Error> {
    let event = json!({"user_id": job_row::USER, "job_id": job_row::JOB}).to_string();
    let mut running = Running::start(program, surroundings, &[]).await?;
    let answered = running.invoke(&Bytes::from(event)).await?;
    if answered.answer.is_none() {
        return Err(running.error("has not collected the images".to_owned()));
    }
    let run = Run {
        seconds: answered.after_event.as_secs_f64(),
        processor_seconds: running.processor_time()?,
        peak_bytes: running.peak()?,
        seconds_with_start: answered.after_start.as_secs_f64(),
    };
    running.end().await?;
    check(&program.name, aws)?;
    Ok(run)
}

/// A picture and a thumbnail for each image, and the archive.
fn check(name: &str, aws: &Aws) -> Result<(), Error> {
    let objects = aws.take_objects();
    let expected = 2 * job_row::IMAGES + 1;
    if objects.len() == expected && objects.values().all(|size| *size > 0) {
        return Ok(());
    }
    let names: Vec<String> = objects.into_keys().collect();
    let why = format!(
        "it put {} objects in place of {expected}: {}",
        names.len(),
        names.join(", ")
    );
    Err(Error::answer(name, why))
}

impl Collect {
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    fn of(way: String, runs: &[Run], ours: &[Run]) -> Self {
        let values = |runs: &[Run], value: fn(&Run) -> f64| runs.iter().map(value).collect::<Vec<f64>>();
        let with = |value: fn(&Run) -> f64| {
            let (these, ours) = (values(runs, value), values(ours, value));
            (median(&these), ratio_of_pairs(&these, &ours))
        };
        let (seconds, ratio) = with(|run| run.seconds);
        let (seconds_with_start, ratio_with_start) = with(|run| run.seconds_with_start);
        let (processor_seconds, processor_ratio) = with(|run| run.processor_seconds);
        let (peak_bytes, peak_ratio) = with(|run| run.peak_bytes as f64);
        Self {
            way,
            seconds,
            ratio,
            seconds_with_start,
            ratio_with_start,
            processor_seconds,
            processor_ratio,
            peak_bytes,
            peak_ratio,
        }
    }
}

/// The table of the ways; ratios are how many times as much as the function they take.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bytes are whole and not negative"
)]
pub(crate) fn table(measured: &[Collect]) -> Table {
    let mut table = Table::new(&[
        "ten 2K pictures",
        "work",
        "ratio",
        "with start",
        "ratio",
        "processor",
        "ratio",
        "peak memory",
        "ratio",
    ]);
    for way in measured {
        table.row([
            way.way.clone(),
            time(way.seconds),
            times(way.ratio),
            time(way.seconds_with_start),
            times(way.ratio_with_start),
            time(way.processor_seconds),
            times(way.processor_ratio),
            megabytes(way.peak_bytes as u64),
            times(way.peak_ratio),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_shown_as_multiples_of_the_function() {
        let run = |seconds: f64, peak_bytes| Run {
            seconds,
            processor_seconds: seconds,
            peak_bytes,
            seconds_with_start: seconds + 1.0,
        };
        let ours = [run(1.0, 50), run(2.0, 50), run(1.0, 50)];
        let theirs = [run(5.0, 250), run(10.0, 300), run(6.0, 250)];
        let other = Collect::of("other".to_owned(), &theirs, &ours);
        assert_eq!((other.ratio, other.peak_ratio), (Some(5.0), Some(5.0)));
        assert_eq!(
            Collect::of("ours".to_owned(), &ours, &ours).ratio_with_start,
            Some(1.0)
        );
    }
}
