//! What was asked of the server, in order, for tests that want to know.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::operation::Operation;

/// How many calls are kept; the oldest go first.
const KEPT_CALLS: usize = 20_000;

/// The longest JSON text of a body that is kept.
const KEPT_BODY_BYTES: usize = 64 * 1024;

/// The longest text inside a kept body; longer ones (base64 pictures) are shown by their length.
const KEPT_TEXT_BYTES: usize = 8 * 1024;

/// One call as `GET /__calls` shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Call {
    /// Position in the order of arrival, counted from 1.
    pub sequence: u64,
    /// When it arrived, by the server's clock.
    pub time: Timestamp,
    /// What it asked for.
    pub operation: Operation,
    /// HTTP method.
    pub method: String,
    /// Path with the query, less keys and tokens.
    pub path: String,
    /// The answer's status; absent while it is being answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The work was done but the connection was closed instead of answering.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reply_dropped: bool,
    /// `displayName` of a file or a batch.
    #[serde(rename = "displayName", skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Whose call it was, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// `grant_type` of a call of the token endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_type: Option<String>,
    /// Size of the body in bytes, as far as it was read.
    pub body_bytes: u64,
    /// The body, where it is small JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// How often each operation was answered with each status.
pub(crate) type Counts = BTreeMap<Operation, BTreeMap<u16, u64>>;

#[derive(Debug, Default)]
struct Log {
    calls: VecDeque<Call>,
    counts: Counts,
    last_sequence: u64,
}

/// The record of calls.
#[derive(Debug, Default)]
pub(crate) struct CallLog(Mutex<Log>);

impl CallLog {
    /// Notes a call that has arrived, and gives its sequence number.
    pub(crate) fn begin(&self, mut call: Call) -> u64 {
        let mut log = self.lock();
        log.last_sequence += 1;
        call.sequence = log.last_sequence;
        if log.calls.len() == KEPT_CALLS {
            log.calls.pop_front();
        }
        log.calls.push_back(call);
        log.last_sequence
    }

    /// Notes how a call ended.
    pub(crate) fn finish(&self, sequence: u64, status: u16, reply_dropped: bool) {
        let mut log = self.lock();
        if let Some(call) = log.calls.iter_mut().rev().find(|call| call.sequence == sequence) {
            call.status = Some(status);
            call.reply_dropped = reply_dropped;
            let operation = call.operation;
            *log.counts
                .entry(operation)
                .or_default()
                .entry(status)
                .or_default() += 1;
        }
    }

    /// How often each operation was answered with each status, of those calls too that are no longer kept.
    pub(crate) fn counts(&self) -> Counts {
        self.lock().counts.clone()
    }

    /// All kept calls, or those of one operation.
    pub(crate) fn list(&self, operation: Option<Operation>) -> Vec<Call> {
        let log = self.lock();
        log.calls
            .iter()
            .filter(|call| operation.is_none_or(|wanted| call.operation == wanted))
            .cloned()
            .collect()
    }

    /// Forgets all calls.
    pub(crate) fn clear(&self) {
        let mut log = self.lock();
        log.calls.clear();
        log.counts.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The part of a body that a record keeps: parsed JSON with long texts replaced by their length.
pub(crate) fn kept_body(bytes: &[u8]) -> Option<Value> {
    let mut body: Value = serde_json::from_slice(bytes).ok()?;
    shorten(&mut body);
    (body.to_string().len() <= KEPT_BODY_BYTES).then_some(body)
}

/// `displayName` (or `display_name`) of the file or batch that a body describes.
pub(crate) fn display_name(body: &Value) -> Option<String> {
    let described = body.get("batch").or_else(|| body.get("file"))?;
    let name = described
        .get("displayName")
        .or_else(|| described.get("display_name"))?;
    name.as_str().map(str::to_owned)
}

fn shorten(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > KEPT_TEXT_BYTES => *text = format!("({} bytes)", text.len()),
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn long_texts_are_kept_as_their_length() {
        let body = json!({"file": {"display_name": "job"}, "data": "x".repeat(10_000)}).to_string();
        let kept = super::kept_body(body.as_bytes()).expect("is JSON");
        assert_eq!(kept["data"], "(10000 bytes)");
        assert_eq!(super::display_name(&kept).as_deref(), Some("job"));
    }
}
