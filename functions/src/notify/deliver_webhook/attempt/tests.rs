use packshot_domain::{address::Refused, webhook::MAX_ATTEMPTS};

use super::*;

fn reply(status: u16) -> Reply {
    Reply {
        status,
        took: Duration::from_millis(20),
        body_head: String::new(),
        location: None,
        retry_after: None,
    }
}

fn recorded(outcome: Result<Reply, CallError>) -> Attempt {
    let tried = Tried {
        outcome,
        took: Duration::from_millis(20),
    };
    let url = "https://shop.example/hook".parse().expect("a URL");
    record(&tried, &url, "2026-11-01T10:00:00Z".parse().expect("a moment"))
}

#[test]
fn an_arrived_and_an_unwanted_webhook_are_done_with() {
    assert_eq!(
        next(&Ok(reply(204)), 1, 0.5),
        Next::done(DeliveryStatus::Delivered)
    );
    assert_eq!(next(&Ok(reply(410)), 1, 0.5), Next::done(DeliveryStatus::Gone));
    let delivered_at_last = next(&Ok(reply(200)), MAX_ATTEMPTS, 0.5);
    assert_eq!(delivered_at_last, Next::done(DeliveryStatus::Delivered));
}

#[test]
fn anything_else_comes_back_after_the_wait_of_its_attempt() {
    let outcomes = [
        Ok(reply(500)),
        Ok(reply(302)),
        Ok(reply(404)),
        Err(CallError::TimedOut),
        Err(CallError::UnknownHost),
    ];
    for outcome in outcomes {
        let next = next(&outcome, 2, 0.5);
        assert_eq!((next.status, next.fate), (DeliveryStatus::Pending, Fate::Keep));
        assert_eq!(next.wait, Some(Duration::from_mins(5)));
    }
}

#[test]
fn a_receiver_may_ask_for_more_time() {
    let mut busy = reply(429);
    busy.retry_after = Some(Duration::from_secs(90));
    assert_eq!(next(&Ok(busy), 1, 0.5).wait, Some(Duration::from_secs(90)));
}

#[test]
fn the_last_attempt_leaves_the_message_to_the_dead_letters() {
    let next = next(&Ok(reply(500)), MAX_ATTEMPTS, 0.5);
    assert_eq!(next.status, DeliveryStatus::Exhausted);
    assert_eq!((next.fate, next.wait), (Fate::Keep, None));
}

#[test]
fn a_refused_address_is_given_up_at_once_and_no_answer_is_kept() {
    let refused = Err(CallError::Refused(Refused::NotPublic));
    assert_eq!(next(&refused, 1, 0.5), Next::done(DeliveryStatus::Exhausted));
    let attempt = recorded(refused);
    assert_eq!((attempt.status, attempt.answer), (None, None));
    assert_eq!(
        attempt.problem.as_deref(),
        Some("the address must not point to a private, local or reserved address")
    );
}

#[test]
fn a_record_says_what_was_wrong() {
    let problem = |outcome| recorded(outcome).problem;
    assert_eq!(problem(Ok(reply(200))), None);
    assert_eq!(
        problem(Ok(reply(503))).as_deref(),
        Some("the answer was HTTP 503")
    );
    let mut moved = reply(302);
    moved.location = Some("https://elsewhere.example/hook".to_owned());
    assert_eq!(
        problem(Ok(moved)).as_deref(),
        Some("the answer was a redirect to https://elsewhere.example/hook, which is not followed")
    );
    assert_eq!(
        problem(Err(CallError::TimedOut)).as_deref(),
        Some("there was no answer in time")
    );
}

#[test]
fn a_kilobyte_of_the_answer_is_kept() {
    let mut long = reply(500);
    long.body_head = "\u{fffd}".repeat(1024);
    let kept = recorded(Ok(long)).answer.expect("an answer");
    assert_eq!(kept.len(), 1023, "whole characters only");
}
