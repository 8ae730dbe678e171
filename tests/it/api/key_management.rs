//! A person's API keys, managed on the page: created, listed, rolled, revoked, and mended where a request broke off.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::types::AttributeValue;
use packshot_clients::clock;
use packshot_domain::{api_key::ApiKey, id::KeyId, scope::Scopes, session::SessionToken};
use packshot_tests::{api::Answer, stack::Stack};
use reqwest::Method;
use serde_json::{Value, json};

const KEYS: &str = "/api/keys";

/// Somebody who is signed in.
struct Page {
    stack: Stack,
    token: SessionToken,
}

impl Page {
    async fn open() -> Self {
        let stack = Stack::connect().await;
        let token = stack.sign_in().await;
        Self { stack, token }
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Answer {
        let request = self.stack.api.page_request(method, path, &self.token);
        self.stack.api.send(request.json(body)).await
    }

    async fn create(&self, body: Value) -> Value {
        let answer = self.send(Method::POST, KEYS, &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body
    }

    /// The key's entry in the list.
    async fn listed(&self, id: &Value) -> Value {
        let answer = self.send(Method::GET, KEYS, &Value::Null).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let keys = answer.body["data"].as_array().expect("a list").clone();
        keys.into_iter().find(|key| key["id"] == *id).expect("listed")
    }

    /// What the public API answers to this key.
    async fn status_with(&self, key: &Value) -> u16 {
        let api = self.stack.api.with_key(key.as_str().expect("a key"));
        api.get("/api/v1/jobs").await.status
    }

    /// How many keys API Gateway has of this name.
    async fn at_the_gateway(&self, id: &Value) -> usize {
        let keys = aws_sdk_apigateway::Client::new(&self.stack.config).get_api_keys();
        let keys = keys.name_query(id.as_str().expect("an id")).send().await;
        keys.expect("a list").items.unwrap_or_default().len()
    }

    /// The row by which the key is found when it is used.
    async fn row_by_hash(&self, key: &Value) -> HashMap<String, AttributeValue> {
        let key = ApiKey::parse(key.as_str().expect("a key")).expect("a key of ours");
        let row = aws_sdk_dynamodb::Client::new(&self.stack.config)
            .get_item()
            .table_name(self.stack.output("TableName"))
            .key("pk", AttributeValue::S(format!("KEY#{}", key.hash().as_str())))
            .key("sk", AttributeValue::S("KEY".to_owned()))
            .send()
            .await;
        row.expect("read").item.expect("a row")
    }

    async fn reconcile(&self) {
        let done = self.stack.workflow.invoke("reconcile-keys", &json!({})).await;
        done.expect("reconciled");
    }

    /// Sets one attribute of the key's listed row, as a request that broke off would have left it.
    async fn leave(&self, id: &Value, attributes: &[(&str, &str)]) {
        let client = aws_sdk_dynamodb::Client::new(&self.stack.config);
        for (name, value) in attributes {
            client
                .update_item()
                .table_name(self.stack.output("TableName"))
                .key("pk", AttributeValue::S(format!("USER#{}", self.stack.user.id)))
                .key(
                    "sk",
                    AttributeValue::S(format!("KEY#{}", id.as_str().expect("an id"))),
                )
                .update_expression("SET #name = :value")
                .expression_attribute_names("#name", *name)
                .expression_attribute_values(":value", AttributeValue::S((*value).to_owned()))
                .send()
                .await
                .expect("changed");
        }
    }
}

#[tokio::test]
async fn a_key_is_shown_once_and_listed_without_its_secret() {
    let page = Page::open().await;
    let created = page.create(json!({"name": "Shop", "scopes": ["read"]})).await;
    let key = created["key"].as_str().expect("a key").to_owned();
    assert!(key.starts_with("packshot_live_") && key.len() == 50, "{created}");
    let listed = page.listed(&created["id"]).await;
    assert_eq!(
        (&listed["name"], &listed["scopes"], &listed["status"]),
        (&json!("Shop"), &json!(["read"]), &json!("active"))
    );
    assert_eq!(listed["last_four"], key[46..]);
    assert!(!listed.to_string().contains(&key[14..40]), "{listed}");
    assert_eq!((listed.get("key"), listed.get("last_used_at")), (None, None));

    assert_eq!(page.status_with(&created["key"]).await, 200);
    let listed = page.listed(&created["id"]).await;
    assert!(listed["last_used_at"].is_string(), "{listed}");
}

#[tokio::test]
async fn a_revoked_key_fails_at_once_and_is_forgotten_by_the_gateway() {
    let page = Page::open().await;
    let created = page.create(json!({"name": "Shop"})).await;
    assert_eq!(page.status_with(&created["key"]).await, 200);
    let path = format!("{KEYS}/{}", created["id"].as_str().expect("an id"));
    let revoked = page.send(Method::DELETE, &path, &Value::Null).await;
    assert_eq!(
        (revoked.status, &revoked.body["status"]),
        (200, &json!("revoked")),
        "{revoked:?}"
    );
    assert_eq!(page.status_with(&created["key"]).await, 403);
    assert_eq!(page.at_the_gateway(&created["id"]).await, 0);
    assert_eq!(page.listed(&created["id"]).await["status"], "revoked");
    // Once the listed row has gone by itself, nothing would name this one when the account is deleted.
    assert!(page.row_by_hash(&created["key"]).await.contains_key("expires_at"));
    page.send(Method::DELETE, &path, &Value::Null)
        .await
        .assert_problem(409, "key_ended");
}

#[tokio::test]
async fn a_rolled_key_works_along_for_as_long_as_it_was_told() {
    let page = Page::open().await;
    let old = page.create(json!({"name": "Shop", "scopes": ["read"]})).await;
    let path = format!("{KEYS}/{}/roll", old["id"].as_str().expect("an id"));
    let new = page.send(Method::POST, &path, &json!({"overlap_hours": 2})).await;
    assert_eq!(new.status, 201, "{new:?}");
    assert_eq!(
        (&new.body["name"], &new.body["scopes"]),
        (&old["name"], &old["scopes"])
    );
    assert_eq!(page.status_with(&old["key"]).await, 200);
    assert_eq!(page.status_with(&new.body["key"]).await, 200);
    assert!(page.listed(&old["id"]).await["expires_at"].is_string());

    let path = format!("{KEYS}/{}/roll", new.body["id"].as_str().expect("an id"));
    let newest = page.send(Method::POST, &path, &json!({"overlap_hours": 0})).await;
    assert_eq!(page.status_with(&new.body["key"]).await, 403);
    assert_eq!(page.status_with(&newest.body["key"]).await, 200);
}

#[tokio::test]
async fn a_key_past_its_time_opens_nothing_and_is_cleared_away() {
    let page = Page::open().await;
    let past = clock::now() - Duration::from_secs(1);
    let issued = page.stack.issue_key(Scopes::ALL, Some(past)).await;
    let id = json!(issued.listed.id.to_string());
    assert_eq!(page.status_with(&json!(issued.key.reveal())).await, 403);
    assert_eq!(page.at_the_gateway(&id).await, 1);
    page.reconcile().await;
    assert_eq!(page.at_the_gateway(&id).await, 0);
    assert_eq!(page.listed(&id).await["status"], "expired");
}

#[tokio::test]
async fn a_creation_that_broke_off_leaves_nothing() {
    let page = Page::open().await;
    let issued = page.stack.issue_key(Scopes::ALL, None).await;
    let id = json!(issued.listed.id.to_string());
    page.leave(
        &id,
        &[
            ("state", "issuing"),
            ("active", "KEY"),
            ("created_at", "2026-11-01T00:00:00Z"),
        ],
    )
    .await;
    page.reconcile().await;
    assert_eq!(page.at_the_gateway(&id).await, 0);
    let answer = page.send(Method::GET, KEYS, &Value::Null).await;
    let ids: Vec<&Value> = answer.body["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|key| &key["id"])
        .collect();
    assert!(!ids.contains(&&id), "{answer:?}");
}

#[tokio::test]
async fn a_revocation_that_broke_off_is_finished() {
    let page = Page::open().await;
    let issued = page.stack.issue_key(Scopes::ALL, None).await;
    let id = json!(issued.listed.id.to_string());
    page.leave(&id, &[("state", "ending"), ("active", "KEY")]).await;
    page.reconcile().await;
    assert_eq!(page.at_the_gateway(&id).await, 0);
}

#[tokio::test]
async fn a_creation_sent_twice_makes_one_key_and_shows_it_once() {
    let page = Page::open().await;
    let send = async || {
        let request = page.stack.api.page_request(Method::POST, KEYS, &page.token);
        let request = request.header("idempotency-key", "first key");
        page.stack.api.send(request.json(&json!({"name": "Shop"}))).await
    };
    let (first, second) = (send().await, send().await);
    assert_eq!((first.status, second.status), (201, 201), "{second:?}");
    assert_eq!(first.body["id"], second.body["id"]);
    assert!(first.body["key"].is_string());
    assert_eq!(second.body.get("key"), None, "a secret is not kept");
}

#[tokio::test]
async fn wrong_wishes_are_told_at_once() {
    let page = Page::open().await;
    let answer = page
        .send(
            Method::POST,
            KEYS,
            &json!({"scopes": ["admin"], "expires_at": "tomorrow"}),
        )
        .await;
    answer.assert_problem(422, "invalid_fields");
    assert_eq!(
        answer.field_codes(),
        [
            "name required",
            "scopes[0] unknown_value",
            "expires_at invalid_time"
        ]
    );
}

#[tokio::test]
async fn keys_are_managed_by_their_owner_on_our_page_only() {
    let (page, other) = (Page::open().await, Page::open().await);
    let created = page.create(json!({"name": "Shop"})).await;
    let id: KeyId = created["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    for (method, path) in [
        (Method::DELETE, format!("{KEYS}/{id}")),
        (Method::POST, format!("{KEYS}/{id}/roll")),
        (Method::GET, format!("{KEYS}/{id}/usage")),
    ] {
        other
            .send(method, &path, &json!({}))
            .await
            .assert_problem(404, "key_not_found");
    }

    let api = &page.stack.api;
    api.send(api.request(Method::GET, KEYS))
        .await
        .assert_problem(401, "signed_out");
    let request = api.request(Method::POST, KEYS).header(
        "cookie",
        format!("{}={}", api.session_cookie().name(), page.token.reveal()),
    );
    for origin in [None, Some("https://elsewhere.example"), Some("null")] {
        let request = request.try_clone().expect("no body yet");
        let request = match origin {
            Some(origin) => request.header("origin", origin),
            None => request,
        };
        api.send(request.json(&json!({"name": "x"})))
            .await
            .assert_problem(403, "foreign_origin");
    }
}
