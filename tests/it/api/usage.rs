//! What was used, per day and key.

use packshot_tests::stack::Stack;
use reqwest::Method;
use serde_json::{Value, json};

async fn days(stack: &Stack, query: &str) -> Vec<Value> {
    let answer = stack.api.get(&format!("/api/v1/usage{query}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["data"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_day_counts_requests_jobs_and_images() {
    let stack = Stack::connect().await;
    let id = stack.api.start_job(json!({"count": 2})).await;
    stack.api.finished_job(&id).await;
    let days = days(&stack, "").await;
    let [day] = days.as_slice() else {
        panic!("{days:?}");
    };
    assert_eq!((&day["jobs"], &day["images"]), (&json!(1), &json!(2)), "{day}");
    assert!(day["requests"].as_u64() >= Some(2), "{day}");
    assert_ne!(day["cost_usd"], "0.000000");

    let token = stack.sign_in().await;
    let path = format!("/api/keys/{}/usage", day["key_id"].as_str().expect("an id"));
    let request = stack.api.page_request(Method::GET, &path, &token);
    let answer = stack.api.send(request).await;
    assert_eq!(answer.body["data"][0]["images"], 2, "{answer:?}");
}

#[tokio::test]
async fn a_first_day_may_be_named() {
    let stack = Stack::connect().await;
    assert_eq!(days(&stack, "?since=2099-01-01").await, Vec::<Value>::new());
    for (query, code) in [
        ("since=yesterday", "since invalid_date"),
        ("until=2026-11-01", "until unknown_field"),
    ] {
        let answer = stack.api.get(&format!("/api/v1/usage?{query}")).await;
        assert_eq!(answer.field_codes(), [code]);
    }
}
