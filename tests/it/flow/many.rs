//! Many jobs at the same time.

use packshot_tests::{eventually, stack::Stack};
use serde_json::{Value, json};

const JOBS: usize = 20;

#[tokio::test]
async fn twenty_jobs_at_once_all_complete() {
    let stack = Stack::connect().await;
    let mut starting = Vec::new();
    for number in 0..JOBS {
        let api = stack.api.clone();
        let fields = json!({"count": 1, "metadata": {"number": number.to_string()}});
        starting.push(tokio::spawn(async move { api.start_job(fields).await }));
    }
    let mut ids = Vec::new();
    for started in starting {
        ids.push(started.await.expect("started"));
    }
    eventually("the end of all jobs", async || {
        let listed = stack.api.get(&format!("/api/v1/jobs?limit={JOBS}")).await;
        let is_over = |job: &Value| matches!(job["status"].as_str(), Some("completed" | "failed"));
        let jobs = listed.body["data"].as_array().expect("a list").clone();
        (jobs.len() == JOBS && jobs.iter().all(is_over)).then_some(())
    })
    .await;
    for id in &ids {
        super::assert_completed_once(&stack, &super::ended(&stack, id).await).await;
    }
    assert_eq!(stack.google.count("create_batch").await, JOBS);
    assert_eq!(super::mails(&stack).await, JOBS);
}
