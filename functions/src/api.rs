//! The HTTP handlers, one module per resource.

pub mod drive;
pub mod jobs;
pub mod keys;
pub mod openapi;
pub mod problem;
pub mod routes;
pub mod sessions;
pub mod sign_in;
pub mod uploads;
pub mod usage;
pub mod webhooks;

mod body;
mod caller;
mod path;
mod repetition;
mod standing;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, Method, Uri, header},
    middleware::{self, Next},
    response::Response,
};
use lambda_http::{RequestExt, request::RequestContext};
use packshot_clients::{
    config::{self, Missing, env},
    jobs::JobStore,
    table::Table,
};
use packshot_domain::id::RequestId;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::{Instrument, info};

use self::{
    caller::Doors,
    problem::{ApiError, Problem},
};
use crate::telemetry::{self, Invocation};

/// What an invocation may carry: Lambda's 6 MB, less the envelope that API Gateway puts around a body
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>).
const LARGEST_BODY: usize = 6 * 1024 * 1024 - 64 * 1024;

/// What is told of a person is for them alone, and not for whoever uses the browser after them.
const NO_STORE: (HeaderName, HeaderValue) = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));

/// Binary bodies travel as base64, which makes them a third larger.
const LARGEST_BINARY_BODY: usize = LARGEST_BODY / 4 * 3;

/// Routes behind the doors, with what all routes share.
fn serve(routes: Router, doors: Arc<Doors>) -> Router {
    finished(behind(doors, routes))
}

/// Routes that only callers whom we know come to.
fn behind(doors: Arc<Doors>, routes: Router) -> Router {
    routes.route_layer(middleware::from_fn_with_state(doors, caller::admit))
}

/// Routes with what they all share: one form of errors, a request id, a limit of size, no panic that gets out.
fn finished(routes: Router) -> Router {
    let routes = routes
        .fallback(async |uri: Uri| ApiError::no_such_route(uri.path()))
        .method_not_allowed_fallback(async |method: Method| ApiError::method_not_allowed(&method))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(CatchPanicLayer::custom(|_| problem::after_panic()))
        .layer(middleware::from_fn(finish));
    // A layer of a router runs after it has chosen the route; this one must run before.
    Router::new()
        .fallback_service(routes)
        .layer(middleware::map_request(path::from_resource))
}

/// Gives every answer the request's id, and every error its form.
async fn finish(mut request: Request, next: Next) -> Response {
    let request_id = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV1(context)) => context.request_id.clone().unwrap_or_default(),
        _ => String::new(),
    };
    let path = request.uri().path().to_owned();
    let id: Option<RequestId> = request_id.parse().ok();
    let context = request.lambda_context_ref().cloned().unwrap_or_default();
    let span = Invocation::of(&context).span_of_request(id, request.method(), &path);
    if let Some(id) = id {
        request.extensions_mut().insert(id);
    }
    let mut response = next.run(request).instrument(span.clone()).await;
    span.in_scope(|| info!(status = response.status().as_u16(), "Answered"));
    telemetry::flush().await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = problem.render(&path, &request_id, response);
    }
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

fn job_store(config: &aws_config::SdkConfig) -> Result<JobStore, Missing> {
    Ok(JobStore::new(table(config)?))
}

fn table(config: &aws_config::SdkConfig) -> Result<Table, Missing> {
    Ok(Table::new(config, config::require(env::TABLE_NAME)?))
}
