//! The files that make containers: every Dockerfile that git knows or would take in, and the compose file.

use std::path::Path;
use std::process::Command;

use crate::command;
use crate::error::Error;
use crate::python::Venv;
use crate::quality::{Verdict, scripts};
use crate::workspace::Workspace;

/// The compose file, where `docker compose` looks for it.
const COMPOSE: &str = "docker-compose.yml";

/// Has every Dockerfile read by hadolint.
pub(super) fn dockerfiles(workspace: &Workspace, tools: &Venv) -> Result<Verdict, Error> {
    let files = files(workspace)?;
    if !files.is_empty() {
        let mut hadolint = Command::new(tools.program("hadolint"));
        command::run(hadolint.args(&files).current_dir(&workspace.root))?;
    }
    Ok(Verdict::Passed)
}

/// Has the compose file resolved, which needs no engine.
pub(super) fn compose(workspace: &Workspace, tools: &Venv) -> Result<Verdict, Error> {
    let program = tools.program("docker-compose");
    if !program.is_file() {
        return Ok(Verdict::Skipped(
            "docker-compose is packaged for Python 3.11 and newer".to_owned(),
        ));
    }
    // What it resolves holds values of the environment, so it is not shown.
    let mut compose = Command::new(program);
    compose.args(["--file", COMPOSE, "config", "--quiet"]);
    command::run(compose.current_dir(&workspace.root))?;
    Ok(Verdict::Passed)
}

/// Holds the images that Dockerfiles begin with against two rules that hadolint does not have: they are named by tag and by
/// digest, and the Rust among them is the one of `rust-toolchain.toml`, which stays outside of the build.
pub(super) fn images(workspace: &Workspace) -> Result<Verdict, Error> {
    let channel = channel(&read(workspace, "rust-toolchain.toml")?);
    let mut faults = Vec::new();
    for path in files(workspace)? {
        let found = faults_of(&read(workspace, &path)?, &channel);
        faults.extend(found.into_iter().map(|fault| format!("{path}: {fault}")));
    }
    if faults.is_empty() {
        return Ok(Verdict::Passed);
    }
    Err(Error::Found(faults.join("\n")))
}

fn files(workspace: &Workspace) -> Result<Vec<String>, Error> {
    let mut files = scripts::files(workspace)?;
    files.retain(|path| is_dockerfile(path));
    Ok(files)
}

fn is_dockerfile(path: &str) -> bool {
    let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
    name == "Dockerfile" || name.starts_with("Dockerfile.") || name.ends_with(".Dockerfile")
}

fn read(workspace: &Workspace, path: &str) -> Result<String, Error> {
    let full = workspace.root.join(path);
    std::fs::read_to_string(&full).map_err(Error::file("read", full))
}

/// The version of Rust in the text of `rust-toolchain.toml`; empty where it names none.
fn channel(toolchain: &str) -> String {
    let mut values = toolchain.lines().filter_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "channel").then(|| value.trim().trim_matches('"').to_owned())
    });
    values.next().unwrap_or_default()
}

/// What is wrong with the images that a Dockerfile begins with.
fn faults_of(dockerfile: &str, channel: &str) -> Vec<String> {
    let mut stages = Vec::new();
    let mut faults = Vec::new();
    for line in dockerfile.lines() {
        let mut words = line
            .split_whitespace()
            .filter(|word| !word.starts_with("--platform="));
        if !words.next().is_some_and(|word| word.eq_ignore_ascii_case("from")) {
            continue;
        }
        let Some(image) = words.next() else { continue };
        if !stages.contains(&image) && image != "scratch" {
            faults.extend(fault_of(image, channel));
        }
        // `FROM image AS stage`
        stages.extend(words.nth(1));
    }
    faults
}

fn fault_of(image: &str, channel: &str) -> Option<String> {
    let (name, digest) = image.split_once("@sha256:").unwrap_or((image, ""));
    let repository = name.rsplit('/').next().unwrap_or(name);
    let (repository, tag) = repository.split_once(':').unwrap_or((repository, ""));
    if tag.is_empty() || digest.len() != 64 || !digest.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Some(format!("{image} is not named by tag and digest"));
    }
    let version = tag.split('-').next().unwrap_or(tag);
    (repository == "rust" && version != channel)
        .then(|| format!("{name} is not the Rust of rust-toolchain.toml, {channel}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn dockerfiles_are_known_by_their_names() {
        for (path, is_one) in [
            ("infra/docker/Dockerfile", true),
            ("worker.Dockerfile", true),
            ("Dockerfile.worker", true),
            (".dockerignore", false),
            ("docs/Dockerfiles.md", false),
        ] {
            assert_eq!(is_dockerfile(path), is_one, "{path}");
        }
    }

    #[test]
    fn stages_are_no_images() {
        let dockerfile = format!(
            "# FROM old\nFROM rust:1.95.0-slim{DIGEST} AS programs\nRUN true\nfrom --platform=linux/arm64 \
             example.com:5000/node:24{DIGEST} as node\nFROM node AS page\nFROM scratch\nCOPY --from=page / /\n"
        );
        assert_eq!(faults_of(&dockerfile, "1.95.0"), [""; 0]);
    }

    #[test]
    fn an_image_needs_a_tag_and_a_digest() {
        for image in [
            "debian".to_owned(),
            "debian:trixie-slim".to_owned(),
            format!("example.com:5000/debian{DIGEST}"),
            "debian:trixie-slim@sha256:0123".to_owned(),
            "${BASE}".to_owned(),
        ] {
            let faults = faults_of(&format!("FROM {image}"), "1.95.0");
            assert_eq!(faults, [format!("{image} is not named by tag and digest")]);
        }
    }

    #[test]
    fn rust_is_the_one_of_the_toolchain() {
        let channel = channel("[toolchain]\nchannel = \"1.95.0\"\nprofile = \"minimal\"\n");
        assert_eq!(channel, "1.95.0");
        let faults = faults_of(&format!("FROM rust:1.95-slim{DIGEST}"), &channel);
        assert_eq!(
            faults,
            ["rust:1.95-slim is not the Rust of rust-toolchain.toml, 1.95.0"]
        );
    }
}
