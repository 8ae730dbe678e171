//! The server's own paths: faults, recorded calls, the clock, and what concerns accounts.

mod accounts;

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::calls::{Call, Counts};
use crate::error::ApiError;
use crate::faults::Faults;
use crate::operation::Operation;
use crate::server::Shared;

/// The paths that begin with two underscores.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/__health", get(health))
        .route(
            "/__faults",
            get(show_faults)
                .put(set_faults)
                .post(add_faults)
                .delete(clear_faults),
        )
        .route("/__calls", get(list_calls).delete(clear_calls))
        .route("/__calls/counts", get(count_calls))
        .route("/__time", get(show_time).post(advance_time))
        .route("/__reset", post(reset))
        .merge(accounts::router())
        .with_state(shared)
}

async fn health() -> Json<Value> {
    Json(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}))
}

async fn show_faults(State(shared): State<Arc<Shared>>) -> Json<Faults> {
    Json(shared.faults.remaining())
}

async fn set_faults(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Json<Faults>, ApiError> {
    shared.faults.replace(read(&body)?)?;
    Ok(Json(shared.faults.remaining()))
}

async fn add_faults(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Json<Faults>, ApiError> {
    shared.faults.add(read(&body)?)?;
    Ok(Json(shared.faults.remaining()))
}

async fn clear_faults(State(shared): State<Arc<Shared>>) -> Result<Json<Value>, ApiError> {
    shared.faults.replace(Faults::default())?;
    Ok(Json(json!({})))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    operation: Option<Operation>,
}

async fn list_calls(State(shared): State<Arc<Shared>>, Query(wanted): Query<Wanted>) -> Json<Vec<Call>> {
    Json(shared.calls.list(wanted.operation))
}

async fn count_calls(State(shared): State<Arc<Shared>>) -> Json<Counts> {
    Json(shared.calls.counts())
}

async fn clear_calls(State(shared): State<Arc<Shared>>) -> Json<Value> {
    shared.calls.clear();
    Json(json!({}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: i64,
}

async fn show_time(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({"now": shared.clock.now()}))
}

async fn advance_time(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Json<Value>, ApiError> {
    let advance: Advance = read(&body)?;
    shared.clock.advance(advance.advance_seconds);
    Ok(Json(json!({"now": shared.clock.now()})))
}

async fn reset(State(shared): State<Arc<Shared>>) -> Result<Json<Value>, ApiError> {
    shared.faults.replace(Faults::default())?;
    shared.calls.clear();
    shared.gemini.clear();
    shared.oauth.clear();
    shared.drive.clear();
    Ok(Json(json!({})))
}

/// Reads JSON whatever its content type; serde's words name what is known where something is not.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|error| ApiError::invalid(error.to_string()))
}
