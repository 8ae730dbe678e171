//! Who may call: what the gateway refuses, and what the functions refuse by themselves.

use aws_sdk_dynamodb::types::AttributeValue;
use packshot_domain::{
    api_key::ApiKey,
    scope::{Scope, Scopes},
};
use packshot_tests::{ended_jobs, stack::Stack};
use serde_json::{Value, json};

use crate::events::{answer_of, sample, sent_with};

const LIST: &str = "/api/v1/jobs";

/// A key of the right form that nobody was ever given.
fn unknown_key() -> ApiKey {
    ApiKey::from_random([61; 30])
}

/// The key with its last letter changed, as a slip of the hand does it.
fn with_typo(key: &str) -> String {
    let (start, last) = key.split_at(key.len() - 1);
    format!("{start}{}", if last == "0" { "1" } else { "0" })
}

#[tokio::test]
async fn the_gateway_lets_only_its_keys_through() {
    let stack = Stack::connect().await;
    assert_eq!(stack.api.get(LIST).await.status, 200);
    stack
        .api
        .without_key()
        .get(LIST)
        .await
        .assert_problem(403, "invalid_api_key");
    for key in [
        unknown_key().reveal(),
        &with_typo(stack.api.key()),
        "sk_test_of_another_service",
    ] {
        stack
            .api
            .with_key(key)
            .get(LIST)
            .await
            .assert_problem(403, "invalid_api_key");
    }
}

#[tokio::test]
async fn the_functions_do_not_rely_on_the_gateway() {
    let stack = Stack::connect().await;
    let event = sample("read-jobs.list");
    let mut without = event.clone();
    for headers in ["headers", "multiValueHeaders"] {
        without[headers]
            .as_object_mut()
            .expect("headers")
            .remove("x-api-key");
    }
    let with = |key: &str| sent_with(key, event.clone());
    for event in [
        without,
        with(unknown_key().reveal()),
        with(&with_typo(stack.api.key())),
        with(""),
    ] {
        let (status, body) = answer_of(&stack, "read-jobs", &event).await;
        assert_eq!(
            (status, &body["code"]),
            (403, &json!("invalid_api_key")),
            "{body}"
        );
        assert_eq!(body["request_id"], event["requestContext"]["requestId"]);
    }
}

/// A revoked key's row is gone; the gateway takes a moment longer to forget it.
#[tokio::test]
async fn a_key_that_only_the_gateway_knows_is_refused() {
    let stack = Stack::connect().await;
    let key = stack.issue_key(Scopes::ALL, None).await.key;
    let api = stack.api.with_key(key.reveal());
    assert_eq!(api.get(LIST).await.status, 200);

    let row = format!("KEY#{}", key.hash().as_str());
    let delete = aws_sdk_dynamodb::Client::new(&stack.config).delete_item();
    let delete = delete
        .table_name(stack.output("TableName"))
        .key("pk", AttributeValue::S(row));
    delete
        .key("sk", AttributeValue::S("KEY".to_owned()))
        .send()
        .await
        .expect("deleted");

    let answer = api.get(LIST).await;
    answer.assert_problem(403, "invalid_api_key");
    assert_eq!(
        answer.headers["x-request-id"],
        answer.body["request_id"].as_str().expect("an id")
    );
}

#[tokio::test]
async fn a_key_does_what_its_scopes_allow() {
    let stack = Stack::connect().await;
    let reader = stack.issue_key([Scope::Read].into_iter().collect(), None).await;
    let reader = stack.api.with_key(reader.key.reveal());
    assert_eq!(reader.get(LIST).await.status, 200);
    for path in ["/api/v1/generate", "/api/v1/uploads"] {
        reader
            .post(path, &json!({}))
            .await
            .assert_problem(403, "insufficient_scope");
    }
    let generator = stack
        .issue_key([Scope::Generate].into_iter().collect(), None)
        .await;
    let generator = stack.api.with_key(generator.key.reveal());
    for path in [
        LIST,
        "/api/v1/jobs/job_01h2xcejqtf2nbrexx3vqjhp41",
        "/api/v1/usage",
    ] {
        generator
            .get(path)
            .await
            .assert_problem(403, "insufficient_scope");
    }
}

#[tokio::test]
async fn jobs_of_others_are_not_there() {
    let (stack, other) = (Stack::connect().await, Stack::connect().await);
    let job = ended_jobs::completed(ended_jobs::new_job(stack.user.id, 1), &[ended_jobs::ready()]);
    stack.jobs.create(&job).await.expect("written");
    let path = format!("{LIST}/{}", job.id);
    assert_eq!(stack.api.get(&path).await.status, 200);
    other.api.get(&path).await.assert_problem(404, "job_not_found");
    assert_eq!(other.api.get(LIST).await.body["data"], Value::Array(Vec::new()));
}
