//! microburst, a proxy that fails calls of AWS as AWS itself would (<https://pypi.org/project/microburst/>).

use std::process::Command;

use crate::console::Step;
use crate::error::Error;
use crate::python::Venv;
use crate::stack::processes::Processes;
use crate::stack::{ports, ready};

/// The name of its process and of its log.
const NAME: &str = "microburst";

/// Starts it in front of the AWS at this port, and answers where it listens. It fails nothing until it is asked to.
pub(super) async fn start(processes: &mut Processes, venv: &Venv, to: u16) -> Result<String, Error> {
    let step = Step::begin("Faults");
    let port = ports::choose(None)?;
    let url = format!("http://127.0.0.1:{port}");
    let mut command = Command::new(venv.program("microburst"));
    command
        .args(["--host", "127.0.0.1", "--no-resign", "--port"])
        .arg(port.to_string())
        .args(["--upstream", &format!("http://127.0.0.1:{to}")])
        .env("PYTHONUNBUFFERED", "1");
    processes.start(NAME, &mut command)?;
    ready::wait(processes, NAME, &format!("{url}/_microburst/health")).await?;
    step.end(&url);
    Ok(url)
}
