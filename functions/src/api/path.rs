//! The path that a request is routed by.

use axum::{
    extract::Request,
    http::{Uri, uri::PathAndQuery},
};
use lambda_http::{RequestExt, request::RequestContext};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What ids are written with stays readable; all else could mean something in a path.
const IN_A_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-');

/// Puts the path together from the resource that API Gateway matched and the values it found.
///
/// The path in the event is already decoded, so a `%3F` in an id would begin the query there and the request would be
/// answered for another route. Events without a resource (`cargo lambda watch`) keep their path.
pub(super) async fn from_resource(mut request: Request) -> Request {
    let Some(RequestContext::ApiGatewayV1(context)) = request.request_context_ref() else {
        return request;
    };
    let Some(resource) = context.resource_path.as_deref().filter(|path| path.contains('{')) else {
        return request;
    };
    let parameters = request.path_parameters();
    let path = filled(resource, |name| parameters.first(name));
    let path_and_query = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(path_and_query).ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}

fn filled<'v>(resource: &str, value_of: impl Fn(&str) -> Option<&'v str>) -> String {
    let segments = resource.split('/').map(|segment| {
        let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match name {
            Some(name) => utf8_percent_encode(value_of(name).unwrap_or_default(), IN_A_SEGMENT).to_string(),
            None => segment.to_owned(),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_inside_its_segment() {
        let cases = [
            ("job_01h2xcejqtf2nbrexx3vqjhp41", "job_01h2xcejqtf2nbrexx3vqjhp41"),
            ("a?b", "a%3Fb"),
            ("a/b#c", "a%2Fb%23c"),
            ("..", "%2E%2E"),
            ("%3F", "%253F"),
            ("é", "%C3%A9"),
            ("", ""),
        ];
        for (value, written) in cases {
            let path = filled("/api/v1/jobs/{job_id}/cancel", |name| {
                (name == "job_id").then_some(value)
            });
            assert_eq!(path, format!("/api/v1/jobs/{written}/cancel"));
        }
    }
}
