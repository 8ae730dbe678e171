//! Google's own SDKs and two `OpenID` Connect clients against the embedded Google, so that it stays what it claims to be.

use std::path::Path;
use std::process::Command;

use crate::command;
use crate::error::Error;
use crate::node;
use crate::python::{self, Venv};
use crate::quality::{Report, Verdict};
use crate::stack::{FakeGoogle, Programs};
use crate::workspace::Workspace;

/// The oldest Python that the SDK for Python runs on, as `(major, minor)`.
const OLDEST_PYTHON: (u32, u32) = (3, 11);

/// A script for each, in the order in which they run: what it is called, and its file.
const PYTHON: [(&str, &str); 2] = [
    ("Google's SDK for Python", "check.py"),
    ("Sign-in with Authlib", "check_sign_in.py"),
];

/// The same for Node.js.
const NODE: [(&str, &str); 2] = [
    ("Google's SDK for JavaScript", "check.mjs"),
    ("Sign-in with openid-client", "check-sign-in.mjs"),
];

/// Runs all checks on a fake of their own: the tests' one must not see their batches and people.
pub(super) async fn run(
    workspace: &Workspace,
    programs: &Programs,
    report: &mut Report,
) -> Result<(), Error> {
    let folder = workspace.root.join("infra/fake-google/conformance");
    let directory = workspace.state_directory().join("test/conformance");
    let fake = FakeGoogle::start(programs, &directory).await?;
    let checked = check_all(workspace, &folder, fake.url(), report);
    fake.stop()?;
    checked
}

fn check_all(workspace: &Workspace, folder: &Path, url: &str, report: &mut Report) -> Result<(), Error> {
    for (name, script) in PYTHON {
        report.step(name, || {
            check_python(workspace, &folder.join("python"), script, url)
        })?;
    }
    for (name, script) in NODE {
        report.step(name, || check_node(workspace, &folder.join("js"), script, url))?;
    }
    Ok(())
}

fn check_python(workspace: &Workspace, folder: &Path, script: &str, url: &str) -> Result<Verdict, Error> {
    if !python::has_at_least(workspace, OLDEST_PYTHON)? {
        return Ok(Verdict::Skipped(
            "google-genai needs Python 3.11 or newer".to_owned(),
        ));
    }
    let venv = Venv::of_file(workspace, "conformance", &folder.join("requirements.txt"))?;
    check(Command::new(venv.program("python")), folder, script, url)
}

fn check_node(workspace: &Workspace, folder: &Path, script: &str, url: &str) -> Result<Verdict, Error> {
    let node = node::ready(workspace, folder)?;
    check(Command::new(node), folder, script, url)
}

fn check(mut interpreter: Command, folder: &Path, script: &str, url: &str) -> Result<Verdict, Error> {
    interpreter
        .arg(script)
        .args(["--base-url", url])
        .current_dir(folder);
    for variable in REAL_ACCOUNTS {
        interpreter.env_remove(variable);
    }
    command::run(&mut interpreter)?;
    Ok(Verdict::Passed)
}

/// Settings that would lead the SDKs away from the fake.
const REAL_ACCOUNTS: [&str; 4] = [
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "GOOGLE_GEMINI_BASE_URL",
];
