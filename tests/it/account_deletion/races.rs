//! What is made at the same moment as the account is deleted: it is refused, or it goes with the rest.

use std::time::Duration;

use packshot_clients::clock;
use packshot_tests::{api::Answer, pictures, stack::Stack};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Account, change_row};

const TRIES: usize = 12;

/// Everything that makes something for the account.
fn makers(account: &Account) -> Vec<reqwest::RequestBuilder> {
    let (api, token) = (&account.stack.api, &account.sessions[0]);
    let generate = || {
        let body = json!({"images": [pictures::data_url(&pictures::cup_png())], "count": 1});
        api.request(Method::POST, "/api/v1/generate").json(&body)
    };
    let upload = json!({"filename": "cup.png", "content_type": "image/png", "size": 4711});
    vec![
        generate(),
        generate().header("idempotency-key", "once"),
        api.page_request(Method::POST, "/api/keys", token)
            .json(&json!({"name": "late"})),
        api.request(Method::POST, "/api/v1/uploads")
            .header("idempotency-key", "twice")
            .json(&upload),
        api.page_request(Method::PUT, "/api/webhook-endpoint", token)
            .json(&json!({"url": "https://receiver.example/"})),
        generate(),
    ]
}

/// Sends everything at once, the deletion after so many of the others; the answer to the deletion comes last.
async fn all_at_once(account: &Account, deletion_after: usize) -> Vec<Answer> {
    let api = &account.stack.api;
    let mut requests = makers(account);
    let deletion = api.page_request(Method::DELETE, "/api/me", &account.sessions[0]);
    requests.insert(deletion_after, deletion);
    let mut answers =
        futures_util::future::join_all(requests.into_iter().map(|request| api.send(request))).await;
    let deletion = answers.remove(deletion_after);
    answers.push(deletion);
    answers
}

/// A key whose issue the mark has stopped halfway is looked at again after ten minutes.
async fn age_unfinished_keys(account: &Account) {
    let earlier = clock::now() - Duration::from_mins(11);
    for row in account.rows().await {
        if row.starts_with("KEY#") {
            change_row(&account.stack, &row, &[("created_at", earlier.to_string())]).await;
        }
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[tokio::test]
async fn what_is_made_beside_the_deletion_leaves_nothing() {
    let mut made = 0;
    for number in 0..TRIES {
        let mut account = Account::new(Stack::connect().await).await;
        account.sessions.push(account.stack.sign_in().await);
        let mut answers = all_at_once(&account, number % 7).await;
        let deletion = answers.pop().expect("there is one");
        assert_eq!(deletion.status, 202, "{deletion:?}");
        for answer in &answers {
            let expected = [200, 201, 202, 401, 403, 503];
            assert!(expected.contains(&answer.status), "{answer:?}");
        }
        let accepted = answers.iter().filter(|answer| answer.status == 202);
        let jobs: Vec<String> = accepted.filter_map(|answer| text(&answer.body["id"])).collect();
        made += jobs.len();
        for id in &jobs {
            // Its execution finds no job, or has ended it.
            account.stack.workflow.ended(id).await;
        }
        let keys = answers.iter().filter(|answer| answer.body["object"] == "api_key");
        account
            .key_names
            .extend(keys.filter_map(|answer| text(&answer.body["id"])));
        age_unfinished_keys(&account).await;
        account.settle().await;
    }
    assert!(made > 0, "no try was a race at all");
}
