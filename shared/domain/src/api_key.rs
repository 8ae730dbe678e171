//! The API key's format: `packshot_live_`, 30 random base62 characters, 6 characters of checksum.
//!
//! The checksum lets a typo be refused without a read, and the fixed shape lets secret scanners recognise a leaked
//! key. Only the SHA-256 of a key is ever stored: the key itself has 178 random bits, so a plain hash cannot be
//! reversed by guessing.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What every key begins with.
pub const PREFIX: &str = "packshot_live_";

const RANDOM_CHARACTERS: usize = 30;
const CHECKSUM_CHARACTERS: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A whole key. It does not print itself; [`ApiKey::reveal`] is for the one moment it is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

/// The text is not a key of ours: wrong prefix, length, alphabet or checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an API key of this service")]
pub struct NotAKey;

impl ApiKey {
    /// A key made of 30 random numbers; each is reduced to one of 62 characters.
    ///
    /// `random` must hold uniformly distributed numbers below 62 (rejection sampling is the caller's, who owns the
    /// source of randomness); larger ones are taken modulo 62.
    pub fn from_random(random: [u8; RANDOM_CHARACTERS]) -> Self {
        let body: String = random
            .iter()
            .map(|number| char::from(BASE62[usize::from(number % 62)]))
            .collect();
        let checksum = checksum_of(&body);
        Self(format!("{PREFIX}{body}{checksum}"))
    }

    /// Reads a key as a caller sent it.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let rest = text.strip_prefix(PREFIX).ok_or(NotAKey)?;
        if rest.len() != RANDOM_CHARACTERS + CHECKSUM_CHARACTERS
            || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            return Err(NotAKey);
        }
        let (body, checksum) = rest.split_at(RANDOM_CHARACTERS);
        if checksum_of(body) == checksum {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAKey)
        }
    }

    /// The key itself, to be shown once to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored and looked up instead of the key.
    pub fn hash(&self) -> ApiKeyHash {
        ApiKeyHash(hex::encode(Sha256::digest(self.0.as_bytes())))
    }

    /// The last four characters, by which an owner recognises a key in a list.
    pub fn last_four(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey(…{})", self.last_four())
    }
}

/// The SHA-256 of a key, in lower-case hexadecimal.
#[derive(Debug, Clone)]
pub struct ApiKeyHash(String);

impl ApiKeyHash {
    /// The hexadecimal text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares with a stored hash in constant time.
    pub fn matches(&self, stored: &str) -> bool {
        self.0.as_bytes().ct_eq(stored.as_bytes()).into()
    }
}

fn checksum_of(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut characters = [b'0'; CHECKSUM_CHARACTERS];
    for character in characters.iter_mut().rev() {
        *character = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    characters.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_key_parses_back_and_any_single_typo_is_refused(random in any::<[u8; 30]>(), at in 14usize..50, to in 0usize..62) {
            let key = ApiKey::from_random(random);
            let text = key.reveal();
            prop_assert_eq!(text.len(), 50);
            prop_assert_eq!(&ApiKey::parse(text), &Ok(key.clone()));

            let mut typo = text.as_bytes().to_vec();
            typo[at] = BASE62[to];
            let typo = String::from_utf8(typo).expect("base62 is ASCII");
            prop_assert_eq!(ApiKey::parse(&typo).is_ok(), typo == text);
        }
    }

    #[test]
    fn foreign_and_broken_keys_are_refused() {
        for text in [
            "",
            "packshot_live_",
            "sk_live_0000",
            "packshot_live_é00000000000000000000000000000000000",
        ] {
            assert_eq!(ApiKey::parse(text), Err(NotAKey), "{text}");
        }
    }

    #[test]
    fn a_key_does_not_print_itself() {
        let key = ApiKey::from_random([7; 30]);
        let shown = format!("{key:?}");
        assert!(!shown.contains(&key.reveal()[14..40]), "{shown}");
        assert!(key.hash().matches(key.hash().as_str()));
        assert!(!key.hash().matches("0"));
    }
}
