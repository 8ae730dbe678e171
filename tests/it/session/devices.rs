//! Sessions: listed by device, put off by use, ended one by one or all at once, and never brought back.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use jiff::Timestamp;
use packshot_clients::{clock, sessions::Sessions};
use packshot_domain::{
    id::SessionId,
    session::{self, SessionToken},
};
use packshot_tests::{api::Answer, stack::Stack};
use reqwest::Method;
use serde_json::{Value, json};

const SESSIONS: &str = "/api/sessions";
const LOGOUT: &str = "/auth/logout";
const DAY: Duration = Duration::from_hours(24);

async fn send(stack: &Stack, method: Method, path: &str, token: &SessionToken) -> Answer {
    stack.api.send(stack.api.page_request(method, path, token)).await
}

/// Whether a token opens anything.
async fn is_open(stack: &Stack, token: &SessionToken) -> bool {
    match send(stack, Method::GET, SESSIONS, token).await.status {
        200 => true,
        401 => false,
        status => panic!("{status}"),
    }
}

async fn listed(stack: &Stack, token: &SessionToken) -> Vec<Value> {
    let answer = send(stack, Method::GET, SESSIONS, token).await;
    assert_eq!(
        (answer.status, &answer.headers["cache-control"]),
        (200, &"no-store".parse().expect("a value"))
    );
    answer.body["data"].as_array().expect("a list").clone()
}

fn moment(value: &Value) -> Timestamp {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .expect("a moment")
}

/// The keys of the two rows of a session.
fn rows(stack: &Stack, token: &SessionToken, id: SessionId) -> [HashMap<String, AttributeValue>; 2] {
    let key = |pk: String, sk: String| {
        HashMap::from([
            ("pk".to_owned(), AttributeValue::S(pk)),
            ("sk".to_owned(), AttributeValue::S(sk)),
        ])
    };
    [
        key(format!("SESSION#{}", token.hash().as_str()), "SESSION".to_owned()),
        key(format!("USER#{}", stack.user.id), format!("SESSION#{id}")),
    ]
}

async fn how_many_rows(stack: &Stack, token: &SessionToken, id: SessionId) -> usize {
    let client = Client::new(&stack.config);
    let mut found = 0;
    for key in rows(stack, token, id) {
        let reply = client.get_item().table_name(stack.output("TableName"));
        let reply = reply.set_key(Some(key)).consistent_read(true).send().await;
        found += usize::from(reply.expect("an answer").item.is_some());
    }
    found
}

/// Moves the end of a session, as its use would have.
async fn leave_until(stack: &Stack, token: &SessionToken, id: SessionId, end: Timestamp) {
    let client = Client::new(&stack.config);
    for key in rows(stack, token, id) {
        client
            .update_item()
            .table_name(stack.output("TableName"))
            .set_key(Some(key))
            .update_expression("SET expires_at = :end")
            .expression_attribute_values(":end", AttributeValue::N(end.as_second().to_string()))
            .send()
            .await
            .expect("changed");
    }
}

#[tokio::test]
async fn sessions_are_listed_by_device_and_the_current_one_is_marked() {
    let stack = Stack::connect().await;
    let (phone, _) = stack.sign_in_on("Safari on iPhone", clock::now() - 2 * DAY).await;
    let (laptop, laptop_id) = stack.sign_in_on("Firefox on Linux", clock::now()).await;
    stack.sign_in_on("Edge on Windows", clock::now() - 15 * DAY).await;

    let seen = listed(&stack, &laptop).await;
    let devices: Vec<_> = seen.iter().map(|one| (&one["device"], &one["current"])).collect();
    assert_eq!(
        devices,
        [
            (&json!("Firefox on Linux"), &json!(true)),
            (&json!("Safari on iPhone"), &json!(false)),
        ],
        "newest first, without the one that is over"
    );
    assert_eq!(seen[0]["id"], laptop_id.to_string());
    let text = json!(seen).to_string();
    for secret in [
        phone.reveal(),
        laptop.reveal(),
        phone.hash().as_str(),
        laptop.hash().as_str(),
    ] {
        assert!(!text.contains(secret), "{text}");
    }
    let seen = listed(&stack, &phone).await;
    assert_eq!(
        (&seen[0]["current"], &seen[1]["current"]),
        (&json!(false), &json!(true))
    );
}

#[tokio::test]
async fn use_puts_off_the_end_and_is_noted_once_a_minute() {
    let stack = Stack::connect().await;
    let (token, id) = stack.sign_in_on("curl", clock::now() - 13 * DAY).await;
    let before = clock::now();
    assert!(is_open(&stack, &token).await);
    let first = listed(&stack, &token).await.remove(0);
    let used_at = moment(&first["last_used_at"]);
    assert!(used_at >= before && used_at <= clock::now(), "{first}");
    let ends_at = moment(&first["expires_at"]);
    assert_eq!(ends_at.as_second(), (used_at + session::IDLE_LIMIT).as_second());
    let second = listed(&stack, &token).await.remove(0);
    assert_eq!(second, first, "{id} is not written at each request");
}

#[tokio::test]
async fn a_session_does_not_outlive_its_age_however_much_it_is_used() {
    let stack = Stack::connect().await;
    let began_at = clock::now() - 20 * DAY;
    let (token, id) = stack.sign_in_on("curl", began_at).await;
    leave_until(&stack, &token, id, clock::now() + DAY).await;
    assert!(is_open(&stack, &token).await);
    let session = listed(&stack, &token).await.remove(0);
    let last = began_at + session::AGE_LIMIT;
    assert_eq!(moment(&session["expires_at"]).as_second(), last.as_second());
}

#[tokio::test]
async fn one_session_is_ended_from_another() {
    let stack = Stack::connect().await;
    let (lost, lost_id) = stack.sign_in_on("Chrome on Android", clock::now()).await;
    let token = stack.sign_in().await;
    let path = format!("{SESSIONS}/{lost_id}");
    let ended = send(&stack, Method::DELETE, &path, &token).await;
    assert_eq!(ended.status, 204, "{ended:?}");
    assert_eq!(ended.headers.get("set-cookie"), None, "this one goes on");
    assert!(!is_open(&stack, &lost).await);
    assert_eq!(how_many_rows(&stack, &lost, lost_id).await, 0);
    assert_eq!(listed(&stack, &token).await.len(), 1);
    for id in [
        lost_id.to_string(),
        lost.hash().as_str().to_owned(),
        "nonsense".to_owned(),
    ] {
        let answer = send(&stack, Method::DELETE, &format!("{SESSIONS}/{id}"), &token).await;
        answer.assert_problem(404, "session_not_found");
    }
}

#[tokio::test]
async fn ending_the_current_session_removes_its_cookie() {
    let stack = Stack::connect().await;
    let (token, id) = stack.sign_in_on("curl", clock::now()).await;
    let ended = send(&stack, Method::DELETE, &format!("{SESSIONS}/{id}"), &token).await;
    assert_eq!(ended.status, 204, "{ended:?}");
    assert_eq!(
        ended.headers["set-cookie"],
        stack.api.session_cookie().clear().as_str()
    );
    assert!(!is_open(&stack, &token).await);
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_and_no_key() {
    let (stack, other) = (Stack::connect().await, Stack::connect().await);
    let others = other.sign_in().await;
    let mut sessions = Vec::new();
    // One that is over, and more than one transaction takes.
    sessions.push(stack.sign_in_on("curl", clock::now() - 15 * DAY).await);
    for _ in 0..51 {
        sessions.push(stack.sign_in_on("curl", clock::now()).await);
    }
    let (current, _) = sessions.last().expect("there are some");
    let done = send(&stack, Method::POST, "/api/sessions/revoke-all", current).await;
    assert_eq!(done.status, 204, "{done:?}");
    assert_eq!(
        done.headers["set-cookie"],
        stack.api.session_cookie().clear().as_str()
    );
    for (token, id) in &sessions {
        assert_eq!(how_many_rows(&stack, token, *id).await, 0);
    }
    assert!(!is_open(&stack, current).await);
    assert!(is_open(&other, &others).await);
    assert_eq!(stack.api.get("/api/v1/jobs").await.status, 200);
}

#[tokio::test]
async fn signing_out_works_twice_and_without_a_session() {
    let stack = Stack::connect().await;
    let (token, id) = stack.sign_in_on("curl", clock::now()).await;
    let kept = stack.sign_in().await;
    for _ in 0..2 {
        let done = send(&stack, Method::POST, LOGOUT, &token).await;
        assert_eq!(done.status, 204, "{done:?}");
        assert_eq!(
            done.headers["set-cookie"],
            stack.api.session_cookie().clear().as_str()
        );
        assert_eq!(how_many_rows(&stack, &token, id).await, 0);
    }
    assert!(!is_open(&stack, &token).await);
    assert!(is_open(&stack, &kept).await);
    let api = stack.api.without_key();
    let without = api
        .request(Method::POST, LOGOUT)
        .header("origin", stack.base_url());
    assert_eq!(api.send(without).await.status, 204);
}

#[tokio::test]
async fn another_site_cannot_sign_anybody_out() {
    let stack = Stack::connect().await;
    let token = stack.sign_in().await;
    let cookie = format!("{}={}", stack.api.session_cookie().name(), token.reveal());
    let request = stack.api.request(Method::POST, LOGOUT).header("cookie", cookie);
    let request = request.header("origin", "https://elsewhere.example");
    let refused = stack.api.send(request).await;
    refused.assert_problem(403, "foreign_origin");
    assert!(is_open(&stack, &token).await);
}

/// A request that was let in before the end notes its use after it.
#[tokio::test]
async fn a_late_note_of_use_does_not_bring_a_session_back() {
    let stack = Stack::connect().await;
    let sessions = Sessions::new(stack.table.clone());
    let (token, id) = stack.sign_in_on("curl", clock::now() - DAY).await;
    let open = sessions.open(&token).await.expect("read").expect("open");
    assert!(sessions.end(stack.user.id, id).await.expect("ended"));
    sessions.note_use(&open).await.expect("nothing to note");
    assert_eq!(how_many_rows(&stack, &token, id).await, 0);
    assert!(!is_open(&stack, &token).await);
}
