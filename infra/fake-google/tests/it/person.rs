//! A person who signs in, with the app that sends them.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::redirect::Policy;
use reqwest::{Method, Response, Url};
use serde_json::{Value, json};

use crate::server::Server;

pub(crate) const CLIENT: &str = "packshot-local.apps.googleusercontent.example";
pub(crate) const SECRET: &str = "local-secret-of-the-fake-google";
pub(crate) const REDIRECT: &str = "http://localhost:4400/callback";
pub(crate) const SELLER: &str = "seller@example.com";
pub(crate) const READONLY: &str = "https://www.googleapis.com/auth/drive.readonly";
pub(crate) const FILE: &str = "https://www.googleapis.com/auth/drive.file";

/// Verifier and challenge of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A browser that shows where it is sent, and goes nowhere.
pub(crate) struct Browser<'a> {
    server: &'a Server,
    client: reqwest::Client,
}

/// What is asked for, by parameter.
pub(crate) type Request = BTreeMap<&'static str, String>;

/// A request as our app sends it.
pub(crate) fn request(scopes: &str) -> Request {
    let pairs = [
        ("client_id", CLIENT),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", scopes),
        ("state", "state-1"),
        ("nonce", "nonce-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("access_type", "offline"),
    ];
    pairs.map(|(name, value)| (name, value.to_owned())).into()
}

impl<'a> Browser<'a> {
    pub(crate) fn new(server: &'a Server) -> Self {
        let client = reqwest::Client::builder().redirect(Policy::none());
        let client = client.pool_max_idle_per_host(0).build().expect("builds");
        Self { server, client }
    }

    /// Opens the page.
    pub(crate) async fn open(&self, request: &Request) -> Response {
        let url = format!("{}/o/oauth2/v2/auth", self.server.url);
        let opened = self.client.get(url).query(request).send().await;
        opened.expect("answers")
    }

    /// Opens the page with a cookie.
    pub(crate) async fn open_as(&self, request: &Request, cookie: &str) -> Response {
        let url = format!("{}/o/oauth2/v2/auth", self.server.url);
        let opened = self.client.get(url).query(request).header("cookie", cookie);
        opened.send().await.expect("answers")
    }

    /// Sends the page's form.
    pub(crate) async fn send(&self, fields: &[(&str, &str)]) -> Response {
        let url = format!("{}/o/oauth2/v2/auth/decision", self.server.url);
        let sent = self.client.post(url).body(form(fields));
        let sent = sent.header("content-type", "application/x-www-form-urlencoded");
        sent.send().await.expect("answers")
    }

    /// Opens the page, allows all of it, and gives the parameters of the redirect.
    pub(crate) async fn allow(&self, request: &Request, email: &str) -> BTreeMap<String, String> {
        let page = self.open(request).await.text().await.expect("is a page");
        let id = pending(&page);
        let mut fields = vec![
            ("request", id.as_str()),
            ("account", email),
            ("decision", "allow"),
        ];
        fields.extend(request["scope"].split(' ').map(|scope| ("scope", scope)));
        target(&self.send(&fields).await)
    }
}

/// The id of the request that a page is for.
pub(crate) fn pending(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"request\" value=\"").expect("is the page");
    rest.split('"').next().expect("has an end").to_owned()
}

/// The parameters of the address that the browser is sent to.
pub(crate) fn target(response: &Response) -> BTreeMap<String, String> {
    assert_eq!(response.status(), 302);
    let location = response.headers()["location"].to_str().expect("is text");
    assert!(location.starts_with(REDIRECT), "{location}");
    let url = Url::parse(location).expect("is a URL");
    let pairs = url.query_pairs();
    pairs
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let mut url = Url::parse("http://x").expect("is a URL");
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().to_owned()
}

impl Server {
    /// Sends a form.
    pub(crate) async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
        let request = self.request(Method::POST, path).body(form(fields));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let reply = request.send().await.expect("answers");
        (reply.status().as_u16(), reply.json().await.expect("is JSON"))
    }

    /// Exchanges a code as our app does.
    pub(crate) async fn exchange(&self, code: &str) -> (u16, Value) {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("client_id", CLIENT),
            ("client_secret", SECRET),
            ("code_verifier", VERIFIER),
        ];
        self.post_form("/token", &fields).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> (u16, Value) {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", CLIENT),
            ("client_secret", SECRET),
        ];
        self.post_form("/token", &fields).await
    }

    /// Signs somebody in; gives the reply of the token endpoint.
    pub(crate) async fn sign_in(&self, email: &str, scopes: &str) -> Value {
        let redirect = Browser::new(self).allow(&request(scopes), email).await;
        let (status, tokens) = self.exchange(&redirect["code"]).await;
        assert_eq!(status, 200, "{tokens}");
        tokens
    }

    /// Signs somebody in; gives an access token.
    pub(crate) async fn token(&self, email: &str, scopes: &str) -> String {
        text(&self.sign_in(email, scopes).await["access_token"])
    }

    /// Adds an account with these files; gives their ids by path.
    pub(crate) async fn add_account(&self, email: &str, drive: &Value) -> Value {
        let body = json!({"email": email, "drive": drive});
        let request = self.request(Method::PUT, "/__accounts").json(&body);
        let reply = request.send().await.expect("answers");
        let (status, answer): (_, Value) = (reply.status(), reply.json().await.expect("is JSON"));
        assert_eq!(status, 200, "{answer}");
        answer["files"].clone()
    }

    /// A call with a token; gives the answer as it comes.
    pub(crate) async fn call(&self, method: Method, path: &str, token: &str) -> Response {
        let request = self.request(method, path).bearer_auth(token);
        request.send().await.expect("answers")
    }

    /// A call with a token that answers in JSON.
    pub(crate) async fn call_json(&self, path: &str, token: &str) -> (u16, Value) {
        let reply = self.call(Method::GET, path, token).await;
        (reply.status().as_u16(), reply.json().await.expect("is JSON"))
    }

    /// Files that a search finds, by name.
    pub(crate) async fn names(&self, token: &str, parameters: &[(&str, &str)]) -> Vec<String> {
        let path = format!("/drive/v3/files?{}", form(parameters));
        let (status, list) = self.call_json(&path, token).await;
        assert_eq!(status, 200, "{list}");
        let files = list["files"].as_array().expect("is a list");
        let mut names: Vec<String> = files.iter().map(|file| text(&file["name"])).collect();
        if !parameters.iter().any(|(name, _)| *name == "orderBy") {
            names.sort();
        }
        names
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("is text").to_owned()
}

/// A part of a token, unsigned.
pub(crate) fn token_part(token: &Value, part: usize) -> Value {
    let token = text(token);
    let encoded = token.split('.').nth(part).expect("has parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).expect("is base64")).expect("is JSON")
}
