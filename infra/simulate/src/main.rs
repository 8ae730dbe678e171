//! A day of jobs against the quotas, without AWS and without Gemini: `cargo xtask simulate`.
//!
//! Jobs arrive, are planned and ask Gemini for a batch. Where its limits are reached they wait and ask again; batches take
//! their time and are looked at until they are done or the job is late. When to ask and when to look is decided by the
//! product's own code (`packshot_domain::poll`, `packshot_domain::late`), so that a change of it changes these numbers.
//! `docs/scale.md` says what they mean.

mod agenda;
mod arrivals;
mod gemini;
mod history;
mod job;
mod measures;
mod options;
mod overtaking;
mod report;
mod simulation;
mod table;
mod tasks;
#[cfg(test)]
mod tests;

use std::process::ExitCode;

use clap::Parser;

use crate::options::Options;
use crate::report::Report;

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the answer of this command line is its output"
)]
fn main() -> ExitCode {
    let options = Options::parse();
    if let Err(problem) = options.check() {
        eprintln!("packshot-simulate: {problem}");
        return ExitCode::FAILURE;
    }
    let reports: Vec<Report> = options
        .jobs_a_day
        .iter()
        .map(|jobs_a_day| simulation::run(&options, *jobs_a_day))
        .collect();
    if !options.json {
        println!("{}", table::of(&options, &reports));
        return ExitCode::SUCCESS;
    }
    match serde_json::to_string_pretty(&reports) {
        Ok(json) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("packshot-simulate: {error}");
            ExitCode::FAILURE
        }
    }
}
