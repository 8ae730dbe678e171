//! `Idempotency-Key`: the same request, sent twice, is done once and answered twice.

use futures_util::future::join_all;
use packshot_tests::{api::Answer, pictures, stack::Stack};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use super::GENERATE;

fn request() -> Value {
    json!({"images": [pictures::data_url(&pictures::cup_png())], "count": 1})
}

async fn post(stack: &Stack, key: &str, body: &Value) -> Answer {
    let request = stack.api.request(Method::POST, GENERATE);
    stack
        .api
        .send(request.header("idempotency-key", key).json(body))
        .await
}

async fn jobs(stack: &Stack) -> usize {
    let page = stack.api.get("/api/v1/jobs?limit=100").await;
    page.body["data"].as_array().expect("a list").len()
}

fn is_replayed(answer: &Answer) -> bool {
    answer
        .headers
        .get("idempotent-replayed")
        .is_some_and(|value| value == "true")
}

#[tokio::test]
async fn the_same_request_gets_the_first_answer_again() {
    let stack = Stack::connect().await;
    let first = post(&stack, "\"order 17\"", &request()).await;
    assert_eq!((first.status, is_replayed(&first)), (202, false), "{first:?}");
    stack
        .api
        .finished_job(first.body["id"].as_str().expect("an id"))
        .await;
    let second = post(&stack, "order 17", &request()).await;
    assert_eq!((second.status, is_replayed(&second)), (202, true), "{second:?}");
    assert_eq!(second.body, first.body, "although the job has ended meanwhile");
    assert_eq!(second.headers["location"], first.headers["location"]);
    assert_eq!(jobs(&stack).await, 1);
}

#[tokio::test]
async fn twins_in_the_same_moment_are_one_job() {
    let stack = Stack::connect().await;
    let twin = request();
    let answers = join_all((0..12).map(|_| post(&stack, "twins", &twin))).await;
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer.body["id"]).collect();
    assert!(
        ids[0].is_string() && ids.iter().all(|id| *id == ids[0]),
        "{answers:?}"
    );
    assert_eq!(answers.iter().filter(|answer| !is_replayed(answer)).count(), 1);
    assert_eq!(jobs(&stack).await, 1);
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let stack = Stack::connect().await;
    assert_eq!(post(&stack, "order-17", &request()).await.status, 202);
    let mut other = request();
    other["count"] = json!(2);
    post(&stack, "order-17", &other)
        .await
        .assert_problem(422, "idempotency_key_reused");
    assert_eq!(jobs(&stack).await, 1);
}

#[tokio::test]
async fn a_form_sent_twice_is_one_request_although_its_boundary_differs() {
    let stack = Stack::connect().await;
    let form = || {
        Form::new()
            .part("image", Part::bytes(pictures::cup_png()))
            .text("count", "1")
    };
    let send = async || {
        let request = stack.api.request(Method::POST, GENERATE);
        stack
            .api
            .send(request.header("idempotency-key", "form").multipart(form()))
            .await
    };
    let (first, second) = (send().await, send().await);
    assert_eq!((first.status, second.status), (202, 202), "{second:?}");
    assert_eq!(first.body["id"], second.body["id"]);
    assert!(is_replayed(&second));
}

#[tokio::test]
async fn an_upload_is_signed_once() {
    let stack = Stack::connect().await;
    let wanted = json!({"filename": "cup.png", "content_type": "image/png", "size": 10});
    let send = async || {
        let request = stack.api.request(Method::POST, "/api/v1/uploads");
        stack
            .api
            .send(request.header("idempotency-key", "upload").json(&wanted))
            .await
    };
    let (first, second) = (send().await, send().await);
    assert_eq!((first.status, second.status), (201, 201), "{second:?}");
    assert_eq!(first.body, second.body);
    assert_eq!((is_replayed(&first), is_replayed(&second)), (false, true));
}

#[tokio::test]
async fn keys_are_each_users_own_and_must_be_readable() {
    let (stack, other) = (Stack::connect().await, Stack::connect().await);
    let mine = post(&stack, "order-17", &request()).await;
    let theirs = post(&other, "order-17", &request()).await;
    assert_eq!((mine.status, theirs.status), (202, 202));
    assert_ne!(mine.body["id"], theirs.body["id"]);
    for key in ["", "\"\"", &"k".repeat(256)] {
        post(&stack, key, &request())
            .await
            .assert_problem(400, "invalid_idempotency_key");
    }
}

#[tokio::test]
async fn a_request_that_was_refused_may_be_mended_under_the_same_key() {
    let stack = Stack::connect().await;
    let mut wrong = request();
    wrong["count"] = json!(11);
    post(&stack, "order-17", &wrong)
        .await
        .assert_problem(422, "invalid_fields");
    assert_eq!(post(&stack, "order-17", &request()).await.status, 202);
}
