use packshot_domain::{
    failure::FailureCode,
    image::{ImageFailureReason, ImageState},
    job::Status,
};
use serde_json::Value;

use super::*;
use crate::sample_jobs::{base_url, completed, completed_without, failed};

fn told(job: &Job) -> (Event, Value) {
    let event = end_of_job(job, &base_url())
        .expect("JSON")
        .expect("a job that has ended");
    let value = serde_json::from_str(&event.body).expect("JSON");
    (event, value)
}

#[test]
fn a_completed_job_is_told_with_its_links() {
    let job = completed_without(2, &[(2, ImageFailureReason::BlockedBySafety, None)]);
    let (event, body) = told(&job);
    assert_eq!(event.event_type, EventType::JobCompleted);
    insta::assert_json_snapshot!(body);
}

#[test]
fn a_failed_job_is_told_with_its_reason() {
    let (event, body) = told(&failed(FailureCode::PhotoTooSmall));
    assert_eq!(event.event_type, EventType::JobFailed);
    assert_eq!(body["data"]["error"]["code"], "photo_too_small");
    assert_eq!(body["data"]["error"]["retryable"], false);
    assert_eq!(body["data"]["images"][0]["status"], "failed");
    assert_eq!(body["data"]["links"].get("archive"), None);
}

#[test]
fn a_canceled_job_is_told_and_a_running_one_is_not() {
    let mut job = completed(1);
    job.status = Status::Canceled;
    assert_eq!(told(&job).0.event_type, EventType::JobCanceled);
    job.status = Status::Generating;
    assert!(end_of_job(&job, &base_url()).expect("JSON").is_none());
}

#[test]
fn the_body_is_the_same_at_every_attempt() {
    let job = completed(10);
    assert_eq!(told(&job).0.body, told(&job).0.body);
    assert!(
        told(&job).0.body.len() < MOST_BYTES / 2,
        "an ordinary body is far from the limit"
    );
}

/// A job with every text at the longest that the request and the strategy allow, made of `character`.
fn longest(character: &str) -> Job {
    let mut job = completed(10);
    for shot in &mut job.shots {
        shot.title = character.repeat(120);
        shot.alt = character.repeat(400);
    }
    for image in job.images.iter_mut().skip(1) {
        image.state = ImageState::Failed {
            reason: ImageFailureReason::MissingFromBatch,
            message: Some(character.repeat(5000)),
        };
    }
    let key = |n: usize| format!("{}{n:02}", character.repeat(62));
    job.metadata = (0..16).map(|n| (key(n), character.repeat(512))).collect();
    job.images_token = "x".repeat(64);
    job
}

#[test]
fn a_body_stays_under_the_limit_and_says_what_it_leaves_out() {
    let (event, body) = told(&longest("a"));
    assert!(event.body.len() <= MOST_BYTES, "{}", event.body.len());
    assert_eq!(body["data"]["left_out"], serde_json::json!(["images.message"]));
    assert_eq!(body["data"]["images"][3]["reason"], "missing_from_batch");
    assert_eq!(
        body["data"]["metadata"].as_object().map(serde_json::Map::len),
        Some(16)
    );
}

#[test]
fn labels_go_last_and_only_where_they_alone_are_too_long() {
    // A control character takes six bytes in JSON, the most there is.
    for character in ["\u{1}", "🫖"] {
        let (event, body) = told(&longest(character));
        assert!(event.body.len() <= MOST_BYTES, "{}", event.body.len());
        assert_eq!(
            body["data"]["left_out"],
            serde_json::json!(["images.message", "images.alt", "images.title", "metadata"])
        );
        assert_eq!(body["data"]["images"][0]["width"], 1024);
        assert_eq!(body["data"]["images"].as_array().map(Vec::len), Some(10));
    }
}

#[test]
fn samples_look_like_the_real_thing_and_say_that_they_are_not() {
    let at = "2026-11-24T12:00:00Z".parse().expect("a moment");
    for event_type in EventType::ALL {
        let body = sample(event_type, at, &base_url()).expect("JSON");
        assert!(body.len() < MOST_BYTES / 2);
        let body: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(body["type"], event_type.as_str());
        assert_eq!(body["data"]["test"], true);
        assert_eq!(body["data"]["id"], "job_00000000000000000000000000");
    }
    let body = sample(EventType::ImageFailed, at, &base_url()).expect("JSON");
    insta::assert_json_snapshot!(serde_json::from_str::<Value>(&body).expect("JSON"));
}

#[test]
fn the_first_event_of_an_address_says_that_it_is_a_test() {
    let at = "2026-11-24T12:00:00Z".parse().expect("a moment");
    let body: Value = serde_json::from_str(&test_event(at)).expect("JSON");
    assert_eq!(
        (&body["type"], &body["data"]["test"]),
        (&"webhook.test".into(), &true.into())
    );
}
