//! The functions as processes of this machine.

use procfs::process::{Process, all_processes};
use rustix::process::{Pid, Signal, kill_process};

/// Kills one of the functions that call AWS at this address, by its place among those that run. Answers which.
pub(super) fn kill(aws_endpoint: &str, place: usize) -> Option<String> {
    let mut running: Vec<(String, i32)> = all_processes()
        .ok()?
        .flatten()
        .filter_map(|process| Some((function(&process, aws_endpoint)?, process.pid())))
        .collect();
    running.sort();
    let (name, pid) = running.get(place.checked_rem(running.len())?)?;
    // That it has just ended by itself is no error.
    kill_process(Pid::from_raw(*pid)?, Signal::KILL).ok()?;
    Some(name.clone())
}

/// The function that a process is, where it is one of this stack's.
fn function(process: &Process, aws_endpoint: &str) -> Option<String> {
    let environment = process.environ().ok()?;
    let value = |name: &str| environment.get(std::ffi::OsStr::new(name))?.to_str();
    // MiniStack itself has the endpoint, too, but is no function.
    (value("AWS_ENDPOINT_URL")? == aws_endpoint).then_some(())?;
    Some(value("AWS_LAMBDA_FUNCTION_NAME")?.to_owned())
}
