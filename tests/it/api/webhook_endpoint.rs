//! The account's endpoint: saved, tried out, shown, removed.

use std::time::Duration;

use packshot_tests::{
    receiver::{Receiver, Scripted},
    stack::Stack,
};
use serde_json::{Value, json};

const ENDPOINT: &str = "/api/v1/webhook-endpoint";

#[tokio::test]
async fn an_endpoint_is_saved_shown_and_removed() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    stack
        .api
        .get(ENDPOINT)
        .await
        .assert_problem(404, "endpoint_not_found");
    stack
        .api
        .delete(ENDPOINT)
        .await
        .assert_problem(404, "endpoint_not_found");

    let saved = stack.api.save_endpoint(&json!({"url": receiver.url})).await;
    assert_eq!(
        (&saved["object"], &saved["url"], &saved["status"]),
        (
            &json!("webhook_endpoint"),
            &json!(receiver.url),
            &json!("enabled")
        )
    );
    let every = [
        "job.completed",
        "job.failed",
        "job.canceled",
        "image.completed",
        "image.failed",
    ];
    assert_eq!(saved["events"], json!(every));
    assert_eq!(
        (
            &saved["check"]["ok"],
            &saved["check"]["status"],
            &saved["check"]["findings"]
        ),
        (&json!(true), &json!(204), &json!([])),
        "{saved}"
    );
    assert!(saved["check"]["milliseconds"].is_u64(), "{saved}");
    assert_eq!(stack.api.endpoint().await, saved);

    let wanted = json!({"url": receiver.url, "events": ["job.failed", "job.completed", "job.failed"]});
    let changed = stack.api.save_endpoint(&wanted).await;
    assert_eq!(changed["events"], json!(["job.completed", "job.failed"]));
    assert_eq!(changed["created_at"], saved["created_at"]);

    let removed = stack.api.delete(ENDPOINT).await;
    assert_eq!(removed.status, 204, "{removed:?}");
    stack
        .api
        .get(ENDPOINT)
        .await
        .assert_problem(404, "endpoint_not_found");
}

#[tokio::test]
async fn the_test_event_is_signed_and_says_what_it_is() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    stack.api.save_endpoint(&json!({"url": receiver.url})).await;
    let event = receiver.received().remove(0);
    assert!(event.is_signed_with(stack.user.webhook_secrets[0].reveal()));
    let body = event.json();
    assert_eq!(
        (&body["type"], &body["data"]["test"]),
        (&json!("webhook.test"), &json!(true))
    );
}

#[tokio::test]
async fn an_endpoint_is_its_owners_alone() {
    let (stack, other) = (Stack::connect().await, Stack::connect().await);
    let receiver = Receiver::start(Vec::new()).await;
    let saved = stack.api.save_endpoint(&json!({"url": receiver.url})).await;
    other
        .api
        .get(ENDPOINT)
        .await
        .assert_problem(404, "endpoint_not_found");
    other
        .api
        .delete(ENDPOINT)
        .await
        .assert_problem(404, "endpoint_not_found");
    assert_eq!(stack.api.endpoint().await, saved);
}

/// What is found at an address, by code and message; the address is saved all the same.
async fn finding(stack: &Stack, url: &str) -> (String, String) {
    let saved = stack.api.save_endpoint(&json!({"url": url})).await;
    assert_eq!(
        (&saved["url"], &saved["status"]),
        (&json!(url), &json!("enabled"))
    );
    let check = &saved["check"];
    let findings = check["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 1, "{saved}");
    let text = |name: &str| findings[0][name].as_str().expect("a text").to_owned();
    assert_eq!(check["ok"], json!(text("code") == "slow"), "{saved}");
    (text("code"), text("message"))
}

#[tokio::test]
async fn what_is_wrong_with_an_address_is_found_when_it_is_saved() {
    let stack = Stack::connect().await;
    let moved = Scripted {
        header: Some(("location", "/elsewhere/".to_owned())),
        ..Scripted::from(308)
    };
    let receiver = Receiver::start(vec![moved, 500.into(), 410.into()]).await;
    let (code, message) = finding(&stack, &receiver.url).await;
    assert_eq!(code, "redirect");
    let target = receiver.url.replace("/hook", "/elsewhere/");
    assert!(
        message.contains(&format!("{target}, and deliveries follow none")),
        "{message}"
    );
    let (code, message) = finding(&stack, &receiver.url).await;
    assert_eq!(code, "not_accepted");
    assert!(message.contains("HTTP 500"), "{message}");
    assert_eq!(finding(&stack, &receiver.url).await.0, "gone");

    let (code, message) = finding(&stack, &receiver.url.replace("http://", "https://")).await;
    assert_eq!(code, "tls", "{message}");
    assert!(message.contains("does not speak TLS"), "{message}");
    assert_eq!(
        finding(&stack, "https://receiver.invalid/hook").await.0,
        "unknown_host"
    );

    // A port that was free a moment ago.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    drop(listener);
    assert_eq!(finding(&stack, &url).await.0, "no_connection");
}

#[tokio::test]
async fn an_answer_that_takes_long_is_told() {
    let stack = Stack::connect().await;
    let slow = Receiver::start_slow(Duration::from_millis(5500), Vec::new()).await;
    let (code, message) = finding(&stack, &slow.url).await;
    assert_eq!(code, "slow");
    assert!(message.starts_with("The answer took 5 seconds"), "{message}");
}

#[tokio::test]
async fn an_address_that_is_not_called_is_not_saved() {
    let stack = Stack::connect().await;
    for url in [
        json!("https://10.0.0.1/hook"),
        json!("https://169.254.169.254/latest/meta-data/"),
        json!("https://name:word@shop.example/"),
        json!("hook"),
        Value::Null,
    ] {
        let answer = stack
            .api
            .put(ENDPOINT, &json!({"url": url, "events": ["job.*"]}))
            .await;
        answer.assert_problem(422, "invalid_fields");
        let expected = if url.is_null() {
            "url required"
        } else {
            "url invalid_url"
        };
        assert_eq!(
            answer.field_codes(),
            [expected, "events[0] unknown_value"],
            "{url}"
        );
    }
    stack
        .api
        .get(ENDPOINT)
        .await
        .assert_problem(404, "endpoint_not_found");
}
