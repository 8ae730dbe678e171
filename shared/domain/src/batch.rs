//! How Gemini's words about a batch and its lines are read.
//!
//! Facts: the Batch API guide and reference (<https://ai.google.dev/gemini-api/docs/batch-api>), whose text says
//! `JOB_STATE_*` where the wire says `BATCH_STATE_*`, and the `google-genai` SDK's open enums.

use crate::{failure::FailureCode, image::ImageFailureReason};

/// Where a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchState {
    /// Accepted, not begun; also every state that we do not know, since new ones are added without notice and the
    /// job's deadline bounds the wait.
    Waiting,
    /// Being worked on.
    Running,
    /// Ended; each line has its own outcome, and all of them may have failed.
    Succeeded,
    /// Ended without results, for this reason.
    Ended(FailureCode),
}

impl BatchState {
    /// Reads a state under either spelling.
    pub fn parse(name: &str) -> Self {
        let state = name
            .strip_prefix("BATCH_STATE_")
            .or_else(|| name.strip_prefix("JOB_STATE_"))
            .unwrap_or(name);
        match state {
            "RUNNING" | "CANCELLING" | "UPDATING" => Self::Running,
            "SUCCEEDED" | "PARTIALLY_SUCCEEDED" => Self::Succeeded,
            "FAILED" => Self::Ended(FailureCode::BatchFailed),
            "CANCELLED" | "CANCELED" => Self::Ended(FailureCode::BatchCancelled),
            "EXPIRED" => Self::Ended(FailureCode::BatchExpired),
            _ => Self::Waiting,
        }
    }
}

/// How many lines of a batch are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchCounts {
    /// All lines.
    pub total: u64,
    /// Lines that succeeded or failed.
    pub done: u64,
}

impl BatchCounts {
    /// Reads the counters of `batchStats`; a counter that is zero is not sent.
    ///
    /// `None` while the batch does not tell: then nothing is pending, succeeded or failed.
    pub fn from_stats(
        total: Option<u64>,
        pending: Option<u64>,
        succeeded: Option<u64>,
        failed: Option<u64>,
    ) -> Option<Self> {
        let total = total.filter(|total| *total > 0)?;
        let done = match (pending, succeeded, failed) {
            (None, None, None) => return None,
            (_, Some(_), _) | (_, _, Some(_)) => succeeded.unwrap_or(0) + failed.unwrap_or(0),
            (Some(pending), None, None) => total.saturating_sub(pending),
        };
        Some(Self {
            total,
            done: done.min(total),
        })
    }
}

/// Why a line that ended with this `finishReason` (or `blockReason`) has no picture.
pub fn reason_without_image(finish_reason: Option<&str>, block_reason: Option<&str>) -> ImageFailureReason {
    if block_reason.is_some_and(|reason| reason != "BLOCKED_REASON_UNSPECIFIED") {
        return ImageFailureReason::BlockedBySafety;
    }
    match finish_reason.unwrap_or_default() {
        "SAFETY"
        | "IMAGE_SAFETY"
        | "PROHIBITED_CONTENT"
        | "IMAGE_PROHIBITED_CONTENT"
        | "BLOCKLIST"
        | "SPII"
        | "RECITATION"
        | "IMAGE_RECITATION"
        | "ESCALATION"
        | "PUP_LIMITED_DISABLED"
        | "MODEL_ARMOR" => ImageFailureReason::BlockedBySafety,
        _ => ImageFailureReason::NoImageReturned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_mean_the_same() {
        for (name, state) in [
            ("PENDING", BatchState::Waiting),
            ("QUEUED", BatchState::Waiting),
            ("SOMETHING_NEW", BatchState::Waiting),
            ("RUNNING", BatchState::Running),
            ("SUCCEEDED", BatchState::Succeeded),
            ("FAILED", BatchState::Ended(FailureCode::BatchFailed)),
            ("CANCELLED", BatchState::Ended(FailureCode::BatchCancelled)),
            ("EXPIRED", BatchState::Ended(FailureCode::BatchExpired)),
        ] {
            assert_eq!(BatchState::parse(&format!("BATCH_STATE_{name}")), state);
            assert_eq!(BatchState::parse(&format!("JOB_STATE_{name}")), state);
        }
    }

    #[test]
    fn counts_are_read_from_whatever_is_sent() {
        let done = |stats: [Option<u64>; 4]| {
            BatchCounts::from_stats(stats[0], stats[1], stats[2], stats[3]).map(|counts| counts.done)
        };
        assert_eq!(done([Some(10), Some(10), None, None]), Some(0));
        assert_eq!(done([Some(10), Some(6), None, None]), Some(4));
        assert_eq!(done([Some(10), None, Some(3), Some(1)]), Some(4));
        assert_eq!(
            done([Some(10), None, Some(99), None]),
            Some(10),
            "never more than all"
        );
        assert_eq!(done([Some(10), None, None, None]), None);
        assert_eq!(done([None, Some(1), None, None]), None);
    }

    #[test]
    fn policies_and_silence_are_told_apart() {
        assert_eq!(
            reason_without_image(Some("IMAGE_SAFETY"), None),
            ImageFailureReason::BlockedBySafety
        );
        assert_eq!(
            reason_without_image(None, Some("PROHIBITED_CONTENT")),
            ImageFailureReason::BlockedBySafety
        );
        assert_eq!(
            reason_without_image(Some("NO_IMAGE"), None),
            ImageFailureReason::NoImageReturned
        );
        assert_eq!(
            reason_without_image(Some("STOP"), None),
            ImageFailureReason::NoImageReturned
        );
        assert_eq!(
            reason_without_image(None, None),
            ImageFailureReason::NoImageReturned
        );
    }
}
