//! One batch: its states by the number of polls, and how it is shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::blob::Blob;
use crate::faults::BatchFaults;

/// A batch that has waited or run this long expires.
const LIFE: SignedDuration = SignedDuration::from_hours(48);

/// Prefix of the types in an operation, as seen on the real service.
const TYPE: &str = "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch";

/// The results, once all rows have been answered.
#[derive(Debug)]
pub(crate) struct Results {
    /// One line of JSON a row.
    pub lines: Arc<Blob>,
    /// Rows that failed.
    pub failed: usize,
}

/// Where a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Accepted.
    Pending,
    /// So many rows are done.
    Running(usize),
    /// Over, in the state of this name.
    Ended(&'static str),
}

/// A batch.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Name without `batches/`.
    pub id: String,
    /// Name of the model, without `models/`.
    pub model: &'static str,
    /// The caller's name for it.
    pub display_name: String,
    /// The input file, unless its requests came inline.
    pub input_file: Option<String>,
    /// Its number of requests.
    pub requests: usize,
    /// `priority`, if given.
    pub priority: Option<Value>,
    /// When it was created.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
    /// How it goes.
    pub faults: Arc<BatchFaults>,
    /// How often it was asked for.
    pub polls: u32,
    /// Where it stands.
    pub phase: Phase,
    /// The caller wants it to stop.
    pub cancelled: bool,
    /// Tells the rows that are not yet answered to stay so.
    pub stop: Arc<AtomicBool>,
    /// The results when they are there.
    pub results: watch::Receiver<Option<Arc<Results>>>,
}

impl Batch {
    /// Whether it counts against the number of batches at a time.
    pub(crate) fn is_active(&self) -> bool {
        !matches!(self.phase, Phase::Ended(_))
    }

    /// The phase that the next poll shows.
    pub(crate) fn next_phase(&self, now: Timestamp) -> Phase {
        if !self.is_active() {
            return self.phase;
        }
        if self.cancelled {
            return Phase::Ended("CANCELLED");
        }
        if now.duration_since(self.created) >= LIFE {
            return Phase::Ended("EXPIRED");
        }
        if self.faults.stuck {
            return Phase::Running(self.requests / 2);
        }
        if let Some(seconds) = self.faults.seconds_until_done {
            let passed = now.duration_since(self.created).as_secs().max(0).unsigned_abs();
            return self.phase_at(passed, u64::from(seconds));
        }
        self.phase_at(u64::from(self.polls) + 1, u64::from(self.faults.polls()))
    }

    /// A third of the way it is pending, then it runs.
    fn phase_at(&self, step: u64, last: u64) -> Phase {
        if step >= last {
            Phase::Ended(self.faults.end_state.name())
        } else if step * 3 <= last && last > 2 {
            Phase::Pending
        } else {
            Phase::Running(usize::try_from(self.requests as u64 * step / last).unwrap_or(0))
        }
    }

    /// Notes a poll that found it in `phase`.
    pub(crate) fn advance(&mut self, phase: Phase, now: Timestamp) {
        self.polls = self.polls.saturating_add(1);
        if self.phase != phase {
            self.phase = phase;
            self.updated = now;
        }
        if !self.is_active() {
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    /// The results, if it ended with any.
    fn output(&self) -> Option<Arc<Results>> {
        match self.phase {
            Phase::Ended("SUCCEEDED" | "PARTIALLY_SUCCEEDED") => self.results.borrow().clone(),
            _ => None,
        }
    }

    /// The operation as `get` (`full`) and `list` show it: lists leave inline responses out.
    pub(crate) fn to_json(&self, full: bool) -> Value {
        let output = self.output();
        let mut metadata = json!({
            "@type": TYPE,
            "model": format!("models/{}", self.model),
            "displayName": self.display_name,
            "createTime": self.created.to_string(),
            "updateTime": self.updated.to_string(),
            "batchStats": self.stats(output.as_deref()),
            "state": format!("{}{}", self.faults.end_state.prefix(), self.state()),
            "name": format!("batches/{}", self.id),
        });
        if let Some(name) = &self.input_file {
            metadata["inputConfig"] = json!({"fileName": name});
        }
        if let Some(priority) = &self.priority {
            metadata["priority"] = priority.clone();
        }
        let mut operation = json!({"name": format!("batches/{}", self.id)});
        if let Phase::Ended(state) = self.phase {
            metadata["endTime"] = json!(self.updated.to_string());
            operation["done"] = json!(true);
            match output {
                Some(results) => {
                    let output = self.show_output(&results, full);
                    operation["response"] = output.clone();
                    operation["response"]["@type"] = json!(format!("{TYPE}Output"));
                    metadata["output"] = output;
                }
                None => operation["error"] = failure(state),
            }
        }
        operation["metadata"] = metadata;
        operation
    }

    fn show_output(&self, results: &Results, full: bool) -> Value {
        if self.input_file.is_some() {
            return json!({"responsesFile": format!("files/batch-{}", self.id)});
        }
        if !full {
            return json!({});
        }
        let text = results.lines.read().unwrap_or_default();
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let responses: Vec<Value> = lines
            .filter_map(|line| serde_json::from_slice(line).ok())
            .collect();
        json!({"inlinedResponses": {"inlinedResponses": responses}})
    }

    fn state(&self) -> &'static str {
        match self.phase {
            Phase::Pending => "PENDING",
            Phase::Running(_) => "RUNNING",
            Phase::Ended(state) => state,
        }
    }

    /// Counts are texts, and those that are zero are left out.
    fn stats(&self, results: Option<&Results>) -> Value {
        let (good, bad, open) = match (self.phase, results) {
            (Phase::Pending, _) => (0, 0, self.requests),
            (Phase::Running(done), _) => (done, 0, self.requests - done.min(self.requests)),
            (Phase::Ended(_), Some(results)) => (
                self.requests - results.failed.min(self.requests),
                results.failed,
                0,
            ),
            (Phase::Ended(_), None) => (0, self.requests, 0),
        };
        let mut stats = json!({"requestCount": self.requests.to_string()});
        let counts = [
            ("successfulRequestCount", good),
            ("failedRequestCount", bad),
            ("pendingRequestCount", open),
        ];
        for (name, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
            stats[name] = json!(count.to_string());
        }
        stats
    }
}

/// `error` of an operation that ended without results.
fn failure(state: &str) -> Value {
    match state {
        "CANCELLED" => json!({"code": 1, "message": "The operation was cancelled."}),
        "EXPIRED" => json!({"code": 4, "message": "The batch did not finish within 48 hours."}),
        _ => json!({"code": 13, "message": "An internal error has occurred. Please retry."}),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::{SignedDuration, Timestamp};
    use tokio::sync::watch;

    use super::{Batch, Phase};
    use crate::faults::BatchFaults;

    fn batch(faults: &str) -> Batch {
        Batch {
            id: "b1".to_owned(),
            model: "gemini-nano-banana-2.1",
            display_name: "job".to_owned(),
            input_file: Some("files/abc123".to_owned()),
            requests: 10,
            priority: None,
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
            faults: Arc::new(serde_json::from_str::<BatchFaults>(faults).expect("is well formed")),
            polls: 0,
            phase: Phase::Pending,
            cancelled: false,
            stop: Arc::default(),
            results: watch::channel(None).1,
        }
    }

    fn phases(faults: &str, polls: usize) -> Vec<Phase> {
        let mut batch = batch(faults);
        let poll = |_| {
            let phase = batch.next_phase(Timestamp::UNIX_EPOCH);
            batch.advance(phase, Timestamp::UNIX_EPOCH);
            phase
        };
        (0..polls).map(poll).collect()
    }

    #[test]
    fn polls_move_it_on() {
        assert_eq!(
            phases("{}", 4),
            [
                Phase::Pending,
                Phase::Running(6),
                Phase::Ended("SUCCEEDED"),
                Phase::Ended("SUCCEEDED")
            ]
        );
        assert_eq!(
            phases(r#"{"polls_until_done": 1, "end_state": "FAILED"}"#, 1),
            [Phase::Ended("FAILED")]
        );
        assert_eq!(
            phases(r#"{"stuck": true}"#, 2),
            [Phase::Running(5), Phase::Running(5)]
        );
    }

    #[test]
    fn it_expires_after_two_days_and_says_so() {
        let mut batch = batch(r#"{"stuck": true}"#);
        let later = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(48);
        batch.advance(batch.next_phase(later), later);
        let shown = batch.to_json(true);
        assert_eq!(shown["metadata"]["state"], "BATCH_STATE_EXPIRED");
        assert_eq!(
            (&shown["done"], &shown["error"]["code"]),
            (&true.into(), &4.into())
        );
        assert!(shown["metadata"].get("output").is_none());
    }
}
