//! What a watcher sees while a job runs, and what a receiver is told when it ends.

use std::time::Duration;

use packshot_tests::{PATIENCE, receiver::Receiver, stack::Stack};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

use super::ended;

/// Delays that let every status be seen from outside.
fn leisure() -> Value {
    json!({
        "generate_content": [{"delay_ms": 700}],
        "create_batch": [{"delay_ms": 300}],
        "get_batch": [{"delay_ms": 300, "times": 12}],
        "batch": {"polls_until_done": 9},
    })
}

/// Every status with its progress that was seen until the end of a job, in order, each once.
async fn watched(stack: &Stack, id: &str) -> Vec<(String, u64)> {
    let mut seen: Vec<(String, u64)> = Vec::new();
    let watch = async {
        loop {
            let job = stack.api.job(id).await;
            let now = (
                job["status"].as_str().expect("a status").to_owned(),
                job["progress"].as_u64().expect("a number"),
            );
            if seen.last() != Some(&now) {
                seen.push(now.clone());
            }
            if matches!(now.0.as_str(), "completed" | "failed" | "canceled") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    };
    tokio::time::timeout(PATIENCE, watch).await.expect("the job ends");
    seen
}

#[tokio::test]
async fn a_job_passes_every_status_in_order_and_its_progress_never_goes_back() {
    let stack = Stack::connect().await;
    stack.google.faults(leisure()).await;
    let id = stack.api.start_job(json!({"count": 4})).await;
    let seen = watched(&stack, &id).await;

    let mut statuses: Vec<&str> = seen.iter().map(|(status, _)| status.as_str()).collect();
    statuses.dedup();
    let expected = ["queued", "strategy", "batch_submitted", "generating", "completed"];
    let first_seen = usize::from(statuses[0] != "queued");
    assert_eq!(statuses, expected[first_seen..], "{seen:?}");
    assert!(seen.is_sorted_by_key(|(_, progress)| *progress), "{seen:?}");
    for (status, progress) in &seen {
        let range = match status.as_str() {
            "queued" => 0..=0,
            "strategy" => 5..=5,
            "batch_submitted" => 20..=20,
            "generating" => 25..=90,
            _ => 100..=100,
        };
        assert!(range.contains(progress), "{status}: {progress}");
    }
    let generating = seen.iter().filter(|(status, _)| status == "generating").count();
    assert!(
        generating >= 2,
        "progress follows the batch's own counts: {seen:?}"
    );
}

#[tokio::test]
async fn the_receiver_is_told_of_a_completed_job_with_a_signature_that_holds() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(vec![]).await;
    let wanted = json!({"count": 2, "callback_url": receiver.url, "metadata": {"sku": "17"}});
    let id = stack.api.start_job(wanted).await;
    let job = ended(&stack, &id).await;
    let data = verified(&stack, &receiver, "job.completed").await;
    for field in ["id", "status", "progress", "count", "metadata", "links"] {
        assert_eq!(data[field], job[field], "{field}");
    }
    for (told, image) in data["images"]
        .as_array()
        .expect("images")
        .iter()
        .zip(job["images"].as_array().expect("images"))
    {
        for field in ["id", "index", "status", "url", "thumbnail_url", "width", "height"] {
            assert_eq!(told[field], image[field], "{field}");
        }
    }
}

#[tokio::test]
async fn the_receiver_is_told_of_a_failed_job_too() {
    let stack = Stack::connect().await;
    stack
        .google
        .faults(json!({"batch": {"end_state": "FAILED"}}))
        .await;
    let receiver = Receiver::start(vec![]).await;
    let id = stack
        .api
        .start_job(json!({"count": 1, "callback_url": receiver.url}))
        .await;
    let job = ended(&stack, &id).await;
    let data = verified(&stack, &receiver, "job.failed").await;
    assert_eq!((&data["id"], &data["error"]), (&job["id"], &job["error"]));
}

/// The data of the only webhook that came, after its type and its signature were checked.
async fn verified(stack: &Stack, receiver: &Receiver, event_type: &str) -> Value {
    let webhooks = receiver.first(1).await;
    assert_eq!(webhooks.len(), 1);
    let webhook = Webhook::new(stack.user.webhook_secrets[0].reveal()).expect("a secret");
    webhook
        .verify(&webhooks[0].body, &webhooks[0].headers)
        .expect("the signature holds");
    let body: Value = serde_json::from_slice(&webhooks[0].body).expect("JSON");
    assert_eq!(body["type"], event_type);
    body["data"].clone()
}
