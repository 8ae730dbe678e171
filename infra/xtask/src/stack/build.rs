//! Building the workspace's programs and laying the functions where `template.yaml` looks for them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::command;
use crate::console::{Step, say};
use crate::error::Error;
use crate::stack::artifacts;
use crate::workspace::Workspace;

/// The programs of the workspace, as cargo left them.
#[derive(Debug, Default)]
pub(crate) struct Programs {
    functions: BTreeMap<String, PathBuf>,
    tools: BTreeMap<String, PathBuf>,
}

impl Programs {
    /// Builds every program of the workspace. Every command selects the same packages, so that the AWS SDK crates,
    /// whose features depend on the selection, are built once. The example is there for the same reason: with a target
    /// that uses dev-dependencies, cargo joins their features as it does for the tests
    /// (<https://doc.rust-lang.org/cargo/reference/resolver.html#feature-resolver-version-2>).
    pub(crate) fn build(workspace: &Workspace) -> Result<Self, Error> {
        say("  Building the functions (the first build takes some minutes)");
        let step = Step::behind("Functions");
        let mut cargo = command::cargo(
            workspace,
            &[
                "build",
                "--workspace",
                "--bins",
                "--example",
                "draw",
                "--message-format",
                "json-render-diagnostics",
            ],
        );
        let output = cargo
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|source| Error::Start {
                program: "cargo".to_owned(),
                source,
            })?;
        if !output.status.success() {
            return Err(Error::Found(
                "the workspace does not build; the compiler's words are above".to_owned(),
            ));
        }
        let programs = Self::parse(&String::from_utf8_lossy(&output.stdout));
        let laid = programs.lay(workspace)?;
        step.end(format!("{} built, {laid} changed", programs.functions.len()));
        Ok(programs)
    }

    /// The programs that lie beside this one, built before by [`Self::build`]. The functions are not among them: what is
    /// deployed is their archives, which are where they were laid.
    pub(crate) fn beside(program: &Path) -> Result<Self, Error> {
        let folder = program.parent().unwrap_or(Path::new("."));
        let entries = std::fs::read_dir(folder).map_err(Error::file("read", folder))?;
        let tools = entries
            .flatten()
            .filter(|entry| entry.path().is_file())
            .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()));
        Ok(Self {
            tools: tools.collect(),
            ..Self::default()
        })
    }

    /// A program that is no function: `fake-google`, `packshot-seed`.
    pub(crate) fn tool(&self, name: &str) -> Result<&Path, Error> {
        self.tools
            .get(name)
            .map(PathBuf::as_path)
            .ok_or_else(|| Error::missing(format!("the program {name}"), "the workspace must have it"))
    }

    /// Reads cargo's messages: one JSON object a line, with the path of each program that was built or is up to date.
    fn parse(messages: &str) -> Self {
        let mut programs = Self::default();
        for line in messages.lines() {
            let Ok(Artifact {
                reason,
                manifest_path,
                target,
                executable: Some(program),
            }) = serde_json::from_str(line)
            else {
                continue;
            };
            if reason != "compiler-artifact" {
                continue;
            }
            let is_function = manifest_path
                .parent()
                .is_some_and(|package| package.ends_with("functions"));
            let programs = if is_function {
                &mut programs.functions
            } else {
                &mut programs.tools
            };
            programs.insert(target.name, program);
        }
        programs
    }

    /// Lays each function that has changed. Answers how many those are.
    fn lay(&self, workspace: &Workspace) -> Result<usize, Error> {
        let directory = workspace.lambda_directory();
        let changed: Vec<_> = self
            .functions
            .iter()
            .filter(|(name, program)| is_newer(program, &archive_of(&directory, name)))
            .collect();
        let shares = changed.chunks(changed.len().div_ceil(WORKERS).max(1));
        std::thread::scope(|scope| {
            let workers: Vec<_> = shares
                .map(|share| {
                    let lay = || {
                        share
                            .iter()
                            .try_for_each(|(name, program)| lay(name, program, &directory))
                    };
                    scope.spawn(lay)
                })
                .collect();
            workers
                .into_iter()
                .try_for_each(|worker| worker.join().expect("a worker does not panic"))
        })?;
        Ok(changed.len())
    }
}

/// How many functions are laid at the same time.
const WORKERS: usize = 2;

/// Puts a function to `target/lambda/<name>/bootstrap`, where `template.yaml` and `cargo lambda` have it, and its archive
/// beside that folder. It goes without its debug information, which is most of its size.
fn lay(name: &str, program: &Path, directory: &Path) -> Result<(), Error> {
    let folder = directory.join(name);
    std::fs::create_dir_all(&folder).map_err(Error::file("create", &folder))?;
    let bootstrap = folder.join("bootstrap");
    strip(program, &bootstrap)?;
    artifacts::archive(&bootstrap, &archive_of(directory, name))
}

fn archive_of(directory: &Path, name: &str) -> PathBuf {
    directory.join(format!("{name}.zip"))
}

/// What we read of cargo's messages (<https://doc.rust-lang.org/cargo/reference/external-tools.html#artifact-messages>).
#[derive(Debug, Deserialize)]
struct Artifact {
    reason: String,
    manifest_path: PathBuf,
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
}

fn is_newer(program: &Path, than: &Path) -> bool {
    let changed = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified()).ok();
    changed(program) > changed(than)
}

/// Copies a program without its symbols. `strip` comes with the C compiler; without it a plain copy does as well.
fn strip(program: &Path, to: &Path) -> Result<(), Error> {
    let part = to.with_extension("part");
    let stripped = command::capture(Command::new("strip").arg("-o").arg(&part).arg(program)).is_ok();
    if !stripped {
        std::fs::copy(program, &part).map_err(Error::file("write", &part))?;
    }
    std::fs::rename(&part, to).map_err(Error::file("write", to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_and_tools_are_told_apart() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","manifest_path":"/p/functions/Cargo.toml","target":{"name":"create-job"},"executable":"/t/create-job"}"#,
            "\n",
            r#"{"reason":"compiler-artifact","manifest_path":"/p/infra/seed/Cargo.toml","target":{"name":"packshot-seed"},"executable":"/t/packshot-seed"}"#,
            "\n",
            r#"{"reason":"compiler-artifact","manifest_path":"/p/shared/domain/Cargo.toml","target":{"name":"packshot_domain"},"executable":null}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        let programs = Programs::parse(messages);
        assert_eq!(programs.functions.keys().collect::<Vec<_>>(), ["create-job"]);
        assert_eq!(
            programs.tool("packshot-seed").expect("it was built"),
            Path::new("/t/packshot-seed")
        );
        assert!(programs.tool("fake-google").is_err());
    }

    #[test]
    fn programs_that_lie_beside_this_one_are_tools() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let seed = folder.path().join("packshot-seed");
        std::fs::write(&seed, "").expect("it can be written");
        let programs = Programs::beside(&folder.path().join("xtask")).expect("the folder is there");
        assert_eq!(programs.tool("packshot-seed").expect("it lies there"), seed);
        assert!(programs.tool("fake-google").is_err());
    }

    #[test]
    fn a_function_is_laid_again_only_when_it_has_changed() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let program = std::env::current_exe().expect("the test is a program");
        let archive = archive_of(folder.path(), "create-job");
        assert!(is_newer(&program, &archive));
        lay("create-job", &program, folder.path()).expect("it can be copied");
        assert!(!is_newer(&program, &archive));
        assert!(folder.path().join("create-job/bootstrap").is_file());
    }
}
