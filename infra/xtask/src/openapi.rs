//! `cargo xtask openapi`: writes the API's descriptions, which are made from the types that serve it, the page's types of them,
//! and the prices that the page shows.

use std::process::Command;

use crate::command;
use crate::console::say;
use crate::error::Error;
use crate::page;
use crate::stack::build::Programs;
use crate::workspace::Workspace;

/// What there is to write, and where it is kept: with the code that it is made from, so that a change is seen in review.
const FILES: [(&str, &str); 3] = [
    ("programs", "docs/openapi.json"),
    ("page", "web/src/api/openapi.json"),
    ("prices", "web/src/prices.json"),
];

/// Writes all of it.
pub(crate) fn openapi(workspace: &Workspace) -> Result<(), Error> {
    let programs = Programs::build(workspace)?;
    let program = programs.tool("packshot-openapi")?;
    for (what, name) in FILES {
        let document = command::capture(Command::new(program).arg(what))?;
        let file = workspace.root.join(name);
        std::fs::write(&file, document).map_err(Error::file("write", &file))?;
        say(format!("  Wrote {name}"));
    }
    command::capture(&mut page::api_types(workspace)?)?;
    say("  Wrote web/src/api/schema.d.ts");
    Ok(())
}
