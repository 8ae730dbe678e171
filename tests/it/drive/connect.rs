//! Connecting a Drive and disconnecting it.

use packshot_tests::{
    browser::{Browser, Consent},
    stack::Stack,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{connected, seller};

const CONNECT: &str = "/auth/google/drive?next=/new";
const READONLY: &str = "https://www.googleapis.com/auth/drive.readonly";
const FILE: &str = "https://www.googleapis.com/auth/drive.file";

async fn connection(browser: &mut Browser) -> Value {
    let answer = browser.fetch(Method::GET, "/api/drive").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

/// What the person lets us do, as Google has it.
async fn scopes_at_google(stack: &Stack, email: &str) -> Vec<String> {
    let grants = stack
        .google
        .order(Method::GET, &format!("__grants?email={email}"), &Value::Null)
        .await;
    let grants = grants.as_array().expect("a list").iter();
    let alive = grants.filter(|grant| grant["revoked"] == false);
    let scopes = alive.flat_map(|grant| grant["scopes"].as_array().cloned().unwrap_or_default());
    scopes
        .filter_map(|scope| scope.as_str().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn drive_is_asked_for_when_it_is_used_and_saving_when_that_is() {
    let stack = Stack::connect().await;
    let (mut browser, email) = seller(&stack).await;
    let before = connection(&mut browser).await;
    assert_eq!(
        (&before["connected"], &before["can_save"]),
        (&json!(false), &json!(false))
    );
    assert!(
        !scopes_at_google(&stack, &email)
            .await
            .contains(&READONLY.to_owned())
    );

    let authorize = browser.begin(CONNECT).await;
    let asks = |wanted: &str| {
        authorize
            .query_pairs()
            .any(|(_, value)| value.split(' ').any(|one| one == wanted))
    };
    assert!(asks(READONLY) && !asks(FILE), "{authorize}");
    assert!(
        asks(&email),
        "the account that is probably meant is chosen already"
    );
    let back = browser.consent(&authorize, &Consent::of(&email)).await;
    assert_eq!(browser.get(&back).await.location(), "/new");
    let view = connection(&mut browser).await;
    assert_eq!(
        (&view["connected"], &view["can_save"], &view["email"]),
        (&json!(true), &json!(false), &json!(email))
    );

    let saving = browser
        .sign_in_by(&format!("{CONNECT}&save=true"), &Consent::of(&email))
        .await;
    assert_eq!(saving.location(), "/new");
    let view = connection(&mut browser).await;
    assert_eq!(
        (&view["connected"], &view["can_save"]),
        (&json!(true), &json!(true))
    );
}

#[tokio::test]
async fn people_may_untick_what_we_ask_for() {
    let stack = Stack::connect().await;
    let (mut browser, email) = seller(&stack).await;
    let without = |without| Consent {
        without,
        ..Consent::of(&email)
    };
    let page = browser.sign_in_by(CONNECT, &without(&[READONLY])).await;
    assert_eq!(page.location(), "/new?drive_error=drive_scope_missing");
    assert_eq!(connection(&mut browser).await["connected"], false);
    let save = format!("{CONNECT}&save=true");
    let page = browser.sign_in_by(&save, &without(&[FILE])).await;
    assert_eq!(page.location(), "/new?drive_error=drive_scope_missing");
    let view = connection(&mut browser).await;
    assert_eq!(
        (&view["connected"], &view["can_save"]),
        (&json!(true), &json!(false)),
        "what they did agree to is kept"
    );
    let denied = Consent {
        agrees: false,
        ..Consent::of(&email)
    };
    let page = browser.sign_in_by(&save, &denied).await;
    assert_eq!(page.location(), "/new?drive_error=access_denied");
}

#[tokio::test]
async fn a_drive_is_connected_by_whoever_is_signed_in_and_by_nobody_else() {
    let stack = Stack::connect().await;
    let mut nobody = Browser::new(&stack);
    assert_eq!(nobody.get(CONNECT).await.error(), "signed_out");

    // Signed out, or somebody else signed in, while Google was asking.
    let (mut browser, email) = seller(&stack).await;
    let authorize = browser.begin(CONNECT).await;
    let back = browser.consent(&authorize, &Consent::of(&email)).await;
    browser.fetch(Method::POST, "/auth/logout").await;
    assert_eq!(browser.get(&back).await.error(), "signed_out");

    let (mut first, email) = seller(&stack).await;
    let authorize = first.begin(CONNECT).await;
    let back = first.consent(&authorize, &Consent::of(&email)).await;
    let (second, _) = seller(&stack).await;
    first.set_cookie("session", second.session().reveal());
    assert_eq!(
        first.get(&back).await.location(),
        "/new?drive_error=attempt_unknown"
    );
    assert_eq!(connection(&mut first).await["connected"], false);
}

#[tokio::test]
async fn the_drive_of_another_account_can_be_connected() {
    let stack = Stack::connect().await;
    let (mut browser, own) = seller(&stack).await;
    let (_, work) = seller(&stack).await;
    let page = browser.sign_in_by(CONNECT, &Consent::of(&work)).await;
    assert_eq!(page.location(), "/new");
    assert_eq!(connection(&mut browser).await["email"], json!(work));
    // The grant of the account before is taken back when another takes its place.
    browser.sign_in_by(CONNECT, &Consent::of(&own)).await;
    assert_eq!(connection(&mut browser).await["email"], json!(own));
    assert!(scopes_at_google(&stack, &work).await.is_empty());
}

#[tokio::test]
async fn disconnecting_takes_the_grant_back_at_google() {
    let stack = Stack::connect().await;
    let (mut browser, email) = connected(&stack, &json!({"files": []})).await;
    assert!(
        scopes_at_google(&stack, &email)
            .await
            .contains(&READONLY.to_owned())
    );
    // Google is asked until it has done it: what is forgotten here could not be taken back later.
    stack
        .google
        .faults(json!({"revoke": [{"status": 503, "times": 9}]}))
        .await;
    let failed = browser.fetch(Method::DELETE, "/api/drive").await;
    failed.assert_problem(503, "drive_unavailable");
    assert_eq!(connection(&mut browser).await["connected"], true);
    stack.google.faults(json!({})).await;
    for _ in 0..2 {
        assert_eq!(browser.fetch(Method::DELETE, "/api/drive").await.status, 204);
        assert_eq!(connection(&mut browser).await["connected"], false);
    }
    assert!(scopes_at_google(&stack, &email).await.is_empty());
    // Being signed in does not hang on it.
    assert_eq!(browser.fetch(Method::GET, "/api/me").await.status, 200);
}

/// Whoever connects a Drive is signed in: there is no page to sign in at for them, but what they were doing.
#[tokio::test]
async fn while_google_does_not_answer_people_go_on_with_what_they_were_doing() {
    let stack = Stack::connect().await;
    let (mut browser, email) = seller(&stack).await;
    stack.google.faults(json!({"token": [{"status": 503}]})).await;
    let page = browser.sign_in_by(CONNECT, &Consent::of(&email)).await;
    assert_eq!(page.location(), "/new?drive_error=unavailable");
    let mut led = String::new();
    for _ in 0..20 {
        browser.exhaust_attempts(&stack).await;
        browser.get(CONNECT).await.location().clone_into(&mut led);
        if led.starts_with('/') {
            break;
        }
    }
    assert_eq!(led, "/new?drive_error=rate_limited");
}
