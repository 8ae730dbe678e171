//! The files in `events/`: each is taken by its function as it is, and does what its name says for a caller who exists.

use std::collections::{BTreeMap, BTreeSet};

use packshot_tests::stack::Stack;
use serde_json::{Value, json};

use crate::template::repository;

/// What each file for an HTTP function is answered, once its key is somebody's.
const HTTP_EVENTS: [(&str, u16); 15] = [
    ("create-job.json-data-url", 202),
    ("create-job.multipart", 202),
    ("create-job.wrong-fields", 422),
    ("create-upload.jpeg", 201),
    ("read-jobs.list", 200),
    ("read-jobs.one", 404),
    ("read-jobs.archive", 404),
    ("change-job.cancel", 404),
    ("change-job.delete", 404),
    ("retry-image.prompt", 404),
    ("read-usage.days", 200),
    ("manage-webhooks.list", 200),
    ("manage-webhooks.endpoint", 404),
    ("manage-webhooks.replay-failed", 202),
    ("manage-webhooks.test-refused", 422),
];

/// What each file of the page's own routes is answered, once its session is somebody's.
const PAGE_EVENTS: [(&str, u16); 8] = [
    ("browse-drive.connection", 200),
    ("browse-drive.files", 409),
    ("create-drive-job.files", 409),
    ("read-jobs.page", 200),
    ("manage-keys.list", 200),
    ("manage-webhooks.secret", 200),
    ("manage-session.me", 200),
    ("manage-session.list", 200),
];

/// What browsers are led through, and where to: somebody who signs in to Google, and who did not ask for what comes from there
/// to the page that says so.
const WAYS: [(&str, &str); 2] = [
    ("sign-in.login", "http://127.0.0.1:"),
    ("sign-in.callback", "/sign-in?error=attempt_unknown"),
];

/// The file of the one change that needs neither key nor session.
const LOGOUT: &str = "manage-session.logout";

/// What each other file is answered: its user and its job are nobody's, so there is nothing to do for it, or the task
/// that cannot do without says so.
fn answers_of_other_events() -> BTreeMap<&'static str, Result<Value, &'static str>> {
    BTreeMap::from([
        ("copy-photos.job", Ok(json!({"state": "finished"}))),
        (
            "save-to-drive.job",
            Ok(
                json!({"state": "saved", "status": "deleted", "webhook": false, "event_id": "evt_01m83z7kcve3yt4m9xw2n8b7cg", "save_to_drive": false}),
            ),
        ),
        ("plan-strategy.job", Ok(json!({"state": "finished"}))),
        ("submit-batch.job", Ok(json!({"state": "finished"}))),
        ("submit-batch.retry", Ok(json!({"state": "finished"}))),
        ("make-late-images.job", Ok(json!({"state": "finished"}))),
        ("poll-batch.job", Ok(json!({"state": "finished"}))),
        ("collect-images.job", Err("the job is gone")),
        ("fail-job.rejected", Err("does not exist")),
        ("send-email.job", Ok(json!({"sent": false, "reason": "deleted"}))),
        (
            "deliver-webhook.two-messages",
            Ok(json!({"batchItemFailures": []})),
        ),
        ("delete-account.message", Ok(json!({"batchItemFailures": []}))),
        (
            "reconcile-jobs.execution-failed",
            Ok(json!({"looked_at": 1, "started": 0, "failed": 0, "removed": 0, "oldest_queued_seconds": 0})),
        ),
    ])
}

/// The wake-ups by schedule look at whatever the other tests have left, so that their answers are only known by their form.
const SCHEDULES: [&str; 3] = [
    "reconcile-jobs.schedule",
    "reconcile-keys.schedule",
    "delete-account.schedule",
];

/// The event of a file, `name` being `<function>.<case>`.
pub(crate) fn sample(name: &str) -> Value {
    let path = repository().join("events").join(format!("{name}.json"));
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).expect("an event is JSON")
}

/// An event of API Gateway as the holder of this key would cause it.
pub(crate) fn sent_with(key: &str, mut event: Value) -> Value {
    event["headers"]["x-api-key"] = json!(key);
    event["multiValueHeaders"]["x-api-key"] = json!([key]);
    event["requestContext"]["identity"]["apiKey"] = json!(key);
    event
}

fn set_header(event: &mut Value, name: &str, value: &str) {
    event["headers"][name] = json!(value);
    event["multiValueHeaders"][name] = json!([value]);
}

/// The status and the body of an HTTP function's answer.
pub(crate) async fn answer_of(stack: &Stack, function: &str, event: &Value) -> (u64, Value) {
    let answer = stack
        .workflow
        .invoke(function, event)
        .await
        .expect("an HTTP answer");
    let status = answer["statusCode"].as_u64().expect("a status");
    let body = answer["body"].as_str().expect("a body");
    (status, serde_json::from_str(body).expect("a body of JSON"))
}

fn function_of(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

#[test]
fn every_event_is_tried() {
    let files = std::fs::read_dir(repository().join("events")).expect("the folder is there");
    let names = files.map(|file| file.expect("readable").file_name().to_string_lossy().into_owned());
    let there: BTreeSet<String> = names
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    let mut tried: BTreeSet<String> = HTTP_EVENTS.iter().map(|(name, _)| (*name).to_owned()).collect();
    tried.extend(answers_of_other_events().into_keys().map(str::to_owned));
    tried.extend(PAGE_EVENTS.iter().map(|(name, _)| (*name).to_owned()));
    tried.extend(SCHEDULES.map(str::to_owned));
    tried.extend(WAYS.iter().map(|(name, _)| (*name).to_owned()));
    tried.insert(LOGOUT.to_owned());
    assert_eq!(there, tried, "left: files in events; right: tried here");
}

#[tokio::test]
async fn http_functions_refuse_the_key_of_nobody() {
    let stack = Stack::connect().await;
    for (name, _) in HTTP_EVENTS {
        let event = sample(name);
        let (status, body) = answer_of(&stack, function_of(name), &event).await;
        assert_eq!(
            (status, &body["code"]),
            (403, &json!("invalid_api_key")),
            "{name}: {body}"
        );
        assert_eq!(body["request_id"], event["requestContext"]["requestId"], "{name}");
    }
}

#[tokio::test]
async fn http_functions_answer_a_key_that_is_somebodys() {
    let stack = Stack::connect().await;
    for (name, expected) in HTTP_EVENTS {
        let event = sent_with(stack.api.key(), sample(name));
        let (status, body) = answer_of(&stack, function_of(name), &event).await;
        assert_eq!(status, u64::from(expected), "{name}: {body}");
    }
}

#[tokio::test]
async fn every_other_function_takes_its_events() {
    let stack = Stack::connect().await;
    for (name, expected) in answers_of_other_events() {
        let answer = stack.workflow.invoke(function_of(name), &sample(name)).await;
        match (answer, expected) {
            (Ok(answer), Ok(expected)) => assert_eq!(answer, expected, "{name}"),
            (Err(error), Err(words)) => {
                assert_eq!(error["errorType"], "Bug", "{name}: {error}");
                let message = error["errorMessage"].as_str().unwrap_or_default();
                assert!(message.ends_with(words), "{name}: {error}");
            }
            (answer, expected) => panic!("{name}: {answer:?} is not {expected:?}"),
        }
    }
}

#[tokio::test]
async fn page_functions_answer_a_session_that_is_somebodys() {
    let stack = Stack::connect().await;
    let token = stack.sign_in().await;
    for (name, expected) in PAGE_EVENTS {
        let mut event = sample(name);
        if event["httpMethod"] != "GET" {
            set_header(&mut event, "Origin", stack.base_url());
        }
        let (status, body) = answer_of(&stack, function_of(name), &event).await;
        assert_eq!(
            (status, &body["code"]),
            (401, &json!("signed_out")),
            "{name}: {body}"
        );
        let cookie = format!("{}={}", stack.api.session_cookie().name(), token.reveal());
        set_header(&mut event, "Cookie", &cookie);
        let (status, body) = answer_of(&stack, function_of(name), &event).await;
        assert_eq!(status, u64::from(expected), "{name}: {body}");
    }
}

#[tokio::test]
async fn browsers_are_led_on() {
    let stack = Stack::connect().await;
    for (name, to) in WAYS {
        let answer = stack.workflow.invoke(function_of(name), &sample(name)).await;
        let answer = answer.expect("an HTTP answer");
        let location = &answer["multiValueHeaders"]["location"][0];
        let location = location.as_str().or(answer["headers"]["location"].as_str());
        assert_eq!(answer["statusCode"], 303, "{name}: {answer}");
        assert!(
            location.is_some_and(|location| location.starts_with(to)),
            "{name}: {answer}"
        );
    }
}

#[tokio::test]
async fn signing_out_is_taken_from_our_page() {
    let stack = Stack::connect().await;
    let mut event = sample(LOGOUT);
    let (status, body) = answer_of(&stack, function_of(LOGOUT), &event).await;
    assert_eq!((status, &body["code"]), (403, &json!("foreign_origin")), "{body}");
    set_header(&mut event, "Origin", stack.base_url());
    let answer = stack.workflow.invoke(function_of(LOGOUT), &event).await;
    assert_eq!(answer.expect("an HTTP answer")["statusCode"], 204);
}

#[tokio::test]
async fn wake_ups_by_schedule_are_answered_with_counts() {
    let stack = Stack::connect().await;
    for name in SCHEDULES {
        let answer = stack.workflow.invoke(function_of(name), &sample(name)).await;
        let counts = answer.expect("an answer");
        let counts = counts.as_object().expect("counts");
        assert!(
            counts.contains_key("looked_at") && counts.values().all(Value::is_u64),
            "{name}: {counts:?}"
        );
    }
}
