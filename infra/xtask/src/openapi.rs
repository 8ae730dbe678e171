//! `cargo xtask openapi`: writes the API's description, which is made from the types that serve it.

use std::process::Command;

use crate::command;
use crate::console::say;
use crate::error::Error;
use crate::stack::build::Programs;
use crate::workspace::Workspace;

/// Where the description is kept: with the code that it describes, so that a change of the API is seen in review.
const FILE: &str = "docs/openapi.json";

/// Writes the description.
pub(crate) fn openapi(workspace: &Workspace) -> Result<(), Error> {
    let programs = Programs::build(workspace)?;
    let document = command::capture(&mut Command::new(programs.tool("packshot-openapi")?))?;
    let file = workspace.root.join(FILE);
    std::fs::write(&file, document).map_err(Error::file("write", &file))?;
    say(format!("  Wrote {FILE}"));
    Ok(())
}
