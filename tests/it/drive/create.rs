//! What the page is told at once.

use packshot_tests::{
    drives::{self, READ, SAVE, picture},
    stack::Stack,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{ended, generate, post, request};

async fn jobs(stack: &Stack) -> usize {
    let page = stack.api.get("/api/v1/jobs?limit=100").await;
    page.body["data"].as_array().expect("a list").len()
}

#[tokio::test]
async fn somebody_without_a_drive_is_told_how_to_connect_one() {
    let stack = Stack::connect().await;
    let answer = generate(&stack, &request(json!({"file_ids": ["1aB"]}))).await;
    answer.assert_problem(409, "drive_not_connected");
    assert!(
        answer.body["detail"]
            .as_str()
            .is_some_and(|text| text.contains("/auth/google/drive")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_missing_permission_is_named_with_the_address_that_asks_for_it() {
    let stack = Stack::connect().await;
    let account = drives::connect(&stack, json!({"files": [picture("cup.jpg")]}), &[SAVE]).await;
    let mut body = request(json!({"file_ids": [account.id("cup.jpg")]}));
    let answer = generate(&stack, &body).await;
    answer.assert_problem(409, "drive_scope_missing");
    assert!(
        answer.body["detail"]
            .as_str()
            .is_some_and(|text| text.contains(READ)),
        "{answer:?}"
    );

    let account = drives::connect(&stack, json!({"files": [picture("cup.jpg")]}), &[READ]).await;
    body["drive"]["file_ids"][0] = json!(account.id("cup.jpg"));
    body["save_to_drive"] = json!(true);
    let answer = generate(&stack, &body).await;
    answer.assert_problem(409, "drive_scope_missing");
    let detail = answer.body["detail"].as_str().expect("a detail");
    assert!(
        detail.contains(SAVE) && detail.contains("/auth/google/drive?save=true"),
        "{detail}"
    );
    assert_eq!(jobs(&stack).await, 0);
}

#[tokio::test]
async fn somebody_who_took_access_back_is_told_to_connect_again() {
    let stack = Stack::connect().await;
    let account = drives::connect(&stack, json!({"files": [picture("cup.jpg")]}), &[READ]).await;
    account.revoke(&stack).await;
    let body = request(json!({"file_ids": [account.id("cup.jpg")]}));
    for _ in 0..2 {
        generate(&stack, &body)
            .await
            .assert_problem(409, "drive_reconnect_needed");
    }
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_choice_is_told_at_once() {
    let stack = Stack::connect().await;
    let tree = json!({"files": [
        picture("cup.jpg"),
        {"name": "notes.txt", "text": "Title: Cup"},
        {"name": "More", "folder": true},
        {"name": "huge.jpg", "mime_type": "image/jpeg", "size": 51 * 1024 * 1024},
        {"name": "kept.jpg", "picture": {"seed": "cup"}, "can_download": false},
        {"name": "phone.heic", "mime_type": "image/heic", "text": "ftyp"},
        {"name": "old.jpg", "picture": {"seed": "cup"}, "trashed": true},
    ]});
    let account = drives::connect(&stack, tree, &[READ]).await;
    let names = [
        "cup.jpg",
        "notes.txt",
        "More",
        "huge.jpg",
        "kept.jpg",
        "phone.heic",
        "old.jpg",
    ];
    let mut ids: Vec<&str> = names.iter().map(|name| account.id(name)).collect();
    ids.push("1NoSuchFileAnywhere");
    let answer = generate(&stack, &request(json!({"file_ids": ids}))).await;
    answer.assert_problem(422, "invalid_fields");
    assert_eq!(
        answer.field_codes(),
        [
            "drive.file_ids[1] not_a_picture",
            "drive.file_ids[2] not_a_picture",
            "drive.file_ids[3] photo_too_large",
            "drive.file_ids[4] drive_file_not_downloadable",
            "drive.file_ids[5] unsupported_photo_format",
            "drive.file_ids[6] drive_file_not_found",
            "drive.file_ids[7] drive_file_not_found",
        ]
    );
    let message = answer.body["errors"][2]["message"].as_str().expect("a message");
    assert!(message.contains("huge.jpg"), "{message}");
    assert_eq!(jobs(&stack).await, 0);
}

#[tokio::test]
async fn wrong_fields_are_told_before_google_is_asked() {
    let stack = Stack::connect().await;
    let answer = generate(
        &stack,
        &json!({"drive": {"file_ids": ["a'b"], "folder_id": "x"}, "count": 0, "images": []}),
    )
    .await;
    answer.assert_problem(422, "invalid_fields");
    assert_eq!(
        answer.field_codes(),
        [
            "drive.folder_id either_or",
            "count out_of_range",
            "images unknown_field"
        ]
    );
    assert_eq!(stack.google.calls().await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_drive_that_asks_for_fewer_requests_is_told_with_a_wait() {
    let stack = Stack::connect().await;
    let account = drives::connect(&stack, json!({"files": [picture("cup.jpg")]}), &[READ]).await;
    let body = request(json!({"file_ids": [account.id("cup.jpg")]}));
    let limited = json!({"drive_get": [{"status": 403, "reason": "userRateLimitExceeded", "times": 3}]});
    stack.google.faults(limited).await;
    let answer = generate(&stack, &body).await;
    answer.assert_problem(503, "drive_rate_limited");
    assert!(answer.headers.contains_key("retry-after"), "{answer:?}");
    stack
        .google
        .faults(json!({"drive_get": [{"status": 500, "times": 3}]}))
        .await;
    generate(&stack, &body)
        .await
        .assert_problem(503, "drive_unavailable");
    stack
        .google
        .faults(json!({"drive_get": [{"status": 403, "reason": "domainPolicy"}]}))
        .await;
    let answer = generate(&stack, &body).await;
    assert_eq!(
        answer.field_codes(),
        ["drive.file_ids[0] drive_file_not_downloadable"]
    );
}

#[tokio::test]
async fn a_job_is_priced_without_being_started() {
    let stack = Stack::connect().await;
    let account = drives::connect(&stack, json!({"files": [picture("cup.jpg")]}), &[READ]).await;
    let mut body = request(json!({"file_ids": [account.id("cup.jpg")]}));
    let priced = post(&stack, "/api/generate/drive?dry_run=true", &body).await;
    assert_eq!(
        (priced.status, &priced.body["object"]),
        (200, &json!("estimate")),
        "{priced:?}"
    );
    assert_eq!(jobs(&stack).await, 0);
    body["max_cost_usd"] = json!("0.000001");
    let refused = generate(&stack, &body).await;
    assert_eq!(refused.field_codes(), ["max_cost_usd estimate_too_high"]);
}

#[tokio::test]
async fn the_same_request_twice_is_one_job() {
    let stack = Stack::connect().await;
    let account = drives::connect(&stack, json!({"files": [picture("cup.jpg")]}), &[READ]).await;
    let body = request(json!({"file_ids": [account.id("cup.jpg")]}));
    let token = stack.sign_in().await;
    let send = async || {
        let request = stack
            .api
            .page_request(Method::POST, "/api/generate/drive", &token);
        stack
            .api
            .send(request.header("idempotency-key", "order-17").json(&body))
            .await
    };
    let (first, second) = (send().await, send().await);
    assert_eq!((first.status, second.status), (202, 202), "{second:?}");
    assert_eq!(first.body, second.body);
    assert_eq!(second.headers["idempotent-replayed"], "true");
    let id = first.body["id"].as_str().expect("an id");
    assert!(
        stack.workflow.status(id).await.is_some(),
        "it is under way by now"
    );
    ended(&stack, id).await;
    assert_eq!(jobs(&stack).await, 1);
}
