//! Finding jobs among many.

use futures_util::{StreamExt, TryStreamExt, stream};
use packshot_domain::{
    failure::FailureCode,
    job::{Job, NewJob},
};
use packshot_tests::{
    ended_jobs::{completed, failed, new_job, ready},
    stack::Stack,
};
use serde_json::Value;

/// How many rows are read for one page.
const MOST_READ: usize = 1000;

fn titled(stack: &Stack, title: &str) -> NewJob {
    let mut new = new_job(stack.user.id, 1);
    new.brief.product.title = Some(title.to_owned());
    new
}

async fn written(stack: &Stack, job: Job) -> String {
    stack.jobs.create(&job).await.expect("written");
    job.id.to_string()
}

async fn page(stack: &Stack, query: &str) -> Value {
    let answer = stack.api.get(&format!("/api/v1/jobs?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    answer.body
}

fn ids(page: &Value) -> Vec<&str> {
    let jobs = page["data"].as_array().expect("a list").iter();
    jobs.filter_map(|job| job["id"].as_str()).collect()
}

#[tokio::test]
async fn jobs_are_found_by_words_on_every_page() {
    let stack = Stack::connect().await;
    let pot = written(&stack, completed(titled(&stack, "Red tea pot"), &[ready()])).await;
    let cup = failed(titled(&stack, "Espresso Cup, red"), FailureCode::PhotoTooSmall);
    let cup = written(&stack, cup).await;
    let mut labelled = titled(&stack, "Spoon");
    labelled.metadata.insert("set".to_owned(), "RED-7".to_owned());
    let spoon = written(&stack, completed(labelled, &[ready()])).await;
    written(&stack, completed(titled(&stack, "Knife"), &[ready()])).await;

    for (query, expected) in [
        ("q=red", vec![&spoon, &cup, &pot]),
        ("q=RED%20espresso", vec![&cup]),
        ("q=red&status=completed", vec![&spoon, &pot]),
        ("q=red&status=completed&limit=1", vec![&spoon]),
        ("q=shot%201%20spoon", vec![&spoon]),
        (&format!("q={}", &pot), vec![&pot]),
        (&format!("q=red&starting_after={spoon}"), vec![&cup, &pot]),
        ("q=fork", vec![]),
    ] {
        assert_eq!(ids(&page(&stack, query).await), expected, "{query}");
    }
    let first = page(&stack, "q=red&limit=2").await;
    assert_eq!(
        (&first["has_more"], first.get("next_starting_after")),
        (&true.into(), None)
    );
    let last = page(&stack, "q=red&limit=3").await;
    assert_eq!(last["has_more"], false);
    let long = "x".repeat(201);
    let answer = stack.api.get(&format!("/api/v1/jobs?q={long}")).await;
    answer.assert_problem(422, "invalid_fields");
    assert_eq!(answer.field_codes(), ["q too_long"]);
}

#[tokio::test]
async fn a_search_among_very_many_goes_on_from_where_it_ended() {
    let stack = Stack::connect().await;
    let oldest = written(&stack, completed(titled(&stack, "Espresso cup"), &[ready()])).await;
    let others: Vec<Job> = (0..MOST_READ)
        .map(|_| completed(titled(&stack, "Tea pot"), &[ready()]))
        .collect();
    let first_of_them = others[0].id.to_string();
    let writes = stream::iter(&others).map(|job| stack.jobs.create(job));
    writes
        .buffer_unordered(16)
        .try_collect::<Vec<()>>()
        .await
        .expect("written");

    let nothing = page(&stack, "q=espresso").await;
    assert_eq!(ids(&nothing), Vec::<&str>::new());
    assert_eq!(
        (&nothing["has_more"], &nothing["next_starting_after"]),
        (&true.into(), &first_of_them.as_str().into())
    );
    let found = page(&stack, &format!("q=espresso&starting_after={first_of_them}")).await;
    assert_eq!(
        (ids(&found), &found["has_more"]),
        (vec![oldest.as_str()], &false.into())
    );
    // Where the job that was looked at last is on the page, its id leads on.
    let both = page(&stack, &format!("q={first_of_them}")).await;
    assert_eq!(ids(&both), [first_of_them.as_str()]);
    assert_eq!(
        (&both["has_more"], both.get("next_starting_after")),
        (&true.into(), None)
    );
}
