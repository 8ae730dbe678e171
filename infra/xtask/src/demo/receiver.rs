//! The receiver of the demo's webhook: what a customer's program would have.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::error::Error;

/// A webhook as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    headers: HeaderMap,
    body: String,
}

/// `webhook.json`: enough to check the signature again with any library for Standard Webhooks.
#[derive(Debug, Serialize)]
pub(crate) struct DeliveryFile<'a> {
    headers: BTreeMap<&'a str, &'a str>,
    body: &'a str,
    secret: &'a str,
}

impl Delivery {
    /// Its headers.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Its body, as it came.
    pub(crate) fn body(&self) -> &str {
        &self.body
    }

    /// Checks the signature with a library that is not ours.
    pub(crate) fn verify(&self, secret: &str) -> Result<(), Error> {
        standardwebhooks::Webhook::new(secret)
            .and_then(|webhook| webhook.verify(self.body.as_bytes(), &self.headers))
            .map_err(|error| Error::Demo(format!("the webhook's signature does not hold: {error}")))
    }

    /// What `webhook.json` holds.
    pub(crate) fn file<'a>(&'a self, secret: &'a str) -> DeliveryFile<'a> {
        let headers = self
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        DeliveryFile {
            headers: headers.collect(),
            body: &self.body,
            secret,
        }
    }

    /// The event's id, the same in every attempt.
    pub(crate) fn id(&self) -> String {
        let id = self.headers.get("webhook-id");
        id.and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned()
    }

    /// The event's type, like `job.completed`.
    pub(crate) fn event_type(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["type"].as_str().unwrap_or("without a type").to_owned()
    }
}

#[derive(Debug, Default)]
struct Inbox {
    deliveries: Mutex<Vec<Delivery>>,
    arrived: Notify,
}

/// A server on loopback that keeps the webhooks it gets.
#[derive(Debug)]
pub(crate) struct Receiver {
    url: String,
    inbox: Arc<Inbox>,
}

impl Receiver {
    /// Starts to listen.
    pub(crate) async fn start() -> Result<Self, Error> {
        let fail = |source| Error::Demo(format!("cannot listen for the webhook: {source}"));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(fail)?;
        let url = format!("http://{}/webhook", listener.local_addr().map_err(fail)?);
        let inbox = Arc::new(Inbox::default());
        let router = Router::new()
            .route("/webhook", axum::routing::post(receive))
            .with_state(Arc::clone(&inbox));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, inbox })
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Waits for the first webhook.
    pub(crate) async fn first(&self) -> Delivery {
        self.nth(1).await
    }

    /// Waits for the webhook of this number, counted from 1.
    pub(crate) async fn nth(&self, number: usize) -> Delivery {
        loop {
            // Asked for before looking, so that an arrival in between is not missed.
            let arrival = self.inbox.arrived.notified();
            if let Some(delivery) = self.deliveries().into_iter().nth(number - 1) {
                return delivery;
            }
            arrival.await;
        }
    }

    /// All webhooks so far.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        self.inbox
            .deliveries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

async fn receive(State(inbox): State<Arc<Inbox>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let Ok(body) = String::from_utf8(body.into()) else {
        return StatusCode::BAD_REQUEST;
    };
    inbox
        .deliveries
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(Delivery { headers, body });
    inbox.arrived.notify_one();
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn signed(body: &str) -> Delivery {
        let now = std::time::UNIX_EPOCH
            .elapsed()
            .expect("the clock is past 1970")
            .as_secs();
        let now = i64::try_from(now).expect("it is not that late");
        let webhook = standardwebhooks::Webhook::new(SECRET).expect("a proper secret");
        let signature = webhook
            .sign("evt_1", now, body.as_bytes())
            .expect("it can be signed");
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("webhook-id", "evt_1".to_owned()),
            ("webhook-timestamp", now.to_string()),
            ("webhook-signature", signature),
        ] {
            headers.insert(name, value.parse().expect("a proper header"));
        }
        Delivery {
            headers,
            body: body.to_owned(),
        }
    }

    #[test]
    fn a_changed_body_or_another_secret_does_not_pass() {
        let delivery = signed(r#"{"type":"job.completed"}"#);
        delivery.verify(SECRET).expect("it was signed with this secret");
        assert_eq!(delivery.event_type(), "job.completed");
        let changed = Delivery {
            body: delivery.body.replace("completed", "failed"),
            ..delivery.clone()
        };
        assert!(changed.verify(SECRET).is_err());
        assert!(delivery.verify("whsec_b3RoZXI=").is_err());
    }

    #[tokio::test]
    async fn what_is_posted_is_kept_as_it_came() {
        let receiver = Receiver::start().await.expect("a port is free");
        let client = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client without TLS settings");
        let body = "{ \"type\" :  \"job.completed\" }";
        let post = client
            .post(receiver.url())
            .header("webhook-id", "evt_1")
            .body(body)
            .send();
        let (delivery, answer) = tokio::join!(receiver.first(), post);
        assert_eq!(answer.expect("it listens").status(), StatusCode::NO_CONTENT);
        let file = serde_json::to_value(delivery.file(SECRET)).expect("it is JSON");
        assert_eq!(file["body"], body);
        assert_eq!(file["headers"]["webhook-id"], "evt_1");
        assert_eq!(receiver.deliveries().len(), 1);
    }
}
