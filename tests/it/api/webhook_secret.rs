//! The secret that signs webhooks: shown once, on the page, and changed with an overlap.

use futures_util::future::join_all;
use packshot_domain::session::SessionToken;
use packshot_tests::{
    api::Answer,
    receiver::{Received, Receiver},
    stack::Stack,
};
use reqwest::Method;
use serde_json::{Value, json};

const SECRET: &str = "/api/webhooks/secret";

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

    async fn show(&self) -> Answer {
        let request = self.stack.api.page_request(Method::GET, SECRET, &self.token);
        self.stack.api.send(request).await
    }

    async fn rotate(&self, body: &Value) -> Answer {
        let request = self.stack.api.page_request(Method::PUT, SECRET, &self.token);
        self.stack.api.send(request.json(body)).await
    }

    /// Has an event sent and answers it as it came.
    async fn event(&self) -> Received {
        let receiver = Receiver::start(Vec::new()).await;
        let body = json!({"url": receiver.url});
        let answer = self.stack.api.post("/api/v1/webhook-test", &body).await;
        assert_eq!(answer.body["ok"], true, "{answer:?}");
        receiver.received().remove(0)
    }
}

fn secret_of(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["secret"].as_str().expect("a secret")
}

#[tokio::test]
async fn a_secret_is_shown_once() {
    let page = Page::open().await;
    let first = page.show().await;
    let secret = secret_of(&first);
    assert_eq!(secret, page.stack.user.webhook_secrets[0].reveal());
    assert!(
        first.headers["cache-control"]
            .to_str()
            .is_ok_and(|value| value.contains("no-store"))
    );
    let again = page.show().await;
    assert_eq!((again.status, again.body.get("secret")), (200, None), "{again:?}");
    assert!(again.body["revealed_at"].is_string(), "{again:?}");
    let last_four = again.body["last_four"].as_str().expect("four characters");
    assert!(secret.trim_end_matches('=').ends_with(last_four) && last_four.len() == 4);
}

#[tokio::test]
async fn of_many_who_ask_at_once_one_is_shown_it() {
    let page = Page::open().await;
    let answers = join_all((0..8).map(|_| page.show())).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    let shown = answers
        .iter()
        .filter(|answer| answer.body.get("secret").is_some());
    assert_eq!(shown.count(), 1);
}

#[tokio::test]
async fn old_and_new_sign_until_the_overlap_ends() {
    let page = Page::open().await;
    let old = page.stack.user.webhook_secrets[0].reveal();
    let rotated = page.rotate(&json!({})).await;
    let new = secret_of(&rotated).to_owned();
    assert_ne!(new, old);
    let ending = rotated.body["ending"].as_array().expect("a list");
    assert_eq!(ending.len(), 1, "{rotated:?}");
    assert!(ending[0]["ends_at"].is_string(), "{rotated:?}");
    assert_eq!(page.show().await.body.get("secret"), None, "it was shown already");

    let event = page.event().await;
    assert!(event.is_signed_with(old) && event.is_signed_with(&new));
    let signatures = event.headers["webhook-signature"].to_str().expect("text");
    assert_eq!(signatures.split(' ').count(), 2, "{signatures}");

    let third = page.rotate(&json!({"overlap_hours": 0})).await;
    let third = secret_of(&third).to_owned();
    let event = page.event().await;
    assert!(event.is_signed_with(&third) && !event.is_signed_with(old) && !event.is_signed_with(&new));
    assert_eq!(page.show().await.body["ending"], json!([]));
}

#[tokio::test]
async fn a_rotation_and_an_endpoint_do_not_undo_each_other() {
    let page = Page::open().await;
    let receiver = Receiver::start(Vec::new()).await;
    let (wanted, overlap) = (json!({"url": receiver.url}), json!({"overlap_hours": 1}));
    let (saved, rotated) = tokio::join!(page.stack.api.save_endpoint(&wanted), page.rotate(&overlap));
    assert_eq!(page.stack.api.endpoint().await, saved);
    assert!(page.event().await.is_signed_with(secret_of(&rotated)));
}

#[tokio::test]
async fn there_is_a_bound_to_secrets_that_sign() {
    let page = Page::open().await;
    for _ in 0..4 {
        assert_eq!(page.rotate(&json!({"overlap_hours": 168})).await.status, 200);
    }
    page.rotate(&json!({"overlap_hours": 168}))
        .await
        .assert_problem(409, "too_many_secrets");
    assert_eq!(page.rotate(&json!({"overlap_hours": 0})).await.status, 200);
    let wrong = page
        .rotate(&json!({"overlap_hours": 169, "secret": "mine"}))
        .await;
    wrong.assert_problem(422, "invalid_fields");
    assert_eq!(
        wrong.field_codes(),
        ["overlap_hours out_of_range", "secret unknown_field"]
    );
}

#[tokio::test]
async fn a_key_opens_nothing_and_neither_does_another_site() {
    let page = Page::open().await;
    let with_key = page.stack.api.get(SECRET).await;
    with_key.assert_problem(401, "signed_out");
    let api = page.stack.api.without_key();
    let cookie = format!("{}={}", api.session_cookie().name(), page.token.reveal());
    let request = api.request(Method::PUT, SECRET);
    let request = request
        .header("cookie", cookie)
        .header("origin", "https://elsewhere.example");
    let answer = page.stack.api.send(request.json(&json!({}))).await;
    answer.assert_problem(403, "foreign_origin");
    assert!(
        page.event()
            .await
            .is_signed_with(page.stack.user.webhook_secrets[0].reveal())
    );
}
