//! Attempts that do not arrive: what each answer means, and what is recorded for the job's owner.
//!
//! deliver-webhook is invoked as the queue would, so that no test waits for hours.

use std::time::Duration;

use packshot_clients::deliveries::DeliveryStatus;
use packshot_tests::{
    receiver::{Receiver, Scripted},
    stack::Stack,
};

use super::{body_of, deliver, deliver_job, message, record_of, told_to, written};

fn redirect_to(target: &str) -> Scripted {
    Scripted {
        header: Some(("location", target.to_owned())),
        ..Scripted::from(302)
    }
}

#[tokio::test]
async fn a_retry_is_the_same_webhook_at_another_time() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(vec![500.into(), 503.into()]).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    let kept = [
        deliver_job(&stack, &job, 1).await,
        deliver_job(&stack, &job, 2).await,
        deliver_job(&stack, &job, 3).await,
    ];
    assert_eq!(kept, [true, true, false]);

    let calls = receiver.received();
    assert_eq!(calls.len(), 3);
    for again in &calls[1..] {
        assert_eq!(again.headers["webhook-id"], calls[0].headers["webhook-id"]);
        assert_eq!(again.body, calls[0].body);
    }
    let record = record_of(&stack, &job).await.expect("a record");
    let statuses: Vec<Option<u16>> = record.attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!(statuses, [Some(500), Some(503), Some(204)]);
    assert_eq!(
        record.attempts[0].problem.as_deref(),
        Some("the answer was HTTP 500")
    );
    assert_eq!(
        (record.status, record.next_attempt_at),
        (DeliveryStatus::Delivered, None)
    );
    assert_eq!(
        (record.event_type.as_str(), record.url.as_str()),
        ("job.completed", receiver.url.as_str())
    );
}

#[tokio::test]
async fn waits_grow_and_end_with_the_last_attempt() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(vec![500.into(); 4]).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    for (receipt, shortest, longest) in [(1, 4, 6), (3, 1440, 2160), (9, 34_560, 43_140)] {
        assert!(deliver_job(&stack, &job, receipt).await);
        let record = record_of(&stack, &job).await.expect("a record");
        assert_eq!(record.status, DeliveryStatus::Pending);
        let last = record.attempts.last().expect("an attempt").at;
        let wait = record
            .next_attempt_at
            .expect("a next attempt")
            .duration_since(last)
            .as_secs();
        assert!(
            (shortest..=longest).contains(&wait),
            "{wait} s after attempt {receipt}"
        );
    }
    // Kept, so that the queue moves it to the dead letters.
    assert!(deliver_job(&stack, &job, 10).await);
    let record = record_of(&stack, &job).await.expect("a record");
    assert_eq!(
        (record.status, record.next_attempt_at),
        (DeliveryStatus::Exhausted, None)
    );
    assert_eq!(record.attempts.len(), 4);
}

#[tokio::test]
async fn a_receiver_may_ask_for_a_longer_wait() {
    let stack = Stack::connect().await;
    let busy = Scripted {
        header: Some(("retry-after", "120".to_owned())),
        ..Scripted::from(429)
    };
    let receiver = Receiver::start(vec![busy]).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    assert!(deliver_job(&stack, &job, 1).await);
    let record = record_of(&stack, &job).await.expect("a record");
    let wait = record
        .next_attempt_at
        .expect("a next attempt")
        .duration_since(record.attempts[0].at);
    assert_eq!(wait.as_secs(), 120);
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_not_called_again() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(vec![410.into()]).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    assert!(!deliver_job(&stack, &job, 1).await);
    assert!(!deliver_job(&stack, &job, 2).await);
    assert_eq!(receiver.received().len(), 1);
    let record = record_of(&stack, &job).await.expect("a record");
    assert_eq!((record.status, record.attempts.len()), (DeliveryStatus::Gone, 1));
    assert_eq!(record.attempts[0].status, Some(410));
}

#[tokio::test]
async fn a_redirect_is_recorded_and_not_followed() {
    let stack = Stack::connect().await;
    let target = Receiver::start(Vec::new()).await;
    let receiver = Receiver::start(vec![redirect_to(&target.url)]).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    assert!(deliver_job(&stack, &job, 1).await);
    let record = record_of(&stack, &job).await.expect("a record");
    let problem = format!(
        "the answer was a redirect to {}, which is not followed",
        target.url
    );
    assert_eq!(record.attempts[0].problem, Some(problem));
    assert_eq!(
        (record.status, record.attempts[0].status),
        (DeliveryStatus::Pending, Some(302))
    );
    assert!(target.received().is_empty());
}

#[tokio::test]
async fn only_the_beginning_of_an_answer_is_recorded() {
    let stack = Stack::connect().await;
    let long = Scripted {
        body: "no! ".repeat(1000),
        ..Scripted::from(500)
    };
    let receiver = Receiver::start(vec![long]).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    assert!(deliver_job(&stack, &job, 1).await);
    let record = record_of(&stack, &job).await.expect("a record");
    assert_eq!(record.attempts[0].answer, Some("no! ".repeat(256)));
}

/// The one test here that takes its time: a receiver has 15 seconds.
#[tokio::test]
async fn a_slow_receiver_is_given_up_and_the_others_are_not() {
    let stack = Stack::connect().await;
    let slow = Receiver::start_slow(Duration::from_mins(1), Vec::new()).await;
    let quick = Receiver::start(Vec::new()).await;
    let (slow_job, quick_job) = (
        written(&stack, told_to(&stack, &slow.url)).await,
        written(&stack, told_to(&stack, &quick.url)).await,
    );
    let messages = [message(&body_of(&slow_job), 1), message(&body_of(&quick_job), 1)];
    let kept = deliver(&stack, &messages).await;
    assert_eq!(kept, [messages[0]["messageId"].as_str().expect("an id")]);
    assert_eq!((slow.received().len(), quick.received().len()), (1, 1));
    let record = record_of(&stack, &slow_job).await.expect("a record");
    let attempt = &record.attempts[0];
    assert_eq!(
        (attempt.status, attempt.problem.as_deref()),
        (None, Some("there was no answer in time"))
    );
    assert!((15_000..20_000).contains(&attempt.milliseconds), "{attempt:?}");
}

#[tokio::test]
async fn nobody_listening_is_recorded() {
    let stack = Stack::connect().await;
    // A port that was free a moment ago.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    drop(listener);
    let job = written(&stack, told_to(&stack, &url)).await;
    assert!(deliver_job(&stack, &job, 1).await);
    let record = record_of(&stack, &job).await.expect("a record");
    let problem = record.attempts[0].problem.as_deref().unwrap_or_default();
    assert!(problem.starts_with("no connection could be made"), "{problem}");
}

/// The API refuses such addresses; a row could still have one, from before the rule or by a mistake.
#[tokio::test]
async fn an_address_that_is_not_public_is_never_called() {
    let stack = Stack::connect().await;
    for url in [
        "https://10.0.0.1/hook",
        "http://169.254.169.254/latest/meta-data/",
        "https://[::ffff:10.0.0.1]/hook",
    ] {
        let job = written(&stack, told_to(&stack, url)).await;
        assert!(!deliver_job(&stack, &job, 1).await, "{url}");
        let record = record_of(&stack, &job).await.expect("a record");
        assert_eq!(
            (record.status, record.attempts.len()),
            (DeliveryStatus::Exhausted, 1),
            "{url}"
        );
        let attempt = &record.attempts[0];
        let problem = "the address must not point to a private, local or reserved address";
        assert_eq!(attempt.problem.as_deref(), Some(problem), "{url}");
        assert_eq!((attempt.status, &attempt.answer), (None, &None), "{url}");
    }
}
