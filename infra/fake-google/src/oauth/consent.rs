//! The page on which the person chooses, and what becomes of the choice.

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::SignedDuration;

use super::OAuth;
use super::account::Account;
use super::authorize::{AuthorizationRequest, Prompt, Refused, error_redirect, redirect};
use super::grants::{Consent, random};
use super::parameters::Parameters;
use super::scope::{self, Scope, Scopes};

/// The cookie that remembers who signed in last.
const SESSION_COOKIE: &str = "fake_google_account";

/// The account that is chosen unless somebody else is expected.
const USUAL_ACCOUNT: &str = "seller@example.com";

/// How long the page can be left open.
const PAGE_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

#[derive(Debug, Template)]
#[template(path = "consent.html")]
struct ConsentPage<'a> {
    request: &'a str,
    client: &'a str,
    redirect_host: String,
    accounts: Vec<AccountChoice>,
    identity: Vec<Scope>,
    choices: Vec<Scope>,
}

#[derive(Debug)]
struct AccountChoice {
    account: Account,
    initial: String,
    checked: bool,
}

#[derive(Debug, Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    error: &'a str,
    text: &'a str,
}

/// `GET /o/oauth2/v2/auth`.
pub(super) async fn ask(
    State(oauth): State<Arc<OAuth>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let parameters = Parameters::read(query.unwrap_or_default().as_bytes());
    let request = match oauth.read_request(&parameters) {
        Ok(request) => request,
        Err(Refused::Redirect(response)) => return *response,
        Err(Refused::Page { error, text }) => return error_page(error, &text),
    };
    let remembered = remembered(&headers).filter(|email| oauth.accounts.get(email).is_some());
    if request.prompt.contains(&Prompt::None) {
        return oauth.answer_unasked(&request, remembered.as_deref());
    }
    let id = random("", 40);
    let page = ConsentPage {
        request: &id,
        client: &oauth.client.id,
        redirect_host: request.redirect_uri.host_str().unwrap_or_default().to_owned(),
        accounts: oauth.choices(&request, remembered.as_deref()),
        identity: request
            .scopes
            .iter()
            .copied()
            .filter(|scope| scope.is_identity())
            .collect(),
        choices: request
            .scopes
            .iter()
            .copied()
            .filter(|scope| !scope.is_identity())
            .collect(),
    };
    let page = rendered(StatusCode::OK, &page);
    oauth.pending().insert(id, request);
    page
}

/// `POST /o/oauth2/v2/auth/decision`.
pub(super) async fn decide(State(oauth): State<Arc<OAuth>>, body: Bytes) -> Response {
    let form = Parameters::read(&body);
    let now = oauth.clock.now();
    let pending = oauth.pending().remove(form.get("request").unwrap_or_default());
    let Some(request) = pending.filter(|request| now.duration_since(request.made) <= PAGE_LIFETIME) else {
        return error_page(
            "invalid_request",
            "This page was answered already, or is too old. Go back to the app and sign in again.",
        );
    };
    if form.get("decision") != Some("allow") {
        return error_redirect(
            &request.redirect_uri,
            "access_denied",
            None,
            request.state.as_deref(),
        );
    }
    let account = form.get("account").and_then(|email| oauth.accounts.get(email));
    let Some(account) = account else {
        return error_page("invalid_request", "There is no such account.");
    };
    let ticked: Scopes = form.all("scope").filter_map(Scope::parse).collect();
    let granted = request
        .scopes
        .iter()
        .copied()
        .filter(|scope| scope.is_identity() || ticked.contains(scope))
        .collect();
    oauth.answer(&request, &account, granted)
}

impl OAuth {
    /// Answers without a page, if the account is remembered and has allowed all of it before.
    fn answer_unasked(&self, request: &AuthorizationRequest, remembered: Option<&str>) -> Response {
        let account = remembered.and_then(|email| self.accounts.get(email));
        let allowed =
            account.filter(|account| request.scopes.is_subset(&self.grants.granted(&account.email)));
        match allowed {
            Some(account) => self.answer(request, &account, request.scopes.clone()),
            None => error_redirect(
                &request.redirect_uri,
                "interaction_required",
                None,
                request.state.as_deref(),
            ),
        }
    }

    fn answer(&self, request: &AuthorizationRequest, account: &Account, mut granted: Scopes) -> Response {
        if request.include_granted {
            granted.extend(self.grants.granted(&account.email));
        }
        let scopes = scope::joined_for_redirect(&granted);
        let code = self.grants.allow(
            Consent {
                email: account.email.clone(),
                scopes: granted,
                redirect_uri: request.redirect_uri_text.clone(),
                challenge: request.challenge.clone(),
                nonce: request.nonce.clone(),
                offline: request.offline,
                asked_anew: request.prompt.contains(&Prompt::Consent),
            },
            self.clock.now(),
        );
        let prompt = if request.prompt.contains(&Prompt::None) {
            "none"
        } else {
            "consent"
        };
        let pairs = [
            ("state", request.state.as_deref()),
            ("code", Some(code.as_str())),
            ("scope", Some(scopes.as_str())),
            ("authuser", Some("0")),
            ("hd", account.hd.as_deref()),
            ("prompt", Some(prompt)),
        ];
        let mut response = redirect(&request.redirect_uri, &pairs);
        let cookie = format!(
            "{SESSION_COOKIE}={}; Path=/o/oauth2; HttpOnly; SameSite=Lax",
            account.email
        );
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }

    fn choices(&self, request: &AuthorizationRequest, remembered: Option<&str>) -> Vec<AccountChoice> {
        let mut accounts = self.accounts.list();
        // The usual one first; tests may have added many.
        accounts.sort_by_key(|account| account.email != USUAL_ACCOUNT);
        if let Some(domain) = &request.domain {
            let fits = |account: &Account| {
                let own = account.hd.as_ref();
                own.is_some_and(|own| domain == "*" || own == domain)
            };
            if accounts.iter().any(fits) {
                accounts.retain(fits);
            }
        }
        let hinted = request.login_hint.as_deref();
        let matches = |account: &Account, hint: &str| account.email == hint || account.sub == hint;
        let place = |hint: &str| accounts.iter().position(|account| matches(account, hint));
        let chosen = hinted
            .and_then(place)
            .or_else(|| remembered.and_then(place))
            .unwrap_or(0);
        let choice = |(n, account): (usize, Account)| AccountChoice {
            initial: account.name.chars().take(1).collect(),
            checked: n == chosen,
            account,
        };
        accounts.into_iter().enumerate().map(choice).collect()
    }
}

fn remembered(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split("; "))
        .filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(name, _)| *name == SESSION_COOKIE)
        .map(|(_, email)| email.to_owned())
}

fn error_page(error: &str, text: &str) -> Response {
    rendered(StatusCode::BAD_REQUEST, &ErrorPage { error, text })
}

fn rendered(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
