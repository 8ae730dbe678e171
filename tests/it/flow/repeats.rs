//! Every task of the workflow invoked twice with the same event: nothing is done twice.

use std::collections::BTreeMap;

use aws_sdk_s3::Client;
use packshot_domain::job::{Job, Status};
use packshot_tests::stack::Stack;
use serde_json::{Value, json};

use super::{assert_completed_once, assert_failed, mails};

/// Invokes a task twice with the same event.
async fn twice(stack: &Stack, function: &str, job: &Job) -> [Value; 2] {
    let first = stack.workflow.task(function, job).await.expect("an answer");
    [
        first,
        stack.workflow.task(function, job).await.expect("an answer"),
    ]
}

async fn once(stack: &Stack, function: &str, job: &Job) -> Value {
    stack.workflow.task(function, job).await.expect("an answer")
}

async fn stored(stack: &Stack, job: &Job) -> Job {
    stack
        .jobs
        .get(job.owner, job.id)
        .await
        .expect("read")
        .expect("there")
}

/// A job whose batch is done and not yet collected.
async fn generated(stack: &Stack) -> Job {
    stack
        .google
        .faults(json!({"batch": {"polls_until_done": 1}}))
        .await;
    let job = stack.rows.create(3).await;
    once(stack, "plan-strategy", &job).await;
    once(stack, "submit-batch", &job).await;
    assert_eq!(once(stack, "poll-batch", &job).await, json!({"state": "done"}));
    job
}

/// The files of a job with their digests as S3 tells them.
async fn files(stack: &Stack, job: &Job) -> BTreeMap<String, String> {
    let list = Client::new(&stack.config)
        .list_objects_v2()
        .bucket(stack.output("ImagesBucket"));
    let listed = list.prefix(job.image_path("")).send().await.expect("listed");
    let text = |text: Option<String>| text.expect("S3 tells it");
    listed
        .contents
        .unwrap_or_default()
        .into_iter()
        .map(|file| (text(file.key), text(file.e_tag)))
        .collect()
}

#[tokio::test]
async fn planning_twice_asks_once_and_keeps_the_plan() {
    let stack = Stack::connect().await;
    let job = stack.rows.create(3).await;
    once(&stack, "plan-strategy", &job).await;
    let planned = stored(&stack, &job).await;
    assert_eq!((planned.status, planned.shots.len()), (Status::Strategy, 3));
    assert_eq!(
        once(&stack, "plan-strategy", &job).await,
        json!({"state": "planned"})
    );
    assert_eq!(stored(&stack, &job).await, planned);
    assert_eq!(stack.google.count("generate_content").await, 1);
}

#[tokio::test]
async fn submitting_twice_makes_one_batch() {
    let stack = Stack::connect().await;
    let job = stack.rows.create(3).await;
    once(&stack, "plan-strategy", &job).await;
    let [first, second] = twice(&stack, "submit-batch", &job).await;
    assert_eq!((&first["state"], &first), (&"submitted".into(), &second));
    assert_eq!(stack.google.count("create_batch").await, 1);
    assert_eq!(stack.google.uploads(&job.id.to_string()).await.len(), 2);
}

#[tokio::test]
async fn polling_twice_moves_the_job_on_and_never_back() {
    let stack = Stack::connect().await;
    stack.google.faults(json!({"batch": {"stuck": true}})).await;
    let job = stack.rows.create(3).await;
    once(&stack, "plan-strategy", &job).await;
    once(&stack, "submit-batch", &job).await;
    let [first, second] = twice(&stack, "poll-batch", &job).await;
    assert_eq!(
        (&first["state"], &second["state"]),
        (&"running".into(), &"running".into())
    );
    let running = stored(&stack, &job).await;
    once(&stack, "poll-batch", &job).await;
    assert_eq!(
        (running.status, stored(&stack, &job).await.progress),
        (Status::Generating, running.progress)
    );
}

#[tokio::test]
async fn collecting_twice_leaves_one_set_of_images() {
    let stack = Stack::connect().await;
    let job = generated(&stack).await;
    let first = once(&stack, "collect-images", &job).await;
    assert_eq!(
        (&first["status"], &first["webhook"]),
        (&"completed".into(), &true.into())
    );
    let (row, files_before) = (stack.rows.read(job.id).await, files(&stack, &job).await);
    assert_eq!(once(&stack, "collect-images", &job).await, first);
    assert_eq!(
        (stack.rows.read(job.id).await, files(&stack, &job).await),
        (row, files_before)
    );
    assert_eq!(stack.google.count("download").await, 1);
}

#[tokio::test]
async fn a_collection_that_died_before_it_marked_the_job_is_done_again_with_the_same_files() {
    let stack = Stack::connect().await;
    let job = generated(&stack).await;
    let before = stack.rows.read(job.id).await;
    once(&stack, "collect-images", &job).await;
    let (first, files_before) = (stored(&stack, &job).await, files(&stack, &job).await);
    stack.rows.restore(&before).await;

    once(&stack, "collect-images", &job).await;
    let second = stored(&stack, &job).await;
    assert_eq!(
        (second.status, &second.images),
        (Status::Completed, &first.images)
    );
    assert_eq!(files(&stack, &job).await, files_before);
}

#[tokio::test]
async fn failing_twice_keeps_the_first_reason_and_stops_the_batch() {
    let stack = Stack::connect().await;
    stack.google.faults(json!({"batch": {"stuck": true}})).await;
    let job = stack.rows.create(3).await;
    once(&stack, "plan-strategy", &job).await;
    once(&stack, "submit-batch", &job).await;
    let caught = |code: &str| {
        let message = json!({"code": code, "message": "Words of the failure."}).to_string();
        let cause = json!({"errorType": "Rejected", "errorMessage": message}).to_string();
        json!({"user_id": job.owner.to_string(), "job_id": job.id.to_string(), "error": "Rejected", "cause": cause})
    };
    let first = stack
        .workflow
        .invoke("fail-job", &caught("deadline_exceeded"))
        .await
        .expect("an answer");
    let second = stack
        .workflow
        .invoke("fail-job", &caught("batch_failed"))
        .await
        .expect("an answer");
    assert_eq!((&first["status"], &first), (&"failed".into(), &second));
    let failure = stored(&stack, &job).await.failure.expect("a reason");
    assert_eq!(
        (failure.code.as_str(), failure.message.as_str()),
        ("deadline_exceeded", "Words of the failure.")
    );
    assert_eq!(
        stack.google.batch_state(&job.id.to_string()).await,
        "BATCH_STATE_CANCELLED"
    );

    twice(&stack, "send-email", &job).await;
    assert_failed(
        &stack,
        &stack.api.job(&job.id.to_string()).await,
        "deadline_exceeded",
    )
    .await;
}

#[tokio::test]
async fn two_invocations_of_send_email_send_one_mail() {
    let stack = Stack::connect().await;
    let job = generated(&stack).await;
    once(&stack, "collect-images", &job).await;
    let [first, second] = twice(&stack, "send-email", &job).await;
    assert_eq!(
        (&first["sent"], &second),
        (&true.into(), &json!({"sent": false, "reason": "already_claimed"}))
    );
    assert_eq!(mails(&stack).await, 1);
}

#[tokio::test]
async fn a_job_whose_every_task_runs_twice_is_right_all_the_same() {
    let stack = Stack::connect().await;
    let job = stack.rows.create(3).await;
    for function in [
        "plan-strategy",
        "submit-batch",
        "poll-batch",
        "poll-batch",
        "collect-images",
        "send-email",
    ] {
        twice(&stack, function, &job).await;
    }
    assert_completed_once(&stack, &stack.api.job(&job.id.to_string()).await).await;
    assert_eq!(
        (
            stack.google.count("generate_content").await,
            stack.google.count("create_batch").await
        ),
        (1, 1)
    );
    assert_eq!(
        files(&stack, &job).await.len(),
        7,
        "three images, three thumbnails, one archive"
    );
    assert_eq!(mails(&stack).await, 1);
}

#[tokio::test]
async fn tasks_of_a_job_that_has_ended_do_nothing() {
    let stack = Stack::connect().await;
    let job = generated(&stack).await;
    once(&stack, "collect-images", &job).await;
    let row = stack.rows.read(job.id).await;
    let calls = stack.google.calls().await.len();
    for function in ["plan-strategy", "submit-batch", "poll-batch"] {
        assert_eq!(
            once(&stack, function, &job).await,
            json!({"state": "finished"}),
            "{function}"
        );
    }
    assert_eq!(
        (stack.rows.read(job.id).await, stack.google.calls().await.len()),
        (row, calls)
    );
}
