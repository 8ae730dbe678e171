//! What a user may have made: counted exactly, however many requests arrive at once.

use futures_util::future::join_all;
use packshot_domain::{
    limits::{Allowance, Plan},
    money::MicroUsd,
};
use packshot_tests::{api::Answer, eventually, pictures, stack::Stack};
use reqwest::Method;
use serde_json::{Value, json};

use super::GENERATE;

/// Far from every limit.
const PLENTY: Allowance = Allowance {
    jobs_per_minute: 10_000,
    active_jobs: 10_000,
    images_per_month: 1_000_000,
    cost_per_month: MicroUsd(1_000_000_000_000),
};

fn request() -> Value {
    json!({"images": [pictures::data_url(&pictures::cup_png())], "count": 2})
}

/// A request that fails once the workflow looks at it, so that many of them cost little.
fn cheap_request() -> Value {
    json!({"images": ["https://127.0.0.1:9999/never.png"], "count": 1})
}

/// Posts once. An answer of ours, if there was one: the gateway's own limit of requests a second, and the distribution's
/// patience on a busy machine, are not what is tried here.
async fn posted(stack: &Stack, number: usize, body: &Value) -> Option<Answer> {
    let request = stack.api.request(Method::POST, GENERATE);
    let request = request.header("idempotency-key", format!("request {number}"));
    let answer = stack.api.send(request.json(body)).await;
    (answer.code() != "rate_limited" && answer.status < 500).then_some(answer)
}

/// The answers to that many requests at once. Those that got none are sent again one by one: all of them again at once would
/// find the machine as busy as they had left it. Its name keeps a request one, however often it is sent.
async fn answers_to(stack: &Stack, requests: usize, body: &Value) -> Vec<Answer> {
    let mut answers = Vec::with_capacity(requests);
    let at_once = join_all((0..requests).map(|number| posted(stack, number, body))).await;
    for (number, answer) in at_once.into_iter().enumerate() {
        let again = async || posted(stack, number, body).await;
        answers.push(match answer {
            Some(answer) => answer,
            None => eventually("an answer to one of many requests", again).await,
        });
    }
    answers
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer
        .headers
        .get(name)
        .map_or("", |value| value.to_str().expect("ASCII"))
}

#[tokio::test]
async fn of_two_hundred_jobs_at_once_exactly_twenty_start_where_twenty_may() {
    let stack = Stack::connect_with(Some(Allowance {
        active_jobs: 20,
        ..PLENTY
    }))
    .await;
    // Waits take no time here: without an answer that does, twenty jobs would poll as fast as the machine can, and the
    // requests would get none of it.
    let slow = json!([{"delay_ms": 2000, "times": 10_000}]);
    let faults = json!({"batch": {"stuck": true}, "get_batch": slow});
    stack.google.faults(faults).await;
    let wanted = json!({"images": [pictures::data_url(&pictures::cup_png())], "count": 1});
    let answers = answers_to(&stack, 200, &wanted).await;
    let (accepted, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 202);
    for answer in refused {
        answer.assert_problem(429, "too_many_active_jobs");
    }
    let page = stack.api.get("/api/v1/jobs?limit=100").await;
    let jobs = page.body["data"].as_array().map(Vec::len);
    assert_eq!((accepted.len(), jobs), (20, Some(20)));
    stack.google.reset().await;
    for answer in accepted {
        stack
            .api
            .finished_job(answer.body["id"].as_str().expect("an id"))
            .await;
    }
}

#[tokio::test]
async fn a_minute_that_is_full_says_when_to_come_back() {
    let stack = Stack::connect_with(Some(Allowance {
        jobs_per_minute: 1,
        ..PLENTY
    }))
    .await;
    let first = stack.api.post(GENERATE, &cheap_request()).await;
    assert_eq!(first.status, 202, "{first:?}");
    assert!(
        header(&first, "ratelimit").starts_with(r#""jobs-per-minute";r=0;t=60"#),
        "{first:?}"
    );
    let second = stack.api.post(GENERATE, &cheap_request()).await;
    second.assert_problem(429, "rate_limited");
    let wait: u64 = header(&second, "retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
}

#[tokio::test]
async fn a_job_that_ends_makes_room_for_another() {
    let stack = Stack::connect_with(Some(Allowance {
        active_jobs: 1,
        ..PLENTY
    }))
    .await;
    stack.google.faults(json!({"batch": {"stuck": true}})).await;
    let id = stack.api.start_job(json!({})).await;
    stack
        .api
        .post(GENERATE, &request())
        .await
        .assert_problem(429, "too_many_active_jobs");
    stack.google.reset().await;
    stack.api.finished_job(&id).await;
    let next = stack.api.post(GENERATE, &request()).await;
    assert_eq!(next.status, 202, "{next:?}");
}

#[tokio::test]
async fn a_month_has_so_many_images_and_so_much_money() {
    let few_images = Stack::connect_with(Some(Allowance {
        images_per_month: 1,
        ..PLENTY
    }))
    .await;
    let refused = few_images.api.post(GENERATE, &request()).await;
    refused.assert_problem(429, "monthly_images_used_up");
    assert!(header(&refused, "ratelimit").contains(r#""images-per-month";r=1;"#));

    let little_money = Stack::connect_with(Some(Allowance {
        cost_per_month: MicroUsd(10_000),
        ..PLENTY
    }))
    .await;
    let refused = little_money.api.post(GENERATE, &request()).await;
    refused.assert_problem(429, "monthly_cost_reached");
    assert!(
        refused.body["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("0.010000 USD"))
    );
}

#[tokio::test]
async fn images_that_did_not_come_are_given_back() {
    let stack = Stack::connect_with(Some(PLENTY)).await;
    let rows = json!({"1": {"finish_reason": "IMAGE_SAFETY"}});
    stack.google.faults(json!({"batch": {"rows": rows}})).await;
    let id = stack.api.start_job(json!({"count": 3})).await;
    stack.api.finished_job(&id).await;
    let answer = stack.api.get("/api/v1/jobs").await;
    let left = header(&answer, "ratelimit");
    assert!(left.contains(r#""images-per-month";r=999998;"#), "{left}");
    assert!(left.contains(r#""active-jobs";r=10000"#), "{left}");
}

#[tokio::test]
async fn every_answer_tells_the_limits() {
    let stack = Stack::connect().await;
    let Allowance {
        jobs_per_minute,
        active_jobs,
        images_per_month,
        ..
    } = Plan::Pro.allowance();
    let policy = format!(
        r#""jobs-per-minute";q={jobs_per_minute};w=60, "active-jobs";q={active_jobs};qu="concurrent-requests", "images-per-month";q={images_per_month}"#
    );
    let upload = json!({"filename": "cup.png", "content_type": "image/png", "size": 10});
    for answer in [
        stack.api.get("/api/v1/jobs").await,
        stack.api.get("/api/v1/jobs/job_01h2xcejqtf2nbrexx3vqjhp41").await,
        stack.api.post("/api/v1/uploads", &upload).await,
        stack.api.post(GENERATE, &json!({})).await,
        stack.api.post(GENERATE, &cheap_request()).await,
    ] {
        assert_eq!(header(&answer, "ratelimit-policy"), policy, "{answer:?}");
        assert!(
            header(&answer, "ratelimit").starts_with("\"jobs-per-minute\";r="),
            "{answer:?}"
        );
    }
}
