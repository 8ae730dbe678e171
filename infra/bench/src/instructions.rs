//! Instructions by callgrind (<https://valgrind.org/docs/manual/cl-manual.html>): of a start, and of a request.
//!
//! They hardly vary from run to run, whatever else the machine does. A request's are the difference of two runs, one with more
//! requests than the other: what happens once falls away.

use std::fs;
use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use serde::Serialize;

use crate::archives::Functions;
use crate::arithmetic::of_each;
use crate::error::Error;
use crate::function::{Program, Running, Surroundings};
use crate::table::{Table, millions, times};
use crate::warm::Case;

/// How many requests the first run has, and by how many more the second: those that warm it up are in both.
const REQUESTS: u32 = 20;

/// Instructions of one thing.
#[derive(Debug, Serialize)]
pub(crate) struct Instructions {
    what: String,
    count: f64,
    ratio: Option<f64>,
}

/// True where valgrind is installed.
pub(crate) fn has_valgrind() -> bool {
    Command::new("valgrind")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}

/// The instructions of every function's start, to the first call of the Runtime API.
pub(crate) async fn of_starts(
    functions: &Functions,
    surroundings: Surroundings<'_>,
) -> Result<Vec<Instructions>, Error> {
    let hello = count(&functions.hello.program, &Bytes::new(), 0, surroundings).await?;
    let mut measured = vec![Instructions::of(
        "hello-world".to_owned(),
        exactly(hello),
        exactly(hello),
    )];
    for function in &functions.ours {
        let start = count(&function.program, &Bytes::new(), 0, surroundings).await?;
        let name = function.program.name.clone();
        measured.push(Instructions::of(name, exactly(start), exactly(hello)));
    }
    Ok(measured)
}

/// The instructions of each case's request. The first case is what the others are measured against.
pub(crate) async fn of_requests(
    cases: &[Case],
    surroundings: Surroundings<'_>,
) -> Result<Vec<Instructions>, Error> {
    let mut measured: Vec<Instructions> = Vec::new();
    for case in cases {
        let once = count(&case.program, &case.event, REQUESTS, surroundings).await?;
        let twice = count(&case.program, &case.event, 2 * REQUESTS, surroundings).await?;
        let each = of_each(once, twice, REQUESTS);
        let hello = measured.first().map_or(each, |hello| hello.count);
        measured.push(Instructions::of(case.name.to_owned(), each, hello));
    }
    Ok(measured)
}

impl Instructions {
    fn of(what: String, count: f64, hello: f64) -> Self {
        let ratio = (hello > 0.0).then(|| count / hello);
        Self { what, count, ratio }
    }
}

#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
const fn exactly(count: u64) -> f64 {
    count as f64
}

/// The instructions of a process that answers so many requests.
async fn count(
    program: &Program,
    event: &Bytes,
    requests: u32,
    surroundings: Surroundings<'_>,
) -> Result<u64, Error> {
    let profile = surroundings
        .scratch
        .join(format!("callgrind.{}.{requests}", program.name));
    let wrapper = [
        "valgrind".to_owned(),
        "--quiet".to_owned(),
        "--tool=callgrind".to_owned(),
        format!("--callgrind-out-file={}", profile.display()),
    ];
    let mut running = Running::start(program, surroundings, &wrapper).await?;
    running.ready().await?;
    for _ in 0..requests {
        running.invoke(event).await?;
    }
    running.end().await?;
    total(&profile)
}

/// The sum in a profile (<https://valgrind.org/docs/manual/cl-format.html>). A process that a signal ends has it too.
fn total(profile: &Path) -> Result<u64, Error> {
    let text = fs::read_to_string(profile).map_err(Error::file("read", profile))?;
    sum(&text).ok_or_else(|| Error::answer("callgrind", format!("no sum in {}", profile.display())))
}

fn sum(profile: &str) -> Option<u64> {
    let sum = |name: &str| profile.lines().find_map(|line| line.strip_prefix(name));
    let sums = sum("summary:").or_else(|| sum("totals:"))?;
    sums.split_whitespace().next()?.parse().ok()
}

/// The table of instructions.
pub(crate) fn table(heading: &str, measured: &[Instructions]) -> Table {
    let mut table = Table::new(&[heading, "instructions", "to hello"]);
    for Instructions { what, count, ratio } in measured {
        table.row([what.clone(), millions(*count), times(*ratio)]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_a_profile_is_found() {
        assert_eq!(
            sum("version: 1\nevents: Ir\nsummary: 508123\n\nfn=(1)\n"),
            Some(508_123)
        );
        assert_eq!(sum("events: Ir\nfn=(1)\ntotals: 42\n"), Some(42));
        assert_eq!(sum("events: Ir\n"), None);
    }
}
