//! Test events: what is sent, what is told of it, and how many there may be.

use packshot_tests::{
    receiver::{Receiver, Scripted},
    stack::Stack,
};
use serde_json::json;

const TEST: &str = "/api/v1/webhook-test";

#[tokio::test]
async fn a_sample_of_each_type_is_sent_as_a_delivery_would_be() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    let types = [
        "job.completed",
        "job.failed",
        "job.canceled",
        "image.completed",
        "image.failed",
    ];
    for event_type in types {
        let wanted = json!({"url": receiver.url, "type": event_type});
        let answer = stack.api.post(TEST, &wanted).await;
        assert_eq!(
            (
                answer.status,
                &answer.body["ok"],
                &answer.body["status"],
                &answer.body["findings"]
            ),
            (200, &json!(true), &json!(204), &json!([])),
            "{answer:?}"
        );
    }
    let events = receiver.received();
    let secret = stack.user.webhook_secrets[0].reveal();
    for (event, event_type) in events.iter().zip(types) {
        assert!(event.is_signed_with(secret));
        let body = event.json();
        assert_eq!(
            (&body["type"], &body["data"]["test"], &body["data"]["object"]),
            (&json!(event_type), &json!(true), &json!("job"))
        );
    }
    let mut ids: Vec<_> = events
        .iter()
        .map(|event| event.headers["webhook-id"].clone())
        .collect();
    ids.dedup();
    assert_eq!(
        ids.len(),
        types.len(),
        "a receiver that drops what it has seen drops none"
    );
    let list = stack.api.get("/api/v1/webhook-deliveries").await;
    assert_eq!(list.body["data"], json!([]));
}

#[tokio::test]
async fn what_the_receiver_says_is_told() {
    let stack = Stack::connect().await;
    let refusal = Scripted {
        body: "no such shop".to_owned(),
        ..Scripted::from(404)
    };
    let receiver = Receiver::start(vec![refusal]).await;
    let answer = stack.api.post(TEST, &json!({"url": receiver.url})).await;
    assert_eq!(receiver.received()[0].json()["type"], "job.completed");
    let body = &answer.body;
    assert_eq!(
        (answer.status, &body["ok"], &body["status"], &body["answer"]),
        (200, &json!(false), &json!(404), &json!("no such shop"))
    );
    assert_eq!(body["findings"][0]["code"], "not_accepted");
}

#[tokio::test]
async fn an_address_that_is_not_public_is_refused() {
    let stack = Stack::connect().await;
    let answer = stack
        .api
        .post(
            TEST,
            &json!({"url": "https://192.168.1.20/hook", "type": "webhook.test"}),
        )
        .await;
    answer.assert_problem(422, "invalid_fields");
    assert_eq!(answer.field_codes(), ["url invalid_url", "type unknown_value"]);
}

#[tokio::test]
async fn there_are_ten_a_minute_the_saving_of_an_endpoint_included() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    let wanted = json!({"url": receiver.url});
    stack.api.save_endpoint(&wanted).await;
    let mut refused = None;
    // One comes back each six seconds, and this may be a slow machine.
    for _ in 0..60 {
        let answer = stack.api.post(TEST, &wanted).await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    let sent = receiver.received().len();
    let refused = refused.expect("refused in the end");
    refused.assert_problem(429, "rate_limited");
    assert!(sent >= 10, "{sent}");
    let wait = refused.headers["retry-after"].to_str().expect("seconds");
    assert!(
        (1..=6).contains(&wait.parse::<u64>().expect("a number")),
        "{wait}"
    );
    let saving = stack.api.put("/api/v1/webhook-endpoint", &wanted).await;
    if saving.status != 200 {
        saving.assert_problem(429, "rate_limited");
    }
}
