use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    batch::BatchCounts,
    failure::FailureCode,
    id::UploadId,
    image::{ImageFailureReason, ImageFormat, ImageState, StoredImage},
    photo::PhotoFormat,
    request::{AspectRatio, ImageSize, ProductDetails},
    strategy::ShotKind,
    webhook::EventFilter,
};

const IMAGES: usize = 3;

pub(super) fn moment(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).expect("in range")
}

pub(super) fn new_job() -> Job {
    let count = u8::try_from(IMAGES).expect("small");
    Job::from(NewJob {
        id: JobId::from_uuid(Uuid::from_u128(1)),
        key: None,
        owner: UserId::from_uuid(Uuid::from_u128(2)),
        created_at: moment(0),
        deadline_at: moment(86_400),
        on_late: OnLate::Fail,
        max_cost: None,
        brief: Brief {
            product: ProductDetails::default(),
            brief: None,
            style: None,
            count,
            aspect_ratio: AspectRatio::Square,
            image_size: ImageSize::OneK,
        },
        photos: vec![PhotoSource::Upload(UploadId::from_uuid(Uuid::from_u128(3)))],
        drive: DriveWork::default(),
        callback_url: None,
        callback_events: EventFilter::default(),
        metadata: BTreeMap::new(),
        images_token: "token".to_owned(),
        estimated_cost: MicroUsd(90),
        image_ids: (0..IMAGES)
            .map(|n| ImageId::from_uuid(Uuid::from_u128(10 + n as u128)))
            .collect(),
    })
}

pub(super) fn planned() -> JobEvent {
    let shot = |n: usize| Shot {
        title: format!("Shot {n}"),
        kind: ShotKind::Studio,
        prompt: format!("A cup on white, number {n}"),
        aspect_ratio: AspectRatio::Square,
        alt: "A cup".to_owned(),
    };
    let prepared = PreparedPhoto {
        key: "uploads/x".to_owned(),
        format: PhotoFormat::Jpeg,
        bytes: 1,
    };
    JobEvent::Planned {
        shots: (0..IMAGES).map(shot).collect(),
        prepared: vec![prepared],
        cost: MicroUsd(5),
    }
}

fn files(second: i64) -> JobEvent {
    let photo = ProviderFile {
        uri: "https://gemini/files/1".to_owned(),
        content_type: "image/jpeg".to_owned(),
    };
    JobEvent::Round(RoundEvent::FilesUploaded(ProviderFiles {
        photos: vec![photo],
        requests: "files/2".to_owned(),
        uploaded_at: moment(second),
    }))
}

fn batch(name: &str) -> JobEvent {
    JobEvent::Round(RoundEvent::BatchSubmitted {
        name: name.to_owned(),
    })
}

const fn progressed(counts: Option<BatchCounts>) -> JobEvent {
    JobEvent::Round(RoundEvent::Progressed { counts })
}

fn stored() -> ImageState {
    ImageState::Ready(StoredImage {
        format: ImageFormat::Png,
        width: 1,
        height: 1,
        bytes: 1,
        sha256: String::new(),
    })
}

fn declined() -> ImageState {
    ImageState::Failed {
        reason: ImageFailureReason::NoImageReturned,
        message: None,
    }
}

pub(super) fn collected(ready: usize) -> JobEvent {
    let state = |n: usize| if n < ready { stored() } else { declined() };
    let images = new_job().images.into_iter().enumerate().map(|(n, image)| Image {
        state: state(n),
        ..image
    });
    JobEvent::ImagesCollected {
        images: images.collect(),
        cost: MicroUsd(7),
        archive: Some("images.zip".to_owned()),
    }
}

pub(super) fn after(events: Vec<JobEvent>) -> Job {
    let numbered = (1..).zip(events);
    numbered.fold(new_job(), |job, (second, event)| {
        job.apply(event, moment(second)).expect("applies")
    })
}

pub(super) fn submitted() -> Job {
    let submitted = batch("batches/1");
    after(vec![
        JobEvent::StrategyStarted,
        planned(),
        files(3),
        JobEvent::Round(RoundEvent::SubmissionClaimed),
        submitted,
    ])
}

#[test]
fn a_job_goes_through_its_life() {
    let job = submitted();
    assert_eq!((job.status, job.progress), (Status::BatchSubmitted, 20));

    let counts = Some(BatchCounts { total: 3, done: 2 });
    let job = job.apply(progressed(counts), moment(20)).expect("applies");
    assert_eq!((job.status, job.progress), (Status::Generating, 68));
    assert_eq!(job.stage(), "Waiting for Gemini: 2 of 3 done");

    let job = job.apply(collected(2), moment(30)).expect("applies");
    assert_eq!(
        (job.status, job.progress, job.finished_at),
        (Status::Completed, 100, Some(moment(30)))
    );
    assert_eq!(job.stage(), "2 of 3 images are ready");
}

#[test]
fn one_shot_is_told_as_one() {
    let mut job = submitted();
    assert_eq!(job.stage(), "Gemini has accepted 3 shots");
    job.shots.truncate(1);
    assert_eq!(job.stage(), "Gemini has accepted one shot");
    job.status = Status::Strategy;
    assert_eq!(job.stage(), "Sending one shot to Gemini");
}

#[test]
fn a_batch_without_one_image_is_a_failed_job() {
    let job = submitted().apply(collected(0), moment(30)).expect("applies");
    assert_eq!(job.status, Status::Failed);
    assert_eq!(job.failure.expect("a failure").code, FailureCode::AllImagesFailed);
}

#[test]
fn a_repeated_event_changes_nothing() {
    let job = submitted();
    for event in [JobEvent::StrategyStarted, planned(), batch("batches/2")] {
        let again = job.apply(event, moment(99)).expect("applies");
        assert_eq!(again, job, "the first shot list and the first batch stay");
    }
}

#[test]
fn nothing_is_collected_that_does_not_fit() {
    let job = submitted();
    let JobEvent::ImagesCollected {
        mut images,
        cost,
        archive,
    } = collected(3)
    else {
        unreachable!("built above")
    };
    images.reverse();
    assert_eq!(
        job.apply(
            JobEvent::ImagesCollected {
                images,
                cost,
                archive: archive.clone()
            },
            moment(9)
        ),
        Err(Refused::Mismatch)
    );
    assert_eq!(
        job.apply(
            JobEvent::ImagesCollected {
                images: job.images.clone(),
                cost,
                archive,
            },
            moment(9)
        ),
        Err(Refused::Mismatch)
    );
    assert_eq!(
        new_job().apply(collected(3), moment(9)),
        Err(Refused::TooEarly(Status::Queued))
    );
}

#[test]
fn images_of_a_failed_job_do_not_stay_pending() {
    let job = submitted()
        .apply(
            JobEvent::Failed(Failure::new(FailureCode::BatchExpired)),
            moment(9),
        )
        .expect("applies");
    assert!(
        job.images
            .iter()
            .all(|image| matches!(image.state, ImageState::Failed { .. }))
    );
    assert_eq!(job.progress, 20, "progress stays where it was");
}

fn made(index: usize, is_ready: bool) -> JobEvent {
    JobEvent::ImageMade {
        image: new_job().images[index].id,
        state: if is_ready { stored() } else { declined() },
        cost: MicroUsd(30),
    }
}

#[test]
fn a_late_job_is_made_image_by_image() {
    let late = submitted()
        .apply(JobEvent::FallbackStarted, moment(9))
        .expect("applies");
    assert_eq!(
        late.stage(),
        "The batch was late: making the images one by one, 0 of 3 done"
    );
    let one = late.apply(made(0, true), moment(10)).expect("applies");
    assert_eq!((one.status, one.progress), (Status::Generating, 46));
    assert_eq!(one.actual_cost, MicroUsd(35));
    let again = one.apply(made(0, false), moment(11)).expect("applies");
    assert_eq!(again, one, "what is made is not paid for twice");
    assert_eq!(
        submitted().apply(made(0, true), moment(9)),
        Err(Refused::TooEarly(Status::BatchSubmitted)),
        "the batch is not late"
    );

    let failed = one
        .apply(
            JobEvent::Failed(Failure::new(FailureCode::InternalError)),
            moment(12),
        )
        .expect("applies");
    assert_eq!(
        (failed.status, failed.ready_count(), &failed.failure),
        (Status::Completed, 1, &None),
        "an image that was paid for is not lost"
    );
}

#[test]
fn the_lines_of_a_late_batch_may_be_charged_too() {
    let counts = Some(BatchCounts { total: 3, done: 2 });
    let mut job = submitted();
    job.estimated_cost = MicroUsd(300);
    let job = job.apply(progressed(counts), moment(8)).expect("applies");
    assert_eq!(job.spent_at_most(), MicroUsd(5));
    let late = job.apply(JobEvent::FallbackStarted, moment(9)).expect("applies");
    assert_eq!(late.spent_at_most(), MicroUsd(205));
}

fn any_event() -> impl Strategy<Value = JobEvent> {
    prop_oneof![
        4 => Just(JobEvent::StrategyStarted),
        4 => Just(planned()),
        4 => (0i64..500).prop_map(files),
        4 => Just(JobEvent::Round(RoundEvent::SubmissionClaimed)),
        2 => Just(JobEvent::Round(RoundEvent::SubmissionReleased)),
        2 => Just(JobEvent::RoomAwaited),
        4 => "[a-z]{3}".prop_map(|name| batch(&name)),
        6 => prop::option::of((0u64..5, 0u64..9)).prop_map(|counts| {
            progressed(counts.map(|(total, done)| BatchCounts { total, done }))
        }),
        1 => (0usize..4).prop_map(collected),
        1 => Just(JobEvent::FallbackStarted),
        3 => (0usize..IMAGES, any::<bool>()).prop_map(|(index, is_ready)| made(index, is_ready)),
        1 => Just(JobEvent::Failed(Failure::new(FailureCode::InternalError))),
        1 => Just(JobEvent::Canceled),
    ]
}

proptest! {
    /// Whatever happens in whatever order: progress and status never go back, an ended job never changes, the version
    /// counts the changes, the first batch and the first shot list stay, and the history has each status once, in order.
    #[test]
    fn no_sequence_of_events_breaks_a_job(events in prop::collection::vec((any_event(), 0i64..1000), 0..40)) {
        let mut job = new_job();
        for (event, second) in events {
            let Ok(next) = job.apply(event, moment(second)) else { continue };
            prop_assert!(!job.status.is_terminal(), "an ended job refuses every event");
            prop_assert!(next.progress >= job.progress && next.progress <= 100);
            prop_assert!(next.status >= job.status);
            prop_assert_eq!(next.version - job.version, u64::from(next != job));
            prop_assert_eq!(next.finished_at.is_some(), next.status.is_terminal());
            prop_assert!(next.history.starts_with(&job.history));
            prop_assert_eq!(next.history.last().map(|last| last.status), Some(next.status));
            let mut pairs = next.history.windows(2);
            prop_assert!(pairs.all(|pair| pair[0].status < pair[1].status && pair[0].at <= pair[1].at));
            if let Some(batch) = &job.round.batch {
                prop_assert_eq!(&next.round.batch.as_ref().expect("kept").name, &batch.name);
            }
            if !job.shots.is_empty() {
                prop_assert_eq!(&next.shots, &job.shots);
            }
            job = next;
        }
    }
}

#[test]
fn what_a_job_cost_is_what_its_calls_cost_however_often_they_are_told() {
    let job = after(vec![planned(), planned(), files(1)]);
    assert_eq!(job.actual_cost, MicroUsd(5));
    let job = submitted().apply(collected(2), moment(9)).expect("applies");
    assert_eq!(
        (job.actual_cost, job.outcome().cost),
        (MicroUsd(12), MicroUsd(12))
    );
    let given_up = submitted().apply(JobEvent::Canceled, moment(9)).expect("applies");
    assert_eq!(
        given_up.outcome().cost,
        given_up.estimated_cost,
        "it may be charged all the same"
    );
}

mod drive;
mod submission;
