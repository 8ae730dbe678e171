//! Receivers that fail: until they recover, or until they are warned of and given up.

use std::collections::BTreeSet;

use packshot_clients::deliveries::DeliveryStatus;
use packshot_domain::job::Job;
use packshot_tests::{
    receiver::{Receiver, Scripted},
    stack::Stack,
};
use serde_json::json;

use super::{deliver_job, record_of, told_to, told_to_the_endpoint, written};

/// An endpoint that accepts the test event, and then answers so.
async fn endpoint(stack: &Stack, then: impl IntoIterator<Item = u16>) -> Receiver {
    let script = [204].into_iter().chain(then).map(Scripted::from).collect();
    let receiver = Receiver::start(script).await;
    stack.api.save_endpoint(&json!({"url": receiver.url})).await;
    receiver
}

async fn job_of(stack: &Stack) -> Job {
    written(stack, told_to_the_endpoint(stack)).await
}

async fn status_of(stack: &Stack, job: &Job) -> DeliveryStatus {
    record_of(stack, job).await.expect("a record").status
}

#[tokio::test]
async fn three_failures_and_a_success_are_one_event_to_its_receiver() {
    let stack = Stack::connect().await;
    let script = [500, 502, 503];
    let receiver = Receiver::start(script.map(Scripted::from).into()).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    for receipt in 1..=3 {
        assert!(
            deliver_job(&stack, &job, receipt).await,
            "attempt {receipt} is kept"
        );
    }
    assert!(!deliver_job(&stack, &job, 4).await);
    assert!(
        !deliver_job(&stack, &job, 5).await,
        "the queue hands it out once more"
    );

    let calls = receiver.received();
    let ids: BTreeSet<_> = calls
        .iter()
        .map(|call| call.headers["webhook-id"].as_bytes())
        .collect();
    assert_eq!((calls.len(), ids.len()), (4, 1));
    let secret = stack.user.webhook_secrets[0].reveal();
    assert!(calls.iter().all(|call| call.is_signed_with(secret)));
    let record = record_of(&stack, &job).await.expect("a record");
    let statuses: Vec<Option<u16>> = record.attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!(statuses, [Some(500), Some(502), Some(503), Some(204)]);
    assert_eq!(record.status, DeliveryStatus::Delivered);
}

#[tokio::test]
async fn failing_is_shown_until_something_arrives() {
    let stack = Stack::connect().await;
    let _receiver = endpoint(&stack, [500, 500]).await;
    let job = job_of(&stack).await;
    assert!(deliver_job(&stack, &job, 1).await);
    let first = record_of(&stack, &job).await.expect("a record").attempts[0].at;
    assert!(deliver_job(&stack, &job, 2).await);
    let shown = stack.api.endpoint().await;
    assert_eq!(
        (&shown["status"], &shown["failing_since"]),
        (&json!("enabled"), &json!(first))
    );
    assert!(!deliver_job(&stack, &job, 3).await);
    assert_eq!(stack.api.endpoint().await.get("failing_since"), None);
}

#[tokio::test]
async fn the_owner_is_warned_once_before_an_endpoint_is_given_up() {
    let stack = Stack::connect().await;
    let _receiver = endpoint(&stack, [500; 9]).await;
    let (job, other) = (job_of(&stack).await, job_of(&stack).await);
    let mails = async || stack.mailbox.to(&stack.user.email).await;
    for receipt in [1, 6] {
        assert!(deliver_job(&stack, &job, receipt).await);
    }
    assert!(mails().await.is_empty(), "too early");
    for receipt in [7, 7, 8, 9] {
        assert!(deliver_job(&stack, &job, receipt).await);
    }
    assert!(deliver_job(&stack, &other, 7).await);

    let mails = mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(
        mails[0]["Subject"],
        "Your webhook receiver at 127.0.0.1 does not accept events"
    );
    for part in ["BodyText", "BodyHtml"] {
        let body = mails[0][part].as_str().expect("a body");
        assert!(body.contains("The answer was HTTP 500"), "{body}");
        assert!(body.contains("Then the endpoint is turned off"), "{body}");
        assert!(
            !body.contains("/hook"),
            "an address's path may be a secret: {body}"
        );
    }
    assert_eq!(stack.api.endpoint().await["status"], "enabled");
}

#[tokio::test]
async fn the_owner_of_a_jobs_own_receiver_is_warned_too() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(vec![500.into()]).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    assert!(deliver_job(&stack, &job, 7).await);
    let mails = stack.mailbox.to(&stack.user.email).await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    let text = mails[0]["BodyText"].as_str().expect("a body");
    assert!(text.contains("Then this event is given up."), "{text}");
}

#[tokio::test]
async fn nobody_is_warned_where_another_event_has_arrived_meanwhile() {
    let stack = Stack::connect().await;
    let _receiver = endpoint(&stack, [500, 204, 500]).await;
    let (job, other) = (job_of(&stack).await, job_of(&stack).await);
    assert!(deliver_job(&stack, &job, 1).await);
    assert!(!deliver_job(&stack, &other, 1).await);
    assert!(deliver_job(&stack, &job, 7).await);
    assert!(stack.mailbox.to(&stack.user.email).await.is_empty());
}

#[tokio::test]
async fn an_endpoint_that_failed_for_two_days_is_disabled_and_what_it_misses_is_kept() {
    let stack = Stack::connect().await;
    let receiver = endpoint(&stack, [500, 500]).await;
    let (tried, missed) = (job_of(&stack).await, job_of(&stack).await);
    assert!(deliver_job(&stack, &tried, 1).await);
    assert!(
        deliver_job(&stack, &tried, 10).await,
        "it goes to the dead letters"
    );
    let shown = stack.api.endpoint().await;
    assert_eq!(
        (&shown["status"], &shown["disabled_reason"]),
        (&json!("disabled"), &json!("failing")),
        "{shown}"
    );
    assert!(shown["disabled_at"].is_string(), "{shown}");

    assert!(!deliver_job(&stack, &missed, 1).await);
    assert_eq!(receiver.received().len(), 3, "the test event and two attempts");
    assert_eq!(status_of(&stack, &missed).await, DeliveryStatus::Skipped);

    let enabled = stack.api.save_endpoint(&json!({"url": receiver.url})).await;
    assert_eq!(enabled["status"], "enabled");
    assert_eq!(enabled.get("failing_since"), None);
    let wanted = json!({"since": shown["created_at"]});
    let answer = stack.api.post("/api/v1/webhook-deliveries/replay", &wanted).await;
    assert_eq!(
        (answer.status, &answer.body["replayed"], &answer.body["has_more"]),
        (202, &json!(2), &json!(false)),
        "{answer:?}"
    );
    // Three calls before, the test event of the second saving, and both replays.
    receiver.first(6).await;
    for job in [&tried, &missed] {
        packshot_tests::eventually("the replay's record", async || {
            (status_of(&stack, job).await == DeliveryStatus::Delivered).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn an_endpoint_at_which_something_else_arrived_is_not_disabled() {
    let stack = Stack::connect().await;
    let _receiver = endpoint(&stack, [500, 204, 500]).await;
    let (job, other) = (job_of(&stack).await, job_of(&stack).await);
    assert!(deliver_job(&stack, &job, 1).await);
    assert!(!deliver_job(&stack, &other, 1).await);
    assert!(deliver_job(&stack, &job, 10).await);
    assert_eq!(status_of(&stack, &job).await, DeliveryStatus::Exhausted);
    assert_eq!(stack.api.endpoint().await["status"], "enabled");
}

#[tokio::test]
async fn an_endpoint_that_wants_no_more_is_disabled_at_once() {
    let stack = Stack::connect().await;
    let receiver = endpoint(&stack, [410]).await;
    let (told, missed) = (job_of(&stack).await, job_of(&stack).await);
    assert!(!deliver_job(&stack, &told, 1).await);
    let shown = stack.api.endpoint().await;
    assert_eq!(
        (&shown["status"], &shown["disabled_reason"]),
        (&json!("disabled"), &json!("gone"))
    );
    assert!(!deliver_job(&stack, &missed, 1).await);
    assert_eq!(receiver.received().len(), 2);
    assert_eq!(status_of(&stack, &told).await, DeliveryStatus::Gone);
    assert_eq!(status_of(&stack, &missed).await, DeliveryStatus::Skipped);
}
