//! `cargo xtask load`: many jobs through the API to their ends, on a stack of its own, and a report of what came of them.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use crate::command;
use crate::console;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::stack::{Stack, Up};
use crate::workspace::Workspace;

/// What `load` can be told.
#[derive(Debug, clap::Args)]
pub(crate) struct Load {
    /// How many jobs
    #[arg(long, value_name = "N", default_value_t = 200)]
    jobs: u32,

    /// How many requests a second, at most
    #[arg(long, value_name = "R", default_value_t = 2)]
    rate: u32,

    /// The folder for `report.html` and `report.json`
    #[arg(long, value_name = "DIR", default_value = "target/load")]
    report: PathBuf,

    /// More of what `packshot-load --help` lists, after `--`
    #[arg(last = true, value_name = "OPTION")]
    more: Vec<OsString>,
}

/// Sends the jobs and ends the stack whatever comes of them.
pub(crate) async fn load(workspace: &Workspace, load: &Load) -> Result<(), Error> {
    let mut interrupt = Interrupt::listen()?;
    let stack = Stack::of_load(workspace);
    // A stack that a killed run has left would have its data, too.
    stack.down()?;
    console::heading("A stack for the load");
    let result = match stack.up().await {
        Ok(up) => send(workspace, &stack, &up, load),
        Err(error) => Err(error),
    };
    stack.down()?;
    if interrupt.was_asked() {
        return Err(Error::Interrupted);
    }
    if result.is_err() {
        console::say(format!(
            "\nThe logs of the stack are in {}.",
            stack.logs().display()
        ));
    }
    result
}

fn send(workspace: &Workspace, stack: &Stack, up: &Up, load: &Load) -> Result<(), Error> {
    console::heading(format!("{} jobs", load.jobs));
    let mut program = Command::new(up.programs.tool("packshot-load")?);
    program
        .current_dir(&workspace.root)
        .arg("--jobs")
        .arg(load.jobs.to_string())
        .arg("--rate")
        .arg(load.rate.to_string())
        .arg("--report")
        .arg(&load.report)
        .args(&load.more)
        // `tests/support` reads it.
        .env("PACKSHOT_STACK", stack.file());
    command::run(&mut program).map_err(|error| match error {
        Error::Program { status, .. } if status.code() == Some(1) => Error::Found(
            "the load found something wrong, or could not be sent; its words are above, and in its report"
                .to_owned(),
        ),
        error => error,
    })
}
