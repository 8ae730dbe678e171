//! Jobs whose batch is not done at their deadline, and what their owners want then.

use std::time::Duration;

use packshot_domain::{
    job::{Job, NewJob},
    late::OnLate,
    money::MicroUsd,
};
use packshot_tests::stack::Stack;
use serde_json::{Value, json};

use super::{assert_failed, file, mails, run};

/// Runs a job that is late from its first moment on.
async fn late(stack: &Stack, count: u8, on_late: OnLate, change: impl FnOnce(&mut NewJob)) -> (Job, Value) {
    let job = stack
        .rows
        .create_with(count, |new| {
            new.deadline_at = new.created_at - Duration::from_secs(1);
            new.on_late = on_late;
            change(new);
        })
        .await;
    let shown = run(stack, &job).await;
    (job, shown)
}

/// How many images Gemini was asked for one by one.
pub(super) async fn drawn(stack: &Stack) -> usize {
    let calls = stack.google.calls().await;
    let drawings = calls.iter().filter(|call| {
        call["operation"] == "generate_content"
            && call["path"].as_str().is_some_and(|path| path.contains("banana"))
    });
    drawings.count()
}

#[tokio::test]
async fn a_fallback_makes_the_images_of_a_stuck_batch_one_by_one() {
    let stack = Stack::connect().await;
    stack.google.faults(json!({"batch": {"stuck": true}})).await;
    let (job, shown) = late(&stack, 4, OnLate::Fallback, |_| ()).await;
    assert_eq!(shown["status"], "completed", "{shown}");
    assert!(shown["fallback_at"].is_string(), "the job says so: {shown}");
    let images = shown["images"].as_array().expect("images");
    assert!(images.iter().all(|image| image["status"] == "ready"), "{shown}");
    assert_eq!(drawn(&stack).await, 4);
    assert_eq!(
        stack.google.batch_state(&job.id.to_string()).await,
        "BATCH_STATE_CANCELLED"
    );
    let archive = file(&stack, &shown["links"]["archive"]).await;
    assert!(archive.starts_with(b"PK"));
    assert_eq!(mails(&stack).await, 1);
}

#[tokio::test]
async fn a_batch_that_is_done_in_the_last_moment_is_not_paid_for_twice() {
    let stack = Stack::connect().await;
    stack
        .google
        .faults(json!({"batch": {"polls_until_done": 2}}))
        .await;
    let (_, shown) = late(&stack, 2, OnLate::Fallback, |_| ()).await;
    assert_eq!(shown["status"], "completed", "{shown}");
    assert!(shown.get("fallback_at").is_none(), "{shown}");
    assert_eq!(drawn(&stack).await, 0);
}

#[tokio::test]
async fn a_fallback_costs_no_more_than_its_owner_wants_to_pay() {
    let stack = Stack::connect().await;
    stack.google.faults(json!({"batch": {"stuck": true}})).await;
    // Enough for the plan and two images at twice 0.017925 USD.
    let (_, shown) = late(&stack, 4, OnLate::Fallback, |new| {
        new.max_cost = Some(MicroUsd(100_000));
    })
    .await;
    assert_eq!(shown["status"], "completed", "{shown}");
    let images = shown["images"].as_array().expect("images");
    let late: Vec<&Value> = images.iter().filter(|image| image["reason"] == "late").collect();
    assert!(!late.is_empty() && late.len() < 4, "{shown}");
    assert_eq!(
        late[0]["message"],
        "Making it at once would have cost more than max_cost_usd allows."
    );
    assert_eq!(drawn(&stack).await, 4 - late.len());
    let cost: f64 = shown["cost"]["actual_usd"]
        .as_str()
        .and_then(|cost| cost.parse().ok())
        .expect("an amount");
    assert!(cost <= 0.1, "{shown}");
}

#[tokio::test]
async fn a_fallback_waits_for_gemini_and_pays_for_no_image_twice() {
    let stack = Stack::connect().await;
    let busy = json!({"contains": "banana", "status": 429, "retry_delay": "20s"});
    stack
        .google
        .faults(json!({"batch": {"stuck": true}, "generate_content": [{}, {}, {}, busy]}))
        .await;
    let (_, shown) = late(&stack, 4, OnLate::Fallback, |_| ()).await;
    assert_eq!(shown["stage"], "All 4 images are ready", "{shown}");
    assert_eq!(drawn(&stack).await, 5, "four, and one refusal");
}

#[tokio::test]
async fn a_fallback_ends_with_what_gemini_made_before_it_refused() {
    let stack = Stack::connect().await;
    let refused = json!({"contains": "banana", "status": 403, "times": 100});
    stack
        .google
        .faults(json!({"batch": {"stuck": true}, "generate_content": [{}, {}, {}, {}, refused]}))
        .await;
    let (_, shown) = late(&stack, 5, OnLate::Fallback, |_| ()).await;
    assert_eq!(
        (&shown["status"], &shown["stage"]),
        (&json!("completed"), &json!("3 of 5 images are ready")),
        "{shown}"
    );
    assert!(shown["links"]["archive"].is_string(), "{shown}");
}

#[tokio::test]
async fn an_image_that_gemini_refuses_does_not_keep_the_others() {
    let stack = Stack::connect().await;
    let refused = json!({"contains": "banana", "status": 400});
    stack
        .google
        .faults(json!({"batch": {"stuck": true}, "generate_content": [{}, refused]}))
        .await;
    let (_, shown) = late(&stack, 5, OnLate::Fallback, |_| ()).await;
    assert_eq!(shown["stage"], "4 of 5 images are ready", "{shown}");
    let images = shown["images"].as_array().expect("images");
    let missing = images
        .iter()
        .find(|image| image["status"] == "failed")
        .expect("one");
    assert_eq!(
        (&missing["reason"], &missing["message"]),
        (
            &json!("provider_error"),
            &json!("Gemini refused the request for it.")
        )
    );
}

#[tokio::test]
async fn a_job_without_capacity_until_its_deadline_falls_back_too() {
    let stack = Stack::connect().await;
    let full = json!({"status": 429, "times": 100});
    stack.google.faults(json!({"create_batch": [full]})).await;
    let (_, shown) = late(&stack, 1, OnLate::Fallback, |_| ()).await;
    assert_eq!(
        (&shown["status"], drawn(&stack).await),
        (&json!("completed"), 1),
        "{shown}"
    );
}

#[tokio::test]
async fn who_waits_gets_the_images_after_the_deadline() {
    let stack = Stack::connect().await;
    stack
        .google
        .faults(json!({"batch": {"polls_until_done": 4}}))
        .await;
    let (_, shown) = late(&stack, 1, OnLate::Wait, |_| ()).await;
    assert_eq!(
        (&shown["status"], &shown["on_late"], drawn(&stack).await),
        (&json!("completed"), &json!("wait"), 0),
        "{shown}"
    );
}

#[tokio::test]
async fn who_does_not_say_is_told_that_the_job_was_late() {
    let stack = Stack::connect().await;
    stack.google.faults(json!({"batch": {"stuck": true}})).await;
    let (_, shown) = late(&stack, 1, OnLate::Fail, |_| ()).await;
    assert_failed(&stack, &shown, "deadline_exceeded").await;
}

#[tokio::test]
async fn making_late_images_twice_makes_them_once() {
    let stack = Stack::connect().await;
    stack.google.faults(json!({"batch": {"stuck": true}})).await;
    let job = stack
        .rows
        .create_with(2, |new| {
            new.deadline_at = new.created_at - Duration::from_secs(1);
            new.on_late = OnLate::Fallback;
        })
        .await;
    for function in ["plan-strategy", "submit-batch"] {
        stack.workflow.task(function, &job).await.expect("an answer");
    }
    let polled = stack.workflow.task("poll-batch", &job).await.expect("an answer");
    assert_eq!(polled, json!({"state": "late"}));
    let before = stack.rows.read(job.id).await;
    let first = stack
        .workflow
        .task("make-late-images", &job)
        .await
        .expect("an answer");
    assert_eq!(
        (&first["state"], &first["status"]),
        (&json!("made"), &json!("completed"))
    );
    let second = stack
        .workflow
        .task("make-late-images", &job)
        .await
        .expect("an answer");
    assert_eq!(second, json!({"state": "finished"}));
    assert_eq!(drawn(&stack).await, 2);

    // A run that died before it could write anything down is paid for again, but leaves the same files.
    stack.rows.restore(&before).await;
    let third = stack
        .workflow
        .task("make-late-images", &job)
        .await
        .expect("an answer");
    assert_eq!(third["status"], "completed");
}

/// A job that is late by a day finds its photos gone at Gemini.
#[tokio::test]
async fn photos_that_gemini_has_no_more_are_uploaded_anew() {
    let stack = Stack::connect().await;
    stack.google.faults(json!({"batch": {"stuck": true}})).await;
    let job = stack
        .rows
        .create_with(1, |new| {
            new.deadline_at = new.created_at - Duration::from_secs(1);
            new.on_late = OnLate::Fallback;
        })
        .await;
    for function in ["plan-strategy", "submit-batch", "poll-batch"] {
        stack.workflow.task(function, &job).await.expect("an answer");
    }
    stack.rows.unset(job.id, "files").await;
    let made = stack.workflow.task("make-late-images", &job).await;
    assert_eq!(made.expect("an answer")["status"], "completed");
    assert_eq!(drawn(&stack).await, 1);
}

#[tokio::test]
async fn the_api_takes_a_deadline_and_says_what_a_fallback_may_cost() {
    let stack = Stack::connect().await;
    let deadline = (packshot_clients::clock::now() + Duration::from_hours(1)).to_string();
    let fields = json!({"count": 1, "deadline": deadline, "on_late": "fallback"});
    let mut priced = fields.clone();
    priced["images"] = json!([packshot_tests::pictures::data_url(
        &packshot_tests::pictures::cup_png()
    )]);
    let answer = stack.api.post("/api/v1/generate?dry_run=true", &priced).await;
    assert_eq!(
        (&answer.body["estimated_usd"], &answer.body["at_most_usd"]),
        (&json!("0.041925"), &json!("0.125775")),
        "{answer:?}"
    );
    let id = stack.api.start_job(fields).await;
    let job = stack.api.job(&id).await;
    assert_eq!(
        (&job["deadline"], &job["on_late"]),
        (&json!(deadline), &json!("fallback"))
    );
}
