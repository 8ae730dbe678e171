//! `statemachine.asl.json` agrees with the code and with `template.yaml`, and keeps its bounds.
//!
//! The engine of the local stack runs the same file in the other tests; here is what they would show late or not at
//! all: a retry without a ceiling, an error name that nobody throws, a job that costs more transitions than said.

use std::collections::BTreeSet;

use packshot_functions::runtime::ErrorKind;
use serde_json::{Value, json};

use crate::template;

pub(crate) mod walk;

/// Names of errors that AWS makes, not our code.
const PLATFORM_ERRORS: [&str; 4] = ["States.", "Lambda.", "Sandbox.", "Runtime."];

pub(crate) fn machine() -> Value {
    let text = std::fs::read_to_string(template::repository().join("statemachine.asl.json"));
    serde_json::from_str(&text.expect("statemachine.asl.json is readable"))
        .expect("statemachine.asl.json is JSON")
}

/// Every state with its name, those inside of branches too.
fn states(machine: &Value) -> Vec<(&str, &Value)> {
    let mut found = Vec::new();
    for (name, state) in machine["States"].as_object().expect("States is an object") {
        found.push((name.as_str(), state));
        for branch in state["Branches"].as_array().into_iter().flatten() {
            found.extend(states(branch));
        }
    }
    found
}

pub(crate) fn tasks(machine: &Value) -> Vec<(&str, &Value)> {
    states(machine)
        .into_iter()
        .filter(|(_, state)| state["Type"] == "Task")
        .collect()
}

fn is_lambda(task: &Value) -> bool {
    task["Resource"] == "arn:aws:states:::lambda:invoke"
}

/// The error names of all rules of a task's `Retry` or `Catch`.
fn error_names<'task>(task: &'task Value, field: &str) -> BTreeSet<&'task str> {
    let rules = task[field].as_array().expect("the field is a list");
    rules
        .iter()
        .flat_map(|rule| {
            rule["ErrorEquals"]
                .as_array()
                .expect("a list")
                .iter()
                .filter_map(Value::as_str)
        })
        .collect()
}

fn is_ours(name: &str) -> bool {
    !PLATFORM_ERRORS.iter().any(|prefix| name.starts_with(prefix))
}

#[test]
fn every_state_says_why_it_is_there() {
    for (name, state) in states(&machine()) {
        assert!(
            state["Comment"].as_str().is_some_and(|text| text.len() > 20),
            "{name}"
        );
    }
}

#[test]
fn tasks_are_bounded() {
    let machine = machine();
    assert_eq!(machine["QueryLanguage"], "JSONata");
    assert!(machine["TimeoutSeconds"].is_u64());
    for (name, task) in tasks(&machine) {
        assert!(task["TimeoutSeconds"].is_u64(), "{name} has no TimeoutSeconds");
        for rule in task["Retry"]
            .as_array()
            .unwrap_or_else(|| panic!("{name} has no Retry"))
        {
            assert!(
                rule["MaxAttempts"].is_u64() && rule["MaxDelaySeconds"].is_u64(),
                "{name}: {rule}"
            );
            assert_eq!(rule["JitterStrategy"], "FULL", "{name}");
        }
        let last = task["Catch"].as_array().and_then(|rules| rules.last());
        assert_eq!(
            last.expect("every task has Catch")["ErrorEquals"],
            json!(["States.ALL"]),
            "{name}"
        );
    }
}

#[test]
fn error_names_are_those_that_the_code_throws_and_each_is_handled() {
    let machine = machine();
    let ours: BTreeSet<&str> = ErrorKind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(ours, BTreeSet::from(["Transient", "Rejected", "Bug"]));
    for (name, task) in tasks(&machine).into_iter().filter(|(_, task)| is_lambda(task)) {
        let caught: BTreeSet<&str> = error_names(task, "Catch")
            .into_iter()
            .filter(|error| is_ours(error))
            .collect();
        assert_eq!(caught, ours, "{name} catches what the code throws, by name");
        let retried: BTreeSet<&str> = error_names(task, "Retry")
            .into_iter()
            .filter(|error| is_ours(error))
            .collect();
        assert_eq!(
            retried,
            BTreeSet::from(["Transient"]),
            "{name} repeats nothing that would fail again"
        );
    }
}

#[test]
fn tasks_wait_longer_than_their_functions_run() {
    let (machine, template) = (machine(), template::template());
    let substitutions =
        &template["Resources"]["GenerateStateMachine"]["Properties"]["DefinitionSubstitutions"];
    let functions = template::functions(&template);
    for (name, task) in tasks(&machine).into_iter().filter(|(_, task)| is_lambda(task)) {
        let placeholder = task["Arguments"]["FunctionName"].as_str().expect("a placeholder");
        let arn = substitutions[placeholder.trim_matches(['$', '{', '}'])]["Fn::GetAtt"]
            .as_str()
            .expect("an ARN");
        let properties = &template["Resources"][arn.trim_end_matches(".Arn")]["Properties"];
        let (_, function) = functions
            .iter()
            .find(|(_, function)| **function == properties)
            .expect("a function");
        let (waits, runs) = (task["TimeoutSeconds"].as_u64(), function["Timeout"].as_u64());
        assert!(
            runs.is_some() && runs < waits,
            "{name} waits {waits:?}, its function runs {runs:?}"
        );
    }
}

#[test]
fn placeholders_and_substitutions_agree() {
    let (text, template) = (machine().to_string(), template::template());
    let properties = &template["Resources"]["GenerateStateMachine"]["Properties"];
    let given: BTreeSet<&str> = properties["DefinitionSubstitutions"]
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    let used: BTreeSet<&str> = text
        .split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect();
    assert_eq!(given, used, "left: template.yaml; right: statemachine.asl.json");
    let accounts = text.matches("arn:").count() - text.matches("arn:aws:states:::").count();
    assert_eq!(accounts, 0, "only integrations are named in the file itself");
}

/// What the machine does: the action of IAM, and what it is done to.
fn deeds(machine: &Value, substitutions: &Value) -> BTreeSet<(String, String)> {
    let deed = |task: &Value| {
        let (action, target) = match task["Resource"].as_str() {
            Some("arn:aws:states:::lambda:invoke") => ("lambda:InvokeFunction", "FunctionName"),
            Some("arn:aws:states:::sqs:sendMessage") => ("sqs:SendMessage", "QueueUrl"),
            other => panic!("say here which right {other:?} needs"),
        };
        let placeholder = task["Arguments"][target].as_str().expect("a placeholder");
        let named = &substitutions[placeholder.trim_matches(['$', '{', '}'])];
        // A function is named by its ARN, a queue by its URL.
        let resource = match named["Ref"].as_str() {
            Some(queue) => format!("{queue}.Arn"),
            None => named["Fn::GetAtt"].as_str().expect("an ARN").to_owned(),
        };
        (action.to_owned(), resource)
    };
    tasks(machine).into_iter().map(|(_, task)| deed(task)).collect()
}

/// The local engine does not check the machine's own role, so what it may do is compared with what it does.
#[test]
fn the_machine_is_granted_what_it_names() {
    let template = template::template();
    let properties = &template["Resources"]["GenerateStateMachine"]["Properties"];
    let statements = properties["Policies"][0]["Statement"].as_array();
    let mut granted = BTreeSet::new();
    for statement in statements.expect("statements") {
        let action = &statement["Action"];
        let resources = match &statement["Resource"] {
            Value::Array(resources) => resources.as_slice(),
            resource => std::slice::from_ref(resource),
        };
        let resources = resources
            .iter()
            .filter_map(|resource| resource["Fn::GetAtt"].as_str());
        granted.extend(resources.map(|resource| {
            let action = action.as_str().expect("one action");
            (action.to_owned(), resource.to_owned())
        }));
    }
    let done = deeds(&machine(), &properties["DefinitionSubstitutions"]);
    assert_eq!(granted, done, "left: granted; right: done");
}

#[test]
fn every_state_can_be_reached_and_every_next_exists() {
    fn check(level: &Value) {
        let known: BTreeSet<&str> = level["States"]
            .as_object()
            .expect("States")
            .keys()
            .map(String::as_str)
            .collect();
        let mut reached = BTreeSet::new();
        let mut open = vec![level["StartAt"].as_str().expect("StartAt is a name")];
        while let Some(name) = open.pop() {
            assert!(known.contains(name), "{name} is not there");
            if reached.insert(name) {
                let state = &level["States"][name];
                let rules = ["Choices", "Catch"]
                    .into_iter()
                    .filter_map(|field| state[field].as_array())
                    .flatten();
                open.extend(rules.filter_map(|rule| rule["Next"].as_str()));
                open.extend(
                    ["Next", "Default"]
                        .into_iter()
                        .filter_map(|field| state[field].as_str()),
                );
                state["Branches"].as_array().into_iter().flatten().for_each(check);
            }
        }
        assert_eq!(reached, known);
    }
    check(&machine());
}
