//! Signing in: discovery, the page, tokens, userinfo, revocation.

use reqwest::Method;
use serde_json::{Value, json};

use crate::person::{Browser, CLIENT, FILE, READONLY, SELLER, pending, request, target, text, token_part};
use crate::server::Server;

#[tokio::test]
async fn discovery_names_the_listening_address() {
    let server = Server::start().await;
    let reply = server
        .request(Method::GET, "/.well-known/openid-configuration")
        .header("host", "accounts.example")
        .send()
        .await
        .expect("answers");
    assert_eq!(reply.headers()["cache-control"], "public, max-age=3600");
    let body: Value = reply.json().await.expect("is JSON");
    assert_eq!(body["issuer"], server.url.as_str());
    assert_eq!(body["token_endpoint"], format!("{}/token", server.url));
    assert_eq!(body["jwks_uri"], format!("{}/oauth2/v3/certs", server.url));
    let (_, keys) = server.get("/oauth2/v3/certs").await;
    assert_eq!(keys["keys"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_person_signs_in_and_the_tokens_say_who() {
    let server = Server::start().await;
    let scopes = format!("openid email profile {READONLY}");
    let redirect = Browser::new(&server).allow(&request(&scopes), SELLER).await;
    assert_eq!(redirect["state"], "state-1");
    assert!(redirect["scope"].contains("email ") && redirect["scope"].contains(READONLY));
    let (status, tokens) = server.exchange(&redirect["code"]).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(
        (&tokens["token_type"], &tokens["expires_in"]),
        (&json!("Bearer"), &json!(3599))
    );
    assert!(text(&tokens["access_token"]).starts_with("ya29."));
    assert!(text(&tokens["refresh_token"]).starts_with("1//"));
    assert!(text(&tokens["scope"]).contains(READONLY));
    let claims = token_part(&tokens["id_token"], 1);
    assert_eq!(
        (&claims["iss"], &claims["aud"]),
        (&json!(server.url), &json!(CLIENT))
    );
    assert_eq!(
        (&claims["email"], &claims["nonce"]),
        (&json!(SELLER), &json!("nonce-1"))
    );
    let (_, profile) = server
        .call_json("/v1/userinfo", &text(&tokens["access_token"]))
        .await;
    assert_eq!(
        (&profile["sub"], &profile["name"]),
        (&claims["sub"], &json!("Seller"))
    );
}

#[tokio::test]
async fn the_page_offers_accounts_and_scopes() {
    let server = Server::start().await;
    let mut asked = request(&format!("openid email {READONLY} {FILE}"));
    asked.insert("login_hint", "second-seller@example.com".to_owned());
    let browser = Browser::new(&server);
    let page = browser.open(&asked).await.text().await.expect("is a page");
    assert!(
        page.contains("value=\"second-seller@example.com\" required checked"),
        "{page}"
    );
    assert!(page.contains("value=\"seller@example.com\" required>"), "{page}");
    assert!(page.contains(&format!("value=\"{READONLY}\" checked>")), "{page}");
    assert!(page.contains("value=\"email\" checked disabled>"), "{page}");
    // Unticked: only one of the two, and what signing in needs.
    let id = pending(&page);
    let fields = [
        ("request", id.as_str()),
        ("account", SELLER),
        ("scope", FILE),
        ("decision", "allow"),
    ];
    let redirect = target(&browser.send(&fields).await);
    let (_, tokens) = server.exchange(&redirect["code"]).await;
    let granted = text(&tokens["scope"]);
    assert!(granted.contains(FILE) && granted.contains("userinfo.email") && !granted.contains(READONLY));
    // A form cannot be sent twice.
    assert_eq!(browser.send(&fields).await.status(), 400);
}

#[tokio::test]
async fn the_person_may_deny() {
    let server = Server::start().await;
    let browser = Browser::new(&server);
    let page = browser
        .open(&request("openid"))
        .await
        .text()
        .await
        .expect("is a page");
    let redirect = target(
        &browser
            .send(&[("request", &pending(&page)), ("decision", "deny")])
            .await,
    );
    assert_eq!(
        (redirect["error"].as_str(), redirect["state"].as_str()),
        ("access_denied", "state-1")
    );
    assert!(!redirect.contains_key("code"));
}

#[tokio::test]
async fn requests_that_cannot_be_trusted_are_shown_to_the_person() {
    let server = Server::start().await;
    for (name, value, error) in [
        ("client_id", "other", "invalid_client"),
        ("client_id", "", "invalid_request"),
        (
            "redirect_uri",
            "https://elsewhere.example/",
            "redirect_uri_mismatch",
        ),
        ("redirect_uri", "", "invalid_request"),
    ] {
        let mut asked = request("openid");
        asked.insert(name, value.to_owned());
        let answer = Browser::new(&server).open(&asked).await;
        assert_eq!(answer.status(), 400, "{name}={value}");
        assert!(
            answer.text().await.expect("is a page").contains(error),
            "{name}={value}"
        );
    }
}

#[tokio::test]
async fn other_mistakes_are_told_to_the_app() {
    let server = Server::start().await;
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("scope", "openid calendar", "invalid_scope"),
        ("scope", "", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge_method", "S512", "invalid_request"),
        ("access_type", "sometimes", "invalid_request"),
        ("prompt", "none consent", "invalid_request"),
        ("prompt", "none", "interaction_required"),
    ] {
        let mut asked = request("openid");
        asked.insert(name, value.to_owned());
        let redirect = target(&Browser::new(&server).open(&asked).await);
        assert_eq!(redirect["error"], error, "{name}={value}");
        assert_eq!(redirect["state"], "state-1");
    }
}

#[tokio::test]
async fn a_remembered_person_is_not_asked_again() {
    let server = Server::start().await;
    let browser = Browser::new(&server);
    browser.allow(&request("openid email"), SELLER).await;
    let cookie = format!("fake_google_account={SELLER}");
    let mut asked = request("openid email");
    asked.insert("prompt", "none".to_owned());
    assert!(target(&browser.open_as(&asked, &cookie).await).contains_key("code"));
    asked.insert("scope", format!("openid {READONLY}"));
    let more = target(&browser.open_as(&asked, &cookie).await);
    assert_eq!(more["error"], "interaction_required");
}
