//! A request to a function that runs already and reads the table once, beside hello-world, which reads nothing: its time, the
//! process's largest resident set, and its instructions.

use std::path::Path;

use bytes::Bytes;
use serde::Serialize;
use serde_json::json;

use crate::archives::Functions;
use crate::arithmetic::{median, ratio_of_pairs};
use crate::aws::Aws;
use crate::error::Error;
use crate::events;
use crate::function::{Program, Running, Surroundings};
use crate::job_row;
use crate::table::{Table, megabytes, time, times};

/// A request that is measured.
#[derive(Debug)]
pub(crate) struct Case {
    /// What it is.
    pub(crate) name: &'static str,
    /// Whose it is.
    pub(crate) program: Program,
    /// What the function is asked.
    pub(crate) event: Bytes,
}

/// Requests of one case; time in seconds.
#[derive(Debug, Serialize)]
pub(crate) struct Warm {
    case: &'static str,
    seconds: f64,
    ratio: Option<f64>,
    peak_bytes: u64,
    peak_ratio: Option<f64>,
    aws_calls: f64,
}

/// The requests: hello-world's greeting, a refusal after a look for the key, a task that finds its job ended.
pub(crate) fn cases(functions: &Functions, root: &Path, aws: &Aws) -> Result<Vec<Case>, Error> {
    aws.put(&job_row::partition(), &job_row::sort(), &job_row::completed());
    let mut cases = vec![Case {
        name: "hello-world, no read",
        program: functions.hello.program.clone(),
        event: Bytes::from_static(br#"{"firstName":"bench"}"#),
    }];
    if let Some(function) = functions.named("read-jobs") {
        cases.push(Case {
            name: "read-jobs, one read: a key that is nobody's",
            program: function.program.clone(),
            event: events::named(root, "read-jobs.one")?,
        });
    }
    for (function, name) in [
        ("poll-batch", "poll-batch, one read: a job of ten images"),
        ("collect-images", "collect-images, one read: a job of ten images"),
    ] {
        if let Some(function) = functions.named(function) {
            let event = json!({"user_id": job_row::USER, "job_id": job_row::JOB});
            cases.push(Case {
                name,
                program: function.program.clone(),
                event: event.to_string().into(),
            });
        }
    }
    Ok(cases)
}

/// Makes so many requests of each case, in turns.
pub(crate) async fn measure(
    cases: &[Case],
    requests: u32,
    aws: &Aws,
    surroundings: Surroundings<'_>,
) -> Result<Vec<Warm>, Error> {
    let mut measured = Vec::new();
    for case in cases {
        let mut running = Running::start(&case.program, surroundings, &[]).await?;
        let mut other = Running::start(&cases[0].program, surroundings, &[]).await?;
        // The first ones are not warm: connections are made, caches filled.
        for _ in 0..10 {
            running.invoke(&case.event).await?;
            other.invoke(&cases[0].event).await?;
        }
        aws.take_calls();
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..requests {
            theirs.push(other.invoke(&cases[0].event).await?.after_event.as_secs_f64());
            ours.push(running.invoke(&case.event).await?.after_event.as_secs_f64());
        }
        let calls: u64 = aws.take_calls().values().sum();
        let peak = running.peak()?;
        let peak_of_hello = other.peak()?;
        running.end().await?;
        other.end().await?;
        measured.push(Warm {
            case: case.name,
            seconds: median(&ours),
            ratio: ratio_of_pairs(&ours, &theirs),
            peak_bytes: peak,
            peak_ratio: ratio_of(peak, peak_of_hello),
            aws_calls: ratio_of(calls, u64::from(requests)).unwrap_or_default(),
        });
    }
    Ok(measured)
}

#[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
fn ratio_of(ours: u64, theirs: u64) -> Option<f64> {
    (theirs > 0).then(|| ours as f64 / theirs as f64)
}

/// The table of warm requests.
pub(crate) fn table(measured: &[Warm]) -> Table {
    let mut table = Table::new(&[
        "request",
        "time",
        "to hello",
        "peak memory",
        "to hello",
        "AWS calls",
    ]);
    for warm in measured {
        table.row([
            warm.case.to_owned(),
            time(warm.seconds),
            times(warm.ratio),
            megabytes(warm.peak_bytes),
            times(warm.peak_ratio),
            format!("{}", warm.aws_calls),
        ]);
    }
    table
}
