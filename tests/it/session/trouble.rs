//! Google in trouble, and a secret that changes.

use packshot_tests::{browser::Browser, stack::Stack};
use serde_json::json;

use super::{account, assert_refused, me};

/// Our client at Google.
const CLIENT: &str = "/packshot/dev/google-client";

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

/// The secret is changed at Google and in the parameter, and nothing is deployed.
#[tokio::test]
async fn a_secret_that_was_changed_is_read_anew() {
    let stack = Stack::connect().await;
    let email = account(&stack).await;
    let right = stack.parameter(CLIENT).await;
    stack
        .set_parameter(CLIENT, &right.replace("local-secret", "former-secret"))
        .await;
    // A process that has just begun knows only what is there now.
    let issuer = stack
        .workflow
        .set_variable("sign-in", "GOOGLE_ISSUER", stack.google.url())
        .await;
    assert_eq!(issuer, stack.google.url());
    let refused = Browser::new(&stack).sign_in(&email).await;
    stack.set_parameter(CLIENT, &right).await;
    assert_refused(&refused, "unavailable");
    let page = Browser::new(&stack).sign_in(&email).await;
    assert_eq!(page.location(), "/jobs", "{page:?}");
}
