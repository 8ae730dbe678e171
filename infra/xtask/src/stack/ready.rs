//! Waiting until a process answers.

use std::time::{Duration, Instant};

use crate::error::Error;
use crate::stack::processes::Processes;

/// How long a process may take until it answers.
const PATIENCE: Duration = Duration::from_mins(1);
/// The pause between two questions.
const PAUSE: Duration = Duration::from_millis(50);

/// Asks until the address answers with success. Ends early if the process has ended.
pub(crate) async fn wait(processes: &Processes, name: &str, url: &str) -> Result<(), Error> {
    let client = client()?;
    let asked = Instant::now();
    loop {
        if let Ok(answer) = client.get(url).send().await
            && answer.status().is_success()
        {
            return Ok(());
        }
        if !processes.is_running(name) {
            return Err(gone(processes, name, "ended at once"));
        }
        if asked.elapsed() > PATIENCE {
            return Err(gone(
                processes,
                name,
                &format!("does not answer after {} s", PATIENCE.as_secs()),
            ));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// True if the address answers with success now.
pub(crate) async fn answers(url: &str) -> bool {
    let Ok(client) = client() else { return false };
    client
        .get(url)
        .send()
        .await
        .is_ok_and(|answer| answer.status().is_success())
}

/// A client for loopback: no proxy, no long waits.
pub(crate) fn client() -> Result<reqwest::Client, Error> {
    reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(2))
        .build()
        .map_err(Error::http("the local stack"))
}

fn gone(processes: &Processes, name: &str, what: &str) -> Error {
    let log = processes.log(name);
    Error::Stack(format!(
        "{name} {what}; the end of {}:\n{}",
        log.display(),
        processes.end_of_log(name)
    ))
}
