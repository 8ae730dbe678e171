//! The one address for people: `http://localhost:<port>` in front of the stack's CloudFront distribution.
//!
//! MiniStack serves a distribution under the host name `<label>.cloudfront.localhost`, which not every system resolves.
//! The front is a plain relay to it: it changes the `Host` and streams both bodies. It compresses answers as CloudFront does
//! where the template says `Compress`, which MiniStack leaves out, so that what is measured here is what people wait for.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};

use crate::console::Step;
use crate::error::Error;
use crate::stack::processes::Processes;
use crate::stack::ready;

/// The name of its process and of its log.
pub(crate) const NAME: &str = "front";
/// The port that people find it on.
pub(crate) const USUAL_PORT: u16 = 8080;

/// Headers that belong to one connection and not to the message (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [HeaderName; 7] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// What the hidden command `front` needs to know.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Front {
    /// The address to listen on.
    #[arg(long)]
    pub(crate) host: Ipv4Addr,
    /// The port to listen on.
    #[arg(long)]
    pub(crate) port: u16,
    /// The port of MiniStack.
    #[arg(long)]
    pub(crate) to: u16,
    /// The distribution's domain name.
    #[arg(long)]
    pub(crate) distribution: String,
}

impl Front {
    /// Starts the front as a process of its own (`program` is this one) and waits until it answers.
    pub(crate) async fn start(&self, program: &Path, processes: &mut Processes) -> Result<(), Error> {
        let step = Step::begin("Front");
        let arguments = [
            "front",
            "--host",
            &self.host.to_string(),
            "--port",
            &self.port.to_string(),
            "--to",
            &self.to.to_string(),
            "--distribution",
            &self.distribution,
        ];
        processes.start(NAME, Command::new(program).args(arguments))?;
        ready::wait(processes, NAME, &format!("http://127.0.0.1:{}{ALIVE}", self.port)).await?;
        step.end(self.url());
        Ok(())
    }

    /// The address for people.
    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Relays until the process is ended.
    pub(crate) async fn serve(self) -> Result<(), Error> {
        let relay = Relay::new(self.to, &self.distribution)?;
        let router = Router::new()
            .route(ALIVE, axum::routing::get(|| async { StatusCode::NO_CONTENT }))
            .fallback(forward)
            .with_state(relay)
            .layer(compression());
        let listen_error = |source| Error::Stack(format!("cannot listen on port {}: {source}", self.port));
        let listener = TcpListener::bind((self.host, self.port))
            .await
            .map_err(listen_error)?;
        // A browser may take `localhost` for the IPv6 address. A machine without IPv6 is none the worse.
        if let Ok(second) = TcpListener::bind((Ipv6Addr::LOCALHOST, self.port)).await {
            let router = router.clone();
            tokio::spawn(async move { axum::serve(second, router).await });
        }
        axum::serve(listener, router).await.map_err(listen_error)
    }
}

/// What is worth it, by the rules of CloudFront
/// (<https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html>): neither small answers
/// nor pictures.
fn compression() -> CompressionLayer<impl Predicate> {
    let worth_it = SizeAbove::new(1000)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::new("font/"))
        .and(NotForContentType::new("application/zip"));
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(worth_it)
}

/// Answers while the front runs, whatever is behind it.
const ALIVE: &str = "/__front/alive";

#[derive(Debug, Clone)]
struct Relay {
    client: reqwest::Client,
    origin: String,
    host: HeaderValue,
}

impl Relay {
    fn new(port: u16, distribution: &str) -> Result<Self, Error> {
        let label = distribution.split('.').next().unwrap_or_default();
        let host = format!("{label}.cloudfront.localhost:{port}");
        let host = HeaderValue::try_from(host)
            .map_err(|_| Error::Usage(format!("`{distribution}` is no domain name of a distribution")))?;
        let client = reqwest::Client::builder()
            .no_proxy()
            // Answers go on as they are. Another package of a build may have turned this on.
            .no_gzip()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .build()
            .map_err(Error::http("the local stack"))?;
        Ok(Self {
            client,
            origin: format!("http://127.0.0.1:{port}"),
            host,
        })
    }
}

async fn forward(State(relay): State<Relay>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut headers = parts.headers;
    let has_body =
        headers.contains_key(header::CONTENT_LENGTH) || headers.contains_key(header::TRANSFER_ENCODING);
    keep_end_to_end(&mut headers);
    headers.insert(header::HOST, relay.host);
    let mut onward = relay
        .client
        .request(parts.method, format!("{}{path}", relay.origin))
        .headers(headers);
    // A request without a body must not become a chunked one.
    if has_body {
        onward = onward.body(reqwest::Body::wrap_stream(body.into_data_stream()));
    }
    match onward.send().await {
        Ok(answer) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = answer.status();
            *response.headers_mut() = answer.headers().clone();
            keep_end_to_end(response.headers_mut());
            *response.body_mut() = Body::from_stream(answer.bytes_stream());
            response
        }
        Err(error) => {
            let text = format!("The local stack does not answer: {error}\n");
            (StatusCode::BAD_GATEWAY, text).into_response()
        }
    }
}

fn keep_end_to_end(headers: &mut HeaderMap) {
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stand-in for MiniStack that answers with what it was asked.
    async fn mirror(request: Request) -> Response {
        let host = request.headers()[header::HOST].clone();
        let line = format!("{} {}", request.method(), request.uri());
        let headers = [
            (header::SERVER, HeaderValue::from_static("mirror")),
            (header::LOCATION, host),
        ];
        let body = axum::body::to_bytes(request.into_body(), 1 << 20)
            .await
            .expect("the body is small");
        (
            StatusCode::CREATED,
            headers,
            [line.as_bytes(), b" ", &body].concat(),
        )
            .into_response()
    }

    #[tokio::test]
    async fn a_request_goes_through_with_the_distributions_host() {
        let behind = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a port is free");
        let port = behind.local_addr().expect("it listens").port();
        tokio::spawn(async move { axum::serve(behind, Router::new().fallback(mirror)).await });

        let relay = Relay::new(port, "d1234.cloudfront.net").expect("a proper name");
        let request = Request::put("/api/v1/jobs?limit=2")
            .header(header::CONTENT_LENGTH, 5)
            .body(Body::from("hello"))
            .expect("a proper request");
        let response = forward(State(relay), request).await;

        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(response.headers()[header::SERVER], "mirror");
        assert_eq!(
            response.headers()[header::LOCATION],
            format!("d1234.cloudfront.localhost:{port}")
        );
        let body = axum::body::to_bytes(response.into_body(), 1 << 20)
            .await
            .expect("the body is small");
        assert_eq!(body, "PUT /api/v1/jobs?limit=2 hello");
    }

    #[tokio::test]
    async fn a_stack_that_is_gone_is_a_bad_gateway() {
        let port = crate::stack::ports::choose(None).expect("a port is free");
        let relay = Relay::new(port, "d1234.cloudfront.net").expect("a proper name");
        let request = Request::get("/").body(Body::empty()).expect("a proper request");
        assert_eq!(
            forward(State(relay), request).await.status(),
            StatusCode::BAD_GATEWAY
        );
    }
}
