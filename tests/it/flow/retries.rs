//! One image made once more: in a batch of its own, while the job stays as it ended.

use std::{collections::BTreeSet, time::Duration};

use packshot_tests::{api::Answer, ended_jobs, eventually, receiver::Receiver, stack::Stack};
use reqwest::Method;
use serde_json::{Value, json};

use super::{ended, file, mails};

mod bookkeeping;
mod tasks;

async fn ask(stack: &Stack, job: &str, image: &str, body: &Value) -> Answer {
    let path = format!("/api/v1/jobs/{job}/images/{image}/retry");
    let request = stack.api.request(Method::POST, &path).json(body);
    stack.api.send(request).await
}

/// A job of this many images that has completed.
async fn completed(stack: &Stack, fields: Value) -> Value {
    let id = stack.api.start_job(fields).await;
    let job = ended(stack, &id).await;
    assert_eq!(job["status"], "completed", "{job}");
    job
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// The job once no image of it is being made again.
async fn settled(stack: &Stack, id: &str) -> Value {
    eventually("the retries to end", async || {
        let job = stack.api.job(id).await;
        let images = job["images"].as_array().expect("images");
        let is_pending = images.iter().any(|image| image["retry"]["status"] == "pending");
        (!is_pending).then_some(job)
    })
    .await
}

/// Waits for the execution of an image's first retry.
async fn executed(stack: &Stack, id: &str, image: &str) {
    stack.workflow.ended(&format!("{id}-{image}-1")).await;
}

#[tokio::test]
async fn an_image_is_made_again_from_another_prompt() {
    let stack = Stack::connect().await;
    let before = completed(&stack, json!({"count": 2})).await;
    let (id, image) = (text(&before["id"]), text(&before["images"][1]["id"]));
    let prompt = "The cup on a wooden table beside a window, in morning light";
    let answer = ask(&stack, id, image, &json!({"prompt": prompt})).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    assert_eq!(answer.headers["location"], format!("/api/v1/jobs/{id}"));
    let asked = &answer.body["images"][1];
    assert_eq!(
        (&asked["retry"]["status"], &asked["retry"]["prompt"]),
        (&json!("pending"), &json!(prompt))
    );
    assert_eq!(
        asked["url"], before["images"][1]["url"],
        "the picture stays until there is another"
    );

    // Who waits for news of the job is told when the retry ends.
    let waiting = stack
        .api
        .request(Method::GET, &format!("/api/v1/jobs/{id}"))
        .header("Prefer", "wait=25");
    let told = stack.api.send(waiting).await.body;
    assert_ne!(told["images"][1]["retry"]["status"], "pending");
    let after = settled(&stack, id).await;
    executed(&stack, id, image).await;
    let made = &after["images"][1];
    assert_eq!(
        (&made["status"], &made["retry"]["status"], &made["prompt"]),
        (&json!("ready"), &json!("ready"), &json!(prompt))
    );
    assert_ne!(made["url"], before["images"][1]["url"]);
    let (old, new) = (
        file(&stack, &before["images"][1]["url"]).await,
        file(&stack, &made["url"]).await,
    );
    assert_ne!(old, new, "the old address shows what it showed");
    assert_eq!(new.len() as u64, made["bytes"].as_u64().expect("a size"));
    assert_eq!(after["images"][0], before["images"][0]);
    assert_eq!(
        (&after["status"], &after["finished_at"]),
        (&before["status"], &before["finished_at"])
    );
    assert_ne!(after["links"]["archive"], before["links"]["archive"]);
    assert_eq!(
        names_in(&file(&stack, &after["links"]["archive"]).await),
        ["01.jpg", "02-2.jpg", "manifest.json"]
    );
    assert_eq!(mails(&stack).await, 1, "only the job was told by mail");
    assert_eq!(stack.google.batches(id).await.len(), 1, "the job's own batch");
    let uploads = stack.google.uploads(id).await;
    let photos = uploads.iter().filter(|name| name.contains("-photo-"));
    assert_eq!(photos.count(), 1, "the photo is still there: {uploads:?}");
}

fn names_in(archive: &[u8]) -> Vec<String> {
    let archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).expect("an archive");
    let names: BTreeSet<String> = archive
        .file_names()
        .map(|name| name.expect("a name").into_owned())
        .collect();
    names.into_iter().collect()
}

#[tokio::test]
async fn the_receiver_is_told_of_a_retry_as_of_an_image() {
    let (stack, receiver) = (Stack::connect().await, Receiver::start(vec![]).await);
    let before = completed(&stack, json!({"count": 2, "callback_url": receiver.url})).await;
    let (id, image) = (text(&before["id"]), text(&before["images"][1]["id"]));
    assert_eq!(ask(&stack, id, image, &json!({})).await.status, 202);
    settled(&stack, id).await;
    // What is told of a retry is dropped where another has taken its place by then.
    receiver.first(2).await;
    let rows = json!({"batch": {"rows": {"1": {"finish_reason": "IMAGE_SAFETY"}}}});
    stack.google.faults(rows).await;
    assert_eq!(ask(&stack, id, image, &json!({})).await.status, 202);
    settled(&stack, id).await;

    let told: Vec<Value> = receiver
        .first(3)
        .await
        .iter()
        .map(|webhook| serde_json::from_slice(&webhook.body).expect("JSON"))
        .collect();
    let of = |event_type: &str| {
        let found = told.iter().find(|event| event["type"] == event_type);
        found.unwrap_or_else(|| panic!("no {event_type}: {told:?}"))
    };
    assert!(of("job.completed")["data"].get("image_id").is_none());
    let made = of("image.completed");
    assert_eq!(made["data"]["image_id"], image);
    assert_eq!(made["data"]["id"], id);
    let failed = of("image.failed");
    assert_eq!(
        failed["data"]["images"][1]["retry"]["reason"],
        "blocked_by_safety"
    );
    assert_eq!(failed["data"]["images"][1]["status"], "ready");
    eventually("all three deliveries to be on record", async || {
        let deliveries = stack.api.get("/api/v1/webhook-deliveries").await.body;
        let deliveries = deliveries["data"].as_array()?.clone();
        let types = deliveries.iter().filter_map(|delivery| delivery["type"].as_str());
        let types: BTreeSet<&str> = types.collect();
        (types == BTreeSet::from(["image.completed", "image.failed", "job.completed"])).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_retry_that_fails_leaves_the_image_as_it_was() {
    let stack = Stack::connect().await;
    let before = completed(&stack, json!({"count": 1})).await;
    let (id, image) = (text(&before["id"]), text(&before["images"][0]["id"]));
    let rows = json!({"batch": {"rows": {"1": {"finish_reason": "IMAGE_SAFETY"}}}});
    stack.google.faults(rows).await;
    assert_eq!(ask(&stack, id, image, &json!({})).await.status, 202);
    let after = settled(&stack, id).await;
    let made = &after["images"][0];
    assert_eq!(
        (&made["status"], &made["url"]),
        (&json!("ready"), &before["images"][0]["url"])
    );
    assert_eq!(
        (&made["retry"]["status"], &made["retry"]["reason"]),
        (&json!("failed"), &json!("blocked_by_safety"))
    );
    assert_eq!(after["links"]["archive"], before["links"]["archive"]);

    // The batch as a whole may fail, too.
    stack
        .google
        .faults(json!({"batch": {"end_state": "FAILED"}}))
        .await;
    assert_eq!(ask(&stack, id, image, &json!({})).await.status, 202);
    let made = &settled(&stack, id).await["images"][0];
    assert_eq!(
        (&made["retry"]["attempt"], &made["retry"]["reason"]),
        (&json!(2), &json!("provider_error"))
    );
    assert_eq!(made["retry"]["message"], "Gemini could not process the batch.");
}

#[tokio::test]
async fn an_image_that_is_missing_can_be_made_after_all() {
    let stack = Stack::connect().await;
    stack
        .google
        .faults(json!({"batch": {"rows": {"2": {"finish_reason": "IMAGE_SAFETY"}}}}))
        .await;
    let before = completed(&stack, json!({"count": 2})).await;
    stack.google.faults(json!({})).await;
    let (id, image) = (text(&before["id"]), text(&before["images"][1]["id"]));
    let body = json!({"prompt": "The cup alone on white paper"});
    assert_eq!(ask(&stack, id, image, &body).await.status, 202);
    let after = settled(&stack, id).await;
    assert_eq!(after["images"][1]["status"], "ready");
    assert_eq!(after["stage"], "All 2 images are ready");
    let cost = |job: &Value| {
        text(&job["cost"]["actual_usd"])
            .parse::<f64>()
            .expect("an amount")
    };
    assert!(cost(&after) > cost(&before));
}

#[tokio::test]
async fn two_images_at_once_end_in_one_archive() {
    let stack = Stack::connect().await;
    let before = completed(&stack, json!({"count": 2})).await;
    let id = text(&before["id"]);
    for index in 0..2 {
        let image = text(&before["images"][index]["id"]);
        let answer = ask(&stack, id, image, &json!({})).await;
        assert_eq!(answer.status, 202, "{answer:?}");
    }
    let after = settled(&stack, id).await;
    let archive = file(&stack, &after["links"]["archive"]).await;
    assert_eq!(names_in(&archive), ["01-2.jpg", "02-2.jpg", "manifest.json"]);
}

#[tokio::test]
async fn what_cannot_be_made_again_is_refused_in_plain_words() {
    let (stack, other) = (Stack::connect().await, Stack::connect().await);
    let before = completed(&stack, json!({"count": 1})).await;
    let (id, image) = (text(&before["id"]), text(&before["images"][0]["id"]));
    let foreign = "img_01h2xcejqtf2nbrexx3vqjhp41";
    ask(&stack, id, foreign, &json!({}))
        .await
        .assert_problem(404, "image_not_found");
    ask(&stack, id, "cup", &json!({}))
        .await
        .assert_problem(404, "image_not_found");
    ask(&other, id, image, &json!({}))
        .await
        .assert_problem(404, "job_not_found");
    let wrong = ask(&stack, id, image, &json!({"prompt": 7, "seed": 1})).await;
    wrong.assert_problem(422, "invalid_fields");
    assert_eq!(wrong.field_codes(), ["prompt wrong_type", "seed unknown_field"]);

    let slow = json!([{"delay_ms": 300, "times": 10_000}]);
    let faults = json!({"batch": {"stuck": true}, "get_batch": slow});
    stack.google.faults(faults).await;
    assert_eq!(ask(&stack, id, image, &json!({})).await.status, 202);
    ask(&stack, id, image, &json!({}))
        .await
        .assert_problem(409, "retry_in_progress");

    let running = stack.rows.create(1).await;
    let answer = ask(
        &stack,
        &running.id.to_string(),
        &running.images[0].id.to_string(),
        &json!({}),
    )
    .await;
    answer.assert_problem(409, "job_not_completed");

    let mut new = ended_jobs::new_job(stack.user.id, 1);
    new.created_at -= Duration::from_hours(8 * 24);
    let old = ended_jobs::completed(new, &[ended_jobs::ready()]);
    stack.jobs.create(&old).await.expect("written");
    let answer = ask(
        &stack,
        &old.id.to_string(),
        &old.images[0].id.to_string(),
        &json!({}),
    )
    .await;
    answer.assert_problem(409, "photos_expired");
}
