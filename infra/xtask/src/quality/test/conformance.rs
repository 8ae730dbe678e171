//! Google's own SDKs against the embedded Gemini, so that it stays what it claims to be.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::error::Error;
use crate::python::{self, Venv};
use crate::quality::{Report, Verdict};
use crate::stack::{FakeGoogle, Programs};
use crate::workspace::Workspace;

/// The oldest Python that the SDK for Python runs on, as `(major, minor)`.
const OLDEST_PYTHON: (u32, u32) = (3, 11);

/// The oldest Node that the SDK for JavaScript runs on.
const OLDEST_NODE: u32 = 20;

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
    let node = find_node(workspace)?;
    let lock = folder.join("package-lock.json");
    // npm writes this file last; it is as new as the packages.
    let installed = folder.join("node_modules/.package-lock.json");
    if changed(&lock) > changed(&installed) {
        let mut install = Command::new("npm");
        install
            .args([
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--loglevel",
                "error",
            ])
            .current_dir(folder);
        command::run(&mut install)?;
    }
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

fn changed(path: &Path) -> Option<std::time::SystemTime> {
    std::fs::metadata(path).and_then(|data| data.modified()).ok()
}

fn find_node(workspace: &Workspace) -> Result<PathBuf, Error> {
    let advice = format!("install Node.js {OLDEST_NODE} or newer with npm, and have it on the search path");
    let missing = |_| Error::missing("Node.js", advice.clone());
    let mut command = Command::new("node");
    let version = command::capture(command.arg("--version").current_dir(&workspace.root)).map_err(missing)?;
    if major(&version).is_some_and(|major| major >= OLDEST_NODE) {
        return Ok(PathBuf::from("node"));
    }
    Err(Error::missing(
        format!("Node.js {OLDEST_NODE}"),
        format!("{advice} (found: {})", version.trim()),
    ))
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_version_is_understood() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("twenty"), None);
    }
}
