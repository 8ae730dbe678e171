//! Who is told that a job has ended: its owner's receiver by webhook, and its owner by mail.

use packshot_clients::{
    clock,
    deliveries::{Deliveries, Delivery},
};
use packshot_domain::{
    id,
    job::{Job, JobEvent, NewJob},
};
use packshot_tests::{
    ended_jobs::{completed, new_job, ready},
    stack::Stack,
};
use serde_json::{Value, json};

use crate::events::sample;

mod attempts;
mod endpoint;
mod giving_up;
mod log;
mod mail;
mod queue;
mod replays;
mod webhooks;

/// A completed job of the test's user that tells this receiver.
fn told_to(stack: &Stack, receiver: &str) -> Job {
    let new = NewJob {
        callback_url: Some(receiver.parse().expect("a URL")),
        ..new_job(stack.user.id, 2)
    };
    completed(new, &[ready(), ready()])
}

/// A completed job of the test's user that names no receiver.
fn told_to_the_endpoint(stack: &Stack) -> Job {
    completed(new_job(stack.user.id, 1), &[ready()])
}

/// Writes a job's row.
async fn written(stack: &Stack, job: Job) -> Job {
    stack.jobs.create(&job).await.expect("written");
    job
}

/// Cancels a job, so that reconcile-jobs does not find it unfinished in a later test.
async fn canceled(stack: &Stack, job: &Job) -> Job {
    let cancel = |job: &Job| job.apply(JobEvent::Canceled, clock::now());
    let changed = stack.jobs.change(job.owner, job.id, cancel).await;
    changed.expect("canceled")
}

/// What the state machine puts into the queue about a job.
fn body_of(job: &Job) -> Value {
    json!({
        "user_id": job.owner.to_string(),
        "job_id": job.id.to_string(),
        "event_id": id::end_of_job_event(job.id).to_string(),
    })
}

/// A message as the queue hands it out for the `receipt`th time.
fn message(body: &Value, receipt: u32) -> Value {
    let mut message = sample("deliver-webhook.two-messages")["Records"][0].clone();
    message["messageId"] = json!(clock::new_uuid().to_string());
    message["body"] = json!(body.to_string());
    message["attributes"]["ApproximateReceiveCount"] = json!(receipt.to_string());
    message
}

/// Has deliver-webhook work on these messages; the answer is the ids of those that the queue keeps.
async fn deliver(stack: &Stack, messages: &[Value]) -> Vec<String> {
    let event = json!({"Records": messages});
    let answer = stack
        .workflow
        .invoke("deliver-webhook", &event)
        .await
        .expect("an answer");
    let kept = answer["batchItemFailures"].as_array().expect("a list");
    kept.iter()
        .map(|one| one["itemIdentifier"].as_str().expect("an id").to_owned())
        .collect()
}

/// Delivers the webhook of a job for the `receipt`th time; the answer is whether the queue keeps the message.
async fn deliver_job(stack: &Stack, job: &Job, receipt: u32) -> bool {
    let message = message(&body_of(job), receipt);
    let kept = deliver(stack, std::slice::from_ref(&message)).await;
    assert!(
        kept.is_empty() || kept == [message["messageId"].as_str().expect("an id")],
        "{kept:?}"
    );
    !kept.is_empty()
}

/// The record of a job's delivery, if there is one.
async fn record_of(stack: &Stack, job: &Job) -> Option<Delivery> {
    let deliveries = Deliveries::new(stack.table.clone());
    deliveries
        .get(job.owner, id::end_of_job_event(job.id))
        .await
        .expect("read")
}
