//! Whoever gets the job's webhook.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::{Router, extract::State, http::StatusCode};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::error::Error;

/// A receiver that counts. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Receiver {
    /// Where it listens.
    pub(super) url: String,
    count: Arc<AtomicU64>,
    server: JoinHandle<()>,
}

impl Receiver {
    /// Listens on a free port.
    pub(super) async fn listen() -> Result<Self, Error> {
        let refused = |source| Error::Start {
            program: "a server on loopback".to_owned(),
            source,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(refused)?;
        let url = format!("http://{}/webhook", listener.local_addr().map_err(refused)?);
        let count = Arc::<AtomicU64>::default();
        let routes = Router::new().fallback(take).with_state(Arc::clone(&count));
        let server = tokio::spawn(async move {
            // It ends with the measurement, by being dropped.
            let _ = axum::serve(listener, routes).await;
        });
        Ok(Self { url, count, server })
    }

    /// How many webhooks have arrived.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn take(State(count): State<Arc<AtomicU64>>) -> StatusCode {
    count.fetch_add(1, Ordering::SeqCst);
    StatusCode::NO_CONTENT
}
