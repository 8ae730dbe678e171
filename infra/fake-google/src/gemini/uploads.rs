//! Resumable uploads: `X-Goog-Upload-Command` start, upload, finalize, query and cancel.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use axum::Json;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::fs::OpenOptions;
use tokio::io::AsyncWriteExt as _;

use super::blob::Blob;
use super::fields::normalise;
use super::files::{Origin, StoredFile, URI_VERSION};
use super::messages::CREATE_FILE;
use super::{Gemini, new_id};
use crate::error::ApiError;
use crate::faults::UploadStep;

/// All chunks but the last are multiples of this.
pub(crate) const CHUNK_GRANULARITY: u64 = 8 * 1024 * 1024;

/// The longest file.
const LARGEST_FILE: u64 = 2 * 1024 * 1024 * 1024;

/// The uploads that have begun.
#[derive(Debug, Default)]
pub(crate) struct Uploads(std::sync::Mutex<HashMap<String, Arc<tokio::sync::Mutex<Upload>>>>);

/// One upload.
#[derive(Debug)]
struct Upload {
    file_id: String,
    display_name: String,
    mime_type: String,
    announced: Option<u64>,
    received: u64,
    digest: Sha256,
    path: PathBuf,
    finished: Option<Value>,
}

/// Which step of an upload a request is.
pub(crate) fn step(headers: &HeaderMap) -> UploadStep {
    let command = header(headers, "x-goog-upload-command").unwrap_or_default();
    let has = |word: &str| {
        command
            .split(',')
            .any(|part| part.trim().eq_ignore_ascii_case(word))
    };
    match () {
        () if has("start") => UploadStep::Start,
        () if has("finalize") => UploadStep::Finalize,
        () if has("upload") => UploadStep::Bytes,
        () => UploadStep::Other,
    }
}

/// Begins an upload and says where its bytes go.
pub(crate) async fn start(
    gemini: &Gemini,
    version: &str,
    headers: &HeaderMap,
    body: Value,
) -> Result<Response, ApiError> {
    if header(headers, "x-goog-upload-protocol") != Some("resumable") {
        return Err(ApiError::invalid("X-Goog-Upload-Protocol must be resumable."));
    }
    let described = normalise(body, &CREATE_FILE)?;
    let file = described.get("file").unwrap_or(&Value::Null);
    let text = |name: &str| {
        file.get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    let file_id = match text("name") {
        Some(name) => checked_id(name)?,
        None => new_id(12),
    };
    let display_name = text("displayName").unwrap_or_default();
    if display_name.chars().count() > 512 {
        return Err(ApiError::invalid(
            "file.display_name is longer than 512 characters.",
        ));
    }
    let mime_type = text("mimeType")
        .or_else(|| header(headers, "x-goog-upload-header-content-type"))
        .unwrap_or_default();
    let announced =
        header(headers, "x-goog-upload-header-content-length").and_then(|length| length.parse().ok());
    if announced.is_some_and(|length| length > LARGEST_FILE) {
        return Err(ApiError::invalid("The file is larger than 2 GB."));
    }
    let path = gemini.scratch.fresh_path();
    tokio::fs::write(&path, b"")
        .await
        .map_err(|error| ApiError::new(500, error.to_string()))?;
    let upload = Upload {
        file_id,
        display_name: display_name.to_owned(),
        mime_type: if mime_type.is_empty() {
            "application/octet-stream"
        } else {
            mime_type
        }
        .to_owned(),
        announced,
        received: 0,
        digest: Sha256::new(),
        path,
        finished: None,
    };
    let upload_id = new_id(24);
    gemini.uploads.insert(&upload_id, upload);
    let host = header(headers, "host").unwrap_or("127.0.0.1");
    let url = format!("http://{host}/upload/{version}/files?upload_id={upload_id}&upload_protocol=resumable");
    let mut response = Json(json!({})).into_response();
    set(&mut response, "x-goog-upload-url", &url);
    set(&mut response, "x-goog-upload-control-url", &url);
    set(&mut response, "x-goog-upload-status", "active");
    set(
        &mut response,
        "x-goog-upload-chunk-granularity",
        &CHUNK_GRANULARITY.to_string(),
    );
    Ok(response)
}

/// Takes bytes, or answers `query` and `cancel`, for an upload that has begun.
pub(crate) async fn proceed(
    gemini: &Gemini,
    upload_id: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let upload = gemini.uploads.find(upload_id).ok_or_else(ApiError::not_found)?;
    let mut upload = upload.lock().await;
    let command = header(headers, "x-goog-upload-command").unwrap_or_default();
    match (step(headers), command.trim()) {
        (UploadStep::Other, "query") => return Ok(upload.progress()),
        (UploadStep::Other, "cancel") => {
            gemini.uploads.remove(upload_id);
            // What remains of the bytes goes with the directory if this does not succeed.
            let _ = tokio::fs::remove_file(&upload.path).await;
            let mut response = Json(json!({})).into_response();
            set(&mut response, "x-goog-upload-status", "cancelled");
            return Ok(response);
        }
        (UploadStep::Bytes | UploadStep::Finalize, _) if upload.finished.is_some() => {
            return Ok(upload.progress());
        }
        (UploadStep::Bytes | UploadStep::Finalize, _) => {}
        _ => {
            return Err(ApiError::invalid(format!(
                "Unknown X-Goog-Upload-Command: {command}"
            )));
        }
    }
    let last = step(headers) == UploadStep::Finalize;
    upload.check_offset(headers)?;
    let before = upload.received;
    upload.append(body).await?;
    if !last {
        if !(upload.received - before).is_multiple_of(CHUNK_GRANULARITY) {
            return Err(ApiError::invalid(format!(
                "A chunk that is not the last must be a multiple of {CHUNK_GRANULARITY} bytes."
            )));
        }
        return Ok(upload.progress());
    }
    if upload
        .announced
        .is_some_and(|announced| announced != upload.received)
    {
        return Err(ApiError::invalid(format!(
            "Upload has {} bytes, but {} were announced.",
            upload.received,
            upload.announced.unwrap_or_default()
        )));
    }
    let host = header(headers, "host").unwrap_or("127.0.0.1");
    let file = StoredFile {
        id: upload.file_id.clone(),
        display_name: upload.display_name.clone(),
        mime_type: upload.mime_type.clone(),
        sha256: hex::encode(upload.digest.clone().finalize()),
        origin: Origin::Uploaded,
        created: gemini.clock.now(),
        content: Blob::adopt(upload.path.clone()).map_err(|error| ApiError::new(500, error.to_string()))?,
    };
    let shown = file.to_json(&format!("http://{host}/{URI_VERSION}"));
    gemini.files.add(file)?;
    upload.finished = Some(json!({"file": shown}));
    Ok(upload.progress())
}

impl Upload {
    fn check_offset(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let offset = header(headers, "x-goog-upload-offset").and_then(|offset| offset.parse::<u64>().ok());
        if offset == Some(self.received) {
            return Ok(());
        }
        Err(ApiError::invalid(format!(
            "X-Goog-Upload-Offset must be {}, the bytes received so far.",
            self.received
        )))
    }

    async fn append(&mut self, body: Body) -> Result<(), ApiError> {
        let broken = |error: &dyn std::fmt::Display| ApiError::new(500, error.to_string());
        let mut file = OpenOptions::new()
            .append(true)
            .open(&self.path)
            .await
            .map_err(|error| broken(&error))?;
        let limit = self.announced.unwrap_or(LARGEST_FILE);
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| broken(&error))?;
            if self.received + chunk.len() as u64 > limit {
                return Err(ApiError::invalid(format!(
                    "More bytes than the {limit} that were announced."
                )));
            }
            file.write_all(&chunk).await.map_err(|error| broken(&error))?;
            self.digest.update(&chunk);
            self.received += chunk.len() as u64;
        }
        file.flush().await.map_err(|error| broken(&error))
    }

    /// The answer to `query`, and to a chunk: how far it is, and the file once it is whole.
    fn progress(&self) -> Response {
        let body = self.finished.clone().unwrap_or_else(|| json!({}));
        let mut response = Json(body).into_response();
        set(
            &mut response,
            "x-goog-upload-status",
            if self.finished.is_some() {
                "final"
            } else {
                "active"
            },
        );
        set(
            &mut response,
            "x-goog-upload-size-received",
            &self.received.to_string(),
        );
        response
    }
}

impl Uploads {
    fn insert(&self, id: &str, upload: Upload) {
        self.lock()
            .insert(id.to_owned(), Arc::new(tokio::sync::Mutex::new(upload)));
    }

    fn find(&self, id: &str) -> Option<Arc<tokio::sync::Mutex<Upload>>> {
        self.lock().get(id).cloned()
    }

    fn remove(&self, id: &str) {
        self.lock().remove(id);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<tokio::sync::Mutex<Upload>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The id in a name that the caller chose: lower-case letters, digits and dashes, none of them at an end.
fn checked_id(name: &str) -> Result<String, ApiError> {
    let id = name.strip_prefix("files/").unwrap_or(name);
    let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let edges = id.starts_with('-') || id.ends_with('-');
    if id.is_empty() || id.len() > 40 || edges || !id.chars().all(allowed) {
        return Err(ApiError::bad_fields(&[(
            "file.name".to_owned(),
            "File name must be files/ and up to 40 lowercase letters, digits or dashes, not starting or ending with a dash."
                .to_owned(),
        )]));
    }
    Ok(id.to_owned())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn set(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
