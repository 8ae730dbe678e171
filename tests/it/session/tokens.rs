//! ID tokens that Google did not make for this attempt.

use packshot_tests::{browser::Browser, stack::Stack};
use serde_json::{Value, json};

use super::{account, assert_refused, me};

/// Signs in while Google's ID token is made like this; answers the code of the refusal.
async fn with(stack: &Stack, forgery: Value) -> (Browser, String) {
    let email = account(stack).await;
    let mut forgery = forgery;
    forgery["email"] = json!(email);
    stack.google.forge_id_token(&forgery).await;
    let mut browser = Browser::new(stack);
    let page = browser.sign_in(&email).await;
    let code = page.error();
    assert_refused(&page, &code);
    (browser, code)
}

#[tokio::test]
async fn tokens_that_were_not_made_for_this_attempt_are_not_believed() {
    let stack = Stack::connect().await;
    let now = packshot_clients::clock::now().as_second();
    for (what, forgery) in [
        ("expired", json!({"claims": {"exp": now - 61}})),
        ("without an end", json!({"claims": {"exp": null}})),
        ("from the future", json!({"claims": {"iat": now + 3600}})),
        (
            "for another client",
            json!({"claims": {"aud": "another.apps.googleusercontent.example"}}),
        ),
        ("for nobody", json!({"claims": {"aud": null}})),
        (
            "by a client of another",
            json!({"claims": {"azp": "another.apps.googleusercontent.example"}}),
        ),
        ("with another nonce", json!({"claims": {"nonce": "another"}})),
        ("without a nonce", json!({"claims": {"nonce": null}})),
        (
            "of another issuer",
            json!({"claims": {"iss": "https://elsewhere.example"}}),
        ),
        ("without an issuer", json!({"claims": {"iss": null}})),
        ("about nobody", json!({"claims": {"sub": null}})),
        ("about an empty name", json!({"claims": {"sub": ""}})),
        ("not signed", json!({"algorithm": "none"})),
        ("signed with our secret", json!({"algorithm": "HS256"})),
        ("of a key that is not published", json!({"key": "unknown"})),
        ("of another key under a published name", json!({"key": "wrong"})),
        ("of a key without a name", json!({"key": "no_kid"})),
        ("with a broken signature", json!({"signature": "broken"})),
    ] {
        let (mut browser, code) = with(&stack, forgery).await;
        assert_eq!(code, "sign_in_failed", "a token {what}");
        assert_eq!(me(&mut browser).await, None, "a token {what}");
    }
}

#[tokio::test]
async fn a_token_may_be_taken_back_by_the_address_in_it() {
    let stack = Stack::connect().await;
    for claims in [
        json!({"email_verified": false}),
        json!({"email_verified": null}),
        json!({"email": null}),
    ] {
        let (_, code) = with(&stack, json!({"claims": claims})).await;
        assert_eq!(code, "email_not_verified", "{claims}");
    }
}

#[tokio::test]
async fn google_writes_its_name_in_two_ways() {
    let stack = Stack::connect().await;
    for issuer in [
        stack.google.url().to_owned(),
        stack.google.url().replace("http://", ""),
    ] {
        let email = account(&stack).await;
        let forgery = json!({"email": email, "claims": {"iss": issuer}});
        stack.google.forge_id_token(&forgery).await;
        let page = Browser::new(&stack).sign_in(&email).await;
        assert_eq!(page.location(), "/jobs", "{issuer}: {page:?}");
    }
}

/// Google changes its keys every few weeks. A new one is fetched when it is first met, and then known.
#[tokio::test]
async fn a_new_key_is_fetched_once() {
    let stack = Stack::connect().await;
    let email = account(&stack).await;
    assert_eq!(Browser::new(&stack).sign_in(&email).await.location(), "/jobs");
    stack.google.rotate_keys().await;
    let before = stack.google.count("jwks").await;
    for _ in 0..4 {
        assert_eq!(Browser::new(&stack).sign_in(&email).await.location(), "/jobs");
    }
    let fetches = stack.google.count("jwks").await - before;
    assert!(
        (1..=2).contains(&fetches),
        "{fetches} fetches, one in each warm process"
    );
    let forgery = json!({"email": email, "key": "unknown"});
    stack.google.forge_id_token(&forgery).await;
    assert_refused(&Browser::new(&stack).sign_in(&email).await, "sign_in_failed");
    let in_all = stack.google.count("jwks").await - before;
    assert_eq!(
        in_all,
        fetches + 1,
        "a key that nobody publishes is looked for once"
    );
}
