//! Python programs that the project needs (MiniStack, the AWS CLI, linters), in virtual environments of its own.
//!
//! Each environment is made from one file of requirements under `infra/python`, every one pinned by hash, and lies in a
//! folder named by that file's own hash: a changed file makes a new environment, an unchanged one costs nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::command;
use crate::console::Step;
use crate::error::Error;
use crate::workspace::Workspace;

/// The oldest Python that the requirements were resolved for.
const OLDEST: (u32, u32) = (3, 10);

/// A virtual environment with one set of programs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Tools {
    /// MiniStack and the AWS CLI.
    LocalStack,
    /// What `cargo xtask lint` runs.
    Lint,
    /// What `cargo xtask lint` runs, alone: it wants an old release of a package that the linters share.
    Checkov,
    /// The test runner.
    Test,
    /// What tries the API against its description.
    Schema,
    /// What comes between the functions and AWS where faults are wanted.
    Chaos,
    /// What `cargo xtask package` builds with, and what the sample events are tried by.
    Release,
}

impl Tools {
    fn name(self) -> &'static str {
        match self {
            Self::LocalStack => "local-stack",
            Self::Lint => "lint",
            Self::Checkov => "checkov",
            Self::Test => "test",
            Self::Schema => "schema",
            Self::Chaos => "chaos",
            Self::Release => "release",
        }
    }
}

/// A virtual environment that is ready for use.
#[derive(Debug, Clone)]
pub(crate) struct Venv {
    directory: PathBuf,
}

impl Venv {
    /// The environment of these tools, made now if it is not there yet.
    pub(crate) fn ready(workspace: &Workspace, tools: Tools) -> Result<Self, Error> {
        let file = workspace.root.join(format!("infra/python/{}.txt", tools.name()));
        Self::of_file(workspace, tools.name(), &file)
    }

    /// The environment of a requirements file, made now if it is not there yet.
    pub(crate) fn of_file(workspace: &Workspace, name: &str, requirements: &Path) -> Result<Self, Error> {
        let text = std::fs::read(requirements).map_err(Error::file("read", requirements))?;
        let python = find_python(workspace)?;
        let directory = workspace
            .python_directory()
            .join(format!("{name}-{}", fingerprint(&text, &python.version)));
        let venv = Self { directory };
        if !venv.is_complete() {
            venv.make(&python.program, name, requirements)?;
            venv.remove_older(name);
        }
        Ok(venv)
    }

    /// A program of this environment.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.directory.join("bin").join(name)
    }

    /// The folder that holds this environment's programs.
    pub(crate) fn programs(&self) -> PathBuf {
        self.directory.join("bin")
    }

    /// The marker is written last, so that an interrupted installation is made again.
    fn marker(&self) -> PathBuf {
        self.directory.join("complete")
    }

    fn is_complete(&self) -> bool {
        self.marker().is_file() && self.program("python").exists()
    }

    fn make(&self, python: &Path, name: &str, requirements: &Path) -> Result<(), Error> {
        let step = Step::begin("Python programs");
        step.update(&format!("installing the set `{name}`"));
        if self.directory.exists() {
            std::fs::remove_dir_all(&self.directory).map_err(Error::file("remove", &self.directory))?;
        }
        command::capture(Command::new(python).args(["-m", "venv"]).arg(&self.directory)).map_err(
            |error| {
                Error::missing(
                    "a Python that can make virtual environments",
                    format!("on Debian and Ubuntu `apt install python3-venv` brings it ({error})"),
                )
            },
        )?;
        // The files list every package that is needed, so pip is not to look for more: some versions of it do not see that
        // `name[extra]` is the `name` of the list, take its newest release, and refuse that for want of a hash
        // (https://github.com/pypa/pip/issues/9644).
        command::capture(
            Command::new(self.program("python"))
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                .args([
                    "--no-deps",
                    "--require-hashes",
                    "--only-binary",
                    ":all:",
                    "--requirement",
                ])
                .arg(requirements),
        )?;
        command::capture(Command::new(self.program("python")).args(["-m", "pip", "check"]))?;
        std::fs::write(self.marker(), b"").map_err(Error::file("write", self.marker()))?;
        step.end(name);
        Ok(())
    }

    /// Environments of older requirements are of no use. One that cannot be removed now does no harm.
    fn remove_older(&self, name: &str) {
        let Some(parent) = self.directory.parent() else {
            return;
        };
        for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
            let other = entry.file_name().to_string_lossy().into_owned();
            let is_older = other.rsplit_once('-').is_some_and(|(set, _)| set == name);
            if is_older && entry.path() != self.directory {
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    }
}

struct Python {
    program: PathBuf,
    version: String,
}

/// The first Python on the search path that is new enough.
fn find_python(workspace: &Workspace) -> Result<Python, Error> {
    let mut seen = Vec::new();
    for name in [
        "python3",
        "python3.13",
        "python3.12",
        "python3.11",
        "python3.10",
        "python",
    ] {
        for folder in std::env::split_paths(&workspace.environment.search_path) {
            let program = folder.join(name);
            if !program.is_file() {
                continue;
            }
            let script = "import sys; print('%d.%d' % sys.version_info[:2])";
            let Ok(version) = command::capture(Command::new(&program).args(["-c", script])) else {
                continue;
            };
            let version = version.trim().to_owned();
            if is_at_least(&version, OLDEST) {
                return Ok(Python { program, version });
            }
            seen.push(version);
        }
    }
    let found = if seen.is_empty() {
        "none".to_owned()
    } else {
        seen.join(", ")
    };
    Err(Error::missing(
        format!("Python {}.{} or newer", OLDEST.0, OLDEST.1),
        format!("install it and have `python3` on the search path (found: {found})"),
    ))
}

/// True if the Python that the environments are made with is at least of this version.
pub(crate) fn has_at_least(workspace: &Workspace, oldest: (u32, u32)) -> Result<bool, Error> {
    Ok(is_at_least(&find_python(workspace)?.version, oldest))
}

fn is_at_least(version: &str, oldest: (u32, u32)) -> bool {
    let mut numbers = version.split('.').map_while(|part| part.parse::<u32>().ok());
    matches!((numbers.next(), numbers.next()), (Some(major), Some(minor)) if (major, minor) >= oldest)
}

/// The name of an environment: it changes with the requirements and with the Python that it was made with.
fn fingerprint(requirements: &[u8], python_version: &str) -> String {
    let digest = Sha256::new()
        .chain_update(requirements)
        .chain_update(python_version)
        .finalize();
    hex::encode(&digest[..6])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_follows_the_requirements_and_the_version() {
        let first = fingerprint(b"ministack==1", "3.11");
        assert_eq!(first, fingerprint(b"ministack==1", "3.11"));
        assert_ne!(first, fingerprint(b"ministack==2", "3.11"));
        assert_ne!(first, fingerprint(b"ministack==1", "3.12"));
        assert_eq!(first.len(), 12);
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_at_least("3.10", (3, 10)));
        assert!(is_at_least("4.0", (3, 10)));
        assert!(!is_at_least("3.9", (3, 10)));
        assert!(!is_at_least("2.7", (3, 10)));
        assert!(!is_at_least("three", (3, 10)));
    }
}
