//! The keys that ID tokens are signed with. Two are published at a time, as Google does.

use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A key with its name.
#[derive(Debug)]
pub(crate) struct SigningKey {
    /// `kid` in the set and in tokens.
    pub(crate) id: String,
    pair: RsaKeyPair,
}

impl SigningKey {
    /// Makes a key of 2048 bits, which takes about a tenth of a second.
    pub(crate) fn generate() -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("the system has random numbers");
        let id = hex::encode(&Sha256::digest(pair.public_key().as_ref())[..20]);
        Self { id, pair }
    }

    /// An RS256 signature.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .expect("a key of 2048 bits can sign with PKCS #1 and SHA-256");
        signature
    }

    /// The public key as a PEM file, which some libraries can be tricked into using as a shared secret.
    pub(crate) fn public_pem(&self) -> String {
        let der: PublicKeyX509Der<'_> = self
            .pair
            .public_key()
            .as_der()
            .expect("a key that was just made can be written");
        let body = STANDARD.encode(der.as_ref());
        let lines: Vec<&str> = body
            .as_bytes()
            .chunks(64)
            .map(|line| std::str::from_utf8(line).expect("base64 is ASCII"))
            .collect();
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            lines.join("\n")
        )
    }

    fn to_jwk(&self) -> Value {
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let key = self.pair.public_key();
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.id,
            "n": number(key.modulus().big_endian_without_leading_zero()),
            "e": number(key.exponent().big_endian_without_leading_zero()),
        })
    }
}

#[derive(Debug)]
struct Keys {
    signing: Arc<SigningKey>,
    other: Arc<SigningKey>,
}

/// The published keys, made when they are first needed.
#[derive(Debug, Default)]
pub(crate) struct KeyRing(Mutex<Option<Keys>>);

impl KeyRing {
    /// The key that signs now.
    pub(crate) fn signing(&self) -> Arc<SigningKey> {
        self.with(|keys| Arc::clone(&keys.signing))
    }

    /// The published set (RFC 7517).
    pub(crate) fn to_set(&self) -> Value {
        self.with(|keys| json!({"keys": [keys.signing.to_jwk(), keys.other.to_jwk()]}))
    }

    /// Signs with a new key from now on. The earlier one stays published, unless it is withdrawn.
    pub(crate) fn rotate(&self, withdraw: bool) -> String {
        let new = Arc::new(SigningKey::generate());
        let id = new.id.clone();
        self.with(|keys| {
            let earlier = std::mem::replace(&mut keys.signing, new);
            if !withdraw {
                keys.other = earlier;
            }
        });
        id
    }

    fn with<T>(&self, work: impl FnOnce(&mut Keys) -> T) -> T {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work(keys.get_or_insert_with(|| Keys {
            signing: Arc::new(SigningKey::generate()),
            other: Arc::new(SigningKey::generate()),
        }))
    }
}
