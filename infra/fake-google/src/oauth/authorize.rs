//! The request that a browser brings, checked.

use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::OAuth;
use super::parameters::Parameters;
use super::scope::{self, Scopes};

/// A PKCE challenge (RFC 7636).
#[derive(Debug, Clone)]
pub(super) enum Challenge {
    Plain(String),
    Sha256(String),
}

impl Challenge {
    /// Whether a verifier is the one that the challenge was made from.
    pub(super) fn fits(&self, verifier: &str) -> bool {
        match self {
            Self::Plain(challenge) => challenge == verifier,
            Self::Sha256(challenge) => *challenge == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)),
        }
    }
}

/// A request that waits for the person.
#[derive(Debug, Clone)]
pub(super) struct AuthorizationRequest {
    pub(super) redirect_uri: Url,
    /// As it was spelled, which the exchange has to repeat.
    pub(super) redirect_uri_text: String,
    pub(super) state: Option<String>,
    pub(super) scopes: Scopes,
    pub(super) nonce: Option<String>,
    pub(super) challenge: Option<Challenge>,
    pub(super) offline: bool,
    pub(super) prompt: Vec<Prompt>,
    pub(super) include_granted: bool,
    pub(super) login_hint: Option<String>,
    pub(super) domain: Option<String>,
    pub(super) made: Timestamp,
}

/// What the app wants the person to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prompt {
    /// Nothing.
    None,
    /// For consent.
    Consent,
    /// For the account.
    SelectAccount,
}

/// Why a request is not shown to the person.
#[derive(Debug)]
pub(super) enum Refused {
    /// It cannot be answered to the app: the person sees why.
    Page { error: &'static str, text: String },
    /// The app is told.
    Redirect(Box<Response>),
}

impl OAuth {
    /// Checks a request; the order is the one in which trust grows.
    pub(super) fn read_request(&self, parameters: &Parameters) -> Result<AuthorizationRequest, Refused> {
        let page = |error, text: &str| Refused::Page {
            error,
            text: text.to_owned(),
        };
        let Some(client) = parameters.get("client_id") else {
            return Err(page("invalid_request", "Missing required parameter: client_id"));
        };
        if client != self.client.id {
            return Err(page("invalid_client", "The OAuth client was not found."));
        }
        let Some(redirect_uri_text) = parameters.get("redirect_uri") else {
            return Err(page(
                "invalid_request",
                "Missing required parameter: redirect_uri",
            ));
        };
        let Some(redirect_uri) = self.client.allowed(redirect_uri_text) else {
            let text = format!("The redirect URI {redirect_uri_text} is not registered for this client.");
            return Err(page("redirect_uri_mismatch", &text));
        };
        let state = parameters.get("state").map(str::to_owned);
        self.read_rest(parameters, redirect_uri.clone(), redirect_uri_text, state.clone())
            .map_err(|(error, text)| {
                Refused::Redirect(Box::new(error_redirect(
                    &redirect_uri,
                    error,
                    Some(&text),
                    state.as_deref(),
                )))
            })
    }

    fn read_rest(
        &self,
        parameters: &Parameters,
        redirect_uri: Url,
        redirect_uri_text: &str,
        state: Option<String>,
    ) -> Result<AuthorizationRequest, (&'static str, String)> {
        let invalid = |text: String| ("invalid_request", text);
        if let Some(name) = parameters.repeated() {
            return Err(invalid(format!("Parameter stands twice: {name}")));
        }
        let need = |name: &str| {
            let value = parameters.get(name);
            value.ok_or_else(|| invalid(format!("Missing required parameter: {name}")))
        };
        let kind = need("response_type")?;
        if kind != "code" {
            return Err(("unsupported_response_type", format!("Not supported here: {kind}")));
        }
        let scopes = scope::parse(need("scope")?).map_err(|name| {
            (
                "invalid_scope",
                format!("Some requested scopes were invalid: {name}"),
            )
        })?;
        let offline = match parameters.get("access_type") {
            Some("offline") => true,
            Some("online") | None => false,
            Some(other) => return Err(invalid(format!("Invalid access_type: {other}"))),
        };
        Ok(AuthorizationRequest {
            redirect_uri,
            redirect_uri_text: redirect_uri_text.to_owned(),
            state,
            scopes,
            nonce: parameters.get("nonce").map(str::to_owned),
            challenge: read_challenge(parameters).map_err(invalid)?,
            offline,
            prompt: read_prompt(parameters.get("prompt")).map_err(invalid)?,
            include_granted: parameters.get("include_granted_scopes") == Some("true"),
            login_hint: parameters.get("login_hint").map(str::to_owned),
            domain: parameters.get("hd").map(str::to_owned),
            made: self.clock.now(),
        })
    }
}

fn read_challenge(parameters: &Parameters) -> Result<Option<Challenge>, String> {
    let method = parameters.get("code_challenge_method");
    let Some(challenge) = parameters.get("code_challenge") else {
        return match method {
            Some(_) => Err("Missing required parameter: code_challenge".to_owned()),
            None => Ok(None),
        };
    };
    let is_character = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if !(43..=128).contains(&challenge.len()) || !challenge.bytes().all(is_character) {
        return Err("Invalid code_challenge".to_owned());
    }
    match method {
        Some("S256") => Ok(Some(Challenge::Sha256(challenge.to_owned()))),
        Some("plain") | None => Ok(Some(Challenge::Plain(challenge.to_owned()))),
        Some(other) => Err(format!("Invalid code_challenge_method: {other}")),
    }
}

fn read_prompt(prompt: Option<&str>) -> Result<Vec<Prompt>, String> {
    let prompts: Vec<Prompt> = prompt
        .unwrap_or_default()
        .split(' ')
        .filter(|name| !name.is_empty())
        .map(|name| match name {
            "none" => Ok(Prompt::None),
            "consent" => Ok(Prompt::Consent),
            "select_account" => Ok(Prompt::SelectAccount),
            other => Err(format!("Invalid prompt: {other}")),
        })
        .collect::<Result<_, _>>()?;
    if prompts.contains(&Prompt::None) && prompts.len() > 1 {
        return Err("Invalid prompt: none stands alone".to_owned());
    }
    Ok(prompts)
}

/// Sends the browser back to the app with an error.
pub(super) fn error_redirect(target: &Url, error: &str, text: Option<&str>, state: Option<&str>) -> Response {
    let pairs = [
        ("error", Some(error)),
        ("error_description", text),
        ("state", state),
    ];
    redirect(target, &pairs)
}

/// Sends the browser back to the app.
pub(super) fn redirect(target: &Url, pairs: &[(&str, Option<&str>)]) -> Response {
    let mut target = target.clone();
    {
        let mut query = target.query_pairs_mut();
        for (name, value) in pairs {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
    }
    // 302 is what Google sends; a browser turns it into a GET after a form as well.
    let mut response = Redirect::to(target.as_str()).into_response();
    *response.status_mut() = http::StatusCode::FOUND;
    response
}

#[cfg(test)]
mod tests {
    use super::Challenge;

    #[test]
    fn the_example_of_rfc_7636_fits() {
        let challenge = Challenge::Sha256("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned());
        assert!(challenge.fits("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.fits("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"));
    }
}
