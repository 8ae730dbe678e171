//! Faults that tests set with `PUT` or `POST /__faults`; the README has the table.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::error::ApiError;
use crate::operation::Operation;

mod batch;
mod call;

pub(crate) use batch::{BatchFaults, RowFault};
pub(crate) use call::{CallFault, Seen, UploadStep};

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
    /// For `/.well-known/openid-configuration`.
    pub discovery: Vec<CallFault>,
    /// For the page and the choice made on it.
    pub authorize: Vec<CallFault>,
    /// For `/token`.
    pub token: Vec<CallFault>,
    /// For `/oauth2/v3/certs`.
    pub jwks: Vec<CallFault>,
    /// For `/v1/userinfo`.
    pub userinfo: Vec<CallFault>,
    /// For `/revoke`.
    pub revoke: Vec<CallFault>,
    /// For the lists of files and of shared drives.
    pub drive_list: Vec<CallFault>,
    /// For one file or shared drive.
    pub drive_get: Vec<CallFault>,
    /// For a file's bytes.
    pub drive_media: Vec<CallFault>,
    /// For thumbnails.
    pub drive_thumbnail: Vec<CallFault>,
    /// For new files, uploads and ids for them.
    pub drive_create: Vec<CallFault>,
    /// For batches created from now on: one object, or a list of which the first that fits is taken.
    #[serde(deserialize_with = "one_or_many")]
    pub batch: Vec<BatchFaults>,
}

/// The faults in force.
#[derive(Debug, Default)]
pub(crate) struct FaultBook(Mutex<Faults>);

impl FaultBook {
    /// Puts `faults` in the place of those that were in force.
    pub(crate) fn replace(&self, faults: Faults) -> Result<(), ApiError> {
        faults.check()?;
        *self.lock() = faults;
        Ok(())
    }

    /// Adds `faults` after those in force, so that tests which run at the same time leave each other's alone.
    pub(crate) fn add(&self, mut faults: Faults) -> Result<(), ApiError> {
        faults.check()?;
        let mut book = self.lock();
        for operation in Operation::FAULTY {
            if let (Some(old), Some(new)) = (book.of_mut(operation), faults.of_mut(operation)) {
                old.append(new);
            }
        }
        book.batch.append(&mut faults.batch);
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
    fn check(&self) -> Result<(), ApiError> {
        Operation::FAULTY.into_iter().try_for_each(|operation| {
            let mut faults = self.of(operation).iter();
            faults.try_for_each(|fault| fault.check(operation))
        })
    }

    fn of(&self, operation: Operation) -> &[CallFault] {
        match operation {
            Operation::GenerateContent => &self.generate_content,
            Operation::UploadFile => &self.upload_file,
            Operation::CreateBatch => &self.create_batch,
            Operation::GetBatch => &self.get_batch,
            Operation::ListBatches => &self.list_batches,
            Operation::Download => &self.download,
            Operation::CancelBatch => &self.cancel_batch,
            Operation::Discovery => &self.discovery,
            Operation::Authorize => &self.authorize,
            Operation::Token => &self.token,
            Operation::Jwks => &self.jwks,
            Operation::Userinfo => &self.userinfo,
            Operation::Revoke => &self.revoke,
            Operation::DriveList => &self.drive_list,
            Operation::DriveGet => &self.drive_get,
            Operation::DriveMedia => &self.drive_media,
            Operation::DriveThumbnail => &self.drive_thumbnail,
            Operation::DriveCreate => &self.drive_create,
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
            Operation::Discovery => &mut self.discovery,
            Operation::Authorize => &mut self.authorize,
            Operation::Token => &mut self.token,
            Operation::Jwks => &mut self.jwks,
            Operation::Userinfo => &mut self.userinfo,
            Operation::Revoke => &mut self.revoke,
            Operation::DriveList => &mut self.drive_list,
            Operation::DriveGet => &mut self.drive_get,
            Operation::DriveMedia => &mut self.drive_media,
            Operation::DriveThumbnail => &mut self.drive_thumbnail,
            Operation::DriveCreate => &mut self.drive_create,
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
            account: None,
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
            account: None,
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
