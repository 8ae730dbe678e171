//! Images on their way into a new folder of their owner's Drive.

use std::time::Duration;

use packshot_clients::google::drive::{DriveFile, Kinds, Listing, Place};
use packshot_domain::{
    drive::FileRef,
    job::{Job, Saving},
};
use packshot_tests::{
    drives::{self, Account, READ, SAVE, drives, picture},
    eventually,
    stack::Stack,
    workflow::MockedFailure,
};
use serde_json::{Value, json};

use super::{ended, made, started};

/// A folder of cups in a Drive into which we may put files.
async fn cups(stack: &Stack) -> Account {
    let tree = json!({"files": [{"name": "Cups", "folder": true, "children": [picture("cup.jpg")]}]});
    drives::connect(stack, tree, &[READ, SAVE]).await
}

fn request(account: &Account) -> Value {
    request_for(account.id("Cups/cup.jpg"))
}

fn request_for(photo: &str) -> Value {
    json!({
        "drive": {"file_ids": [photo]},
        "save_to_drive": true,
        "count": 3,
        "product": {"title": "Espresso cup"},
    })
}

/// What is in a folder, by name.
async fn inside(stack: &Stack, folder: &str) -> Vec<DriveFile> {
    let folder = FileRef::plain(folder.parse().expect("an id"));
    let listing = Listing {
        place: Place::Folder(&folder),
        kinds: Kinds::FoldersAndImages,
        text: None,
        page_token: None,
        page_size: 100,
    };
    let page = drives(stack)
        .of(stack.user.id)
        .list(&listing)
        .await
        .expect("listed");
    page.files
}

async fn folders_in(stack: &Stack, folder: &str) -> Vec<String> {
    let files = inside(stack, folder).await;
    files
        .into_iter()
        .filter(DriveFile::is_folder)
        .map(|file| file.name)
        .collect()
}

/// Makes sure that a job's images are in one new folder in this one.
async fn assert_saved(stack: &Stack, job: &Value, parent: &str, place: &str) {
    assert_eq!(job["status"], "completed", "{job}");
    let saved = &job["saved_to_drive"];
    assert_eq!(
        (&saved["status"], &saved["place"], &saved["images"]),
        (&json!("saved"), &json!(place), &json!(3)),
        "{job}"
    );
    assert_eq!(folders_in(stack, parent).await, ["Packshot – Espresso cup"]);
    let images = inside(stack, saved["folder_id"].as_str().expect("an id")).await;
    let sizes: Vec<Option<u64>> = images.iter().map(|file| file.size).collect();
    let expected: Vec<Option<u64>> = job["images"]
        .as_array()
        .expect("images")
        .iter()
        .map(|image| image["bytes"].as_u64())
        .collect();
    assert_eq!(sizes, expected, "{images:?}");
    assert!(images[0].name.starts_with("01 "), "{images:?}");
}

/// Makes sure that a job has its images, and tells why they are not in the Drive.
async fn assert_not_saved(stack: &Stack, job: &Value, reason: &str) {
    assert_eq!(job["status"], "completed", "{job}");
    let saved = &job["saved_to_drive"];
    assert_eq!(
        (&saved["status"], &saved["reason"]),
        (&json!("failed"), &json!(reason)),
        "{job}"
    );
    let words = saved["message"].as_str().expect("a message");
    assert_eq!(
        mail(stack)
            .await
            .matches(&format!("Not in Google Drive: {words}"))
            .count(),
        1
    );
}

/// The text of the one mail that the user has got.
async fn mail(stack: &Stack) -> String {
    let mails = stack.mailbox.to(&stack.user.email).await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    format!("{:?}", mails[0]).replace("\\n", "\n")
}

async fn stored(stack: &Stack, id: &str) -> Job {
    let id = id.parse().expect("an id");
    stack
        .jobs
        .get(stack.user.id, id)
        .await
        .expect("read")
        .expect("there")
}

#[tokio::test]
async fn images_go_into_a_new_folder_beside_the_originals() {
    let stack = Stack::connect().await;
    let account = cups(&stack).await;
    let job = made(&stack, &request(&account)).await;
    assert_saved(&stack, &job, account.id("Cups"), "beside_originals").await;
    let url = job["saved_to_drive"]["url"].as_str().expect("an address");
    assert!(
        mail(&stack)
            .await
            .contains(&format!("beside the originals: {url}"))
    );
}

#[tokio::test]
async fn those_of_a_folder_go_into_that_folder() {
    let stack = Stack::connect().await;
    let account = cups(&stack).await;
    let mut body = request(&account);
    body["drive"] = json!({"folder_id": account.id("Cups")});
    let job = made(&stack, &body).await;
    assert_saved(&stack, &job, account.id("Cups"), "beside_originals").await;
}

#[tokio::test]
async fn a_folder_that_takes_no_files_is_replaced_by_the_top_of_the_drive() {
    let stack = Stack::connect().await;
    let tree = json!({"shared_drives": [{"name": "Team", "role": "reader", "files": [picture("cup.jpg")]}]});
    let account = drives::connect(&stack, tree, &[READ, SAVE]).await;
    let job = made(&stack, &request_for(account.id("Team/cup.jpg"))).await;
    assert_saved(&stack, &job, "root", "my_drive").await;
    assert!(mail(&stack).await.contains("at the top of My Drive"));
}

#[tokio::test]
async fn saving_twice_leaves_one_folder() {
    let stack = Stack::connect().await;
    let account = cups(&stack).await;
    let id = started(&stack, &request(&account)).await;
    let job = ended(&stack, &id).await;
    let row = stored(&stack, &id).await;
    let answer = stack
        .workflow
        .task("save-to-drive", &row)
        .await
        .expect("an answer");
    assert_eq!(
        (&answer["state"], &answer["save_to_drive"]),
        (&json!("saved"), &json!(false))
    );
    assert_saved(&stack, &job, account.id("Cups"), "beside_originals").await;
}

#[tokio::test]
async fn answers_that_get_lost_make_nothing_twice() {
    let stack = Stack::connect().await;
    let account = cups(&stack).await;
    stack
        .google
        .faults(json!({"drive_create": [{"drop_reply": true, "times": 9}]}))
        .await;
    let job = made(&stack, &request(&account)).await;
    assert_saved(&stack, &job, account.id("Cups"), "beside_originals").await;
}

#[tokio::test]
async fn a_run_that_died_before_it_noted_the_end_is_done_again() {
    let stack = Stack::connect().await;
    let account = cups(&stack).await;
    // The first run makes the folder and breaks off in the middle of the images, over and over.
    stack
        .google
        .faults(json!({"drive_create": [{}, {}, {}, {"status": 503, "times": 6}]}))
        .await;
    let job = made(&stack, &request(&account)).await;
    assert_saved(&stack, &job, account.id("Cups"), "beside_originals").await;
}

#[tokio::test]
async fn a_full_drive_does_not_fail_the_job() {
    let stack = Stack::connect().await;
    let account = cups(&stack).await;
    let full = json!({"drive_create": [{"status": 403, "reason": "storageQuotaExceeded", "times": 9}]});
    stack.google.faults(full).await;
    let job = made(&stack, &request(&account)).await;
    assert_not_saved(&stack, &job, "drive_full").await;
}

#[tokio::test]
async fn access_that_is_taken_back_meanwhile_does_not_fail_the_job() {
    let stack = Stack::connect().await;
    let account = cups(&stack).await;
    stack
        .google
        .faults(json!({"batch": {"polls_until_done": 40}}))
        .await;
    let id = started(&stack, &request(&account)).await;
    eventually("the batch", async || {
        let row = stored(&stack, &id).await;
        row.round.batch.map(drop)
    })
    .await;
    account.revoke(&stack).await;
    let job = ended(&stack, &id).await;
    assert_not_saved(&stack, &job, "drive_access_revoked").await;
}

#[tokio::test]
async fn a_drive_that_is_in_trouble_for_long_is_given_up() {
    let stack = Stack::connect().await;
    let account = cups(&stack).await;
    stack
        .google
        .faults(json!({"batch": {"polls_until_done": 1}}))
        .await;
    let id = started(&stack, &request(&account)).await;
    ended(&stack, &id).await;
    // As if the job had ended long ago and nothing had been saved since.
    let row = stored(&stack, &id).await;
    stack.rows.unset(row.id, "drive.saving.saved").await;
    let long_ago = row.created_at - Duration::from_hours(1);
    stack.rows.set_time(row.id, "finished_at", long_ago).await;
    let trouble = json!([{"status": 503, "times": 99}]);
    stack
        .google
        .faults(json!({"drive_get": trouble, "drive_create": trouble}))
        .await;
    let answer = stack
        .workflow
        .task("save-to-drive", &row)
        .await
        .expect("an answer");
    assert_eq!(answer["state"], "saved", "{answer}");
    let job = stack.api.job(&id).await;
    assert_eq!(job["saved_to_drive"]["reason"], "drive_unavailable", "{job}");
}

#[tokio::test]
async fn a_broken_task_is_told_about_all_the_same_and_noted_by_reconciliation() {
    let stack = Stack::connect().await;
    let account = cups(&stack).await;
    let failure = MockedFailure {
        case: "saving",
        states: vec!["SaveToDrive"],
        error: "Bug",
    };
    stack.workflow.mock_failures(&[failure]).await;
    let job = stack
        .rows
        .create_with(1, |new| {
            new.drive.saving = Some(Saving::beside(None));
        })
        .await;
    let name = job.id.to_string();
    stack
        .workflow
        .start_failing("saving", &name, job.owner, job.id)
        .await;
    let shown = ended(&stack, &name).await;
    assert_eq!(
        (&shown["status"], &shown["saved_to_drive"]["status"]),
        (&json!("completed"), &json!("pending"))
    );
    assert!(!mail(&stack).await.contains("Google Drive"));
    assert_eq!(account.calls(&stack, "drive_create").await, 0);

    let broken = json!({
        "detail-type": "Step Functions Execution Status Change",
        "detail": {"name": name, "input": json!({"user_id": job.owner.to_string(), "job_id": name}).to_string()},
    });
    stack
        .workflow
        .invoke("reconcile-jobs", &broken)
        .await
        .expect("an answer");
    let shown = stack.api.job(&name).await;
    assert_eq!(shown["saved_to_drive"]["reason"], "internal_error", "{shown}");
}

#[tokio::test]
async fn a_job_that_fails_saves_nothing() {
    let stack = Stack::connect().await;
    let account = cups(&stack).await;
    stack
        .google
        .faults(json!({"batch": {"end_state": "FAILED"}}))
        .await;
    let job = made(&stack, &request(&account)).await;
    assert_eq!(
        (&job["status"], &job["saved_to_drive"]),
        (&json!("failed"), &Value::Null),
        "{job}"
    );
    assert_eq!(folders_in(&stack, account.id("Cups")).await, Vec::<String>::new());
}
