//! Which call a request line is, and what answers it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_util::io::ReaderStream;

use super::batches::{self, LARGEST_INLINE_BATCH};
use super::fields::normalise;
use super::files::{Origin, URI_VERSION};
use super::messages::{COUNT_TOKENS, GENERATE_CONTENT};
use super::models::{MODELS, Model};
use super::paging::Page;
use super::request::{Prepared, Sources};
use super::{Gemini, off_thread, reply, uploads};
use crate::error::ApiError;
use crate::faults::CallFault;

type Answer = Result<Json<Value>, ApiError>;

/// All paths. A colon and a verb may follow a name, so the last segment is taken apart by hand.
pub(crate) fn router(gemini: Arc<Gemini>) -> Router {
    Router::new()
        .route("/{version}/models", get(list_models))
        .route("/{version}/models/{name}", get(get_model).post(call_model))
        .route("/upload/{version}/files", post(upload))
        .route("/{version}/files", get(list_files))
        .route("/{version}/files/{name}", get(get_file).delete(delete_file))
        .route("/download/{version}/files/{name}", get(get_file))
        .route("/{version}/batches", get(list_batches))
        .route(
            "/{version}/batches/{name}",
            get(get_batch).post(cancel_batch).delete(delete_batch),
        )
        .with_state(gemini)
}

async fn list_models() -> Json<Value> {
    Json(json!({"models": MODELS.iter().map(Model::to_json).collect::<Vec<_>>()}))
}

async fn get_model(Path((version, name)): Path<(String, String)>) -> Answer {
    Ok(Json(Model::find(&name, &version, "")?.to_json()))
}

async fn call_model(
    State(gemini): State<Arc<Gemini>>,
    Path((version, call)): Path<(String, String)>,
    fault: Option<Extension<CallFault>>,
    body: Bytes,
) -> Answer {
    let (model, verb) = call.rsplit_once(':').ok_or_else(ApiError::not_found)?;
    if verb == "batchGenerateContent" && body.len() > LARGEST_INLINE_BATCH {
        return Err(too_large(LARGEST_INLINE_BATCH));
    }
    let body = parsed(&body)?;
    match verb {
        "generateContent" => {
            let fault = fault.map(|Extension(fault)| fault);
            generate(gemini, Model::find(model, &version, verb)?, body, fault)
                .await
                .map(Json)
        }
        "countTokens" => count_tokens(gemini, Model::find(model, &version, verb)?, body)
            .await
            .map(Json),
        "batchGenerateContent" => batches::create(&gemini, &version, model, body).await.map(Json),
        _ => Err(ApiError::not_found()),
    }
}

async fn generate(
    gemini: Arc<Gemini>,
    model: &'static Model,
    body: Value,
    fault: Option<CallFault>,
) -> Result<Value, ApiError> {
    let body = normalise(body, &GENERATE_CONTENT)?;
    let _place = gemini.gallery.place().await;
    let own = Arc::clone(&gemini);
    off_thread(move || {
        let request = Prepared::new(
            body,
            model,
            Sources {
                files: &own.files,
                scratch: &own.scratch,
            },
        )?;
        match fault.and_then(|fault| reply::scripted(&request, &fault)) {
            Some(scripted) => Ok(scripted),
            None => reply::answer(&request, &own.gallery),
        }
    })
    .await
}

async fn count_tokens(gemini: Arc<Gemini>, model: &'static Model, body: Value) -> Result<Value, ApiError> {
    let mut body = normalise(body, &COUNT_TOKENS)?;
    let inner = body
        .get_mut("generateContentRequest")
        .map(Value::take)
        .unwrap_or(body);
    off_thread(move || {
        let request = Prepared::new(
            inner,
            model,
            Sources {
                files: &gemini.files,
                scratch: &gemini.scratch,
            },
        )?;
        let reply = reply::text_reply(&request, "");
        Ok(json!({"totalTokens": reply["usageMetadata"]["promptTokenCount"]}))
    })
    .await
}

#[derive(Debug, Deserialize)]
struct UploadQuery {
    upload_id: Option<String>,
}

async fn upload(
    State(gemini): State<Arc<Gemini>>,
    Path(version): Path<String>,
    Query(query): Query<UploadQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    if let Some(id) = query.upload_id {
        uploads::proceed(&gemini, &id, &headers, body).await
    } else {
        let bytes = axum::body::to_bytes(body, 1024 * 1024)
            .await
            .map_err(|_| too_large(1024 * 1024))?;
        let body = if bytes.is_empty() {
            json!({})
        } else {
            parsed(&bytes)?
        };
        uploads::start(&gemini, &version, &headers, body).await
    }
}

async fn list_files(
    State(gemini): State<Arc<Gemini>>,
    Query(page): Query<Page>,
    headers: HeaderMap,
) -> Answer {
    let (files, next) = gemini.files.list(&page)?;
    let base = base_url(&headers);
    let mut body = json!({});
    if !files.is_empty() {
        body["files"] = files.iter().map(|file| file.to_json(&base)).collect();
    }
    if let Some(token) = next {
        body["nextPageToken"] = json!(token);
    }
    Ok(Json(body))
}

#[derive(Debug, Deserialize)]
struct Alt {
    alt: Option<String>,
}

async fn get_file(
    State(gemini): State<Arc<Gemini>>,
    Path((_, name)): Path<(String, String)>,
    Query(query): Query<Alt>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Some(id) = name.strip_suffix(":download") else {
        return Ok(Json(gemini.files.get(&name)?.to_json(&base_url(&headers))).into_response());
    };
    let file = gemini.files.get(id)?;
    if file.origin != Origin::Generated {
        return Err(ApiError::invalid("Only generated files can be downloaded."));
    }
    if query.alt.as_deref() != Some("media") {
        return Ok(Json(json!({})).into_response());
    }
    let opened = tokio::fs::File::open(file.content.path()).await;
    let opened = opened.map_err(|error| ApiError::new(500, error.to_string()))?;
    let head = [
        (header::CONTENT_TYPE, file.mime_type.clone()),
        (header::CONTENT_LENGTH, file.content.length().to_string()),
    ];
    Ok((
        StatusCode::OK,
        head,
        Body::from_stream(ReaderStream::with_capacity(opened, 256 * 1024)),
    )
        .into_response())
}

async fn delete_file(State(gemini): State<Arc<Gemini>>, Path((_, name)): Path<(String, String)>) -> Answer {
    gemini.files.remove(&name)?;
    Ok(Json(json!({})))
}

async fn list_batches(State(gemini): State<Arc<Gemini>>, Query(page): Query<Page>) -> Answer {
    batches::list(&gemini, &page).map(Json)
}

async fn get_batch(State(gemini): State<Arc<Gemini>>, Path((_, name)): Path<(String, String)>) -> Answer {
    batches::get(&gemini, &name).await.map(Json)
}

async fn cancel_batch(State(gemini): State<Arc<Gemini>>, Path((_, call)): Path<(String, String)>) -> Answer {
    let id = call.strip_suffix(":cancel").ok_or_else(ApiError::not_found)?;
    batches::cancel(&gemini, id).map(Json)
}

async fn delete_batch(State(gemini): State<Arc<Gemini>>, Path((_, name)): Path<(String, String)>) -> Answer {
    batches::delete(&gemini, &name).map(Json)
}

fn parsed(body: &[u8]) -> Result<Value, ApiError> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| ApiError::invalid(format!("Invalid JSON payload received. {error}")))?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(ApiError::invalid("Invalid JSON payload received. Not an object."))
    }
}

fn too_large(limit: usize) -> ApiError {
    ApiError::invalid(format!("Request payload size exceeds the limit: {limit} bytes."))
}

/// The URL in a file's `uri`, up to and with the version.
fn base_url(headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("127.0.0.1");
    format!("http://{host}/{URI_VERSION}")
}
