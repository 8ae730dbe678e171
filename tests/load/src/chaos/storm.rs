//! What is done to the stack while jobs run.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use packshot_tests::{audit::Accepted, stack::Stack};
use serde_json::json;
use tokio::{process::Command, sync::watch};

use super::{
    functions,
    jobs::Jobs,
    plan::{Blow, Plan},
};

/// The tasks that may be invoked at any time, and once more. fail-job is none of them: it does what it says.
pub(super) const TASKS: [&str; 5] = [
    "plan-strategy",
    "submit-batch",
    "poll-batch",
    "collect-images",
    "send-email",
];

/// Strikes every blow of a plan at its time, until the weather clears. Answers how often which was struck.
pub(super) async fn rage(
    plan: &Plan,
    stack: &Stack,
    jobs: &Jobs,
    restart: &[PathBuf],
    mut clears: watch::Receiver<bool>,
    say: fn(&str),
) -> Vec<(String, usize)> {
    let begun = Instant::now();
    let mut struck = BTreeMap::new();
    for (at, blow) in &plan.blows {
        tokio::select! {
            () = tokio::time::sleep(at.saturating_sub(begun.elapsed())) => {}
            _ = clears.wait_for(|clear| *clear) => break,
        }
        if let Some(what) = strike(*blow, stack, &jobs.accepted(), restart, say).await {
            *struck.entry(what).or_insert(0) += 1;
        }
    }
    struck.into_iter().collect()
}

async fn strike(
    blow: Blow,
    stack: &Stack,
    accepted: &[Accepted],
    restart: &[PathBuf],
    say: fn(&str),
) -> Option<String> {
    match blow {
        Blow::Kill(place) => {
            let name = functions::kill(stack.faults_url()?, place)?;
            Some(format!("killed {}", short(&name)))
        }
        Blow::InvokeTwice { job, task } => {
            let job = accepted.get(job.checked_rem(accepted.len())?)?;
            let task = TASKS[task % TASKS.len()];
            invoke(stack, task, job).await;
            Some(format!("invoked {task} out of turn"))
        }
        Blow::Restart => {
            let (program, arguments) = restart.split_first()?;
            say("Restarting AWS.");
            let mut command = Command::new(program);
            let status = command.args(arguments).stdout(Stdio::null()).status().await;
            assert!(
                status.is_ok_and(|status| status.success()),
                "AWS could not be restarted"
            );
            Some("restarted AWS".to_owned())
        }
    }
}

/// Whatever comes of it is as it should be: it must do no harm. AWS may be down.
async fn invoke(stack: &Stack, task: &str, job: &Accepted) {
    let event = json!({"user_id": job.owner.to_string(), "job_id": job.job.to_string()});
    let _ = tokio::time::timeout(Duration::from_secs(20), stack.workflow.try_invoke(task, &event)).await;
}

/// A function's name without that of its stack.
fn short(name: &str) -> &str {
    name.rsplit_once("packshot-").map_or(name, |(_, short)| short)
}
