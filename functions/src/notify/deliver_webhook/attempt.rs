//! One attempt to deliver: what its outcome means, and how it is written down.

use std::time::Duration;

use jiff::Timestamp;
use packshot_clients::{
    deliveries::{Attempt, DeliveryStatus},
    hostile_http::{CallError, Reply},
};
use packshot_domain::webhook::{self, Verdict};
use url::Url;

use crate::signed_post::{Tried, redirect_target};

/// How much of a receiver's answer is recorded.
const MOST_ANSWER_BYTES: usize = 1024;

/// What the queue does with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is done with.
    Delete,
    /// It comes back, or goes to the dead letters where it has come back often enough.
    Keep,
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Next {
    /// The delivery's new status.
    pub(super) status: DeliveryStatus,
    /// The message's fate.
    pub(super) fate: Fate,
    /// Until the next attempt.
    pub(super) wait: Option<Duration>,
}

/// Decides what follows; `number` counts the attempts from 1, `jitter` is a random number from 0 to 1.
pub(super) fn next(outcome: &Result<Reply, CallError>, number: u32, jitter: f64) -> Next {
    let (verdict, retry_after) = match outcome {
        Ok(reply) => (webhook::verdict(reply.status), reply.retry_after),
        Err(CallError::Refused(_)) => return Next::done(DeliveryStatus::Exhausted),
        Err(_) => (Verdict::TryAgain, None),
    };
    match verdict {
        Verdict::Delivered => Next::done(DeliveryStatus::Delivered),
        Verdict::Gone => Next::done(DeliveryStatus::Gone),
        Verdict::TryAgain => {
            // SQS counts in whole seconds, and the record is to say when the message really comes back.
            let wait = webhook::wait_after(number, jitter, retry_after)
                .map(|wait| Duration::from_secs(wait.as_secs()));
            Next {
                status: wait.map_or(DeliveryStatus::Exhausted, |_| DeliveryStatus::Pending),
                fate: Fate::Keep,
                wait,
            }
        }
    }
}

impl Next {
    const fn done(status: DeliveryStatus) -> Self {
        Self {
            status,
            fate: Fate::Delete,
            wait: None,
        }
    }
}

/// The attempt at this address as its owner sees it.
pub(super) fn record(tried: &Tried, url: &Url, at: Timestamp) -> Attempt {
    let milliseconds = tried.milliseconds();
    match &tried.outcome {
        Ok(reply) => Attempt {
            at,
            milliseconds,
            status: Some(reply.status),
            problem: problem(reply, url),
            answer: Some(first_bytes(&reply.body_head, MOST_ANSWER_BYTES))
                .filter(|answer| !answer.is_empty()),
        },
        Err(error) => Attempt {
            at,
            milliseconds,
            status: None,
            problem: Some(error.to_string()),
            answer: None,
        },
    }
}

/// Why an answer is not a success, in words.
fn problem(reply: &Reply, url: &Url) -> Option<String> {
    match webhook::verdict(reply.status) {
        Verdict::Delivered => None,
        Verdict::Gone => Some("the receiver wants no more deliveries (HTTP 410)".to_owned()),
        Verdict::TryAgain if (300..=399).contains(&reply.status) => {
            let target = redirect_target(reply, url).map(|target| format!(" to {target}"));
            let target = target.unwrap_or_default();
            Some(format!(
                "the answer was a redirect{target}, which is not followed"
            ))
        }
        Verdict::TryAgain => Some(CallError::Status(reply.status).to_string()),
    }
}

/// The beginning of a text; bytes that are not UTF-8 have been replaced by longer ones before it gets here.
fn first_bytes(text: &str, most: usize) -> String {
    text[..text.floor_char_boundary(most)].to_owned()
}

#[cfg(test)]
mod tests;
