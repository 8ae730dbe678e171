//! From the mark on, nothing is made for the account, and nobody is told of anything.

use packshot_clients::{
    accounts::{Accounts, EndpointChange},
    clock,
    jobs::{AcceptError, Retried, RetryError, Terms},
    keys::{KeyIssuer, NewKey},
    sessions::{NewSession, Sessions},
};
use packshot_domain::{
    id::{self, EventId},
    job::{Job, NewRetry},
    limits::Plan,
    money::MicroUsd,
    scope::Scopes,
    session::SessionToken,
};
use packshot_tests::{
    ended_jobs::{completed, new_job, ready},
    stack::Stack,
};
use reqwest::Method;
use serde_json::json;

use super::{Account, age_mark, deliver_message, mark};

fn new_key() -> NewKey {
    NewKey {
        name: "late".to_owned(),
        scopes: Scopes::ALL,
        valid_until: None,
    }
}

/// What reads the account before the mark may write after it: then the writes themselves refuse.
#[tokio::test]
async fn nothing_comes_into_being_after_the_mark() {
    let account = Account::new(Stack::connect().await).await;
    let (stack, user) = (&account.stack, account.user());
    let old = completed(new_job(user, 1), &[ready()]);
    stack.jobs.create(&old).await.expect("written");
    mark(stack).await;

    let terms = Terms {
        allowance: Plan::Pro.allowance(),
        named: None,
    };
    let job = Job::from(new_job(user, 1));
    let refused = stack.jobs.accept(&job, &terms).await;
    assert!(matches!(refused, Err(AcceptError::OwnerGone)), "{refused:?}");

    let retried = Retried {
        owner: user,
        job: old.id,
        image: old.images[0].id,
    };
    let request = NewRetry {
        prompt: None,
        key: None,
        deadline_at: clock::now(),
        estimated_cost: MicroUsd(1),
        event: EventId::from_uuid(clock::new_uuid()),
    };
    let allowance = Plan::Pro.allowance();
    let unnamed = stack
        .jobs
        .retry(retried, &request, allowance, None, |_| {
            unreachable!("it has no name")
        })
        .await;
    assert!(matches!(unnamed, Err(RetryError::NotFound)), "{unnamed:?}");

    let issued = KeyIssuer::new(&stack.config, stack.table.clone())
        .issue(user, new_key(), stack.output("ProUsagePlanId"))
        .await;
    issued.expect_err("no key");
    let new = NewSession {
        user,
        device: "curl".to_owned(),
        began_at: clock::now(),
    };
    let hash = SessionToken::from_random(rand::random()).hash();
    let begun = Sessions::new(stack.table.clone()).begin(&hash, new).await;
    begun.expect_err("no session");
    let changed = Accounts::new(stack.table.clone())
        .change_endpoint(user, |_| EndpointChange::Remove)
        .await;
    assert_eq!(changed.expect("looked at"), None);

    let kinds: Vec<String> = account.rows().await;
    let left = kinds.iter().filter_map(|key| key.split('#').next());
    let left: Vec<&str> = left.collect();
    // What the fixture has made: a key with its two rows, and a job.
    assert_eq!(left, ["JOB", "KEY", "KEY", "PROFILE"], "{kinds:?}");
}

/// The message may be on its way for a while; the doors do not wait for it.
#[tokio::test]
async fn keys_and_sessions_open_nothing_while_their_rows_are_still_there() {
    let account = Account::new(Stack::connect().await).await;
    let stack = &account.stack;
    let token = stack.sign_in().await;
    let key = stack.api.get("/api/v1/jobs").await;
    assert_eq!(key.status, 200, "{key:?}");
    mark(stack).await;
    let answer = stack.api.get("/api/v1/jobs").await;
    answer.assert_problem(403, "invalid_api_key");
    for method in [Method::GET, Method::DELETE] {
        let request = stack.api.page_request(method, "/api/me", &token);
        stack.api.send(request).await.assert_problem(401, "signed_out");
    }
    assert!(account.rows().await.len() >= 5, "their rows are still there");
}

/// A job that is still there, of which there would be something to tell.
#[tokio::test]
async fn nobody_is_told_anything_after_the_mark() {
    let account = Account::new(Stack::connect().await).await;
    let stack = &account.stack;
    let mut new = new_job(account.user(), 1);
    new.callback_url = Some("https://receiver.example/".parse().expect("a URL"));
    let job = completed(new, &[ready()]);
    stack.jobs.create(&job).await.expect("written");
    mark(stack).await;
    let mail = stack.workflow.task("send-email", &job).await;
    assert_eq!(mail, Ok(json!({"sent": false, "reason": "deleted"})));
    let mut event = crate::events::sample("deliver-webhook.two-messages");
    event["Records"].as_array_mut().expect("messages").truncate(1);
    let body = json!({
        "user_id": job.owner.to_string(),
        "job_id": job.id.to_string(),
        "event_id": id::end_of_job_event(job.id).to_string(),
    });
    event["Records"][0]["body"] = json!(body.to_string());
    let webhook = stack.workflow.invoke("deliver-webhook", &event).await;
    assert_eq!(webhook, Ok(json!({"batchItemFailures": []})));
    assert_eq!(stack.mailbox.to(&stack.user.email).await.len(), 0);
    let rows = account.rows().await;
    let told = |key: &&String| key.starts_with("SENT#") || key.starts_with("DELIVERY#");
    assert_eq!(rows.iter().find(told), None);
}

/// Every task of a job whose owner went while it was in the middle of the workflow.
#[tokio::test]
async fn tasks_find_no_job_and_end() {
    let account = Account::new(Stack::connect().await).await;
    let stack = &account.stack;
    let job = stack.rows.create(2).await;
    stack.workflow.task("plan-strategy", &job).await.expect("planned");
    stack
        .workflow
        .task("submit-batch", &job)
        .await
        .expect("submitted");
    mark(stack).await;
    deliver_message(stack, account.user()).await.expect("done");
    let state = stack.google.batch_state(&job.id.to_string()).await;
    assert_eq!(state, "BATCH_STATE_CANCELLED");
    let calls = stack.google.calls().await.len();
    for task in ["plan-strategy", "submit-batch", "poll-batch", "make-late-images"] {
        let ended = stack.workflow.task(task, &job).await;
        assert_eq!(ended, Ok(json!({"state": "finished"})), "{task}");
    }
    let collected = stack.workflow.task("collect-images", &job).await;
    assert_eq!(collected.expect_err("there is no job")["errorType"], "Bug");
    assert_eq!(stack.google.calls().await.len(), calls, "Gemini is left alone");
    age_mark(stack).await;
    deliver_message(stack, account.user()).await.expect("done");
    account.assert_gone().await;
}
