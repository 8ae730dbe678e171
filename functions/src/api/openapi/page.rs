//! The description of the page's own API. What both doors lead to is described once, for programs, and only its addresses
//! differ here.

use utoipa::{
    Modify, OpenApi as _,
    openapi::{
        OpenApi, RefOr, Schema, SecurityRequirement, Type,
        schema::SchemaType,
        security::{ApiKey, ApiKeyValue, SecurityScheme},
    },
};

use super::{ForPrograms, NO_SCOPES, answers::CommonAnswers, examples::Examples};
use crate::api::{
    drive, jobs, keys,
    routes::{self, Door},
    sessions, webhooks,
};

/// The description of the page's own API.
pub fn document() -> OpenApi {
    let mut document = ForThePageOnly::openapi();
    document.merge(at_the_page_s_addresses(ForPrograms::openapi()));
    SessionScheme.modify(&mut document);
    CommonAnswers(Door::Page).modify(&mut document);
    Examples.modify(&mut document);
    LeftOut.modify(&mut document);
    document
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Packshot, the page",
        description = "What the page calls with the session of somebody who signed in. Programs use `/api/v1` with an API \
            key.\n\nChanges need an `Origin` that is ours. Every error is an RFC 9457 problem with a stable `code`. Times are \
            RFC 3339 in UTC, money is decimal strings of US dollars, and unknown fields are refused."
    ),
    paths(
        jobs::create_from_drive::generate,
        webhooks::secret::show,
        webhooks::secret::rotate,
        keys::list,
        keys::create,
        keys::revoke,
        keys::roll,
        keys::show_usage,
        sessions::me::show,
        sessions::deletion::begin,
        drive::connection::show,
        drive::connection::disconnect,
        drive::files::list,
        drive::thumbnail::show,
        drive::picker::show,
        sessions::list,
        sessions::end,
        sessions::end_all,
    ),
    tags(
        (name = "Keys", description = "What programs come in with."),
        (name = "Account", description = "The person who is signed in, and where."),
        (name = "Drive", description = "The person's Google Drive, by their grant."),
    )
)]
struct ForThePageOnly;

/// What a page shares with programs, at the addresses that the page knows.
fn at_the_page_s_addresses(mut shared: OpenApi) -> OpenApi {
    let paths = &mut shared.paths.paths;
    for route in routes::ALL {
        let (Some(of_programs), Some(of_the_page)) = (route.path(Door::Programs), route.path(Door::Page))
        else {
            continue;
        };
        if let Some(item) = paths.remove(&of_programs) {
            paths.insert(of_the_page, item);
        }
    }
    shared
}

/// The one way in.
struct SessionScheme;

impl Modify for SessionScheme {
    fn modify(&self, document: &mut OpenApi) {
        let value = ApiKeyValue::with_description(
            "__Host-session",
            "The session that a sign-in begins; no script reads it. Where the site is at a plain http address, its name is \
             `session`.",
        );
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(value)));
        document.security = Some(vec![SecurityRequirement::new("session", NO_SCOPES)]);
    }
}

/// What is not there is left out and never `null`, so that code that is typed by this need not look for either.
struct LeftOut;

impl Modify for LeftOut {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.iter_mut();
        for schema in components.flat_map(|components| components.schemas.values_mut()) {
            let RefOr::T(Schema::Object(object)) = schema else {
                continue;
            };
            for (name, property) in &mut object.properties {
                if !object.required.contains(name) {
                    never_null(property);
                }
            }
        }
    }
}

fn never_null(property: &mut RefOr<Schema>) {
    match property {
        RefOr::T(Schema::Object(object)) => leave_out_null(&mut object.schema_type),
        RefOr::T(Schema::Array(array)) => leave_out_null(&mut array.schema_type),
        // Another schema, or nothing.
        RefOr::T(Schema::OneOf(either)) => {
            let other = either.items.iter().find(|item| matches!(item, RefOr::Ref(_)));
            if let Some(other) = other.cloned() {
                *property = other;
            }
        }
        RefOr::T(_) | RefOr::Ref(_) => {}
    }
}

fn leave_out_null(schema_type: &mut SchemaType) {
    if let SchemaType::Array(types) = schema_type {
        types.retain(|one| *one != Type::Null);
        if let [one] = types.as_slice() {
            *schema_type = SchemaType::Type(one.clone());
        }
    }
}
