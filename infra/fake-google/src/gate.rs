//! What every call passes: the record, the version, the key and the faults.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::calls::{self, Call};
use crate::error::ApiError;
use crate::faults::{CallFault, Seen};
use crate::gemini::{VERSIONS, upload_step};
use crate::operation::{Operation, Service};
use crate::server::Shared;

/// The largest body of a call that is not an upload.
const LARGEST_BODY: usize = 100 * 1024 * 1024;

/// The wait before an answer is cut off, so that what was sent is on its way.
const TRUNCATION_PAUSE: Duration = Duration::from_millis(50);

/// Mark on a response that must not be sent: the server closes the connection instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DropReply;

/// Lets a call through to its handler, or answers in its place.
pub(crate) async fn pass(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let operation = Operation::of(request.method(), request.uri().path(), query);
    let (request, body) = match with_body_read(request).await {
        Ok(read) => read,
        Err(error) => return error.into_response(),
    };
    let caller = Caller::of(&shared.oauth, operation, &request, &body);
    let call = record(&shared, operation, &request, &body, &caller);
    let sequence = shared.calls.begin(call);
    let response = answer(&shared, operation, request, &body, &caller, next).await;
    let dropped = response.extensions().get::<DropReply>().is_some();
    shared.calls.finish(sequence, response.status().as_u16(), dropped);
    response
}

async fn answer(
    shared: &Shared,
    operation: Operation,
    mut request: Request,
    body: &Bytes,
    caller: &Caller,
    next: Next,
) -> Response {
    if let Err(error) = admit(operation, &request) {
        drain(request).await;
        return error.into_response();
    }
    let path = request.uri().to_string();
    let step = (operation == Operation::UploadFile).then(|| upload_step(request.headers()));
    let fault = shared.faults.take(
        operation,
        &Seen {
            path: &path,
            body,
            step,
            account: caller.account.as_deref(),
        },
    );
    let Some(fault) = fault else {
        return next.run(request).await;
    };
    let mut response = if let Some(refusal) = refusal(&fault, operation) {
        drain(request).await;
        refusal
    } else {
        request.extensions_mut().insert(fault.clone());
        next.run(request).await
    };
    // The work is done by now, so a caller that gives up during the wait has still had it done.
    if let Some(milliseconds) = fault.delay_ms {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }
    if let Some(length) = fault.truncate_after {
        response = truncated(response, length);
    }
    if fault.drop_reply {
        response.extensions_mut().insert(DropReply);
    }
    response
}

/// Reads the body of all calls but those that bring a file's bytes, which may be long.
async fn with_body_read(request: Request) -> Result<(Request, Bytes), ApiError> {
    if is_file_bytes(&request) {
        return Ok((request, Bytes::new()));
    }
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, LARGEST_BODY).await.map_err(|_| {
        ApiError::invalid(format!(
            "Request payload size exceeds the limit: {LARGEST_BODY} bytes."
        ))
    })?;
    Ok((Request::from_parts(parts, Body::from(bytes.clone())), bytes))
}

fn is_file_bytes(request: &Request) -> bool {
    let path = request.uri().path();
    (path.starts_with("/upload/") && !path.starts_with("/upload/drive/"))
        && request
            .uri()
            .query()
            .is_some_and(|query| query.contains("upload_id="))
}

/// Checks version and key of a call of Gemini; the others have checks of their own. The URL of an upload is a key in
/// itself.
fn admit(operation: Operation, request: &Request) -> Result<(), ApiError> {
    if operation.service() != Service::Gemini {
        return Ok(());
    }
    let mut segments = request.uri().path().trim_start_matches('/').split('/');
    let version = segments
        .find(|segment| !matches!(*segment, "upload" | "download"))
        .unwrap_or_default();
    if operation == Operation::Unknown || !VERSIONS.contains(&version) {
        return Err(ApiError::not_found());
    }
    if is_file_bytes(request) {
        return Ok(());
    }
    match key(request) {
        None => Err(ApiError::new(
            403,
            "Method doesn't allow unregistered callers (callers without established identity). Please use API Key \
             or other form of API consumer identity to call this API.",
        )),
        Some(key) if key.contains("invalid") => Err(ApiError::invalid(
            "API key not valid. Please pass a valid API key.",
        )
        .with(json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": {"service": "generativelanguage.googleapis.com"},
        }))),
        Some(_) => Ok(()),
    }
}

fn key(request: &Request) -> Option<&str> {
    let header = request
        .headers()
        .get("x-goog-api-key")
        .and_then(|key| key.to_str().ok());
    let query = request
        .uri()
        .query()
        .unwrap_or_default()
        .split('&')
        .find_map(|pair| pair.strip_prefix("key="));
    header.or(query).filter(|key| !key.is_empty())
}

fn refusal(fault: &CallFault, operation: Operation) -> Option<Response> {
    let refusal = fault.refusal(operation)?;
    let status = refusal.status();
    Some(match &fault.body {
        None => refusal,
        Some(Value::String(page)) => (status, Html(page.clone())).into_response(),
        Some(body) => (status, Json(body.clone())).into_response(),
    })
}

/// The answer with an end before its time. Its length stays as it was announced, so the connection closes.
fn truncated(response: Response, length: u64) -> Response {
    let (parts, body) = response.into_parts();
    let left = usize::try_from(length).unwrap_or(usize::MAX);
    let cut = body.into_data_stream().scan(left, |left, chunk| {
        let kept = chunk.map(|mut chunk| {
            chunk.truncate(*left);
            *left -= chunk.len();
            chunk
        });
        let is_over = kept.as_ref().is_ok_and(Bytes::is_empty);
        std::future::ready((!is_over).then_some(kept.map_err(io::Error::other)))
    });
    // Head and bytes have to leave before the connection does.
    let end = futures_util::stream::once(async {
        tokio::time::sleep(TRUNCATION_PAUSE).await;
        Err(io::Error::other("a fault asked for this answer to end early"))
    });
    Response::from_parts(parts, Body::from_stream(cut.chain(end)))
}

/// Reads what is left of a body, so that the caller gets to read the answer.
async fn drain(request: Request) {
    let mut rest = request.into_body().into_data_stream();
    while let Some(Ok(_)) = rest.next().await {}
}

fn record(shared: &Shared, operation: Operation, request: &Request, body: &Bytes, caller: &Caller) -> Call {
    let announced = request
        .headers()
        .get("content-length")
        .and_then(|length| length.to_str().ok()?.parse().ok());
    let kept = calls::kept_body(body);
    Call {
        sequence: 0,
        time: shared.clock.now(),
        operation,
        method: request.method().to_string(),
        path: without_secrets(&request.uri().to_string()),
        account: caller.account.clone(),
        grant_type: caller.grant_type.clone(),
        status: None,
        reply_dropped: false,
        display_name: kept.as_ref().and_then(calls::display_name),
        body_bytes: announced.unwrap_or(body.len() as u64),
        body: kept,
    }
}

fn without_secrets(uri: &str) -> String {
    let Some((path, query)) = uri.split_once('?') else {
        return uri.to_owned();
    };
    let is_secret = |pair: &&str| {
        let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
        matches!(name, "key" | "token" | "access_token")
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_secret(pair)).collect();
    if kept.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", kept.join("&"))
    }
}
