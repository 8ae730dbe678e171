//! ID tokens: signed statements of Google's about who signed in.

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{Jwk, JwkSet},
};
use packshot_domain::sign_in::{Claims, Identity, Untrusted};
use secrecy::{ExposeSecret, SecretString};

use super::{GoogleOauth, OauthError, cached::Cached};
use crate::{clock, error::BoxError};

/// Why an ID token tells us nothing.
#[derive(Debug, thiserror::Error)]
pub enum IdTokenError {
    /// It was not signed by Google for us, or is over.
    #[error("the ID token is not valid")]
    NotValid(#[source] BoxError),
    /// It was made for somebody or something else.
    #[error(transparent)]
    Untrusted(#[from] Untrusted),
    /// Google's keys could not be fetched.
    #[error(transparent)]
    Oauth(#[from] OauthError),
}

impl IdTokenError {
    /// There is none.
    pub fn missing() -> Self {
        Self::not_valid("there is no ID token")
    }

    fn not_valid(error: impl Into<BoxError>) -> Self {
        Self::NotValid(error.into())
    }
}

/// Google's keys, by which ID tokens are checked.
#[derive(Debug, Default)]
pub struct IdTokens {
    keys: Cached<JwkSet>,
}

impl IdTokens {
    /// Who an ID token says has signed in, in the attempt with this nonce (OpenID Connect Core 1.0, section 3.1.3.7).
    pub async fn verify(
        &self,
        oauth: &GoogleOauth,
        token: &SecretString,
        nonce: &str,
    ) -> Result<Identity, IdTokenError> {
        let token = token.expose_secret();
        let header = decode_header(token).map_err(IdTokenError::not_valid)?;
        // The algorithm is ours to choose, not the token's: `none` and HMAC by a public key are other people's holes.
        if header.alg != Algorithm::RS256 {
            return Err(IdTokenError::not_valid("it is not signed with RS256"));
        }
        let key_id = header
            .kid
            .ok_or_else(|| IdTokenError::not_valid("it names no key"))?;
        let key = self.key(oauth, &key_id).await?;
        let key = DecodingKey::from_jwk(&key).map_err(IdTokenError::not_valid)?;
        let client_id = oauth.client_id().await?;
        let rules = rules(&oauth.issuer_names(), &client_id);
        let claims = decode::<Claims>(token, &key, &rules)
            .map_err(IdTokenError::not_valid)?
            .claims;
        Ok(claims.identity(&client_id, nonce, clock::now())?)
    }

    /// The key of this id. One that we do not know may be new, so the keys are fetched once more for it: the token comes from
    /// Google itself, so nobody can have us ask again and again with made-up ids.
    async fn key(&self, oauth: &GoogleOauth, id: &str) -> Result<Jwk, IdTokenError> {
        let url = &oauth.endpoints().await?.jwks_uri;
        let known = self.keys.get(&oauth.http, url).await?;
        if let Some(key) = known.find(id) {
            return Ok(key.clone());
        }
        let keys = self.keys.after(&known, &oauth.http, url).await?;
        keys.find(id)
            .cloned()
            .ok_or_else(|| IdTokenError::not_valid("it is signed with a key that Google does not publish"))
    }
}

/// What every token must hold to.
fn rules(issuers: &[&str], client_id: &str) -> Validation {
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(issuers);
    rules.set_audience(&[client_id]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    rules
}
