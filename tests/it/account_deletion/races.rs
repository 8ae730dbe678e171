//! What is made at the same moment as the account is deleted: it is refused, or it goes with the rest.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use packshot_clients::clock;
use packshot_tests::{api::Answer, eventually, pictures, stack::Stack};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use super::{Account, change_row};

const TRIES: usize = 8;

/// Makes one thing after the other until the account is gone; the answers that were not refusals.
async fn until_refused(
    account: &Account,
    made: &AtomicUsize,
    request: impl Fn() -> RequestBuilder,
) -> Vec<Answer> {
    let mut answers = Vec::new();
    loop {
        let answer = account.stack.api.send(request()).await;
        match (answer.status, answer.code()) {
            (200..=202, _) => answers.push(answer),
            // A key that meets the mark halfway, and one too many of what is limited.
            (409 | 429 | 503, _) => {}
            (401, "signed_out") | (403, "invalid_api_key") => return answers,
            _ => panic!("{answer:?}"),
        }
        made.fetch_add(1, Ordering::SeqCst);
    }
}

fn ids(answers: &[Answer]) -> impl Iterator<Item = String> {
    let ids = answers.iter().filter_map(|answer| answer.body["id"].as_str());
    ids.map(str::to_owned)
}

/// Has everything made that can be, over and over, and deletes the account in the middle of that. The answer is the jobs that
/// were let in.
async fn delete_while_busy(account: &mut Account, busy: usize) -> Vec<String> {
    let (api, token, made) = (&account.stack.api, &account.sessions[0], AtomicUsize::new(0));
    let photo = pictures::data_url(&pictures::cup_png());
    let job = || {
        let body = json!({"images": [photo], "count": 1});
        api.request(Method::POST, "/api/v1/generate").json(&body)
    };
    let key = || {
        let request = api.page_request(Method::POST, "/api/keys", token);
        request.json(&json!({"name": "late"}))
    };
    let upload = || {
        let body = json!({"filename": "cup.png", "content_type": "image/png", "size": 4711});
        let request = api.request(Method::POST, "/api/v1/uploads").json(&body);
        request.header("idempotency-key", clock::new_uuid().to_string())
    };
    let endpoint = || {
        let request = api.page_request(Method::PUT, "/api/webhook-endpoint", token);
        request.json(&json!({"url": "https://receiver.example/"}))
    };
    let deletion = async {
        let is_busy = async || (made.load(Ordering::SeqCst) >= busy).then_some(());
        eventually("the account to be busy", is_busy).await;
        account.delete().await
    };
    let (jobs, more_jobs, keys, _, _, deletion) = tokio::join!(
        until_refused(account, &made, job),
        until_refused(account, &made, job),
        until_refused(account, &made, key),
        until_refused(account, &made, upload),
        until_refused(account, &made, endpoint),
        deletion
    );
    assert_eq!(deletion.status, 202, "{deletion:?}");
    let jobs = ids(&jobs).chain(ids(&more_jobs)).collect();
    account.key_names.extend(ids(&keys));
    jobs
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

#[tokio::test]
async fn what_is_made_beside_the_deletion_leaves_nothing() {
    for number in 0..TRIES {
        let mut account = Account::new(Stack::connect().await).await;
        account.sessions.push(account.stack.sign_in().await);
        let jobs = delete_while_busy(&mut account, 4 + number).await;
        for id in &jobs {
            // Its execution has made it, or finds no job.
            account.stack.workflow.ended(id).await;
        }
        age_unfinished_keys(&account).await;
        account.settle().await;
    }
}
