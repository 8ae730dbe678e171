//! An account that has everything, beside one that stays.

use packshot_clients::{clock, keys::IssuedKey};
use packshot_domain::scope::Scopes;
use packshot_tests::{belongings::files_of, eventually, pictures::cup_png, receiver::Receiver, stack::Stack};
use reqwest::Method;
use serde_json::json;

use super::{Account, deliver_message, look_at_all};

/// A job whose batch runs for as long as the test wants.
async fn running_job(account: &mut Account) -> String {
    let stack = &account.stack;
    let slow = json!([{"delay_ms": 300, "times": 10_000}]);
    let faults = json!({"batch": {"stuck": true}, "get_batch": slow});
    stack.google.faults(faults).await;
    let id = stack.api.start_job(json!({"count": 2})).await;
    eventually("the batch to run", async || {
        (stack.api.job(&id).await["status"] == "generating").then_some(())
    })
    .await;
    note_job(account, &id).await;
    id
}

/// A job that has ended, and of which a receiver was told.
async fn completed_job(account: &mut Account) -> String {
    let stack = &account.stack;
    let id = stack.api.start_job(json!({"count": 2})).await;
    stack.workflow.ended(&id).await;
    note_job(account, &id).await;
    id
}

async fn note_job(account: &mut Account, id: &str) {
    let id = id.parse().expect("an id");
    let job = account.stack.jobs.get(account.user(), id).await.expect("read");
    account.jobs.push(job.expect("there"));
}

/// Everything that an account can have.
async fn with_everything(receiver: &Receiver) -> (Account, [IssuedKey; 2]) {
    let mut account = Account::new(Stack::connect().await).await;
    let stack = &account.stack;
    let (laptop, _) = stack.sign_in_on("Firefox on Linux", clock::now()).await;
    let (phone, _) = stack.sign_in_on("Safari on iPhone", clock::now()).await;
    let (one, other) = (
        stack.issue_key(Scopes::ALL, None).await,
        stack.issue_key(Scopes::ALL, None).await,
    );
    stack.api.save_endpoint(&json!({"url": receiver.url})).await;
    stack.api.upload("image/png", &cup_png()).await;
    let revoke = format!("/api/keys/{}", other.listed.id);
    let revoked = stack.api.page_request(Method::DELETE, &revoke, &laptop);
    assert_eq!(stack.api.send(revoked).await.status, 200);
    let named = stack.api.request(Method::POST, "/api/v1/uploads");
    let named = named.header("idempotency-key", "first");
    let wanted = json!({"filename": "cup.png", "content_type": "image/png", "size": 4711});
    assert_eq!(stack.api.send(named.json(&wanted)).await.status, 201);
    account.sessions.extend([laptop, phone]);
    account.note_keys().await;
    completed_job(&mut account).await;
    receiver.first(1).await;
    (account, [one, other])
}

#[tokio::test]
async fn nothing_is_left_of_an_account_and_others_keep_theirs() {
    let receiver = Receiver::start(vec![]).await;
    let other = Account::new(Stack::connect().await).await;
    let others_session = other.stack.sign_in().await;
    other.stack.api.upload("image/png", &cup_png()).await;
    let (mut account, keys) = with_everything(&receiver).await;
    let running = running_job(&mut account).await;
    let (stack, others_rows) = (&account.stack, other.rows().await);
    let told = receiver.received().len();

    let answer = account.delete().await;
    assert_eq!(answer.status, 202, "{answer:?}");
    assert_eq!(
        (&answer.body["object"], &answer.body["user_id"]),
        (&json!("account_deletion"), &json!(account.user().to_string()))
    );
    let cleared = stack.api.session_cookie().clear();
    assert_eq!(answer.headers["set-cookie"], cleared.as_str());
    assert_eq!(answer.headers["cache-control"], "no-store");

    account.delete().await.assert_problem(401, "signed_out");
    for token in &account.sessions {
        let me = stack.api.page_request(Method::GET, "/api/me", token);
        stack.api.send(me).await.assert_problem(401, "signed_out");
    }
    for key in [stack.api.key(), keys[0].key.reveal(), keys[1].key.reveal()] {
        let answer = stack.api.with_key(key).get("/api/v1/jobs").await;
        answer.assert_problem(403, "invalid_api_key");
    }

    // The execution of the job finds no job and ends. What had to wait for that is found by the next look.
    stack.workflow.ended(&running).await;
    assert_eq!(stack.google.batch_state(&running).await, "BATCH_STATE_CANCELLED");
    look_at_all(stack).await;
    account.until_only_the_mark_is_left().await;
    account.settle().await;
    // A message that comes late finds nothing to do.
    let late = deliver_message(stack, account.user()).await;
    assert_eq!(late, Ok(json!({"batchItemFailures": []})));
    account.assert_gone().await;
    assert_eq!(
        receiver.received().len(),
        told,
        "nobody is told of what goes with its owner"
    );

    assert_eq!(other.rows().await, others_rows);
    let me = other
        .stack
        .api
        .page_request(Method::GET, "/api/me", &others_session);
    assert_eq!(other.stack.api.send(me).await.status, 200);
    assert_eq!(other.stack.api.get("/api/v1/jobs").await.status, 200);
    assert_eq!(files_of(&other.stack, &[]).await.len(), 1);
}

/// The address was signed before the mark, and is good for a quarter of an hour.
#[tokio::test]
async fn a_photo_that_arrives_after_the_mark_goes_too() {
    let mut account = Account::new(Stack::connect().await).await;
    account.sessions.push(account.stack.sign_in().await);
    let (stack, photo) = (&account.stack, cup_png());
    let wanted = json!({"filename": "cup.png", "content_type": "image/png", "size": photo.len()});
    let upload = stack.api.post("/api/v1/uploads", &wanted).await;
    assert_eq!(account.delete().await.status, 202);
    account.until_only_the_mark_is_left().await;
    assert_eq!(stack.api.put_upload(&upload.body, &photo).await, 200);
    assert!(!account.is_gone_elsewhere().await);
    account.settle().await;
}
