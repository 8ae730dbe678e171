//! Faults of a batch and of its rows. They are fixed when the batch is created.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::RowFaults;

/// Polls after which a batch is done, unless told.
const DEFAULT_POLLS: u32 = 3;

/// How one batch goes.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct BatchFaults {
    /// Only for batches whose display name or input contains this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// The state in which it ends; `SUCCEEDED` unless told.
    pub end_state: EndState,
    /// The `GET` (counted from 1) that first shows the end state; 3 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub polls_until_done: Option<u32>,
    /// End by the server's clock instead: this many seconds after creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds_until_done: Option<u32>,
    /// Runs for ever.
    pub stuck: bool,
    /// Results in another order than the requests.
    pub shuffle: bool,
    /// Faults of single rows, by position (counted from 1) or by the row's key.
    pub rows: RowFaults,
}

impl BatchFaults {
    /// The poll that first shows the end state.
    pub(crate) fn polls(&self) -> u32 {
        self.polls_until_done.unwrap_or(DEFAULT_POLLS)
    }

    /// The fault of the row at `index` (counted from 0) with `key`.
    pub(crate) fn row(&self, index: usize, key: Option<&str>) -> Option<&RowFault> {
        self.rows
            .get(&(index + 1).to_string())
            .or_else(|| key.and_then(|key| self.rows.get(key)))
    }
}

/// What is wrong with one row's result.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent switch of the JSON form"
)]
pub(crate) struct RowFault {
    /// An error with this gRPC code in the place of a response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<i32>,
    /// The error's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// A candidate without content that ended for this reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    /// No candidate, and this `promptFeedback.blockReason`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_reason: Option<String>,
    /// No line at all.
    pub missing: bool,
    /// The line twice.
    pub duplicate: bool,
    /// A normal end with text but no image.
    pub no_image: bool,
    /// Base64 of bytes that are no picture.
    pub corrupt_image: bool,
    /// Image data that is not base64.
    pub not_base64: bool,
    /// A picture whose file is at least this long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pad_bytes: Option<usize>,
    /// Image data in the URL-safe alphabet without padding.
    pub url_safe: bool,
}

/// The name of a terminal state, with or without a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EndState {
    prefix: &'static str,
    name: &'static str,
}

impl EndState {
    const NAMES: [&'static str; 5] = [
        "SUCCEEDED",
        "FAILED",
        "CANCELLED",
        "EXPIRED",
        "PARTIALLY_SUCCEEDED",
    ];

    /// The state without a prefix, such as `SUCCEEDED`.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// `BATCH_STATE_` as on the wire, or `JOB_STATE_` as in Google's guide: the spelling that was asked for.
    pub(crate) fn prefix(&self) -> &'static str {
        self.prefix
    }
}

impl Default for EndState {
    fn default() -> Self {
        Self {
            prefix: "BATCH_STATE_",
            name: "SUCCEEDED",
        }
    }
}

impl Serialize for EndState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}{}", self.prefix, self.name))
    }
}

impl<'de> Deserialize<'de> for EndState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (prefix, bare) = match text.strip_prefix("JOB_STATE_") {
            Some(bare) => ("JOB_STATE_", bare),
            None => ("BATCH_STATE_", text.strip_prefix("BATCH_STATE_").unwrap_or(&text)),
        };
        let name = Self::NAMES
            .into_iter()
            .find(|name| *name == bare)
            .ok_or_else(|| {
                serde::de::Error::custom(format!(
                    "unknown end_state `{text}`, expected one of {:?}",
                    Self::NAMES
                ))
            })?;
        Ok(Self { prefix, name })
    }
}

#[cfg(test)]
mod tests {
    use super::BatchFaults;

    #[test]
    fn rows_are_found_by_position_and_by_key() {
        let faults: BatchFaults = serde_json::from_str(
            r#"{"end_state": "JOB_STATE_EXPIRED", "rows": {"3": {"error": 13}, "img_7": {}}}"#,
        )
        .expect("is well formed");
        assert_eq!(faults.row(2, None).and_then(|row| row.error), Some(13));
        assert!(faults.row(9, Some("img_7")).is_some());
        assert_eq!(
            (faults.end_state.prefix(), faults.end_state.name()),
            ("JOB_STATE_", "EXPIRED")
        );
    }
}
