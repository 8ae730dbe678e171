//! Reading jobs: the list with its cursor, and the shape of one job.

use packshot_domain::{failure::FailureCode, job::Job};
use packshot_tests::{
    ended_jobs::{completed, declined, failed, new_job, ready},
    stack::Stack,
};
use serde_json::{Value, json};

const JOBS: &str = "/api/v1/jobs";

/// Writes jobs of the user, oldest first.
async fn written(stack: &Stack, count: usize) -> Vec<Job> {
    let mut jobs = Vec::new();
    for _ in 0..count {
        let job = completed(new_job(stack.user.id, 1), &[ready()]);
        stack.jobs.create(&job).await.expect("written");
        jobs.push(job);
    }
    jobs
}

/// The ids of a page, and whether there are more.
async fn page(stack: &Stack, query: &str) -> (Vec<String>, bool) {
    let answer = stack.api.get(&format!("{JOBS}?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    assert_eq!(answer.body["object"], "list");
    let jobs = answer.body["data"].as_array().expect("a list");
    let ids = jobs
        .iter()
        .map(|job| job["id"].as_str().unwrap_or_default().to_owned());
    (ids.collect(), answer.body["has_more"] == true)
}

#[tokio::test]
async fn the_list_is_read_page_by_page_newest_first() {
    let stack = Stack::connect().await;
    assert_eq!(page(&stack, "limit=2").await, (Vec::new(), false));
    let ids: Vec<String> = written(&stack, 5)
        .await
        .iter()
        .rev()
        .map(|job| job.id.to_string())
        .collect();

    assert_eq!(page(&stack, "limit=2").await, (ids[..2].to_vec(), true));
    assert_eq!(
        page(&stack, &format!("limit=2&starting_after={}", ids[1])).await,
        (ids[2..4].to_vec(), true)
    );
    assert_eq!(
        page(&stack, &format!("limit=2&starting_after={}", ids[3])).await,
        (ids[4..].to_vec(), false)
    );
    assert_eq!(
        page(&stack, &format!("starting_after={}", ids[4])).await,
        (Vec::new(), false)
    );
    assert_eq!(page(&stack, "limit=5").await, (ids.clone(), false));
    assert_eq!(page(&stack, "").await, (ids, false));
}

#[tokio::test]
async fn a_cursor_of_somebody_else_shows_nothing_of_theirs() {
    let (stack, other) = (Stack::connect().await, Stack::connect().await);
    let before = written(&stack, 2).await;
    let theirs = written(&other, 1).await;
    written(&stack, 1).await;
    // Ids are times: the cursor means a moment, whoever's job began then.
    let (ids, has_more) = page(&stack, &format!("starting_after={}", theirs[0].id)).await;
    assert_eq!(ids, [before[1].id.to_string(), before[0].id.to_string()]);
    assert!(!has_more);
}

#[tokio::test]
async fn wrong_parameters_are_told_at_once() {
    let stack = Stack::connect().await;
    for (query, expected) in [
        ("limit=0", vec!["limit out_of_range"]),
        ("limit=101", vec!["limit out_of_range"]),
        ("limit=two", vec!["limit out_of_range"]),
        ("limit=", vec!["limit out_of_range"]),
        (
            "starting_after=user_01h2xcejqtf2nbrexx3vqjhp41",
            vec!["starting_after invalid_job_id"],
        ),
        (
            "limit=-1&page=2",
            vec!["limit out_of_range", "page unknown_field"],
        ),
    ] {
        let answer = stack.api.get(&format!("{JOBS}?{query}")).await;
        answer.assert_problem(422, "invalid_fields");
        // Parameters have no order of their own.
        let mut refused = answer.field_codes();
        refused.sort_unstable();
        assert_eq!(refused, expected, "{query}");
    }
}

#[tokio::test]
async fn jobs_that_are_not_there_are_not_found() {
    let stack = Stack::connect().await;
    for id in [
        "job_01h2xcejqtf2nbrexx3vqjhp41",
        "job_",
        "cup",
        "user_01h2xcejqtf2nbrexx3vqjhp41",
        "caf%C3%A9",
    ] {
        stack
            .api
            .get(&format!("{JOBS}/{id}"))
            .await
            .assert_problem(404, "job_not_found");
    }
}

fn strategy_of(job: &Job) -> Value {
    let shots = job.shots.iter().map(|shot| {
        json!({
            "title": shot.title,
            "kind": "studio",
            "prompt": shot.prompt,
            "aspect_ratio": "1:1",
            "alt": shot.alt,
        })
    });
    json!({"shots": shots.collect::<Vec<_>>()})
}

fn history_of(job: &Job) -> Value {
    let entered = job.history.iter();
    entered
        .map(|entered| json!({"status": entered.status.as_str(), "at": entered.at}))
        .collect()
}

#[tokio::test]
async fn a_completed_job_has_exactly_these_members() {
    let stack = Stack::connect().await;
    let job = completed(new_job(stack.user.id, 2), &[ready(), declined()]);
    stack.jobs.create(&job).await.expect("written");
    let below = |path: &str| format!("{}/{path}", stack.base_url());
    let file = |name: &str| below(&format!("images/{}/{name}", job.images_token));
    let expected = json!({
        "id": job.id.to_string(),
        "object": "job",
        "status": "completed",
        "stage": "1 of 2 images are ready",
        "progress": 100,
        "history": history_of(&job),
        "created_at": job.created_at,
        "updated_at": job.updated_at,
        "finished_at": job.finished_at,
        "deadline": job.deadline_at,
        "on_late": "fail",
        "product": {"title": "Espresso cup"},
        "aspect_ratio": "1:1",
        "image_size": "1K",
        "photos": [{"index": 0, "source": "upload", "available": true}],
        "count": 2,
        "images": [
            {
                "id": job.images[0].id.to_string(),
                "index": 0,
                "status": "ready",
                "title": "Shot 1",
                "kind": "studio",
                "prompt": job.shots[0].prompt,
                "alt": job.shots[0].alt,
                "aspect_ratio": "1:1",
                "url": file("01.png"),
                "thumbnail_url": file("01-thumbnail.webp"),
                "width": 1024,
                "height": 1024,
                "bytes": 1_234_567,
                "content_type": "image/png",
            },
            {
                "id": job.images[1].id.to_string(),
                "index": 1,
                "status": "failed",
                "reason": "blocked_by_safety",
                "message": "Gemini declined it (safety). Edit its prompt and try again.",
                "title": "Shot 2",
                "kind": "studio",
                "prompt": job.shots[1].prompt,
                "alt": job.shots[1].alt,
                "aspect_ratio": "1:1",
            },
        ],
        "strategy": strategy_of(&job),
        "cost": {"estimated_usd": "0.117000", "actual_usd": "0.021500"},
        "metadata": {"sku": "cup-1"},
        "links": {"self": below(&format!("api/v1/jobs/{}", job.id)), "archive": file("images.zip")},
    });
    assert_eq!(stack.api.job(&job.id.to_string()).await, expected);
    assert_eq!(stack.api.get(JOBS).await.body["data"], json!([expected]));
}

#[tokio::test]
async fn a_failed_job_has_exactly_these_members() {
    let stack = Stack::connect().await;
    let job = failed(new_job(stack.user.id, 1), FailureCode::PhotoTooSmall);
    stack.jobs.create(&job).await.expect("written");
    let sentence = "A photo is smaller than 64 x 64 pixels. Send a larger picture of the product.";
    let expected = json!({
        "id": job.id.to_string(),
        "object": "job",
        "status": "failed",
        "stage": sentence,
        "progress": 5,
        "history": history_of(&job),
        "created_at": job.created_at,
        "updated_at": job.updated_at,
        "finished_at": job.finished_at,
        "deadline": job.deadline_at,
        "on_late": "fail",
        "product": {"title": "Espresso cup"},
        "aspect_ratio": "1:1",
        "image_size": "1K",
        "photos": [{"index": 0, "source": "upload", "available": true}],
        "count": 1,
        "images": [{
            "id": job.images[0].id.to_string(),
            "index": 0,
            "status": "failed",
            "reason": "late",
            "message": "It was not ready when the job ended. Try again.",
            "aspect_ratio": "1:1",
        }],
        "cost": {"estimated_usd": "0.117000"},
        "error": {"code": "photo_too_small", "message": sentence, "retryable": false},
        "metadata": {"sku": "cup-1"},
        "links": {"self": format!("{}/api/v1/jobs/{}", stack.base_url(), job.id)},
    });
    assert_eq!(stack.api.job(&job.id.to_string()).await, expected);
}
