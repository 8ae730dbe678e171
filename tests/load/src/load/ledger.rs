//! What came of each request, written down while they are sent.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError, atomic::AtomicBool, atomic::Ordering},
    time::{Duration, Instant},
};

/// A job that the API has accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Accepted {
    /// The job's id.
    pub job: String,
    /// The request's Idempotency-Key.
    pub key: String,
    /// Which seller asked for it.
    pub seller: usize,
    /// When, from the beginning of the run.
    pub at: Duration,
}

/// The same request once more, after it was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repeat {
    /// The Idempotency-Key of both.
    pub key: String,
    /// The job that the second answer names.
    pub job: String,
    /// Whether the answer said that it is the first one's.
    pub is_marked: bool,
}

/// All that was written down.
#[derive(Debug, Clone, Default)]
pub(super) struct Requests {
    /// The accepted jobs.
    pub accepted: Vec<Accepted>,
    /// The repeated requests.
    pub repeats: Vec<Repeat>,
    /// Requests that were given up, in words.
    pub given_up: Vec<String>,
    /// Why requests were sent again, and how often.
    pub sent_again: BTreeMap<String, usize>,
}

/// The ledger of a run.
#[derive(Debug)]
pub(super) struct Ledger {
    begun: Instant,
    requests: Mutex<Requests>,
    is_closed: AtomicBool,
}

impl Ledger {
    /// An empty one, for a run that began at this moment.
    pub(super) fn new(begun: Instant) -> Self {
        Self {
            begun,
            requests: Mutex::default(),
            is_closed: AtomicBool::new(false),
        }
    }

    /// Writes an accepted job down.
    pub(super) fn accepted(&self, job: String, key: String, seller: usize) {
        let at = self.begun.elapsed();
        self.lock().accepted.push(Accepted { job, key, seller, at });
    }

    /// Writes a repeated request down.
    pub(super) fn repeated(&self, repeat: Repeat) {
        self.lock().repeats.push(repeat);
    }

    /// Writes down that a request was given up.
    pub(super) fn given_up(&self, words: String) {
        self.lock().given_up.push(words);
    }

    /// Writes down that a request is sent again.
    pub(super) fn sent_again(&self, why: &str) {
        *self.lock().sent_again.entry(why.to_owned()).or_default() += 1;
    }

    /// No further request will be sent.
    pub(super) fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
    }

    /// Whether no further request will be sent.
    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    /// The jobs that have been accepted since there were `known` of them.
    pub(super) fn accepted_after(&self, known: usize) -> Vec<Accepted> {
        self.lock().accepted.get(known..).unwrap_or_default().to_vec()
    }

    /// All that was written down.
    pub(super) fn into_requests(self: std::sync::Arc<Self>) -> Requests {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
