use uuid::Uuid;

use super::*;

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + hour * 3600).expect("a moment")
}

fn delivery(status: DeliveryStatus, attempts: &[i64]) -> Delivery {
    let id = Uuid::from_u128(1);
    let attempt = |hour: &i64| Attempt {
        at: at(*hour),
        milliseconds: 1,
        status: Some(500),
        problem: None,
        answer: None,
    };
    Delivery {
        status,
        attempts: attempts.iter().map(attempt).collect(),
        created_at: Some(at(10)),
        ..Delivery::new(
            EventId::from_uuid(id),
            JobId::from_uuid(id),
            "job.completed",
            "https://shop.example/hook",
        )
    }
}

#[test]
fn what_did_not_arrive_and_will_not_has_failed() {
    let failed = |status| delivery(status, &[10]).has_failed(at(20));
    assert!(failed(DeliveryStatus::Exhausted) && failed(DeliveryStatus::Skipped));
    assert!(!failed(DeliveryStatus::Delivered) && !failed(DeliveryStatus::Gone));
    let due = |hour| Delivery {
        next_attempt_at: Some(at(hour)),
        ..delivery(DeliveryStatus::Pending, &[10])
    };
    assert!(!due(21).has_failed(at(20)) && !due(20).has_failed(at(20)));
    assert!(due(19).has_failed(at(20)), "its message is lost");
}

#[test]
fn a_delivery_is_open_from_its_event_to_its_last_attempt() {
    let tried = delivery(DeliveryStatus::Exhausted, &[10, 15]);
    for (since, until, is_open) in [
        (0, 9, false),
        (0, 10, true),
        (12, 13, true),
        (15, 20, true),
        (16, 20, false),
    ] {
        assert_eq!(
            tried.was_open_between(at(since), at(until)),
            is_open,
            "{since} to {until}"
        );
    }
    let skipped = delivery(DeliveryStatus::Skipped, &[]);
    assert!(skipped.was_open_between(at(10), at(11)) && !skipped.was_open_between(at(11), at(12)));
    let old = Delivery {
        created_at: None,
        ..tried
    };
    assert!(old.was_open_between(at(9), at(11)) && !old.was_open_between(at(8), at(9)));
}
