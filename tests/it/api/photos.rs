//! Photos that are refused before a job is made of them.

use base64::{Engine, engine::general_purpose::STANDARD};
use packshot_clients::clock;
use packshot_domain::id::UploadId;
use packshot_tests::{pictures, stack::Stack};
use serde_json::{Value, json};

use super::{GENERATE, PNG_DATA_URL, refusals};

/// Addresses that neither a photo nor a receiver may have, with what is said about each. The local stack's one exception
/// from the public rule is loopback, so that everything else is as on AWS.
const REFUSED_ADDRESSES: [(&str, &str); 12] = [
    (
        "https://10.0.0.1/cup.jpg",
        "must not point to a private, local or reserved address",
    ),
    (
        "http://10.0.0.1:8000/cup.jpg",
        "must not point to a private, local or reserved address",
    ),
    (
        "http://169.254.169.254/latest/meta-data/",
        "must not point to a private, local or reserved address",
    ),
    (
        "https://[::ffff:10.0.0.1]/cup.jpg",
        "must not point to a private, local or reserved address",
    ),
    (
        "https://[fd00::1]/cup.jpg",
        "must not point to a private, local or reserved address",
    ),
    (
        "https://0x0a000001/cup.jpg",
        "must not point to a private, local or reserved address",
    ),
    (
        "https://0.0.0.0/cup.jpg",
        "must not point to a private, local or reserved address",
    ),
    (
        "https://user:pass@shop.example/cup.jpg",
        "must not contain a user name or password",
    ),
    (
        "https://shop.example:25/cup.jpg",
        "must use port 443 or a port from 1024 up",
    ),
    ("ftp://shop.example/cup.jpg", "must begin with https://"),
    ("file:///etc/passwd", "must be an absolute https URL"),
    ("//shop.example/cup.jpg", "must be an absolute https URL"),
];

fn messages(errors: &Value) -> Vec<String> {
    let errors = errors.as_array().cloned().unwrap_or_default();
    errors
        .iter()
        .map(|error| error["message"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn addresses_of_photos_are_public() {
    let stack = Stack::connect().await;
    for some in REFUSED_ADDRESSES.chunks(8) {
        let urls: Vec<&str> = some.iter().map(|(url, _)| *url).collect();
        let answer = stack.api.post(GENERATE, &json!({"images": urls})).await;
        answer.assert_problem(422, "invalid_fields");
        let codes: Vec<String> = (0..some.len())
            .map(|index| format!("images[{index}] invalid_image_url"))
            .collect();
        assert_eq!(answer.field_codes(), codes);
        let expected: Vec<String> = some
            .iter()
            .map(|(_, why)| format!("{why}; an upload id or a data URL is taken as well"))
            .collect();
        assert_eq!(messages(&answer.body["errors"]), expected);
    }
}

#[tokio::test]
async fn addresses_of_receivers_are_public() {
    let stack = Stack::connect().await;
    for (url, why) in REFUSED_ADDRESSES {
        let answer = stack
            .api
            .post(GENERATE, &json!({"images": [PNG_DATA_URL], "callback_url": url}))
            .await;
        answer.assert_problem(422, "invalid_fields");
        assert_eq!(
            answer.field_codes(),
            ["callback_url invalid_callback_url"],
            "{url}"
        );
        assert_eq!(messages(&answer.body["errors"]), [why], "{url}");
    }
}

#[tokio::test]
async fn the_bytes_decide_what_a_photo_is() {
    let stack = Stack::connect().await;
    let data_url = |file: &[u8]| format!("data:image/png;base64,{}", STANDARD.encode(file));
    let body = json!({"images": [
        data_url(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        data_url(b"<?xml version='1.0'?><svg/>"),
        data_url(b"<!doctype html><title>Sign in</title>"),
        data_url(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        data_url(b"GIF89a\x01\0\x01\0"),
        data_url(b"%PDF-1.7"),
        "data:image/png;base64,%%%",
        "data:image/png;base64,",
    ]});
    let expected = [
        "images[0] unsupported_photo_format",
        "images[1] unsupported_photo_format",
        "images[2] not_a_picture",
        "images[3] unsupported_photo_format",
        "images[4] unsupported_photo_format",
        "images[5] not_a_picture",
        "images[6] invalid_data_url",
        "images[7] not_a_picture",
    ];
    let answer = stack.api.post(GENERATE, &body).await;
    assert_eq!(answer.field_codes(), expected);
    assert_eq!(
        messages(&answer.body["errors"])[3],
        "is HEIC; JPEG, PNG and WebP are taken"
    );
}

#[tokio::test]
async fn only_finished_uploads_of_ones_own_count() {
    let (stack, other) = (Stack::connect().await, Stack::connect().await);
    let photo = pictures::cup_png();
    let mine = stack.api.upload("image/png", &photo).await;
    let theirs = other.api.upload("image/png", &photo).await;
    let wanted = json!({"filename": "cup.png", "content_type": "image/png", "size": photo.len()});
    let unfinished = stack.api.post("/api/v1/uploads", &wanted).await.body["upload_id"].clone();
    let unknown = UploadId::from_uuid(clock::new_uuid()).to_string();

    let malformed =
        json!({"images": [mine, "upl_", "upl_../../somebody/upl_x", "upl_01H2XCEJQTF2NBREXX3VQJHP41"]});
    let expected = [
        "images[1] invalid_upload_id",
        "images[2] invalid_upload_id",
        "images[3] invalid_upload_id",
    ];
    assert_eq!(refusals(&stack, &malformed).await, expected);

    let missing = json!({"images": [unknown, mine, theirs, unfinished]});
    let expected = [
        "images[0] upload_not_found",
        "images[2] upload_not_found",
        "images[3] upload_not_found",
    ];
    assert_eq!(refusals(&stack, &missing).await, expected);
}
