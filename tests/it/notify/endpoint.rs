//! The account's endpoint: which events go there, and which to a job's own receiver.

use packshot_domain::{
    failure::FailureCode,
    job::NewJob,
    webhook::{EventFilter, EventType},
};
use packshot_tests::{
    ended_jobs::{completed, failed, new_job, ready},
    receiver::{Received, Receiver},
    stack::Stack,
};
use serde_json::{Value, json};

use super::{deliver_job, record_of, told_to, told_to_the_endpoint, written};

/// A receiver that is the account's endpoint; the test event has come already.
async fn endpoint(stack: &Stack, events: Option<Value>) -> Receiver {
    let receiver = Receiver::start(Vec::new()).await;
    let mut wanted = json!({"url": receiver.url});
    if let Some(events) = events {
        wanted["events"] = events;
    }
    stack.api.save_endpoint(&wanted).await;
    receiver
}

fn types(received: &[Received]) -> Vec<String> {
    let text = |received: &Received| received.json()["type"].as_str().expect("a type").to_owned();
    received.iter().map(text).collect()
}

/// The whole way: a job through the API that names no receiver, its execution, the queue, the endpoint.
#[tokio::test]
async fn a_job_that_names_no_receiver_is_told_to_the_endpoint() {
    let stack = Stack::connect().await;
    let receiver = endpoint(&stack, None).await;
    let id = stack.api.start_job(json!({"count": 1})).await;
    let webhooks = receiver.first(2).await;
    assert_eq!(types(&webhooks), ["webhook.test", "job.completed"]);
    assert_eq!(webhooks[1].json()["data"]["id"], json!(id));
    let secret = stack.user.webhook_secrets[0].reveal();
    assert!(webhooks.iter().all(|webhook| webhook.is_signed_with(secret)));
}

#[tokio::test]
async fn a_jobs_own_receiver_takes_the_place_of_the_endpoint() {
    let stack = Stack::connect().await;
    let (account, own) = (endpoint(&stack, None).await, Receiver::start(Vec::new()).await);
    let job = written(&stack, told_to(&stack, &own.url)).await;
    assert!(!deliver_job(&stack, &job, 1).await);
    assert_eq!((account.received().len(), own.received().len()), (1, 1));
}

#[tokio::test]
async fn a_canceled_job_is_told_to_the_endpoint() {
    let stack = Stack::connect().await;
    let receiver = endpoint(&stack, None).await;
    let job = stack.rows.create(1).await;
    let answer = stack
        .api
        .post(&format!("/api/v1/jobs/{}/cancel", job.id), &json!({}))
        .await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let webhooks = receiver.first(2).await;
    assert_eq!(types(&webhooks)[1], "job.canceled");
    assert_eq!(webhooks[1].json()["data"]["id"], json!(job.id.to_string()));
}

#[tokio::test]
async fn the_endpoint_gets_the_events_that_it_wants() {
    let stack = Stack::connect().await;
    let receiver = endpoint(&stack, Some(json!(["job.failed", "image.failed"]))).await;
    let completed = written(&stack, told_to_the_endpoint(&stack)).await;
    let failed = failed(new_job(stack.user.id, 1), FailureCode::BatchExpired);
    let failed = written(&stack, failed).await;
    assert!(!deliver_job(&stack, &completed, 1).await);
    assert!(!deliver_job(&stack, &failed, 1).await);
    assert_eq!(types(&receiver.received()), ["webhook.test", "job.failed"]);
    assert_eq!(
        record_of(&stack, &completed).await,
        None,
        "nobody wanted to hear it"
    );
}

#[tokio::test]
async fn a_jobs_own_receiver_gets_the_events_that_were_named() {
    let stack = Stack::connect().await;
    let (account, own) = (endpoint(&stack, None).await, Receiver::start(Vec::new()).await);
    let with_filter = || NewJob {
        callback_url: own.url.parse().ok(),
        callback_events: EventFilter::only([EventType::JobFailed]),
        ..new_job(stack.user.id, 1)
    };
    let completed = written(&stack, completed(with_filter(), &[ready()])).await;
    let failed = written(&stack, failed(with_filter(), FailureCode::BatchExpired)).await;
    assert!(!deliver_job(&stack, &completed, 1).await);
    assert!(!deliver_job(&stack, &failed, 1).await);
    assert_eq!(types(&own.received()), ["job.failed"]);
    assert_eq!(
        account.received().len(),
        1,
        "a filter does not send the rest elsewhere"
    );
}

/// The same from the API on: the state machine does not even queue what the job's own receiver does not want.
#[tokio::test]
async fn what_a_job_leaves_out_is_not_queued() {
    let stack = Stack::connect().await;
    let own = Receiver::start(Vec::new()).await;
    let fields = json!({"count": 1, "callback_url": own.url, "callback_events": ["job.failed"]});
    let id = stack.api.start_job(fields).await;
    assert_eq!(stack.api.finished_job(&id).await["status"], "completed");
    let job = stack.jobs.get(stack.user.id, id.parse().expect("an id")).await;
    let job = job.expect("read").expect("there");
    let answer = stack
        .workflow
        .task("collect-images", &job)
        .await
        .expect("an answer");
    assert_eq!(
        (&answer["status"], &answer["webhook"]),
        (&json!("completed"), &json!(false))
    );
    stack.workflow.ended(&id).await;
    assert!(!deliver_job(&stack, &job, 1).await);
    assert!(own.received().is_empty());
}

#[tokio::test]
async fn an_endpoint_that_moves_gets_what_is_under_way() {
    let stack = Stack::connect().await;
    let old = Receiver::start(vec![204.into(), 500.into()]).await;
    stack.api.save_endpoint(&json!({"url": old.url})).await;
    let job = written(&stack, told_to_the_endpoint(&stack)).await;
    assert!(deliver_job(&stack, &job, 1).await, "it is kept");
    let new = endpoint(&stack, None).await;
    assert!(!deliver_job(&stack, &job, 2).await);
    assert_eq!((old.received().len(), new.received().len()), (2, 2));
    let record = record_of(&stack, &job).await.expect("a record");
    assert_eq!((record.url, record.attempts.len()), (new.url, 2));
    assert_eq!(stack.api.endpoint().await.get("failing_since"), None);
}

#[tokio::test]
async fn an_endpoint_that_is_gone_leaves_nothing_pending() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(vec![204.into(), 500.into()]).await;
    stack.api.save_endpoint(&json!({"url": receiver.url})).await;
    let job = written(&stack, told_to_the_endpoint(&stack)).await;
    assert!(deliver_job(&stack, &job, 1).await, "it is kept");
    assert_eq!(stack.api.delete("/api/v1/webhook-endpoint").await.status, 204);
    assert!(!deliver_job(&stack, &job, 2).await);
    let path = format!(
        "/api/v1/webhook-deliveries/{}",
        packshot_domain::id::end_of_job_event(job.id)
    );
    assert_eq!(stack.api.get(&path).await.body["status"], "skipped");
}
