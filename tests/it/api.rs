//! The public API as a developer meets it: through CloudFront and API Gateway, with mistakes.

use packshot_tests::{api::Answer, stack::Stack};
use reqwest::{Method, header::CONTENT_TYPE};
use serde_json::{Value, json};

mod access;
mod doors;
mod fields;
mod idempotency;
mod job_photos;
mod jobs;
mod key_management;
mod keys;
mod limits;
mod me;
mod page;
mod photos;
mod pricing;
mod search;
mod sizes;
mod uploads;
mod usage;
mod watching;
mod webhook_endpoint;
mod webhook_secret;
mod webhook_test;

const GENERATE: &str = "/api/v1/generate";

/// A photo that only has to look like one.
const PNG_DATA_URL: &str = "data:image/png;base64,iVBORw0KGgo=";

/// Sends a wrong request for images and answers what is wrong with which field, in order.
async fn refusals(stack: &Stack, body: &Value) -> Vec<String> {
    let answer = stack.api.post(GENERATE, body).await;
    answer.assert_problem(422, "invalid_fields");
    answer.field_codes()
}

/// Posts a body as it is.
async fn post_raw(stack: &Stack, path: &str, content_type: &str, body: impl Into<reqwest::Body>) -> Answer {
    let request = stack.api.request(Method::POST, path);
    stack
        .api
        .send(request.header(CONTENT_TYPE, content_type).body(body))
        .await
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_told_apart() {
    let stack = Stack::connect().await;
    for (content_type, body, status, code) in [
        ("application/json", "", 400, "malformed_body"),
        ("application/json", "{\"images\": [", 400, "malformed_body"),
        ("application/json", "[1, 2]", 400, "malformed_body"),
        ("application/json", "\"cup\"", 400, "malformed_body"),
        ("application/json", "null", 400, "malformed_body"),
        ("text/plain", "{}", 415, "unsupported_media_type"),
        (
            "application/x-www-form-urlencoded",
            "count=3",
            415,
            "unsupported_media_type",
        ),
        ("multipart/form-data", "--x", 400, "malformed_body"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nbroken",
            400,
            "malformed_body",
        ),
        ("multipart/form-data; boundary=x", "", 400, "malformed_body"),
    ] {
        let answer = post_raw(&stack, GENERATE, content_type, body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (status, code),
            "{content_type}: {body:?}: {answer:?}"
        );
        answer.assert_problem(status, code);
    }
}

#[tokio::test]
async fn a_mistake_in_json_is_located() {
    let stack = Stack::connect().await;
    let answer = post_raw(&stack, GENERATE, "application/json", "{\n  \"count\": tree}").await;
    assert_eq!(answer.body["detail"], "The body is not JSON: line 2, column 14.");
    assert_eq!(answer.body["instance"], GENERATE);
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let stack = Stack::connect().await;
    for (method, path) in [
        (Method::GET, "/api/v1/nothing"),
        (Method::GET, "/api/v1"),
        (Method::GET, GENERATE),
        (Method::DELETE, GENERATE),
        (Method::PUT, "/api/v1/uploads"),
        (Method::POST, "/api/v1/jobs"),
        (Method::GET, "/api/v1/jobs/job_01h2xcejqtf2nbrexx3vqjhp41/images"),
    ] {
        let answer = stack.api.send(stack.api.request(method.clone(), path)).await;
        assert_eq!(answer.status, 404, "{method} {path}: {answer:?}");
        answer.assert_problem(404, "not_found");
    }
}

#[tokio::test]
async fn an_accepted_job_is_answered_whole() {
    let stack = Stack::connect().await;
    let body =
        json!({"images": [PNG_DATA_URL], "count": 2, "aspect_ratio": "4:5", "metadata": {"sku": "17"}});
    let answer = stack.api.post(GENERATE, &body).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let job = &answer.body;
    let path = format!("/api/v1/jobs/{}", job["id"].as_str().expect("an id"));
    assert_eq!(answer.headers["location"], path.as_str());
    assert!(answer.headers.contains_key("x-request-id"));

    let image = |index: usize| {
        let id = &job["images"][index]["id"];
        json!({"id": id, "index": index, "status": "pending", "aspect_ratio": "4:5"})
    };
    let expected = json!({
        "id": job["id"],
        "object": "job",
        "status": "queued",
        "stage": "Waiting to start",
        "progress": 0,
        "history": [{"status": "queued", "at": job["created_at"]}],
        "created_at": job["created_at"],
        "updated_at": job["created_at"],
        "deadline": job["deadline"],
        "on_late": "fail",
        "aspect_ratio": "4:5",
        "image_size": "1K",
        "photos": [{"index": 0, "source": "upload", "available": true}],
        "count": 2,
        "images": [image(0), image(1)],
        "cost": {"estimated_usd": job["cost"]["estimated_usd"]},
        "metadata": {"sku": "17"},
        "links": {
            "self": format!("{}{path}", stack.base_url()),
            "cancel": format!("{}{path}/cancel", stack.base_url()),
        },
    });
    assert_eq!(job, &expected);
    let id = job["id"].as_str().expect("an id");
    assert!(
        stack.workflow.status(id).await.is_some(),
        "it is under way by now"
    );
}
