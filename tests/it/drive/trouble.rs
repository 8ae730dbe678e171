//! Photos that cannot be copied: each reason has its code and its words, and what passes is waited for.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use packshot_domain::{
    drive::FileRef,
    job::{DrivePhoto, PhotoSource},
};
use packshot_tests::{
    drives::{self, Account, READ, SAVE, picture},
    stack::Stack,
};
use serde_json::{Value, json};

use super::{copies, ended, request, started};

async fn one_cup(stack: &Stack) -> Account {
    drives::connect(stack, json!({"files": [picture("cup.jpg")]}), &[READ]).await
}

/// Runs a job of the cup through the state machine.
async fn run(stack: &Stack, account: &Account) -> Value {
    let job = copies::row(stack, &[(account.id("cup.jpg"), "cup.jpg")]).await;
    stack.workflow.start(job.owner, job.id).await;
    ended(stack, &job.id.to_string()).await
}

/// Makes sure that a job has failed for this reason, with words that begin so, before Gemini was asked anything.
async fn assert_failed(stack: &Stack, job: &Value, code: &str, words: &str) {
    assert_eq!(
        (&job["status"], &job["error"]["code"]),
        (&json!("failed"), &json!(code)),
        "{job}"
    );
    let message = job["error"]["message"].as_str().expect("a message");
    assert!(message.starts_with(words), "{message}");
    assert_eq!(stack.google.count("generate_content").await, 0);
    assert_eq!(stack.mailbox.to(&stack.user.email).await.len(), 1);
}

/// A job of the cup fails for this reason where every download is refused so.
async fn assert_refused(refusal: Value, code: &str, words: &str) {
    let stack = Stack::connect().await;
    let account = one_cup(&stack).await;
    stack.google.faults(json!({"drive_media": [refusal]})).await;
    let job = run(&stack, &account).await;
    assert_failed(&stack, &job, code, words).await;
}

#[tokio::test]
async fn access_that_was_taken_back_fails_the_job() {
    let stack = Stack::connect().await;
    let account = one_cup(&stack).await;
    account.revoke(&stack).await;
    let job = run(&stack, &account).await;
    assert_failed(
        &stack,
        &job,
        "drive_access_revoked",
        "Google no longer lets us into your Drive",
    )
    .await;
    assert_eq!(job["error"]["retryable"], false);
}

#[tokio::test]
async fn a_drive_that_is_disconnected_meanwhile_fails_the_job() {
    let stack = Stack::connect().await;
    let account = one_cup(&stack).await;
    drives::grants(&stack)
        .forget(stack.user.id)
        .await
        .expect("forgotten");
    let job = run(&stack, &account).await;
    assert_failed(
        &stack,
        &job,
        "drive_access_revoked",
        "Google no longer lets us into your Drive",
    )
    .await;
}

#[tokio::test]
async fn a_missing_permission_fails_the_job() {
    assert_refused(
        json!({"status": 403, "reason": "insufficientPermissions"}),
        "drive_scope_missing",
        "You have not allowed us to read",
    )
    .await;
}

#[tokio::test]
async fn a_file_that_only_picking_would_open_is_missing() {
    let stack = Stack::connect().await;
    let account = drives::connect(&stack, json!({"files": [picture("cup.jpg")]}), &[SAVE]).await;
    let job = run(&stack, &account).await;
    assert_failed(&stack, &job, "drive_file_missing", "Photo 1 (cup.jpg): ").await;
}

#[tokio::test]
async fn a_file_that_is_gone_is_named() {
    assert_refused(
        json!({"status": 404, "reason": "notFound"}),
        "drive_file_missing",
        "Photo 1 (cup.jpg): ",
    )
    .await;
}

#[tokio::test]
async fn a_file_that_may_not_be_downloaded_is_named() {
    for reason in [
        "cannotDownloadFile",
        "cannotDownloadAbusiveFile",
        "downloadQuotaExceeded",
        "domainPolicy",
    ] {
        assert_refused(
            json!({"status": 403, "reason": reason}),
            "drive_file_not_downloadable",
            "Photo 1 (cup.jpg): ",
        )
        .await;
    }
}

#[tokio::test]
async fn a_text_that_is_called_a_photo_is_found_out() {
    let stack = Stack::connect().await;
    let tree = json!({"files": [
        {"name": "cup.jpg", "mime_type": "image/jpeg", "text": "Title: Cup. ".repeat(100)},
        {"name": "short.png", "mime_type": "image/png", "text": "x"},
    ]});
    let account = drives::connect(&stack, tree, &[READ]).await;
    let id = started(&stack, &request(json!({"file_ids": [account.id("cup.jpg")]}))).await;
    let job = ended(&stack, &id).await;
    assert_failed(&stack, &job, "photo_unreadable", "Photo 1 (cup.jpg): ").await;
    let id = started(&stack, &request(json!({"file_ids": [account.id("short.png")]}))).await;
    let job = ended(&stack, &id).await;
    assert_eq!(job["error"]["code"], "photo_unreadable", "{job}");
}

#[tokio::test]
async fn a_photo_of_another_format_than_it_is_called_is_refused_by_its_bytes() {
    let stack = Stack::connect().await;
    let heic = STANDARD.encode(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic");
    let tree = json!({"files": [{"name": "cup.jpg", "mime_type": "image/jpeg", "content_base64": heic}]});
    let account = drives::connect(&stack, tree, &[READ]).await;
    let job = run(&stack, &account).await;
    assert_failed(&stack, &job, "photo_unsupported_format", "Photo 1 (cup.jpg): ").await;
}

#[tokio::test]
async fn a_drive_that_asks_for_fewer_calls_is_waited_for() {
    let stack = Stack::connect().await;
    let account = one_cup(&stack).await;
    let refusals = json!([
        {"status": 403, "reason": "userRateLimitExceeded", "times": 4},
        {"status": 503, "times": 3},
    ]);
    stack.google.faults(json!({"drive_media": refusals})).await;
    let job = run(&stack, &account).await;
    assert_eq!(job["status"], "completed", "{job}");
}

#[tokio::test]
async fn a_drive_is_waited_for_until_the_deadline_and_no_longer() {
    for (refusal, code) in [
        (
            json!({"status": 403, "reason": "rateLimitExceeded", "times": 99}),
            "drive_rate_limited",
        ),
        (json!({"status": 500, "times": 99}), "drive_unavailable"),
    ] {
        let stack = Stack::connect().await;
        let account = one_cup(&stack).await;
        stack.google.faults(json!({"drive_media": [refusal]})).await;
        let photo = PhotoSource::Drive(DrivePhoto {
            file: FileRef::plain(account.id("cup.jpg").parse().expect("an id")),
            name: "cup.jpg".to_owned(),
            is_copied: false,
        });
        let job = stack
            .rows
            .create_with(1, |new| {
                new.photos = vec![photo];
                new.deadline_at = new.created_at - Duration::from_secs(1);
            })
            .await;
        stack.workflow.start(job.owner, job.id).await;
        let job = ended(&stack, &job.id.to_string()).await;
        assert_failed(&stack, &job, code, "Google Drive ").await;
        assert_eq!(job["error"]["retryable"], true);
    }
}

#[tokio::test]
async fn a_job_that_is_canceled_copies_nothing_more() {
    let stack = Stack::connect().await;
    let account = one_cup(&stack).await;
    let job = copies::row(&stack, &[(account.id("cup.jpg"), "cup.jpg")]).await;
    let path = format!("/api/v1/jobs/{}/cancel", job.id);
    assert_eq!(stack.api.post(&path, &json!({})).await.status, 202);
    assert_eq!(
        stack.workflow.task("copy-photos", &job).await,
        Ok(json!({"state": "finished"}))
    );
    assert_eq!(account.calls(&stack, "drive_media").await, 0);
}
