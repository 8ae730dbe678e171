//! `cargo xtask package`: the functions as they go to AWS, built by cargo-lambda, the web page, and the documents as pages.
//!
//! Beside them lie their checksums and what they are made of. cargo-lambda links against the C library of Amazon Linux 2023 through zig, for either architecture, on any machine.

mod fitness;
mod sbom;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ValueEnum;
use sha2::{Digest, Sha256};

use crate::command;
use crate::console::{heading, say};
use crate::docs;
use crate::error::Error;
use crate::page;
use crate::python::{Tools, Venv};
use crate::workspace::Workspace;

/// What `package` can be told.
#[derive(Debug, clap::Args)]
pub(crate) struct Package {
    /// The processor to build for
    #[arg(long, value_enum, default_value_t = Architecture::All)]
    arch: Architecture,
    /// Build only this function; may be given several times
    #[arg(long, value_name = "FUNCTION")]
    bin: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Architecture {
    /// Intel and AMD
    #[value(name = "x86_64")]
    X86,
    /// AWS Graviton
    #[value(name = "arm64")]
    Arm,
    /// Both
    All,
}

impl Architecture {
    fn each(self) -> Vec<Self> {
        match self {
            Self::All => vec![Self::X86, Self::Arm],
            one => vec![one],
        }
    }

    /// The name that AWS has for it.
    fn name(self) -> &'static str {
        match self {
            Self::X86 => "x86_64",
            Self::Arm => "arm64",
            Self::All => "all",
        }
    }

    fn target(self) -> &'static str {
        match self {
            Self::Arm => "aarch64-unknown-linux-gnu",
            Self::X86 | Self::All => "x86_64-unknown-linux-gnu",
        }
    }
}

/// A function's archive.
#[derive(Debug)]
struct Archive {
    name: String,
    size: u64,
    hash: String,
    /// What speaks against deploying it.
    fault: Option<String>,
}

/// Builds the archives and prints how large they are.
pub(crate) fn package(workspace: &Workspace, package: &Package) -> Result<(), Error> {
    let venv = Venv::ready(workspace, Tools::Release)?;
    for architecture in package.arch.each() {
        heading(format!("Building for {}", architecture.name()));
        let folder = workspace.root.join("target/packages").join(architecture.name());
        build(workspace, &venv, architecture, package, &folder)?;
        let archives = lay_flat(&folder)?;
        if archives.is_empty() {
            return Err(Error::Found("cargo-lambda has built no function".to_owned()));
        }
        let sums = folder.join("SHA256SUMS");
        std::fs::write(&sums, checksums(&archives)).map_err(Error::file("write", &sums))?;
        say(table(&archives));
        say(format!("in {}", folder.display()));
        refuse_unfit(&archives)?;
    }
    heading("Writing the bills of material");
    let folder = workspace.root.join("target/packages");
    sbom::write(workspace, &folder)?;
    say(format!(
        "functions.cdx.json and page.cdx.json in {}",
        folder.display()
    ));
    heading("Writing the documents");
    let folder = workspace.root.join("target/packages/docs");
    let count = docs::build(&workspace.root, &folder)?;
    say(format!("{count} pages in {}", folder.display()));
    heading("Building the web page");
    say(format!("in {}", page::build(workspace)?.display()));
    Ok(())
}

fn build(
    workspace: &Workspace,
    venv: &Venv,
    architecture: Architecture,
    package: &Package,
    folder: &Path,
) -> Result<(), Error> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(Error::file("remove", folder))?;
    }
    add_target(workspace, architecture)?;
    let mut command = command::cargo(workspace, &["lambda", "build", "--release", "--locked"]);
    command.args(["--package", "packshot-functions", "--output-format", "zip"]);
    command
        .args(["--target", architecture.target()])
        .arg("--lambda-dir")
        .arg(folder);
    let wanted = if package.bin.is_empty() {
        functions(&workspace.root)?
    } else {
        package.bin.clone()
    };
    for bin in &wanted {
        command.args(["--bin", bin]);
    }
    // cargo finds `cargo-lambda`, and that finds zig, on the search path.
    let mut path = vec![venv.programs()];
    path.extend(std::env::split_paths(&workspace.environment.search_path));
    let path = std::env::join_paths(path)
        .map_err(|error| Error::missing("a usable search path", error.to_string()))?;
    command.env("PATH", path);
    command::run(&mut command)
}

/// The names of all functions, in order. cargo-lambda is told them, for else it takes up every program of the workspace that it finds
/// built for the target, such as the hello-world of `cargo xtask bench`.
fn functions(root: &Path) -> Result<Vec<String>, Error> {
    let folder = root.join("functions/src/bin");
    let entries = std::fs::read_dir(&folder).map_err(Error::file("read", &folder))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| Some(entry.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

/// Has rustup bring the standard library of the target. Other installations of Rust must have it already.
fn add_target(workspace: &Workspace, architecture: Architecture) -> Result<(), Error> {
    let mut rustup = Command::new("rustup");
    rustup
        .args(["target", "add", architecture.target()])
        .current_dir(&workspace.root);
    match command::capture(&mut rustup) {
        Err(Error::Start { .. }) => Ok(()),
        result => result.map(drop),
    }
}

/// Turns `<bin>/bootstrap.zip` into `<bin>.zip`, in the order of the names.
fn lay_flat(folder: &Path) -> Result<Vec<Archive>, Error> {
    let mut built: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(Error::file("read", folder))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("bootstrap.zip").is_file())
        .collect();
    built.sort();
    built.into_iter().map(|path| flatten(&path)).collect()
}

fn flatten(path: &Path) -> Result<Archive, Error> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let archive = path.with_file_name(format!("{name}.zip"));
    std::fs::rename(path.join("bootstrap.zip"), &archive).map_err(Error::file("write", &archive))?;
    std::fs::remove_dir_all(path).map_err(Error::file("remove", path))?;
    let bytes = std::fs::read(&archive).map_err(Error::file("read", &archive))?;
    Ok(Archive {
        name,
        size: bytes.len() as u64,
        hash: hex::encode(Sha256::digest(&bytes)),
        fault: fitness::fault(&bytes)?,
    })
}

/// It is an error if an archive is not fit to be deployed.
fn refuse_unfit(archives: &[Archive]) -> Result<(), Error> {
    let faults = archives
        .iter()
        .filter_map(|archive| Some(format!("{}: {}", archive.name, archive.fault.as_ref()?)));
    let faults: Vec<String> = faults.collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(Error::Found(faults.join("\n")))
}

/// The form that `sha256sum --check` reads.
fn checksums(archives: &[Archive]) -> String {
    archives.iter().fold(String::new(), |mut text, archive| {
        let _ = writeln!(text, "{}  {}.zip", archive.hash, archive.name);
        text
    })
}

fn table(archives: &[Archive]) -> String {
    let megabytes = |size: u64| format!("{}.{:02}", size / 1_000_000, size % 1_000_000 / 10_000);
    let mut text = format!("\n  {:<20} {:>10}\n", "function", "zip");
    for archive in archives {
        let _ = writeln!(text, "  {:<20} {:>7} MB", archive.name, megabytes(archive.size));
    }
    let total = archives.iter().map(|archive| archive.size).sum();
    let _ = writeln!(text, "  {:<20} {:>7} MB", "all", megabytes(total));
    text
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    /// An archive with a program of no bytes.
    fn empty_archive() -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("bootstrap", SimpleFileOptions::default())
            .expect("a file");
        zip.finish().expect("an archive").into_inner()
    }

    #[test]
    fn every_function_is_built_and_nothing_else() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let names = functions(&root).expect("they are there");
        let template = std::fs::read_to_string(root.join("template.yaml")).expect("the template is there");
        for name in &names {
            assert!(template.contains(&format!("target/lambda/{name}/")), "{name}");
        }
        assert_eq!(names.len(), template.matches("CodeUri: target/lambda/").count());
    }

    #[test]
    fn archives_lie_side_by_side_with_their_checksums() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for name in ["read-jobs", "create-job"] {
            let function = folder.path().join(name);
            std::fs::create_dir(&function).expect("it can be made");
            std::fs::write(function.join("bootstrap.zip"), empty_archive()).expect("it can be written");
        }
        let archives = lay_flat(folder.path()).expect("all is there");
        assert_eq!(
            archives
                .iter()
                .map(|archive| archive.name.as_str())
                .collect::<Vec<_>>(),
            ["create-job", "read-jobs"]
        );
        assert!(folder.path().join("create-job.zip").is_file() && !folder.path().join("create-job").exists());
        let sums = checksums(&archives);
        assert!(
            sums.ends_with("  read-jobs.zip\n") && sums.lines().all(|line| line.find("  ") == Some(64)),
            "{sums}"
        );
        assert!(table(&archives).contains("create-job"));
    }
}
