//! A job from each kind of photo source, each time until images, archive and mail are there.

use packshot_tests::{
    files::{FileServer, Served},
    pictures,
    stack::Stack,
};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::{ended, whole::assert_whole};

/// Posts a job and answers it once it has ended.
async fn job_from(stack: &Stack, images: Value, count: usize) -> Value {
    let body = json!({"images": images, "count": count, "product": {"title": "Red enamel cup"}});
    let answer = stack.api.post("/api/v1/generate", &body).await;
    assert_eq!(
        (answer.status, &answer.body["status"]),
        (202, &json!("queued")),
        "{answer:?}"
    );
    ended(stack, answer.body["id"].as_str().expect("an id")).await
}

#[tokio::test]
async fn an_uploaded_photo_becomes_ten_images() {
    let stack = Stack::connect().await;
    let upload = stack
        .api
        .upload("image/jpeg", &pictures::cup_jpeg(640, 480))
        .await;
    let job = job_from(&stack, json!([upload]), 10).await;
    assert_eq!(job["images"].as_array().expect("images").len(), 10);
    assert_whole(&stack, &job, 1).await;
}

#[tokio::test]
async fn a_photo_in_a_data_url_becomes_images() {
    let stack = Stack::connect().await;
    let job = job_from(&stack, json!([pictures::data_url(&pictures::cup_png())]), 3).await;
    assert_whole(&stack, &job, 1).await;
}

#[tokio::test]
async fn a_photo_at_a_url_becomes_images() {
    let stack = Stack::connect().await;
    let moved = Served::Redirect("/cup.png".to_owned());
    let photo = Served::File("image/png", pictures::cup_png());
    let server = FileServer::start([("/product/17", moved), ("/cup.png", photo)]).await;
    let job = job_from(&stack, json!([server.url("/product/17")]), 2).await;
    assert_whole(&stack, &job, 1).await;
}

#[tokio::test]
async fn a_photo_in_a_form_becomes_images() {
    let stack = Stack::connect().await;
    let part = Part::bytes(pictures::cup_jpeg(400, 300)).file_name("cup.jpg");
    let part = part.mime_str("image/jpeg").expect("a media type");
    let form = Form::new().part("image", part).text("count", "2");
    let answer = stack.api.post_form("/api/v1/generate", form).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let job = ended(&stack, answer.body["id"].as_str().expect("an id")).await;
    assert_whole(&stack, &job, 1).await;
}

#[tokio::test]
async fn two_photos_of_different_sources_become_one_set() {
    let stack = Stack::connect().await;
    let upload = stack.api.upload("image/png", &pictures::cup_png()).await;
    let other = pictures::data_url(&pictures::cup_jpeg(300, 300));
    let job = job_from(&stack, json!([upload, other]), 2).await;
    assert_whole(&stack, &job, 2).await;
}

#[tokio::test]
async fn shape_and_size_of_the_images_are_as_asked() {
    let stack = Stack::connect().await;
    let wanted = json!({"count": 1, "aspect_ratio": "16:9", "image_size": "2K"});
    let id = stack.api.start_job(wanted).await;
    let job = ended(&stack, &id).await;
    assert_whole(&stack, &job, 1).await;
    let side = |name: &str| job["images"][0][name].as_f64().expect("a number");
    assert!(
        (side("width") / side("height") - 16.0 / 9.0).abs() < 0.03,
        "{job}"
    );
    assert!(side("width") >= 2048.0, "{job}");
}
