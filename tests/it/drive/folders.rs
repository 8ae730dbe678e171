//! Photos of a folder: in the order of their names, as many as a job may have, the rest said.

use packshot_domain::job::PhotoSource;
use packshot_tests::{
    drives::{self, READ, picture},
    stack::Stack,
};
use serde_json::{Value, json};

use super::{ended, generate, request, started};

/// The names of a job's photos.
async fn photos(stack: &Stack, id: &str) -> Vec<String> {
    let id = id.parse().expect("an id");
    let job = stack
        .jobs
        .get(stack.user.id, id)
        .await
        .expect("read")
        .expect("there");
    let photos = job.photos.iter().filter_map(PhotoSource::in_drive);
    photos.map(|photo| photo.name.clone()).collect()
}

#[tokio::test]
async fn the_first_eight_of_thirteen_are_used_and_the_job_says_so() {
    let stack = Stack::connect().await;
    // In no order, and so that the order of letters would be another one.
    let names = [10, 2, 13, 1, 7, 12, 3, 5, 11, 4, 8, 6, 9].map(|number| format!("cup {number}.jpg"));
    let mut children: Vec<Value> = names.iter().map(|name| picture(name)).collect();
    children.push(json!({"name": "a note.txt", "text": "no photo"}));
    children.push(json!({"name": "deeper", "folder": true, "children": [picture("cup 0.jpg")]}));
    let tree = json!({"files": [{"name": "Cups", "folder": true, "children": children}]});
    let account = drives::connect(&stack, tree, &[READ]).await;
    let id = started(&stack, &request(json!({"folder_id": account.id("Cups")}))).await;
    let expected: Vec<String> = (1..=8).map(|number| format!("cup {number}.jpg")).collect();
    assert_eq!(photos(&stack, &id).await, expected);
    let job = ended(&stack, &id).await;
    assert_eq!(job["status"], "completed", "{job}");
    assert_eq!(
        job["drive"],
        json!({"folder_id": account.id("Cups"), "folder_name": "Cups", "pictures": 13, "used": 8, "left_out": 5})
    );
    assert_eq!(
        stack.google.uploads(&id).await.len(),
        9,
        "eight photos and the requests"
    );
}

#[tokio::test]
async fn shortcuts_count_as_what_they_point_to_and_only_once() {
    let stack = Stack::connect().await;
    let tree = json!({"files": [
        {"name": "Cups", "folder": true, "children": [
            picture("b.jpg"),
            {"name": "a link", "shortcut_to": "Elsewhere/far.jpg"},
            {"name": "c link", "shortcut_to": "Cups/b.jpg"},
            {"name": "d link", "shortcut_to": "Elsewhere/note.txt"},
        ]},
        {"name": "Elsewhere", "folder": true, "children": [picture("far.jpg"), {"name": "note.txt", "text": "x"}]},
    ]});
    let account = drives::connect(&stack, tree, &[READ]).await;
    let id = started(&stack, &request(json!({"folder_id": account.id("Cups")}))).await;
    assert_eq!(photos(&stack, &id).await, ["far.jpg", "b.jpg"]);
    assert_eq!(ended(&stack, &id).await["status"], "completed");
}

#[tokio::test]
async fn pictures_that_cannot_be_photos_are_passed_over_and_counted() {
    let stack = Stack::connect().await;
    let tree = json!({"files": [{"name": "Cups", "folder": true, "children": [
        {"name": "1.heic", "mime_type": "image/heic", "text": "ftyp"},
        {"name": "2.jpg", "mime_type": "image/jpeg", "size": 51 * 1024 * 1024},
        picture("3.jpg"),
    ]}]});
    let account = drives::connect(&stack, tree, &[READ]).await;
    let id = started(&stack, &request(json!({"folder_id": account.id("Cups")}))).await;
    assert_eq!(photos(&stack, &id).await, ["3.jpg"]);
    let drive = &ended(&stack, &id).await["drive"];
    assert_eq!(
        (&drive["pictures"], &drive["used"], &drive["left_out"]),
        (&json!(3), &json!(1), &json!(2))
    );
}

#[tokio::test]
async fn a_shared_drive_and_the_top_of_the_own_one_are_folders_too() {
    let stack = Stack::connect().await;
    let tree = json!({
        "files": [picture("mine.jpg")],
        "shared_drives": [{"name": "Team", "files": [picture("ours.jpg")]}],
    });
    let account = drives::connect(&stack, tree, &[READ]).await;
    for (folder, photo) in [("root", "mine.jpg"), (account.id("Team"), "ours.jpg")] {
        let id = started(&stack, &request(json!({"folder_id": folder}))).await;
        assert_eq!(photos(&stack, &id).await, [photo]);
        assert_eq!(ended(&stack, &id).await["status"], "completed");
    }
}

#[tokio::test]
async fn a_folder_without_photos_and_a_file_that_is_no_folder_are_refused() {
    let stack = Stack::connect().await;
    let tree = json!({"files": [
        {"name": "Texts", "folder": true, "children": [{"name": "note.txt", "text": "x"}]},
        picture("cup.jpg"),
    ]});
    let account = drives::connect(&stack, tree, &[READ]).await;
    for (folder, code) in [
        (account.id("Texts"), "no_photos"),
        (account.id("cup.jpg"), "not_a_folder"),
        ("1NoSuchFolderAnywhere", "drive_file_not_found"),
    ] {
        let answer = generate(&stack, &request(json!({"folder_id": folder}))).await;
        assert_eq!(
            answer.field_codes(),
            [format!("drive.folder_id {code}")],
            "{answer:?}"
        );
    }
}

/// Drive takes names that no row has room for.
#[tokio::test]
async fn names_as_long_as_drive_takes_them_are_cut() {
    let stack = Stack::connect().await;
    let long = |number: usize| format!("{number} {}.jpg", "x".repeat(32_000));
    let children: Vec<Value> = (1..=8).map(|number| picture(&long(number))).collect();
    let tree = json!({"files": [{"name": long(0), "folder": true, "children": children}]});
    let account = drives::connect(&stack, tree, &[READ]).await;
    let answer = generate(&stack, &request(json!({"folder_id": account.id(&long(0))}))).await;
    assert_eq!(answer.status, 202, "{}", answer.status);
    let job = ended(&stack, answer.body["id"].as_str().expect("an id")).await;
    assert_eq!(job["status"], "completed");
    let name = job["drive"]["folder_name"].as_str().expect("a name");
    assert!(
        name.starts_with("0 xxx") && name.len() <= 200,
        "{} letters",
        name.len()
    );
}
