//! The Lambda Runtime API on loopback (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>): hands events to one
//! function's process, and notes when it calls.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, State},
    http::{Response, StatusCode},
    response::IntoResponse,
    routing::{get, post},
};
use tokio::sync::{mpsc, oneshot};

use crate::error::Error;
use crate::loopback::Server;

/// A call of the function's.
#[derive(Debug)]
pub(crate) enum Call {
    /// It asks for an event, and gets it through this.
    Next(oneshot::Sender<Bytes>),
    /// It has answered one, with this.
    Answer(Bytes),
    /// It says that it could not do with one, or could not even start, in these words.
    Failure(Bytes),
}

/// What it does, and when.
pub(crate) type Noted = (Instant, Call);

/// A Runtime API that listens. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct RuntimeApi {
    calls: mpsc::UnboundedReceiver<Noted>,
    server: Server,
}

impl RuntimeApi {
    /// Listens on a free port.
    pub(crate) async fn listen() -> Result<Self, Error> {
        let (sender, calls) = mpsc::unbounded_channel();
        let routes = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failure))
            .route("/2018-06-01/runtime/init/error", post(failure))
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::new(sender));
        Ok(Self {
            calls,
            server: Server::listen(routes).await?,
        })
    }

    /// Where it listens.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// The function's next call.
    pub(crate) async fn call(&mut self) -> Option<Noted> {
        self.calls.recv().await
    }
}

type Calls = State<Arc<mpsc::UnboundedSender<Noted>>>;

async fn next(State(calls): Calls) -> Response<Body> {
    let at = Instant::now();
    let (sender, event) = oneshot::channel();
    let _ = calls.send((at, Call::Next(sender)));
    let Ok(event) = event.await else {
        return StatusCode::GONE.into_response();
    };
    Response::builder()
        .header("content-type", "application/json")
        .header(
            "lambda-runtime-aws-request-id",
            "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
        )
        // Far from now, in milliseconds since 1970: no function is to hurry.
        .header("lambda-runtime-deadline-ms", "4102444800000")
        .header(
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:000000000000:function:measured",
        )
        .header(
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
        )
        .body(event.into())
        .expect("its headers are constants")
}

async fn answer(State(calls): Calls, body: Body) -> StatusCode {
    // The body is a stream until it is read; the answer is there when all of it is.
    let body = axum::body::to_bytes(body, usize::MAX).await;
    let _ = calls.send((Instant::now(), Call::Answer(body.unwrap_or_default())));
    StatusCode::ACCEPTED
}

async fn failure(State(calls): Calls, body: Bytes) -> StatusCode {
    let _ = calls.send((Instant::now(), Call::Failure(body)));
    StatusCode::ACCEPTED
}
