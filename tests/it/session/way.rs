//! To Google and back, as it should be.

use packshot_tests::{
    browser::{Browser, Consent},
    stack::Stack,
};
use reqwest::Method;
use serde_json::json;

use super::{account, assert_refused, me};

#[tokio::test]
async fn somebody_signs_in_for_the_first_time_and_once_more() {
    let stack = Stack::connect().await;
    let email = account(&stack).await;
    let mut browser = Browser::new(&stack);
    let page = browser
        .sign_in_by(
            "/auth/google/login?next=/new%3Ffrom=landing",
            &Consent::of(&email),
        )
        .await;
    assert_eq!((page.status, page.location()), (303, "/new?from=landing"));
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    let first = me(&mut browser).await.expect("signed in");
    assert_eq!((&first["email"], &first["plan"]), (&json!(email), &json!("free")));
    let sessions = browser.fetch(Method::GET, "/api/sessions").await.body;
    assert_eq!(sessions["data"][0]["device"], "Firefox on Linux");

    let mut phone = Browser::new(&stack);
    let page = phone.sign_in(&email).await;
    assert_eq!(page.location(), "/jobs");
    let again = me(&mut phone).await.expect("signed in");
    assert_eq!(again["id"], first["id"], "the same person");
    assert!(
        me(&mut browser).await.is_some(),
        "the other device stays signed in"
    );
}

#[tokio::test]
async fn a_browser_is_sent_to_google_with_everything_that_protects_it() {
    let stack = Stack::connect().await;
    let mut browser = Browser::new(&stack);
    let begun = browser.get("/auth/google/login").await;
    let cookie = begun.cookies().concat();
    for attribute in ["sign-in=", "Max-Age=600", "Path=/", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(attribute), "{attribute}: {cookie}");
    }
    assert_eq!(begun.headers["cache-control"], "no-store");
    let url: url::Url = begun.location().parse().expect("a URL");
    let value = |wanted: &str| {
        let mut pairs = url.query_pairs().filter(|(name, _)| name == wanted);
        pairs
            .next()
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    assert_eq!(value("response_type"), "code");
    assert_eq!(
        value("scope"),
        "openid email",
        "Drive is asked for when it is used"
    );
    assert_eq!(value("code_challenge_method"), "S256");
    assert_eq!(
        value("redirect_uri"),
        format!("{}/auth/google/callback", stack.base_url())
    );
    for name in ["state", "nonce", "code_challenge", "client_id"] {
        assert!(value(name).len() >= 16, "{name}: {url}");
    }
    assert!(!url.as_str().contains("secret"), "{url}");
}

/// What was planted or seen before the sign-in opens nothing after it.
#[tokio::test]
async fn a_session_from_before_the_sign_in_ends_with_it() {
    let stack = Stack::connect().await;
    let mut thief = Browser::new(&stack);
    thief.sign_in(&account(&stack).await).await;
    let planted = thief.session();
    let mut victim = Browser::new(&stack);
    victim.set_cookie("session", planted.reveal());
    let email = account(&stack).await;
    victim.sign_in(&email).await;
    assert_ne!(victim.session(), planted);
    assert_eq!(me(&mut victim).await.expect("signed in")["email"], json!(email));
    assert_eq!(me(&mut thief).await, None, "the planted session is over");

    let before = victim.session();
    victim.sign_in(&email).await;
    assert_ne!(victim.session(), before, "each sign-in makes a new one");
    let mut old = Browser::new(&stack);
    old.set_cookie("session", before.reveal());
    assert_eq!(me(&mut old).await, None);
}

/// Whoever was signed in before stays who they are when another account has their address.
#[tokio::test]
async fn people_are_who_google_says_not_what_their_address_says() {
    let stack = Stack::connect().await;
    let (old, new) = (account(&stack).await, account(&stack).await);
    let subject = packshot_clients::clock::new_uuid().simple().to_string();
    let named = |email: &str| json!({"email": email, "sub": subject});
    stack.google.add_account(&named(&old)).await;
    let mut browser = Browser::new(&stack);
    browser.sign_in(&old).await;
    let before = me(&mut browser).await.expect("signed in");

    // The same account gets another address, and another account gets the old one.
    stack.google.add_account(&named(&new)).await;
    let stranger = json!({"email": old, "sub": packshot_clients::clock::new_uuid().simple().to_string()});
    stack.google.add_account(&stranger).await;
    browser.sign_in(&new).await;
    let after = me(&mut browser).await.expect("signed in");
    assert_eq!((&after["id"], &after["email"]), (&before["id"], &json!(new)));
    let mut other = Browser::new(&stack);
    other.sign_in(&old).await;
    assert_ne!(me(&mut other).await.expect("signed in")["id"], before["id"]);
}

/// Two tabs, or two devices, of somebody who has never been here.
#[tokio::test]
async fn many_first_sign_ins_at_once_make_one_user() {
    let stack = Stack::connect().await;
    let email = account(&stack).await;
    let people = (0..6).map(|_| {
        let (mut browser, email) = (Browser::new(&stack), email.clone());
        async move {
            browser.sign_in(&email).await;
            me(&mut browser).await.expect("signed in")["id"].clone()
        }
    });
    let ids = futures_util::future::join_all(people).await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

#[tokio::test]
async fn two_tabs_of_one_browser_do_not_get_into_each_others_way() {
    let stack = Stack::connect().await;
    let email = account(&stack).await;
    let consent = Consent::of(&email);
    let mut browser = Browser::new(&stack);
    let first = browser.begin("/auth/google/login?next=/jobs/1").await;
    let second = browser.begin("/auth/google/login?next=/jobs/2").await;
    let back = browser.consent(&first, &consent).await;
    assert_eq!(browser.get(&back).await.location(), "/jobs/1");
    let back = browser.consent(&second, &consent).await;
    assert_eq!(browser.get(&back).await.location(), "/jobs/2");
    assert!(me(&mut browser).await.is_some());
}

#[tokio::test]
async fn somebody_who_says_no_is_led_back_to_where_they_can_try_again() {
    let stack = Stack::connect().await;
    let email = account(&stack).await;
    let mut browser = Browser::new(&stack);
    let denied = Consent {
        agrees: false,
        ..Consent::of(&email)
    };
    let page = browser.sign_in_by("/auth/google/login?next=/new", &denied).await;
    assert_refused(&page, "access_denied");
    assert!(page.location().ends_with("next=%2Fnew"), "{page:?}");
    assert_eq!(browser.sign_in(&email).await.location(), "/jobs");
}

#[tokio::test]
async fn an_address_that_nobody_has_verified_is_not_taken() {
    let stack = Stack::connect().await;
    let mut browser = Browser::new(&stack);
    let page = browser.sign_in("unverified@example.com").await;
    assert_refused(&page, "email_not_verified");
    assert_eq!(me(&mut browser).await, None);
}
