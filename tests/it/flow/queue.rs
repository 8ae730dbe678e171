//! Jobs that find no room at Gemini: who goes first, and until when.

use std::time::Duration;

use packshot_clients::clock;
use packshot_domain::{
    job::{Job, JobEvent, NewJob},
    late::OnLate,
    poll::SHORTEST_WAIT,
    queue::MOST_ASKING,
};
use packshot_tests::stack::Stack;
use serde_json::{Value, json};

use super::{assert_completed_once, assert_failed, late::drawn, run};

/// A job that was accepted so long ago and is planned.
async fn planned(stack: &Stack, age: Duration) -> Job {
    planned_with(stack, age, |_| ()).await
}

async fn planned_with(stack: &Stack, age: Duration, change: impl FnOnce(&mut NewJob)) -> Job {
    let job = stack
        .rows
        .create_with(1, |new| {
            new.created_at -= age;
            change(new);
        })
        .await;
    let step = stack.workflow.task("plan-strategy", &job).await;
    assert_eq!(step.expect("planned")["state"], "planned");
    job
}

async fn submit(stack: &Stack, job: &Job) -> Result<Value, Value> {
    stack.workflow.task("submit-batch", job).await
}

async fn state_after_submission(stack: &Stack, job: &Job) -> Value {
    submit(stack, job).await.expect("an answer")["state"].clone()
}

/// Has Gemini refuse so many batches.
async fn no_room(stack: &Stack, times: u32) {
    let full = json!({"status": 429, "quota_id": "ConcurrentBatchesPerProject", "times": times});
    stack.google.faults(json!({"create_batch": [full]})).await;
}

/// Two planned jobs, of which the older one has found no room; now there is some.
async fn older_that_waits_and_younger(stack: &Stack) -> [Job; 2] {
    let older = planned(stack, Duration::from_mins(1)).await;
    let younger = planned(stack, Duration::ZERO).await;
    no_room(stack, 1).await;
    assert_eq!(state_after_submission(stack, &older).await, "waiting");
    [older, younger]
}

/// Submits these jobs in this order, for which there is room, and lets them end.
async fn assert_submitted(stack: &Stack, jobs: [&Job; 2]) {
    for job in jobs {
        assert_eq!(state_after_submission(stack, job).await, "submitted");
    }
    for job in jobs {
        assert_completed_once(stack, &run(stack, job).await).await;
    }
}

#[tokio::test]
async fn a_job_that_comes_anew_lets_an_older_one_go_first() {
    let stack = Stack::connect().await;
    let [older, younger] = older_that_waits_and_younger(&stack).await;
    let behind = submit(&stack, &younger).await.expect("an answer");
    assert_eq!(behind["state"], "waiting");
    assert!(
        behind["wait_seconds"].as_u64() >= Some(SHORTEST_WAIT.as_secs()),
        "{behind}"
    );
    assert_eq!(
        stack.google.count("create_batch").await,
        1,
        "there is room, but not for it"
    );
    let uploads = stack.google.uploads(&younger.id.to_string()).await;
    assert!(
        uploads.is_empty(),
        "nothing is kept at Gemini for who only waits: {uploads:?}"
    );
    let shown = stack.api.job(&younger.id.to_string()).await;
    assert_eq!(
        (&shown["status"], &shown["stage"]),
        (
            &json!("strategy"),
            &json!("Waiting for room at Gemini with one shot")
        )
    );
    assert_submitted(&stack, [&older, &younger]).await;
}

#[tokio::test]
async fn a_job_that_has_waited_asks_though_older_ones_wait() {
    let stack = Stack::connect().await;
    let [older, younger] = older_that_waits_and_younger(&stack).await;
    assert_eq!(state_after_submission(&stack, &younger).await, "waiting");
    // The older one sleeps longer than it would have had to.
    assert_submitted(&stack, [&younger, &older]).await;
}

#[tokio::test]
async fn a_job_behind_a_hundred_older_ones_does_not_ask() {
    let stack = Stack::connect().await;
    let job = planned(&stack, Duration::ZERO).await;
    no_room(&stack, 1).await;
    assert_eq!(state_after_submission(&stack, &job).await, "waiting");
    let mut older = Vec::new();
    for _ in 0..MOST_ASKING {
        older.push(stack.rows.create_waiting(Duration::from_mins(1)).await);
    }
    let behind = submit(&stack, &job).await.expect("an answer");
    assert_eq!(behind, json!({"state": "waiting", "wait_seconds": MOST_ASKING}));
    assert_eq!(
        stack.google.count("create_batch").await,
        1,
        "it has not asked again"
    );
    for job in older {
        stack.jobs.forget(job.owner, job.id).await.expect("removed");
    }
    assert_eq!(state_after_submission(&stack, &job).await, "submitted");
    assert_completed_once(&stack, &run(&stack, &job).await).await;
}

#[tokio::test]
async fn who_waits_no_more_holds_nobody_up() {
    let stack = Stack::connect().await;
    let older = planned(&stack, Duration::from_mins(1)).await;
    no_room(&stack, 1).await;
    assert_eq!(state_after_submission(&stack, &older).await, "waiting");
    let cancel = |job: &Job| job.apply(JobEvent::Canceled, clock::now());
    let canceled = stack.jobs.change(older.owner, older.id, cancel).await;
    canceled.expect("canceled");

    let younger = planned(&stack, Duration::ZERO).await;
    assert_eq!(state_after_submission(&stack, &younger).await, "submitted");
    assert_completed_once(&stack, &run(&stack, &younger).await).await;
}

/// reconcile-jobs itself is not asked: it would start what other tests have left.
#[tokio::test]
async fn a_job_in_the_queue_is_among_those_that_reconcile_jobs_looks_at() {
    let stack = Stack::connect().await;
    let job = planned(&stack, Duration::ZERO).await;
    let is_listed = async || {
        let unfinished = stack.jobs.unfinished(clock::now()).await.expect("listed");
        unfinished.contains(&(job.owner, job.id))
    };
    no_room(&stack, 1).await;
    assert_eq!(state_after_submission(&stack, &job).await, "waiting");
    assert!(is_listed().await);
    assert_eq!(state_after_submission(&stack, &job).await, "submitted");
    assert!(is_listed().await);
    assert_completed_once(&stack, &run(&stack, &job).await).await;
    assert!(!is_listed().await);
}

/// A job of one day whose last two hours have begun.
async fn nearly_late(stack: &Stack, on_late: OnLate) -> Job {
    planned_with(stack, Duration::from_hours(23), |new| {
        new.deadline_at = new.created_at + Duration::from_hours(24);
        new.on_late = on_late;
    })
    .await
}

#[tokio::test]
async fn a_job_that_is_nearly_late_gets_its_batch_where_there_is_room() {
    let stack = Stack::connect().await;
    let job = nearly_late(&stack, OnLate::Fail).await;
    assert_eq!(state_after_submission(&stack, &job).await, "submitted");
    assert_completed_once(&stack, &run(&stack, &job).await).await;
}

#[tokio::test]
async fn who_is_refused_when_a_batch_would_hardly_be_done_in_time_does_not_ask_again() {
    let stack = Stack::connect().await;
    let job = nearly_late(&stack, OnLate::Fail).await;
    no_room(&stack, 10_000).await;
    assert_failed(&stack, &run(&stack, &job).await, "provider_unavailable").await;
    assert_eq!(
        stack.google.count("create_batch").await,
        1,
        "there might have been room"
    );
}

#[tokio::test]
async fn images_that_are_to_be_made_one_by_one_are_begun_then() {
    let stack = Stack::connect().await;
    let job = nearly_late(&stack, OnLate::Fallback).await;
    no_room(&stack, 10_000).await;
    let shown = run(&stack, &job).await;
    assert_eq!(
        (&shown["status"], drawn(&stack).await),
        (&json!("completed"), 1),
        "{shown}"
    );
    assert_eq!(stack.google.count("create_batch").await, 1);
}
