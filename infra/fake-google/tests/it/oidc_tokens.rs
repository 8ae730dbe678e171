//! The token endpoint and the revocation of what it gave.

use reqwest::Method;
use serde_json::{Value, json};

use crate::person::{Browser, CLIENT, READONLY, REDIRECT, SECRET, SELLER, VERIFIER, request, text};
use crate::server::Server;

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
