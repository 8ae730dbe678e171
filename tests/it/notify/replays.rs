//! Sending again all that failed between two moments.

use std::time::Duration;

use packshot_clients::{
    clock,
    deliveries::{Deliveries, Delivery, DeliveryStatus},
};
use packshot_domain::{id, job::Job};
use packshot_tests::{api::Answer, eventually, receiver::Receiver, stack::Stack};
use serde_json::{Value, json};

use super::{deliver_job, record_of, told_to, written};

const REPLAY: &str = "/api/v1/webhook-deliveries/replay";

/// A job whose receiver is this one, and a record of its delivery that the test has made up.
async fn recorded(stack: &Stack, receiver: &Receiver, change: impl FnOnce(&mut Delivery)) -> Job {
    let job = written(stack, told_to(stack, &receiver.url)).await;
    let event = id::end_of_job_event(job.id);
    let mut delivery = Delivery::new(event, job.id, "job.completed", &receiver.url);
    change(&mut delivery);
    let deliveries = Deliveries::new(stack.table.clone());
    assert!(
        deliveries
            .save(job.owner, event, &delivery)
            .await
            .expect("written")
    );
    job
}

async fn replay(stack: &Stack, body: Value) -> Answer {
    stack.api.post(REPLAY, &body).await
}

fn hours_ago(hours: u64) -> Value {
    json!(clock::now() - Duration::from_hours(hours))
}

#[tokio::test]
async fn what_failed_is_sent_again_and_nothing_else() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(vec![500.into()]).await;
    let waiting = written(&stack, told_to(&stack, &receiver.url)).await;
    assert!(
        deliver_job(&stack, &waiting, 1).await,
        "it is tried again by itself"
    );
    let now = clock::now();
    let exhausted = recorded(&stack, &receiver, |it| it.status = DeliveryStatus::Exhausted).await;
    let skipped = recorded(&stack, &receiver, |it| it.status = DeliveryStatus::Skipped).await;
    let lost = recorded(&stack, &receiver, |it| {
        it.next_attempt_at = Some(now - Duration::from_hours(1));
    })
    .await;
    recorded(&stack, &receiver, |it| it.status = DeliveryStatus::Delivered).await;
    recorded(&stack, &receiver, |it| it.status = DeliveryStatus::Gone).await;
    recorded(&stack, &receiver, |it| {
        it.status = DeliveryStatus::Exhausted;
        it.created_at = Some(now - Duration::from_hours(48));
    })
    .await;

    let wanted = json!({"since": hours_ago(2)});
    let answer = replay(&stack, wanted.clone()).await;
    let expected = json!({"object": "webhook_replay", "replayed": 3, "has_more": false});
    assert_eq!((answer.status, &answer.body), (202, &expected), "{answer:?}");
    let again = replay(&stack, wanted).await;
    assert_eq!(again.body["replayed"], 0, "what is under way is not sent twice");
    for job in [&exhausted, &skipped, &lost] {
        eventually("the replay's record", async || {
            let record = record_of(&stack, job).await?;
            (record.status == DeliveryStatus::Delivered).then_some(())
        })
        .await;
    }
    assert_eq!(receiver.received().len(), 4);

    let older = json!({"since": hours_ago(50), "until": hours_ago(47)});
    assert_eq!(replay(&stack, older).await.body["replayed"], 1);
}

#[tokio::test]
async fn a_call_replays_a_hundred_at_most() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    for _ in 0..103 {
        recorded(&stack, &receiver, |it| it.status = DeliveryStatus::Skipped).await;
    }
    let wanted = json!({"since": hours_ago(1)});
    let first = replay(&stack, wanted.clone()).await;
    assert_eq!(
        (&first.body["replayed"], &first.body["has_more"]),
        (&json!(100), &json!(true)),
        "{first:?}"
    );
    let second = replay(&stack, wanted).await;
    assert_eq!(
        (&second.body["replayed"], &second.body["has_more"]),
        (&json!(3), &json!(false))
    );
    receiver.first(103).await;
}

#[tokio::test]
async fn somebody_elses_failures_stay_where_they_are() {
    let (stack, other) = (Stack::connect().await, Stack::connect().await);
    let receiver = Receiver::start(Vec::new()).await;
    let job = recorded(&stack, &receiver, |it| it.status = DeliveryStatus::Exhausted).await;
    assert_eq!(
        replay(&other, json!({"since": hours_ago(1)})).await.body["replayed"],
        0
    );
    let record = record_of(&stack, &job).await.expect("a record");
    assert_eq!(record.status, DeliveryStatus::Exhausted);
}

#[tokio::test]
async fn a_span_that_makes_no_sense_is_refused() {
    let stack = Stack::connect().await;
    let answer = replay(&stack, json!({"until": "yesterday", "limit": 3})).await;
    answer.assert_problem(422, "invalid_fields");
    assert_eq!(
        answer.field_codes(),
        ["until invalid_time", "since required", "limit unknown_field"]
    );
}
