//! `cargo xtask chaos`: jobs among faults, on a stack of its own, and what the auditor says afterwards.

use std::process::Command;

use crate::command;
use crate::console;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::stack::Stack;
use crate::workspace::Workspace;

/// What `chaos` can be told.
#[derive(Debug, clap::Args)]
pub(crate) struct Chaos {
    /// What chance is made from: the same seed gives the same plan of faults
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many jobs are asked for
    #[arg(long, default_value_t = 60)]
    jobs: u32,
}

/// Runs the jobs and ends the stack whatever comes of them.
pub(crate) async fn chaos(workspace: &Workspace, chaos: &Chaos) -> Result<(), Error> {
    let stack = Stack::of_chaos(workspace);
    // A stack that a killed run has left would have its data, too.
    stack.down()?;
    let mut interrupt = Interrupt::listen()?;
    console::heading("A stack to which things happen");
    let result = match stack.up().await {
        Ok(up) => up.programs.tool("packshot-chaos").and_then(|program| {
            console::heading(format!("Seed {}", chaos.seed));
            let mut run = Command::new(program);
            run.args([
                "--seed",
                &chaos.seed.to_string(),
                "--jobs",
                &chaos.jobs.to_string(),
            ])
            .arg("--restart")
            .arg(&workspace.environment.program)
            .arg("restart-aws")
            .env("PACKSHOT_STACK", stack.file());
            command::run(&mut run)
        }),
        Err(error) => Err(error),
    };
    let was_asked = interrupt.was_asked();
    stack.down()?;
    if result.is_err() {
        console::say(format!(
            "\nThe logs of the stack are in {}.",
            stack.logs().display()
        ));
    }
    if was_asked {
        Err(Error::Interrupted)
    } else {
        result
    }
}

/// Ends and starts the AWS of the stack that `chaos` runs.
pub(crate) async fn restart_aws(workspace: &Workspace) -> Result<(), Error> {
    Stack::of_chaos(workspace).restart_aws().await
}
