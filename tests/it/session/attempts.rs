//! Answers that do not belong to the browser that brings them, and ways that would lead elsewhere.

use packshot_tests::{
    browser::{Browser, Consent},
    stack::Stack,
};

use super::{account, assert_refused, me};

/// Somebody sends a victim the address that Google led them back to, to have the victim work in their account.
#[tokio::test]
async fn an_answer_that_another_browser_asked_for_is_refused() {
    let stack = Stack::connect().await;
    let email = account(&stack).await;
    let (mut thief, mut victim) = (Browser::new(&stack), Browser::new(&stack));
    let authorize = thief.begin("/auth/google/login").await;
    let back = thief.consent(&authorize, &Consent::of(&email)).await;
    assert_refused(&victim.get(&back).await, "attempt_unknown");
    victim.begin("/auth/google/login").await;
    assert_refused(&victim.get(&back).await, "attempt_unknown");
    assert_eq!(me(&mut victim).await, None);
    assert_eq!(
        stack.google.count("token").await,
        0,
        "nothing was asked of Google for it"
    );
    assert_eq!(
        thief.get(&back).await.location(),
        "/jobs",
        "it is the thief's own"
    );
}

#[tokio::test]
async fn an_answer_works_once() {
    let stack = Stack::connect().await;
    let email = account(&stack).await;
    let mut browser = Browser::new(&stack);
    let authorize = browser.begin("/auth/google/login").await;
    let secret = browser
        .cookie(browser.attempt_cookie())
        .expect("a secret")
        .to_owned();
    let back = browser.consent(&authorize, &Consent::of(&email)).await;
    assert_eq!(browser.get(&back).await.location(), "/jobs");
    assert_refused(&browser.get(&back).await, "attempt_expired");
    // Even for whoever has the secret of the attempt, the code is used up.
    let mut thief = Browser::new(&stack);
    thief.set_cookie(thief.attempt_cookie(), &secret);
    assert_refused(&thief.get(&back).await, "attempt_expired");
    assert_eq!(me(&mut thief).await, None);
}

#[tokio::test]
async fn answers_that_are_not_whole_are_refused() {
    let stack = Stack::connect().await;
    let email = account(&stack).await;
    let mut browser = Browser::new(&stack);
    let authorize = browser.begin("/auth/google/login").await;
    let back: url::Url = browser
        .consent(&authorize, &Consent::of(&email))
        .await
        .parse()
        .expect("a URL");
    let pairs: Vec<(String, String)> = back.query_pairs().into_owned().collect();
    let value = |wanted: &str| {
        pairs
            .iter()
            .find(|(name, _)| name == wanted)
            .expect("is there")
            .1
            .clone()
    };
    let (code, state) = (value("code"), value("state"));
    let changed = format!("{}x", &state[..state.len() - 1]);
    for query in [
        String::new(),
        format!("code={code}"),
        format!("state={state}"),
        format!("code=&state={state}"),
        format!("code={code}&state="),
        format!("code={code}&state={changed}"),
        format!("code={code}&state={state}&state={state}"),
        format!("code={code}&code={code}&state={state}"),
        format!("code={}&state={state}", "x".repeat(1025)),
        format!("code={code}&state={state}&iss=https://elsewhere.example"),
    ] {
        let page = browser.get(&format!("/auth/google/callback?{query}")).await;
        assert_refused(&page, "attempt_unknown");
    }
    let page = browser
        .get(&format!("/auth/google/callback?error=server_error&state={state}"))
        .await;
    assert_refused(&page, "access_denied");
    let page = browser.get(back.as_str()).await;
    assert_eq!(page.location(), "/jobs", "the true one still works");
}

#[tokio::test]
async fn nobody_is_led_away_from_us() {
    let stack = Stack::connect().await;
    let email = account(&stack).await;
    let mut browser = Browser::new(&stack);
    for next in [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "/%09/elsewhere.example",
        "/%0d%0aset-cookie:%20a=b",
        "/.//elsewhere.example",
        "javascript:alert(1)",
        "/auth/google/login",
        "elsewhere.example",
        "",
    ] {
        let page = browser
            .sign_in_by(&format!("/auth/google/login?next={next}"), &Consent::of(&email))
            .await;
        assert_eq!(page.location(), "/jobs", "{next}");
    }
    let page = browser
        .sign_in_by("/auth/google/login?next=/new&next=/jobs/1", &Consent::of(&email))
        .await;
    assert_eq!(page.location(), "/jobs", "two are none");
}

/// Whether somebody whose network has taken all its steps is told to wait.
async fn is_held_off(stack: &Stack, browser: &mut Browser) -> bool {
    browser.exhaust_attempts(stack).await;
    let led = browser.get("/auth/google/login").await;
    led.location().starts_with('/') && led.error() == "rate_limited"
}

#[tokio::test]
async fn attempts_are_counted_by_network() {
    let stack = Stack::connect().await;
    let mut hasty = Browser::new(&stack);
    let mut refused = false;
    for _ in 0..20 {
        refused = refused || is_held_off(&stack, &mut hasty).await;
    }
    assert!(refused);
    let mut other = Browser::new(&stack);
    assert!(
        other
            .get("/auth/google/login")
            .await
            .location()
            .starts_with("http")
    );
}

/// Whatever was sent along stands before what the distribution adds.
#[tokio::test]
async fn nobody_can_be_counted_as_somebody_else() {
    let stack = Stack::connect().await;
    let mut same = Browser::new(&stack).at_address("192.0.2.1, 192.0.2.7");
    let mut refused = false;
    for _ in 0..20 {
        let was_held_off = is_held_off(&stack, &mut same).await;
        let mut spoofing = Browser::new(&stack).at_address("198.51.100.3, 192.0.2.7");
        let page = spoofing.get("/auth/google/login").await;
        refused = refused || (was_held_off && page.location().starts_with('/'));
    }
    assert!(refused);
}
