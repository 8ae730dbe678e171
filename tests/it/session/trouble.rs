//! Google in trouble, and a secret that changes.

use packshot_tests::{browser::Browser, stack::Stack};
use serde_json::json;

use super::{account, assert_refused, me};

#[tokio::test]
async fn while_google_does_not_answer_people_are_told_to_come_back() {
    let stack = Stack::connect().await;
    let email = account(&stack).await;
    for fault in [
        json!({"token": [{"status": 503}]}),
        json!({"token": [{"drop_reply": true}]}),
        json!({"token": [{"status": 429}]}),
        json!({"token": [{"status": 502, "body": "no JSON"}]}),
    ] {
        stack.google.faults(fault.clone()).await;
        let mut browser = Browser::new(&stack);
        let page = browser.sign_in(&email).await;
        assert_refused(&page, "unavailable");
        assert_eq!(me(&mut browser).await, None, "{fault}");
        assert_eq!(browser.sign_in(&email).await.location(), "/jobs", "after {fault}");
    }
}

#[tokio::test]
async fn a_secret_that_was_changed_is_read_anew() {
    let stack = Stack::connect().await;
    let email = account(&stack).await;
    assert_eq!(Browser::new(&stack).sign_in(&email).await.location(), "/jobs");
    // Google no longer takes the secret that the function has kept.
    let refused = json!({"token": [{"status": 401, "error": "invalid_client"}]});
    stack.google.faults(refused).await;
    let page = Browser::new(&stack).sign_in(&email).await;
    assert_eq!(page.location(), "/jobs", "{page:?}");
}
