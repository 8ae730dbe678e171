//! The routes of the code, those of the template and those of the API's description are the same.

use std::collections::BTreeSet;

use packshot_functions::api::{
    openapi,
    routes::{self, Door},
};
use serde::Serialize;
use serde_json::Value;

use super::{functions, template};

/// The routes behind a door, as `GET /api/v1/jobs`.
fn behind(door: Door) -> BTreeSet<String> {
    let routes = routes::ALL.iter();
    routes
        .filter_map(|route| Some(format!("{} {}", route.method, route.path(door)?)))
        .collect()
}

/// Every route of the template, and whether API Gateway asks for a key there.
fn of_the_template() -> Vec<(String, bool)> {
    let template = template();
    let functions = functions(&template).into_values();
    let events = functions.flat_map(|function| {
        let events = function["Events"].as_object();
        events.into_iter().flat_map(serde_json::Map::values)
    });
    events
        .filter(|event| event["Type"] == "Api")
        .map(|event| &event["Properties"])
        .map(|route| {
            let name = format!("{} {}", text(&route["Method"]), text(&route["Path"]));
            (name, route["Auth"]["ApiKeyRequired"] != false)
        })
        .collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// The routes of a description. Each has a name of its own, by which it is called in what is made from the description.
fn described(document: &impl Serialize) -> BTreeSet<String> {
    let document = serde_json::to_value(document).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let operations: Vec<(String, &str)> = paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("operations").iter();
            methods.map(move |(method, operation)| {
                let route = format!("{} {path}", method.to_uppercase());
                (route, text(&operation["operationId"]))
            })
        })
        .collect();
    let names: BTreeSet<&str> = operations.iter().map(|(_, name)| *name).collect();
    assert_eq!(names.len(), operations.len(), "two operations have one name");
    operations.into_iter().map(|(route, _)| route).collect()
}

#[test]
fn every_route_for_programs_is_described_and_every_description_has_its_route() {
    assert_eq!(
        behind(Door::Programs),
        described(&openapi::document()),
        "left: routes.rs; right: the API's description"
    );
}

#[test]
fn every_route_of_the_page_is_described_and_every_description_has_its_route() {
    assert_eq!(
        behind(Door::Page),
        described(&openapi::page_document()),
        "left: routes.rs; right: the description of the page's API"
    );
}

/// What the page calls has a session, or begins or ends one.
#[test]
fn the_template_has_every_route_and_asks_for_a_key_where_programs_call() {
    let (with_key, without): (Vec<_>, Vec<_>) = of_the_template()
        .into_iter()
        .partition(|(_, needs_key)| *needs_key);
    let names = |routes: Vec<(String, bool)>| -> BTreeSet<String> {
        routes.into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(
        names(with_key),
        behind(Door::Programs),
        "left: template.yaml; right: routes.rs"
    );
    let others = &behind(Door::Page) | &behind(Door::Open);
    assert_eq!(names(without), others, "left: template.yaml; right: routes.rs");
}

/// One route, one function: API Gateway would refuse a second, but only at the deployment.
#[test]
fn no_route_is_there_twice() {
    let all = of_the_template();
    let names: BTreeSet<&String> = all.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), all.len());
    let paths = [Door::Programs, Door::Page, Door::Open].map(|door| behind(door).len());
    assert_eq!(paths.iter().sum::<usize>(), all.len());
}

/// Whoever comes through these is nobody yet, so that no usage plan and no user's limit holds them.
#[test]
fn browsers_that_are_led_through_a_sign_in_are_held_back_in_all() {
    let template = super::on_aws(&template());
    let settings = template["Resources"]["Api"]["Properties"]["MethodSettings"].clone();
    let held: BTreeSet<String> = settings
        .as_array()
        .expect("a list")
        .iter()
        .filter(|one| {
            one["ThrottlingRateLimit"]
                .as_u64()
                .is_some_and(|rate| rate <= 100)
        })
        .map(|one| format!("{} {}", text(&one["HttpMethod"]), text(&one["ResourcePath"])))
        .collect();
    // Below the first slash, AWS wants them escaped.
    let escaped = |route: &String| format!("GET /{}", route["GET /".len()..].replace('/', "~1"));
    let open = behind(Door::Open);
    let led: BTreeSet<String> = open
        .iter()
        .filter(|route| route.starts_with("GET /"))
        .map(escaped)
        .collect();
    assert_eq!(held, led, "left: template.yaml; right: routes.rs");
}
