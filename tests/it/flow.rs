//! The main job as a whole: from photos to images, mail and webhook, and everything that can go wrong on the way.
//!
//! Everything runs as on AWS: the real template, state machine and functions, with their own rights only. What stands
//! in for others is Gemini, web servers of strangers and receivers of webhooks. Waits take no time.

use aws_sdk_sfn::types::ExecutionStatus;
use packshot_clients::accounts::Accounts;
use packshot_domain::{job::Job, limits::Consumption};
use packshot_tests::stack::Stack;
use serde_json::Value;

mod batches;
mod changes;
mod failing_states;
mod gemini;
mod late;
mod many;
mod photos;
mod progress;
mod queue;
mod reconcile;
mod repeats;
mod retries;
mod sources;
mod strategy;
mod submission;
mod whole;

/// A job that the API has started, after everything that was to happen to it has happened: its execution is over.
async fn ended(stack: &Stack, id: &str) -> Value {
    assert_eq!(stack.workflow.ended(id).await, ExecutionStatus::Succeeded, "{id}");
    stack.api.job(id).await
}

/// Runs a job whose row was written by hand through the state machine.
async fn run(stack: &Stack, job: &Job) -> Value {
    stack.workflow.start(job.owner, job.id).await;
    ended(stack, &job.id.to_string()).await
}

/// Makes sure that a job has failed for this reason, and that its owner was told so, once.
async fn assert_failed(stack: &Stack, job: &Value, code: &str) {
    assert_eq!(job["status"], "failed", "{job}");
    assert_eq!(job["error"]["code"], code, "{job}");
    assert!(
        job["error"]["message"]
            .as_str()
            .is_some_and(|words| words.ends_with('.')),
        "{job}"
    );
    let images = job["images"].as_array().expect("images");
    assert!(
        images
            .iter()
            .all(|image| image["status"] == "failed" && image["reason"].is_string()),
        "{job}"
    );
    assert_eq!(mails(stack).await, 1, "{job}");
}

/// Makes sure that a job has all its images and was submitted once, whatever happened on the way.
async fn assert_completed_once(stack: &Stack, job: &Value) {
    let id = job["id"].as_str().expect("an id");
    assert_eq!(
        (&job["status"], &job["progress"]),
        (&"completed".into(), &100.into()),
        "{job}"
    );
    let images = job["images"].as_array().expect("images");
    assert!(images.iter().all(|image| image["status"] == "ready"), "{job}");
    assert_eq!(stack.google.batches(id).await.len(), 1, "{job}");
    assert_eq!(
        stack.google.uploads(id).await,
        [format!("{id}-photo-1"), format!("{id}-requests")]
    );
}

/// How many mails the test's user has got.
async fn mails(stack: &Stack) -> usize {
    stack.mailbox.to(&stack.user.email).await.len()
}

/// A file at an address that the API gave.
async fn file(stack: &Stack, url: &Value) -> Vec<u8> {
    let (status, _, bytes) = stack.api.fetch(url.as_str().expect("an address")).await;
    assert_eq!(status, 200, "{url}");
    bytes
}

/// What the test's user has had.
async fn consumption(stack: &Stack) -> Consumption {
    let accounts = Accounts::new(stack.table.clone());
    let standing = accounts.standing(stack.user.id).await.expect("read");
    standing.expect("the user is there").1
}
