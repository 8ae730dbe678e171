use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use packshot_domain::webhook::{EventFilter, EventType};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::*;

fn read<T: DeserializeOwned>(item: &impl Serialize) -> T {
    let item: HashMap<String, AttributeValue> = serde_dynamo::to_item(item).expect("a row");
    serde_dynamo::from_item(item).expect("the same row")
}

fn id() -> UserId {
    UserId::from_uuid(Uuid::from_u128(1))
}

#[test]
fn a_row_from_before_secrets_had_lives_is_read() {
    let secret = Secret::from_random([1; 32]);
    let old = serde_json::json!({
        "schema": 1, "email": "a@shop.example", "webhook_secrets": [secret.reveal()], "plan": "pro",
    });
    let item: UserItem = read(&old);
    assert_eq!(
        (item.webhook_secrets_version, item.webhook_endpoint_version),
        (0, 0)
    );
    let user = item.user(id()).expect("a user");
    assert_eq!(
        (user.webhook_secrets, user.webhook_endpoint),
        (vec![secret], None)
    );
}

#[test]
fn secrets_that_have_ended_do_not_sign() {
    let now = clock::now();
    let secret = |number, ends_at| SigningSecret {
        created_at: Some(now),
        ends_at,
        ..SigningSecret::of(Secret::from_random([number; 32]))
    };
    let all = [
        secret(3, None),
        secret(2, now.checked_add(jiff::SignedDuration::from_hours(1)).ok()),
        secret(1, Some(now)),
    ];
    let items: Vec<SecretItem> = all.iter().map(SecretItem::from).collect();
    assert_eq!(format!("{:?}", items[0]), "SecretItem(…)");
    let row = serde_json::json!({"schema": 1, "email": "", "webhook_secrets": items});
    let item: UserItem = read(&row);
    let user = item.user(id()).expect("a user");
    assert_eq!(
        user.webhook_secrets,
        [all[0].secret.clone(), all[1].secret.clone()]
    );
}

#[test]
fn an_endpoint_survives_its_row() {
    let whole = Endpoint {
        url: "https://shop.example/hook".parse().expect("a URL"),
        events: EventFilter::only([EventType::JobFailed]),
        created_at: clock::now(),
        disabled: Some(Disabled {
            reason: DisabledReason::Failing,
            at: clock::now(),
        }),
        failing_since: Some(clock::now()),
        check: Some(Check {
            at: clock::now(),
            milliseconds: Some(12),
            status: Some(302),
            findings: vec![Finding {
                code: FindingCode::Redirect,
                message: "Save the other one.".to_owned(),
            }],
        }),
    };
    let bare = Endpoint {
        events: EventFilter::default(),
        disabled: None,
        failing_since: None,
        check: None,
        ..whole.clone()
    };
    for one in [whole, bare] {
        let item: EndpointItem = read(&EndpointItem::from(&one));
        assert_eq!(endpoint(id(), item).expect("an endpoint"), one);
    }
}
