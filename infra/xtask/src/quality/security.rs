//! What would let somebody in: settings of the templates, packages with known holes, secrets in the repository.

pub(super) mod packages;
pub(super) mod secrets;

use std::process::{Command, Output, Stdio};

use crate::command;
use crate::error::Error;
use crate::python::{Tools, Venv};
use crate::quality::Verdict;
use crate::workspace::Workspace;

/// What CloudFormation is given.
const TEMPLATES: [&str; 2] = ["template.yaml", "infra/deploy-role.yaml"];

/// Has the templates checked by checkov, less what `.checkov.yaml` and the resources themselves leave out with a reason.
pub(super) fn templates(workspace: &Workspace) -> Result<Verdict, Error> {
    let tools = Venv::ready(workspace, Tools::Checkov)?;
    let mut checkov = Command::new(tools.program("checkov"));
    checkov
        .args(["--config-file", ".checkov.yaml", "--file"])
        .args(TEMPLATES)
        .current_dir(&workspace.root)
        // With a key it would send what it finds to its makers.
        .env_remove("BC_API_KEY");
    command::run(&mut checkov)?;
    Ok(Verdict::Passed)
}

/// Runs a program that ends with an error where it has found something, and gives back what it wrote.
fn output(command: &mut Command) -> Result<Output, Error> {
    let program = command.get_program().to_string_lossy().into_owned();
    command
        .stdin(Stdio::null())
        .output()
        .map_err(|source| Error::Start { program, source })
}

/// A program has written something else than its report. What it says about that is on the standard error.
fn no_report(command: &Command, output: &Output) -> Error {
    Error::Program {
        program: command::name(command),
        status: output.status,
        output: command::last_lines(&String::from_utf8_lossy(&output.stderr), 10),
    }
}
