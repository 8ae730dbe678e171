//! Somebody else's web server: what an image URL points to.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::any,
};

/// What the server has at one path.
#[derive(Debug, Clone)]
pub enum Served {
    /// A file with its media type.
    File(&'static str, Vec<u8>),
    /// A redirect to another address.
    Redirect(String),
}

type Files = Arc<HashMap<&'static str, Served>>;

/// A web server on this machine; it ends with the test.
#[derive(Debug)]
pub struct FileServer {
    address: std::net::SocketAddr,
}

impl FileServer {
    /// Starts one with these paths; it answers 404 at every other.
    pub async fn start(files: impl IntoIterator<Item = (&'static str, Served)>) -> Self {
        let files: Files = Arc::new(files.into_iter().collect());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let routes = Router::new().fallback(any(serve)).with_state(files);
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { address }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

async fn serve(State(files): State<Files>, uri: Uri) -> Response {
    match files.get(uri.path()).cloned() {
        Some(Served::File(content_type, bytes)) => {
            ([(header::CONTENT_TYPE, content_type)], bytes).into_response()
        }
        Some(Served::Redirect(to)) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
