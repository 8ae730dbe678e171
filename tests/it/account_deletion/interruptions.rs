//! Whatever ends, gets lost or comes twice on the way, nothing is left in the end.

use std::{sync::Arc, time::Duration};

use aws_config::retry::RetryConfig;
use packshot_clients::{
    accounts::Accounts,
    bucket::{self, Bucket},
    clock,
    drive_grants::DriveGrants,
    gemini::Gemini,
    google::GoogleOauth,
    jobs::JobStore,
    keys::KeyIssuer,
    queue::DeletionQueue,
    sealing::Sealing,
    sessions::Sessions,
    table::Table,
    usage::Usage,
    workflow::Workflow,
};
use packshot_domain::{
    id::UploadId,
    job::{Job, JobEvent, ProviderFile, ProviderFiles, RoundEvent},
    scope::Scopes,
};
use packshot_functions::delete_account::{self, Progress, State};
use packshot_tests::{
    drives,
    ended_jobs::{completed, new_job, planned, ready},
    failing_proxy::{Budget, End, FailingProxy},
    pictures::cup_png,
    stack::Stack,
};
use serde_json::json;

use super::{Account, age_mark, change_row, deliver_message, forget, look_at_all, mark};

/// The worker as a function would have it, but that it finds AWS and Gemini at these addresses. Whoever signs people in names
/// itself by its address, so that one is where it is.
fn worker(stack: &Stack, aws: &str, google: &str) -> State {
    let config = stack.config.clone().into_builder();
    let config = config
        .endpoint_url(aws)
        .retry_config(RetryConfig::disabled())
        .build();
    let table = Table::new(&config, stack.output("TableName").to_owned());
    let key = "/packshot/dev/gemini-api-key".to_owned();
    let client = "/packshot/dev/google-client".to_owned();
    let oauth = GoogleOauth::new(&config, stack.google.url(), client).expect("a client");
    let sealing = Sealing::new(&config, stack.output("SealingKeyArn").to_owned());
    State {
        accounts: Accounts::new(table.clone()),
        sessions: Sessions::new(table.clone()),
        keys: KeyIssuer::new(&config, table.clone()),
        jobs: JobStore::new(table.clone()),
        grants: DriveGrants::new(table, sealing, Arc::new(oauth)),
        bucket: Bucket::new(&config, stack.output("ImagesBucket").to_owned()),
        workflow: Workflow::new(&config, stack.output("StateMachineArn").to_owned()),
        gemini: Gemini::new(&config, google, key).expect("a client"),
        queue: DeletionQueue::new(&config, stack.output("DeletionQueueUrl").to_owned()),
    }
}

fn worker_with_nothing_in_the_way(stack: &Stack) -> State {
    worker(stack, stack.aws_endpoint(), stack.google.url())
}

/// A job of which it is not known whether it has a batch.
async fn claimed_job(stack: &Stack) -> Job {
    let job = stack.rows.create(1).await;
    let photo = ProviderFile {
        uri: "https://files.example/1".to_owned(),
        content_type: "image/png".to_owned(),
    };
    let files = ProviderFiles {
        photos: vec![photo],
        requests: "files/of-a-test".to_owned(),
        uploaded_at: clock::now(),
    };
    let events = [
        planned(1, 1),
        JobEvent::Round(RoundEvent::FilesUploaded(files)),
        JobEvent::Round(RoundEvent::SubmissionClaimed),
    ];
    let claimed = stack.jobs.change(job.owner, job.id, |job| {
        let mut events = events.iter().cloned();
        events.try_fold(job.clone(), |job, event| job.apply(event, clock::now()))
    });
    claimed.await.expect("every event applies")
}

/// An account with something for every step, marked so long ago that it may go. No message tells of it.
async fn marked_account() -> Account {
    let mut account = Account::new(Stack::connect().await).await;
    let (stack, user) = (&account.stack, account.user());
    let token = stack.sign_in().await;
    let running = claimed_job(stack).await;
    let ended = completed(new_job(user, 1), &[ready()]);
    stack.jobs.create(&ended).await.expect("written");
    let bucket = Bucket::new(&stack.config, stack.output("ImagesBucket").to_owned());
    let unused = bucket::upload_key(user, UploadId::from_uuid(clock::new_uuid()));
    for key in [unused, ended.image_path("01.png")] {
        let put = bucket.put(&key, "image/png", cup_png().into()).await;
        put.expect("put");
    }
    drives::connect(stack, json!({"files": []}), &[drives::READ]).await;
    let usage = Usage::new(stack.table.clone());
    usage.count_request(user, None).await.expect("counted");
    let accounts = Accounts::new(stack.table.clone());
    assert!(accounts.mark_deleted(user, clock::now()).await.expect("marked"));
    age_mark(stack).await;
    account.sessions.push(token);
    account.jobs.extend([running, ended]);
    account
}

/// Lets the worker die at its first call, then at its second, and so on until it comes to its end; and each time has the
/// function take up what was left.
async fn die_at_each_call(end: End) {
    for calls in 0.. {
        let account = marked_account().await;
        let (stack, user) = (&account.stack, account.user());
        let budget = Budget::of(calls, end);
        let aws = FailingProxy::start(stack.aws_endpoint(), &budget).await;
        let google = FailingProxy::start(stack.google.url(), &budget).await;
        let died = delete_account::remove(&worker(stack, &aws.url, &google.url), user).await;
        let taken_up = deliver_message(stack, user).await;
        assert_eq!(
            taken_up,
            Ok(json!({"batchItemFailures": []})),
            "after {calls} calls"
        );
        account.assert_gone().await;
        if let Ok(progress) = died {
            assert_eq!(progress, Progress::Gone);
            assert!(calls > 25, "{calls} calls cannot be all of it");
            return;
        }
    }
}

#[tokio::test]
async fn it_ends_whichever_call_is_lost() {
    die_at_each_call(End::CallLost).await;
}

#[tokio::test]
async fn it_ends_whichever_answer_is_lost() {
    die_at_each_call(End::AnswerLost).await;
}

#[tokio::test]
async fn a_lost_message_is_made_up_for_by_the_hourly_look() {
    let account = marked_account().await;
    look_at_all(&account.stack).await;
    packshot_tests::eventually("the account to go", async || {
        account.rows().await.is_empty().then_some(())
    })
    .await;
    account.assert_gone().await;
}

#[tokio::test]
async fn two_at_once_and_one_too_late_do_no_harm() {
    let account = marked_account().await;
    let (stack, user) = (&account.stack, account.user());
    let other = worker_with_nothing_in_the_way(stack);
    let (one, two, three) = tokio::join!(
        deliver_message(stack, user),
        deliver_message(stack, user),
        delete_account::remove(&other, user)
    );
    // Whoever found a row busy has its message again.
    for done in [one, two] {
        done.expect("an answer");
    }
    drop(three);
    for _ in 0..2 {
        let done = deliver_message(stack, user).await;
        assert_eq!(done, Ok(json!({"batchItemFailures": []})));
        account.assert_gone().await;
    }
}

/// A batch that runs on would be paid for, and would have the photos of somebody who is gone.
#[tokio::test]
async fn a_batch_that_cannot_be_stopped_now_is_stopped_later() {
    let mut account = Account::new(Stack::connect().await).await;
    let (stack, user) = (&account.stack, account.user());
    let endless = json!({"stuck": true});
    stack.google.faults(json!({"batch": endless})).await;
    let job = stack.rows.create(1).await;
    stack.workflow.task("plan-strategy", &job).await.expect("planned");
    stack
        .workflow
        .task("submit-batch", &job)
        .await
        .expect("submitted");
    let refuse = json!([{"status": 503, "times": 100}]);
    let faults = json!({"batch": endless, "cancel_batch": refuse});
    stack.google.faults(faults).await;
    let accounts = Accounts::new(stack.table.clone());
    assert!(accounts.mark_deleted(user, clock::now()).await.expect("marked"));
    age_mark(stack).await;

    let answer = deliver_message(stack, user).await.expect("an answer");
    let kept = answer["batchItemFailures"].as_array().expect("a list").len();
    assert_eq!(kept, 1, "the message comes back: {answer}");
    let id = job.id.to_string();
    assert_eq!(stack.google.batch_state(&id).await, "BATCH_STATE_RUNNING");
    account.jobs.push(job);
    let stack = &account.stack;
    assert!(account.rows().await.contains(&format!("JOB#{id}")));

    stack.google.faults(json!({"batch": endless})).await;
    deliver_message(stack, user).await.expect("an answer");
    assert_eq!(stack.google.batch_state(&id).await, "BATCH_STATE_CANCELLED");
    account.assert_gone().await;
}

/// What API Gateway calls a key is not known while it is being issued.
#[tokio::test]
async fn a_key_that_was_being_issued_is_found_once_that_must_be_over() {
    let account = marked_account().await;
    let (stack, user) = (&account.stack, account.user());
    let worker = worker_with_nothing_in_the_way(stack);
    let key = account.key_names[0].clone();
    let now = clock::now();
    for (began_at, progress) in [
        (now, Progress::Waiting),
        (now - std::time::Duration::from_mins(11), Progress::Gone),
    ] {
        let begun = [
            ("state", "issuing".to_owned()),
            ("created_at", began_at.to_string()),
        ];
        assert!(change_row(stack, &format!("KEY#{key}"), &begun).await);
        let removed = delete_account::remove(&worker, user).await;
        assert_eq!(removed.expect("removed"), progress);
    }
    account.assert_gone().await;
}

#[tokio::test]
async fn an_account_with_many_jobs_goes_bit_by_bit() {
    let account = marked_account().await;
    let (stack, user) = (&account.stack, account.user());
    for _ in 0..120 {
        let job = completed(new_job(user, 1), &[ready()]);
        stack.jobs.create(&job).await.expect("written");
    }
    let worker = worker_with_nothing_in_the_way(stack);
    let first = delete_account::remove(&worker, user).await;
    assert_eq!(first.expect("removed"), Progress::More);
    let left = account.rows().await.len();
    assert!((15..=30).contains(&left), "{left}");
    deliver_message(stack, user).await.expect("an answer");
    account.assert_gone().await;
}

/// API Gateway has the key, and the row does not know under which id: the request that issued it died in between.
#[tokio::test]
async fn a_key_whose_issue_broke_off_is_removed_at_the_gateway() {
    let stack = Stack::connect().await;
    let issued = stack.issue_key(Scopes::ALL, None).await;
    let account = Account::new(stack).await;
    let stack = &account.stack;
    let row = format!("KEY#{}", issued.listed.id);
    let long_ago = (clock::now() - Duration::from_hours(1)).to_string();
    let begun = [("state", "issuing".to_owned()), ("created_at", long_ago)];
    assert!(change_row(stack, &row, &begun).await);
    forget(stack, &row, "gateway_key_id").await;
    mark(stack).await;
    deliver_message(stack, account.user()).await.expect("done");
    assert!(account.is_all_gone_but_the_mark().await);
    account.settle().await;
}
