//! The public API, as a developer calls it.

use std::collections::BTreeMap;

use packshot_domain::session::{SessionCookie, SessionToken};
use reqwest::{Client, Method, RequestBuilder, header::HeaderMap, multipart::Form};
use serde_json::{Value, json};

use crate::{eventually, pictures};

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; `null` where it is not JSON.
    pub body: Value,
}

impl Answer {
    /// The problem's code.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// Makes sure that this is a problem of the documented form (RFC 9457 and our own members) with this status and
    /// code.
    pub fn assert_problem(&self, status: u16, code: &str) {
        let content_type = self
            .headers
            .get("content-type")
            .and_then(|value| value.to_str().ok());
        assert_eq!((self.status, self.code()), (status, code), "{self:?}");
        assert_eq!(content_type, Some("application/problem+json"), "{self:?}");
        assert_eq!(self.body["status"], status, "{self:?}");
        let type_url = self.body["type"].as_str().unwrap_or_default();
        assert!(type_url.ends_with(&format!("/docs/errors#{code}")), "{self:?}");
        for member in ["title", "detail", "request_id"] {
            assert!(
                self.body[member].as_str().is_some_and(|text| !text.is_empty()),
                "{member}: {self:?}"
            );
        }
        assert_eq!(self.body["retryable"], matches!(status, 429 | 500..), "{self:?}");
    }

    /// Each wrong field with its code, in order.
    pub fn field_codes(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().cloned().unwrap_or_default();
        let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
        errors
            .iter()
            .map(|error| format!("{} {}", text(error, "field"), text(error, "code")))
            .collect()
    }
}

/// The API with one key.
#[derive(Debug, Clone)]
pub struct Api {
    http: Client,
    base_url: String,
    key: String,
}

impl Api {
    pub(crate) fn new(base_url: &str, key: &str) -> Self {
        Self {
            http: crate::stack::http(),
            base_url: base_url.to_owned(),
            key: key.to_owned(),
        }
    }

    /// The same API with another key.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Self {
        Self {
            key: key.to_owned(),
            ..self.clone()
        }
    }

    /// A request of the page, in a session of this token.
    pub fn page_request(&self, method: Method, path: &str, token: &SessionToken) -> RequestBuilder {
        self.page_request_with(method, path, token.reveal())
    }

    /// A request of the page, with whatever is in the session's cookie.
    pub fn page_request_with(&self, method: Method, path: &str, cookie: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.base_url))
            .header("cookie", format!("{}={cookie}", self.session_cookie().name()))
            .header("origin", &self.base_url)
    }

    /// The session's cookie at this address.
    pub fn session_cookie(&self) -> SessionCookie {
        SessionCookie::of(&self.base_url.parse().expect("a URL"))
    }

    /// The same API at another address.
    #[must_use]
    pub fn at(&self, base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            ..self.clone()
        }
    }

    /// The same API without any key.
    #[must_use]
    pub fn without_key(&self) -> Self {
        self.with_key("")
    }

    /// The key; empty where there is none.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// A request with the key, if there is one.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base_url));
        if self.key.is_empty() {
            request
        } else {
            request.header("x-api-key", &self.key)
        }
    }

    /// Sends a request.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.expect("a whole answer");
        Answer {
            status,
            headers,
            body: serde_json::from_slice(&body).unwrap_or_default(),
        }
    }

    /// `GET`
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// `POST` with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// `PUT` with a JSON body.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    /// `DELETE`
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// Sets the account's webhook endpoint; the answer is its view.
    pub async fn save_endpoint(&self, body: &Value) -> Value {
        let answer = self.put("/api/v1/webhook-endpoint", body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }

    /// The account's webhook endpoint.
    pub async fn endpoint(&self) -> Value {
        let answer = self.get("/api/v1/webhook-endpoint").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }

    /// `POST` with a form.
    pub async fn post_form(&self, path: &str, form: Form) -> Answer {
        self.send(self.request(Method::POST, path).multipart(form)).await
    }

    /// Uploads a photo through a presigned upload; the answer is its id.
    pub async fn upload(&self, content_type: &str, photo: &[u8]) -> String {
        let wanted = json!({"filename": "photo", "content_type": content_type, "size": photo.len()});
        let answer = self.post("/api/v1/uploads", &wanted).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let put = self.put_upload(&answer.body, photo).await;
        assert_eq!(put, 200);
        answer.body["upload_id"].as_str().expect("an id").to_owned()
    }

    /// Sends a photo to where a presigned upload says; the answer is the status.
    pub async fn put_upload(&self, upload: &Value, photo: &[u8]) -> u16 {
        let headers: BTreeMap<String, String> =
            serde_json::from_value(upload["headers"].clone()).expect("headers");
        let mut put = self
            .http
            .put(upload["url"].as_str().expect("a URL"))
            .body(photo.to_vec());
        for (name, value) in headers {
            put = put.header(name, value);
        }
        put.send().await.expect("an answer").status().as_u16()
    }

    /// Starts a job from the usual photo; the answer is the job's id.
    pub async fn start_job(&self, fields: Value) -> String {
        let mut body = json!({"images": [pictures::data_url(&pictures::cup_png())], "count": 3});
        let extra = fields.as_object().expect("an object").clone();
        body.as_object_mut().expect("an object").extend(extra);
        let answer = self.post("/api/v1/generate", &body).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        answer.body["id"].as_str().expect("an id").to_owned()
    }

    /// A job.
    pub async fn job(&self, id: &str) -> Value {
        let answer = self.get(&format!("/api/v1/jobs/{id}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }

    /// A job once it has ended.
    pub async fn finished_job(&self, id: &str) -> Value {
        eventually(&format!("the end of {id}"), async || {
            let job = self.job(id).await;
            matches!(job["status"].as_str(), Some("completed" | "failed" | "canceled")).then_some(job)
        })
        .await
    }

    /// A file at an address that the API gave.
    pub async fn fetch(&self, url: &str) -> (u16, HeaderMap, Vec<u8>) {
        let response = self.http.get(url).send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        (
            status,
            headers,
            response.bytes().await.expect("a whole answer").to_vec(),
        )
    }
}
