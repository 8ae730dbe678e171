//! The log of deliveries, as the owner of a receiver sees it, and sending one again.

use packshot_domain::id;
use packshot_tests::{eventually, receiver::Receiver, stack::Stack};
use serde_json::{Value, json};

use super::{deliver_job, told_to, written};

const DELIVERIES: &str = "/api/v1/webhook-deliveries";

async fn delivery(stack: &Stack, id: &str) -> Value {
    let answer = stack.api.get(&format!("{DELIVERIES}/{id}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

#[tokio::test]
async fn every_attempt_is_shown() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(vec![500.into()]).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    let event = id::end_of_job_event(job.id).to_string();
    assert!(deliver_job(&stack, &job, 1).await, "it is kept");
    assert_eq!(delivery(&stack, &event).await["status"], "pending");
    assert!(!deliver_job(&stack, &job, 2).await);

    let shown = delivery(&stack, &event).await;
    assert_eq!(
        (&shown["status"], &shown["type"]),
        (&json!("delivered"), &json!("job.completed"))
    );
    assert_eq!(
        (&shown["job_id"], &shown["url"]),
        (&json!(job.id.to_string()), &json!(receiver.url))
    );
    let statuses: Vec<&Value> = shown["attempts"]
        .as_array()
        .expect("attempts")
        .iter()
        .map(|attempt| &attempt["status"])
        .collect();
    assert_eq!(statuses, [&json!(500), &json!(204)]);
    let list = stack.api.get(&format!("{DELIVERIES}?limit=1")).await;
    assert_eq!(
        (&list.body["data"][0]["id"], &list.body["has_more"]),
        (&json!(event), &json!(false))
    );
}

#[tokio::test]
async fn a_delivery_is_sent_again_under_its_own_id() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    let event = id::end_of_job_event(job.id).to_string();
    assert!(!deliver_job(&stack, &job, 1).await);

    let path = format!("{DELIVERIES}/{event}/replay");
    let replayed = stack.api.post(&path, &json!({})).await;
    assert_eq!(
        (replayed.status, &replayed.body["status"]),
        (202, &json!("pending")),
        "{replayed:?}"
    );
    let shown = eventually("the second delivery", async || {
        let shown = delivery(&stack, &event).await;
        (shown["status"] == "delivered").then_some(shown)
    })
    .await;
    assert_eq!(shown["attempts"].as_array().map(Vec::len), Some(2));
    let ids: Vec<_> = receiver
        .received()
        .iter()
        .map(|webhook| webhook.headers["webhook-id"].clone())
        .collect();
    assert_eq!(ids, [event.as_str(), event.as_str()]);
}

#[tokio::test]
async fn one_that_is_under_way_is_not_sent_twice() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(vec![500.into()]).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    assert!(deliver_job(&stack, &job, 1).await, "it is kept");
    let path = format!("{DELIVERIES}/{}/replay", id::end_of_job_event(job.id));
    stack
        .api
        .post(&path, &json!({}))
        .await
        .assert_problem(409, "delivery_pending");
}

#[tokio::test]
async fn wrong_parameters_and_ids_are_told() {
    let stack = Stack::connect().await;
    let answer = stack
        .api
        .get(&format!("{DELIVERIES}?limit=0&starting_after=x&page=2"))
        .await;
    answer.assert_problem(422, "invalid_fields");
    assert_eq!(
        answer.field_codes(),
        [
            "limit out_of_range",
            "page unknown_field",
            "starting_after invalid_event_id"
        ]
    );
    let answer = stack.api.get(&format!("{DELIVERIES}/cup")).await;
    answer.assert_problem(404, "delivery_not_found");
}
