//! Photos that turn out not to be usable once the workflow looks at them.

use aws_sdk_s3::Client;
use packshot_clients::bucket;
use packshot_domain::job::PhotoSource;
use packshot_tests::{
    files::{FileServer, Served},
    pictures,
    stack::Stack,
};
use serde_json::{Value, json};

use super::{assert_failed, ended, run};

/// A job of these photos fails for this reason, before Gemini was asked anything.
async fn assert_refused(stack: &Stack, images: Value, code: &str) -> Value {
    let id = stack.api.start_job(json!({"images": images})).await;
    let job = ended(stack, &id).await;
    assert_failed(stack, &job, code).await;
    assert_eq!(
        stack.google.calls().await,
        Vec::<Value>::new(),
        "Gemini was not asked"
    );
    job
}

/// A job of one uploaded file fails for this reason.
async fn assert_upload_refused(content_type: &str, file: &[u8], code: &str) {
    let stack = Stack::connect().await;
    let upload = stack.api.upload(content_type, file).await;
    assert_refused(&stack, json!([upload]), code).await;
}

/// A job of one image URL, at which this is served, fails for this reason.
async fn assert_url_refused(at_url: Served, code: &str) {
    let stack = Stack::connect().await;
    let server = FileServer::start([("/cup.png", at_url)]).await;
    assert_refused(&stack, json!([server.url("/cup.png")]), code).await;
}

#[tokio::test]
async fn a_photo_that_is_cut_short_is_refused() {
    let whole = pictures::cup_png();
    assert_upload_refused("image/png", &whole[..whole.len() / 2], "photo_unreadable").await;
    let whole = pictures::cup_jpeg(640, 480);
    assert_upload_refused("image/jpeg", &whole[..20], "photo_unreadable").await;
}

#[tokio::test]
async fn a_photo_of_one_pixel_is_refused() {
    assert_upload_refused("image/png", &pictures::noise_png(1, 1), "photo_too_small").await;
}

#[tokio::test]
async fn a_small_file_that_claims_a_hundred_megapixels_is_refused() {
    let bomb = pictures::png_that_claims(10_000, 10_000);
    assert!(bomb.len() < 200);
    assert_upload_refused("image/png", &bomb, "photo_too_many_pixels").await;
}

#[tokio::test]
async fn an_upload_that_is_no_picture_is_refused() {
    assert_upload_refused(
        "image/jpeg",
        b"<!doctype html><title>Sign in</title>",
        "photo_unreadable",
    )
    .await;
}

#[tokio::test]
async fn a_heic_photo_under_another_name_is_refused() {
    assert_upload_refused(
        "image/jpeg",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        "photo_unsupported_format",
    )
    .await;
}

#[tokio::test]
async fn a_page_at_an_image_url_is_refused() {
    let page = b"<!doctype html><title>Sign in</title>".to_vec();
    assert_url_refused(Served::File("text/html", page), "photo_unreadable").await;
}

#[tokio::test]
async fn a_drawing_at_an_image_url_is_refused() {
    let drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
    assert_url_refused(Served::File("image/png", drawing), "photo_unsupported_format").await;
}

#[tokio::test]
async fn an_image_url_that_leads_to_a_private_address_is_refused() {
    for target in [
        "http://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/cup.png",
        "http://[fd00::1]:8000/cup.png",
    ] {
        assert_url_refused(Served::Redirect(target.to_owned()), "photo_url_refused").await;
    }
}

#[tokio::test]
async fn an_image_url_that_leads_in_a_circle_is_given_up() {
    assert_url_refused(Served::Redirect("/cup.png".to_owned()), "photo_url_failed").await;
}

#[tokio::test]
async fn an_image_url_without_an_image_is_refused() {
    let stack = Stack::connect().await;
    let server = FileServer::start([]).await;
    let job = assert_refused(&stack, json!([server.url("/cup.png")]), "photo_url_failed").await;
    assert_eq!(job["error"]["retryable"], true);
}

#[tokio::test]
async fn an_image_url_where_nobody_answers_is_refused() {
    let stack = Stack::connect().await;
    // A port that was free a moment ago.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let url = format!("http://{}/cup.png", listener.local_addr().expect("an address"));
    drop(listener);
    assert_refused(&stack, json!([url]), "photo_url_failed").await;
}

#[tokio::test]
async fn an_upload_that_was_deleted_meanwhile_is_missed() {
    let stack = Stack::connect().await;
    let job = stack.rows.create(1).await;
    let PhotoSource::Upload(upload) = &job.photos[0] else {
        panic!("the photo is an upload")
    };
    let delete = Client::new(&stack.config)
        .delete_object()
        .bucket(stack.output("ImagesBucket"));
    delete
        .key(bucket::upload_key(job.owner, *upload))
        .send()
        .await
        .expect("deleted");
    assert_failed(&stack, &run(&stack, &job).await, "photo_missing").await;
}

#[tokio::test]
async fn the_failure_names_the_photo_that_is_to_blame() {
    let stack = Stack::connect().await;
    let good = pictures::data_url(&pictures::cup_png());
    let tiny = pictures::data_url(&pictures::noise_png(20, 20));
    let job = assert_refused(&stack, json!([good, tiny]), "photo_too_small").await;
    let message = job["error"]["message"].as_str().expect("a message");
    assert!(message.starts_with("Photo 2: "), "{message}");
}
