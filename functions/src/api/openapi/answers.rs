//! What any operation may answer, and what every answer tells.

use utoipa::{
    Modify,
    openapi::{
        ContentBuilder, HeaderBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, Type,
        path::Operation,
    },
};

use crate::api::routes::Door;

/// Adds to each operation behind this door what it may answer besides what it describes itself.
pub(super) struct CommonAnswers(pub(super) Door);

/// Problems by their status: what they mean wherever they occur.
const PROBLEMS: [(&str, &str); 3] = [
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

/// What a key may be told.
const OF_KEYS: (&str, &str) = (
    "403",
    "The key is missing, unknown, ended, or lacks the scope that this needs.",
);

/// What somebody without a session is told.
const OF_SESSIONS: (&str, &str) = ("401", "Nobody is signed in, or the session is over.");

/// What is told where a session is used from elsewhere.
const OF_CHANGES: (&str, &str) = ("403", "The request comes from another site.");

/// Problems of operations with a body.
const BODY_PROBLEMS: [(&str, &str); 3] = [
    ("400", "The body or a header cannot be read."),
    ("413", "The body is larger than a request can carry."),
    ("415", "The body has a type that is not taken."),
];

impl Modify for CommonAnswers {
    fn modify(&self, document: &mut OpenApi) {
        for (path, item) in &mut document.paths.paths {
            if let Some(operation) = &mut item.get {
                add_common(path, operation, at_the_door(self.0, false));
            }
            let changes = [&mut item.post, &mut item.put, &mut item.delete];
            for operation in changes.into_iter().flatten() {
                add_common(path, operation, at_the_door(self.0, true));
            }
        }
    }
}

/// What is answered before anything is looked at.
fn at_the_door(door: Door, is_change: bool) -> Vec<(&'static str, &'static str)> {
    match door {
        Door::Programs => vec![OF_KEYS],
        Door::Page if is_change => vec![OF_SESSIONS, OF_CHANGES],
        Door::Page => vec![OF_SESSIONS],
        Door::Open => Vec::new(),
    }
}

fn add_common(path: &str, operation: &mut Operation, mut problems: Vec<(&str, &str)>) {
    problems.extend(PROBLEMS);
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
