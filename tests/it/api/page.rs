//! A job as the page makes it: uploaded, started, watched, stopped and removed in a session.

use packshot_domain::session::SessionToken;
use packshot_tests::{api::Answer, pictures, stack::Stack};
use reqwest::Method;
use serde_json::{Value, json};

struct Page {
    stack: Stack,
    token: SessionToken,
}

impl Page {
    async fn open() -> Self {
        let stack = Stack::connect().await;
        let token = stack.sign_in().await;
        Self { stack, token }
    }

    async fn get(&self, path: &str) -> Answer {
        let request = self.stack.api.page_request(Method::GET, path, &self.token);
        self.stack.api.send(request).await
    }

    async fn send(&self, method: Method, path: &str, name: &str, body: &Value) -> Answer {
        let request = self.stack.api.page_request(method, path, &self.token);
        let request = request.header("idempotency-key", name).json(body);
        self.stack.api.send(request).await
    }
}

#[tokio::test]
async fn a_job_lives_its_life_on_the_page() {
    let page = Page::open().await;
    let photo = pictures::cup_png();
    let wanted = json!({"filename": "cup.png", "content_type": "image/png", "size": photo.len()});
    let upload = page.send(Method::POST, "/api/uploads", "upload", &wanted).await;
    assert_eq!(upload.status, 201, "{upload:?}");
    assert_eq!(page.stack.api.put_upload(&upload.body, &photo).await, 200);

    let body = json!({"images": [upload.body["upload_id"]], "count": 2});
    let started = page
        .send(Method::POST, "/api/generate/upload", "job", &body)
        .await;
    assert_eq!(started.status, 202, "{started:?}");
    let id = started.body["id"].as_str().expect("an id");
    let location = started.headers["location"].to_str().expect("text");
    assert_eq!(location, format!("/api/jobs/{id}"));
    let seen = page.get(location).await;
    assert_eq!((seen.status, &seen.body["id"]), (200, &started.body["id"]));

    let done = page.stack.api.finished_job(id).await;
    assert_eq!(done["status"], "completed");
    assert_eq!(
        page.get(location).await.body,
        done,
        "the job is the same by both doors"
    );
    let listed = page.get("/api/jobs?limit=1").await;
    assert_eq!(listed.body["data"][0], done);

    let usage = page.get("/api/usage").await;
    let days = usage.body["data"].as_array().expect("days");
    let jobs_of = |key_is_null: bool| -> u64 {
        let days = days.iter().filter(|day| day["key_id"].is_null() == key_is_null);
        days.filter_map(|day| day["jobs"].as_u64()).sum()
    };
    assert_eq!((jobs_of(true), jobs_of(false)), (1, 0), "{usage:?}");

    let image = done["images"][0]["id"].as_str().expect("an id");
    let path = format!("{location}/images/{image}/retry");
    let retried = page.send(Method::POST, &path, "retry", &json!({})).await;
    assert_eq!(retried.status, 202, "{retried:?}");
    assert_eq!(retried.headers["location"], location);
    let late = page
        .send(Method::POST, &format!("{location}/cancel"), "cancel", &json!({}))
        .await;
    late.assert_problem(409, "job_finished");
    let removed = page.send(Method::DELETE, location, "removal", &json!({})).await;
    assert_eq!(removed.status, 204, "{removed:?}");
    page.get(location).await.assert_problem(404, "job_not_found");
}

#[tokio::test]
async fn a_request_is_one_request_by_whichever_door_it_is_sent_again() {
    let page = Page::open().await;
    let body = json!({"images": [pictures::data_url(&pictures::cup_png())], "count": 1});
    let by_session = page
        .send(Method::POST, "/api/generate/upload", "one", &body)
        .await;
    let request = page.stack.api.request(Method::POST, "/api/v1/generate");
    let request = request.header("idempotency-key", "one").json(&body);
    let by_key = page.stack.api.send(request).await;
    assert_eq!((by_session.status, by_key.status), (202, 202), "{by_key:?}");
    assert_eq!(by_session.body, by_key.body);
    assert_eq!(by_key.headers["idempotent-replayed"], "true");
    let id = by_key.body["id"].as_str().expect("an id");
    assert_eq!(by_session.headers["location"], format!("/api/jobs/{id}").as_str());
    assert_eq!(by_key.headers["location"], format!("/api/v1/jobs/{id}").as_str());
    let again = page
        .send(Method::POST, "/api/generate/upload", "one", &body)
        .await;
    assert_eq!(again.headers["location"], by_session.headers["location"]);
    assert_eq!(
        page.get("/api/jobs").await.body["data"].as_array().map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn an_account_that_is_gone_is_told_to_sign_in() {
    let page = Page::open().await;
    let client = aws_sdk_dynamodb::Client::new(&page.stack.config);
    let text = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned());
    client
        .delete_item()
        .table_name(page.stack.output("TableName"))
        .key("pk", text(&format!("USER#{}", page.stack.user.id)))
        .key("sk", text("PROFILE"))
        .send()
        .await
        .expect("removed");
    page.get("/api/me").await.assert_problem(401, "signed_out");
    let body = json!({"images": [pictures::data_url(&pictures::cup_png())]});
    let refused = page
        .send(Method::POST, "/api/generate/upload", "none", &body)
        .await;
    refused.assert_problem(401, "signed_out");
}
