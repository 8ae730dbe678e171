//! Uploads and files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::server::Server;

const CHUNK: usize = 8 * 1024 * 1024;

#[tokio::test]
async fn a_file_comes_in_chunks_and_is_described() {
    let server = Server::start().await;
    let bytes: Vec<u8> = (0..CHUNK + 5)
        .map(|n| u8::try_from(n % 251).expect("is small"))
        .collect();
    let url = server
        .start_upload(
            bytes.len(),
            &json!({"displayName": "d", "mimeType": "application/jsonl", "sizeBytes": "8388613"}),
        )
        .await;
    let first = server
        .send_bytes(&url, "upload", 0, bytes[..CHUNK].to_vec())
        .await;
    assert_eq!(first.headers()["x-goog-upload-status"], "active");
    let asked = server.send_bytes(&url, "query", 0, Vec::new()).await;
    assert_eq!(asked.headers()["x-goog-upload-size-received"], "8388608");
    let wrong = server
        .send_bytes(&url, "upload, finalize", 3, bytes[CHUNK..].to_vec())
        .await;
    assert_eq!(wrong.status(), 400);
    let last = server
        .send_bytes(&url, "upload, finalize", CHUNK, bytes[CHUNK..].to_vec())
        .await;
    assert_eq!(last.headers()["x-goog-upload-status"], "final");
    let file = last.json::<serde_json::Value>().await.expect("is JSON")["file"].clone();
    assert_eq!(
        (&file["sizeBytes"], &file["state"], &file["source"]),
        (&json!("8388613"), &json!("ACTIVE"), &json!("UPLOADED"))
    );
    assert_eq!(
        file["sha256Hash"],
        STANDARD.encode(hex::encode(Sha256::digest(&bytes)))
    );
    // A client whose last reply was lost asks, and is told the file.
    let again = server.send_bytes(&url, "query", 0, Vec::new()).await;
    assert_eq!(
        again.json::<serde_json::Value>().await.expect("is JSON")["file"]["name"],
        file["name"]
    );
}

#[tokio::test]
async fn a_cancelled_upload_is_gone_and_a_short_one_is_refused() {
    let server = Server::start().await;
    let url = server.start_upload(10, &json!({})).await;
    let short = server
        .send_bytes(&url, "upload, finalize", 0, b"four".to_vec())
        .await;
    assert_eq!(short.status(), 400);
    let cancelled = server.send_bytes(&url, "cancel", 0, Vec::new()).await;
    assert_eq!(cancelled.headers()["x-goog-upload-status"], "cancelled");
    assert_eq!(
        server.send_bytes(&url, "query", 0, Vec::new()).await.status(),
        404
    );
}

#[tokio::test]
async fn a_chosen_name_is_kept_and_cannot_be_taken_twice() {
    let server = Server::start().await;
    let chosen = json!({"name": "files/my-file-1", "mime_type": "image/png", "size_bytes": 3});
    for status in [200, 409] {
        let url = server.start_upload(3, &chosen).await;
        assert_eq!(
            server
                .send_bytes(&url, "upload, finalize", 0, b"abc".to_vec())
                .await
                .status(),
            status
        );
    }
    assert_eq!(
        server.get("/v1/files/my-file-1").await.1["name"],
        "files/my-file-1"
    );
}

#[tokio::test]
async fn uploaded_files_cannot_be_downloaded_and_expire_after_two_days() {
    let server = Server::start().await;
    let file = server.upload(b"hello", "text/plain").await;
    let name = file["name"].as_str().expect("has a name");
    let (status, error) = server.get(&format!("/v1beta/{name}:download?alt=media")).await;
    assert_eq!(
        (status, &error["error"]["status"]),
        (400, &json!("INVALID_ARGUMENT"))
    );
    server
        .post("/__time", &json!({"advance_seconds": 47 * 3600}))
        .await;
    assert_eq!(server.get(&format!("/v1/{name}")).await.0, 200);
    server
        .post("/__time", &json!({"advance_seconds": 2 * 3600}))
        .await;
    let (status, error) = server.get(&format!("/v1/{name}")).await;
    assert_eq!(
        (status, &error["error"]["status"]),
        (403, &json!("PERMISSION_DENIED"))
    );
}

#[tokio::test]
async fn files_are_listed_in_pages_and_deleted() {
    let server = Server::start().await;
    for n in 0..5 {
        server.upload(format!("{n}").as_bytes(), "text/plain").await;
    }
    let mut names = Vec::new();
    let mut token = String::new();
    loop {
        let (_, page) = server
            .get(&format!("/v1beta/files?pageSize=2&pageToken={token}"))
            .await;
        let files = page["files"].as_array().expect("is a list");
        names.extend(
            files
                .iter()
                .map(|file| file["name"].as_str().expect("has a name").to_owned()),
        );
        match page["nextPageToken"].as_str() {
            Some(next) => token = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(names.len(), 5);
    for name in &names {
        let deleted = server
            .request(Method::DELETE, &format!("/v1/{name}"))
            .send()
            .await
            .expect("answers");
        assert_eq!(deleted.text().await.expect("is text"), "{}");
    }
    assert_eq!(server.get("/v1/files").await.1, json!({}));
}
