//! A machine that dies in the middle: what a function calls, reached through something that stops letting calls through.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use reqwest::Client;

/// What becomes of the first call that is not let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It does not arrive.
    CallLost,
    /// It is done, and its answer does not come back.
    AnswerLost,
}

/// How many calls go through before the end, over all proxies that share it.
#[derive(Debug, Clone)]
pub struct Budget {
    left: Arc<AtomicUsize>,
    end: End,
}

impl Budget {
    /// So many calls, and then the end.
    pub fn of(calls: usize, end: End) -> Self {
        Self {
            left: Arc::new(AtomicUsize::new(calls)),
            end,
        }
    }

    /// Whether a call is done, and whether it is answered.
    fn take(&self) -> (bool, bool) {
        // One more than there are calls: the one that the end meets is counted too.
        let before = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| match left {
                usize::MAX => None,
                left => Some(left.checked_sub(1).unwrap_or(usize::MAX)),
            });
        match before {
            Ok(0) => (self.end == End::AnswerLost, false),
            Ok(_) => (true, true),
            Err(_) => (false, false),
        }
    }
}

/// A proxy on this machine; it ends with the test.
#[derive(Debug)]
pub struct FailingProxy {
    /// Where it listens.
    pub url: String,
}

#[derive(Debug)]
struct Shared {
    http: Client,
    to: String,
    budget: Budget,
}

impl FailingProxy {
    /// Starts one that hands on calls to this address, as long as the budget lasts.
    pub async fn start(to: &str, budget: &Budget) -> Self {
        let shared = Arc::new(Shared {
            http: crate::stack::http(),
            to: to.trim_end_matches('/').to_owned(),
            budget: budget.clone(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let routes = Router::new().fallback(hand_on).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url }
    }
}

async fn hand_on(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (is_done, is_answered) = shared.budget.take();
    if !is_done {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let call = shared.http.request(method, format!("{}{path}", shared.to));
    let reply = call.headers(headers).body(body).send().await.expect("an answer");
    let (status, mut headers) = (reply.status(), reply.headers().clone());
    let body = reply.bytes().await.expect("a whole answer");
    if !is_answered {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    for of_the_connection in [
        header::TRANSFER_ENCODING,
        header::CONNECTION,
        header::CONTENT_LENGTH,
    ] {
        headers.remove(of_the_connection);
    }
    (status, headers, body).into_response()
}
