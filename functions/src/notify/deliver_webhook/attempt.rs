//! One attempt to deliver: the signed call, what its outcome means, and how it is written down.

use std::time::{Duration, Instant};

use http::{
    HeaderMap, HeaderValue,
    header::{CONTENT_TYPE, HeaderName},
};
use jiff::Timestamp;
use packshot_clients::{
    deliveries::{Attempt, DeliveryStatus},
    hostile_http::{CallError, HostileHttp, Reply},
};
use packshot_domain::webhook::{self, Verdict};

use super::Parcel;

/// How much of a receiver's answer is recorded.
const MOST_ANSWER_BYTES: usize = 1024;

/// How much of a redirect's target is recorded.
const MOST_TARGET_CHARACTERS: usize = 500;

/// What the queue does with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is done with.
    Delete,
    /// It comes back, or goes to the dead letters where it has come back often enough.
    Keep,
}

/// A call that was made, or was not because its address is refused.
#[derive(Debug)]
pub(super) struct Tried {
    pub(super) outcome: Result<Reply, CallError>,
    took: Duration,
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

/// Signs a webhook for this moment and posts it; `None` where there is nothing to sign with.
pub(super) async fn post(receivers: &HostileHttp, parcel: &Parcel, at: Timestamp) -> Option<Tried> {
    let headers = headers(parcel, at)?;
    let begun = Instant::now();
    let outcome = receivers
        .post(parcel.url.as_str(), headers, parcel.event.body.clone())
        .await;
    Some(Tried {
        outcome,
        took: begun.elapsed(),
    })
}

/// The headers of Standard Webhooks. The id stays over all attempts, the time is the attempt's: receivers refuse old ones.
fn headers(parcel: &Parcel, at: Timestamp) -> Option<HeaderMap> {
    let seconds = at.as_second();
    let signature = webhook::signature(parcel.event_id, seconds, &parcel.event.body, &parcel.secrets);
    if signature.is_empty() {
        return None;
    }
    let value = |text: String| {
        HeaderValue::try_from(text).expect("ids, numbers and base64 are made of visible ASCII characters")
    };
    Some(HeaderMap::from_iter([
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (
            HeaderName::from_static("webhook-id"),
            value(parcel.event_id.to_string()),
        ),
        (
            HeaderName::from_static("webhook-timestamp"),
            value(seconds.to_string()),
        ),
        (HeaderName::from_static("webhook-signature"), value(signature)),
    ]))
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

impl Tried {
    /// The attempt as its owner sees it.
    pub(super) fn record(&self, at: Timestamp) -> Attempt {
        let milliseconds = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX);
        match &self.outcome {
            Ok(reply) => Attempt {
                at,
                milliseconds,
                status: Some(reply.status),
                problem: problem(reply),
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
}

/// Why an answer is not a success, in words.
fn problem(reply: &Reply) -> Option<String> {
    match (webhook::verdict(reply.status), reply.status, &reply.location) {
        (Verdict::Delivered, ..) => None,
        (Verdict::Gone, ..) => {
            Some("the receiver wants no more deliveries for this job (HTTP 410)".to_owned())
        }
        (Verdict::TryAgain, 300..=399, Some(target)) => {
            let target: String = target.chars().take(MOST_TARGET_CHARACTERS).collect();
            Some(format!(
                "the answer was a redirect to {target}, which is not followed"
            ))
        }
        (Verdict::TryAgain, 300..=399, None) => {
            Some("the answer was a redirect, which is not followed".to_owned())
        }
        (Verdict::TryAgain, status, _) => Some(CallError::Status(status).to_string()),
    }
}

/// The beginning of a text; bytes that are not UTF-8 have been replaced by longer ones before it gets here.
fn first_bytes(text: &str, most: usize) -> String {
    text[..text.floor_char_boundary(most)].to_owned()
}

#[cfg(test)]
mod tests;
