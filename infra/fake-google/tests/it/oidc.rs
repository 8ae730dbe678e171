//! Signing in: discovery, the page, tokens, userinfo, revocation.

use reqwest::Method;
use serde_json::{Value, json};

use crate::person::{
    Browser, CLIENT, FILE, READONLY, REDIRECT, SECRET, SELLER, VERIFIER, pending, request, target, text,
    token_part,
};
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

#[tokio::test]
async fn the_token_endpoint_refuses_each_in_its_own_words() {
    let server = Server::start().await;
    let good = |code: &str| -> Vec<(&'static str, String)> {
        vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", REDIRECT.to_owned()),
            ("client_id", CLIENT.to_owned()),
            ("client_secret", SECRET.to_owned()),
            ("code_verifier", VERIFIER.to_owned()),
        ]
    };
    let redirect = Browser::new(&server).allow(&request("openid"), SELLER).await;
    let other = VERIFIER.replace('d', "e");
    for (name, value, status, error) in [
        ("grant_type", "password", 400, "unsupported_grant_type"),
        ("grant_type", "", 400, "unsupported_grant_type"),
        ("code", "", 400, "invalid_request"),
        ("code", "4/unknown", 400, "invalid_grant"),
        ("redirect_uri", "", 400, "invalid_request"),
        (
            "redirect_uri",
            "http://localhost:4400/other",
            400,
            "redirect_uri_mismatch",
        ),
        ("client_id", "", 400, "invalid_request"),
        ("client_id", "other", 401, "invalid_client"),
        ("client_secret", "", 400, "invalid_request"),
        ("client_secret", "other", 401, "invalid_client"),
        ("code_verifier", "", 400, "invalid_grant"),
        ("code_verifier", &other, 400, "invalid_grant"),
    ] {
        let mut fields = good(&redirect["code"]);
        for field in &mut fields {
            if field.0 == name {
                value.clone_into(&mut field.1);
            }
        }
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let (got, body) = server.post_form("/token", &fields).await;
        assert_eq!((got, &body["error"]), (status, &json!(error)), "{name}={value}");
        assert!(body["error_description"].is_string(), "{body}");
    }
    // None of that used the code up.
    assert_eq!(server.exchange(&redirect["code"]).await.0, 200);
    let json_body = server
        .post("/token", &json!({"grant_type": "authorization_code"}))
        .await;
    assert_eq!(
        (json_body.0, &json_body.1["error"]),
        (400, &json!("invalid_request"))
    );
}

#[tokio::test]
async fn the_client_may_name_itself_in_a_header() {
    let server = Server::start().await;
    let tokens = server.sign_in(SELLER, "openid").await;
    let token = text(&tokens["refresh_token"]);
    for (secret, status) in [(SECRET, 200), ("other", 401)] {
        let request = server
            .request(Method::POST, "/token")
            .basic_auth(CLIENT, Some(secret));
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(crate::person::form(&fields));
        assert_eq!(
            request.send().await.expect("answers").status(),
            status,
            "{secret}"
        );
    }
}

#[tokio::test]
async fn a_code_that_comes_twice_takes_its_tokens_back() {
    let server = Server::start().await;
    let redirect = Browser::new(&server).allow(&request("openid"), SELLER).await;
    let (_, tokens) = server.exchange(&redirect["code"]).await;
    let (status, refusal) = server.exchange(&redirect["code"]).await;
    assert_eq!((status, &refusal["error"]), (400, &json!("invalid_grant")));
    assert_eq!(server.refresh(&text(&tokens["refresh_token"])).await.0, 400);
    let (status, _) = server
        .call_json("/v1/userinfo", &text(&tokens["access_token"]))
        .await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn codes_and_tokens_end_by_the_clock() {
    let server = Server::start().await;
    let redirect = Browser::new(&server).allow(&request("openid"), SELLER).await;
    let advance = async |seconds: i64| server.post("/__time", &json!({"advance_seconds": seconds})).await;
    advance(601).await;
    assert_eq!(
        server.exchange(&redirect["code"]).await.1["error"],
        "invalid_grant"
    );
    let mut again = request("openid");
    again.insert("prompt", "consent".to_owned());
    let redirect = Browser::new(&server).allow(&again, SELLER).await;
    let (_, tokens) = server.exchange(&redirect["code"]).await;
    let (access, refresh) = (text(&tokens["access_token"]), text(&tokens["refresh_token"]));
    advance(3590).await;
    assert_eq!(server.call_json("/v1/userinfo", &access).await.0, 200);
    advance(10).await;
    assert_eq!(server.call_json("/v1/userinfo", &access).await.0, 401);
    let (status, renewed) = server.refresh(&refresh).await;
    assert_eq!(status, 200, "{renewed}");
    assert!(renewed.get("refresh_token").is_none());
    advance(184 * 86_400).await;
    let (status, dead) = server.refresh(&refresh).await;
    let words = "Token has been expired or revoked.";
    assert_eq!((status, &dead["error_description"]), (400, &json!(words)));
}

#[tokio::test]
async fn a_refresh_token_comes_with_the_first_consent_only() {
    let server = Server::start().await;
    let refreshes = |tokens: &Value| tokens.get("refresh_token").is_some();
    assert!(refreshes(&server.sign_in(SELLER, "openid").await));
    assert!(!refreshes(&server.sign_in(SELLER, "openid").await));
    let browser = Browser::new(&server);
    let mut asked = request("openid");
    asked.insert("prompt", "consent".to_owned());
    let again = browser.allow(&asked, SELLER).await;
    assert!(refreshes(&server.exchange(&again["code"]).await.1));
    asked.insert("access_type", "online".to_owned());
    let online = browser.allow(&asked, SELLER).await;
    assert!(!refreshes(&server.exchange(&online["code"]).await.1));
    let (_, grants) = server.get(&format!("/__grants?email={SELLER}")).await;
    assert_eq!(grants[0]["refresh_tokens"], 2);
}

#[tokio::test]
async fn earlier_scopes_can_be_included() {
    let server = Server::start().await;
    server.sign_in(SELLER, &format!("openid {READONLY}")).await;
    let mut asked = request("openid email");
    let browser = Browser::new(&server);
    let without = browser.allow(&asked, SELLER).await;
    assert!(!without["scope"].contains(READONLY));
    asked.insert("include_granted_scopes", "true".to_owned());
    let with = browser.allow(&asked, SELLER).await;
    assert!(with["scope"].contains(READONLY));
    let (_, tokens) = server.exchange(&with["code"]).await;
    assert!(text(&tokens["scope"]).contains(READONLY));
}

#[tokio::test]
async fn revoking_one_token_ends_the_grant() {
    let server = Server::start().await;
    let tokens = server.sign_in(SELLER, "openid").await;
    let (access, refresh) = (text(&tokens["access_token"]), text(&tokens["refresh_token"]));
    assert_eq!(server.post_form("/revoke", &[("token", &access)]).await.0, 200);
    let (status, dead) = server.post_form("/revoke", &[("token", &refresh)]).await;
    assert_eq!((status, &dead["error"]), (400, &json!("invalid_token")));
    assert_eq!(server.refresh(&refresh).await.1["error"], "invalid_grant");
    assert_eq!(server.call_json("/v1/userinfo", &access).await.0, 401);
    let (_, grants) = server.get("/__grants").await;
    assert_eq!(
        (&grants[0]["revoked"], &grants[0]["refresh_tokens"]),
        (&json!(true), &json!(0))
    );
    // A new consent is the first again.
    assert!(
        server
            .sign_in(SELLER, "openid")
            .await
            .get("refresh_token")
            .is_some()
    );
}
