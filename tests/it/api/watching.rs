//! Following jobs: only those of a status, only when there is news, and to the archive.

use std::time::{Duration, Instant};

use packshot_clients::clock;
use packshot_domain::{
    failure::FailureCode,
    job::{Job, JobEvent},
};
use packshot_tests::{
    api::Answer,
    ended_jobs::{completed, failed, new_job, ready},
    stack::Stack,
};
use reqwest::Method;

const JOBS: &str = "/api/v1/jobs";

async fn ids(stack: &Stack, query: &str) -> Vec<String> {
    let answer = stack.api.get(&format!("{JOBS}?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    let jobs = answer.body["data"].as_array().expect("a list");
    jobs.iter()
        .map(|job| job["id"].as_str().unwrap_or_default().to_owned())
        .collect()
}

async fn show(stack: &Stack, job: &Job, headers: &[(&'static str, &str)]) -> Answer {
    let path = format!("{JOBS}/{}", job.id);
    let request = headers
        .iter()
        .fold(stack.api.request(Method::GET, &path), |request, (name, value)| {
            request.header(*name, *value)
        });
    stack.api.send(request).await
}

async fn written(stack: &Stack, job: Job) -> Job {
    stack.jobs.create(&job).await.expect("written");
    job
}

#[tokio::test]
async fn the_list_is_narrowed_to_statuses() {
    let stack = Stack::connect().await;
    let done = || completed(new_job(stack.user.id, 1), &[ready()]);
    let first = written(&stack, done()).await.id.to_string();
    let bad = written(
        &stack,
        failed(new_job(stack.user.id, 1), FailureCode::PhotoTooSmall),
    )
    .await;
    let new = written(&stack, Job::from(new_job(stack.user.id, 1))).await;
    let last = written(&stack, done()).await.id.to_string();
    let (bad, new) = (bad.id.to_string(), new.id.to_string());

    assert_eq!(
        ids(&stack, "status=completed").await,
        [last.clone(), first.clone()]
    );
    assert_eq!(
        ids(&stack, "status=completed&limit=1").await,
        std::slice::from_ref(&last)
    );
    assert_eq!(
        ids(&stack, &format!("status=completed&starting_after={last}")).await,
        [first]
    );
    let both = [new, bad];
    assert_eq!(ids(&stack, "status=failed,queued").await, both);
    assert_eq!(ids(&stack, "status=failed&status=queued").await, both);
    assert!(ids(&stack, "status=canceled").await.is_empty());
    let answer = stack.api.get(&format!("{JOBS}?status=done")).await;
    answer.assert_problem(422, "invalid_fields");
    assert_eq!(answer.field_codes(), ["status unknown_status"]);
}

#[tokio::test]
async fn a_job_is_sent_again_only_after_it_has_changed() {
    let stack = Stack::connect().await;
    let job = written(&stack, Job::from(new_job(stack.user.id, 1))).await;
    let first = show(&stack, &job, &[]).await;
    let tag = first.headers["etag"].to_str().expect("text").to_owned();

    let again = show(&stack, &job, &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.body.is_null()), (304, true), "{again:?}");
    assert!(again.headers["etag"].to_str().expect("text").ends_with(&tag));
    assert_eq!(
        show(&stack, &job, &[("if-none-match", "\"x\"")]).await.status,
        200
    );

    let start = |job: &Job| job.apply(JobEvent::StrategyStarted, clock::now());
    stack
        .jobs
        .change(job.owner, job.id, start)
        .await
        .expect("changed");
    let changed = show(&stack, &job, &[("if-none-match", &tag)]).await;
    assert_eq!(
        (changed.status, &changed.body["status"]),
        (200, &"strategy".into())
    );
    assert_ne!(changed.headers["etag"], tag.as_str());
}

#[tokio::test]
async fn a_wait_ends_early_with_the_next_status() {
    let stack = Stack::connect().await;
    let job = written(&stack, Job::from(new_job(stack.user.id, 1))).await;
    let began = Instant::now();
    let waiting = show(&stack, &job, &[("prefer", "wait=20")]);
    let cancel = |job: &Job| job.apply(JobEvent::Canceled, clock::now());
    let (answer, ()) = tokio::join!(waiting, async {
        // By the time these are answered, the other one waits.
        for _ in 0..3 {
            show(&stack, &job, &[]).await;
        }
        let canceled = stack.jobs.change(job.owner, job.id, cancel).await;
        canceled.expect("canceled");
    });
    assert_eq!(answer.body["status"], "canceled", "{answer:?}");
    assert_eq!(answer.headers["preference-applied"], "wait=20");
    assert!(began.elapsed() < Duration::from_secs(15));
    // It has ended: there is nothing more to wait for.
    let began = Instant::now();
    let answer = show(&stack, &job, &[("prefer", "wait=600")]).await;
    assert_eq!(answer.headers["preference-applied"], "wait=25");
    assert!(began.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn a_wait_without_news_ends_by_itself() {
    let stack = Stack::connect().await;
    let job = written(&stack, Job::from(new_job(stack.user.id, 1))).await;
    let began = Instant::now();
    let answer = show(&stack, &job, &[("prefer", "wait=2")]).await;
    assert_eq!(
        (answer.status, &answer.body["status"]),
        (200, &"queued".into()),
        "{answer:?}"
    );
    assert!(began.elapsed() >= Duration::from_secs(2));
}

#[tokio::test]
async fn the_archive_is_found_by_the_jobs_id() {
    let (stack, other) = (Stack::connect().await, Stack::connect().await);
    let done = written(&stack, completed(new_job(stack.user.id, 1), &[ready()])).await;
    let path = format!("{JOBS}/{}/archive", done.id);
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let request = stack.api.request(Method::GET, &path).build().expect("a request");
    let answer = http.execute(request).await.expect("an answer");
    assert_eq!(answer.status(), 302);
    let archive = format!("{}/images/{}/images.zip", stack.base_url(), done.images_token);
    assert_eq!(answer.headers()["location"], archive.as_str());

    other.api.get(&path).await.assert_problem(404, "job_not_found");
    let queued = written(&stack, Job::from(new_job(stack.user.id, 1))).await;
    let answer = stack.api.get(&format!("{JOBS}/{}/archive", queued.id)).await;
    answer.assert_problem(404, "archive_not_ready");
}
