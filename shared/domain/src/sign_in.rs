//! Signing in with Google, and giving access to Google Drive: what ties Google's answer to the browser that asked for it.
//!
//! The browser keeps a secret in a cookie. Everything that an attempt needs follows from it: the `state` is sealed with it,
//! the `nonce` and the code verifier are derived from it. So nothing is stored here before somebody has signed in, and an
//! answer that another browser brings is refused.

mod claims;
mod cookie;
mod next;

use std::fmt;
use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::{
    claims::{Claims, Identity, Untrusted},
    cookie::AttemptCookie,
    next::NextPath,
};
use crate::id::UserId;

/// An attempt is over after so long.
pub const ATTEMPT_LIMIT: Duration = Duration::from_mins(10);

/// How many random bytes a browser's secret has.
pub const SECRET_BYTES: usize = 32;

/// How many random bytes tell the attempts of one browser apart.
pub const ATTEMPT_BYTES: usize = 16;

/// The longest `state` that is looked at, in bytes: a path of ours, and some ids, in base64.
const LONGEST_STATE: usize = 2048;

/// What the cookie of a browser that is signing in holds. It does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct BrowserSecret(String);

impl BrowserSecret {
    /// A secret made of random bytes.
    pub fn from_random(random: [u8; SECRET_BYTES]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random))
    }

    /// Reads a secret as a browser sent it; `None` for what is none of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == SECRET_BYTES).then(|| Self(text.to_owned()))
    }

    /// The secret itself, for its cookie.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The state of an attempt, as it travels to Google and back.
    pub fn seal(&self, attempt: &Attempt) -> String {
        let payload = serde_json::to_vec(attempt).unwrap_or_default();
        let seal = self.mac("state", &payload).finalize().into_bytes();
        format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(payload),
            URL_SAFE_NO_PAD.encode(seal)
        )
    }

    /// The attempt that a state is about, if this browser began it a short while ago.
    ///
    /// # Errors
    ///
    /// Where the state was made by another browser, was changed, or is too old.
    pub fn open(&self, state: &str, now: Timestamp) -> Result<Attempt, NotOurAttempt> {
        if state.len() > LONGEST_STATE {
            return Err(NotOurAttempt::Foreign);
        }
        let (payload, seal) = state.split_once('.').ok_or(NotOurAttempt::Foreign)?;
        let decode = |text| URL_SAFE_NO_PAD.decode(text).map_err(|_| NotOurAttempt::Foreign);
        let (payload, seal) = (decode(payload)?, decode(seal)?);
        self.mac("state", &payload)
            .verify_slice(&seal)
            .map_err(|_| NotOurAttempt::Foreign)?;
        let attempt: Attempt = serde_json::from_slice(&payload).map_err(|_| NotOurAttempt::Foreign)?;
        let age = now.duration_since(attempt.began_at);
        if age.is_negative() || age.unsigned_abs() > ATTEMPT_LIMIT {
            return Err(NotOurAttempt::Late);
        }
        Ok(attempt)
    }

    /// What the ID token must repeat, so that a token of another attempt is of no use.
    pub fn nonce(&self, attempt: &Attempt) -> String {
        self.derive("nonce", attempt)
    }

    /// The PKCE code verifier (RFC 7636, section 4.1): 43 characters that only this browser's attempt can name.
    pub fn code_verifier(&self, attempt: &Attempt) -> String {
        self.derive("code verifier", attempt)
    }

    /// The PKCE code challenge of the method `S256` (RFC 7636, section 4.2).
    pub fn code_challenge(&self, attempt: &Attempt) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.code_verifier(attempt)))
    }

    fn derive(&self, what: &str, attempt: &Attempt) -> String {
        let derived = self.mac(what, attempt.id.as_bytes()).finalize();
        URL_SAFE_NO_PAD.encode(derived.into_bytes())
    }

    /// What it is for comes first, so that no value can stand for one of another sort.
    fn mac(&self, what: &str, of: &[u8]) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(what.as_bytes());
        mac.update(&[0]);
        mac.update(of);
        mac
    }
}

impl fmt::Debug for BrowserSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrowserSecret(…)")
    }
}

/// One way to Google and back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    id: String,
    /// What for.
    pub purpose: Purpose,
    /// Where to go once it is done.
    pub next: NextPath,
    began_at: Timestamp,
}

impl Attempt {
    /// An attempt that begins now.
    pub fn new(random: [u8; ATTEMPT_BYTES], purpose: Purpose, next: NextPath, now: Timestamp) -> Self {
        Self {
            id: URL_SAFE_NO_PAD.encode(random),
            purpose,
            next,
            began_at: now,
        }
    }
}

/// What somebody goes to Google for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To sign in.
    SignIn,
    /// To let us into their Drive.
    ConnectDrive {
        /// Who: whoever is signed in when the answer comes must be the same.
        user: UserId,
        /// Whether we are to save files there too.
        save: bool,
    },
}

/// Why an answer of Google's does not belong to this browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOurAttempt {
    /// It was begun in another browser, or not by us at all.
    #[error("the attempt was not begun in this browser")]
    Foreign,
    /// It was begun too long ago.
    #[error("the attempt has taken too long")]
    Late,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(byte: u8) -> BrowserSecret {
        BrowserSecret::from_random([byte; SECRET_BYTES])
    }

    fn moment(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn attempt(byte: u8) -> Attempt {
        let next = NextPath::parse("/jobs?status=failed").expect("a path");
        Attempt::new(
            [byte; ATTEMPT_BYTES],
            Purpose::SignIn,
            next,
            moment("2026-11-26T12:00:00Z"),
        )
    }

    #[test]
    fn a_state_opens_in_its_browser_for_ten_minutes() {
        let state = secret(1).seal(&attempt(7));
        for (now, opened) in [
            ("2026-11-26T11:59:59Z", Err(NotOurAttempt::Late)),
            ("2026-11-26T12:00:00Z", Ok(attempt(7))),
            ("2026-11-26T12:10:00Z", Ok(attempt(7))),
            ("2026-11-26T12:10:01Z", Err(NotOurAttempt::Late)),
        ] {
            assert_eq!(secret(1).open(&state, moment(now)), opened, "{now}");
        }
        let elsewhere = secret(2).open(&state, moment("2026-11-26T12:00:00Z"));
        assert_eq!(elsewhere, Err(NotOurAttempt::Foreign));
    }

    #[test]
    fn a_state_that_was_changed_does_not_open() {
        let now = moment("2026-11-26T12:00:01Z");
        let (ours, other) = (secret(1).seal(&attempt(7)), secret(1).seal(&attempt(8)));
        let (payload, _) = ours.split_once('.').expect("two parts");
        let (_, seal) = other.split_once('.').expect("two parts");
        for state in [
            format!("{payload}.{seal}"),
            format!("{payload}."),
            payload.to_owned(),
            format!("{ours}="),
            format!("{ours}.{seal}"),
            String::new(),
            ".".to_owned(),
            "x".repeat(LONGEST_STATE + 1),
        ] {
            assert_eq!(
                secret(1).open(&state, now),
                Err(NotOurAttempt::Foreign),
                "{state}"
            );
        }
    }

    #[test]
    fn what_is_derived_differs_by_browser_attempt_and_use() {
        let all = [
            secret(1).nonce(&attempt(1)),
            secret(1).code_verifier(&attempt(1)),
            secret(1).code_challenge(&attempt(1)),
            secret(1).nonce(&attempt(2)),
            secret(2).nonce(&attempt(1)),
        ];
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
        assert!(all.iter().all(|text| text.len() == 43), "{all:?}");
    }

    #[test]
    fn a_secret_parses_back_and_does_not_print_itself() {
        let secret = secret(9);
        assert_eq!(BrowserSecret::parse(secret.reveal()), Some(secret.clone()));
        assert_eq!(BrowserSecret::parse(&secret.reveal()[1..]), None);
        assert!(!format!("{secret:?}").contains(secret.reveal()));
    }

    #[test]
    fn what_drive_is_connected_for_stays_with_the_attempt() {
        let user = "user_01jdj7h2xkebct2d3p7n7wq0ar".parse().expect("an id");
        let purpose = Purpose::ConnectDrive { user, save: true };
        let now = moment("2026-11-26T12:00:00Z");
        let begun = Attempt::new([3; ATTEMPT_BYTES], purpose, NextPath::default(), now);
        let opened = secret(1).open(&secret(1).seal(&begun), now);
        assert_eq!(opened.map(|attempt| attempt.purpose), Ok(purpose));
    }
}
