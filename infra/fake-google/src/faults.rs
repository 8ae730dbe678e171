//! Faults that tests set with `PUT /__faults`; the README has the table.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::error::ApiError;
use crate::operation::Operation;

mod batch;

pub(crate) use batch::{BatchFaults, RowFault};

/// Everything that is to go wrong. The default is nothing.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Faults {
    /// For `models/{model}:generateContent`, each used up in order.
    pub generate_content: Vec<CallFault>,
    /// For the requests of an upload (start, bytes, finalize).
    pub upload_file: Vec<CallFault>,
    /// For `models/{model}:batchGenerateContent`.
    pub create_batch: Vec<CallFault>,
    /// For `GET batches/{id}`.
    pub get_batch: Vec<CallFault>,
    /// For `GET batches`.
    pub list_batches: Vec<CallFault>,
    /// For both download paths.
    pub download: Vec<CallFault>,
    /// For `batches/{id}:cancel`.
    pub cancel_batch: Vec<CallFault>,
    /// For batches created from now on: one object, or a list of which the first that fits is taken.
    #[serde(deserialize_with = "one_or_many")]
    pub batch: Vec<BatchFaults>,
}

/// What happens to one call, or to `times` calls.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CallFault {
    /// How many calls it is for; 1 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Refuse with this HTTP status; the work is not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// `RetryInfo.retryDelay` of the refusal, such as `"1.5s"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_delay: Option<String>,
    /// `QuotaFailure.violations[0].quotaId` of a 429.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota_id: Option<String>,
    /// The refusal's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The refusal's whole body: JSON, or a text that is sent as HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// Do the work, then close the connection instead of answering.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub drop_reply: bool,
    /// Do the work, then wait this long before answering.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// Only for this step of an upload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<UploadStep>,
    /// Only for calls whose path or body contains this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// `generate_content`: answer exactly this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// `generate_content`: a blocked prompt with this `promptFeedback.blockReason`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_reason: Option<String>,
    /// `generate_content`: a candidate without content that ended for this reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    /// `generate_content`: this many shots, whatever the schema says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shots: Option<usize>,
}

/// The kinds of request of which a resumable upload consists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UploadStep {
    /// `X-Goog-Upload-Command: start`.
    Start,
    /// `upload`, more bytes to come.
    Bytes,
    /// `upload, finalize`.
    Finalize,
    /// `query` or `cancel`.
    Other,
}

impl CallFault {
    /// The refusal that this fault asks for, if it asks for one.
    pub(crate) fn refusal(&self) -> Option<ApiError> {
        let status = self.status?;
        let delay = self.retry_delay.as_deref();
        let mut error = match (status, &self.quota_id) {
            (429, quota_id) => {
                let id = quota_id
                    .as_deref()
                    .unwrap_or("GenerateRequestsPerMinutePerProjectPerModel");
                ApiError::quota(id, "generate_content_paid_tier_requests", "any", delay)
            }
            (status, _) => {
                let error = ApiError::new(status, "An internal error has occurred. Please retry.");
                delay.map_or(error.clone(), |delay| error.with_retry_delay(delay))
            }
        };
        if let Some(message) = &self.message {
            error.message.clone_from(message);
        }
        Some(error)
    }

    fn check(&self, operation: Operation) -> Result<(), ApiError> {
        let scripted = self.text.is_some()
            || self.block_reason.is_some()
            || self.finish_reason.is_some()
            || self.shots.is_some();
        if scripted && operation != Operation::GenerateContent {
            return Err(ApiError::invalid(
                "text, block_reason, finish_reason and shots are for generate_content only",
            ));
        }
        if self.step.is_some() && operation != Operation::UploadFile {
            return Err(ApiError::invalid("step is for upload_file only"));
        }
        if self.status.is_some_and(|status| !(400..=599).contains(&status)) {
            return Err(ApiError::invalid("status must be 400 to 599"));
        }
        let is_duration = |text: &str| text.strip_suffix('s').is_some_and(|n| n.parse::<f64>().is_ok());
        if self
            .retry_delay
            .as_deref()
            .is_some_and(|delay| !is_duration(delay))
        {
            return Err(ApiError::invalid("retry_delay must look like \"1.5s\""));
        }
        Ok(())
    }

    fn fits(&self, seen: &Seen<'_>) -> bool {
        let step_fits = self.step.is_none() || self.step == seen.step;
        step_fits
            && self.contains.as_ref().is_none_or(|text| {
                seen.path.contains(text.as_str())
                    || String::from_utf8_lossy(seen.body).contains(text.as_str())
            })
    }
}

/// What a fault may look at to decide whether a call is meant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// Path of the request.
    pub path: &'a str,
    /// Body as far as it was buffered.
    pub body: &'a [u8],
    /// Step, for uploads.
    pub step: Option<UploadStep>,
}

/// The faults in force.
#[derive(Debug, Default)]
pub(crate) struct FaultBook(Mutex<Faults>);

impl FaultBook {
    /// Puts `faults` in the place of those that were in force.
    pub(crate) fn replace(&self, faults: Faults) -> Result<(), ApiError> {
        for operation in Operation::FAULTY {
            faults
                .of(operation)
                .iter()
                .try_for_each(|fault| fault.check(operation))?;
        }
        *self.lock() = faults;
        Ok(())
    }

    /// What is still in force.
    pub(crate) fn remaining(&self) -> Faults {
        self.lock().clone()
    }

    /// Takes the next fault that is meant for a call, and counts it.
    pub(crate) fn take(&self, operation: Operation, seen: &Seen<'_>) -> Option<CallFault> {
        let mut faults = self.lock();
        let list = faults.of_mut(operation)?;
        let position = list.iter().position(|fault| fault.fits(seen))?;
        let times = list[position].times.unwrap_or(1);
        let fault = list[position].clone();
        if times > 1 {
            list[position].times = Some(times - 1);
        } else {
            list.remove(position);
        }
        (times > 0).then_some(fault)
    }

    /// The faults for a batch that is being created, found by its display name or input.
    pub(crate) fn for_batch(&self, display_name: &str, input: impl Fn(&str) -> bool) -> BatchFaults {
        let faults = self.lock();
        let fits = |fault: &&BatchFaults| {
            fault
                .contains
                .as_ref()
                .is_none_or(|text| display_name.contains(text.as_str()) || input(text))
        };
        faults.batch.iter().find(fits).cloned().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Faults> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Faults {
    fn of(&self, operation: Operation) -> &[CallFault] {
        match operation {
            Operation::GenerateContent => &self.generate_content,
            Operation::UploadFile => &self.upload_file,
            Operation::CreateBatch => &self.create_batch,
            Operation::GetBatch => &self.get_batch,
            Operation::ListBatches => &self.list_batches,
            Operation::Download => &self.download,
            Operation::CancelBatch => &self.cancel_batch,
            _ => &[],
        }
    }

    fn of_mut(&mut self, operation: Operation) -> Option<&mut Vec<CallFault>> {
        Some(match operation {
            Operation::GenerateContent => &mut self.generate_content,
            Operation::UploadFile => &mut self.upload_file,
            Operation::CreateBatch => &mut self.create_batch,
            Operation::GetBatch => &mut self.get_batch,
            Operation::ListBatches => &mut self.list_batches,
            Operation::Download => &mut self.download,
            Operation::CancelBatch => &mut self.cancel_batch,
            _ => return None,
        })
    }
}

/// Reads one object or a list of them. Going through `Value` keeps serde's own words about an unknown name.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<BatchFaults>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let parsed = match value {
        Value::Array(_) => serde_json::from_value(value),
        one => serde_json::from_value(one).map(|fault| vec![fault]),
    };
    parsed.map_err(serde::de::Error::custom)
}

/// Faults of single rows, by position (counted from 1) or by the row's key.
pub(crate) type RowFaults = BTreeMap<String, RowFault>;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{FaultBook, Faults, Seen};
    use crate::operation::Operation;

    fn book(faults: serde_json::Value) -> FaultBook {
        let faults: Faults = serde_json::from_value(faults).expect("is well formed");
        let book = FaultBook::default();
        book.replace(faults).expect("is sensible");
        book
    }

    #[test]
    fn faults_are_used_up_in_order() {
        let book = book(json!({"get_batch": [{"status": 429, "times": 2}, {"drop_reply": true}]}));
        let seen = Seen {
            path: "/v1/batches/b",
            body: b"",
            step: None,
        };
        let taken: Vec<_> = (0..4).map(|_| book.take(Operation::GetBatch, &seen)).collect();
        let statuses: Vec<_> = taken
            .iter()
            .flatten()
            .map(|fault| (fault.status, fault.drop_reply))
            .collect();
        assert_eq!(statuses, [(Some(429), false), (Some(429), false), (None, true)]);
    }

    #[test]
    fn a_fault_may_be_for_certain_calls_only() {
        let book = book(json!({"create_batch": [{"status": 503, "contains": "job-2"}]}));
        let call = |body| Seen {
            path: "/v1",
            body,
            step: None,
        };
        assert!(book.take(Operation::CreateBatch, &call(b"job-1")).is_none());
        assert!(book.take(Operation::CreateBatch, &call(b"job-2")).is_some());
    }

    #[test]
    fn unknown_names_are_refused_with_the_known_ones() {
        for wrong in [
            json!({"get_file": []}),
            json!({"batch": {"state": "FAILED"}}),
            json!({"download": [{"x": 1}]}),
        ] {
            let error = serde_json::from_value::<Faults>(wrong).expect_err("is unknown");
            assert!(error.to_string().contains("expected one of"), "{error}");
        }
    }
}
