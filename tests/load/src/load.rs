//! Many jobs through the API, each followed to its end, and a report that says what came of them.
//!
//! Goose sends the requests. While they run, the jobs are followed by the API's own lists and the memory of every
//! function's process is read. After the end everything is held against everything: the answers, the lists, Gemini's
//! batches, the webhooks, and by the auditor of `packshot-tests` the table, the bucket, the mailbox and the executions.

mod charts;
mod checks;
mod flatness;
mod following;
mod ledger;
mod machine;
mod memory;
mod provider;
mod quantiles;
mod report;
mod requests;
mod sellers;
mod series;
mod settle;

use std::{
    io::Write,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use packshot_clients::clock;
use packshot_tests::{audit, receiver::Receiver, stack::Stack};

use self::{
    checks::Evidence,
    following::Following,
    ledger::Ledger,
    memory::Memory,
    provider::Provider,
    report::{Conditions, Report},
};

/// What a run can be told.
#[derive(Debug, Clone, clap::Parser)]
#[command(name = "packshot-load")]
pub struct Options {
    /// How many jobs
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub jobs: u32,

    /// How many requests a second, at most
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rate: u32,

    /// How many images each job asks for
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=10))]
    pub images: u8,

    /// How long each batch takes at Gemini, in seconds
    #[arg(long, default_value_t = 60)]
    pub batch_seconds: u32,

    /// How many of 100 calls of Gemini are answered with 429
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(0..=50))]
    pub refusals: u8,

    /// What the state machine's waits are multiplied with
    #[arg(long, default_value_t = 0.5)]
    pub wait_scale: f64,

    /// What decides which calls are refused: the same number, the same calls
    #[arg(long, default_value_t = 1)]
    pub seed: u64,

    /// How long all of it may take, in minutes; unless told, five, or two seconds a job if that is more
    #[arg(long)]
    pub limit_minutes: Option<u32>,

    /// The folder for `report.html` and `report.json`
    #[arg(long, default_value = "target/load")]
    pub report: PathBuf,
}

impl Options {
    /// The time after which jobs that have not ended count as stuck.
    fn limit(&self) -> Duration {
        let usual = Duration::from_secs(2 * u64::from(self.jobs)).max(Duration::from_mins(5));
        self.limit_minutes
            .map_or(usual, |minutes| Duration::from_secs(60 * u64::from(minutes)))
    }
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// True if nothing was found.
    pub holds: bool,
    /// It, in a sentence.
    pub sentence: String,
}

/// Why there is no verdict.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Goose did not run.
    #[error("the requests could not be sent: {0}")]
    Goose(Box<goose::GooseError>),
    /// A part of the stack that is asked directly did not answer.
    #[error("cannot reach {what}: {source}")]
    Http {
        /// What was asked.
        what: &'static str,
        /// What the client said.
        source: reqwest::Error,
    },
    /// A chart could not be drawn.
    #[error("a chart cannot be drawn: {0}")]
    Chart(String),
    /// The page could not be written.
    #[error("the report cannot be written: {0}")]
    Template(#[from] askama::Error),
    /// The figures could not be written.
    #[error("the figures cannot be written: {0}")]
    Json(#[from] serde_json::Error),
    /// A file could not be written.
    #[error("cannot write {}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Prints a line. That nobody reads it any more must not stop the work.
pub fn say(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stdout(), "{}", text.as_ref());
}

/// Sends the jobs, follows them, looks at everything, and writes the report.
///
/// # Errors
///
/// Where the requests could not be sent at all or the report could not be written. What is wrong with the product is in the
/// verdict.
///
/// # Panics
///
/// Where no stack runs, or a part of it cannot be read.
pub async fn run(options: &Options) -> Result<Verdict, Error> {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    let provider = Provider::prepare(&stack, options).await?;
    let sellers = sellers::make(&stack, options.jobs).await;
    say(format!(
        "  {} jobs of {} sellers, at most {} requests a second; each batch takes {} s, {} of 100 calls of Gemini are refused",
        options.jobs,
        sellers.len(),
        options.rate,
        options.batch_seconds,
        options.refusals
    ));

    let begun_at = clock::now();
    let begun = Instant::now();
    let ledger = Arc::new(Ledger::new(begun));
    let memory = Memory::watch(stack.aws_endpoint(), begun);
    let following = Following::new(&sellers, options, begun);
    let attack = async {
        let metrics = requests::send(options, &stack, &sellers, &receiver.url, &ledger).await;
        ledger.close();
        metrics
    };
    let (metrics, following) = tokio::join!(attack, following.until_all_have_ended(&ledger));
    let metrics = metrics?;
    let ended_after = begun.elapsed();
    say("  All jobs have ended, or the time is over; waiting for the webhooks and the executions");
    settle::all(&stack, &receiver, &following).await;
    let memory = memory.end().await;

    say("  Looking at all of it");
    let webhooks: Vec<audit::Webhook> = receiver.received().iter().map(Into::into).collect();
    let accepted = following.accepted_by(&sellers);
    let audited = audit::audit(&stack, &accepted, &webhooks, audit::Weather::Calm).await;
    let requests = ledger.into_requests();
    let evidence = Evidence {
        options,
        requests: &requests,
        following: &following,
        batches: provider.batches(&stack).await,
        webhooks: &webhooks,
        audited: &audited,
        memory: &memory,
    };
    let checks = checks::all(&evidence);
    let conditions = Conditions {
        options,
        begun_at,
        sellers: sellers.len(),
        ended_after,
        run_for: begun.elapsed(),
    };
    let calls = provider.calls(&stack).await;
    let report = Report::of(&conditions, &evidence, &metrics, &calls, checks);
    report.write(&options.report)?;
    let verdict = report.verdict();
    say(format!("\n{}", verdict.sentence));
    for finding in report.findings() {
        say(format!("  {finding}"));
    }
    say(format!(
        "\nThe report: {}",
        options.report.join("report.html").display()
    ));
    Ok(verdict)
}
