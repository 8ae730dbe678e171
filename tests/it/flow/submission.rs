//! Creating the batch: once, whatever is lost, and only when there is room.

use std::time::Duration;

use packshot_clients::clock;
use packshot_domain::job::{Job, SUBMISSION_CLAIM_SECONDS};
use packshot_tests::{eventually, stack::Stack};
use serde_json::{Value, json};

use super::{assert_completed_once, assert_failed, ended, run};

/// A job that is planned and ready to be submitted.
async fn planned(stack: &Stack) -> Job {
    let job = stack.rows.create(1).await;
    let step = stack.workflow.task("plan-strategy", &job).await;
    assert_eq!(step.expect("planned")["state"], "planned");
    job
}

async fn submit(stack: &Stack, job: &Job) -> Result<Value, Value> {
    stack.workflow.task("submit-batch", job).await
}

/// Lets the claim of an invocation that did not come back run out.
async fn let_the_claim_run_out(stack: &Stack, job: &Job) {
    let long_ago = clock::now() - Duration::from_secs(SUBMISSION_CLAIM_SECONDS.unsigned_abs() + 1);
    stack
        .rows
        .set_time(job.id, "submission_claimed_at", long_ago)
        .await;
}

#[tokio::test]
async fn a_lost_reply_to_the_creation_makes_one_batch() {
    let stack = Stack::connect().await;
    stack
        .google
        .faults(json!({"create_batch": [{"drop_reply": true}]}))
        .await;
    let id = stack.api.start_job(json!({"count": 1})).await;
    assert_completed_once(&stack, &ended(&stack, &id).await).await;
    assert_eq!(stack.google.count("create_batch").await, 1);
}

#[tokio::test]
async fn a_batch_that_was_lost_twice_over_is_found_once_the_claim_has_run_out() {
    let stack = Stack::connect().await;
    let job = planned(&stack).await;
    let faults =
        json!({"create_batch": [{"drop_reply": true}], "list_batches": [{"status": 503, "times": 3}]});
    stack.google.faults(faults).await;
    assert_eq!(
        submit(&stack, &job).await.expect_err("nothing is known")["errorType"],
        "Transient"
    );
    assert_eq!(
        submit(&stack, &job).await.expect("an answer")["state"],
        "waiting",
        "the claim still stands"
    );

    let_the_claim_run_out(&stack, &job).await;
    assert_eq!(
        submit(&stack, &job).await.expect("an answer")["state"],
        "submitted"
    );
    assert_eq!(stack.google.count("create_batch").await, 1);
    assert_completed_once(&stack, &run(&stack, &job).await).await;
}

#[tokio::test]
async fn a_creation_that_never_arrived_is_made_once_the_claim_has_run_out() {
    let stack = Stack::connect().await;
    let job = planned(&stack).await;
    stack
        .google
        .faults(json!({"create_batch": [{"status": 503}]}))
        .await;
    assert_eq!(
        submit(&stack, &job).await.expect("an answer")["state"],
        "waiting",
        "the list shows none"
    );
    assert_eq!(
        submit(&stack, &job).await.expect("an answer")["state"],
        "waiting",
        "the claim still stands"
    );
    assert_eq!(
        stack.google.count("create_batch").await,
        1,
        "nobody tries meanwhile"
    );

    let_the_claim_run_out(&stack, &job).await;
    assert_eq!(
        submit(&stack, &job).await.expect("an answer")["state"],
        "submitted"
    );
    assert_eq!(stack.google.count("create_batch").await, 2);
    assert_completed_once(&stack, &run(&stack, &job).await).await;
}

#[tokio::test]
async fn a_job_that_finds_no_room_waits_in_strategy_and_then_goes_on() {
    let stack = Stack::connect().await;
    let full =
        json!({"status": 429, "quota_id": "ConcurrentBatchesPerProject", "delay_ms": 50, "times": 10_000});
    stack.google.faults(json!({"create_batch": [full]})).await;
    let id = stack.api.start_job(json!({"count": 1})).await;
    eventually("some tries", async || {
        (stack.google.count("create_batch").await >= 4).then_some(())
    })
    .await;
    let waiting = stack.api.job(&id).await;
    assert_eq!(
        (&waiting["status"], &waiting["progress"]),
        (&"strategy".into(), &5.into()),
        "{waiting}"
    );

    stack.google.faults(json!({})).await;
    assert_completed_once(&stack, &ended(&stack, &id).await).await;
}

#[tokio::test]
async fn a_job_that_waits_for_room_does_not_hold_up_others() {
    let stack = Stack::connect().await;
    let waiting = stack.api.start_job(json!({"count": 1})).await;
    let full = json!({"status": 429, "contains": waiting, "delay_ms": 50, "times": 10_000});
    stack.google.faults(json!({"create_batch": [full]})).await;
    let other = stack.api.start_job(json!({"count": 1})).await;
    assert_completed_once(&stack, &ended(&stack, &other).await).await;

    stack.google.faults(json!({})).await;
    assert_completed_once(&stack, &ended(&stack, &waiting).await).await;
}

#[tokio::test]
async fn a_job_that_finds_no_room_until_its_deadline_fails() {
    let stack = Stack::connect().await;
    stack
        .google
        .faults(json!({"create_batch": [{"status": 429, "times": 10_000}]}))
        .await;
    let job = stack
        .rows
        .create_with(1, |new| new.deadline_at = new.created_at - Duration::from_secs(1))
        .await;
    assert_failed(&stack, &run(&stack, &job).await, "provider_unavailable").await;
    assert_eq!(stack.google.count("create_batch").await, 1);
}

#[tokio::test]
async fn two_submissions_at_the_same_moment_make_one_batch() {
    let stack = Stack::connect().await;
    // Slow enough for the second to come while the first is at it.
    stack
        .google
        .faults(json!({"create_batch": [{"delay_ms": 800}]}))
        .await;
    let job = planned(&stack).await;
    let (first, second) = tokio::join!(submit(&stack, &job), submit(&stack, &job));
    let states = [first, second].map(|step| step.expect("an answer")["state"].as_str().map(str::to_owned));
    assert!(states.contains(&Some("submitted".to_owned())), "{states:?}");
    assert_eq!(stack.google.count("create_batch").await, 1);
    assert_eq!(run(&stack, &job).await["status"], "completed");
    assert_eq!(stack.google.batches(&job.id.to_string()).await.len(), 1);
}

#[tokio::test]
async fn a_job_that_ends_while_its_batch_is_being_created_leaves_none_running() {
    let stack = Stack::connect().await;
    stack
        .google
        .faults(json!({"create_batch": [{"delay_ms": 800}], "batch": {"stuck": true}}))
        .await;
    let job = planned(&stack).await;
    let failing = async {
        eventually("the creation", async || {
            (stack.google.count("create_batch").await == 1).then_some(())
        })
        .await;
        let event = json!({"user_id": job.owner.to_string(), "job_id": job.id.to_string(), "error": "States.Timeout"});
        stack.workflow.invoke("fail-job", &event).await
    };
    let (submitted, failed) = tokio::join!(submit(&stack, &job), failing);
    assert_eq!(
        (submitted, failed.expect("an answer")["status"].as_str()),
        (Ok(json!({"state": "finished"})), Some("failed"))
    );
    assert_eq!(
        stack.google.batch_state(&job.id.to_string()).await,
        "BATCH_STATE_CANCELLED"
    );
}
