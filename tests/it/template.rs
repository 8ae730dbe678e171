//! `template.yaml` agrees with the code and with the other files it names.
//!
//! What only a deployment shows (whether a grant is the right one, whether the template deploys at all) the rest of
//! the suite shows, which runs on it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use packshot_clients::config::env;
use saphyr::{LoadableYamlNode, YamlOwned};
use serde_json::{Map, Value, json};

mod answers;
mod distribution;
mod errors;
mod policy;
mod routes;

/// Variables that the Lambda runtime itself reads, or the C library.
const RUNTIME_VARIABLES: [&str; 2] = ["AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH", "MALLOC_MMAP_THRESHOLD_"];

/// The top of the checkout.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The template as JSON, with the short forms of functions (`!Sub x`) written out (`{"Fn::Sub": "x"}`).
pub(crate) fn template() -> Value {
    let text =
        std::fs::read_to_string(repository().join("template.yaml")).expect("template.yaml is readable");
    let documents = YamlOwned::load_from_str(&text).expect("template.yaml is YAML");
    to_json(&documents[0])
}

fn to_json(node: &YamlOwned) -> Value {
    match node {
        YamlOwned::Tagged(tag, inner) => {
            let name = match tag.suffix.as_str() {
                "Ref" | "Condition" => tag.suffix.clone(),
                function => format!("Fn::{function}"),
            };
            json!({ name: to_json(inner) })
        }
        YamlOwned::Sequence(items) => items.iter().map(to_json).collect(),
        YamlOwned::Mapping(entries) => Value::Object(
            entries
                .iter()
                .map(|(key, value)| (key.as_str().expect("keys are strings").to_owned(), to_json(value)))
                .collect(),
        ),
        scalar => scalar
            .as_bool()
            .map(Value::from)
            .or_else(|| scalar.as_integer().map(Value::from))
            .or_else(|| scalar.as_floating_point().map(Value::from))
            .or_else(|| scalar.as_str().map(Value::from))
            .unwrap_or(Value::Null),
    }
}

/// The template with every `!If [IsLocal, …]` decided as on AWS.
fn on_aws(value: &Value) -> Value {
    match value {
        Value::Object(entries) => match entries.get("Fn::If").and_then(Value::as_array) {
            Some(arms) if arms[0] == "IsLocal" => on_aws(&arms[2]),
            _ => Value::Object(
                entries
                    .iter()
                    .map(|(key, entry)| (key.clone(), on_aws(entry)))
                    .collect(),
            ),
        },
        Value::Array(items) => items.iter().map(on_aws).collect(),
        scalar => scalar.clone(),
    }
}

fn resources<'template>(
    template: &'template Value,
    kind: &str,
) -> BTreeMap<&'template str, &'template Value> {
    template["Resources"]
        .as_object()
        .expect("Resources is a mapping")
        .iter()
        .filter(|(_, resource)| resource["Type"] == kind)
        .map(|(name, resource)| (name.as_str(), &resource["Properties"]))
        .collect()
}

/// The functions' properties by the name of their binary.
pub(crate) fn functions(template: &Value) -> BTreeMap<String, &Value> {
    resources(template, "AWS::Serverless::Function")
        .into_values()
        .map(|function| {
            let code = function["CodeUri"].as_str().expect("CodeUri is a folder");
            let bin = code
                .strip_prefix("target/lambda/")
                .and_then(|rest| rest.strip_suffix('/'));
            (bin.expect("CodeUri is target/lambda/<bin>/").to_owned(), function)
        })
        .collect()
}

/// The first parts of the names of the files in a folder, up to the first full stop.
fn stems(folder: &str) -> BTreeSet<String> {
    std::fs::read_dir(repository().join(folder))
        .expect("the folder is there")
        .map(|entry| {
            entry
                .expect("the folder is readable")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name != "README.md")
        .filter_map(|name| name.split_once('.').map(|(stem, _)| stem.to_owned()))
        .collect()
}

#[test]
fn variables_are_those_that_the_code_reads() {
    let template = template();
    let mut set = BTreeSet::new();
    let of_all = &template["Globals"]["Function"];
    for function in functions(&template).into_values().chain([of_all]) {
        let variables = function["Environment"]["Variables"]
            .as_object()
            .expect("every function has variables");
        set.extend(
            variables
                .keys()
                .filter(|name| !RUNTIME_VARIABLES.contains(&name.as_str()))
                .cloned(),
        );
    }
    let read: BTreeSet<String> = env::ALL.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(set, read, "left: set in template.yaml; right: read by the code");
}

#[test]
fn every_function_has_a_binary_and_sample_events() {
    let template = template();
    let named: BTreeSet<String> = functions(&template).into_keys().collect();
    assert_eq!(
        named,
        stems("functions/src/bin"),
        "left: template.yaml; right: functions/src/bin"
    );
    assert_eq!(
        named,
        stems("events"),
        "left: template.yaml; right: events/<bin>.<case>.json"
    );
}

#[test]
fn every_function_has_its_name_and_a_log_group_that_forgets() {
    let template = template();
    let groups = resources(&template, "AWS::Logs::LogGroup");
    for (bin, function) in functions(&template) {
        assert_eq!(
            function["FunctionName"],
            json!({ "Fn::Sub": format!("packshot-${{Stage}}-{bin}") })
        );
        let group = function["LoggingConfig"]["LogGroup"]["Ref"]
            .as_str()
            .expect("LoggingConfig names a group");
        assert_eq!(
            groups[group]["LogGroupName"],
            json!({ "Fn::Sub": format!("/aws/lambda/packshot-${{Stage}}-{bin}") })
        );
    }
    for (name, group) in groups {
        assert_eq!(
            group["RetentionInDays"],
            json!({ "Ref": "LogRetentionDays" }),
            "{name}"
        );
    }
}

#[test]
fn functions_are_granted_single_actions_on_named_resources() {
    let template = on_aws(&template());
    for (bin, function) in functions(&template) {
        for policy in function["Policies"]
            .as_array()
            .expect("every function has policies")
        {
            for statement in policy["Statement"]
                .as_array()
                .expect("policies are written out, not named")
            {
                let grant = format!("{bin}: {statement}");
                let actions = match &statement["Action"] {
                    Value::Array(actions) => actions.clone(),
                    action => vec![action.clone()],
                };
                assert!(
                    actions
                        .iter()
                        .all(|action| action.as_str().is_some_and(|name| !name.contains('*'))),
                    "{grant}"
                );
                assert!(
                    !statement["Resource"].is_null() && statement["Resource"] != "*",
                    "{grant}"
                );
            }
        }
    }
}

/// AWS asks for six times (<https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html>), so that a
/// throttled batch is not handed out a second time while the first still waits.
#[test]
fn queues_hide_a_message_for_six_times_the_function_timeout() {
    let template = template();
    let queues = resources(&template, "AWS::SQS::Queue");
    let mut checked = 0;
    for (bin, function) in functions(&template) {
        for event in function["Events"]
            .as_object()
            .map(Map::values)
            .into_iter()
            .flatten()
        {
            if event["Type"] != "SQS" {
                continue;
            }
            let source = event["Properties"]["Queue"]["Fn::GetAtt"]
                .as_str()
                .expect("the queue is a resource");
            let queue = queues[source.trim_end_matches(".Arn")];
            let (hidden, timeout) = (queue["VisibilityTimeout"].as_u64(), function["Timeout"].as_u64());
            assert!(
                hidden >= timeout.map(|seconds| seconds * 6),
                "{bin}: {hidden:?} against {timeout:?}"
            );
            assert_eq!(
                event["Properties"]["FunctionResponseTypes"],
                json!(["ReportBatchItemFailures"]),
                "{bin}"
            );
            assert!(
                !queue["RedrivePolicy"].is_null(),
                "{source} gives up into a dead-letter queue"
            );
            checked += 1;
        }
    }
    assert_eq!(
        checked, 2,
        "functions read the queues of webhooks and of accounts to be deleted"
    );
}

#[test]
fn buckets_are_private_encrypted_and_kept() {
    let template = on_aws(&template());
    for (name, bucket) in resources(&template, "AWS::S3::Bucket") {
        let block = bucket["PublicAccessBlockConfiguration"]
            .as_object()
            .expect("public access is blocked");
        assert!(
            block.len() == 4 && block.values().all(|flag| flag == true),
            "{name}"
        );
        assert!(!bucket["BucketEncryption"].is_null(), "{name}");
        assert_eq!(template["Resources"][name]["DeletionPolicy"], "Retain", "{name}");
        let policy = &template["Resources"][format!("{name}Policy")]["Properties"]["PolicyDocument"];
        let refuses_plain_http = policy["Statement"]
            .as_array()
            .expect("the bucket has a policy")
            .iter()
            .any(|statement| {
                statement["Effect"] == "Deny"
                    && statement["Condition"]["Bool"]["aws:SecureTransport"] == "false"
            });
        assert!(refuses_plain_http, "{name}");
    }
}

#[test]
fn every_parameter_is_described_and_bounded() {
    let template = template();
    for (name, parameter) in template["Parameters"].as_object().expect("a mapping") {
        assert!(
            parameter["Description"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{name} has no description"
        );
        let bounds = ["AllowedPattern", "AllowedValues", "MinValue"];
        assert!(
            bounds.iter().any(|bound| !parameter[*bound].is_null()),
            "{name} takes anything"
        );
    }
}

/// checkov knows only KMS for queues, and not the destination of what a schedule calls in vain; it is told to pass over both.
#[test]
fn queues_are_encrypted_and_no_wake_up_is_lost() {
    let template = template();
    for (name, queue) in resources(&template, "AWS::SQS::Queue") {
        assert_eq!(queue["SqsManagedSseEnabled"], true, "{name}");
    }
    for (name, function) in functions(&template) {
        let is_scheduled = function["Events"]
            .as_object()
            .is_some_and(|events| events.values().any(|event| event["Type"] == "Schedule"));
        let destination = &function["EventInvokeConfig"]["DestinationConfig"]["OnFailure"];
        assert_eq!(is_scheduled, !destination.is_null(), "{name}");
    }
}
