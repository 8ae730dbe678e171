//! `cargo lambda watch`, for the functions of a stack: they run under cargo-lambda, and the AWS that they call is the stack.
//!
//! It gives every function the variables of one file, which [`write_variables`] writes.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::aws::{self, Aws};
use super::ports;
use super::processes::Processes;
use crate::error::Error;
use crate::workspace::Workspace;

/// The file of the variables, in the folder of a stack.
const VARIABLES: &str = "functions.env";
/// What its log is named by.
const NAME: &str = "cargo-lambda";
/// How long it may take until it listens.
const PATIENCE: Duration = Duration::from_secs(30);
/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Starts it for the stack in this folder, and answers with its port. It builds a function when that is first invoked.
pub(super) fn start(workspace: &Workspace, directory: &Path, program: &Path) -> Result<u16, Error> {
    let port = ports::choose(None)?;
    let mut processes = Processes::of(directory);
    let mut watch = Command::new(program);
    watch
        .args(["lambda", "watch", "--ignore-changes", "--wait"])
        .args([
            "--invoke-address",
            "127.0.0.1",
            "--invoke-port",
            &port.to_string(),
        ])
        .arg("--env-file")
        .arg(directory.join(VARIABLES))
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", workspace.target_directory());
    processes.start(NAME, &mut watch)?;
    let begun = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if !processes.is_running(NAME) || begun.elapsed() > PATIENCE {
            return Err(Error::Stack(format!(
                "cargo lambda watch does not listen; the end of {}:\n{}",
                processes.log(NAME).display(),
                processes.end_of_log(NAME)
            )));
        }
        std::thread::sleep(PAUSE);
    }
    Ok(port)
}

/// Writes the variables of all functions, and those by which they find the stack.
pub(super) fn write_variables(aws: &Aws, directory: &Path) -> Result<(), Error> {
    let mut variables: BTreeMap<String, String> = aws::environment(aws.endpoint())
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    let answer = aws.run(["lambda", "list-functions", "--output", "json"])?;
    let listed: Value = serde_json::from_str(&answer)
        .map_err(|error| Error::Stack(format!("the list of functions cannot be read: {error}")))?;
    for function in listed["Functions"].as_array().into_iter().flatten() {
        let own = function["Environment"]["Variables"].as_object();
        for (name, value) in own.into_iter().flatten() {
            let value = value.as_str().unwrap_or_default().to_owned();
            if let Some(other) = variables.insert(name.clone(), value.clone())
                && other != value
            {
                return Err(Error::Stack(format!(
                    "two functions have the variable {name} with two values, {value:?} and {other:?}; \
                     cargo lambda watch gives all of them the same"
                )));
            }
        }
    }
    let lines: Vec<String> = variables
        .iter()
        .map(|(name, value)| format!("{name}={value}\n"))
        .collect();
    let path = directory.join(VARIABLES);
    std::fs::write(&path, lines.concat()).map_err(Error::file("write", &path))
}
