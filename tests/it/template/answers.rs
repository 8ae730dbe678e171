//! What API Gateway answers by itself has the form of every other problem of the API.

use serde_json::{Map, Value};

use super::{resources, template};

/// The text of one of API Gateway's own answers, as a client of `https://example.com` gets it.
fn answer(template: &Value, response: &Value) -> Value {
    let sub = &response["ResponseTemplates"]["application/json"]["Fn::Sub"];
    let lookup = sub[1]["Rest"]["Fn::FindInMap"]
        .as_array()
        .expect("the text is in Mappings");
    let keys: Vec<&str> = lookup.iter().filter_map(Value::as_str).collect();
    let rest = template["Mappings"][keys[0]][keys[1]][keys[2]]
        .as_str()
        .expect("the mapping has the text");
    let text = sub[0]
        .as_str()
        .expect("a pattern")
        .replace("${BaseUrl}", "https://example.com")
        .replace("${Rest}", rest);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

#[test]
fn answers_of_the_gateway_are_problems() {
    let template = template();
    let responses = template["Resources"]["Api"]["Properties"]["GatewayResponses"]
        .as_object()
        .expect("a mapping");
    for (kind, response) in responses {
        let problem = answer(&template, response);
        let members: Vec<&str> = problem
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        let mut expected = vec![
            "type",
            "title",
            "status",
            "detail",
            "code",
            "request_id",
            "retryable",
        ];
        expected.sort_unstable();
        let mut sorted = members.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, expected, "{kind}");
        assert_eq!(problem["status"], response["StatusCode"], "{kind}");
        let code = problem["code"].as_str().expect("code is text");
        assert_eq!(
            problem["type"],
            format!("https://example.com/docs/errors#{code}"),
            "{kind}"
        );
        let content_type = &response["ResponseParameters"]["Headers"]["Content-Type"];
        assert_eq!(content_type, "'application/problem+json'", "{kind}");
    }
    for family in ["DEFAULT_4XX", "DEFAULT_5XX"] {
        assert!(
            responses.contains_key(family),
            "{family} is what all others fall back to"
        );
    }
    assert!(
        answer(&template, &responses["REQUEST_TOO_LARGE"])["detail"]
            .to_string()
            .contains("POST /api/v1/uploads")
    );
}

/// The local stack needs some of the answers as resources; they must not drift from the ones that AWS gives.
#[test]
fn answers_of_the_local_gateway_are_the_same() {
    let template = template();
    let responses = &template["Resources"]["Api"]["Properties"]["GatewayResponses"];
    let local = resources(&template, "AWS::ApiGateway::GatewayResponse");
    assert!(!local.is_empty());
    for (name, response) in local {
        assert_eq!(template["Resources"][name]["Condition"], "IsLocal", "{name}");
        assert!(
            name < "ApiDeployment",
            "{name} must be made before the deployment takes its copy"
        );
        let kind = response["ResponseType"].as_str().expect("a type");
        assert_eq!(
            response["ResponseTemplates"], responses[kind]["ResponseTemplates"],
            "{name}"
        );
        assert_eq!(
            response["StatusCode"],
            responses[kind]["StatusCode"].to_string(),
            "{name}"
        );
        let headers = responses[kind]["ResponseParameters"]["Headers"]
            .as_object()
            .expect("headers");
        let named: Map<String, Value> = headers
            .iter()
            .map(|(name, value)| (format!("gatewayresponse.header.{name}"), value.clone()))
            .collect();
        assert_eq!(response["ResponseParameters"], Value::Object(named), "{name}");
    }
}
