//! What is to happen, drawn from a seed.
//!
//! Faults are planned by counts of calls and moments of the run, so that the same seed gives the same plan. Which job a fault meets
//! is up to how the machine shares its time.

use std::time::Duration;

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

/// The pause between two requests for jobs.
const PACE: Duration = Duration::from_millis(700);

/// Something that is done to the stack at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blow {
    /// A process of a function is killed; which one, by its place among those that run.
    Kill(usize),
    /// A task is invoked once more for a job, by their places in their lists.
    InvokeTwice {
        /// The job's place among those accepted so far.
        job: usize,
        /// The task's place in [`super::storm::TASKS`].
        task: usize,
    },
    /// AWS ends and begins again with the state that it has kept.
    Restart,
}

/// The plan of a run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    /// When jobs are asked for, from the beginning.
    pub jobs: Vec<Duration>,
    /// How long faults go on after the last of them.
    pub rest: Duration,
    /// What is done to the stack, and when.
    pub blows: Vec<(Duration, Blow)>,
    /// The rules of the proxy in front of AWS.
    pub aws: Vec<Value>,
    /// The faults of the embedded Google.
    pub google: Value,
}

impl Plan {
    /// The plan of a seed.
    pub(super) fn of(seed: u64, jobs: u32) -> Self {
        let mut chance = StdRng::seed_from_u64(seed);
        let length = PACE * jobs;
        let jobs = (0..jobs).map(|number| PACE * number + Duration::from_millis(chance.random_range(0..700)));
        let jobs = jobs.collect();
        Self {
            jobs,
            rest: Duration::from_secs(20),
            blows: blows(&mut chance, length),
            aws: aws(&mut chance),
            google: google(&mut chance),
        }
    }
}

fn blows(chance: &mut StdRng, length: Duration) -> Vec<(Duration, Blow)> {
    let end = u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
    let mut blows = Vec::new();
    let mut at = 2000;
    while at < end {
        let blow = if chance.random_bool(0.5) {
            Blow::Kill(chance.random_range(0..1000))
        } else {
            Blow::InvokeTwice {
                job: chance.random_range(0..1000),
                task: chance.random_range(0..1000),
            }
        };
        blows.push((Duration::from_millis(at), blow));
        at += chance.random_range(500..2500);
    }
    let middle = end / 2 + chance.random_range(0..=end / 10);
    blows.push((Duration::from_millis(middle), Blow::Restart));
    blows.sort_by_key(|(at, _)| *at);
    blows
}

/// Calls that the functions make, with the service's word for "too many of them"
/// (<https://docs.aws.amazon.com/general/latest/gr/api-retries.html>).
const CALLS: [(&str, &str, &str); 14] = [
    ("dynamodb", "GetItem", "ProvisionedThroughputExceededException"),
    ("dynamodb", "PutItem", "ThrottlingException"),
    ("dynamodb", "UpdateItem", "ThrottlingException"),
    (
        "dynamodb",
        "TransactWriteItems",
        "ProvisionedThroughputExceededException",
    ),
    ("dynamodb", "Query", "ThrottlingException"),
    ("s3", "GetObject", "SlowDown"),
    ("s3", "PutObject", "SlowDown"),
    ("s3", "HeadObject", "SlowDown"),
    ("stepfunctions", "StartExecution", "ThrottlingException"),
    ("stepfunctions", "DescribeExecution", "ThrottlingException"),
    ("ssm", "*", "ThrottlingException"),
    ("sqs", "*", "RequestThrottled"),
    ("ses", "*", "TooManyRequestsException"),
    ("sesv2", "*", "TooManyRequestsException"),
];

/// For each call: refusals for a while, an error of the service's own, a broken connection, an answer that is lost after the work
/// was done, one that comes late.
fn aws(chance: &mut StdRng) -> Vec<Value> {
    let mut rules = Vec::new();
    for (service, operation, throttled) in CALLS {
        let mut rule = |fault: Value, chance: &mut StdRng| {
            let mut rule = json!({
                "service": service,
                "sequence": {"fail": 1, "pass": chance.random_range(12..40)},
            });
            if operation != "*" {
                rule["operation"] = operation.into();
            }
            for (name, value) in fault.as_object().into_iter().flatten() {
                rule[name] = value.clone();
            }
            rules.push(rule);
        };
        rule(
            json!({"error": {"code": throttled, "status": if service == "s3" { 503 } else { 400 }}}),
            chance,
        );
        rule(
            json!({"error": {"code": "InternalServerError", "status": 500}}),
            chance,
        );
        rule(json!({"reset": true}), chance);
        rule(json!({"response": {"abort_bytes": 0}}), chance);
        rule(json!({"latency": chance.random_range(500..4000)}), chance);
    }
    rules
}

/// For each operation of Gemini, calls that go well and calls that do not, in turn.
fn google(chance: &mut StdRng) -> Value {
    let operations = [
        "generate_content",
        "upload_file",
        "create_batch",
        "get_batch",
        "list_batches",
        "download",
        "cancel_batch",
    ];
    let mut faults = json!({});
    for operation in operations {
        let mut list = Vec::new();
        for _ in 0..40 {
            list.push(json!({"times": chance.random_range(2..9)}));
            list.push(match chance.random_range(0..5) {
                0 => json!({"status": 503}),
                1 => json!({"status": 500}),
                2 => json!({"status": 429, "retry_delay": "1s"}),
                3 => json!({"delay_ms": 2000}),
                _ => json!({"drop_reply": true}),
            });
        }
        faults[operation] = list.into();
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_plan_and_another_seed_another() {
        assert_eq!(Plan::of(1, 60), Plan::of(1, 60));
        assert_ne!(Plan::of(1, 60), Plan::of(2, 60));
    }

    #[test]
    fn each_kind_of_blow_is_struck_and_the_restart_comes_once() {
        for seed in 1..=20 {
            let blows = Plan::of(seed, 60).blows;
            let count = |is: fn(&Blow) -> bool| blows.iter().filter(|(_, blow)| is(blow)).count();
            assert_eq!(count(|blow| *blow == Blow::Restart), 1);
            assert!(count(|blow| matches!(blow, Blow::Kill(_))) > 3, "{seed}");
            assert!(
                count(|blow| matches!(blow, Blow::InvokeTwice { .. })) > 3,
                "{seed}"
            );
            assert!(blows.is_sorted_by_key(|(at, _)| *at));
        }
    }
}
