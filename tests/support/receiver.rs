//! A webhook receiver: a real server that answers as it is told and keeps what it got.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::any,
};

use crate::eventually;

/// A webhook as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, byte for byte.
    pub body: Bytes,
}

impl Received {
    /// Whether a receiver that knows this secret accepts it.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let webhook = standardwebhooks::Webhook::new(secret).expect("a secret");
        webhook.verify(&self.body, &self.headers).is_ok()
    }

    /// Its body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("a body of JSON")
    }
}

/// How the receiver answers one call.
#[derive(Debug, Clone)]
pub struct Scripted {
    /// The HTTP status.
    pub status: u16,
    /// One header, if any.
    pub header: Option<(&'static str, String)>,
    /// The body.
    pub body: String,
}

impl From<u16> for Scripted {
    fn from(status: u16) -> Self {
        Self {
            status,
            header: None,
            body: String::new(),
        }
    }
}

#[derive(Debug, Default)]
struct Shared {
    received: Mutex<Vec<Received>>,
    script: Mutex<VecDeque<Scripted>>,
    /// How long every answer takes.
    delay: Duration,
}

/// A receiver on this machine; it ends with the test.
#[derive(Debug)]
pub struct Receiver {
    /// Where it listens.
    pub url: String,
    shared: Arc<Shared>,
}

impl Receiver {
    /// Starts one that answers the first calls as scripted, and every later one with 204.
    pub async fn start(script: Vec<Scripted>) -> Self {
        Self::start_slow(Duration::ZERO, script).await
    }

    /// Starts one that answers as scripted, each time only after this long.
    pub async fn start_slow(delay: Duration, script: Vec<Scripted>) -> Self {
        let shared = Arc::new(Shared {
            received: Mutex::default(),
            script: Mutex::new(script.into()),
            delay,
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let routes = Router::new()
            .fallback(any(receive))
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, shared }
    }

    /// What has come so far.
    pub fn received(&self) -> Vec<Received> {
        self.shared.received.lock().expect("not poisoned").clone()
    }

    /// The first `count` calls, once they have come.
    pub async fn first(&self, count: usize) -> Vec<Received> {
        eventually(&format!("{count} webhooks"), async || {
            let received = self.received();
            (received.len() >= count).then_some(received)
        })
        .await
    }
}

async fn receive(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    shared
        .received
        .lock()
        .expect("not poisoned")
        .push(Received { headers, body });
    let scripted = shared
        .script
        .lock()
        .expect("not poisoned")
        .pop_front()
        .unwrap_or_else(|| 204.into());
    tokio::time::sleep(shared.delay).await;
    let status = StatusCode::from_u16(scripted.status).expect("a status");
    let mut response = (status, scripted.body).into_response();
    if let Some((name, value)) = scripted.header {
        response
            .headers_mut()
            .insert(name, value.parse().expect("a header"));
    }
    response
}
