//! The session of someone who signed in: a cookie that holds 256 random bits, known here only by their SHA-256.

mod cookie;
mod device;

use std::{fmt, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub use self::{cookie::SessionCookie, device::device};

/// A session that is not used for so long is over.
pub const IDLE_LIMIT: Duration = Duration::from_hours(14 * 24);

/// A session is over after so long, however much it is used: a stolen one must not last for ever. 30 days are the most that
/// NIST advises for a sign-in that is not asked for again (SP 800-63B-4, section 2.1.3).
pub const AGE_LIMIT: Duration = Duration::from_hours(30 * 24);

/// When a session that began and was last used at these moments is over.
pub fn end_of(began_at: Timestamp, used_at: Timestamp) -> Timestamp {
    let after = |moment: Timestamp, limit| moment.saturating_add(limit).unwrap_or(moment);
    after(used_at, IDLE_LIMIT).min(after(began_at, AGE_LIMIT))
}

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
        let hash = token.hash();
        for text in [
            hash.as_str(),
            "",
            "abc",
            "with spaces and more",
            &token.reveal()[1..],
        ] {
            assert_eq!(SessionToken::parse(text), Err(NotASession), "{text}");
        }
    }

    #[test]
    fn a_session_slides_along_with_its_use_but_not_for_ever() {
        let began = "2026-11-01T08:00:00Z".parse().expect("a moment");
        for (used, ends) in [
            ("2026-11-01T08:00:00Z", "2026-11-15T08:00:00Z"),
            ("2026-11-10T12:30:00Z", "2026-11-24T12:30:00Z"),
            ("2026-11-17T08:00:01Z", "2026-12-01T08:00:00Z"),
            ("2026-12-01T07:59:59Z", "2026-12-01T08:00:00Z"),
        ] {
            let end = end_of(began, used.parse().expect("a moment"));
            assert_eq!(end, ends.parse().expect("a moment"), "used {used}");
        }
    }
}
