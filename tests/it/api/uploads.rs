//! Presigned uploads: what is signed, and that S3 refuses everything else.

use packshot_tests::{pictures, stack::Stack};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{GENERATE, post_raw};

const UPLOADS: &str = "/api/v1/uploads";

/// The names of an object's members, in order of the alphabet.
fn names(object: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = object
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    names
}

/// SHA-256 of the photo, in hexadecimal.
fn sha256(photo: &[u8]) -> String {
    hex::encode(Sha256::digest(photo))
}

/// A signed upload of this photo, with its checksum.
async fn signed(stack: &Stack, photo: &[u8]) -> Value {
    let wanted = json!({
        "filename": "cup.png",
        "content_type": "image/png",
        "size": photo.len(),
        "sha256": sha256(photo),
    });
    let answer = stack.api.post(UPLOADS, &wanted).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body
}

#[tokio::test]
async fn an_upload_says_all_that_a_client_needs() {
    let stack = Stack::connect().await;
    let upload = signed(&stack, &pictures::cup_png()).await;
    assert_eq!(
        names(&upload),
        ["expires_at", "headers", "method", "upload_id", "url"]
    );
    assert_eq!(upload["method"], "PUT");
    assert!(
        upload["upload_id"]
            .as_str()
            .is_some_and(|id| id.starts_with("upl_")),
        "{upload}"
    );
    assert_eq!(
        names(&upload["headers"]),
        ["content-type", "x-amz-checksum-sha256"]
    );

    let expires: jiff::Timestamp = upload["expires_at"]
        .as_str()
        .and_then(|at| at.parse().ok())
        .expect("a moment");
    let seconds = expires.duration_since(packshot_clients::clock::now()).as_secs();
    assert!((800..=900).contains(&seconds), "{seconds}");
    assert_eq!(stack.api.put_upload(&upload, &pictures::cup_png()).await, 200);
}

#[tokio::test]
async fn s3_refuses_what_was_not_signed() {
    let stack = Stack::connect().await;
    let photo = pictures::cup_png();
    let mut same_length = photo.clone();
    same_length[100] ^= 1;
    let longer = [photo.as_slice(), b"x"].concat();

    let upload = signed(&stack, &photo).await;
    let without = |header: &str| {
        let mut upload = upload.clone();
        upload["headers"].as_object_mut().expect("headers").remove(header);
        upload
    };
    let with_type = |content_type: &str| {
        let mut upload = upload.clone();
        upload["headers"]["content-type"] = json!(content_type);
        upload
    };
    for (what, upload, photo, statuses) in [
        ("a longer file", upload.clone(), &longer, [403]),
        ("a shorter file", upload.clone(), &photo[1..].to_vec(), [403]),
        (
            "another file of the same length",
            upload.clone(),
            &same_length,
            [400],
        ),
        ("another type", with_type("text/html"), &photo, [403]),
        ("no type", without("content-type"), &photo, [403]),
        ("no checksum", without("x-amz-checksum-sha256"), &photo, [403]),
    ] {
        let status = stack.api.put_upload(&upload, photo).await;
        assert!(statuses.contains(&status), "{what}: {status}");
    }
    // None of it has left a file behind.
    let answer = stack
        .api
        .post(GENERATE, &json!({"images": [upload["upload_id"]]}))
        .await;
    assert_eq!(answer.field_codes(), ["images[0] upload_not_found"]);
    assert_eq!(stack.api.put_upload(&upload, &photo).await, 200);
}

#[tokio::test]
async fn a_photo_of_nine_megabytes_becomes_a_job() {
    let stack = Stack::connect().await;
    let photo = pictures::noise_png(1760, 1760);
    assert!(photo.len() > 9_000_000, "{}", photo.len());
    let upload = signed(&stack, &photo).await;
    assert_eq!(stack.api.put_upload(&upload, &photo).await, 200);
    let answer = stack
        .api
        .post(GENERATE, &json!({"images": [upload["upload_id"]], "count": 2}))
        .await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let job = stack
        .api
        .finished_job(answer.body["id"].as_str().expect("an id"))
        .await;
    assert_eq!(
        (&job["status"], &job["stage"]),
        (&json!("completed"), &json!("All 2 images are ready"))
    );
}

#[tokio::test]
async fn all_mistakes_are_told_at_once() {
    let stack = Stack::connect().await;
    let refusals = async |body: &Value| {
        let answer = stack.api.post(UPLOADS, body).await;
        answer.assert_problem(422, "invalid_fields");
        answer.field_codes()
    };
    assert_eq!(
        refusals(&json!({})).await,
        ["filename required", "content_type required", "size required"]
    );
    let wrong = json!({
        "filename": "x".repeat(256),
        "content_type": "image/svg+xml",
        "size": 52_428_801,
        "sha256": "not a digest",
        "key": "uploads/somebody/else",
    });
    let expected = [
        "filename too_long",
        "size out_of_range",
        "content_type unsupported_photo_format",
        "sha256 invalid_sha256",
        "key unknown_field",
    ];
    assert_eq!(refusals(&wrong).await, expected);
    for (field, value, code) in [
        ("size", json!(0), "out_of_range"),
        ("size", json!("9 MB"), "out_of_range"),
        ("content_type", json!("image/heic"), "unsupported_photo_format"),
        ("content_type", json!(["image/png"]), "wrong_type"),
        ("sha256", json!("ff"), "invalid_sha256"),
    ] {
        let mut body = json!({"filename": "cup.png", "content_type": "image/png", "size": 1});
        body[field] = value;
        assert_eq!(refusals(&body).await, [format!("{field} {code}")], "{body}");
    }
    for body in ["", "[]", "{\"size\": "] {
        post_raw(&stack, UPLOADS, "application/json", body)
            .await
            .assert_problem(400, "malformed_body");
    }
}

#[tokio::test]
async fn an_upload_belongs_to_one_place_in_one_job() {
    let stack = Stack::connect().await;
    let upload = stack.api.upload("image/png", &pictures::cup_png()).await;
    let twice = stack
        .api
        .post(GENERATE, &json!({"images": [upload, upload]}))
        .await;
    twice.assert_problem(422, "invalid_fields");
    assert_eq!(twice.field_codes(), ["images[1] duplicate"]);

    let wanted = json!({"images": [upload], "count": 1});
    let first = stack.api.post(GENERATE, &wanted).await;
    assert_eq!(first.status, 202, "{first:?}");
    let again = stack.api.post(GENERATE, &wanted).await;
    again.assert_problem(422, "invalid_fields");
    assert_eq!(again.field_codes(), ["images[0] upload_already_used"]);
}
