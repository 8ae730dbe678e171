//! reconcile-jobs: no job stays unfinished without an execution that drives it.

use std::time::Duration;

use aws_sdk_sfn::types::ExecutionStatus;
use packshot_domain::job::{Job, Status};
use packshot_tests::{eventually, receiver::Receiver, stack::Stack, workflow::MockedFailure};
use serde_json::{Value, json};

use super::{assert_failed, ended};
use crate::template;

/// A job that was accepted so long ago that its execution must have been started.
async fn settled_job(stack: &Stack) -> Job {
    stack
        .rows
        .create_with(1, |new| {
            new.created_at -= Duration::from_mins(5);
        })
        .await
}

/// What the schedule does.
pub(super) async fn reconcile(stack: &Stack) {
    let file = template::repository().join("events/reconcile-jobs.schedule.json");
    let event: Value =
        serde_json::from_slice(&std::fs::read(file).expect("the event is there")).expect("JSON");
    stack
        .workflow
        .invoke("reconcile-jobs", &event)
        .await
        .expect("an answer");
}

/// Lets batches run on for as long as the test wants, without the engine spinning.
async fn slow_batches(stack: &Stack) {
    let slow = json!([{"delay_ms": 300, "times": 10_000}]);
    stack
        .google
        .faults(json!({"batch": {"stuck": true}, "get_batch": slow}))
        .await;
}

async fn until_generating(stack: &Stack, job: &Job) {
    eventually("the batch to run", async || {
        let job = stack
            .jobs
            .get(job.owner, job.id)
            .await
            .expect("read")
            .expect("there");
        (job.status == Status::Generating).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_job_that_never_got_its_execution_gets_it() {
    let stack = Stack::connect().await;
    let job = settled_job(&stack).await;
    reconcile(&stack).await;
    assert_eq!(ended(&stack, &job.id.to_string()).await["status"], "completed");
}

#[tokio::test]
async fn a_job_that_was_accepted_a_moment_ago_is_left_to_its_creator() {
    let stack = Stack::connect().await;
    let job = stack.rows.create(1).await;
    reconcile(&stack).await;
    assert_eq!(stack.workflow.status(&job.id.to_string()).await, None);
    // So that nobody finds it later.
    stack.workflow.start(job.owner, job.id).await;
    ended(&stack, &job.id.to_string()).await;
}

#[tokio::test]
async fn a_job_that_runs_is_left_alone() {
    let stack = Stack::connect().await;
    slow_batches(&stack).await;
    let job = settled_job(&stack).await;
    stack.workflow.start(job.owner, job.id).await;
    until_generating(&stack, &job).await;
    reconcile(&stack).await;
    let name = job.id.to_string();
    assert_eq!(stack.workflow.status(&name).await, Some(ExecutionStatus::Running));
    assert_eq!(stack.workflow.status(&format!("{name}-fail")).await, None);

    stack.google.faults(json!({})).await;
    stack.workflow.stop(&name).await;
    let second = format!("{name}-fail");
    eventually("the second execution", async || {
        stack.workflow.status(&second).await
    })
    .await;
    stack.workflow.ended(&second).await;
}

#[tokio::test]
async fn a_job_whose_execution_was_stopped_fails_and_its_owner_is_told() {
    let stack = Stack::connect().await;
    slow_batches(&stack).await;
    let id = stack.api.start_job(json!({"count": 1})).await;
    let job = stack
        .jobs
        .get(stack.user.id, id.parse().expect("an id"))
        .await
        .expect("read")
        .expect("there");
    until_generating(&stack, &job).await;
    stack.workflow.stop(&id).await;
    assert_eq!(stack.workflow.ended(&id).await, ExecutionStatus::Aborted);

    // The rule on broken executions wakes reconcile-jobs.
    let second = format!("{id}-fail");
    eventually("the second execution", async || {
        stack.workflow.status(&second).await
    })
    .await;
    assert_eq!(stack.workflow.ended(&second).await, ExecutionStatus::Succeeded);
    assert_failed(&stack, &stack.api.job(&id).await, "internal_error").await;
    assert_eq!(stack.google.batch_state(&id).await, "BATCH_STATE_CANCELLED");
    reconcile(&stack).await;
    assert_failed(&stack, &stack.api.job(&id).await, "internal_error").await;
}

#[tokio::test]
async fn a_job_whose_second_execution_broke_too_is_marked_directly() {
    let stack = Stack::connect().await;
    let failure = MockedFailure {
        case: "case",
        states: vec!["PlanStrategy", "FailJob"],
        error: "Bug",
    };
    stack.workflow.mock_failures(&[failure]).await;
    // A job on its way whose own execution is gone, and then the second one breaks.
    let job = stack.rows.create(1).await;
    stack.workflow.task("plan-strategy", &job).await.expect("planned");
    let second = format!("{}-fail", job.id);
    stack
        .workflow
        .start_failing("case", &second, job.owner, job.id)
        .await;
    assert_eq!(stack.workflow.ended(&second).await, ExecutionStatus::Failed);
    let shown = stack.api.finished_job(&job.id.to_string()).await;
    assert_eq!(
        (&shown["status"], &shown["error"]["code"]),
        (&"failed".into(), &"internal_error".into()),
        "{shown}"
    );
}

#[tokio::test]
async fn an_end_that_the_execution_has_not_lived_to_tell_is_told_once() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    let done = json!({"polls_until_done": 1});
    stack.google.faults(json!({"batch": done})).await;
    let failure = MockedFailure {
        case: "case",
        states: vec!["PlanStrategy", "FailJob"],
        error: "Bug",
    };
    stack.workflow.mock_failures(&[failure]).await;
    let url = receiver.url.parse().expect("a URL");
    let job = stack
        .rows
        .create_with(1, |new| new.callback_url = Some(url))
        .await;
    for task in ["plan-strategy", "submit-batch", "poll-batch", "collect-images"] {
        stack.workflow.task(task, &job).await.expect(task);
    }
    assert_eq!(super::mails(&stack).await, 0);

    // The job has ended, and its execution breaks before anybody is told; then a later one does, too.
    for broken in [job.id.to_string(), format!("{}-fail", job.id)] {
        stack
            .workflow
            .start_failing("case", &broken, job.owner, job.id)
            .await;
        assert_eq!(stack.workflow.ended(&broken).await, ExecutionStatus::Failed);
        let told = format!("{broken}-told");
        eventually("the execution that tells", async || {
            stack.workflow.status(&told).await
        })
        .await;
        assert_eq!(stack.workflow.ended(&told).await, ExecutionStatus::Succeeded);
        receiver.first(1).await;
        assert_eq!(super::mails(&stack).await, 1);
    }
    let shown = stack.api.finished_job(&job.id.to_string()).await;
    assert_eq!(shown["status"], "completed", "{shown}");
}
