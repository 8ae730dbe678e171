//! Which invocation a log line belongs to, and what that is about.

use std::sync::atomic::{AtomicBool, Ordering};

use lambda_runtime::Context;
use packshot_domain::id::{self, JobId, RequestId, UserId};
use serde_json::Value;
use tracing::{Span, field, info_span};

/// True until the first invocation of this process.
static IS_COLD: AtomicBool = AtomicBool::new(true);

/// One invocation of a function.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Invocation<'a> {
    id: &'a str,
    trace: Option<&'a str>,
    is_cold_start: bool,
}

impl<'a> Invocation<'a> {
    /// The invocation that has begun now.
    pub(crate) fn of(context: &'a Context) -> Self {
        Self {
            id: &context.request_id,
            trace: context.xray_trace_id.as_deref().map(root_of),
            is_cold_start: IS_COLD.swap(false, Ordering::Relaxed),
        }
    }

    #[cfg(test)]
    pub(super) fn first_of(id: &'a str, trace: Option<&'a str>) -> Self {
        Self {
            id,
            trace: trace.map(root_of),
            is_cold_start: true,
        }
    }

    /// The span of an invocation whose event says what it is about: workflow tasks and messages name the job, its owner and
    /// the request that it came from.
    pub(crate) fn span_of(self, event: &Value) -> Span {
        let span = self.span();
        about(&span, event);
        span
    }

    /// The span of an HTTP request.
    pub(crate) fn span_of_request(
        self,
        request: Option<RequestId>,
        method: &http::Method,
        path: &str,
    ) -> Span {
        let span = self.span();
        span.record("method", method.as_str()).record("path", path);
        if let Some(request) = request {
            span.record("request_id", field::display(request));
        }
        span
    }

    fn span(self) -> Span {
        info_span!(
            "invocation",
            function_request_id = self.id,
            cold_start = self.is_cold_start,
            xray_trace_id = self.trace,
            request_id = field::Empty,
            job.id = field::Empty,
            user.id = field::Empty,
            method = field::Empty,
            path = field::Empty,
        )
    }
}

/// The id of the trace in a header of X-Ray's, as Powertools logs it
/// (<https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader>).
fn root_of(header: &str) -> &str {
    let mut parts = header.split(';');
    parts
        .find_map(|part| part.trim().strip_prefix("Root="))
        .unwrap_or(header)
}

/// Notes in a span what a task or a message is about; what is not an id is left out.
pub(crate) fn about(span: &Span, event: &Value) {
    let text = |name: &str| event.get(name).and_then(Value::as_str);
    if let Some(job) = text("job_id").and_then(|id| id.parse::<JobId>().ok()) {
        span.record("job.id", field::display(job));
    }
    if let Some(user) = text("user_id").and_then(|id| id.parse().ok()) {
        span.record("user.id", id::pseudonym(user));
    }
    if let Some(request) = text("request_id").and_then(|id| id.parse::<RequestId>().ok()) {
        span.record("request_id", field::display(request));
    }
}

/// Notes in the request's span who sent it.
pub(crate) fn note_caller(user: UserId) {
    Span::current().record("user.id", id::pseudonym(user));
}
