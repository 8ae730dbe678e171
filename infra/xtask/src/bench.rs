//! `cargo xtask bench`: speed, memory and cost, measured side by side by `packshot-bench`.
//!
//! What is measured are the archives of `cargo xtask package`, beside a hello-world that is built as they are.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ValueEnum;

use crate::command;
use crate::console::heading;
use crate::error::Error;
use crate::node;
use crate::python::{Tools, Venv};
use crate::workspace::Workspace;

/// What `bench` can be told.
#[derive(Debug, clap::Args)]
pub(crate) struct Bench {
    /// What to measure; all of it unless some are named
    #[arg(value_enum)]
    sections: Vec<Section>,
    /// The folder with the functions' archives; without it, those of `package`, which are built where they are missing
    #[arg(long, value_name = "FOLDER")]
    archives: Option<PathBuf>,
    /// How many starts of each function are measured
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// How many times the images are collected each way
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    collect_runs: u32,
    /// Also write the results to this file, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Section {
    /// Start to the first call of the Runtime API, and to the first answer
    Start,
    /// Time and memory of a request with one table read
    Warm,
    /// Instructions of a start and of a request, where valgrind is installed
    Instructions,
    /// collect-images against the same work in Python and in Node
    Collect,
    /// The archives
    Size,
    /// Calls, transitions, writes and USD of one job
    Job,
}

impl Section {
    /// As the program that measures has it, too.
    fn name(self) -> String {
        let value = self.to_possible_value().expect("none of them is hidden");
        value.get_name().to_owned()
    }
}

impl Bench {
    fn wants(&self, section: Section) -> bool {
        self.sections.is_empty() || self.sections.contains(&section)
    }

    fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = self.sections.iter().map(|section| section.name()).collect();
        words.extend(["--runs".to_owned(), self.runs.to_string()]);
        words.extend(["--collect-runs".to_owned(), self.collect_runs.to_string()]);
        words
    }
}

/// Builds what is measured and what it is measured against, and has it measured.
pub(crate) fn bench(workspace: &Workspace, bench: &Bench) -> Result<(), Error> {
    let archives = match &bench.archives {
        Some(folder) => folder.clone(),
        None => archives(workspace)?,
    };
    let hello = hello_world(workspace)?;
    heading("Building what measures");
    let mut build = command::cargo(workspace, &["build", "--release", "--locked", "--workspace"]);
    command::run(build.args(["--bin", "packshot-bench", "--bin", "fake-google"]))?;
    let programs = workspace.target_directory().join("release");
    let mut measure = Command::new(programs.join("packshot-bench"));
    measure
        .args(bench.words())
        .arg("--archives")
        .arg(&archives)
        .arg("--hello")
        .arg(&hello)
        .arg("--root")
        .arg(&workspace.root)
        .arg("--gemini")
        .arg(programs.join("fake-google"));
    if bench.wants(Section::Collect) {
        let requirements = workspace.root.join("infra/python/bench.txt");
        let venv = Venv::of_file(workspace, "bench", &requirements)?;
        let node = node::ready(workspace, &workspace.root.join("infra/bench/node"))?;
        measure.arg("--python").arg(venv.program("python"));
        measure.arg("--node").arg(node);
    }
    if let Some(file) = &bench.json {
        measure.arg("--json").arg(file);
    }
    heading("Measuring (best while nothing else runs)");
    command::run(&mut measure)
}

/// The architecture of this machine, in AWS's words and in the compiler's.
const fn architecture() -> (&'static str, &'static str) {
    if cfg!(target_arch = "aarch64") {
        ("arm64", "aarch64-unknown-linux-gnu")
    } else {
        ("x86_64", "x86_64-unknown-linux-gnu")
    }
}

/// The archives of `package` for this machine. They take half an hour to build, so those that are there are taken.
fn archives(workspace: &Workspace) -> Result<PathBuf, Error> {
    let (name, _) = architecture();
    let folder = workspace.root.join("target/packages").join(name);
    if !has_archive(&folder) {
        let mut package = Command::new(&workspace.environment.program);
        command::run(package.args(["package", "--arch", name]))?;
    }
    Ok(folder)
}

fn has_archive(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| {
        entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "zip")
    })
}

/// The archive of hello-world, built as those of the functions are.
fn hello_world(workspace: &Workspace) -> Result<PathBuf, Error> {
    heading("Building hello-world");
    let venv = Venv::ready(workspace, Tools::Release)?;
    let (_, target) = architecture();
    let folder = workspace.root.join("target/bench");
    let mut build = command::cargo(workspace, &["lambda", "build", "--release", "--locked"]);
    build
        .args(["--package", "packshot-bench", "--bin", "hello-world"])
        .args(["--output-format", "zip", "--target", target])
        .arg("--lambda-dir")
        .arg(&folder);
    // cargo finds `cargo-lambda`, and that finds zig, on the search path.
    let mut path = vec![venv.programs()];
    path.extend(std::env::split_paths(&workspace.environment.search_path));
    let path = std::env::join_paths(path)
        .map_err(|error| Error::missing("a usable search path", error.to_string()))?;
    command::run(build.env("PATH", path))?;
    Ok(folder.join("hello-world/bootstrap.zip"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_sections_are_measured_unless_some_are_named() {
        let mut bench = Bench {
            sections: Vec::new(),
            archives: None,
            runs: 20,
            collect_runs: 5,
            json: None,
        };
        assert!(bench.wants(Section::Start) && bench.wants(Section::Job));
        assert_eq!(bench.words(), ["--runs", "20", "--collect-runs", "5"]);
        bench.sections = vec![Section::Collect];
        assert!(bench.wants(Section::Collect) && !bench.wants(Section::Start));
        assert_eq!(bench.words()[0], "collect");
    }

    #[test]
    fn a_folder_without_archives_is_not_taken_for_built() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        assert!(!has_archive(folder.path()));
        assert!(!has_archive(&folder.path().join("missing")));
        std::fs::write(folder.path().join("read-jobs.zip"), "").expect("it can be written");
        assert!(has_archive(folder.path()));
    }
}
