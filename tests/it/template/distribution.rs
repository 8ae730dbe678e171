//! What the distribution answers where nothing behind it does, and where pages are.

use std::collections::BTreeMap;

use packshot_functions::api::{
    problem::kinds,
    routes::{self, Door},
};
use packshot_tests::stack::Stack;
use serde_json::Value;

use super::{on_aws, repository, template};

fn config(template: &Value) -> Value {
    on_aws(template)["Resources"]["Distribution"]["Properties"]["DistributionConfig"].clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

/// The statuses whose answers the distribution replaces, with the status and the page that it answers with.
fn replaced() -> BTreeMap<u64, (u64, String)> {
    let config = config(&template());
    let rules = list(&config["CustomErrorResponses"]).iter().map(|rule| {
        let number = |name: &str| rule[name].as_u64().expect("a status");
        let page = text(&rule["ResponsePagePath"]).to_owned();
        (number("ErrorCode"), (number("ResponseCode"), page))
    });
    rules.collect()
}

/// The statuses that API Gateway answers with by itself.
fn gateway_statuses() -> Vec<u64> {
    let template = template();
    let answers = template["Resources"]["Api"]["Properties"]["GatewayResponses"]
        .as_object()
        .expect("answers")
        .values();
    answers
        .filter_map(|answer| answer["StatusCode"].as_u64())
        .collect()
}

/// A rule holds for the whole distribution: for a status that a handler answers with, it would replace the handler's words.
#[test]
fn answers_of_the_handlers_are_not_replaced() {
    let replaced = replaced();
    for kind in kinds::ALL {
        let status = u64::from(kind.status.as_u16());
        assert!(
            !replaced.contains_key(&status),
            "{status}, which {} has",
            kind.code
        );
    }
    // API Gateway's own timeout may be: its words are the same.
    let both: Vec<u64> = gateway_statuses()
        .into_iter()
        .filter(|status| replaced.contains_key(status))
        .collect();
    assert_eq!(both, [504]);
}

#[test]
fn what_cloudfront_answers_instead_is_a_problem_of_that_status() {
    let replaced = replaced();
    assert_eq!(replaced.keys().collect::<Vec<_>>(), [&502, &504]);
    for (status, page) in replaced.values() {
        let file = repository().join(page.trim_start_matches('/'));
        let file = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{page}: {error}"));
        let problem: Value = serde_json::from_str(&file).expect("JSON");
        assert_eq!(problem["status"], *status, "{page}");
        assert_eq!(problem["retryable"], true, "{page}");
        let code = text(&problem["code"]);
        assert_eq!(problem["type"], format!("/docs/errors#{code}"));
        for member in ["title", "detail", "request_id"] {
            assert!(!text(&problem[member]).is_empty(), "{page}: {member}");
        }
        if let Some(kind) = kinds::ALL.iter().find(|kind| kind.code == code) {
            assert_eq!(
                (u64::from(kind.status.as_u16()), kind.title),
                (*status, text(&problem["title"]))
            );
        }
    }
}

/// The words of API Gateway's timeout and of the distribution's are the same, as is everything else but the names of the
/// request.
#[test]
fn a_timeout_is_told_alike_wherever_it_happens() {
    let template = template();
    let rest = text(&template["Mappings"]["Problems"]["Timeout"]["Rest"]);
    let ours = repository().join("docs/problems/timeout.json");
    let problem: Value =
        serde_json::from_slice(&std::fs::read(ours).expect("the file is there")).expect("JSON");
    for member in ["title", "detail", "code"] {
        let pair = format!("\"{member}\":{}", problem[member]);
        assert!(rest.contains(&pair), "{pair} is not in {rest}");
    }
}

/// A path without a behaviour of its own is the page's, which is only read.
#[test]
fn every_route_is_led_to_the_api_with_its_method() {
    let config = config(&template());
    let behaviours = list(&config["CacheBehaviors"]);
    for route in routes::ALL {
        for path in [Door::Programs, Door::Page, Door::Open].map(|door| route.path(door)) {
            let Some(path) = path else { continue };
            let behaviour = behaviours.iter().find(|behaviour| {
                let pattern = text(&behaviour["PathPattern"]);
                let prefix = pattern.strip_suffix('*');
                prefix.map_or(pattern == path, |prefix| path.starts_with(prefix))
            });
            let behaviour = behaviour.unwrap_or_else(|| panic!("{path} has no behaviour"));
            assert_eq!(behaviour["TargetOriginId"], "api", "{path}");
            let methods = list(&behaviour["AllowedMethods"]);
            assert!(
                methods.contains(&route.method.as_str().into()),
                "{} {path}",
                route.method
            );
            // CachingDisabled and AllViewerExceptHostHeader: cookies and `Origin` arrive, and nobody gets another's answer.
            assert_eq!(
                behaviour["CachePolicyId"], "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
                "{path}"
            );
            assert_eq!(
                behaviour["OriginRequestPolicyId"], "b689b0a8-53d0-40ab-baf2-68738e2966ac",
                "{path}"
            );
        }
    }
}

/// S3 answers in XML. Where it has no file, the same request goes on to the API, which has no such resource either.
#[test]
fn files_that_are_not_there_are_answered_by_the_api() {
    let config = config(&template());
    let behaviours = list(&config["CacheBehaviors"]);
    let images = behaviours
        .iter()
        .find(|behaviour| behaviour["PathPattern"] == "/images/*")
        .expect("images have a behaviour");
    for behaviour in [images, &config["DefaultCacheBehavior"]] {
        let target = &behaviour["TargetOriginId"];
        let groups = list(&config["OriginGroups"]["Items"]);
        let group = groups
            .iter()
            .find(|group| group["Id"] == *target)
            .unwrap_or_else(|| panic!("{target} is no group"));
        let statuses = list(&group["FailoverCriteria"]["StatusCodes"]["Items"]);
        assert_eq!(statuses, &[403, 404], "{target}");
        let members = list(&group["Members"]["Items"]);
        assert_eq!(members.len(), 2, "{target}");
        assert_eq!(members[1]["OriginId"], "api", "{target}");
        // A group goes with these methods only
        // (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html).
        for method in list(&behaviour["AllowedMethods"]) {
            assert!(
                ["GET", "HEAD", "OPTIONS"].contains(&text(method)),
                "{target}: {method}"
            );
        }
    }
    for group in list(&config["OriginGroups"]["Items"]) {
        for parts in [&group["FailoverCriteria"]["StatusCodes"], &group["Members"]] {
            assert_eq!(parts["Quantity"], list(&parts["Items"]).len(), "{group}");
        }
    }
    assert_eq!(
        config["OriginGroups"]["Quantity"],
        list(&config["OriginGroups"]["Items"]).len()
    );
}

/// The second half of it, which the local stack has: what the API answers where such a request arrives.
#[tokio::test]
async fn the_api_answers_for_files_as_for_anything_that_is_not_there() {
    let stack = Stack::connect().await;
    let gateway = stack.api.at(stack.output("ApiUrl")).without_key();
    for path in [
        "/images/5d1c9be0f6a48f3c7a520d1e4b7f9a35/01.png",
        "/docs/nothing/index.html",
        "/assets/nothing.js",
    ] {
        gateway.get(path).await.assert_problem(404, "not_found");
    }
}

#[tokio::test]
async fn pages_are_served_without_their_file_names() {
    let stack = Stack::connect().await;
    for (path, title) in [
        ("/docs", "Packshot for developers"),
        ("/docs/", "Packshot for developers"),
        ("/docs/errors", "Errors"),
        ("/docs/errors/", "Errors"),
        ("/docs/api", "API reference"),
        ("/docs/guide/webhooks", "Webhooks"),
    ] {
        let (status, headers, body) = stack.api.fetch(&format!("{}{path}", stack.base_url())).await;
        assert_eq!(
            (status, &headers["content-type"]),
            (200, &"text/html".parse().expect("a value")),
            "{path}"
        );
        assert!(headers.contains_key("content-security-policy"), "{path}");
        let html = String::from_utf8(body).expect("text");
        assert!(
            html.contains(&format!("<title>{title} · Packshot</title>")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_description_of_the_api_needs_no_key() {
    let stack = Stack::connect().await;
    let answer = stack.api.without_key().get("/api/v1/openapi.json").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.headers["content-type"], "application/json");
    let written = std::fs::read(repository().join("docs/openapi.json")).expect("the file is there");
    let written: Value = serde_json::from_slice(&written).expect("JSON");
    assert_eq!(answer.body, written);
}

/// `type` of a problem leads to a section about it.
#[tokio::test]
async fn the_type_of_a_problem_leads_to_its_explanation() {
    let stack = Stack::connect().await;
    let (_, _, page) = stack
        .api
        .fetch(&format!("{}/docs/errors", stack.base_url()))
        .await;
    let page = String::from_utf8(page).expect("text");
    for kind in kinds::ALL {
        assert!(
            page.contains(&format!("<h3 id=\"{}\">", kind.code)),
            "{}",
            kind.code
        );
    }
}

#[tokio::test]
async fn static_problems_are_served_as_problems() {
    let stack = Stack::connect().await;
    for (_, page) in replaced().values() {
        let (status, headers, body) = stack.api.fetch(&format!("{}{page}", stack.base_url())).await;
        assert_eq!(status, 200, "{page}");
        assert_eq!(headers["content-type"], "application/problem+json", "{page}");
        let problem: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(problem["retryable"], true);
    }
}
