//! ID tokens that are not what they should be, for clients that must notice.

use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::hmac;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::keys::{KeyRing, SigningKey};

/// What is wrong with the next ID tokens of an account.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forgery {
    /// Whose tokens.
    pub(crate) email: String,
    /// How many; 1 unless told.
    #[serde(default = "once")]
    pub(crate) times: u32,
    /// Laid over the claims; `null` takes one away.
    #[serde(default)]
    pub(crate) claims: Map<String, Value>,
    /// `alg` of the header, and how the token is signed.
    #[serde(default)]
    pub(crate) algorithm: Algorithm,
    /// The key that signs, and the one that is named.
    #[serde(default)]
    pub(crate) key: Key,
    /// What becomes of the signature.
    #[serde(default)]
    pub(crate) signature: Signature,
}

/// How a token is signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Algorithm {
    /// As it should be.
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// Not at all.
    #[serde(rename = "none")]
    None,
    /// With the app's secret.
    #[serde(rename = "HS256")]
    Hs256,
    /// With the public key's PEM text as the secret; the header says `HS256`.
    #[serde(rename = "HS256-public-key")]
    Hs256PublicKey,
}

/// Which key signs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Key {
    /// The published one, named as such.
    #[default]
    Published,
    /// One that is not published, under its own name.
    Unknown,
    /// One that is not published, under the name of the published one.
    Wrong,
    /// The published one, without a name.
    NoKid,
}

/// What becomes of the signature.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Signature {
    /// It is left alone.
    #[default]
    Good,
    /// One bit is turned.
    Broken,
}

fn once() -> u32 {
    1
}

impl Forgery {
    /// A token that is as it should be.
    pub(crate) fn none() -> Self {
        Self {
            email: String::new(),
            times: 1,
            claims: Map::new(),
            algorithm: Algorithm::default(),
            key: Key::default(),
            signature: Signature::default(),
        }
    }

    /// Lays its claims over the true ones.
    pub(crate) fn change(&self, claims: &mut Map<String, Value>) {
        for (name, value) in &self.claims {
            if value.is_null() {
                claims.remove(name);
            } else {
                claims.insert(name.clone(), value.clone());
            }
        }
    }

    /// The header, and what signs the text.
    pub(crate) fn signer(&self, ring: &KeyRing, secret: &str) -> (Value, Signer) {
        let published = ring.signing();
        let own = matches!(self.key, Key::Unknown | Key::Wrong).then(SigningKey::generate);
        let named = match (&own, self.key) {
            (Some(own), Key::Unknown) => Some(own.id.clone()),
            (_, Key::NoKid) => None,
            _ => Some(published.id.clone()),
        };
        let (name, sign): (_, Signer) = match self.algorithm {
            Algorithm::Rs256 => (
                "RS256",
                Box::new(move |text| own.as_ref().unwrap_or(&published).sign(text)),
            ),
            Algorithm::None => ("none", Box::new(|_| Vec::new())),
            Algorithm::Hs256 => ("HS256", shared_secret(secret.as_bytes())),
            Algorithm::Hs256PublicKey => ("HS256", shared_secret(published.public_pem().as_bytes())),
        };
        let mut header = json!({"alg": name, "typ": "JWT"});
        if let Some(id) = named {
            header["kid"] = json!(id);
        }
        if self.signature == Signature::Good {
            return (header, sign);
        }
        let broken = move |text: &[u8]| {
            let mut signature = sign(text);
            if let Some(byte) = signature.first_mut() {
                *byte ^= 1;
            }
            signature
        };
        (header, Box::new(broken))
    }
}

/// Gives the signature of a text.
pub(crate) type Signer = Box<dyn Fn(&[u8]) -> Vec<u8>>;

fn shared_secret(secret: &[u8]) -> Signer {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    Box::new(move |text| hmac::sign(&key, text).as_ref().to_vec())
}

/// The forgeries that are still to come.
#[derive(Debug, Default)]
pub(crate) struct Forgeries(Mutex<Vec<Forgery>>);

impl Forgeries {
    /// Puts one after those that wait.
    pub(crate) fn add(&self, forgery: Forgery) {
        self.lock().push(forgery);
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// The one for the next token of this account.
    pub(crate) fn take(&self, email: &str) -> Option<Forgery> {
        let mut waiting = self.lock();
        waiting.retain(|forgery| forgery.times > 0);
        let position = waiting.iter().position(|forgery| forgery.email == email)?;
        waiting[position].times -= 1;
        Some(waiting[position].clone())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Forgery>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
