//! A server on loopback, for as long as something is measured with it.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::error::Error;

/// A server that listens on loopback. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers with these routes, on a free port.
    pub(crate) async fn listen(routes: Router) -> Result<Self, Error> {
        let refused = |source| Error::Start {
            program: "a server on loopback".to_owned(),
            source,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let task = tokio::spawn(async move {
            // It ends with the measurement, by being dropped.
            let _ = axum::serve(listener, routes).await;
        });
        Ok(Self { address, task })
    }

    /// Its address for those who speak HTTP, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
