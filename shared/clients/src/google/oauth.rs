//! OAuth 2.0 with our client: where to send a browser, and what its code and its tokens are exchanged for.

use std::{sync::Arc, time::Duration};

use aws_config::SdkConfig;
use reqwest::{Client, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{
    cached::Cached,
    client_secrets::{ClientSecrets, OauthClient},
    http_client,
    scopes::GrantedScopes,
};
use crate::{
    config::{self, Missing, env},
    error::{AwsError, BoxError},
    outbound::ATTEMPTS,
};

/// The pause before a call is made again, times the number of calls so far.
const PAUSE: Duration = Duration::from_millis(150);

/// Why Google did not do what we asked for.
#[derive(Debug, thiserror::Error)]
pub enum OauthError {
    /// The code or the refresh token is dead: it was used, taken back, or is too old (`invalid_grant`).
    #[error("Google no longer knows the code or the token")]
    GrantIsGone,
    /// Google refused the request as such, with this code of RFC 6749, section 5.2.
    #[error("Google refused the request: {0}")]
    Refused(String),
    /// Google did not answer, or not so that it could be read; the same call may succeed later.
    #[error("Google did not answer as it should")]
    Unavailable(#[source] BoxError),
    /// Our client's id and secret could not be read.
    #[error("our client at Google is not known")]
    Aws(#[from] AwsError),
}

impl OauthError {
    /// An error that may go away by itself. The address is left out: it may hold what is secret.
    pub(super) fn unavailable(error: reqwest::Error) -> Self {
        Self::Unavailable(error.without_url().into())
    }
}

/// The endpoints of OpenID Connect Discovery 1.0 that we use.
#[derive(Debug, Deserialize)]
pub(super) struct Endpoints {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    revocation_endpoint: Url,
    pub(super) jwks_uri: String,
}

/// What a browser is sent to Google with.
#[derive(Debug)]
pub struct AuthorizationRequest<'a> {
    /// Where Google sends it back to.
    pub redirect_uri: &'a Url,
    /// What we ask for.
    pub scopes: &'a [&'a str],
    /// What comes back with the answer.
    pub state: &'a str,
    /// What the ID token repeats.
    pub nonce: &'a str,
    /// The PKCE challenge, of method `S256`.
    pub code_challenge: &'a str,
    /// The account that is probably meant.
    pub login_hint: Option<&'a str>,
    /// Whether we want to act for them when they are not there, which takes a refresh token.
    pub is_offline: bool,
}

/// A token that opens Google's APIs for about an hour.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token.
    pub token: SecretString,
    /// For how long it is good.
    pub expires_in: Duration,
    /// What it opens.
    pub scopes: GrantedScopes,
}

/// What a code was exchanged for.
#[derive(Debug)]
pub struct Tokens {
    /// For Google's APIs.
    pub access: AccessToken,
    /// For more access tokens, where we asked to act offline.
    pub refresh_token: Option<SecretString>,
    /// Who it was.
    pub id_token: Option<SecretString>,
}

#[derive(Deserialize)]
struct TokenReply {
    access_token: SecretString,
    expires_in: u64,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    refresh_token: Option<SecretString>,
    #[serde(default)]
    id_token: Option<SecretString>,
}

/// Google's OAuth 2.0 with our client.
#[derive(Debug)]
pub struct GoogleOauth {
    pub(super) http: Client,
    issuer: String,
    endpoints: Cached<Endpoints>,
    client: ClientSecrets,
}

impl GoogleOauth {
    /// The issuer and the client that the environment names.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        let parameter = config::require(env::GOOGLE_CLIENT_PARAMETER)?;
        Self::new(config, &config::require(env::GOOGLE_ISSUER)?, parameter)
    }

    /// This issuer, and the client in this parameter.
    pub fn new(config: &SdkConfig, issuer: &str, client_parameter: String) -> Result<Self, Missing> {
        Ok(Self {
            http: http_client(env::GOOGLE_ISSUER)?,
            issuer: issuer.trim_end_matches('/').to_owned(),
            endpoints: Cached::default(),
            client: ClientSecrets::new(config, client_parameter),
        })
    }

    /// Where to send a browser.
    pub async fn authorization_url(&self, request: &AuthorizationRequest<'_>) -> Result<Url, OauthError> {
        let (endpoints, client) = (self.endpoints().await?, self.client.get().await?);
        let mut url = endpoints.authorization_endpoint.clone();
        let mut query = url.query_pairs_mut();
        query
            .append_pair("client_id", &client.id)
            .append_pair("redirect_uri", request.redirect_uri.as_str())
            .append_pair("response_type", "code")
            .append_pair("scope", &request.scopes.join(" "))
            .append_pair("state", request.state)
            .append_pair("nonce", request.nonce)
            .append_pair("code_challenge", request.code_challenge)
            .append_pair("code_challenge_method", "S256");
        if let Some(hint) = request.login_hint {
            query.append_pair("login_hint", hint);
        }
        if request.is_offline {
            // Google hands out a refresh token only with a consent; what was granted before stays granted.
            query
                .append_pair("access_type", "offline")
                .append_pair("prompt", "consent")
                .append_pair("include_granted_scopes", "true");
        } else {
            query.append_pair("prompt", "select_account");
        }
        drop(query);
        Ok(url)
    }

    /// Exchanges the code of an answer. A code works once, so this is not tried again once Google may have seen it.
    pub async fn exchange(
        &self,
        code: &str,
        code_verifier: &str,
        redirect_uri: &Url,
    ) -> Result<Tokens, OauthError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", code_verifier),
            ("redirect_uri", redirect_uri.as_str()),
        ];
        let reply = self.token(&form, 1).await?;
        Ok(Tokens {
            refresh_token: reply.refresh_token.clone(),
            id_token: reply.id_token.clone(),
            access: reply.into(),
        })
    }

    /// A new access token.
    pub async fn refresh(&self, refresh_token: &SecretString) -> Result<AccessToken, OauthError> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose_secret()),
        ];
        self.token(&form, ATTEMPTS).await.map(AccessToken::from)
    }

    /// Takes back a whole grant, by one of its tokens. One that is dead already is fine.
    pub async fn revoke(&self, token: &SecretString) -> Result<(), OauthError> {
        let endpoints = self.endpoints().await?;
        let form = [("token", token.expose_secret())];
        match self.post(&endpoints.revocation_endpoint, &form, ATTEMPTS).await {
            Err(OauthError::Refused(code)) if code != "invalid_token" => Err(OauthError::Refused(code)),
            Err(error @ (OauthError::Unavailable(_) | OauthError::Aws(_))) => Err(error),
            // It was alive until now, or was dead before.
            Ok(_) | Err(OauthError::Refused(_) | OauthError::GrantIsGone) => Ok(()),
        }
    }

    /// Whether somebody who names itself so is the one that we ask; Google writes its name with and without the scheme.
    pub fn is_issuer(&self, name: &str) -> bool {
        self.issuer_names().contains(&name)
    }

    /// Our client's id.
    pub async fn client_id(&self) -> Result<String, OauthError> {
        Ok(self.client.get().await?.id)
    }

    /// What whoever signs ID tokens may be called.
    pub(super) fn issuer_names(&self) -> [&str; 2] {
        let without_scheme = self.issuer.split_once("://").map(|(_, rest)| rest);
        [&self.issuer, without_scheme.unwrap_or(&self.issuer)]
    }

    pub(super) async fn endpoints(&self) -> Result<Arc<Endpoints>, OauthError> {
        let url = format!("{}/.well-known/openid-configuration", self.issuer);
        let endpoints = self.endpoints.get(&self.http, &url).await?;
        if endpoints.issuer == self.issuer {
            Ok(endpoints)
        } else {
            Err(OauthError::Unavailable(
                "the issuer calls itself by another name".into(),
            ))
        }
    }

    /// Asks for tokens; with a secret that was changed a moment ago, once more with the new one.
    async fn token(&self, form: &[(&str, &str)], attempts: u32) -> Result<TokenReply, OauthError> {
        let endpoints = self.endpoints().await?;
        let with = async |client: OauthClient| {
            let ours = [
                ("client_id", client.id.as_str()),
                ("client_secret", client.secret.expose_secret()),
            ];
            let form: Vec<_> = form.iter().copied().chain(ours).collect();
            self.post(&endpoints.token_endpoint, &form, attempts).await
        };
        let response = match with(self.client.get().await?).await {
            Err(OauthError::Refused(code)) if code == "invalid_client" => {
                with(self.client.get_anew().await?).await
            }
            other => other,
        }?;
        response.json().await.map_err(OauthError::unavailable)
    }

    async fn post(&self, url: &Url, form: &[(&str, &str)], attempts: u32) -> Result<Response, OauthError> {
        let mut attempt = 1;
        loop {
            let sent = self.http.post(url.clone()).form(form).send().await;
            // What never left us can be sent again even if it must not be repeated.
            let never_left = sent.as_ref().is_err_and(reqwest::Error::is_connect);
            let error = match sent {
                Ok(response) if response.status() == StatusCode::OK => return Ok(response),
                Ok(response) => refusal(response).await,
                Err(error) => OauthError::unavailable(error),
            };
            let may_repeat =
                matches!(error, OauthError::Unavailable(_)) && (attempt < attempts || never_left);
            if !may_repeat || attempt >= ATTEMPTS {
                return Err(error);
            }
            tokio::time::sleep(PAUSE * attempt).await;
            attempt += 1;
        }
    }
}

/// What an answer that is not a success means.
async fn refusal(response: Response) -> OauthError {
    let status = response.status();
    let body: Value = response.json().await.unwrap_or_default();
    let code = body["error"].as_str().unwrap_or_default();
    // The codes of the RFC are words; whatever else comes may be anything, and goes into our log.
    let is_word = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    match code {
        "invalid_grant" => OauthError::GrantIsGone,
        _ if is_word && status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => {
            OauthError::Refused(code.to_owned())
        }
        _ => OauthError::Unavailable(format!("HTTP {status}").into()),
    }
}

impl From<TokenReply> for AccessToken {
    fn from(reply: TokenReply) -> Self {
        Self {
            token: reply.access_token,
            expires_in: Duration::from_secs(reply.expires_in),
            scopes: GrantedScopes::parse(&reply.scope),
        }
    }
}
