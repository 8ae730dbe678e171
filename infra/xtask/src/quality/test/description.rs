//! The API against its own description: Schemathesis makes requests of it, good and bad ones, and looks whether every answer
//! is one that the description knows.

use std::process::Command;

use crate::command;
use crate::error::Error;
use crate::python::{self, Tools, Venv};
use crate::quality::Verdict;
use crate::stack::StackFile;
use crate::workspace::Workspace;

/// The oldest Python that Schemathesis runs on, as `(major, minor)`.
const OLDEST_PYTHON: (u32, u32) = (3, 11);

/// What is looked at in an answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance";

/// Below what the demo user's usage plan lets through.
const RATE: &str = "15/s";

/// Requests made up for each operation, beyond those that follow from its schema's bounds.
const REQUESTS: &str = "30";

/// The description, from the top of the checkout.
const DESCRIPTION: &str = "docs/openapi.json";

/// Tries every operation of `docs/openapi.json`.
pub(super) fn check(workspace: &Workspace, stack: &StackFile) -> Result<Verdict, Error> {
    let Some(venv) = venv(workspace)? else {
        return Ok(too_old());
    };
    let scratch = workspace.state_directory().join("test/schema");
    std::fs::create_dir_all(&scratch).map_err(Error::file("create", &scratch))?;
    let mut schemathesis = Command::new(venv.program("schemathesis"));
    schemathesis
        .arg("run")
        .arg(workspace.root.join(DESCRIPTION))
        .args(["--url", &stack.base_url])
        .args(["--header", &format!("x-api-key: {}", stack.api_key)])
        .args(["--phases", "examples,coverage,fuzzing", "--checks", CHECKS])
        .args(["--rate-limit", RATE, "--max-examples", REQUESTS])
        .arg("--generation-deterministic")
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PYTHONPATH", workspace.root.join("tests/description"))
        // It leaves its own files where it runs.
        .current_dir(&scratch);
    command::run(&mut schemathesis)?;
    Ok(Verdict::Passed)
}

/// Holds the description's examples against their schemas, and sends those of requests to the API.
pub(super) fn check_examples(workspace: &Workspace, stack: &StackFile) -> Result<Verdict, Error> {
    let Some(venv) = venv(workspace)? else {
        return Ok(too_old());
    };
    let mut check = Command::new(venv.program("python"));
    check
        .arg(workspace.root.join("tests/description/check_examples.py"))
        .arg(workspace.root.join(DESCRIPTION))
        .args(["--url", &stack.base_url])
        .args(["--key", &stack.api_key]);
    command::run(&mut check)?;
    Ok(Verdict::Passed)
}

/// The environment of Schemathesis, whose validator checks the examples as well.
fn venv(workspace: &Workspace) -> Result<Option<Venv>, Error> {
    if !python::has_at_least(workspace, OLDEST_PYTHON)? {
        return Ok(None);
    }
    Venv::ready(workspace, Tools::Schema).map(Some)
}

fn too_old() -> Verdict {
    Verdict::Skipped("Schemathesis needs Python 3.11 or newer".to_owned())
}
