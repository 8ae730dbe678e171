//! Documents of Google's that are kept for as long as their `Cache-Control` says.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::{Client, Response, header};
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::OauthError;

/// How long a document is kept that does not say.
const USUAL_AGE: Duration = Duration::from_mins(5);

/// How long a document is kept at most, whatever it says.
const GREATEST_AGE: Duration = Duration::from_hours(24);

#[derive(Debug)]
struct Kept<T> {
    document: Arc<T>,
    until: Instant,
}

/// One document, fetched when it is first needed. Requests that need it at the same time wait for one fetch.
#[derive(Debug)]
pub(super) struct Cached<T> {
    kept: Mutex<Option<Kept<T>>>,
}

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self {
            kept: Mutex::new(None),
        }
    }
}

impl<T: DeserializeOwned> Cached<T> {
    /// The document.
    pub(super) async fn get(&self, http: &Client, url: &str) -> Result<Arc<T>, OauthError> {
        let mut kept = self.kept.lock().await;
        match kept.as_ref().filter(|kept| Instant::now() < kept.until) {
            Some(kept) => Ok(Arc::clone(&kept.document)),
            None => fetch_into(&mut kept, http, url).await,
        }
    }

    /// A newer document than this one, whether or not it is still good. Who asks at the same time gets the same newer one.
    pub(super) async fn after(&self, old: &Arc<T>, http: &Client, url: &str) -> Result<Arc<T>, OauthError> {
        let mut kept = self.kept.lock().await;
        match kept.as_ref().filter(|kept| !Arc::ptr_eq(&kept.document, old)) {
            Some(kept) => Ok(Arc::clone(&kept.document)),
            None => fetch_into(&mut kept, http, url).await,
        }
    }
}

async fn fetch_into<T: DeserializeOwned>(
    kept: &mut Option<Kept<T>>,
    http: &Client,
    url: &str,
) -> Result<Arc<T>, OauthError> {
    let (document, age) = fetch(http, url).await?;
    let document = Arc::new(document);
    *kept = Some(Kept {
        document: Arc::clone(&document),
        until: Instant::now() + age,
    });
    Ok(document)
}

/// Fetches a document, once more if Google is in trouble.
async fn fetch<T: DeserializeOwned>(http: &Client, url: &str) -> Result<(T, Duration), OauthError> {
    let once = async || {
        let response = http.get(url).send().await?.error_for_status()?;
        let age = age_of(&response);
        Ok::<_, reqwest::Error>((response.json().await?, age))
    };
    match once().await {
        Err(error) if error.is_connect() || error.is_timeout() || error.is_status() => {
            once().await.map_err(OauthError::unavailable)
        }
        other => other.map_err(OauthError::unavailable),
    }
}

/// How long an answer may be kept.
fn age_of(response: &Response) -> Duration {
    let directives = response
        .headers()
        .get(header::CACHE_CONTROL)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    age_in(directives).min(GREATEST_AGE)
}

fn age_in(directives: &str) -> Duration {
    let mut directives = directives.split(',').map(|one| one.trim().to_ascii_lowercase());
    directives
        .find_map(|one| match one.as_str() {
            "no-store" | "no-cache" => Some(Duration::ZERO),
            _ => one
                .strip_prefix("max-age=")?
                .parse()
                .ok()
                .map(Duration::from_secs),
        })
        .unwrap_or(USUAL_AGE)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

    use super::*;

    #[test]
    fn documents_say_how_long_they_are_good_for() {
        for (directives, seconds) in [
            ("public, max-age=22173, must-revalidate", 22_173),
            ("Max-Age=60", 60),
            ("no-cache, no-store", 0),
            ("public", 300),
            ("", 300),
            ("max-age=soon", 300),
        ] {
            assert_eq!(age_in(directives), Duration::from_secs(seconds), "{directives}");
        }
    }

    fn http() -> Client {
        crate::google::http_client("GOOGLE_ISSUER").expect("a client")
    }

    async fn server(cache_control: &str, fetches: u64) -> MockServer {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(200).set_body_json(json!({"keys": []}));
        Mock::given(any())
            .respond_with(answer.insert_header("cache-control", cache_control))
            .expect(fetches)
            .mount(&server)
            .await;
        server
    }

    #[tokio::test]
    async fn a_document_is_fetched_once_while_it_is_good_enough() {
        let server = server("max-age=3600", 2).await;
        let (http, cached, url) = (http(), Cached::<Value>::default(), server.uri());
        let many = (0..20).map(|_| cached.get(&http, &url));
        let documents = futures_util::future::try_join_all(many).await.expect("documents");
        assert!(documents.iter().all(|document| **document == json!({"keys": []})));
        // Something is missing in it: many notice, and one asks.
        let many = documents.iter().map(|old| cached.after(old, &http, &url));
        futures_util::future::try_join_all(many).await.expect("documents");
    }

    #[tokio::test]
    async fn a_document_that_may_not_be_kept_is_fetched_each_time() {
        let server = server("no-store", 3).await;
        let (http, cached) = (http(), Cached::<Value>::default());
        for _ in 0..3 {
            cached.get(&http, &server.uri()).await.expect("a document");
        }
    }

    #[tokio::test]
    async fn google_is_asked_once_more_where_it_is_in_trouble() {
        let server = MockServer::start().await;
        let trouble = Mock::given(any()).respond_with(ResponseTemplate::new(503));
        trouble.up_to_n_times(1).mount(&server).await;
        let well = Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(json!(1)));
        well.mount(&server).await;
        let document = Cached::<Value>::default()
            .get(&http(), &server.uri())
            .await
            .expect("a document");
        assert_eq!(*document, json!(1));
    }
}
