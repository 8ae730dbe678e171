//! Secrets that sign webhooks.

use std::fmt;

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

    /// Its last four characters, by which its owner knows it again. The padding of base64 is not counted: it is the same
    /// in all.
    pub fn last_four(&self) -> &str {
        let text = self.0.trim_end_matches('=');
        &text[text.len() - 4..]
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
}
