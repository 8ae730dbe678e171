//! The record of a delivery, which its owner can look at.

use std::time::Duration;

use jiff::Timestamp;
use packshot_clients::{
    deliveries::{Attempt, Deliveries, Delivery, DeliveryStatus},
    error::AwsError,
};

use super::{Next, Parcel, Task};

/// How often the record is read and written again where another invocation wrote it in between. SQS rarely hands out
/// a message twice, and then to two invocations.
const WRITE_ATTEMPTS: usize = 4;

/// How many attempts a record keeps: five rounds of ten. Replays add to it, and a table's item has a size limit.
const MOST_KEPT: usize = 50;

/// Whether there is nothing more to do. Exhausted is not among them: a message that comes after that was sent
/// again on purpose, from the dead letters or by a replay.
pub(super) const fn is_settled(status: DeliveryStatus) -> bool {
    matches!(status, DeliveryStatus::Delivered | DeliveryStatus::Gone)
}

/// Adds an attempt to a delivery's record; `None` where others kept writing it.
pub(super) async fn add(
    deliveries: &Deliveries,
    task: Task,
    parcel: &Parcel,
    attempt: &Attempt,
    next: &Next,
) -> Result<Option<Delivery>, AwsError> {
    change(deliveries, task, parcel, |delivery| {
        append(delivery, attempt, next);
    })
    .await
}

/// Records that a delivery is not made because its receiver is disabled; `false` where others kept writing the record.
pub(super) async fn skip(deliveries: &Deliveries, task: Task, parcel: &Parcel) -> Result<bool, AwsError> {
    let skipped = change(deliveries, task, parcel, give_up).await?;
    Ok(skipped.is_some())
}

/// Records that nobody is there any more who was told before. An event that nobody was ever told has no record.
pub(super) async fn close(
    deliveries: &Deliveries,
    task: Task,
    mut delivery: Delivery,
) -> Result<(), AwsError> {
    give_up(&mut delivery);
    // Whoever has written it meanwhile will find nobody either.
    let saved = deliveries.save(task.user_id, task.event_id, &delivery).await;
    saved.map(drop)
}

fn give_up(delivery: &mut Delivery) {
    if !is_settled(delivery.status) {
        delivery.status = DeliveryStatus::Skipped;
        delivery.next_attempt_at = None;
    }
}

async fn change(
    deliveries: &Deliveries,
    task: Task,
    parcel: &Parcel,
    change: impl Fn(&mut Delivery),
) -> Result<Option<Delivery>, AwsError> {
    let url = parcel.to.url().as_str();
    for _ in 0..WRITE_ATTEMPTS {
        let before = deliveries.get(task.user_id, task.event_id).await?;
        let mut delivery = before.unwrap_or_else(|| {
            let event_type = parcel.event.event_type.as_str();
            Delivery::new(task.event_id, task.job_id, event_type, url)
        });
        // The account's endpoint may have moved since the last attempt.
        url.clone_into(&mut delivery.url);
        change(&mut delivery);
        if deliveries.save(task.user_id, task.event_id, &delivery).await? {
            return Ok(Some(delivery));
        }
    }
    Ok(None)
}

/// When the first attempt was made of the schedule whose `number`th attempt is the last one. A replay begins a new schedule
/// in the same record.
pub(super) fn schedule_began(delivery: &Delivery, number: u32) -> Option<Timestamp> {
    let number = usize::try_from(number).unwrap_or(usize::MAX);
    let first = delivery.attempts.len().saturating_sub(number);
    delivery.attempts.get(first).map(|attempt| attempt.at)
}

/// A settled delivery stays settled, also where an attempt that was made at the same time went wrong.
fn append(delivery: &mut Delivery, attempt: &Attempt, next: &Next) {
    delivery.attempts.push(attempt.clone());
    let surplus = delivery.attempts.len().saturating_sub(MOST_KEPT);
    delivery.attempts.drain(..surplus);
    if !is_settled(delivery.status) {
        delivery.status = next.status;
        delivery.next_attempt_at = next.wait.and_then(|wait| due(attempt, wait));
    }
}

/// The wait begins when the attempt has ended.
fn due(attempt: &Attempt, wait: Duration) -> Option<Timestamp> {
    let ended = attempt
        .at
        .checked_add(Duration::from_millis(attempt.milliseconds))
        .ok()?;
    ended.checked_add(wait).ok()
}

#[cfg(test)]
mod tests {
    use packshot_domain::id::{EventId, JobId};
    use uuid::Uuid;

    use super::*;
    use crate::notify::deliver_webhook::Fate;

    fn delivery() -> Delivery {
        let id = Uuid::from_u128(1);
        Delivery::new(
            EventId::from_uuid(id),
            JobId::from_uuid(id),
            "job.completed",
            "https://example.com/",
        )
    }

    fn attempt() -> Attempt {
        Attempt {
            at: "2026-11-01T10:00:00Z".parse().expect("a moment"),
            milliseconds: 12,
            status: Some(500),
            problem: Some("the answer was HTTP 500".to_owned()),
            answer: None,
        }
    }

    fn again_in(seconds: u64) -> Next {
        Next {
            status: DeliveryStatus::Pending,
            fate: Fate::Keep,
            wait: Some(Duration::from_secs(seconds)),
        }
    }

    #[test]
    fn an_attempt_moves_the_delivery_on() {
        let mut delivery = delivery();
        append(&mut delivery, &attempt(), &again_in(300));
        assert_eq!(delivery.status, DeliveryStatus::Pending);
        assert_eq!(
            delivery.next_attempt_at.map(|at| at.to_string()).as_deref(),
            Some("2026-11-01T10:05:00.012Z")
        );
    }

    #[test]
    fn what_has_arrived_stays_delivered() {
        let mut delivery = delivery();
        delivery.status = DeliveryStatus::Delivered;
        append(&mut delivery, &attempt(), &again_in(300));
        assert_eq!(delivery.status, DeliveryStatus::Delivered);
        assert_eq!((delivery.attempts.len(), delivery.next_attempt_at), (1, None));
    }

    #[test]
    fn a_schedule_begins_with_its_own_first_attempt() {
        let mut delivery = delivery();
        for hours in 0..3 {
            let hour = jiff::SignedDuration::from_hours(hours);
            let at = attempt().at.checked_add(hour).expect("a moment");
            append(&mut delivery, &Attempt { at, ..attempt() }, &again_in(5));
        }
        assert_eq!(schedule_began(&delivery, 3), Some(attempt().at));
        assert_eq!(schedule_began(&delivery, 1), Some(delivery.attempts[2].at));
        assert_eq!(
            schedule_began(&delivery, 9),
            Some(attempt().at),
            "some attempts were not recorded"
        );
    }

    #[test]
    fn what_is_settled_is_not_skipped() {
        let mut delivery = delivery();
        append(&mut delivery, &attempt(), &again_in(300));
        give_up(&mut delivery);
        assert_eq!(
            (delivery.status, delivery.next_attempt_at),
            (DeliveryStatus::Skipped, None)
        );
        delivery.status = DeliveryStatus::Delivered;
        give_up(&mut delivery);
        assert_eq!(delivery.status, DeliveryStatus::Delivered);
    }

    #[test]
    fn a_record_keeps_the_latest_attempts() {
        let mut delivery = delivery();
        for number in 0..60 {
            let attempt = Attempt {
                milliseconds: number,
                ..attempt()
            };
            append(&mut delivery, &attempt, &again_in(5));
        }
        assert_eq!(delivery.attempts.len(), MOST_KEPT);
        assert_eq!(
            delivery.attempts.last().map(|attempt| attempt.milliseconds),
            Some(59)
        );
    }
}
