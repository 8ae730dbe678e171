//! The page's unit and component tests.

use crate::command;
use crate::error::Error;
use crate::page;
use crate::quality::Verdict;
use crate::workspace::Workspace;

/// Runs Vitest.
pub(super) fn check(workspace: &Workspace) -> Result<Verdict, Error> {
    command::run(&mut page::tool(workspace, "vitest/vitest.mjs", &["run"])?)?;
    Ok(Verdict::Passed)
}
