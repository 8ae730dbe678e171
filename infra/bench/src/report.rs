//! All sections in turn: printed as they are done, and kept for the file.

use std::io::Write as _;
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::archives::Functions;
use crate::aws::Aws;
use crate::collect::{self, Other, Ways};
use crate::error::Error;
use crate::function::Surroundings;
use crate::machine::Machine;
use crate::table::Table;
use crate::{Arguments, Section};
use crate::{instructions, job, size, start, warm};

/// How many warm requests are made for each start that is measured.
const REQUESTS_A_RUN: u32 = 20;

/// What was measured so far.
#[derive(Debug, Default)]
pub(crate) struct Report(Map<String, Value>);

impl Report {
    /// Keeps the figures of a section and prints its table.
    fn add<T: Serialize>(&mut self, name: &str, heading: &str, figures: &T, table: &Table) {
        say(&format!("\n{heading}\n\n{}", table.text()));
        self.keep(name, figures);
    }

    fn keep<T: Serialize>(&mut self, name: &str, figures: &T) {
        let figures = serde_json::to_value(figures).expect("figures have no keys that JSON cannot hold");
        self.0.insert(name.to_owned(), figures);
    }
}

/// Prints a line. That nobody reads it any more must not stop the work.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Measures what was asked for.
pub(crate) async fn all(arguments: &Arguments) -> Result<(), Error> {
    let machine = Machine::look()?;
    say(&format!("{machine}"));
    let mut report = Report::default();
    report.keep("machine", &machine);
    let folder = tempfile::tempdir().map_err(Error::file("create", std::env::temp_dir()))?;
    let scratch = folder.path();
    let functions = Functions::unpack(&arguments.archives, &arguments.hello, scratch)?;
    let aws = Aws::listen().await?;
    let surroundings = Surroundings {
        aws_url: &aws.url(),
        google_url: &aws.url(),
        scratch,
    };
    if arguments.wants(Section::Size) {
        let sizes = size::measure(&functions);
        report.add("size", "Archives", &sizes, &size::table(&sizes));
    }
    if arguments.wants(Section::Start) {
        let starts = start::measure(&functions, &arguments.root, arguments.runs, &aws, surroundings).await?;
        report.add(
            "start",
            "Starts, in pairs with hello-world",
            &starts,
            &start::table(&starts),
        );
    }
    let cases = warm::cases(&functions, &arguments.root, &aws)?;
    if arguments.wants(Section::Warm) {
        let requests = arguments.runs * REQUESTS_A_RUN;
        let warm = warm::measure(&cases, requests, &aws, surroundings).await?;
        report.add(
            "warm",
            "Warm requests, in turns with hello-world",
            &warm,
            &warm::table(&warm),
        );
    }
    if arguments.wants(Section::Instructions) {
        if instructions::has_valgrind() {
            let starts = instructions::of_starts(&functions, surroundings).await?;
            let table = instructions::table("start", &starts);
            report.add(
                "instructions_of_starts",
                "Instructions of a start",
                &starts,
                &table,
            );
            let requests = instructions::of_requests(&cases, surroundings).await?;
            let table = instructions::table("request", &requests);
            report.add(
                "instructions_of_requests",
                "Instructions of a warm request",
                &requests,
                &table,
            );
        } else {
            say(
                "\nInstructions are left out: valgrind is missing; on Debian and Ubuntu `apt install valgrind` brings it.",
            );
        }
    }
    if arguments.wants(Section::Collect) {
        collect(arguments, &functions, &aws, &mut report, scratch).await?;
    }
    if arguments.wants(Section::Job) {
        let gemini = gemini(arguments)?;
        let job = job::measure(&functions, &arguments.root, gemini, &aws, scratch).await?;
        report.add(
            "job",
            "One job of ten images, from the request to the webhook",
            &job,
            &job::table(&job),
        );
        say(&job::bill(&job).text());
    }
    write(arguments, &report)
}

fn gemini(arguments: &Arguments) -> Result<&Path, Error> {
    arguments.gemini.as_deref().ok_or_else(|| {
        Error::missing(
            "the embedded Gemini",
            "name its program by --gemini, as `cargo xtask bench` does",
        )
    })
}

async fn collect(
    arguments: &Arguments,
    functions: &Functions,
    aws: &Aws,
    report: &mut Report,
    scratch: &Path,
) -> Result<(), Error> {
    let function = functions.named("collect-images").ok_or_else(|| {
        Error::missing(
            "the archive of collect-images",
            "`cargo xtask package --arch x86_64` builds it",
        )
    })?;
    let python = arguments
        .python
        .as_ref()
        .map(|python| Other::python(python, &arguments.root));
    let node = arguments
        .node
        .as_ref()
        .map(|node| Other::node(node, &arguments.root));
    let ways = Ways {
        ours: &function.program,
        others: python.into_iter().chain(node).collect(),
        gemini: gemini(arguments)?,
    };
    let measured = collect::measure(&ways, arguments.collect_runs, aws, scratch).await?;
    report.add(
        "collect",
        "Collecting ten images, in turns",
        &measured,
        &collect::table(&measured),
    );
    Ok(())
}

fn write(arguments: &Arguments, report: &Report) -> Result<(), Error> {
    let Some(path) = &arguments.json else {
        return Ok(());
    };
    let text = serde_json::to_string_pretty(&report.0).expect("it is JSON already");
    std::fs::write(path, text + "\n").map_err(Error::file("write", path))?;
    say(&format!("\nThe figures are in {}.", path.display()));
    Ok(())
}
