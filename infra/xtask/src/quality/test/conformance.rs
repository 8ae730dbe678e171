//! Google's own SDKs against the embedded Gemini, so that it stays what it claims to be.

use std::path::Path;
use std::process::Command;

use crate::command;
use crate::error::Error;
use crate::python::{self, Venv};
use crate::quality::test::node;
use crate::quality::{Report, Verdict};
use crate::stack::{FakeGoogle, Programs};
use crate::workspace::Workspace;

/// The oldest Python that the SDK for Python runs on, as `(major, minor)`.
const OLDEST_PYTHON: (u32, u32) = (3, 11);

/// Runs both SDKs' checks on a fake of their own: the tests' one must not see their batches.
pub(super) async fn run(
    workspace: &Workspace,
    programs: &Programs,
    report: &mut Report,
) -> Result<(), Error> {
    let folder = workspace.root.join("infra/fake-google/conformance");
    let directory = workspace.state_directory().join("test/conformance");
    let fake = FakeGoogle::start(programs, &directory).await?;
    let checked = report.step("Google's SDK for Python", || {
        check_python(workspace, &folder.join("python"), fake.url())
    });
    let node = checked.and_then(|()| {
        report.step("Google's SDK for JavaScript", || {
            check_node(workspace, &folder.join("js"), fake.url())
        })
    });
    fake.stop()?;
    node
}

fn check_python(workspace: &Workspace, folder: &Path, url: &str) -> Result<Verdict, Error> {
    if !python::has_at_least(workspace, OLDEST_PYTHON)? {
        return Ok(Verdict::Skipped(
            "google-genai needs Python 3.11 or newer".to_owned(),
        ));
    }
    let venv = Venv::of_file(workspace, "conformance", &folder.join("requirements.txt"))?;
    let mut check = Command::new(venv.program("python"));
    check
        .arg("check.py")
        .args(["--base-url", url])
        .current_dir(folder);
    for variable in REAL_ACCOUNTS {
        check.env_remove(variable);
    }
    command::run(&mut check)?;
    Ok(Verdict::Passed)
}

fn check_node(workspace: &Workspace, folder: &Path, url: &str) -> Result<Verdict, Error> {
    let node = node::ready(workspace, folder)?;
    let mut check = Command::new(node);
    check
        .arg("check.mjs")
        .args(["--base-url", url])
        .current_dir(folder);
    for variable in REAL_ACCOUNTS {
        check.env_remove(variable);
    }
    command::run(&mut check)?;
    Ok(Verdict::Passed)
}

/// Settings that would lead the SDKs away from the fake.
const REAL_ACCOUNTS: [&str; 4] = [
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "GOOGLE_GEMINI_BASE_URL",
];
