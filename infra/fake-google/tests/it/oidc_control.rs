//! What tests do to sign-in from outside: grants, tokens, keys, forgeries, faults, records.

use reqwest::Method;
use serde_json::{Value, json};

use crate::person::{READONLY, SELLER, text, token_part};
use crate::server::Server;

#[tokio::test]
async fn access_ends_from_outside_for_one_account() {
    let server = Server::start().await;
    let tokens = server.sign_in(SELLER, &format!("openid {READONLY}")).await;
    let other = server.sign_in("second-seller@example.com", "openid").await;
    let seller = json!({"email": SELLER});
    let (access, refresh) = (text(&tokens["access_token"]), text(&tokens["refresh_token"]));
    server.post("/__access_tokens/expire", &seller).await;
    let (status, dead) = server.call_json("/drive/v3/files", &access).await;
    assert_eq!(
        (status, &dead["error"]["errors"][0]["reason"]),
        (401, &json!("authError"))
    );
    let (status, renewed) = server.refresh(&refresh).await;
    assert_eq!(status, 200);
    let access = text(&renewed["access_token"]);
    assert_eq!(server.call_json("/drive/v3/files", &access).await.0, 200);
    server.post("/__refresh_tokens/expire", &seller).await;
    assert_eq!(server.refresh(&refresh).await.1["error"], "invalid_grant");
    assert_eq!(server.call_json("/drive/v3/files", &access).await.0, 200);
    server.post("/__grants/revoke", &seller).await;
    assert_eq!(server.call_json("/drive/v3/files", &access).await.0, 401);
    assert_eq!(server.refresh(&text(&other["refresh_token"])).await.0, 200);
}

#[tokio::test]
async fn keys_change_and_the_earlier_ones_may_stay() {
    let server = Server::start().await;
    let names = async || {
        let (_, set) = server.get("/oauth2/v3/certs").await;
        let keys = set["keys"].as_array().expect("is a list").clone();
        keys.iter().map(|key| text(&key["kid"])).collect::<Vec<_>>()
    };
    let tokens = server.sign_in(SELLER, "openid").await;
    let first = text(&token_part(&tokens["id_token"], 0)["kid"]);
    assert!(names().await.contains(&first));
    server.post("/__keys/rotate", &json!({})).await;
    let (_, renewed) = server.refresh(&text(&tokens["refresh_token"])).await;
    let second = text(&token_part(&renewed["id_token"], 0)["kid"]);
    assert_ne!(first, second);
    let published = names().await;
    assert!(published.contains(&first) && published.contains(&second));
    server.post("/__keys/rotate?withdraw=true", &json!({})).await;
    assert!(!names().await.contains(&second));
}

#[tokio::test]
async fn forged_tokens_are_made_to_order() {
    let server = Server::start().await;
    let tokens = server.sign_in(SELLER, "openid email").await;
    let refresh = text(&tokens["refresh_token"]);
    let published = token_part(&tokens["id_token"], 0);
    let forged = async |order: Value| {
        let mut order = order;
        order["email"] = json!(SELLER);
        let request = server.request(Method::PUT, "/__id_tokens").json(&order);
        assert_eq!(request.send().await.expect("answers").status(), 200, "{order}");
        server.refresh(&refresh).await.1["id_token"].clone()
    };
    let token = forged(json!({"claims": {"aud": "other", "email": null}})).await;
    let claims = token_part(&token, 1);
    assert_eq!((&claims["aud"], claims.get("email")), (&json!("other"), None));
    let token = forged(json!({"algorithm": "none"})).await;
    assert_eq!(token_part(&token, 0)["alg"], "none");
    assert!(text(&token).ends_with('.'));
    for algorithm in ["HS256", "HS256-public-key"] {
        let token = forged(json!({"algorithm": algorithm})).await;
        assert_eq!(token_part(&token, 0)["alg"], "HS256");
    }
    assert_ne!(
        token_part(&forged(json!({"key": "unknown"})).await, 0)["kid"],
        published["kid"]
    );
    assert_eq!(
        token_part(&forged(json!({"key": "wrong"})).await, 0)["kid"],
        published["kid"]
    );
    assert!(
        token_part(&forged(json!({"key": "no_kid"})).await, 0)
            .get("kid")
            .is_none()
    );
    let broken = forged(json!({"signature": "broken"})).await;
    assert_eq!(token_part(&broken, 0)["kid"], published["kid"]);
    // The next one is true again.
    let (_, renewed) = server.refresh(&refresh).await;
    assert_eq!(token_part(&renewed["id_token"], 1)["email"], SELLER);
}

#[tokio::test]
async fn faults_take_the_shape_of_the_service_and_one_account() {
    let server = Server::start().await;
    let tokens = server.sign_in(SELLER, &format!("openid {READONLY}")).await;
    let other = server.sign_in("second-seller@example.com", "openid").await;
    server
        .set_faults(&json!({
            "token": [{"status": 400, "error": "invalid_grant", "account": SELLER}, {"drop_reply": true, "account": SELLER}],
            "userinfo": [{"status": 503}],
            "jwks": [{"status": 500, "body": "<html>no</html>"}],
        }))
        .await;
    assert_eq!(server.refresh(&text(&other["refresh_token"])).await.0, 200);
    let refresh = text(&tokens["refresh_token"]);
    let (status, refusal) = server.refresh(&refresh).await;
    assert_eq!((status, &refusal["error"]), (400, &json!("invalid_grant")));
    assert!(refusal["error_description"].is_string());
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
    ];
    let lost = server
        .request(Method::POST, "/token")
        .body(crate::person::form(&fields));
    assert!(lost.send().await.is_err());
    let access = text(&tokens["access_token"]);
    assert_eq!(server.call_json("/v1/userinfo", &access).await.0, 503);
    assert_eq!(server.call_json("/v1/userinfo", &access).await.0, 200);
    let page = server
        .request(Method::GET, "/oauth2/v3/certs")
        .send()
        .await
        .expect("answers");
    assert_eq!(page.status(), 500);
    let misplaced = server
        .request(Method::PUT, "/__faults")
        .json(&json!({"token": [{"status": 400, "reason": "x"}]}));
    assert_eq!(misplaced.send().await.expect("answers").status(), 400);
}

#[tokio::test]
async fn records_name_accounts_and_keep_no_secrets() {
    let server = Server::start().await;
    let tokens = server.sign_in(SELLER, "openid").await;
    let refresh = text(&tokens["refresh_token"]);
    server.refresh(&refresh).await;
    let calls = server.calls("token").await;
    let kinds: Vec<_> = calls
        .iter()
        .map(|call| (text(&call["grant_type"]), text(&call["account"])))
        .collect();
    let seller = SELLER.to_owned();
    let expected = ["authorization_code", "refresh_token"].map(|kind| (kind.to_owned(), seller.clone()));
    assert_eq!(kinds, expected);
    let (access, id) = (text(&tokens["access_token"]), text(&tokens["id_token"]));
    server.post_form(&format!("/revoke?token={access}"), &[]).await;
    let (_, all) = server.get("/__calls").await;
    let all = all.to_string();
    for secret in [&refresh, &access, &id, "local-secret-of-the-fake-google"] {
        assert!(!all.contains(secret), "{secret} is recorded");
    }
}

#[tokio::test]
async fn a_reset_forgets_people_and_grants() {
    let server = Server::start().await;
    server.add_account("added@example.net", &json!("sample")).await;
    let token = server
        .token("added@example.net", &format!("openid {READONLY}"))
        .await;
    server.post("/__reset", &json!({})).await;
    assert_eq!(server.call_json("/drive/v3/files", &token).await.0, 401);
    let (_, accounts) = server.get("/__accounts").await;
    let emails: Vec<_> = accounts
        .as_array()
        .expect("is a list")
        .iter()
        .map(|one| text(&one["email"]))
        .collect();
    assert!(emails.contains(&SELLER.to_owned()) && !emails.contains(&"added@example.net".to_owned()));
    assert_eq!(server.get("/__grants").await.1, json!([]));
}
