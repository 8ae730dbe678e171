//! A deployment that may only see what people pick (`DriveScope=drive.file`).

use packshot_tests::{browser::Consent, drives::picture, stack::Stack};
use reqwest::Method;
use serde_json::json;

use super::seller_with;

const FUNCTIONS: [&str; 3] = ["sign-in", "browse-drive", "create-drive-job"];

async fn set_scope(stack: &Stack, scope: &str) {
    for function in FUNCTIONS {
        stack.workflow.set_variable(function, "DRIVE_SCOPE", scope).await;
    }
}

/// Has the functions ask for this scope while the test runs, whatever becomes of it.
async fn with_scope(stack: &Stack, scope: &str, test: impl Future<Output = ()>) {
    set_scope(stack, scope).await;
    let outcome = std::panic::AssertUnwindSafe(test);
    let outcome = futures_util::FutureExt::catch_unwind(outcome).await;
    set_scope(stack, "drive.readonly").await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

#[tokio::test]
async fn photos_are_picked_and_folders_are_not_looked_into() {
    let stack = Stack::connect().await;
    with_scope(&stack, "drive.file", photos_are_picked(&stack)).await;
}

async fn photos_are_picked(stack: &Stack) {
    let mut picked = picture("picked.jpg");
    picked["picked"] = json!(true);
    let tree = json!({"files": [picked, picture("other.jpg"), {"name": "Cups", "folder": true}]});
    let (mut browser, email) = seller_with(stack, &tree).await;
    let account = json!({"email": email, "drive": tree});
    let files = stack.google.add_account(&account).await["files"].clone();

    let authorize = browser.begin("/auth/google/drive?next=/new").await;
    assert!(
        authorize.as_str().contains("drive.file") && !authorize.as_str().contains("drive.readonly"),
        "{authorize}"
    );
    let back = browser.consent(&authorize, &Consent::of(&email)).await;
    assert_eq!(browser.get(&back).await.location(), "/new");
    let connection = browser.fetch(Method::GET, "/api/drive").await.body;
    assert_eq!(
        (&connection["connected"], &connection["chosen_with"]),
        (&json!(true), &json!("picker"))
    );

    let thumbnail = format!(
        "/api/drive/files/{}/thumbnail",
        files["picked.jpg"].as_str().expect("an id")
    );
    for path in ["/api/drive/files", thumbnail.as_str()] {
        let refused = browser.fetch(Method::GET, path).await;
        refused.assert_problem(409, "picker_required");
    }
    let setup = browser.fetch(Method::GET, "/api/drive/picker").await;
    assert_eq!(setup.status, 200, "{setup:?}");
    assert_eq!(setup.headers["cache-control"], "no-store");
    assert!(
        setup.body["access_token"]
            .as_str()
            .is_some_and(|token| token.starts_with("ya29."))
    );

    let body = |drive| json!({"drive": drive, "count": 1});
    let path = "/api/generate/drive";
    let folder = browser
        .post(path, &body(json!({"folder_id": files["Cups"]})))
        .await;
    folder.assert_problem(409, "picker_required");
    let unseen = browser
        .post(path, &body(json!({"file_ids": [files["other.jpg"]]})))
        .await;
    unseen.assert_problem(422, "invalid_fields");
    let made = browser
        .post(path, &body(json!({"file_ids": [files["picked.jpg"]]})))
        .await;
    assert_eq!(made.status, 202, "{made:?}");
    let id = made.body["id"].as_str().expect("an id");
    stack.workflow.ended(id).await;
    let job = browser.fetch(Method::GET, &format!("/api/jobs/{id}")).await.body;
    assert_eq!(job["status"], "completed", "{job}");
}
