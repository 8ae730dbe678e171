//! What the planning model may answer.

use packshot_tests::stack::Stack;
use serde_json::{Value, json};

use super::{assert_completed_once, assert_failed, ended};

/// Runs a job whose planning model answers as told.
async fn job_planned_with(stack: &Stack, answers: Value) -> Value {
    stack.google.faults(json!({"generate_content": answers})).await;
    let id = stack.api.start_job(json!({})).await;
    ended(stack, &id).await
}

/// Answers that are not a plan for three images.
fn unusable_answers() -> [Value; 5] {
    let twins =
        json!({"title": "Cup", "kind": "studio", "prompt": "A red cup on a white table.", "alt": "A cup"});
    let no_kind =
        json!({"title": "Cup", "kind": "no kind", "prompt": "A red cup on a white table.", "alt": "A cup"});
    [
        json!({"shots": 2}),
        json!({"shots": 4}),
        json!({"text": "I would rather talk about cups."}),
        json!({"text": json!({"shots": [twins, twins, twins]}).to_string()}),
        json!({"text": json!({"shots": [no_kind, twins, no_kind]}).to_string()}),
    ]
}

#[tokio::test]
async fn a_plan_that_cannot_be_used_is_asked_for_once_more_with_a_complaint() {
    for answer in unusable_answers() {
        let stack = Stack::connect().await;
        let job = job_planned_with(&stack, json!([answer])).await;
        assert_completed_once(&stack, &job).await;
        assert_eq!(job["strategy"]["shots"].as_array().expect("shots").len(), 3);

        let calls = stack.google.calls().await;
        let asked: Vec<_> = calls
            .iter()
            .filter(|call| call["operation"] == "generate_content")
            .collect();
        let complains = |call: &Value| {
            call["body"]
                .to_string()
                .contains("Your last answer could not be used")
        };
        assert_eq!(
            asked.iter().map(|call| complains(call)).collect::<Vec<_>>(),
            [false, true],
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_plan_that_cannot_be_used_twice_fails_the_job() {
    for answer in unusable_answers() {
        let stack = Stack::connect().await;
        let job = job_planned_with(&stack, json!([answer, answer])).await;
        assert_failed(&stack, &job, "strategy_unusable").await;
        assert_eq!(stack.google.count("generate_content").await, 2);
        assert_eq!(stack.google.count("upload_file").await, 0);
    }
}

#[tokio::test]
async fn a_prompt_that_gemini_declines_fails_the_job_without_asking_again() {
    for refusal in [
        json!({"block_reason": "PROHIBITED_CONTENT"}),
        json!({"finish_reason": "SAFETY"}),
    ] {
        let stack = Stack::connect().await;
        let job = job_planned_with(&stack, json!([refusal])).await;
        assert_failed(&stack, &job, "strategy_declined").await;
        assert_eq!(stack.google.count("generate_content").await, 1);
    }
}
