//! How a batch may end, and each of its rows.

use std::time::Duration;

use packshot_domain::job::Status;
use packshot_tests::{eventually, stack::Stack};
use serde_json::{Value, json};

use super::{assert_failed, ended, mails, run};

/// Runs a job of this many images whose batch goes as told.
async fn job_with(stack: &Stack, count: usize, batch: Value) -> Value {
    stack.google.faults(json!({"batch": batch})).await;
    let id = stack.api.start_job(json!({"count": count})).await;
    ended(stack, &id).await
}

#[tokio::test]
async fn a_batch_that_ends_without_results_fails_the_job_with_its_reason() {
    for (state, code) in [
        ("BATCH_STATE_FAILED", "batch_failed"),
        ("JOB_STATE_FAILED", "batch_failed"),
        ("BATCH_STATE_EXPIRED", "batch_expired"),
        ("JOB_STATE_EXPIRED", "batch_expired"),
        ("BATCH_STATE_CANCELLED", "batch_cancelled"),
        ("JOB_STATE_CANCELLED", "batch_cancelled"),
    ] {
        let stack = Stack::connect().await;
        let job = job_with(&stack, 1, json!({"end_state": state})).await;
        assert_failed(&stack, &job, code).await;
        assert_eq!(job["error"]["retryable"], true, "{state}");
    }
}

#[tokio::test]
async fn both_spellings_of_success_complete_the_job() {
    for state in ["JOB_STATE_SUCCEEDED", "BATCH_STATE_PARTIALLY_SUCCEEDED"] {
        let stack = Stack::connect().await;
        let job = job_with(&stack, 1, json!({"end_state": state})).await;
        assert_eq!(job["status"], "completed", "{state}: {job}");
    }
}

#[tokio::test]
async fn each_row_of_a_batch_has_its_own_outcome() {
    let stack = Stack::connect().await;
    let rows = json!({
        "1": {"error": 13, "message": "Internal trouble."},
        "2": {"missing": true},
        "3": {"duplicate": true},
        "4": {"finish_reason": "IMAGE_SAFETY"},
        "5": {"block_reason": "PROHIBITED_CONTENT"},
        "6": {"no_image": true},
        "7": {"corrupt_image": true},
        "8": {"not_base64": true},
        "9": {"url_safe": true},
    });
    let job = job_with(&stack, 10, json!({"shuffle": true, "rows": rows})).await;
    assert_eq!(
        (&job["status"], &job["stage"]),
        (&"completed".into(), &"3 of 10 images are ready".into()),
        "{job}"
    );

    let images = job["images"].as_array().expect("images");
    let outcomes: Vec<_> = images
        .iter()
        .map(|image| image["reason"].as_str().unwrap_or("ready"))
        .collect();
    let expected = [
        "provider_error",
        "missing_from_batch",
        "ready",
        "blocked_by_safety",
        "blocked_by_safety",
        "no_image_returned",
        "provider_error",
        "provider_error",
        "ready",
        "ready",
    ];
    assert_eq!(outcomes, expected, "{job}");
    assert!(
        images[0]["message"]
            .as_str()
            .is_some_and(|words| words.contains("Internal trouble.")),
        "Gemini's own words"
    );
    assert!(
        images[5]["message"]
            .as_str()
            .is_some_and(|words| words.contains("did not draw")),
        "Gemini's own words"
    );

    let pictures = stack.google.pictures(job["id"].as_str().expect("an id")).await;
    for image in images.iter().filter(|image| image["status"] == "ready") {
        let (status, _, bytes) = stack.api.fetch(image["url"].as_str().expect("an address")).await;
        let picture = &pictures[image["id"].as_str().expect("an id")];
        assert!(
            status == 200 && &bytes == picture,
            "matched by key, not by position: {image}"
        );
    }
    assert_eq!(mails(&stack).await, 1);
}

#[tokio::test]
async fn a_job_whose_every_image_failed_has_failed() {
    let stack = Stack::connect().await;
    let rows = json!({"1": {"error": 13}, "2": {"finish_reason": "IMAGE_SAFETY"}, "3": {"missing": true}});
    let job = job_with(&stack, 3, json!({"rows": rows})).await;
    assert_failed(&stack, &job, "all_images_failed").await;
    let reasons: Vec<_> = job["images"]
        .as_array()
        .expect("images")
        .iter()
        .map(|image| &image["reason"])
        .collect();
    assert_eq!(
        reasons,
        ["provider_error", "blocked_by_safety", "missing_from_batch"]
    );
    assert!(job["links"]["archive"].is_null(), "{job}");
}

#[tokio::test]
async fn a_batch_that_is_stuck_past_the_deadline_is_stopped() {
    let stack = Stack::connect().await;
    stack
        .google
        .faults(json!({"batch": {"stuck": true}, "get_batch": [{"delay_ms": 200, "times": 10_000}]}))
        .await;
    let id = stack.api.start_job(json!({"count": 1})).await;
    let stored = eventually("the batch to run", async || {
        let job = stack
            .jobs
            .get(stack.user.id, id.parse().expect("an id"))
            .await
            .expect("read")
            .expect("there");
        (job.status == Status::Generating).then_some(job)
    })
    .await;
    stack
        .rows
        .set_time(
            stored.id,
            "deadline_at",
            stored.created_at - Duration::from_secs(1),
        )
        .await;
    assert_failed(&stack, &ended(&stack, &id).await, "deadline_exceeded").await;
    assert_eq!(stack.google.count("cancel_batch").await, 1);
    assert_eq!(stack.google.batch_state(&id).await, "BATCH_STATE_CANCELLED");
}

#[tokio::test]
async fn a_batch_that_is_done_at_the_deadline_still_counts() {
    let stack = Stack::connect().await;
    stack
        .google
        .faults(json!({"batch": {"polls_until_done": 1}}))
        .await;
    let job = stack
        .rows
        .create_with(1, |new| new.deadline_at = new.created_at - Duration::from_secs(1))
        .await;
    assert_eq!(run(&stack, &job).await["status"], "completed");
}

#[tokio::test]
async fn a_batch_that_is_gone_fails_the_job() {
    let stack = Stack::connect().await;
    stack
        .google
        .faults(json!({"get_batch": [{"status": 404, "times": 10_000}]}))
        .await;
    let id = stack.api.start_job(json!({"count": 1})).await;
    assert_failed(&stack, &ended(&stack, &id).await, "batch_cancelled").await;
}

#[tokio::test]
async fn results_that_are_gone_fail_the_job() {
    let stack = Stack::connect().await;
    stack
        .google
        .faults(json!({"download": [{"status": 404, "times": 10_000}]}))
        .await;
    let id = stack.api.start_job(json!({"count": 1})).await;
    assert_failed(&stack, &ended(&stack, &id).await, "batch_failed").await;
}
