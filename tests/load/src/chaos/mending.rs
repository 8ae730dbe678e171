//! After the storm: the product's own means, until everything adds up or it is clear that it does not.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use aws_sdk_sfn::types::ExecutionStatus;
use packshot_tests::{
    audit::{Accepted, Finding, Weather, Webhook, audit},
    stack::Stack,
};
use serde_json::{Value, json};

use super::jobs::Jobs;

/// How long the product may take. A webhook that failed is sent again after five minutes.
const PATIENCE: Duration = Duration::from_mins(8);

/// The pause between two looks.
const LOOK: Duration = Duration::from_secs(3);

/// How it ended.
#[derive(Debug)]
pub(super) struct Mended {
    /// How long it took.
    pub after: Duration,
    /// What does not add up all the same.
    pub findings: Vec<Finding>,
}

/// Waits until everything adds up.
pub(super) async fn wait(
    stack: &Stack,
    jobs: &Jobs,
    webhooks: &dyn Fn() -> Vec<Webhook>,
    say: fn(&str),
) -> Mended {
    let begun = Instant::now();
    let accepted = jobs.accepted();
    for job in &accepted {
        tell_of_lost_execution(stack, job).await;
    }
    let mut told = 0;
    loop {
        reconcile(stack, &json!({"detail-type": "Scheduled Event", "detail": {}})).await;
        let findings = audit(stack, &accepted, &webhooks(), Weather::Faulty).await;
        if findings.len() != told {
            told = findings.len();
            let seconds = begun.elapsed().as_secs();
            say(&format!("  {seconds:>3} s: {told} things do not add up yet"));
        }
        if findings.is_empty() || begun.elapsed() > PATIENCE {
            return Mended {
                after: begun.elapsed(),
                findings,
            };
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// How many jobs ended as what.
pub(super) async fn ends(stack: &Stack) -> Vec<(String, usize)> {
    let ids = stack.jobs.ids(stack.user.id, 1000, None).await.expect("read");
    let mut ends = BTreeMap::new();
    for id in ids {
        let Some(job) = stack.jobs.get(stack.user.id, id).await.expect("read") else {
            continue;
        };
        let end = match &job.failure {
            Some(failure) => format!("{}: {}", job.status.as_str(), failure.code.as_str()),
            None => job.status.as_str().to_owned(),
        };
        *ends.entry(end).or_insert(0) += 1;
    }
    ends.into_iter().collect()
}

/// MiniStack breaks or forgets executions when it is restarted, and says nothing. AWS does not lose any, and tells of each that
/// breaks: so this tells of those. To be told twice does no harm.
async fn tell_of_lost_execution(stack: &Stack, job: &Accepted) {
    let name = job.job.to_string();
    let status = stack.workflow.status(&name).await;
    if matches!(
        status,
        Some(ExecutionStatus::Running | ExecutionStatus::Succeeded)
    ) {
        return;
    }
    let input = json!({"user_id": job.owner.to_string(), "job_id": name}).to_string();
    let detail = json!({"name": name, "status": "ABORTED", "input": input});
    let event = json!({"detail-type": "Step Functions Execution Status Change", "detail": detail});
    reconcile(stack, &event).await;
}

async fn reconcile(stack: &Stack, event: &Value) {
    let answer = stack.workflow.try_invoke("reconcile-jobs", event).await;
    assert!(
        answer.is_ok(),
        "reconcile-jobs failed in fair weather: {answer:?}"
    );
}
