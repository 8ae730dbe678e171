//! The embedded Gemini: its faults and what it was asked.

use reqwest::Client;
use serde_json::{Value, json};

/// The embedded Gemini.
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

    /// No faults, no calls.
    pub async fn reset(&self) {
        self.faults(json!({})).await;
        self.http
            .delete(format!("{}/__calls", self.url))
            .send()
            .await
            .expect("an answer");
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

    /// How often an operation was called.
    pub async fn count(&self, operation: &str) -> usize {
        self.calls()
            .await
            .iter()
            .filter(|call| call["operation"] == operation)
            .count()
    }
}
