//! A webhook that arrives: its signature, its headers, its body.

use packshot_clients::{accounts::Accounts, clock, deliveries::DeliveryStatus};
use packshot_domain::{
    failure::FailureCode,
    id::{self, UserId},
    job::NewJob,
    limits::Plan,
    user::User,
    webhook::Secret,
};
use packshot_tests::{
    ended_jobs::{completed, declined, failed, new_job, ready},
    receiver::{Received, Receiver},
    stack::Stack,
};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

use super::{deliver, deliver_job, message, record_of, told_to, written};

/// Whether a receiver that knows this secret accepts the webhook.
fn is_accepted(received: &Received, secret: &Secret) -> bool {
    let webhook = Webhook::new(secret.reveal()).expect("a secret");
    webhook.verify(&received.body, &received.headers).is_ok()
}

fn json_of(received: &Received) -> Value {
    serde_json::from_slice(&received.body).expect("a body of JSON")
}

/// The whole way: a job through the API, its execution, the queue, the receiver.
#[tokio::test]
async fn the_end_of_a_job_reaches_its_receiver() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    let metadata = json!({"sku": "cup-7"});
    let id = stack
        .api
        .start_job(json!({"callback_url": receiver.url, "metadata": metadata}))
        .await;
    let webhook = receiver.first(1).await.remove(0);

    assert!(is_accepted(&webhook, &stack.user.webhook_secrets[0]));
    assert_eq!(webhook.headers["content-type"], "application/json");
    assert!(
        webhook.headers["user-agent"]
            .to_str()
            .is_ok_and(|agent| agent.starts_with("Packshot/"))
    );
    let body = json_of(&webhook);
    assert_eq!(
        (&body["type"], &body["data"]["id"]),
        (&json!("job.completed"), &json!(id))
    );
    assert_eq!(body["data"]["metadata"], metadata);
    for image in body["data"]["images"].as_array().expect("images") {
        for link in ["url", "thumbnail_url"] {
            let (status, _, _) = stack.api.fetch(image[link].as_str().expect("a link")).await;
            assert_eq!(status, 200, "{image}");
        }
    }
    assert_eq!(stack.api.job(&id).await["status"], "completed");
}

#[tokio::test]
async fn the_body_says_how_the_job_ended_and_no_more() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    let new = NewJob {
        callback_url: Some(receiver.url.parse().expect("a URL")),
        ..new_job(stack.user.id, 2)
    };
    let job = written(&stack, completed(new, &[ready(), declined()])).await;
    assert!(!deliver_job(&stack, &job, 1).await);

    let file = |name: &str| format!("{}/images/{}/{name}", stack.base_url(), job.images_token);
    let expected = json!({
        "type": "job.completed",
        "timestamp": job.finished_at,
        "data": {
            "id": job.id.to_string(),
            "object": "job",
            "status": "completed",
            "progress": 100,
            "created_at": job.created_at,
            "finished_at": job.finished_at,
            "count": 2,
            "images": [
                {
                    "id": job.images[0].id.to_string(),
                    "index": 0,
                    "status": "ready",
                    "title": "Shot 1",
                    "kind": "studio",
                    "alt": job.shots[0].alt,
                    "aspect_ratio": "1:1",
                    "url": file("01.png"),
                    "thumbnail_url": file("01-thumbnail.webp"),
                    "width": 1024,
                    "height": 1024,
                    "content_type": "image/png",
                    "bytes": 1_234_567,
                },
                {
                    "id": job.images[1].id.to_string(),
                    "index": 1,
                    "status": "failed",
                    "reason": "blocked_by_safety",
                    "message": "Gemini declined it (safety). Edit its prompt and try again.",
                    "title": "Shot 2",
                    "kind": "studio",
                    "alt": job.shots[1].alt,
                    "aspect_ratio": "1:1",
                },
            ],
            "metadata": {"sku": "cup-1"},
            "links": {
                "self": format!("{}/api/v1/jobs/{}", stack.base_url(), job.id),
                "archive": file("images.zip"),
            },
        },
    });
    assert_eq!(json_of(&receiver.received()[0]), expected);
}

#[tokio::test]
async fn a_failure_is_told_with_its_reason() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    let new = NewJob {
        callback_url: Some(receiver.url.parse().expect("a URL")),
        ..new_job(stack.user.id, 1)
    };
    let job = written(&stack, failed(new, FailureCode::BatchExpired)).await;
    assert!(!deliver_job(&stack, &job, 1).await);
    let body = json_of(&receiver.received()[0]);
    assert_eq!(body["type"], "job.failed");
    let expected = json!({
        "code": "batch_expired",
        "message": "Gemini did not get to the batch in time. Start the job again.",
        "retryable": true,
    });
    assert_eq!(body["data"]["error"], expected);
}

#[tokio::test]
async fn headers_are_those_of_standard_webhooks() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    assert!(!deliver_job(&stack, &job, 1).await);
    let webhook = receiver.received().remove(0);
    assert_eq!(
        webhook.headers["webhook-id"],
        id::end_of_job_event(job.id).to_string().as_str()
    );
    let at: i64 = webhook.headers["webhook-timestamp"]
        .to_str()
        .expect("text")
        .parse()
        .expect("seconds");
    assert!((clock::now().as_second() - at).abs() < 60, "{at}");
    assert!(is_accepted(&webhook, &stack.user.webhook_secrets[0]));
    assert!(
        !is_accepted(&webhook, &Secret::from_random([8; 32])),
        "another secret"
    );
    let mut changed = webhook.clone();
    changed.body = String::from_utf8_lossy(&webhook.body)
        .replace("completed", "failed")
        .into();
    assert!(
        !is_accepted(&changed, &stack.user.webhook_secrets[0]),
        "another body"
    );
}

#[tokio::test]
async fn every_active_secret_signs() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    let secrets = [Secret::from_random([1; 32]), Secret::from_random([2; 32])];
    let user = User {
        id: UserId::from_uuid(clock::new_uuid()),
        email: stack.user.email.clone(),
        webhook_secrets: secrets.to_vec(),
        webhook_endpoint: None,
        plan: Plan::Free,
        own_allowance: None,
    };
    assert!(
        Accounts::new(stack.table.clone())
            .create(&user)
            .await
            .expect("written")
    );
    let new = NewJob {
        callback_url: Some(receiver.url.parse().expect("a URL")),
        ..new_job(user.id, 1)
    };
    let job = written(&stack, completed(new, &[ready()])).await;
    assert!(!deliver_job(&stack, &job, 1).await);
    let webhook = receiver.received().remove(0);
    assert!(secrets.iter().all(|secret| is_accepted(&webhook, secret)));
}

#[tokio::test]
async fn the_same_message_twice_is_one_webhook() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    let message = message(&super::body_of(&job), 1);
    for _ in 0..2 {
        assert!(deliver(&stack, std::slice::from_ref(&message)).await.is_empty());
    }
    assert_eq!(receiver.received().len(), 1);
    let record = record_of(&stack, &job).await.expect("a record");
    assert_eq!(
        (record.status, record.attempts.len()),
        (DeliveryStatus::Delivered, 1)
    );
}
