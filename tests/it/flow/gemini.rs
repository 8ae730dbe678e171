//! Gemini in trouble: what passes is waited for, what does not pass is told at once.

use std::time::Duration;

use packshot_domain::job::{Job, Status};
use packshot_tests::stack::Stack;
use serde_json::{Value, json};

use super::{assert_completed_once, assert_failed, ended};

/// Refusals and losses that pass: within one call, and ones that last longer than a function waits.
fn passing_troubles() -> [Value; 5] {
    [
        json!([{"status": 429, "retry_delay": "0.2s", "times": 2}]),
        json!([{"status": 429, "retry_delay": "40s"}]),
        json!([{"status": 503, "times": 2}]),
        json!([{"status": 500, "body": "<html>Bad gateway</html>", "times": 4}]),
        json!([{"drop_reply": true, "times": 2}]),
    ]
}

/// Runs a job through each of the troubles of one operation; it completes as if nothing had been.
async fn assert_survives(operation: &str, troubles: &[Value]) {
    let stack = Stack::connect().await;
    for trouble in troubles {
        stack.google.faults(json!({operation: trouble})).await;
        let id = stack.api.start_job(json!({"count": 1})).await;
        assert_completed_once(&stack, &ended(&stack, &id).await).await;
        assert_eq!(
            stack.google.faults_left().await[operation],
            json!([]),
            "{trouble} did not happen"
        );
    }
}

#[tokio::test]
async fn planning_survives_refusals_and_lost_replies() {
    assert_survives("generate_content", &passing_troubles()).await;
}

#[tokio::test]
async fn uploads_survive_refusals_and_lost_replies() {
    assert_survives("upload_file", &passing_troubles()).await;
}

#[tokio::test]
async fn an_upload_whose_last_reply_is_lost_is_not_sent_again() {
    assert_survives(
        "upload_file",
        &[
            json!([{"drop_reply": true, "step": "finalize", "times": 2}]),
            json!([{"status": 503, "step": "finalize", "times": 2}]),
        ],
    )
    .await;
}

#[tokio::test]
async fn polling_survives_refusals_and_lost_replies() {
    assert_survives("get_batch", &passing_troubles()).await;
}

#[tokio::test]
async fn the_download_survives_refusals_and_lost_replies() {
    assert_survives("download", &passing_troubles()).await;
}

#[tokio::test]
async fn looking_for_a_lost_batch_survives_refusals_and_lost_replies() {
    let stack = Stack::connect().await;
    // What lasts longer than one call leaves the claim standing, whose end no test can wait for.
    for trouble in [
        json!([{"status": 429, "retry_delay": "0.2s", "times": 2}]),
        json!([{"drop_reply": true, "times": 2}]),
    ] {
        stack
            .google
            .faults(json!({"create_batch": [{"drop_reply": true}], "list_batches": trouble}))
            .await;
        let id = stack.api.start_job(json!({"count": 1})).await;
        assert_completed_once(&stack, &ended(&stack, &id).await).await;
    }
}

/// What plan-strategy tells the state machine where Gemini asks to be left alone for so long.
async fn step_when_asked_to_wait(stack: &Stack, job: &Job, delay: &str) -> Value {
    stack
        .google
        .faults(json!({"generate_content": [{"status": 429, "retry_delay": delay}]}))
        .await;
    let step = stack.workflow.task("plan-strategy", job).await;
    step.expect("an answer")
}

#[tokio::test]
async fn a_long_wait_that_gemini_asks_for_is_left_to_the_state_machine() {
    let stack = Stack::connect().await;
    let job = stack.rows.create(1).await;
    let step = step_when_asked_to_wait(&stack, &job, "40s").await;
    assert_eq!(step, json!({"state": "waiting", "wait_seconds": 40}));
    assert_eq!(
        stack.google.count("generate_content").await,
        1,
        "it is not asked again before"
    );
    let job = stack
        .jobs
        .get(job.owner, job.id)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(job.status, Status::Strategy);
}

#[tokio::test]
async fn an_old_job_does_not_ask_every_few_seconds_though_gemini_lets_it() {
    let stack = Stack::connect().await;
    let job = stack.rows.create(1).await;
    let three_hours_ago = job.created_at - Duration::from_hours(3);
    stack.rows.set_time(job.id, "created_at", three_hours_ago).await;
    let step = step_when_asked_to_wait(&stack, &job, "4s").await;
    assert_eq!(step, json!({"state": "waiting", "wait_seconds": 300}));
}

/// A refusal that no waiting mends fails the job with this code, after one call.
async fn assert_hopeless(operation: &str, refusal: Value, code: &str) {
    let stack = Stack::connect().await;
    stack.google.faults(json!({operation: [refusal]})).await;
    let id = stack.api.start_job(json!({"count": 1})).await;
    assert_failed(&stack, &ended(&stack, &id).await, code).await;
    assert_eq!(stack.google.count(operation).await, 1, "it is not asked again");
}

#[tokio::test]
async fn a_daily_quota_that_is_used_up_fails_the_job_at_once() {
    let daily = json!({"status": 429, "quota_id": "GenerateRequestsPerDayPerProjectPerModel", "times": 9});
    assert_hopeless("generate_content", daily.clone(), "provider_quota_exhausted").await;
    assert_hopeless("create_batch", daily, "provider_quota_exhausted").await;
}

#[tokio::test]
async fn a_spending_cap_fails_the_job_at_once() {
    let message = "Your project has exceeded its monthly spending cap.";
    let capped = json!({"status": 429, "message": message, "times": 9});
    assert_hopeless("generate_content", capped, "provider_quota_exhausted").await;
}

#[tokio::test]
async fn a_refused_key_fails_the_job_at_once() {
    let details = json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]);
    let body = json!({"error": {"code": 400, "message": "API key not valid.", "details": details}});
    assert_hopeless(
        "generate_content",
        json!({"status": 400, "body": body, "times": 9}),
        "provider_not_configured",
    )
    .await;
    assert_hopeless(
        "upload_file",
        json!({"status": 403, "times": 9}),
        "provider_not_configured",
    )
    .await;
    assert_hopeless(
        "create_batch",
        json!({"status": 401, "times": 9}),
        "provider_not_configured",
    )
    .await;
}

#[tokio::test]
async fn a_model_that_is_not_there_fails_the_job_at_once() {
    assert_hopeless(
        "generate_content",
        json!({"status": 404, "times": 9}),
        "provider_not_configured",
    )
    .await;
}

#[tokio::test]
async fn a_refused_request_fails_the_job_at_once() {
    assert_hopeless(
        "generate_content",
        json!({"status": 400, "times": 9}),
        "provider_rejected",
    )
    .await;
    assert_hopeless(
        "create_batch",
        json!({"status": 400, "times": 9}),
        "provider_rejected",
    )
    .await;
}
