//! The project's commands: `cargo xtask up | down | demo | build | test | load | chaos | bench | simulate | lint | openapi | docs |
//! package`.
//!
//! Each does all the set-up that it needs on a machine with Rust, Python 3.10+, Node 20+ and a C compiler. No command
//! uses the AWS SDK, whose crates take minutes to build: AWS is talked to through its command line.

mod bench;
mod build;
mod chaos;
mod command;
mod console;
mod demo;
mod docs;
mod environment;
mod error;
mod interrupt;
mod load;
mod node;
mod openapi;
mod package;
mod page;
mod python;
mod quality;
mod simulate;
mod stack;
mod up;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::Error;
use crate::workspace::Workspace;

/// Build, run, try and check Packshot on this machine.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
#[command(after_help = "New here? `cargo xtask demo` makes ten pictures of a sample product, end to end.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the whole product on this machine, or redeploy what has changed
    Up(up::Up),
    /// End what `up` has started
    Down,
    /// Build all that `up` starts, and start nothing
    Build(build::Build),
    /// Make a set of pictures of a product, from the photo to the webhook, and look at all of it
    Demo(demo::Demo),
    /// Run every test: units, the whole product on a local stack of its own, Google's SDKs
    Test(quality::test::Test),
    /// Send many jobs through a local stack of its own, and write a report of what came of them
    Load(load::Load),
    /// Check the formatting, the lints, the documents, the template, the licences and the spelling
    Lint,
    /// Write the API's description to docs/openapi.json
    Openapi,
    /// Write the documents for developers as web pages
    Docs(docs::Docs),
    /// Build the functions, the documents and the page for AWS, and print how large the functions are
    Package(package::Package),
    /// Measure speed, memory and cost side by side: against hello-world, Python and Node
    Bench(bench::Bench),
    /// A day of jobs against the quotas, on paper
    Simulate(simulate::Simulate),
    /// Run jobs among faults: of AWS, of Gemini, of functions; then see whether everything adds up
    Chaos(chaos::Chaos),
    /// Restart the AWS of a stack. Started by `chaos`.
    #[command(hide = true)]
    RestartAws,
    /// Relay to the local distribution. Started by `up`.
    #[command(hide = true)]
    Front(stack::front::Front),
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

async fn run(command: Command) -> Result<(), Error> {
    let workspace = Workspace::discover()?;
    match command {
        Command::Up(arguments) => up::up(&workspace, &arguments).await,
        Command::Down => up::down(&workspace),
        Command::Build(arguments) => build::build(&workspace, &arguments),
        Command::Demo(arguments) => demo::demo(&workspace, &arguments).await,
        Command::Test(arguments) => quality::test::test(&workspace, &arguments).await,
        Command::Load(arguments) => load::load(&workspace, &arguments).await,
        Command::Lint => quality::lint::lint(&workspace),
        Command::Openapi => openapi::openapi(&workspace),
        Command::Docs(arguments) => docs::docs(&workspace, &arguments),
        Command::Package(arguments) => package::package(&workspace, &arguments),
        Command::Bench(arguments) => bench::bench(&workspace, &arguments),
        Command::Simulate(arguments) => simulate::simulate(&workspace, &arguments),
        Command::Chaos(arguments) => chaos::chaos(&workspace, &arguments).await,
        Command::RestartAws => chaos::restart_aws(&workspace).await,
        Command::Front(front) => front.serve().await,
    }
}
