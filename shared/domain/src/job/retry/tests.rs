use uuid::Uuid;

use super::*;
use crate::{
    image::{ImageFormat, StoredImage},
    job::{
        JobEvent,
        tests::{collected, moment, submitted},
    },
    limits::Demand,
};

fn completed(ready: usize) -> Job {
    submitted().apply(collected(ready), moment(30)).expect("applies")
}

fn request() -> NewRetry {
    NewRetry {
        prompt: Some("On a beach".to_owned()),
        key: None,
        deadline_at: moment(9_000),
        estimated_cost: MicroUsd(18),
        event: EventId::from_uuid(Uuid::from_u128(50)),
    }
}

fn ask(job: &Job, index: usize, second: i64) -> Result<Job, Refused> {
    job.apply(
        JobEvent::RetryRequested(job.images[index].id, request()),
        moment(second),
    )
}

fn requested(job: &Job, index: usize) -> Job {
    ask(job, index, 40).expect("applies")
}

/// Something happens to the latest retry of an image.
fn on(job: &Job, index: usize, event: RetryEvent, second: i64) -> Result<Job, Refused> {
    let image = &job.images[index];
    let of = RetryOf {
        image: image.id,
        attempt: image.retry.as_ref().map_or(1, |retry| retry.attempt),
    };
    job.apply(JobEvent::Retry(of, event), moment(second))
}

fn ended(state: ImageState) -> RetryEvent {
    RetryEvent::Ended {
        archive: matches!(state, ImageState::Ready(_)).then(|| "images-01-2.zip".to_owned()),
        state,
        cost: Some(MicroUsd(20)),
    }
}

fn picture(bytes: u64) -> ImageState {
    ImageState::Ready(StoredImage {
        format: ImageFormat::Png,
        width: 1,
        height: 1,
        bytes,
        sha256: String::new(),
    })
}

fn late() -> ImageState {
    ImageState::Failed {
        reason: ImageFailureReason::Late,
        message: None,
    }
}

#[test]
fn a_retry_replaces_an_image_and_the_job_stays_as_it_ended() {
    let before = completed(3);
    let asked = requested(&before, 0);
    assert!(
        asked.images[0].is_ready(),
        "the picture stays until there is another"
    );
    let after = on(&asked, 0, ended(picture(2)), 50).expect("applies");
    assert_eq!(
        (after.status, after.finished_at, after.progress),
        (Status::Completed, before.finished_at, 100)
    );
    let image = &after.images[0];
    assert_eq!((&image.state, image.attempt), (&picture(2), 1));
    assert_eq!(image.prompt.as_deref(), Some("On a beach"));
    assert_eq!(after.archive.as_deref(), Some("images-01-2.zip"));
    assert_eq!(after.actual_cost, before.actual_cost + MicroUsd(20));
    assert_eq!(after.images[1], before.images[1]);
}

#[test]
fn a_retry_that_fails_takes_nothing_away() {
    let asked = requested(&completed(1), 0);
    let after = on(&asked, 0, ended(late()), 50).expect("applies");
    assert!(after.images[0].is_ready());
    assert_eq!(after.archive.as_deref(), Some("images.zip"));

    let asked = requested(&completed(1), 1);
    let after = on(&asked, 1, ended(late()), 50).expect("applies");
    assert_eq!(after.images[1].state, late(), "the latest reason is the image's");
}

#[test]
fn one_retry_at_a_time_and_not_for_ever() {
    let mut job = requested(&completed(3), 0);
    let again = ask(&job, 0, 41);
    assert_eq!(again, Err(Refused::RetryInProgress));
    assert!(ask(&job, 1, 41).is_ok(), "another image");
    for _ in 1..MOST_RETRIES {
        job = requested(&on(&job, 0, ended(late()), 50).expect("applies"), 0);
    }
    job = on(&job, 0, ended(late()), 50).expect("applies");
    let again = ask(&job, 0, 51);
    assert_eq!(again, Err(Refused::TooManyRetries));
    assert_eq!(
        on(&job, 0, ended(picture(1)), 52),
        Err(Refused::Finished(Status::Completed))
    );
}

#[test]
fn only_completed_jobs_whose_photos_are_kept_have_retries() {
    let running = ask(&submitted(), 0, 41);
    assert_eq!(running, Err(Refused::NotCompleted(Status::BatchSubmitted)));
    let failed = ask(&completed(0), 0, 41);
    assert_eq!(failed, Err(Refused::NotCompleted(Status::Failed)));
    let week = 7 * 24 * 3600;
    let old = ask(&completed(3), 0, week + 1);
    assert_eq!(old, Err(Refused::PhotosExpired));
    let foreign = ImageId::from_uuid(Uuid::from_u128(99));
    let job = completed(3);
    let event = JobEvent::RetryRequested(foreign, request());
    assert_eq!(job.apply(event, moment(41)), Err(Refused::NoSuchImage));
}

#[test]
fn a_round_of_its_own_is_driven_until_the_retry_is_over() {
    let job = requested(&completed(3), 0);
    let of = RetryOf {
        image: job.images[0].id,
        attempt: 1,
    };
    let submission = RetryEvent::Round(RoundEvent::BatchSubmitted {
        name: "batches/2".to_owned(),
    });
    let submitted = on(&job, 0, submission.clone(), 42).expect("applies");
    let (index, retry) = submitted.pending_retry(of).expect("pending");
    assert_eq!(index, 0);
    assert_eq!(
        retry.round.batch.as_ref().map(|batch| batch.name.as_str()),
        Some("batches/2")
    );
    assert_eq!(
        submitted.round.batch.as_ref().map(|batch| batch.name.as_str()),
        Some("batches/1"),
        "the job's own batch stays"
    );
    assert_eq!(submitted.pending_retries().collect::<Vec<_>>(), [of]);

    let over = on(&submitted, 0, ended(late()), 50).expect("applies");
    assert!(over.pending_retry(of).is_none());
    let next = requested(&over, 0);
    assert_eq!(
        next.apply(JobEvent::Retry(of, submission.clone()), moment(52)),
        Err(Refused::Finished(Status::Completed)),
        "who works on the first retry does not touch the second"
    );
    assert_eq!(
        on(&over, 0, submission, 51),
        Err(Refused::Finished(Status::Completed))
    );
}

#[test]
fn what_ended_is_settled_once() {
    let job = submitted();
    let completed = completed(3);
    assert_eq!(
        completed.settlement_since(&job).map(|end| end.came.images),
        Some(3)
    );
    let asked = requested(&completed, 0);
    assert_eq!(asked.settlement_since(&completed), None);
    let over = on(&asked, 0, ended(picture(1)), 50).expect("applies");
    let settlement = over.settlement_since(&asked).expect("over");
    let of = |images, cost| Demand {
        images,
        cost: MicroUsd(cost),
    };
    assert_eq!((settlement.asked, settlement.came), (of(1, 18), of(1, 20)));
    assert_eq!(settlement.accepted_at, moment(40));
    assert_eq!(over.settlement_since(&over), None);
}
