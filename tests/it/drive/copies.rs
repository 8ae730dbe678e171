//! Photos on their way from a Drive into the bucket.

use aws_sdk_s3::Client;
use packshot_clients::bucket;
use packshot_domain::{
    drive::FileRef,
    job::{DrivePhoto, Job, PhotoSource, Status},
};
use packshot_tests::{
    drives::{self, Account, GrantRow, READ, drives, picture},
    stack::Stack,
};
use serde_json::{Value, json};

use super::{made, request};

/// Two cups in a Drive.
async fn two_cups(stack: &Stack) -> Account {
    drives::connect(
        stack,
        json!({"files": [picture("one.jpg"), picture("two.jpg")]}),
        &[READ],
    )
    .await
}

fn both(account: &Account) -> Value {
    request(json!({"file_ids": [account.id("one.jpg"), account.id("two.jpg")]}))
}

/// The row of a job of these files, of which nothing was started.
pub(super) async fn row(stack: &Stack, files: &[(&str, &str)]) -> Job {
    let photo = |(id, name): &(&str, &str)| {
        PhotoSource::Drive(DrivePhoto {
            file: FileRef::plain(id.parse().expect("an id")),
            name: (*name).to_owned(),
            is_copied: false,
        })
    };
    let photos = files.iter().map(photo).collect();
    stack.rows.create_with(1, |new| new.photos = photos).await
}

async fn stored(stack: &Stack, job: &Job) -> Job {
    stack
        .jobs
        .get(job.owner, job.id)
        .await
        .expect("read")
        .expect("there")
}

/// A copy in the bucket; `None` where there is none.
async fn copy(stack: &Stack, job: &Job, number: usize) -> Option<Vec<u8>> {
    let get = Client::new(&stack.config)
        .get_object()
        .bucket(stack.output("ImagesBucket"));
    let object = get
        .key(bucket::copied_photo_key(job.owner, job.id, number))
        .send()
        .await
        .ok()?;
    Some(object.body.collect().await.expect("a body").to_vec())
}

/// A file as Drive has it.
async fn original(stack: &Stack, id: &str) -> Vec<u8> {
    let file = FileRef::plain(id.parse().expect("an id"));
    let drives = drives(stack);
    let mut download = drives
        .of(stack.user.id)
        .download(&file, 10_000_000)
        .await
        .expect("opened");
    let mut bytes = Vec::new();
    while let Some(part) = download.chunk().await.expect("a part") {
        bytes.extend_from_slice(&part);
    }
    bytes
}

#[tokio::test]
async fn photos_of_a_drive_become_images() {
    let stack = Stack::connect().await;
    let account = two_cups(&stack).await;
    let job = made(&stack, &both(&account)).await;
    assert_eq!(job["status"], "completed", "{job}");
    assert_eq!(
        (&job["drive"], &job["saved_to_drive"]),
        (&Value::Null, &Value::Null)
    );
    let id = job["id"].as_str().expect("an id");
    assert_eq!(
        stack.google.uploads(id).await.len(),
        3,
        "two photos and the requests"
    );
    assert_eq!(
        account.calls(&stack, "drive_media").await,
        2,
        "each was read once"
    );
}

#[tokio::test]
async fn copies_are_the_originals_and_go_with_the_job() {
    let stack = Stack::connect().await;
    let account = two_cups(&stack).await;
    let made = made(&stack, &both(&account)).await;
    let id = made["id"].as_str().expect("an id");
    let job = stack
        .jobs
        .get(stack.user.id, id.parse().expect("an id"))
        .await
        .expect("read")
        .expect("there");
    assert_eq!(
        copy(&stack, &job, 2).await,
        Some(original(&stack, account.id("two.jpg")).await)
    );
    assert_eq!(stack.api.delete(&format!("/api/v1/jobs/{id}")).await.status, 204);
    assert_eq!(copy(&stack, &job, 1).await, None);
    assert_eq!(copy(&stack, &job, 2).await, None);
}

#[tokio::test]
async fn what_others_share_and_what_a_link_opens_is_copied_too() {
    let stack = Stack::connect().await;
    let tree = json!({
        "shared_with_me": [picture("theirs.jpg")],
        "shared_drives": [{"name": "Team", "files": [picture("ours.jpg")]}],
    });
    let account = drives::connect(&stack, tree, &[READ]).await;
    let ids = json!([account.id("theirs.jpg"), account.id("Team/ours.jpg")]);
    let job = made(&stack, &request(json!({"file_ids": ids}))).await;
    assert_eq!(job["status"], "completed", "{job}");
}

#[tokio::test]
async fn the_job_says_how_many_photos_are_copied() {
    let stack = Stack::connect().await;
    let account = two_cups(&stack).await;
    let missing = "1NoSuchFileAnywhere";
    let job = row(
        &stack,
        &[(account.id("one.jpg"), "one.jpg"), (missing, "two.jpg")],
    )
    .await;
    let shown = async || stack.api.job(&job.id.to_string()).await["stage"].clone();
    assert_eq!(shown().await, "Copying photos from Google Drive: 0 of 2");
    stack
        .workflow
        .task("copy-photos", &job)
        .await
        .expect_err("the second is not there");
    assert_eq!(shown().await, "Copying photos from Google Drive: 1 of 2");
    assert_eq!(stored(&stack, &job).await.status, Status::Queued);
}

#[tokio::test]
async fn planning_waits_for_the_copies() {
    let stack = Stack::connect().await;
    let account = two_cups(&stack).await;
    let job = row(&stack, &[(account.id("one.jpg"), "one.jpg")]).await;
    let task = async |name: &str| stack.workflow.task(name, &job).await.expect("an answer");
    assert_eq!(task("plan-strategy").await, json!({"state": "copy"}));
    assert_eq!(stack.google.count("generate_content").await, 0);
    assert_eq!(task("copy-photos").await, json!({"state": "copied"}));
    assert_eq!(task("plan-strategy").await, json!({"state": "planned"}));
}

#[tokio::test]
async fn copying_twice_reads_each_photo_once() {
    let stack = Stack::connect().await;
    let account = two_cups(&stack).await;
    let job = row(
        &stack,
        &[
            (account.id("one.jpg"), "one.jpg"),
            (account.id("two.jpg"), "two.jpg"),
        ],
    )
    .await;
    for _ in 0..2 {
        let answer = stack.workflow.task("copy-photos", &job).await;
        assert_eq!(answer, Ok(json!({"state": "copied"})));
    }
    assert_eq!(account.calls(&stack, "drive_media").await, 2);
}

#[tokio::test]
async fn two_that_copy_at_once_leave_one_set_of_copies() {
    let stack = Stack::connect().await;
    let account = two_cups(&stack).await;
    let job = row(
        &stack,
        &[
            (account.id("one.jpg"), "one.jpg"),
            (account.id("two.jpg"), "two.jpg"),
        ],
    )
    .await;
    let (first, second) = tokio::join!(
        stack.workflow.task("copy-photos", &job),
        stack.workflow.task("copy-photos", &job)
    );
    let copied = Ok(json!({"state": "copied"}));
    assert_eq!((first, second), (copied.clone(), copied));
    let after = stored(&stack, &job).await;
    assert_eq!(
        (after.photos_to_copy().count(), after.version),
        (0, job.version + 2)
    );
    for (number, name) in [(1, "one.jpg"), (2, "two.jpg")] {
        assert_eq!(
            copy(&stack, &job, number).await,
            Some(original(&stack, account.id(name)).await)
        );
    }
}

#[tokio::test]
async fn a_copy_that_died_before_it_was_noted_is_made_again() {
    let stack = Stack::connect().await;
    let account = two_cups(&stack).await;
    let job = row(&stack, &[(account.id("one.jpg"), "one.jpg")]).await;
    let before = stack.rows.read(job.id).await;
    for _ in 0..2 {
        assert_eq!(
            stack.workflow.task("copy-photos", &job).await,
            Ok(json!({"state": "copied"}))
        );
        stack.rows.restore(&before).await;
    }
    assert_eq!(
        copy(&stack, &job, 1).await,
        Some(original(&stack, account.id("one.jpg")).await)
    );
}

#[tokio::test]
async fn a_token_that_ends_in_between_is_renewed_once() {
    let stack = Stack::connect().await;
    let account = two_cups(&stack).await;
    let job = row(
        &stack,
        &[
            (account.id("one.jpg"), "one.jpg"),
            (account.id("two.jpg"), "two.jpg"),
        ],
    )
    .await;
    let before = account.calls(&stack, "token").await;
    account.expire_access_tokens(&stack).await;
    assert_eq!(
        stack.workflow.task("copy-photos", &job).await,
        Ok(json!({"state": "copied"}))
    );
    assert_eq!(account.calls(&stack, "token").await - before, 1);
}

#[tokio::test]
async fn a_token_of_long_ago_is_renewed_before_it_is_used() {
    let stack = Stack::connect().await;
    let account = two_cups(&stack).await;
    GrantRow::of(&stack).outdate(stack.user.id).await;
    let before = account.calls(&stack, "token").await;
    let job = made(&stack, &both(&account)).await;
    assert_eq!(job["status"], "completed", "{job}");
    assert_eq!(
        account.calls(&stack, "token").await - before,
        1,
        "one for both functions"
    );
}

#[tokio::test]
async fn a_connection_that_breaks_is_taken_up_where_it_broke() {
    let stack = Stack::connect().await;
    let account = two_cups(&stack).await;
    let job = row(&stack, &[(account.id("one.jpg"), "one.jpg")]).await;
    stack
        .google
        .faults(json!({"drive_media": [{"truncate_after": 700}, {"truncate_after": 900}]}))
        .await;
    assert_eq!(
        stack.workflow.task("copy-photos", &job).await,
        Ok(json!({"state": "copied"}))
    );
    assert_eq!(account.calls(&stack, "drive_media").await, 3);
    assert_eq!(
        copy(&stack, &job, 1).await,
        Some(original(&stack, account.id("one.jpg")).await)
    );
}
