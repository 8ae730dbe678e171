//! A running server and a client for it.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use fake_google::FakeGoogle;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// One pixel, the photo of the recorded calls.
pub(crate) const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNg-M9QAAADAQGA1bbC8gAAAABJRU5ErkJggg==";

/// A server of its own for each test; it ends with the test's runtime.
pub(crate) struct Server {
    pub(crate) url: String,
    client: reqwest::Client,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let server = FakeGoogle::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .await
            .expect("binds");
        let url = server.url().expect("has an address");
        tokio::spawn(server.serve());
        // Without pooled connections a dropped reply reaches the test as what it is, and is not tried again.
        let client = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .timeout(Duration::from_mins(1));
        Self {
            url,
            client: client.build().expect("builds"),
        }
    }

    /// A request with a good key.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.url)
        };
        self.client
            .request(method, url)
            .header("x-goog-api-key", "TEST-KEY")
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        answer(self.request(Method::GET, path).send().await.expect("answers")).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        answer(
            self.request(Method::POST, path)
                .json(body)
                .send()
                .await
                .expect("answers"),
        )
        .await
    }

    pub(crate) async fn set_faults(&self, faults: &Value) {
        let (status, body) = answer(
            self.request(Method::PUT, "/__faults")
                .json(faults)
                .send()
                .await
                .expect("answers"),
        )
        .await;
        assert_eq!(status, 200, "{body}");
    }

    pub(crate) async fn calls(&self, operation: &str) -> Vec<Value> {
        let (_, calls) = self.get(&format!("/__calls?operation={operation}")).await;
        calls.as_array().expect("is a list").clone()
    }

    /// Begins an upload as the SDKs do; gives the URL for the bytes.
    pub(crate) async fn start_upload(&self, length: usize, file: &Value) -> String {
        let reply = self
            .request(Method::POST, "/upload/v1beta/files")
            .header("x-goog-upload-protocol", "resumable")
            .header("x-goog-upload-command", "start")
            .header("x-goog-upload-header-content-length", length)
            .json(&json!({"file": file}))
            .send()
            .await
            .expect("answers");
        assert_eq!(reply.status(), 200);
        assert_eq!(reply.headers()["x-goog-upload-status"], "active");
        reply.headers()["x-goog-upload-url"]
            .to_str()
            .expect("is text")
            .to_owned()
    }

    /// Sends bytes without a key, as the Python SDK does.
    pub(crate) async fn send_bytes(
        &self,
        url: &str,
        command: &str,
        offset: usize,
        bytes: Vec<u8>,
    ) -> Response {
        let request = self.client.post(url).header("x-goog-upload-command", command);
        request
            .header("x-goog-upload-offset", offset)
            .body(bytes)
            .send()
            .await
            .expect("answers")
    }

    /// Uploads a file whole; gives its resource.
    pub(crate) async fn upload(&self, bytes: &[u8], mime_type: &str) -> Value {
        let url = self
            .start_upload(
                bytes.len(),
                &json!({"mime_type": mime_type, "size_bytes": bytes.len()}),
            )
            .await;
        let reply = self.send_bytes(&url, "upload, finalize", 0, bytes.to_vec()).await;
        assert_eq!(reply.headers()["x-goog-upload-status"], "final");
        answer(reply).await.1["file"].clone()
    }

    /// Creates a batch from lines; gives its name.
    pub(crate) async fn file_batch(&self, lines: &[Value]) -> String {
        let text: Vec<String> = lines.iter().map(Value::to_string).collect();
        let file = self.upload(text.join("\n").as_bytes(), "jsonl").await;
        let body = json!({"batch": {"displayName": "job", "inputConfig": {"fileName": file["name"]}}});
        let (status, batch) = self
            .post(
                "/v1beta/models/gemini-nano-banana-2.1:batchGenerateContent",
                &body,
            )
            .await;
        assert_eq!(status, 200, "{batch}");
        batch["name"].as_str().expect("has a name").to_owned()
    }

    /// Polls a batch until it is done; gives all the answers.
    pub(crate) async fn poll(&self, name: &str) -> Vec<Value> {
        let mut seen = Vec::new();
        for _ in 0..20 {
            let (status, batch) = self.get(&format!("/v1beta/{name}")).await;
            assert_eq!(status, 200, "{batch}");
            let done = batch["done"] == true;
            seen.push(batch);
            if done {
                return seen;
            }
        }
        panic!("{name} does not end");
    }

    /// The lines of a batch's results, each with its key.
    pub(crate) async fn results(&self, name: &str) -> Vec<Value> {
        let batch = self.poll(name).await.pop().expect("was polled");
        let file = batch["metadata"]["output"]["responsesFile"]
            .as_str()
            .expect("has results")
            .to_owned();
        assert_eq!(batch["response"]["responsesFile"], file.as_str());
        let reply = self
            .request(Method::GET, &format!("/v1beta/{file}:download?alt=media"))
            .send()
            .await;
        let text = reply.expect("answers").text().await.expect("is text");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("is JSON"))
            .collect()
    }
}

/// A line of a batch that asks for one picture.
pub(crate) fn line(key: &str) -> Value {
    let config =
        json!({"responseModalities": ["IMAGE"], "imageConfig": {"aspectRatio": "1:1", "imageSize": "1K"}});
    let parts = json!([{"text": format!("Studio picture {key}")}]);
    json!({"key": key, "request": {"contents": [{"role": "user", "parts": parts}], "generationConfig": config}})
}

/// The picture of a response that is not a thought.
pub(crate) fn picture(response: &Value) -> Option<String> {
    let parts = response["candidates"][0]["content"]["parts"].as_array()?;
    let part = parts
        .iter()
        .find(|part| part.get("inlineData").is_some() && part.get("thought").is_none())?;
    part["inlineData"]["data"].as_str().map(str::to_owned)
}

async fn answer(reply: Response) -> (u16, Value) {
    let status = reply.status().as_u16();
    (status, reply.json().await.expect("is JSON"))
}
