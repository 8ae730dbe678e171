//! Accounts of people who sign in with Google, and let us into their Drive.

use packshot_tests::{
    browser::{Browser, Consent},
    eventually,
    stack::Stack,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Account, deliver_message};

/// Somebody who came with Google and has connected their Drive; their browser, and their address.
async fn with_drive() -> (Account, Browser, String) {
    let mut stack = Stack::connect().await;
    let email = format!("{}@seller.example", packshot_clients::clock::new_uuid().simple());
    stack
        .google
        .add_account(&json!({"email": email, "drive": {"files": []}}))
        .await;
    let mut browser = Browser::new(&stack);
    browser.sign_in(&email).await;
    browser
        .sign_in_by("/auth/google/drive", &Consent::of(&email))
        .await;
    let me = browser.fetch(Method::GET, "/api/me").await.body;
    stack.user.id = me["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    stack.user.email.clone_from(&email);
    let mut account = Account::new(stack).await;
    account.sessions.push(browser.session());
    (account, browser, email)
}

/// Whether Google still lets us do anything for this person.
async fn has_grant(stack: &Stack, email: &str) -> bool {
    let path = format!("__grants?email={email}");
    let grants = stack.google.order(Method::GET, &path, &Value::Null).await;
    let mut grants = grants.as_array().expect("a list").iter();
    grants.any(|grant| grant["revoked"] == false)
}

#[tokio::test]
async fn the_grant_is_taken_back_and_the_person_can_begin_anew_at_once() {
    let (account, mut browser, email) = with_drive().await;
    assert!(has_grant(&account.stack, &email).await);
    assert_eq!(account.delete().await.status, 202);
    account.until_only_the_mark_is_left().await;
    assert!(!has_grant(&account.stack, &email).await);

    browser.sign_in(&email).await;
    let me = browser.fetch(Method::GET, "/api/me").await.body;
    assert_eq!(me["email"], json!(email));
    assert_ne!(me["id"], json!(account.user().to_string()), "somebody new");
    let drive = browser.fetch(Method::GET, "/api/drive").await.body;
    assert_eq!(drive["connected"], false);
}

#[tokio::test]
async fn google_is_asked_until_it_has_taken_the_grant_back() {
    let (account, _, email) = with_drive().await;
    let stack = &account.stack;
    stack
        .google
        .faults(json!({"revoke": [{"status": 503, "times": 10_000}]}))
        .await;
    assert_eq!(account.delete().await.status, 202);
    eventually("everything else to go", async || {
        (account.rows().await == ["DRIVE", "PROFILE"]).then_some(())
    })
    .await;
    let failed = deliver_message(stack, account.user()).await.expect("an answer");
    assert_eq!(
        failed["batchItemFailures"].as_array().map(Vec::len),
        Some(1),
        "{failed}"
    );
    assert!(has_grant(stack, &email).await);
    stack.google.faults(json!({})).await;
    deliver_message(stack, account.user()).await.expect("an answer");
    account.until_only_the_mark_is_left().await;
    assert!(!has_grant(stack, &email).await);
    account.settle().await;
}

/// Google asks the person while they close their account elsewhere.
#[tokio::test]
async fn a_drive_that_is_connected_too_late_leaves_nothing() {
    let (account, mut browser, email) = with_drive().await;
    let authorize = browser.begin("/auth/google/drive?next=/new").await;
    let back = browser.consent(&authorize, &Consent::of(&email)).await;
    assert_eq!(account.delete().await.status, 202);
    assert_eq!(browser.get(&back).await.error(), "signed_out");
    account.until_only_the_mark_is_left().await;
}
