//! ID tokens (`OpenID` Connect Core, 2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::OAuth;
use super::account::Account;
use super::forgery::Forgery;
use super::scope::{Scope, Scopes};

/// How long a token is good, in seconds.
const LIFETIME: i64 = 3600;

impl OAuth {
    /// A signed token, or the forgery that was ordered in its place.
    pub(super) fn id_token(
        &self,
        account: &Account,
        scopes: &Scopes,
        nonce: Option<&str>,
        access_token: &str,
    ) -> String {
        let now = self.clock.now().as_second();
        let digest = Sha256::digest(access_token);
        let mut claims = profile(account, scopes);
        let own = json!({
            "iss": self.issuer,
            "azp": self.client.id,
            "aud": self.client.id,
            "at_hash": URL_SAFE_NO_PAD.encode(&digest[..16]),
            "iat": now,
            "exp": now + LIFETIME,
        });
        if let Value::Object(own) = own {
            claims.extend(own);
        }
        if let Some(nonce) = nonce {
            claims.insert("nonce".to_owned(), json!(nonce));
        }
        let forgery = self.forgeries.take(&account.email).unwrap_or_else(Forgery::none);
        forgery.change(&mut claims);
        let (header, sign) = forgery.signer(&self.keys, &self.client.secret);
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&header), part(&Value::Object(claims)));
        let signature = URL_SAFE_NO_PAD.encode(sign(text.as_bytes()));
        format!("{text}.{signature}")
    }
}

/// What the allowed scopes tell about a person: claims of the token, and the whole of userinfo.
pub(super) fn profile(account: &Account, scopes: &Scopes) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("sub", json!(account.sub));
    if let Some(hd) = &account.hd {
        put("hd", json!(hd));
    }
    if scopes.contains(&Scope::Email) {
        put("email", json!(account.email));
        put("email_verified", json!(account.email_verified));
    }
    if scopes.contains(&Scope::Profile) {
        put("name", json!(account.name));
        let (given, family) = account
            .name
            .split_once(' ')
            .map_or((account.name.as_str(), None), |(given, family)| {
                (given, Some(family))
            });
        put("given_name", json!(given));
        if let Some(family) = family {
            put("family_name", json!(family));
        }
        if let Some(picture) = &account.picture {
            put("picture", json!(picture));
        }
    }
    claims
}
