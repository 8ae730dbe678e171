//! `Idempotency-Key`: what makes the same request, sent twice, one request
//! (<https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>).

use sha2::{Digest, Sha256};

/// How long an answer is kept to be given again, in seconds.
pub const KEPT_FOR_SECONDS: i64 = 24 * 3600;

/// The longest key, in characters.
pub const MAX_CHARACTERS: usize = 255;

/// A client's name for one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// The header holds no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 255 visible ASCII characters, quoted or not")]
pub struct NotAKey;

impl IdempotencyKey {
    /// Reads the header's value: a quoted string as the draft has it, or the bare text that many clients send.
    pub fn parse(value: &str) -> Result<Self, NotAKey> {
        let value = value.trim();
        let key = value
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(value);
        let is_key = (1..=MAX_CHARACTERS).contains(&key.len())
            && key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
            && !key.contains('"');
        if is_key {
            Ok(Self(key.to_owned()))
        } else {
            Err(NotAKey)
        }
    }

    /// The key without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a request asked for, short: two requests with the same fingerprint ask for the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a request, of parts in a fixed order: its method, its path, its body's fields, its files.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut whole = Sha256::new();
        for part in parts {
            // Each part's length goes before it, so that no two lists of parts run together to the same bytes.
            whole.update((part.len() as u64).to_be_bytes());
            whole.update(part);
        }
        Self(hex::encode(whole.finalize()))
    }

    /// In lower-case hexadecimal.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_taken_quoted_and_bare() {
        let key = |text: &str| IdempotencyKey::parse(text).map(|key| key.as_str().to_owned());
        assert_eq!(key("\"order 17\""), Ok("order 17".to_owned()));
        assert_eq!(key(" order-17 "), Ok("order-17".to_owned()));
        assert!(key(&"k".repeat(255)).is_ok());
        for wrong in ["", "\"\"", "\u{e9}", "a\tb", "\"a", &"k".repeat(256)] {
            assert_eq!(key(wrong), Err(NotAKey), "{wrong:?}");
        }
    }

    #[test]
    fn parts_do_not_run_together() {
        let of = |parts: &[&str]| Fingerprint::of(parts.iter().map(|part| part.as_bytes()));
        assert_eq!(of(&["ab", "c"]), of(&["ab", "c"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
    }
}
