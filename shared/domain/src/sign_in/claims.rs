//! What an ID token says, beyond what every JSON Web Token says.

use jiff::Timestamp;
use serde::Deserialize;

/// How far Google's clock may be ahead of ours.
const LEEWAY_SECONDS: i64 = 60;

/// The longest subject that is taken, in bytes (OpenID Connect Core 1.0, section 2).
const LONGEST_SUBJECT: usize = 255;

/// The claims of an ID token whose signature, issuer, audience and time of expiry hold
/// (OpenID Connect Core 1.0, section 3.1.3.7; <https://developers.google.com/identity/openid-connect/openid-connect>).
#[derive(Debug, Clone, Deserialize)]
pub struct Claims {
    sub: String,
    #[serde(default)]
    azp: Option<String>,
    iat: i64,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    email_verified: bool,
}

/// A Google account whose owner has shown that it is theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Google's name of the account, which never changes and is never given to another.
    pub subject: String,
    /// Its address at this moment, which may change and may once have been another's.
    pub email: String,
}

/// Why an ID token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Untrusted {
    /// It was not made for this attempt.
    #[error("the nonce is not that of this attempt")]
    Nonce,
    /// It was made for another client to use.
    #[error("the authorized party is another client")]
    AuthorizedParty,
    /// It is from the future.
    #[error("it was issued in the future")]
    IssuedInTheFuture,
    /// It names nobody.
    #[error("the subject is missing or too long")]
    Subject,
    /// Google does not know whether the address is theirs.
    #[error("the e-mail address is missing or was not verified")]
    EmailNotVerified,
}

impl Claims {
    /// Who has signed in.
    ///
    /// # Errors
    ///
    /// Where the token was made for another attempt or another client, or for an address that nobody has verified.
    pub fn identity(self, client_id: &str, nonce: &str, now: Timestamp) -> Result<Identity, Untrusted> {
        if self.nonce.as_deref() != Some(nonce) {
            return Err(Untrusted::Nonce);
        }
        if self.azp.is_some_and(|party| party != client_id) {
            return Err(Untrusted::AuthorizedParty);
        }
        if self.iat > now.as_second().saturating_add(LEEWAY_SECONDS) {
            return Err(Untrusted::IssuedInTheFuture);
        }
        if self.sub.is_empty() || self.sub.len() > LONGEST_SUBJECT {
            return Err(Untrusted::Subject);
        }
        match self.email {
            Some(email) if self.email_verified && email.contains('@') => Ok(Identity {
                subject: self.sub,
                email,
            }),
            _ => Err(Untrusted::EmailNotVerified),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn identity(changes: &Value) -> Result<Identity, Untrusted> {
        let mut claims = json!({
            "sub": "10769150350006150715113082367", "azp": "client", "iat": 1_000, "nonce": "n",
            "email": "seller@example.com", "email_verified": true,
        });
        for (name, value) in changes.as_object().expect("an object") {
            claims[name] = value.clone();
        }
        let claims: Claims = serde_json::from_value(claims).expect("claims");
        claims.identity("client", "n", Timestamp::from_second(1_000).expect("a moment"))
    }

    #[test]
    fn a_token_of_this_attempt_names_its_owner() {
        let found = identity(&json!({"iat": 1_060})).expect("an identity");
        assert_eq!(found.subject, "10769150350006150715113082367");
        assert_eq!(found.email, "seller@example.com");
        assert!(identity(&json!({"azp": null})).is_ok());
    }

    #[test]
    fn everything_else_is_not_believed() {
        for (changes, why) in [
            (json!({"nonce": "m"}), Untrusted::Nonce),
            (json!({"nonce": null}), Untrusted::Nonce),
            (json!({"nonce": ""}), Untrusted::Nonce),
            (json!({"azp": "another"}), Untrusted::AuthorizedParty),
            (json!({"iat": 1_061}), Untrusted::IssuedInTheFuture),
            (json!({"sub": ""}), Untrusted::Subject),
            (json!({"sub": "1".repeat(256)}), Untrusted::Subject),
            (json!({"email_verified": false}), Untrusted::EmailNotVerified),
            (json!({"email": null}), Untrusted::EmailNotVerified),
            (json!({"email": ""}), Untrusted::EmailNotVerified),
        ] {
            assert_eq!(identity(&changes), Err(why), "{changes}");
        }
    }
}
