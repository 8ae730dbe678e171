//! The API's description: OpenAPI 3.1 (<https://spec.openapis.org/oas/v3.1.1.html>), made from the types and handlers that
//! serve it.
//!
//! The functions do not carry it: it is written to `docs/openapi.json` by `cargo xtask openapi`, and a test holds that file
//! against the code.

mod bodies;
mod examples;

use utoipa::{
    Modify, OpenApi,
    openapi::{
        ContentBuilder, HeaderBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type,
        path::Operation,
        security::{ApiKey, ApiKeyValue, SecurityScheme},
    },
};

pub(super) use self::bodies::{
    EndpointBody, GenerateBody, GenerateForm, ReplayBody, RetryBody, TestBody, UploadBody,
};
use self::examples::Examples;
use super::{jobs, problem, uploads, usage, webhooks};

/// The description of the API for programs.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Packshot",
        description = "Turns product photos into listing images.\n\nEvery request needs an API key in the `x-api-key` \
            header. Every error is an RFC 9457 problem with a stable `code`. Times are RFC 3339 in UTC, money is decimal \
            strings of US dollars, and unknown fields are refused."
    ),
    paths(
        jobs::create::generate,
        jobs::read::list,
        jobs::read::show,
        jobs::read::archive,
        jobs::change::cancel,
        jobs::change::remove,
        jobs::retry::retry,
        uploads::create,
        usage::show,
        webhooks::deliveries::list,
        webhooks::deliveries::show,
        webhooks::deliveries::replay,
        webhooks::replay::replay_failed,
        webhooks::endpoint::show,
        webhooks::endpoint::save,
        webhooks::endpoint::remove,
        webhooks::trial::send,
    ),
    components(schemas(problem::Document)),
    security(("api_key" = [])),
    tags(
        (name = "Jobs", description = "One job makes one set of images of one product."),
        (name = "Uploads", description = "Photos of up to 50 MB go straight to storage."),
        (name = "Webhooks", description = "Where events go, what was sent there, and sending it again. Bodies are signed as \
            [Standard Webhooks](https://www.standardwebhooks.com) says."),
        (name = "Usage", description = "What was used, per day and key."),
    ),
    modifiers(&KeyScheme, &CommonAnswers, &Examples)
)]
struct Document;

/// The one way in.
struct KeyScheme;

impl Modify for KeyScheme {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let value =
            ApiKeyValue::with_description("x-api-key", "A key of yours; see `/api/keys` on the page.");
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("api_key", SecurityScheme::ApiKey(ApiKey::Header(value)));
    }
}

/// What any operation may answer, and what every answer tells.
struct CommonAnswers;

/// Problems by their status: what they mean wherever they occur.
const PROBLEMS: [(&str, &str); 4] = [
    (
        "403",
        "The key is missing, unknown, ended, or lacks the scope that this needs.",
    ),
    (
        "429",
        "A limit of your plan is reached; `Retry-After` says when to come back.",
    ),
    ("500", "Something on our side went wrong."),
    (
        "503",
        "A service that we depend on did not answer; `Retry-After` says when to come back.",
    ),
];

/// Problems of operations with a body.
const BODY_PROBLEMS: [(&str, &str); 3] = [
    ("400", "The body or a header cannot be read."),
    ("413", "The body is larger than a request can carry."),
    ("415", "The body has a type that is not taken."),
];

impl Modify for CommonAnswers {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut document.paths.paths {
            let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.delete];
            for operation in operations.into_iter().flatten() {
                add_common(path, operation);
            }
        }
    }
}

fn add_common(path: &str, operation: &mut Operation) {
    let mut problems = PROBLEMS.to_vec();
    if operation.request_body.is_some() {
        problems.extend(BODY_PROBLEMS);
        problems.push(("409", "The same request is being worked on."));
    }
    problems.push((
        "422",
        "Fields or parameters are not valid; all of them are in `errors`.",
    ));
    if path.contains('{') {
        problems.push(("404", "There is nothing of this id among yours."));
    }
    for (status, description) in problems {
        let answers = &mut operation.responses.responses;
        answers
            .entry(status.to_owned())
            .or_insert_with(|| RefOr::T(problem_answer(status, description)));
    }
    for answer in operation.responses.responses.values_mut() {
        if let RefOr::T(answer) = answer {
            tell_headers(answer);
        }
    }
}

fn problem_answer(status: &str, description: &str) -> Response {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    let answer = ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content);
    if matches!(status, "429" | "503") {
        answer
            .header("Retry-After", header(Type::Integer, "Seconds to wait."))
            .build()
    } else {
        answer.build()
    }
}

fn tell_headers(answer: &mut Response) {
    for (name, description) in [
        ("x-request-id", "Names this request, in our logs too."),
        (
            "RateLimit-Policy",
            "Your limits (draft-ietf-httpapi-ratelimit-headers).",
        ),
        ("RateLimit", "What is left of them."),
    ] {
        answer
            .headers
            .insert(name.to_owned(), RefOr::T(header(Type::String, description)));
    }
}

fn header(kind: Type, description: &str) -> utoipa::openapi::Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(kind)))
        .description(Some(description))
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `cargo xtask openapi` writes the file.
    #[test]
    fn the_written_description_is_that_of_the_code() {
        let written = include_str!("../../../docs/openapi.json");
        let made = document().to_pretty_json().expect("JSON");
        assert_eq!(written.trim_end(), made, "run `cargo xtask openapi`");
    }
}
