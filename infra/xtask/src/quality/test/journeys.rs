//! Journeys through the page in a real browser, and how fast it is there.

use std::path::Path;
use std::process::Command;

use crate::command;
use crate::error::Error;
use crate::node;
use crate::quality::Verdict;
use crate::workspace::Workspace;

/// Runs Playwright on the stack of this file. Words that name a spec (`keys.spec`) choose it.
pub(super) fn run(workspace: &Workspace, stack: &Path, words: &[String]) -> Result<Verdict, Error> {
    let mut playwright = playwright(workspace, stack)?;
    // Playwright takes them as expressions that fit anywhere in a path.
    let specs = words.iter().filter(|word| word.contains(".spec"));
    playwright.args(specs.map(|word| format!("/{}", word.replace('.', r"\."))));
    command::run(&mut playwright)?;
    Ok(Verdict::Passed)
}

/// Has Lighthouse look at the landing page and at the dashboard.
pub(super) fn audit(workspace: &Workspace, stack: &Path) -> Result<Verdict, Error> {
    command::run(playwright(workspace, stack)?.args(["--config", "lighthouse.config.ts"]))?;
    Ok(Verdict::Passed)
}

fn playwright(workspace: &Workspace, stack: &Path) -> Result<Command, Error> {
    let folder = workspace.root.join("tests/e2e");
    let mut command = Command::new(node::ready(workspace, &folder)?);
    command
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .current_dir(folder)
        .env("PACKSHOT_STACK", stack);
    if workspace.environment.is_ci {
        command.env("CI", "true");
    }
    Ok(command)
}
