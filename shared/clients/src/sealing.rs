//! Secrets of people, encrypted with a key that only the Key Management Service holds.
//!
//! Whose secret it is goes into the encryption context, which KMS checks and logs: a ciphertext that is copied into somebody
//! else's row opens for nobody (<https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html>). Tokens of Google
//! have at most 2048 characters, KMS takes up to 4096 bytes, so no data key is needed.

use aws_config::SdkConfig;
use aws_sdk_kms::{Client, operation::decrypt::DecryptError, primitives::Blob};
use base64::{Engine, engine::general_purpose::STANDARD};
use packshot_domain::id::UserId;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    config::{self, Missing, env},
    error::{AwsError, BoxError},
};

/// The name in the encryption context; `template.yaml` grants nothing without it.
const USER_ID: &str = "user_id";

/// A secret that only its owner's requests can open: ciphertext in base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

/// Why a secret could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is not what was sealed for this user with this key.
    #[error("the sealed secret does not open")]
    Unusable(#[source] BoxError),
    /// KMS could not be asked.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

/// The key.
#[derive(Debug, Clone)]
pub struct Sealing {
    client: Client,
    key: String,
}

impl Sealing {
    /// The key that the environment names.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self::new(config, config::require(env::SEALING_KEY_ARN)?))
    }

    /// The key of this ARN.
    pub fn new(config: &SdkConfig, key: String) -> Self {
        Self {
            client: Client::new(config),
            key,
        }
    }

    /// Seals a secret of a user.
    pub async fn seal(&self, user: UserId, secret: &SecretString) -> Result<Sealed, AwsError> {
        let action = || format!("sealing a secret of {user}");
        let reply = self
            .client
            .encrypt()
            .key_id(&self.key)
            .encryption_context(USER_ID, user.to_string())
            .plaintext(Blob::new(secret.expose_secret()))
            .send()
            .await
            .map_err(|error| AwsError::new(action(), error))?;
        let blob = reply
            .ciphertext_blob
            .ok_or_else(|| AwsError::new(action(), "there is no ciphertext"))?;
        Ok(Sealed(STANDARD.encode(blob)))
    }

    /// Opens a secret of a user.
    pub async fn open(&self, user: UserId, sealed: &Sealed) -> Result<SecretString, OpenError> {
        let unusable = |error: BoxError| OpenError::Unusable(error);
        let blob = STANDARD
            .decode(&sealed.0)
            .map_err(|error| unusable(error.into()))?;
        let reply = self
            .client
            .decrypt()
            .key_id(&self.key)
            .encryption_context(USER_ID, user.to_string())
            .ciphertext_blob(Blob::new(blob))
            .send()
            .await;
        let plain = match reply {
            Ok(reply) => reply.plaintext.unwrap_or_else(|| Blob::new(Vec::new())),
            Err(error) if error.as_service_error().is_some_and(is_unusable) => {
                return Err(unusable(error.into()));
            }
            Err(error) => return Err(AwsError::new(format!("opening a secret of {user}"), error).into()),
        };
        let text = String::from_utf8(plain.into_inner()).map_err(|_| unusable("it is no text".into()))?;
        Ok(SecretString::from(text))
    }
}

fn is_unusable(error: &DecryptError) -> bool {
    error.is_invalid_ciphertext_exception() || error.is_incorrect_key_exception()
}
