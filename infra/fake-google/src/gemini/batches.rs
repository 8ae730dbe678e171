//! The batches: create, get, list, cancel, delete.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::batch::{Batch, Phase};
use super::blob::Blob;
use super::fields::normalise;
use super::messages::CREATE_BATCH;
use super::models::Model;
use super::paging::Page;
use super::request::Sources;
use super::rows::{self, Row};
use super::work::Work;
use super::{Gemini, new_id, off_thread};
use crate::error::ApiError;
use crate::faults::BatchFaults;

/// Batches that may be pending or running at a time.
const CONCURRENT_BATCHES: usize = 100;

/// The longest body of a batch whose requests are inline.
pub(crate) const LARGEST_INLINE_BATCH: usize = 20 * 1024 * 1024;

/// How long a poll that is to show results waits for the pictures. After that it shows a running batch once more.
const PATIENCE: Duration = Duration::from_secs(10);

/// All batches.
#[derive(Debug, Default)]
pub(crate) struct Batches(Mutex<BTreeMap<String, Batch>>);

impl Batches {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Batch>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all of them, and stops their work.
    pub(crate) fn clear(&self) {
        for batch in std::mem::take(&mut *self.lock()).into_values() {
            batch.stop.store(true, Ordering::Relaxed);
        }
    }

    /// Takes it, unless others have taken the last places.
    fn insert(&self, batch: Batch, model: &Model, now: Timestamp) -> Result<(), ApiError> {
        let mut batches = self.lock();
        room(&batches, model, now)?;
        batches.insert(batch.id.clone(), batch);
        Ok(())
    }

    fn with<T>(&self, id: &str, act: impl FnOnce(&mut Batch) -> T) -> Result<T, ApiError> {
        self.lock().get_mut(id).map(act).ok_or_else(ApiError::not_found)
    }
}

/// An error if as many batches are under way as may be.
fn room(batches: &BTreeMap<String, Batch>, model: &Model, now: Timestamp) -> Result<(), ApiError> {
    let active = batches
        .values()
        .filter(|batch| batch.is_active() && !has_expired(batch, now));
    if active.count() < CONCURRENT_BATCHES {
        return Ok(());
    }
    Err(ApiError::quota(
        "ConcurrentBatchesPerProject",
        "concurrent_batches",
        model.id,
        None,
    ))
}

/// Creates a batch and starts on its rows.
pub(crate) async fn create(
    gemini: &Arc<Gemini>,
    version: &str,
    model: &str,
    body: Value,
) -> Result<Value, ApiError> {
    let model = Model::find(model, version, "batchGenerateContent")?;
    let order = Order::read(normalise(body, &CREATE_BATCH)?)?;
    let now = gemini.clock.now();
    // Before the order is read, which takes a while; what came meanwhile is seen at the end.
    room(&gemini.batches.lock(), model, now)?;
    let own = Arc::clone(gemini);
    let (order, rows, faults) = off_thread(move || order.open(&own, model)).await?;
    let (sender, results) = watch::channel(None);
    let batch = Batch {
        id: new_id(28),
        model: model.id,
        display_name: order.display_name,
        input_file: order.file_name,
        requests: rows.len(),
        priority: order.priority,
        created: now,
        updated: now,
        faults: Arc::new(faults),
        polls: 0,
        phase: Phase::Pending,
        cancelled: false,
        stop: Arc::new(AtomicBool::new(false)),
        results,
    };
    let shown = batch.to_json(true);
    let work = Work {
        gemini: Arc::clone(gemini),
        rows: Arc::new(rows),
        faults: Arc::clone(&batch.faults),
        stop: Arc::clone(&batch.stop),
        file_id: batch.input_file.is_some().then(|| format!("batch-{}", batch.id)),
    };
    gemini.batches.insert(batch, model, now)?;
    tokio::spawn(work.run(sender));
    Ok(shown)
}

/// One poll of a batch.
pub(crate) async fn get(gemini: &Arc<Gemini>, id: &str) -> Result<Value, ApiError> {
    let now = gemini.clock.now();
    let (next, mut results) = gemini
        .batches
        .with(id, |batch| (batch.next_phase(now), batch.results.clone()))?;
    let needs_results = matches!(next, Phase::Ended("SUCCEEDED" | "PARTIALLY_SUCCEEDED"));
    let ready = !needs_results
        || matches!(
            tokio::time::timeout(PATIENCE, results.wait_for(Option::is_some)).await,
            Ok(Ok(_))
        );
    let own = Arc::clone(gemini);
    let id = id.to_owned();
    off_thread(move || {
        own.batches.with(&id, |batch| {
            let next = batch.next_phase(now);
            batch.advance(
                if ready {
                    next
                } else {
                    Phase::Running(batch.requests / 2)
                },
                now,
            );
            batch.to_json(true)
        })
    })
    .await
}

/// A page of batches, newest first. Listing moves no batch on.
pub(crate) fn list(gemini: &Gemini, page: &Page) -> Result<Value, ApiError> {
    let batches = gemini.batches.lock();
    let all: Vec<&Batch> = batches.values().collect();
    let (shown, next) = page.cut(all, |batch| (batch.created, &batch.id))?;
    let operations: Vec<Value> = shown.iter().map(|batch| batch.to_json(false)).collect();
    let mut body = json!({});
    if !operations.is_empty() {
        body["operations"] = json!(operations);
    }
    if let Some(token) = next {
        body["nextPageToken"] = json!(token);
    }
    Ok(body)
}

/// Asks a batch to stop; the next poll shows it cancelled. One that has ended stays as it is.
pub(crate) fn cancel(gemini: &Gemini, id: &str) -> Result<Value, ApiError> {
    gemini.batches.with(id, |batch| {
        batch.cancelled = batch.is_active();
        json!({})
    })
}

/// Forgets a batch. Its result file stays.
pub(crate) fn delete(gemini: &Gemini, id: &str) -> Result<Value, ApiError> {
    gemini
        .batches
        .lock()
        .remove(id)
        .map(|_| json!({}))
        .ok_or_else(ApiError::not_found)
}

fn has_expired(batch: &Batch, now: Timestamp) -> bool {
    batch.next_phase(now) == Phase::Ended("EXPIRED")
}

/// What a caller orders.
#[derive(Debug)]
struct Order {
    display_name: String,
    file_name: Option<String>,
    requests: Vec<Value>,
    priority: Option<Value>,
}

impl Order {
    fn read(mut body: Value) -> Result<Self, ApiError> {
        let missing = |field: &str| {
            ApiError::bad_fields(&[(
                field.to_owned(),
                format!("* BatchGenerateContentRequest.{field}: {field} must be specified"),
            )])
        };
        let mut batch = body
            .get_mut("batch")
            .map(Value::take)
            .ok_or_else(|| missing("batch"))?;
        let display_name = batch
            .get("displayName")
            .and_then(Value::as_str)
            .filter(|name| !name.is_empty());
        let display_name = display_name
            .ok_or_else(|| missing("batch.display_name"))?
            .to_owned();
        let file_name = batch
            .pointer("/inputConfig/fileName")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let requests = batch
            .pointer_mut("/inputConfig/requests/requests")
            .map(Value::take);
        let requests: Vec<Value> = match requests {
            Some(Value::Array(requests)) => requests,
            _ => Vec::new(),
        };
        match (&file_name, requests.len()) {
            (Some(_), 1..) => {
                return Err(ApiError::invalid(
                    "input_config takes requests or file_name, not both.",
                ));
            }
            (None, 0) => return Err(missing("batch.input_config")),
            _ => {}
        }
        Ok(Self {
            display_name,
            file_name,
            requests,
            priority: batch.get_mut("priority").map(Value::take),
        })
    }

    /// Reads the rows, and finds out how the batch is to go.
    fn open(
        mut self,
        gemini: &Gemini,
        model: &'static Model,
    ) -> Result<(Self, Vec<Row>, BatchFaults), ApiError> {
        let sources = Sources {
            files: &gemini.files,
            scratch: &gemini.scratch,
        };
        let requests = std::mem::take(&mut self.requests);
        let (rows, input): (_, Option<Arc<Blob>>) = match &self.file_name {
            Some(name) => {
                let (_, input) = gemini.files.content(name)?;
                (rows::from_file(&input, name, model, sources)?, Some(input))
            }
            None => (rows::from_inline(requests, model, sources), None),
        };
        let mentions = |text: &str| match &input {
            Some(input) => {
                let bytes = input.read().unwrap_or_default();
                String::from_utf8_lossy(&bytes).contains(text)
            }
            None => rows.iter().any(|row| {
                row.request
                    .as_ref()
                    .is_ok_and(|request| request.text.contains(text))
            }),
        };
        let faults = gemini.faults.for_batch(&self.display_name, mentions);
        Ok((self, rows, faults))
    }
}
