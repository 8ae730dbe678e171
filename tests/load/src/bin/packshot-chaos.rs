//! Runs jobs among faults on the stack that `PACKSHOT_STACK` names, and has the auditor look at what is left.

use std::process::ExitCode;

use clap::Parser;
use packshot_load::chaos::{self, Options, Outcome};

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = chaos::run(&options, say).await;
    tell(&options, &outcome);
    if outcome.findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn tell(options: &Options, outcome: &Outcome) {
    say("\nWhat happened:");
    for (what, count) in &outcome.faults {
        say(&format!("  {count:>5}  {what}"));
    }
    say("\nHow the jobs ended:");
    for (what, count) in &outcome.ends {
        say(&format!("  {count:>5}  {what}"));
    }
    say("");
    for finding in &outcome.findings {
        say(&format!("  {finding}"));
    }
    let (seed, seconds) = (options.seed, outcome.mended_after.as_secs());
    if outcome.findings.is_empty() {
        say(&format!(
            "Seed {seed}: everything added up {seconds} s after the weather had cleared."
        ));
    } else {
        say(&format!(
            "Seed {seed}: the auditor has found {} things.",
            outcome.findings.len()
        ));
    }
}

#[expect(clippy::print_stdout, reason = "a program that talks to a person")]
fn say(text: &str) {
    println!("{text}");
}
