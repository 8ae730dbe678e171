//! The routes of the template and those of the API's description are the same.

use std::collections::BTreeSet;

use packshot_functions::api::openapi;
use serde_json::Value;

use super::{functions, template};

/// Every route of the template that begins so, as `GET /api/v1/jobs`.
fn routes_below(prefix: &str) -> BTreeSet<String> {
    let template = template();
    let functions = functions(&template).into_values();
    let events = functions.flat_map(|function| {
        let events = function["Events"].as_object();
        events.into_iter().flat_map(serde_json::Map::values)
    });
    events
        .filter(|event| event["Type"] == "Api")
        .map(|event| &event["Properties"])
        .filter(|route| {
            route["Path"]
                .as_str()
                .is_some_and(|path| path.starts_with(prefix))
        })
        .map(|route| format!("{} {}", text(&route["Method"]), text(&route["Path"])))
        .collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn described() -> BTreeSet<String> {
    let document = serde_json::to_value(openapi::document()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().expect("operations").keys();
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    operations.collect()
}

#[test]
fn every_route_for_programs_is_described_and_every_description_has_its_route() {
    assert_eq!(
        routes_below("/api/v1/"),
        described(),
        "left: template.yaml; right: the API's description"
    );
}

/// API Gateway asks for a key on the routes of programs, and on no others: what the page calls has a session.
#[test]
fn routes_ask_for_a_key_where_programs_call_them() {
    let template = template();
    for (bin, function) in functions(&template) {
        let events = function["Events"].as_object();
        for event in events.into_iter().flat_map(serde_json::Map::values) {
            let Some(path) = event["Properties"]["Path"].as_str() else {
                continue;
            };
            let is_open = event["Properties"]["Auth"]["ApiKeyRequired"] == false;
            assert_eq!(is_open, !path.starts_with("/api/v1/"), "{bin}: {path}");
        }
    }
}
