//! Google Drive: what people grant, photos that come from there, images that go there.

use aws_sdk_sfn::types::ExecutionStatus;
use packshot_tests::{
    api::Answer,
    browser::{Browser, Consent},
    stack::Stack,
};
use reqwest::Method;
use serde_json::{Value, json};

mod browse;
mod connect;
mod copies;
mod create;
mod folders;
mod grants;
mod picker;
mod saving;
mod trouble;

/// Sends a request of the page.
async fn post(stack: &Stack, path: &str, body: &Value) -> Answer {
    let token = stack.sign_in().await;
    let request = stack.api.page_request(Method::POST, path, &token);
    stack.api.send(request.json(body)).await
}

/// A request for one image of these photos.
fn request(drive: Value) -> Value {
    let mut body = json!({"count": 1});
    body["drive"] = drive;
    body
}

/// Asks for a job.
async fn generate(stack: &Stack, body: &Value) -> Answer {
    post(stack, "/api/generate/drive", body).await
}

/// Asks for a job that is let in; the answer is its id.
async fn started(stack: &Stack, body: &Value) -> String {
    let answer = generate(stack, body).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    answer.body["id"].as_str().expect("an id").to_owned()
}

/// A job after its execution is over.
async fn ended(stack: &Stack, id: &str) -> Value {
    assert_eq!(stack.workflow.ended(id).await, ExecutionStatus::Succeeded, "{id}");
    stack.api.job(id).await
}

/// A job of these photos after its execution is over.
async fn made(stack: &Stack, body: &Value) -> Value {
    let id = started(stack, body).await;
    ended(stack, &id).await
}

/// Somebody who is signed in, with an account at the embedded Google that no other test knows.
async fn seller(stack: &Stack) -> (Browser, String) {
    seller_with(stack, &json!({"files": []})).await
}

async fn seller_with(stack: &Stack, drive: &Value) -> (Browser, String) {
    let email = format!("{}@seller.example", packshot_clients::clock::new_uuid().simple());
    let account = json!({"email": email, "drive": drive});
    stack.google.add_account(&account).await;
    let mut browser = Browser::new(stack);
    let page = browser.sign_in(&email).await;
    assert_eq!(page.location(), "/jobs", "{page:?}");
    (browser, email)
}

/// The same, with their Drive connected.
async fn connected(stack: &Stack, drive: &Value) -> (Browser, String) {
    let (mut browser, email) = seller_with(stack, drive).await;
    let page = browser
        .sign_in_by("/auth/google/drive?next=/new", &Consent::of(&email))
        .await;
    assert_eq!(page.location(), "/new", "{page:?}");
    (browser, email)
}
