//! What is counted, named, given back and cleared away around a retry.

use std::time::Duration;

use packshot_domain::{
    id::ImageId,
    job::{Job, RetryOf},
};
use packshot_tests::{ended_jobs, eventually, stack::Stack};
use reqwest::Method;
use serde_json::json;

use super::{ask, completed, settled, text};
use crate::flow::{consumption, reconcile::reconcile};

#[tokio::test]
async fn the_same_request_twice_is_one_retry() {
    let stack = Stack::connect().await;
    let before = completed(&stack, json!({"count": 1})).await;
    let (id, image) = (text(&before["id"]), text(&before["images"][0]["id"]));
    let path = format!("/api/v1/jobs/{id}/images/{image}/retry");
    let send = async || {
        let request = stack
            .api
            .request(Method::POST, &path)
            .header("Idempotency-Key", "again-1");
        stack.api.send(request).await
    };
    let first = send().await;
    assert_eq!(first.status, 202, "{first:?}");
    let execution = stack.workflow.status(&format!("{id}-{image}-1")).await;
    assert!(execution.is_some(), "it is under way by now");
    settled(&stack, id).await;
    let second = send().await;
    assert_eq!((second.status, &second.body), (202, &first.body));
    assert_eq!(second.headers["idempotent-replayed"], "true");
    assert_eq!(stack.api.job(id).await["images"][0]["retry"]["attempt"], 1);
}

#[tokio::test]
async fn a_retry_counts_and_gives_back_what_it_did_not_use() {
    let stack = Stack::connect().await;
    let before = completed(&stack, json!({"count": 1})).await;
    let (id, image) = (text(&before["id"]), text(&before["images"][0]["id"]));
    assert_eq!(consumption(&stack).await.active_jobs, 0);
    stack
        .google
        .faults(json!({"batch": {"end_state": "FAILED"}}))
        .await;
    assert_eq!(ask(&stack, id, image, &json!({})).await.status, 202);
    settled(&stack, id).await;
    let had = consumption(&stack).await;
    assert_eq!((had.active_jobs, had.images), (0, 1));
}

#[tokio::test]
async fn a_retry_whose_start_was_lost_is_started_by_reconcile_jobs() {
    let stack = Stack::connect().await;
    let job = retried_row(&stack).await;
    reconcile(&stack).await;
    let id = job.id.to_string();
    let after = settled(&stack, &id).await;
    // The photo of a row that was written by hand is at nobody's.
    assert_eq!(after["images"][0]["retry"]["status"], "failed", "{after}");
}

#[tokio::test]
async fn a_job_is_deleted_with_a_retry_that_still_runs() {
    let stack = Stack::connect().await;
    let before = completed(&stack, json!({"count": 1})).await;
    let (id, image) = (text(&before["id"]), text(&before["images"][0]["id"]));
    let slow = json!([{"delay_ms": 200, "times": 10_000}]);
    stack
        .google
        .faults(json!({"batch": {"stuck": true}, "get_batch": slow}))
        .await;
    assert_eq!(ask(&stack, id, image, &json!({})).await.status, 202);
    let of = RetryOf {
        image: image.parse::<ImageId>().expect("an id"),
        attempt: 1,
    };
    eventually("the retry's batch", async || {
        let job = stack
            .jobs
            .get(stack.user.id, id.parse().expect("an id"))
            .await
            .expect("read")?;
        job.round_of(Some(of))?.batch.is_some().then_some(())
    })
    .await;
    let answer = stack
        .api
        .send(stack.api.request(Method::DELETE, &format!("/api/v1/jobs/{id}")))
        .await;
    assert_eq!(answer.status, 204, "{answer:?}");
    stack
        .api
        .get(&format!("/api/v1/jobs/{id}"))
        .await
        .assert_problem(404, "job_not_found");
    let batch = format!("{id}-{image}-1");
    assert_eq!(stack.google.batch_state(&batch).await, "BATCH_STATE_CANCELLED");
    assert_eq!(consumption(&stack).await.active_jobs, 0);
    stack.workflow.ended(&batch).await;
    // As the look of the schedule finds it.
    let long_ago = packshot_clients::clock::now() - Duration::from_mins(5);
    stack
        .rows
        .set_time(id.parse().expect("an id"), "created_at", long_ago)
        .await;
    reconcile(&stack).await;
    let row = stack
        .jobs
        .deleted(stack.user.id, id.parse().expect("an id"))
        .await
        .expect("read");
    assert!(row.is_none(), "nothing is left of the job");
}

/// A completed job whose only image has a retry that nobody has started.
async fn retried_row(stack: &Stack) -> Job {
    use packshot_clients::clock;
    use packshot_domain::{
        id::EventId,
        job::{JobEvent, NewRetry},
        money::MicroUsd,
    };
    let mut new = ended_jobs::new_job(stack.user.id, 1);
    new.created_at -= Duration::from_mins(5);
    let job = ended_jobs::completed(new, &[ended_jobs::ready()]);
    let now = clock::now();
    let request = NewRetry {
        prompt: None,
        key: None,
        deadline_at: now + Duration::from_hours(24),
        estimated_cost: MicroUsd(20_000),
        event: EventId::from_uuid(clock::new_uuid()),
    };
    let job = job
        .apply(JobEvent::RetryRequested(job.images[0].id, request), now)
        .expect("applies");
    stack.jobs.create(&job).await.expect("written");
    job
}
