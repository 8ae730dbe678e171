//! Signing in with Google, and what stands on it: the whole way over HTTP, and every wrong turn that somebody could take.

use packshot_tests::{
    browser::{Browser, Page},
    stack::Stack,
};
use serde_json::{Value, json};

mod attempts;
mod devices;
mod tokens;
mod trouble;
mod way;

/// An account at the embedded Google that no other test knows.
async fn account(stack: &Stack) -> String {
    let email = format!("{}@seller.example", packshot_clients::clock::new_uuid().simple());
    stack.google.add_account(&json!({"email": email})).await;
    email
}

/// Who is signed in; `None` for nobody.
async fn me(browser: &mut Browser) -> Option<Value> {
    let answer = browser.fetch(reqwest::Method::GET, "/api/me").await;
    match answer.status {
        200 => Some(answer.body),
        401 => None,
        status => panic!("{status}: {answer:?}"),
    }
}

/// Makes sure that nobody was signed in, and that the page is told why.
#[track_caller]
fn assert_refused(page: &Page, code: &str) {
    assert_eq!(page.error(), code, "{page:?}");
    assert!(
        !page.cookies().iter().any(|cookie| cookie.contains("session=")),
        "{page:?}"
    );
}
