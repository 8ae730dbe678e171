//! The tasks of a retry, one by one: twice, after lost answers, too late, and after another retry has taken its place.

use std::time::Duration;

use jiff::Timestamp;
use packshot_clients::{clock, error::AwsError, idempotency::StoredAnswer, jobs::Retried};
use packshot_domain::{
    id::EventId,
    image::ImageFailureReason,
    job::{Job, NewRetry, RetryOutcome},
    limits::Plan,
    money::MicroUsd,
};
use packshot_tests::stack::Stack;
use serde_json::{Value, json};

use crate::flow::consumption;

/// A completed job of one image, whose batch was done at the first look.
async fn made(stack: &Stack) -> Job {
    stack
        .google
        .faults(json!({"batch": {"polls_until_done": 1}}))
        .await;
    let job = stack.rows.create(1).await;
    for function in ["plan-strategy", "submit-batch", "poll-batch", "collect-images"] {
        stack.workflow.task(function, &job).await.expect("an answer");
    }
    stored(stack, &job).await
}

async fn stored(stack: &Stack, job: &Job) -> Job {
    let job = stack.jobs.get(job.owner, job.id).await.expect("read");
    job.expect("there")
}

/// Asks for the image once more, and starts nothing.
async fn retried(stack: &Stack, job: &Job, deadline_at: Timestamp) -> Job {
    let retried = Retried {
        owner: job.owner,
        job: job.id,
        image: job.images[0].id,
    };
    let request = NewRetry {
        prompt: None,
        key: None,
        deadline_at,
        estimated_cost: MicroUsd(20_000),
        event: EventId::from_uuid(clock::new_uuid()),
    };
    let unnamed = |_: &Job| -> Result<StoredAnswer, AwsError> { unreachable!("the request has no name") };
    let let_in = stack
        .jobs
        .retry(retried, &request, Plan::Pro.allowance(), None, unnamed)
        .await;
    let_in.expect("let in").0
}

fn tomorrow() -> Timestamp {
    clock::now() + Duration::from_hours(24)
}

/// The event of a task about the image's retry of this number.
fn event(job: &Job, attempt: u32) -> Value {
    json!({
        "user_id": job.owner.to_string(),
        "job_id": job.id.to_string(),
        "retry": {"image_id": job.images[0].id.to_string(), "attempt": attempt},
    })
}

async fn task(stack: &Stack, function: &str, job: &Job) -> Value {
    let answer = stack.workflow.invoke(function, &event(job, 1)).await;
    answer.unwrap_or_else(|error| panic!("{function}: {error}"))
}

fn batch_name(job: &Job) -> String {
    format!("{}-{}-1", job.id, job.images[0].id)
}

#[tokio::test]
async fn a_retry_whose_every_task_runs_twice_is_one_batch_and_one_picture() {
    let stack = Stack::connect().await;
    let job = made(&stack).await;
    let had = consumption(&stack).await;
    let job = retried(&stack, &job, tomorrow()).await;
    for function in ["submit-batch", "poll-batch", "collect-images"] {
        let first = task(&stack, function, &job).await;
        let row = stack.rows.read(job.id).await;
        assert_eq!(task(&stack, function, &job).await, first, "{function}");
        assert_eq!(stack.rows.read(job.id).await, row, "{function}");
    }
    assert_eq!(stack.google.batches(&batch_name(&job)).await.len(), 1);
    let after = stored(&stack, &job).await;
    assert_eq!((after.images[0].attempt, after.ready_count()), (1, 1));
    let has = consumption(&stack).await;
    assert_eq!((has.images, has.active_jobs), (had.images + 1, had.active_jobs));
}

#[tokio::test]
async fn a_collection_that_died_before_it_ended_the_retry_is_done_again() {
    let stack = Stack::connect().await;
    let job = retried(&stack, &made(&stack).await, tomorrow()).await;
    for function in ["submit-batch", "poll-batch"] {
        task(&stack, function, &job).await;
    }
    let before = stack.rows.read(job.id).await;
    task(&stack, "collect-images", &job).await;
    let first = stored(&stack, &job).await;
    stack.rows.restore(&before).await;
    task(&stack, "collect-images", &job).await;
    let second = stored(&stack, &job).await;
    assert_eq!(
        (&second.images[0].state, &second.archive),
        (&first.images[0].state, &first.archive)
    );
}

#[tokio::test]
async fn a_lost_answer_to_the_creation_of_a_retry_leaves_one_batch() {
    let stack = Stack::connect().await;
    let job = retried(&stack, &made(&stack).await, tomorrow()).await;
    stack
        .google
        .faults(json!({"create_batch": [{"drop_reply": true}]}))
        .await;
    assert_eq!(task(&stack, "submit-batch", &job).await["state"], "submitted");
    assert_eq!(stack.google.batches(&batch_name(&job)).await.len(), 1);
    assert_eq!(stack.google.batches(&job.id.to_string()).await.len(), 1);
}

#[tokio::test]
async fn a_retry_that_is_late_ends_and_leaves_the_image() {
    let stack = Stack::connect().await;
    let before = made(&stack).await;
    stack.google.faults(json!({"batch": {"stuck": true}})).await;
    let job = retried(&stack, &before, clock::now()).await;
    task(&stack, "submit-batch", &job).await;
    let late = stack.workflow.invoke("poll-batch", &event(&job, 1)).await;
    let late = late.expect_err("too late");
    assert_eq!(late["errorType"], "Rejected", "{late}");

    let mut caught = event(&job, 1);
    caught["error"] = late["errorType"].clone();
    caught["cause"] = json!(late.to_string());
    for _ in 0..2 {
        let ended = stack.workflow.invoke("fail-job", &caught).await;
        assert_eq!(ended.expect("an answer")["status"], "completed");
    }
    assert_eq!(
        stack.google.batch_state(&batch_name(&job)).await,
        "BATCH_STATE_CANCELLED"
    );
    let after = stored(&stack, &job).await;
    assert_eq!(after.images[0].state, before.images[0].state);
    let outcome = after.images[0].retry.as_ref().map(|retry| &retry.outcome);
    assert!(
        matches!(
            outcome,
            Some(RetryOutcome::Failed {
                reason: ImageFailureReason::Late,
                ..
            })
        ),
        "{outcome:?}"
    );
    assert_eq!(consumption(&stack).await.active_jobs, 0);
}

#[tokio::test]
async fn a_task_of_an_earlier_retry_does_not_touch_the_later() {
    let stack = Stack::connect().await;
    let job = retried(&stack, &made(&stack).await, tomorrow()).await;
    for function in ["submit-batch", "poll-batch", "collect-images"] {
        task(&stack, function, &job).await;
    }
    let job = retried(&stack, &job, tomorrow()).await;
    let row = stack.rows.read(job.id).await;
    for function in ["submit-batch", "poll-batch", "collect-images", "fail-job"] {
        task(&stack, function, &job).await;
        assert_eq!(stack.rows.read(job.id).await, row, "{function}");
    }
}
