//! Speed, memory and cost, measured side by side: `cargo xtask bench` builds what is measured and runs this.
//!
//! What is shown are ratios between things that were measured in turns in the same run: bare times say more about the machine.

mod archives;
mod arithmetic;
mod aws;
mod collect;
mod environment;
mod error;
mod events;
mod function;
mod instructions;
mod job;
mod job_row;
mod loopback;
mod machine;
mod report;
mod runtime_api;
mod size;
mod start;
mod table;
mod units;
mod warm;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

/// Measures the functions beside a hello-world of the same runtime, and collect-images beside Python and Node.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// What to measure; all of it unless some are named.
    #[arg(value_enum)]
    sections: Vec<Section>,
    /// The folder with the functions' archives, `<function>.zip` each.
    #[arg(long, value_name = "FOLDER")]
    archives: PathBuf,
    /// The archive, or the program, of hello-world.
    #[arg(long, value_name = "FILE")]
    hello: PathBuf,
    /// The checkout, for sample events and the programs in other languages.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    root: PathBuf,
    /// The embedded Gemini's program.
    #[arg(long, value_name = "FILE")]
    gemini: Option<PathBuf>,
    /// A Python with the packages of `infra/python/bench.txt`.
    #[arg(long, value_name = "FILE")]
    python: Option<PathBuf>,
    /// Node, with the packages of `infra/bench/node` installed there.
    #[arg(long, value_name = "FILE")]
    node: Option<PathBuf>,
    /// How many starts of each function are measured.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// How many times the images are collected each way.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    collect_runs: u32,
    /// Also write the results to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Section {
    /// Start to the first call of the Runtime API, and to the first answer
    Start,
    /// Time and memory of a request with one table read
    Warm,
    /// Instructions of a start and of a request, by callgrind
    Instructions,
    /// collect-images against Python and Node
    Collect,
    /// The archives
    Size,
    /// Calls, transitions, writes and USD of one job
    Job,
}

#[tokio::main]
async fn main() -> ExitCode {
    match report::all(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "this is a command line")]
            {
                eprintln!("error: {error}");
            }
            ExitCode::FAILURE
        }
    }
}

impl Arguments {
    fn wants(&self, section: Section) -> bool {
        self.sections.is_empty() || self.sections.contains(&section)
    }
}
