//! Google Drive: connecting one, looking through it, and jobs whose photos are in it.

use packshot_tests::{
    browser::{Browser, Consent},
    stack::Stack,
};
use serde_json::{Value, json};

mod browse;
mod connect;

/// Somebody who is signed in, with an account at the embedded Google that no other test knows.
async fn seller(stack: &Stack) -> (Browser, String) {
    seller_with(stack, &json!({"files": []})).await
}

async fn seller_with(stack: &Stack, drive: &Value) -> (Browser, String) {
    let email = format!("{}@seller.example", packshot_clients::clock::new_uuid().simple());
    let account = json!({"email": email, "drive": drive});
    stack.google.add_account(&account).await;
    let mut browser = Browser::new(stack);
    let page = browser.sign_in(&email).await;
    assert_eq!(page.location(), "/jobs", "{page:?}");
    (browser, email)
}

/// The same, with their Drive connected.
async fn connected(stack: &Stack, drive: &Value) -> (Browser, String) {
    let (mut browser, email) = seller_with(stack, drive).await;
    let page = browser
        .sign_in_by("/auth/google/drive?next=/new", &Consent::of(&email))
        .await;
    assert_eq!(page.location(), "/new", "{page:?}");
    (browser, email)
}
