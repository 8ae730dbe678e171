//! How much one request carries.

use packshot_tests::{pictures, stack::Stack};
use reqwest::multipart::{Form, Part};
use serde_json::json;

use super::GENERATE;

const MEGABYTE: usize = 1024 * 1024;

fn form_with(photo: Vec<u8>) -> Form {
    Form::new()
        .part("image", Part::bytes(photo).file_name("cup.png"))
        .text("count", "1")
}

/// A photo of about this many bytes, in noise.
fn photo_of(megabytes: u32) -> Vec<u8> {
    pictures::noise_png(megabytes * 360, 1000)
}

#[tokio::test]
async fn a_form_carries_a_photo_of_a_few_megabytes() {
    let stack = Stack::connect().await;
    let photo = photo_of(2);
    assert!(photo.len() > 2 * MEGABYTE, "{}", photo.len());
    let answer = stack.api.post_form(GENERATE, form_with(photo)).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let job = stack
        .api
        .finished_job(answer.body["id"].as_str().expect("an id"))
        .await;
    assert_eq!(job["status"], "completed", "{job}");
}

#[tokio::test]
async fn a_form_of_seven_megabytes_is_told_where_to_go() {
    let stack = Stack::connect().await;
    let answer = stack.api.post_form(GENERATE, form_with(photo_of(7))).await;
    answer.assert_problem(413, "payload_too_large");
    let detail = answer.body["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("POST /api/v1/uploads"), "{detail}");
}

#[tokio::test]
async fn json_of_five_megabytes_is_taken_and_of_seven_is_not() {
    let stack = Stack::connect().await;
    // 1.7 MB as base64.
    let photo = pictures::data_url(&pictures::noise_png(430, 1000));
    let body = |photos: usize| json!({"images": vec![&photo; photos], "count": 1});
    let five = body(3);
    assert!(five.to_string().len() > 5_000_000, "{}", five.to_string().len());
    assert_eq!(stack.api.post(GENERATE, &five).await.status, 202);

    let seven = body(4);
    assert!(
        seven.to_string().len() > 6 * MEGABYTE,
        "{}",
        seven.to_string().len()
    );
    let answer = stack.api.post(GENERATE, &seven).await;
    answer.assert_problem(413, "payload_too_large");
    assert!(
        answer.body["detail"].to_string().contains("POST /api/v1/uploads"),
        "{answer:?}"
    );
}
