//! Whoever gets the job's webhook.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::{Router, extract::State, http::StatusCode};

use crate::error::Error;
use crate::loopback::Server;

/// A receiver that counts. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Receiver {
    count: Arc<AtomicU64>,
    server: Server,
}

impl Receiver {
    /// Listens on a free port.
    pub(super) async fn listen() -> Result<Self, Error> {
        let count = Arc::<AtomicU64>::default();
        let routes = Router::new().fallback(take).with_state(Arc::clone(&count));
        Ok(Self {
            count,
            server: Server::listen(routes).await?,
        })
    }

    /// The address for webhooks.
    pub(super) fn url(&self) -> String {
        self.server.url() + "/webhook"
    }

    /// How many webhooks have arrived.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }
}

async fn take(State(count): State<Arc<AtomicU64>>) -> StatusCode {
    count.fetch_add(1, Ordering::SeqCst);
    StatusCode::NO_CONTENT
}
