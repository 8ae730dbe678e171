//! The rows of a batch: read from its input, answered, and written down as lines of JSON.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Write as _};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::blob::{Blob, Scratch};
use super::fields::normalise;
use super::gallery::Gallery;
use super::messages::INPUT_LINE;
use super::models::Model;
use super::padding;
use super::reply;
use super::request::{Prepared, Sources, decode_base64};
use crate::error::ApiError;
use crate::faults::RowFault;

/// One request of a batch.
#[derive(Debug)]
pub(crate) struct Row {
    /// `key` of a line in a file.
    pub key: Option<String>,
    /// `metadata` of an inline request, echoed as it is.
    pub metadata: Option<Value>,
    /// The request, or what is wrong with it: that fails the row, not the batch.
    pub request: Result<Prepared, ApiError>,
}

/// Reads the lines of an input file. A line that cannot be read refuses the batch.
pub(crate) fn from_file(
    input: &Blob,
    name: &str,
    model: &'static Model,
    sources: Sources<'_>,
) -> Result<Vec<Row>, ApiError> {
    let file = File::open(input.path()).map_err(|error| ApiError::new(500, error.to_string()))?;
    let mut rows = Vec::new();
    for (index, line) in BufReader::new(file).lines().enumerate() {
        let refuse =
            |why: &str| ApiError::invalid(format!("Failed to parse line {} of {name}: {why}", index + 1));
        let line = line.map_err(|error| refuse(&error.to_string()))?;
        if line.trim().is_empty() {
            continue;
        }
        let parsed: Value = serde_json::from_str(&line).map_err(|error| refuse(&error.to_string()))?;
        if !parsed.is_object() {
            return Err(refuse("is not a JSON object"));
        }
        let mut normal = normalise(parsed, &INPUT_LINE).map_err(|error| {
            let place = refuse(&error.message).message;
            ApiError {
                message: place,
                ..error
            }
        })?;
        let key = normal.get("key").and_then(Value::as_str).map(str::to_owned);
        let request = normal
            .get_mut("request")
            .map(Value::take)
            .ok_or_else(|| refuse("has no request"))?;
        rows.push(Row {
            key,
            metadata: None,
            request: Prepared::new(request, model, sources),
        });
    }
    if rows.is_empty() {
        return Err(ApiError::invalid(format!("{name} has no requests.")));
    }
    Ok(rows)
}

/// Takes the requests of a normalised inline batch.
pub(crate) fn from_inline(requests: Vec<Value>, model: &'static Model, sources: Sources<'_>) -> Vec<Row> {
    let row = |mut item: Value| {
        let key = item
            .pointer("/metadata/key")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let metadata = item.get_mut("metadata").map(Value::take);
        let request = item.get_mut("request").map(Value::take).unwrap_or_default();
        Row {
            key,
            metadata,
            request: Prepared::new(request, model, sources),
        }
    };
    requests.into_iter().map(row).collect()
}

/// What became of a row.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Its line, unless the row is to be missing.
    pub line: Option<Arc<Blob>>,
    /// The line stands twice.
    pub twice: bool,
    /// It counts as failed.
    pub failed: bool,
}

impl Row {
    /// Answers the row and writes its line down. Heavy: call it off the async threads.
    pub(crate) fn run(
        &self,
        fault: Option<&RowFault>,
        gallery: &Gallery,
        scratch: &Scratch,
    ) -> io::Result<Outcome> {
        let plain = RowFault::default();
        let fault = fault.unwrap_or(&plain);
        let result = self.result(fault, gallery);
        let failed = result.is_err();
        let mut line = match result {
            Ok(response) => json!({"response": response}),
            Err(status) => json!({"error": status}),
        };
        match (&self.metadata, &self.key) {
            (Some(metadata), _) => line["metadata"] = metadata.clone(),
            (None, Some(key)) => line["key"] = json!(key),
            (None, None) => {}
        }
        let line = if fault.missing {
            None
        } else {
            Some(scratch.store(line.to_string().as_bytes())?)
        };
        Ok(Outcome {
            line,
            twice: fault.duplicate,
            failed,
        })
    }

    fn result(&self, fault: &RowFault, gallery: &Gallery) -> Result<Value, Value> {
        let request = self.request.as_ref().map_err(ApiError::to_status)?;
        if let Some(code) = fault.error {
            let message = fault
                .message
                .as_deref()
                .unwrap_or("An internal error has occurred. Please retry.");
            return Err(json!({"code": code, "message": message}));
        }
        if let Some(reason) = &fault.block_reason {
            return Ok(reply::blocked(request, reason));
        }
        if let Some(reason) = &fault.finish_reason {
            return Ok(reply::ended(request, reason));
        }
        if fault.no_image {
            return Ok(reply::text_reply(
                request,
                "I can describe the picture, but I did not draw it.",
            ));
        }
        let mut response = reply::answer(request, gallery).map_err(|error| error.to_status())?;
        if let Some(inline) = final_picture(&mut response) {
            spoil(inline, fault);
        }
        Ok(response)
    }
}

/// The picture of a response that is not a thought.
fn final_picture(response: &mut Value) -> Option<&mut Value> {
    let parts = response
        .pointer_mut("/candidates/0/content/parts")?
        .as_array_mut()?;
    let part = parts
        .iter_mut()
        .find(|part| part.get("inlineData").is_some() && part.get("thought").is_none())?;
    part.get_mut("inlineData")?.get_mut("data")
}

fn spoil(data: &mut Value, fault: &RowFault) {
    if fault.not_base64 {
        *data = json!("this is *not* base64!");
        return;
    }
    if fault.corrupt_image {
        *data = json!(STANDARD.encode(b"these bytes are not a picture"));
        return;
    }
    if fault.pad_bytes.is_none() && !fault.url_safe {
        return;
    }
    let mut bytes = data.as_str().and_then(decode_base64).unwrap_or_default();
    if let Some(length) = fault.pad_bytes {
        bytes = padding::pad(bytes, length);
    }
    *data = json!(if fault.url_safe {
        URL_SAFE_NO_PAD.encode(bytes)
    } else {
        STANDARD.encode(bytes)
    });
}

/// Joins the lines into one file. Heavy: call it off the async threads.
pub(crate) fn join(outcomes: &[Outcome], scratch: &Scratch) -> io::Result<Arc<Blob>> {
    let path = scratch.fresh_path();
    let mut output = BufWriter::new(File::create(&path)?);
    for outcome in outcomes {
        let Some(line) = &outcome.line else { continue };
        for _ in 0..=usize::from(outcome.twice) {
            io::copy(&mut File::open(line.path())?, &mut output)?;
            output.write_all(b"\n")?;
        }
    }
    output.flush()?;
    drop(output);
    Blob::adopt(path)
}
