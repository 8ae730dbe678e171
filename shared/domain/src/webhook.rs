//! Signing webhooks and deciding when to try again.
//!
//! Standard Webhooks 1.0.0 (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>):
//! the signature covers `id.timestamp.body`, one `v1,` entry per active secret.

use std::{fmt, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::id::EventId;

/// What a serialised secret begins with.
const SECRET_PREFIX: &str = "whsec_";

/// A secret's length in bytes; the specification asks for 24 to 64.
pub const SECRET_BYTES: usize = 32;

/// A secret that signs webhooks. It does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// The text is not a webhook secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a webhook secret: whsec_ and the base64 of 24 to 64 bytes")]
pub struct NotASecret;

impl Secret {
    /// A secret made of these random bytes.
    pub fn from_random(random: [u8; SECRET_BYTES]) -> Self {
        Self(format!("{SECRET_PREFIX}{}", STANDARD.encode(random)))
    }

    /// Reads a secret as it is stored.
    pub fn parse(text: &str) -> Result<Self, NotASecret> {
        let encoded = text.strip_prefix(SECRET_PREFIX).ok_or(NotASecret)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| NotASecret)?;
        if (24..=64).contains(&bytes.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotASecret)
        }
    }

    /// The secret itself, for storing it or showing it to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The value of `webhook-signature`: one entry per secret, separated by spaces, so that a receiver that knows either
/// the old or the new secret can verify while one replaces the other.
pub fn signature(event: EventId, unix_seconds: i64, body: &str, secrets: &[Secret]) -> String {
    let id = event.to_string();
    let entries: Vec<String> = secrets
        .iter()
        .filter_map(|secret| standardwebhooks::Webhook::new(secret.reveal()).ok())
        .filter_map(|webhook| webhook.sign(&id, unix_seconds, body.as_bytes()).ok())
        .collect();
    entries.join(" ")
}

/// The waits between attempts: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h, 12 h, 12 h.
const WAITS: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(10),
    Duration::from_hours(12),
    Duration::from_hours(12),
];

/// How often a webhook is tried in all; also the queue's `maxReceiveCount`.
pub const MAX_ATTEMPTS: u32 = 10;

/// The longest wait: a message's visibility timeout may not reach past 12 hours from its receipt, and the attempt
/// itself has used some of them.
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html>)
pub const LONGEST_WAIT: Duration = Duration::from_mins(12 * 60 - 1);

/// How long to wait after attempt number `attempt` (from 1) before the next one; `None` after the last.
///
/// `jitter` is a random number from 0 to 1 and moves the wait by up to a fifth either way, so that the deliveries of
/// one outage do not all come back at once. A `Retry-After` of the receiver lengthens the wait, never shortens it.
pub fn wait_after(attempt: u32, jitter: f64, retry_after: Option<Duration>) -> Option<Duration> {
    let base = usize::try_from(attempt.checked_sub(1)?)
        .ok()
        .and_then(|index| WAITS.get(index))?;
    let jittered = base.mul_f64(0.8 + 0.4 * jitter.clamp(0.0, 1.0));
    Some(jittered.max(retry_after.unwrap_or_default()).min(LONGEST_WAIT))
}

/// What the receiver's answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// 2xx: it has arrived.
    Delivered,
    /// 410: the receiver wants no more for this job.
    Gone,
    /// Anything else, redirects included: try again later.
    TryAgain,
}

/// Reads an HTTP status as the specification has it.
pub const fn verdict(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Delivered,
        410 => Verdict::Gone,
        _ => Verdict::TryAgain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_the_specification_says() {
        // The example of the Standard Webhooks reference libraries.
        let webhook =
            standardwebhooks::Webhook::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
        let signed = webhook.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(
            signed.expect("signed"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn every_active_secret_signs() {
        let event = EventId::from_uuid(uuid::Uuid::from_u128(1));
        let secrets = [Secret::from_random([1; 32]), Secret::from_random([2; 32])];
        let signature = signature(event, 1_700_000_000, "{}", &secrets);
        let entries: Vec<&str> = signature.split(' ').collect();
        assert_eq!(entries.len(), 2);
        assert!(entries.iter().all(|entry| entry.starts_with("v1,")));
        assert_ne!(entries[0], entries[1]);
    }

    #[test]
    fn secrets_are_checked_and_do_not_print() {
        let secret = Secret::from_random([9; 32]);
        assert_eq!(Secret::parse(secret.reveal()), Ok(secret.clone()));
        assert_eq!(Secret::parse("whsec_c2hvcnQ="), Err(NotASecret));
        assert_eq!(Secret::parse("secret"), Err(NotASecret));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    #[test]
    fn waits_follow_the_schedule_and_end() {
        let exact: Vec<u64> = (1..MAX_ATTEMPTS)
            .filter_map(|n| wait_after(n, 0.5, None))
            .map(|w| w.as_secs())
            .collect();
        assert_eq!(
            exact,
            [5, 300, 1800, 7200, 18_000, 36_000, 36_000, 43_140, 43_140]
        );
        assert_eq!(wait_after(MAX_ATTEMPTS, 0.5, None), None);
        assert_eq!(wait_after(0, 0.5, None), None);
        assert_eq!(wait_after(1, 0.0, None), Some(Duration::from_secs(4)));
        assert_eq!(wait_after(1, 1.0, None), Some(Duration::from_secs(6)));
        assert_eq!(
            wait_after(1, 0.5, Some(Duration::from_secs(90))),
            Some(Duration::from_secs(90))
        );
        assert_eq!(
            wait_after(1, 0.5, Some(Duration::from_hours(99))),
            Some(LONGEST_WAIT)
        );
    }

    #[test]
    fn only_2xx_counts() {
        assert_eq!(verdict(204), Verdict::Delivered);
        assert_eq!(verdict(301), Verdict::TryAgain);
        assert_eq!(verdict(410), Verdict::Gone);
        assert_eq!(verdict(429), Verdict::TryAgain);
        assert_eq!(verdict(500), Verdict::TryAgain);
    }
}
