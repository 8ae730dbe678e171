//! The API's descriptions: OpenAPI 3.1 (<https://spec.openapis.org/oas/v3.1.1.html>), made from the types and handlers that
//! serve it. There is one for each door that asks who comes in.
//!
//! The functions do not carry them: `cargo xtask openapi` writes the one for programs to `docs/openapi.json`, and the page's
//! to `web/src/api/openapi.json`, from which its types are made. Tests hold the files against the code.

mod answers;
mod bodies;
mod examples;
mod page;
mod page_bodies;

use utoipa::{
    Modify, OpenApi,
    openapi::{
        SecurityRequirement,
        security::{ApiKey, ApiKeyValue, SecurityScheme},
    },
};

use self::{answers::CommonAnswers, examples::Examples};
pub(super) use self::{
    bodies::{EndpointBody, GenerateBody, GenerateForm, ReplayBody, RetryBody, TestBody, UploadBody},
    page_bodies::{GenerateFromDriveBody, KeyBody, OverlapBody},
};
use super::{jobs, problem, routes::Door, uploads, usage, webhooks};

pub use self::page::document as page_document;

/// The description of the API for programs.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = ForPrograms::openapi();
    KeyScheme.modify(&mut document);
    CommonAnswers(Door::Programs).modify(&mut document);
    Examples.modify(&mut document);
    document
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
        jobs::photo::show,
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
    tags(
        (name = "Jobs", description = "One job makes one set of images of one product."),
        (name = "Uploads", description = "Photos of up to 50 MB go straight to storage."),
        (name = "Webhooks", description = "Where events go, what was sent there, and sending it again. Bodies are signed as \
            [Standard Webhooks](https://www.standardwebhooks.com) says."),
        (name = "Usage", description = "What was used, per day and key."),
    )
)]
struct ForPrograms;

/// The one way in.
struct KeyScheme;

impl Modify for KeyScheme {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let value =
            ApiKeyValue::with_description("x-api-key", "A key of yours; see `/api/keys` on the page.");
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("api_key", SecurityScheme::ApiKey(ApiKey::Header(value)));
        document.security = Some(vec![SecurityRequirement::new("api_key", NO_SCOPES)]);
    }
}

/// Keys and sessions are no OAuth tokens.
const NO_SCOPES: [&str; 0] = [];

#[cfg(test)]
mod tests {
    use super::*;

    /// `cargo xtask openapi` writes the files.
    #[test]
    fn the_written_descriptions_are_those_of_the_code() {
        for (written, made) in [
            (include_str!("../../../docs/openapi.json"), document()),
            (include_str!("../../../web/src/api/openapi.json"), page_document()),
        ] {
            let made = made.to_pretty_json().expect("JSON");
            assert_eq!(written.trim_end(), made, "run `cargo xtask openapi`");
        }
    }
}
