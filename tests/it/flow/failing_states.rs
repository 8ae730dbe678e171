//! Every task of the state machine failed in turn: the job ends all the same, and its owner hears of it.
//!
//! The engine throws in the task's place (Step Functions' own mock configuration), so that retries and catchers are
//! those of `statemachine.asl.json`.

use std::time::Duration;

use aws_sdk_sfn::types::ExecutionStatus;
use packshot_domain::{
    drive::FileRef,
    job::{DrivePhoto, Job, PhotoSource, Saving},
    late::OnLate,
};
use packshot_tests::{eventually, receiver::Receiver, stack::Stack, workflow::MockedFailure};
use serde_json::Value;

use super::{assert_failed, mails};
use crate::state_machine;

/// Tasks that come after a job's end; one that fails changes nothing about the job.
const AFTER_THE_END: [&str; 3] = ["SaveToDrive", "SendEmail", "QueueWebhook"];

/// The task that every other one falls back on.
const LAST_RESORT: &str = "FailJob";

/// The task that only jobs come to whose batch is late.
const FALLBACK: &str = "MakeLateImages";

/// Starts a job with the failures that were set for the case.
async fn start(stack: &Stack, case: &str, receiver: &Receiver) -> Job {
    let callback = receiver.url.parse().expect("a URL");
    let job = stack
        .rows
        .create_with(1, |new| {
            new.callback_url = Some(callback);
            match case {
                "CopyPhotos" => new.photos = vec![photo_in_drive()],
                "SaveToDrive" => new.drive.saving = Some(Saving::beside(None)),
                _ => {}
            }
            if case == FALLBACK {
                new.deadline_at = new.created_at - Duration::from_secs(1);
                new.on_late = OnLate::Fallback;
            }
        })
        .await;
    stack
        .workflow
        .start_failing(case, &job.id.to_string(), job.owner, job.id)
        .await;
    job
}

fn photo_in_drive() -> PhotoSource {
    PhotoSource::Drive(DrivePhoto {
        file: FileRef::plain("1aB".parse().expect("an id")),
        name: "cup.jpg".to_owned(),
        is_copied: false,
    })
}

async fn shown(stack: &Stack, job: &Job) -> Value {
    stack.api.job(&job.id.to_string()).await
}

/// How often the state machine tries a task that answers this error each time.
fn tries(task: &Value, error: &str) -> u64 {
    let rules = task["Retry"].as_array().expect("rules");
    let names = |rule: &Value| rule["ErrorEquals"].as_array().expect("names").clone();
    let rule = rules
        .iter()
        .find(|rule| names(rule).iter().any(|name| name == error));
    1 + rule.map_or(0, |rule| rule["MaxAttempts"].as_u64().expect("a number"))
}

/// Fails every task but the last resort, one job each.
async fn assert_every_task_may_fail(error: &str) {
    let (stack, receiver) = (Stack::connect().await, Receiver::start(vec![]).await);
    let machine = state_machine::machine();
    let mut tasks = state_machine::tasks(&machine);
    assert_eq!(tasks.len(), 10, "every task is tried");
    tasks.retain(|(state, _)| *state != LAST_RESORT);
    let failures = tasks.iter().map(|(state, _)| MockedFailure {
        case: state,
        states: vec![state],
        error,
    });
    stack.workflow.mock_failures(&failures.collect::<Vec<_>>()).await;
    let mut jobs = Vec::new();
    for (state, task) in &tasks {
        jobs.push((*state, *task, start(&stack, state, &receiver).await));
    }
    for (state, task, job) in &jobs {
        let name = job.id.to_string();
        assert_eq!(
            stack.workflow.ended(&name).await,
            ExecutionStatus::Succeeded,
            "{state}: {error}"
        );
        let shown = shown(&stack, job).await;
        if AFTER_THE_END.contains(state) {
            assert_eq!(shown["status"], "completed", "{state}: {error}: {shown}");
        } else {
            assert_eq!(shown["status"], "failed", "{state}: {error}: {shown}");
            assert_eq!(
                shown["error"]["code"], "internal_error",
                "{state}: {error}: {shown}"
            );
            assert_eq!(
                stack.workflow.failed_tries(&name).await as u64,
                tries(task, error),
                "{state}: {error}"
            );
        }
    }
    assert_eq!(mails(&stack).await, jobs.len() - 1, "all but that of SendEmail");
    receiver.first(jobs.len() - 1).await;
}

#[tokio::test]
async fn every_task_may_fail_for_a_while_too_long() {
    assert_every_task_may_fail("Transient").await;
}

#[tokio::test]
async fn every_task_may_reject_the_job() {
    assert_every_task_may_fail("Rejected").await;
}

#[tokio::test]
async fn every_task_may_have_a_bug() {
    assert_every_task_may_fail("Bug").await;
}

#[tokio::test]
async fn every_task_may_run_out_of_time() {
    assert_every_task_may_fail("States.Timeout").await;
}

#[tokio::test]
async fn every_task_may_fail_in_a_way_that_nobody_has_thought_of() {
    assert_every_task_may_fail("Lambda.ResourceNotFoundException").await;
}

#[tokio::test]
async fn a_job_that_cannot_even_be_failed_is_failed_by_another_execution() {
    for error in ["Transient", "Rejected", "Bug"] {
        let (stack, receiver) = (Stack::connect().await, Receiver::start(vec![]).await);
        let states = vec!["PlanStrategy", LAST_RESORT];
        stack
            .workflow
            .mock_failures(&[MockedFailure {
                case: "case",
                states,
                error,
            }])
            .await;
        let job = start(&stack, "case", &receiver).await;
        assert_eq!(
            stack.workflow.ended(&job.id.to_string()).await,
            ExecutionStatus::Failed,
            "{error}"
        );
        // The rule on broken executions wakes reconcile-jobs, which starts the second execution.
        let second = format!("{}-fail", job.id);
        eventually("the second execution", async || {
            stack.workflow.status(&second).await
        })
        .await;
        assert_eq!(
            stack.workflow.ended(&second).await,
            ExecutionStatus::Succeeded,
            "{error}"
        );
        assert_failed(&stack, &shown(&stack, &job).await, "internal_error").await;
        receiver.first(1).await;
    }
}
