//! What a job costs, before it starts.

use packshot_tests::{pictures, stack::Stack};
use serde_json::{Value, json};

use super::{GENERATE, refusals};
use crate::template::{repository, template};

fn request(fields: &Value) -> Value {
    let mut body = json!({"images": [pictures::data_url(&pictures::cup_png())], "count": 10});
    body.as_object_mut()
        .expect("an object")
        .extend(fields.as_object().expect("an object").clone());
    body
}

/// The page tells prices to people who have not signed in, of the models that a deployment uses unless it is told otherwise.
#[tokio::test]
async fn a_job_is_priced_as_the_page_says() {
    let told = std::fs::read(repository().join("web/src/prices.json")).expect("the file is there");
    let told: Value = serde_json::from_slice(&told).expect("JSON");
    let template = template();
    for (model, parameter) in [("image_model", "ImageModel"), ("text_model", "TextModel")] {
        assert_eq!(
            told[model], template["Parameters"][parameter]["Default"],
            "left: web/src/prices.json; right: template.yaml"
        );
    }
    let stack = Stack::connect().await;
    let dry_run = format!("{GENERATE}?dry_run=true");
    let answer = stack.api.post(&dry_run, &request(&json!({}))).await;
    assert_eq!(
        answer.body["estimated_usd"], told["ten_images_1k_usd"],
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_dry_run_checks_and_prices_and_starts_nothing() {
    let stack = Stack::connect().await;
    let dry_run = format!("{GENERATE}?dry_run=true");
    let answer = stack.api.post(&dry_run, &request(&json!({}))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let expected = json!({
        "object": "estimate", "count": 10, "image_size": "1K", "estimated_usd": "0.203250", "at_most_usd": "0.203250"
    });
    assert_eq!(answer.body, expected);
    let missing = json!({"images": ["upl_01h2xcejqtf2nbrexx3vqjhp41"], "count": 11});
    let answer = stack.api.post(&dry_run, &missing).await;
    answer.assert_problem(422, "invalid_fields");
    let missing = json!({"images": ["upl_01h2xcejqtf2nbrexx3vqjhp41"]});
    let answer = stack.api.post(&dry_run, &missing).await;
    assert_eq!(answer.field_codes(), ["images[0] upload_not_found"]);

    let answer = stack
        .api
        .post(&format!("{GENERATE}?dry_run=yes"), &request(&json!({})))
        .await;
    assert_eq!(answer.field_codes(), ["dry_run unknown_value"]);
    assert_eq!(stack.api.get("/api/v1/jobs").await.body["data"], json!([]));
}

#[tokio::test]
async fn a_job_that_would_cost_more_than_wanted_is_not_started() {
    let stack = Stack::connect().await;
    let refused = refusals(&stack, &request(&json!({"max_cost_usd": "0.20"}))).await;
    assert_eq!(refused, ["max_cost_usd estimate_too_high"]);
    let refused = refusals(&stack, &request(&json!({"max_cost_usd": "a lot"}))).await;
    assert_eq!(refused, ["max_cost_usd invalid_amount"]);
    let answer = stack
        .api
        .post(GENERATE, &request(&json!({"max_cost_usd": "0.21"})))
        .await;
    assert_eq!(answer.status, 202, "{answer:?}");
}

#[tokio::test]
async fn a_finished_job_tells_what_it_really_cost() {
    let stack = Stack::connect().await;
    let id = stack.api.start_job(json!({"count": 2})).await;
    let started = stack.api.job(&id).await;
    assert_eq!(started["cost"].get("actual_usd"), None, "not before it is known");
    let job = stack.api.finished_job(&id).await;
    let dollars = |name: &str| {
        job["cost"][name]
            .as_str()
            .and_then(|text| text.parse::<f64>().ok())
    };
    let (estimated, actual) = (dollars("estimated_usd"), dollars("actual_usd"));
    // Two images of 1120 tokens at 15 USD a million, and the planning.
    assert!(actual > Some(0.0336) && actual <= estimated, "{}", job["cost"]);
}
