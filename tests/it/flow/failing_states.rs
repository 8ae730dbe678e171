//! Every task of the state machine failed in turn: the job ends all the same, and its owner hears of it.
//!
//! The engine throws in the task's place (Step Functions' own mock configuration), so that retries and catchers are
//! those of `statemachine.asl.json`.

use aws_sdk_sfn::types::ExecutionStatus;
use packshot_domain::job::Job;
use packshot_tests::{eventually, receiver::Receiver, stack::Stack, workflow::MockedFailure};
use serde_json::Value;

use super::{assert_failed, mails};
use crate::state_machine;

/// More often than any task is retried.
const FOR_GOOD: u32 = 99;

/// Tasks that tell people and programs how a job ended; one that fails changes nothing about the job.
const NOTIFICATIONS: [&str; 2] = ["SendEmail", "QueueWebhook"];

/// The task that every other one falls back on.
const LAST_RESORT: &str = "FailJob";

/// Starts one job for each task but the last resort, in which that task fails this often.
async fn start_one_for_each_task(
    stack: &Stack,
    error: &str,
    times: u32,
    receiver: &Receiver,
) -> Vec<(String, Job)> {
    let machine = state_machine::machine();
    let tasks = state_machine::tasks(&machine);
    assert_eq!(tasks.len(), 7, "every task is tried");
    let states: Vec<&str> = tasks
        .into_iter()
        .map(|(state, _)| state)
        .filter(|state| *state != LAST_RESORT)
        .collect();
    let failures = states.iter().map(|state| MockedFailure {
        case: state,
        states: vec![state],
        error,
        times,
    });
    stack.workflow.mock_failures(&failures.collect::<Vec<_>>()).await;
    let mut jobs = Vec::new();
    for state in states {
        jobs.push((state.to_owned(), start(stack, state, receiver).await));
    }
    jobs
}

async fn start(stack: &Stack, case: &str, receiver: &Receiver) -> Job {
    let callback = receiver.url.parse().expect("a URL");
    let job = stack
        .rows
        .create_with(1, |new| new.callback_url = Some(callback))
        .await;
    stack
        .workflow
        .start_failing(case, &job.id.to_string(), job.owner, job.id)
        .await;
    job
}

async fn shown(stack: &Stack, job: &Job) -> Value {
    stack.api.job(&job.id.to_string()).await
}

/// Fails every task but the last resort for good, one job each.
async fn assert_every_task_may_fail_for_good(error: &str) {
    let (stack, receiver) = (Stack::connect().await, Receiver::start(vec![]).await);
    let jobs = start_one_for_each_task(&stack, error, FOR_GOOD, &receiver).await;
    for (state, job) in &jobs {
        let ended = stack.workflow.ended(&job.id.to_string()).await;
        assert_eq!(ended, ExecutionStatus::Succeeded, "{state} failed with {error}");
        let shown = shown(&stack, job).await;
        if NOTIFICATIONS.contains(&state.as_str()) {
            assert_eq!(
                shown["status"], "completed",
                "{state} failed with {error}: {shown}"
            );
        } else {
            assert_eq!(shown["status"], "failed", "{state} failed with {error}: {shown}");
            assert_eq!(
                shown["error"]["code"], "internal_error",
                "{state} failed with {error}: {shown}"
            );
        }
    }
    assert_eq!(mails(&stack).await, jobs.len() - 1, "all but that of SendEmail");
    receiver.first(jobs.len() - 1).await;
}

#[tokio::test]
async fn every_task_may_fail_for_a_while_too_long() {
    assert_every_task_may_fail_for_good("Transient").await;
}

#[tokio::test]
async fn every_task_may_reject_the_job() {
    assert_every_task_may_fail_for_good("Rejected").await;
}

#[tokio::test]
async fn every_task_may_have_a_bug() {
    assert_every_task_may_fail_for_good("Bug").await;
}

#[tokio::test]
async fn every_task_may_run_out_of_time() {
    assert_every_task_may_fail_for_good("States.Timeout").await;
}

#[tokio::test]
async fn every_task_may_fail_in_a_way_that_nobody_has_thought_of() {
    assert_every_task_may_fail_for_good("Lambda.ResourceNotFoundException").await;
}

/// Fails every task but the last resort a few times, one job each.
async fn assert_every_task_is_tried_again(error: &str, times: u32) {
    let (stack, receiver) = (Stack::connect().await, Receiver::start(vec![]).await);
    let jobs = start_one_for_each_task(&stack, error, times, &receiver).await;
    for (state, job) in &jobs {
        let ended = stack.workflow.ended(&job.id.to_string()).await;
        assert_eq!(ended, ExecutionStatus::Succeeded, "{state} failed with {error}");
        assert_eq!(
            shown(&stack, job).await["status"],
            "completed",
            "{state} failed with {error}"
        );
    }
    assert_eq!(mails(&stack).await, jobs.len());
    receiver.first(jobs.len()).await;
}

#[tokio::test]
async fn a_task_that_fails_for_a_while_is_tried_again() {
    assert_every_task_is_tried_again("Transient", 5).await;
}

#[tokio::test]
async fn a_task_whose_function_is_throttled_is_tried_again() {
    assert_every_task_is_tried_again("Lambda.TooManyRequestsException", 5).await;
}

#[tokio::test]
async fn a_task_whose_function_died_is_tried_again() {
    assert_every_task_is_tried_again("Lambda.Unknown", 2).await;
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
                times: FOR_GOOD,
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
