//! Owners change their minds: jobs are canceled and deleted, at every moment of their lives.

use aws_sdk_s3::Client;
use packshot_domain::job::{Job, Status};
use packshot_tests::{eventually, receiver::Receiver, stack::Stack};
use reqwest::Method;
use serde_json::{Value, json};

use super::{ended, mails, reconcile::reconcile};

async fn cancel(stack: &Stack, id: &str) -> packshot_tests::api::Answer {
    let path = format!("/api/v1/jobs/{id}/cancel");
    stack.api.send(stack.api.request(Method::POST, &path)).await
}

async fn delete(stack: &Stack, id: &str) -> packshot_tests::api::Answer {
    let path = format!("/api/v1/jobs/{id}");
    stack.api.send(stack.api.request(Method::DELETE, &path)).await
}

/// A job whose batch runs for as long as the test wants.
async fn running(stack: &Stack, callback: Option<&str>) -> String {
    let slow = json!([{"delay_ms": 300, "times": 10_000}]);
    stack
        .google
        .faults(json!({"batch": {"stuck": true}, "get_batch": slow}))
        .await;
    let mut fields = json!({"count": 1});
    if let Some(url) = callback {
        fields["callback_url"] = json!(url);
    }
    let id = stack.api.start_job(fields).await;
    eventually("the batch to run", async || {
        let job = stack.api.job(&id).await;
        (job["status"] == "generating").then_some(())
    })
    .await;
    id
}

/// The keys in the bucket that a job's files have.
async fn files(stack: &Stack, job: &Job) -> Vec<String> {
    let s3 = Client::new(&stack.config);
    let mut keys = Vec::new();
    for prefix in [job.image_path(""), format!("uploads/{}/", job.owner)] {
        let list = s3.list_objects_v2().bucket(stack.output("ImagesBucket"));
        let reply = list.prefix(prefix).send().await.expect("listed");
        let objects = reply.contents().iter();
        keys.extend(objects.filter_map(|object| object.key().map(str::to_owned)));
    }
    keys
}

async fn row(stack: &Stack, id: &str) -> Job {
    let id = id.parse().expect("an id");
    let job = stack.jobs.get(stack.user.id, id).await.expect("read");
    job.expect("there")
}

#[tokio::test]
async fn a_canceled_job_stops_at_gemini_too_and_only_programs_are_told() {
    let (stack, receiver) = (Stack::connect().await, Receiver::start(vec![]).await);
    let id = running(&stack, Some(&receiver.url)).await;
    let answer = cancel(&stack, &id).await;
    assert_eq!(
        (answer.status, &answer.body["status"]),
        (202, &"canceled".into()),
        "{answer:?}"
    );
    assert!(answer.body["links"].get("cancel").is_none());
    assert_eq!(stack.google.batch_state(&id).await, "BATCH_STATE_CANCELLED");
    assert_eq!(ended(&stack, &id).await["status"], "canceled");

    let told: Value = serde_json::from_slice(&receiver.first(1).await[0].body).expect("JSON");
    assert_eq!(
        (&told["type"], &told["data"]["id"]),
        (&"job.canceled".into(), &json!(id))
    );
    // Twice is once.
    assert_eq!(cancel(&stack, &id).await.status, 202);
    stack.workflow.ended(&format!("{id}-canceled")).await;
    assert_eq!((receiver.received().len(), mails(&stack).await), (1, 0));
}

#[tokio::test]
async fn a_job_that_has_ended_is_not_canceled() {
    let (stack, other) = (Stack::connect().await, Stack::connect().await);
    let id = stack.api.start_job(json!({"count": 1})).await;
    assert_eq!(ended(&stack, &id).await["status"], "completed");
    let answer = cancel(&stack, &id).await;
    answer.assert_problem(409, "job_finished");
    assert_eq!(stack.api.job(&id).await["status"], "completed");

    for nobodys in [id.as_str(), "job_01h2xcejqtf2nbrexx3vqjhp41", "cup"] {
        cancel(&other, nobodys).await.assert_problem(404, "job_not_found");
        delete(&other, nobodys).await.assert_problem(404, "job_not_found");
    }
    assert_eq!(stack.api.job(&id).await["status"], "completed");
}

#[tokio::test]
async fn nothing_is_left_of_a_deleted_job() {
    let stack = Stack::connect().await;
    let id = stack.api.start_job(json!({"count": 2})).await;
    ended(&stack, &id).await;
    let job = row(&stack, &id).await;
    assert!(files(&stack, &job).await.len() > 5);

    assert_eq!(delete(&stack, &id).await.status, 204);
    assert_eq!(files(&stack, &job).await, Vec::<String>::new());
    delete(&stack, &id).await.assert_problem(404, "job_not_found");
    let answer = stack.api.get(&format!("/api/v1/jobs/{id}")).await;
    answer.assert_problem(404, "job_not_found");
    let list = stack.api.get("/api/v1/jobs").await;
    assert_eq!(list.body["data"], json!([]));
}

#[tokio::test]
async fn a_running_job_is_gone_at_once_and_its_rest_is_removed_later() {
    let stack = Stack::connect().await;
    let id = running(&stack, None).await;
    let job = row(&stack, &id).await;
    assert_eq!(job.status, Status::Generating);
    stack
        .rows
        .set_time(
            job.id,
            "created_at",
            job.created_at - std::time::Duration::from_mins(5),
        )
        .await;
    assert_eq!(delete(&stack, &id).await.status, 204);
    delete(&stack, &id).await.assert_problem(404, "job_not_found");
    assert_eq!(stack.google.batch_state(&id).await, "BATCH_STATE_CANCELLED");
    stack.workflow.ended(&id).await;

    reconcile(&stack).await;
    let left = stack.jobs.deleted(job.owner, job.id).await.expect("read");
    assert_eq!(left, None);
    assert_eq!(files(&stack, &job).await, Vec::<String>::new());
}
