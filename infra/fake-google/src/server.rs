//! The listening socket and the connections.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::middleware::from_fn_with_state;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use crate::calls::CallLog;
use crate::clock::Clock;
use crate::control;
use crate::drive::{self, Drive};
use crate::error::ApiError;
use crate::faults::FaultBook;
use crate::gate::{self, DropReply};
use crate::gemini::{self, Gemini};
use crate::oauth::{self, OAuth, OAuthClient};

/// What all parts of the server share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) clock: Arc<Clock>,
    pub(crate) faults: Arc<FaultBook>,
    pub(crate) calls: CallLog,
    pub(crate) gemini: Arc<Gemini>,
    pub(crate) oauth: Arc<OAuth>,
    pub(crate) drive: Arc<Drive>,
}

/// The fake, listening.
#[derive(Debug)]
pub struct FakeGoogle {
    listener: TcpListener,
    router: Router,
}

/// The reply that a fault forbids. To hyper it is the reason to close the connection.
#[derive(Debug, thiserror::Error)]
#[error("a fault asked for this reply to be dropped")]
struct Dropped;

impl FakeGoogle {
    /// Starts to listen, with the usual app registered. Port 0 is any free one.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        Self::bind_for(address, OAuthClient::default()).await
    }

    /// Starts to listen, with this app registered.
    pub async fn bind_for(address: SocketAddr, client: OAuthClient) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let issuer = reached_at(listener.local_addr()?);
        let (clock, faults) = (Arc::new(Clock::default()), Arc::new(FaultBook::default()));
        let gemini = Arc::new(Gemini::new(Arc::clone(&clock), Arc::clone(&faults))?);
        let oauth = Arc::new(OAuth::new(Arc::clone(&clock), issuer, client));
        let drive = Arc::new(Drive::new(Arc::clone(&clock), Arc::clone(&oauth)));
        let shared = Arc::new(Shared {
            clock,
            faults,
            calls: CallLog::default(),
            gemini: Arc::clone(&gemini),
            oauth: Arc::clone(&oauth),
            drive: Arc::clone(&drive),
        });
        let google = gemini::router(gemini)
            .merge(oauth::router(oauth))
            .merge(drive::router(drive))
            .fallback(|| async { ApiError::not_found() })
            .layer(from_fn_with_state(Arc::clone(&shared), gate::pass));
        Ok(Self {
            listener,
            router: control::router(shared).fallback_service(google),
        })
    }

    /// The URL at which it can be reached.
    pub fn url(&self) -> io::Result<String> {
        Ok(reached_at(self.listener.local_addr()?))
    }

    /// Answers calls until the future is dropped.
    pub async fn serve(self) -> io::Result<()> {
        loop {
            let (stream, _) = match self.listener.accept().await {
                Ok(accepted) => accepted,
                // A client that is gone before it was accepted is no reason to end.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
                Err(error) => return Err(error),
            };
            tokio::spawn(connection(stream, self.router.clone()));
        }
    }
}

/// The URL of a listening address. No browser can be sent to one that means every interface, so loopback stands for it.
fn reached_at(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

/// Answers the calls of one connection.
///
/// `axum::serve` has no way to end a connection without an answer, and a lost answer is the fault that matters most.
async fn connection(stream: TcpStream, router: Router) {
    // Answers are written whole; waiting for more to send only delays them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            let response: Response<Body> = match router.oneshot(request.map(Body::new)).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if response.extensions().get::<DropReply>().is_some() {
                Err(Dropped)
            } else {
                Ok(response)
            }
        }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "A connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_stands_for_every_interface() {
        for (listening, url) in [
            ("127.0.0.1:4500", "http://127.0.0.1:4500"),
            ("192.0.2.7:4500", "http://192.0.2.7:4500"),
            ("0.0.0.0:4500", "http://127.0.0.1:4500"),
            ("[::]:4500", "http://[::1]:4500"),
        ] {
            assert_eq!(reached_at(listening.parse().expect("an address")), url);
        }
    }
}
