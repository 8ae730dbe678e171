//! How long a function takes from the start of its process to its first call of the Runtime API, and to its first answer.
//!
//! Each start is preceded by one of hello-world, and the ratio is that of such pairs.

use std::path::Path;

use bytes::Bytes;
use serde::Serialize;

use crate::archives::Functions;
use crate::arithmetic::{median, ratio_of_pairs};
use crate::aws::Aws;
use crate::error::Error;
use crate::events;
use crate::function::{Program, Running, Surroundings};
use crate::table::{Table, time, times};

/// The starts of one function; times in seconds.
#[derive(Debug, Serialize)]
pub(crate) struct Start {
    function: String,
    /// To the first call of the Runtime API.
    ready: f64,
    /// How many times that of hello-world.
    ready_ratio: Option<f64>,
    /// To the first answer.
    answer: f64,
    /// How many times that of hello-world.
    answer_ratio: Option<f64>,
    /// How many calls of AWS the first answer took.
    aws_calls: u64,
}

/// Times of some starts, in seconds.
#[derive(Debug, Default)]
struct Times {
    ready: Vec<f64>,
    answer: Vec<f64>,
}

impl Times {
    async fn add(
        &mut self,
        program: &Program,
        event: &Bytes,
        surroundings: Surroundings<'_>,
    ) -> Result<(), Error> {
        let mut running = Running::start(program, surroundings, &[]).await?;
        self.ready.push(running.ready().await?.as_secs_f64());
        self.answer
            .push(running.invoke(event).await?.after_start.as_secs_f64());
        running.end().await
    }
}

/// Starts every function so many times.
pub(crate) async fn measure(
    functions: &Functions,
    root: &Path,
    runs: u32,
    aws: &Aws,
    surroundings: Surroundings<'_>,
) -> Result<Vec<Start>, Error> {
    let greeting = Bytes::from_static(br#"{"firstName":"bench"}"#);
    let hello = &functions.hello.program;
    let mut all_of_hello = Times::default();
    let mut starts = Vec::new();
    for function in &functions.ours {
        let program = &function.program;
        let event = events::first_of(root, &program.name)?;
        // The first start reads the program from the disk, which is not what is measured.
        Times::default().add(program, &event, surroundings).await?;
        Times::default().add(hello, &greeting, surroundings).await?;
        aws.take_calls();
        let (mut ours, mut theirs) = (Times::default(), Times::default());
        for _ in 0..runs {
            theirs.add(hello, &greeting, surroundings).await?;
            ours.add(program, &event, surroundings).await?;
        }
        starts.push(Start {
            function: program.name.clone(),
            ready: median(&ours.ready),
            ready_ratio: ratio_of_pairs(&ours.ready, &theirs.ready),
            answer: median(&ours.answer),
            answer_ratio: ratio_of_pairs(&ours.answer, &theirs.answer),
            aws_calls: aws.take_calls().values().sum::<u64>() / u64::from(runs.max(1)),
        });
        all_of_hello.ready.append(&mut theirs.ready);
        all_of_hello.answer.append(&mut theirs.answer);
    }
    starts.push(Start {
        function: hello.name.clone(),
        ready: median(&all_of_hello.ready),
        ready_ratio: Some(1.0),
        answer: median(&all_of_hello.answer),
        answer_ratio: Some(1.0),
        aws_calls: 0,
    });
    Ok(starts)
}

/// The table of all starts.
pub(crate) fn table(starts: &[Start]) -> Table {
    let mut table = Table::new(&[
        "function",
        "first call",
        "to hello",
        "first answer",
        "to hello",
        "AWS calls",
    ]);
    for start in starts {
        table.row([
            start.function.clone(),
            time(start.ready),
            times(start.ready_ratio),
            time(start.answer),
            times(start.answer_ratio),
            start.aws_calls.to_string(),
        ]);
    }
    table
}
