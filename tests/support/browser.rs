//! A browser: cookies, redirects that the test follows one by one, and the consent page of the embedded Google.

use std::collections::BTreeMap;

use packshot_clients::pace::Pace;
use packshot_domain::{client_address::ClientAddress, session::SessionToken, sign_in::AttemptCookie};
use rand::RngExt;
use reqwest::{
    Client, Method, RequestBuilder,
    header::{HeaderMap, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use serde_json::Value;
use url::Url;

use crate::{api::Answer, stack::Stack};

/// An answer as a browser gets it.
#[derive(Debug, Clone)]
pub struct Page {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Page {
    /// Where it leads to.
    pub fn location(&self) -> &str {
        let location = self.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        location.unwrap_or_else(|| panic!("leads nowhere: {self:?}"))
    }

    /// Each cookie that it sets, as it is written.
    pub fn cookies(&self) -> Vec<&str> {
        let cookies = self.headers.get_all(SET_COOKIE).iter();
        cookies.filter_map(|value| value.to_str().ok()).collect()
    }

    /// The code of the problem that the page of the sign-in is to tell about.
    pub fn error(&self) -> String {
        assert_eq!(self.status, 303, "{self:?}");
        let query = self
            .location()
            .strip_prefix("/sign-in?")
            .unwrap_or_else(|| panic!("{self:?}"));
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        let mut errors = pairs.filter(|(name, _)| name == "error");
        errors.next().expect("a code").1.into_owned()
    }
}

/// What somebody does on the consent page.
#[derive(Debug, Clone)]
pub struct Consent<'a> {
    /// The account that they choose.
    pub account: &'a str,
    /// Scopes that they untick.
    pub without: &'a [&'a str],
    /// Whether they agree.
    pub agrees: bool,
}

impl<'a> Consent<'a> {
    /// Yes to everything.
    pub const fn of(account: &'a str) -> Self {
        Self {
            account,
            without: &[],
            agrees: true,
        }
    }
}

/// A browser with its own cookies, on a network of its own.
#[derive(Debug, Clone)]
pub struct Browser {
    http: Client,
    site: String,
    cookies: BTreeMap<String, String>,
    address: String,
    user_agent: String,
}

impl Browser {
    /// A browser that was never here.
    pub fn new(stack: &Stack) -> Self {
        let http = Client::builder()
            .timeout(crate::PATIENCE)
            .no_proxy()
            .no_gzip()
            .redirect(Policy::none())
            .build();
        let host: u16 = rand::rng().random();
        Self {
            http: http.expect("a client"),
            site: stack.base_url().to_owned(),
            cookies: BTreeMap::new(),
            address: format!("2001:db8:{host:x}:{:x}::1", rand::rng().random::<u16>()),
            user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
        }
    }

    /// The same browser, elsewhere in the world.
    #[must_use]
    pub fn at_address(mut self, address: &str) -> Self {
        address.clone_into(&mut self.address);
        self
    }

    /// Takes all steps of a sign-in that its network may take, until it would have to wait. One is given back each second, so
    /// that a slow machine may find one left all the same.
    pub async fn exhaust_attempts(&self, stack: &Stack) {
        let pace = Pace::new(stack.table.clone(), "sign-in", 60);
        // The distribution stands between the browser and API Gateway, which adds where that is.
        let hops = format!("{}, 127.0.0.1", self.address);
        let address = ClientAddress::of(Some(&hops), None);
        while pace.take_from_address(&address).await.expect("counted").is_none() {}
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Puts a cookie into the browser, as somebody with access to it could.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// The token of its session.
    pub fn session(&self) -> SessionToken {
        let token = self.cookie("session").expect("a session");
        SessionToken::parse(token).expect("a token")
    }

    /// The name of the cookie of a browser that is signing in.
    pub fn attempt_cookie(&self) -> &'static str {
        AttemptCookie::of(&self.site.parse().expect("a URL")).name()
    }

    /// Goes to an address: a path of ours, or somewhere else, which sees none of our cookies.
    pub async fn get(&mut self, address: &str) -> Page {
        self.send(Method::GET, address, |request| request).await
    }

    /// Loads a picture of the page, as an `img` does: API Gateway sends bytes only to whoever asks for pictures.
    pub async fn image(&mut self, path: &str) -> Page {
        const PICTURES: &str = "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5";
        self.send(Method::GET, path, |request| request.header("accept", PICTURES))
            .await
    }

    /// A request of the page's script.
    pub async fn fetch(&mut self, method: Method, path: &str) -> Answer {
        self.fetch_with(method, path, |request| request).await
    }

    /// A request of the page's script with JSON.
    pub async fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.fetch_with(Method::POST, path, |request| request.json(body))
            .await
    }

    async fn fetch_with(
        &mut self,
        method: Method,
        path: &str,
        change: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let origin = self.site.clone();
        let page = self
            .send(method, path, |request| change(request.header("origin", origin)))
            .await;
        Answer {
            status: page.status,
            headers: page.headers,
            body: serde_json::from_str(&page.text).unwrap_or_default(),
        }
    }

    async fn send(
        &mut self,
        method: Method,
        address: &str,
        change: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Page {
        let is_ours = address.starts_with('/') || address.starts_with(&self.site);
        let url = if address.starts_with('/') {
            format!("{}{address}", self.site)
        } else {
            address.to_owned()
        };
        let mut request = self
            .http
            .request(method, url)
            .header("user-agent", &self.user_agent);
        if is_ours {
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request
                .header("cookie", cookies.join("; "))
                .header("x-forwarded-for", &self.address);
        }
        let response = change(request).send().await.expect("an answer");
        let page = Page {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: String::from_utf8_lossy(&response.bytes().await.expect("a body")).into_owned(),
        };
        if is_ours {
            self.keep(&page);
        }
        page
    }

    fn keep(&mut self, page: &Page) {
        for cookie in page.cookies() {
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Goes to an address of ours that leads to Google; answers where exactly.
    pub async fn begin(&mut self, path: &str) -> Url {
        let page = self.get(path).await;
        assert_eq!(page.status, 303, "{page:?}");
        page.location().parse().expect("an address at Google")
    }

    /// Answers Google's question; Google leads back to this address.
    pub async fn consent(&mut self, authorize: &Url, consent: &Consent<'_>) -> String {
        let page = self.get(authorize.as_str()).await;
        assert_eq!(page.status, 200, "{page:?}");
        let request = value_of(&page.text, "request");
        let scopes = authorize
            .query_pairs()
            .find(|(name, _)| name == "scope")
            .expect("scopes")
            .1;
        let ticked = scopes.split(' ').filter(|scope| !consent.without.contains(scope));
        let decision = if consent.agrees { "allow" } else { "deny" };
        let mut form = vec![("request", request.as_str()), ("account", consent.account)];
        form.push(("decision", decision));
        form.extend(ticked.map(|scope| ("scope", scope)));
        let decide = authorize.join("/o/oauth2/v2/auth/decision").expect("a URL");
        let decided = self
            .http
            .post(decide)
            .form(&form)
            .send()
            .await
            .expect("an answer");
        let location = decided
            .headers()
            .get(LOCATION)
            .and_then(|value| value.to_str().ok());
        location.unwrap_or_else(|| panic!("{decided:?}")).to_owned()
    }

    /// Goes all the way: to Google, through the consent, and back; answers the last page of ours.
    pub async fn sign_in_by(&mut self, path: &str, consent: &Consent<'_>) -> Page {
        let authorize = self.begin(path).await;
        let back = self.consent(&authorize, consent).await;
        self.get(&back).await
    }

    /// Signs in with an account.
    pub async fn sign_in(&mut self, account: &str) -> Page {
        self.sign_in_by("/auth/google/login", &Consent::of(account)).await
    }
}

/// The value of a form's hidden field.
fn value_of(html: &str, name: &str) -> String {
    let field = html
        .split("<input")
        .find(|field| field.contains(&format!("name=\"{name}\"")))
        .unwrap_or_else(|| panic!("no field {name}: {html}"));
    let value = field
        .split("value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    value.expect("a value").to_owned()
}
