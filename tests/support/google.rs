//! The embedded Google: its faults, its accounts, and what it was asked.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use reqwest::{Client, Method};
use serde_json::Value;

/// The embedded Google.
#[derive(Debug, Clone)]
pub struct Google {
    http: Client,
    url: String,
}

impl Google {
    pub(crate) fn new(url: &str) -> Self {
        Self {
            http: crate::stack::http(),
            url: url.to_owned(),
        }
    }

    /// Sets faults in the place of all that were set before; `infra/fake-google/README.md` lists them.
    pub async fn faults(&self, faults: Value) {
        let reply = self
            .http
            .put(format!("{}/__faults", self.url))
            .json(&faults)
            .send()
            .await
            .expect("an answer");
        let (status, text) = (reply.status(), reply.text().await.expect("a text"));
        assert!(status.is_success(), "{status}: {text}");
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Adds an account, or replaces the one of this address; the answer tells its subject and the ids of its files.
    pub async fn add_account(&self, account: &Value) -> Value {
        self.order(Method::PUT, "__accounts", account).await
    }

    /// Has the next ID token of an account made otherwise.
    pub async fn forge_id_token(&self, forgery: &Value) {
        self.order(Method::PUT, "__id_tokens", forgery).await;
    }

    /// Has new ID tokens signed with a new key.
    pub async fn rotate_keys(&self) {
        self.order(Method::POST, "__keys/rotate", &Value::Null).await;
    }

    /// Asks for something at the server's own paths.
    pub async fn order(&self, method: Method, path: &str, body: &Value) -> Value {
        let request = self
            .http
            .request(method, format!("{}/{path}", self.url))
            .json(body);
        let reply = request.send().await.expect("an answer");
        let (status, text) = (reply.status(), reply.text().await.expect("a text"));
        assert!(status.is_success(), "{path}: {status}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// The faults that have not happened yet.
    pub async fn faults_left(&self) -> Value {
        let reply = self
            .http
            .get(format!("{}/__faults", self.url))
            .send()
            .await
            .expect("an answer");
        reply.json().await.expect("JSON")
    }

    /// No faults, no calls, no files and no batches.
    pub async fn reset(&self) {
        let reply = self
            .http
            .post(format!("{}/__reset", self.url))
            .send()
            .await
            .expect("an answer");
        assert!(reply.status().is_success(), "{reply:?}");
    }

    /// Every call since the last reset, in order.
    pub async fn calls(&self) -> Vec<Value> {
        let reply = self
            .http
            .get(format!("{}/__calls", self.url))
            .send()
            .await
            .expect("an answer");
        let calls: Value = reply.json().await.expect("JSON");
        let list = calls.get("calls").unwrap_or(&calls);
        list.as_array().expect("a list of calls").clone()
    }

    /// How often each operation was answered with each status, since the last [`Google::reset`].
    pub async fn counts(&self) -> BTreeMap<String, BTreeMap<u16, usize>> {
        let reply = self
            .http
            .get(format!("{}/__calls/counts", self.url))
            .send()
            .await
            .expect("an answer");
        reply.json().await.expect("counts")
    }

    /// How often an operation was called.
    pub async fn count(&self, operation: &str) -> usize {
        self.calls()
            .await
            .iter()
            .filter(|call| call["operation"] == operation)
            .count()
    }

    /// The display names of the files that were uploaded for a job, sorted.
    pub async fn uploads(&self, job: &str) -> Vec<String> {
        let files = self.list("files", "files").await;
        let names = files.iter().filter_map(|file| file["displayName"].as_str());
        let mut names: Vec<String> = names
            .filter(|name| name.starts_with(job))
            .map(str::to_owned)
            .collect();
        names.sort();
        names
    }

    /// The batches with a job's id as their display name.
    pub async fn batches(&self, job: &str) -> Vec<Value> {
        let batches = self.list("batches", "operations").await;
        batches
            .into_iter()
            .filter(|batch| batch["metadata"]["displayName"] == job)
            .collect()
    }

    /// Every batch, of all jobs.
    pub async fn all_batches(&self) -> Vec<Value> {
        let mut batches = Vec::new();
        let mut after = String::new();
        loop {
            let path = format!("batches?pageSize=100&pageToken={after}");
            let page: Value = self.get(&path).await.json().await.expect("JSON");
            batches.extend(page["operations"].as_array().cloned().unwrap_or_default());
            match page["nextPageToken"].as_str() {
                Some(next) if !next.is_empty() => next.clone_into(&mut after),
                _ => return batches,
            }
        }
    }

    /// A batch, as the next poll sees it.
    pub async fn batch(&self, name: &str) -> Value {
        self.get(name).await.json().await.expect("JSON")
    }

    /// The state of a job's only batch, as the next poll sees it.
    pub async fn batch_state(&self, job: &str) -> String {
        let batches = self.batches(job).await;
        assert_eq!(batches.len(), 1, "{batches:?}");
        let batch = self.batch(batches[0]["name"].as_str().expect("a name")).await;
        batch["metadata"]["state"].as_str().expect("a state").to_owned()
    }

    /// The pictures in the result file of a job's only batch, by their lines' keys. A file that has a line twice has
    /// its picture once here.
    pub async fn pictures(&self, job: &str) -> BTreeMap<String, Vec<u8>> {
        let batches = self.batches(job).await;
        assert_eq!(batches.len(), 1, "{batches:?}");
        let file = batches[0]["metadata"]["output"]["responsesFile"]
            .as_str()
            .expect("a result file");
        let results = self
            .get(&format!("{file}:download?alt=media"))
            .await
            .text()
            .await
            .expect("a text");
        let lines = results
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        lines
            .filter_map(|line| Some((line["key"].as_str()?.to_owned(), picture(&line)?)))
            .collect()
    }

    async fn list(&self, path: &str, field: &str) -> Vec<Value> {
        let page: Value = self
            .get(&format!("{path}?pageSize=100"))
            .await
            .json()
            .await
            .expect("JSON");
        assert!(
            page["nextPageToken"].is_null(),
            "no test makes more than a page of {path}"
        );
        page[field].as_array().cloned().unwrap_or_default()
    }

    async fn get(&self, path: &str) -> reqwest::Response {
        let get = self
            .http
            .get(format!("{}/v1/{path}", self.url))
            .header("x-goog-api-key", "the test's own");
        get.send()
            .await
            .expect("an answer")
            .error_for_status()
            .expect("success")
    }
}

/// The picture of a result's line, drafts among the thoughts left out.
fn picture(line: &Value) -> Option<Vec<u8>> {
    let parts = line["response"]["candidates"][0]["content"]["parts"].as_array()?;
    let part = parts
        .iter()
        .find(|part| part["inlineData"].is_object() && part["thought"] != true)?;
    let data = part["inlineData"]["data"].as_str()?;
    let standard = data.replace('-', "+").replace('_', "/");
    STANDARD_NO_PAD.decode(standard.trim_end_matches('=')).ok()
}
