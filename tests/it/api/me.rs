//! What a person is told of themselves.

use std::time::Duration;

use jiff::Timestamp;
use packshot_clients::clock;
use packshot_domain::{limits::Allowance, money::MicroUsd};
use packshot_tests::stack::Stack;
use reqwest::Method;
use serde_json::{Value, json};

fn moment(value: &Value) -> Timestamp {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .expect("a moment")
}

fn amount(value: &Value) -> f64 {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .expect("an amount")
}

#[tokio::test]
async fn people_are_told_who_they_are_and_what_they_have_left() {
    let own = Allowance {
        jobs_per_minute: 6,
        active_jobs: 3,
        images_per_month: 10,
        cost_per_month: MicroUsd(1_500_000),
    };
    let before = clock::now() - Duration::from_secs(1);
    let stack = Stack::connect_with(Some(own)).await;
    let token = stack.sign_in().await;
    let me = async || {
        let request = stack.api.page_request(Method::GET, "/api/me", &token);
        let answer = stack.api.send(request).await;
        assert_eq!(answer.headers["cache-control"], "no-store");
        answer.body
    };
    let fresh = me().await;
    assert_eq!(fresh["id"], stack.user.id.to_string());
    assert_eq!(
        (&fresh["email"], &fresh["plan"]),
        (&json!(stack.user.email), &json!("pro"))
    );
    let created_at = moment(&fresh["created_at"]);
    assert!(before <= created_at && created_at <= clock::now(), "{fresh}");
    let limit = |me: &Value, name: &str| {
        (
            me["limits"][name]["limit"].clone(),
            me["limits"][name]["left"].clone(),
        )
    };
    assert_eq!(limit(&fresh, "jobs_per_minute"), (json!(6), json!(6)));
    assert_eq!(limit(&fresh, "active_jobs"), (json!(3), json!(3)));
    assert_eq!(limit(&fresh, "images_per_month"), (json!(10), json!(10)));
    assert_eq!(
        limit(&fresh, "usd_per_month"),
        (json!("1.500000"), json!("1.500000"))
    );

    let id = stack.api.start_job(json!({"count": 4})).await;
    let done = stack.api.finished_job(&id).await;
    assert_eq!(done["status"], "completed");
    let after = me().await;
    assert_eq!(limit(&after, "images_per_month"), (json!(10), json!(6)));
    assert_eq!(limit(&after, "active_jobs"), (json!(3), json!(3)));
    let cost = amount(&done["cost"]["actual_usd"]);
    let left = amount(&after["limits"]["usd_per_month"]["left"]);
    assert!((1.5 - cost - left).abs() < 0.000_001, "{after}");
    let month_ends = moment(&after["limits"]["images_per_month"]["full_at"]);
    assert!(
        month_ends > clock::now() && month_ends <= clock::now() + Duration::from_hours(31 * 24),
        "{after}"
    );
}
