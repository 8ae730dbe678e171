//! The session of someone who signed in: a cookie that holds 256 random bits, known here only by their SHA-256.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The cookie's name. The prefix makes browsers hold it to `Secure`, `Path=/` and no `Domain`
/// (<https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis>).
pub const COOKIE: &str = "__Host-session";

/// How many random bytes a session's token has.
pub const TOKEN_BYTES: usize = 32;

/// What the cookie holds. It does not print itself; [`SessionToken::reveal`] is for the one moment it is set.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

/// The text is not a token of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a session of this service")]
pub struct NotASession;

impl SessionToken {
    /// A token made of random bytes.
    pub fn from_random(random: [u8; TOKEN_BYTES]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random))
    }

    /// Reads a token as a browser sent it.
    pub fn parse(text: &str) -> Result<Self, NotASession> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotASession)?;
        if bytes.len() == TOKEN_BYTES {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotASession)
        }
    }

    /// The token itself, for its cookie.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored and looked up instead of the token.
    pub fn hash(&self) -> SessionHash {
        SessionHash(hex::encode(Sha256::digest(self.0.as_bytes())))
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// The SHA-256 of a token, in lower-case hexadecimal.
#[derive(Debug, Clone)]
pub struct SessionHash(String);

impl SessionHash {
    /// The hexadecimal text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares with a stored hash in constant time.
    pub fn matches(&self, stored: &str) -> bool {
        self.0.as_bytes().ct_eq(stored.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_parses_back_and_does_not_print_itself() {
        let token = SessionToken::from_random([0xA5; TOKEN_BYTES]);
        assert_eq!(SessionToken::parse(token.reveal()), Ok(token.clone()));
        assert_eq!(token.reveal().len(), 43);
        assert!(!format!("{token:?}").contains(token.reveal()));
        assert!(token.hash().matches(token.hash().as_str()));
        for text in ["", "abc", "with spaces and more", &token.reveal()[1..]] {
            assert_eq!(SessionToken::parse(text), Err(NotASession), "{text}");
        }
    }
}
