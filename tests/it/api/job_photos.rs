//! A job's photos, to look at.

use packshot_clients::bucket::{self, Bucket};
use packshot_domain::job::{Job, PhotoSource};
use packshot_tests::{pictures, stack::Stack};
use reqwest::{Method, RequestBuilder, header::HeaderMap, redirect::Policy};
use serde_json::json;

fn path(job: &str, index: &str) -> String {
    format!("/api/v1/jobs/{job}/photos/{index}")
}

/// The headers of an answer that leads to a file, and that file with its type.
async fn followed(stack: &Stack, request: RequestBuilder) -> (HeaderMap, String, Vec<u8>) {
    let client = reqwest::Client::builder()
        .redirect(Policy::none())
        .build()
        .expect("a client");
    let request = request.build().expect("a request");
    let answer = client.execute(request).await.expect("an answer");
    assert_eq!(answer.status(), 302, "{answer:?}");
    let headers = answer.headers().clone();
    assert_eq!(headers["cache-control"], "private, max-age=240");
    let address = headers["location"].to_str().expect("text");
    assert!(address.contains("X-Amz-Expires=300"), "{address}");
    let (status, file, bytes) = stack.api.fetch(address).await;
    assert_eq!(status, 200, "{address}");
    let content_type = file["content-type"].to_str().expect("text").to_owned();
    (headers, content_type, bytes)
}

#[tokio::test]
async fn the_photo_of_a_job_that_has_not_begun_is_as_it_was_uploaded() {
    let stack = Stack::connect().await;
    let job = stack.rows.create(1).await.id.to_string();
    let by_key = stack.api.request(Method::GET, &path(&job, "0"));
    let (_, content_type, bytes) = followed(&stack, by_key).await;
    assert_eq!(
        (content_type.as_str(), &bytes),
        ("image/png", &pictures::cup_png())
    );

    let token = stack.sign_in().await;
    let request = stack
        .api
        .page_request(Method::GET, &format!("/api/jobs/{job}/photos/0"), &token);
    let (headers, _, on_the_page) = followed(&stack, request).await;
    assert_eq!(headers["vary"], "cookie");
    assert_eq!(on_the_page, bytes);
}

#[tokio::test]
async fn a_photo_that_was_prepared_is_as_gemini_saw_it() {
    let stack = Stack::connect().await;
    // Longer than what Gemini is sent, so that it has to be made smaller.
    let upload = stack
        .api
        .upload("image/jpeg", &pictures::cup_jpeg(4800, 600))
        .await;
    let job = stack.api.start_job(json!({"images": [upload], "count": 1})).await;
    let job = stack.api.finished_job(&job).await;
    assert_eq!(
        job["photos"],
        json!([{"index": 0, "source": "upload", "available": true}])
    );
    let path = path(job["id"].as_str().expect("an id"), "0");
    let (_, _, bytes) = followed(&stack, stack.api.request(Method::GET, &path)).await;
    let photo = image::load_from_memory(&bytes).expect("a picture");
    assert_eq!((photo.width(), photo.height()), (4096, 512));
}

#[tokio::test]
async fn photos_that_are_not_there_are_told_apart() {
    let (stack, other) = (Stack::connect().await, Stack::connect().await);
    let job = stack.rows.create(1).await;
    let id = job.id.to_string();
    let theirs = other.api.get(&path(&id, "0")).await;
    theirs.assert_problem(404, "job_not_found");
    for index in ["1", "8", "-1", "first", "99999999999999999999"] {
        let answer = stack.api.get(&path(&id, index)).await;
        answer.assert_problem(404, "photo_not_found");
    }
    let elsewhere = stack.rows.create_with(1, |new| {
        new.photos = vec![PhotoSource::Url(
            "https://shop.example/cup.jpg".parse().expect("a URL"),
        )];
    });
    let elsewhere = elsewhere.await.id.to_string();
    let answer = stack.api.get(&path(&elsewhere, "0")).await;
    answer.assert_problem(404, "photo_not_found");

    remove_photo(&stack, &job).await;
    let answer = stack.api.get(&path(&id, "0")).await;
    answer.assert_problem(409, "photos_expired");
}

/// What the bucket does by itself after 7 days.
async fn remove_photo(stack: &Stack, job: &Job) {
    let PhotoSource::Upload(upload) = &job.photos[0] else {
        panic!("{:?} is no upload", job.photos[0]);
    };
    let bucket = Bucket::new(&stack.config, stack.output("ImagesBucket").to_owned());
    let key = bucket::upload_key(job.owner, *upload);
    bucket.remove(&[key]).await.expect("removed");
}
