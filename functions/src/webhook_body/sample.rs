//! Samples of events. Their job has ids of zeros, and is nobody's.

use std::time::Duration;

use jiff::Timestamp;
use packshot_domain::{
    failure::{Failure, FailureCode},
    id::{EventId, ImageId, JobId, UserId},
    image::{ImageFailureReason, ImageFormat, ImageState, StoredImage},
    job::{DriveWork, Job, NewJob, NewRetry, Retry, RetryOutcome, Round, Status},
    late::OnLate,
    money::MicroUsd,
    request::{AspectRatio, Brief, ImageSize, ProductDetails},
    strategy::{Shot, ShotKind},
    webhook::{EventFilter, EventType, TEST_EVENT},
};
use serde_json::json;
use url::Url;
use uuid::Uuid;

use super::{Body, Data, within_the_limit};
use crate::job_view::JobView;

/// How many images the sample's job has.
const IMAGES: u8 = 2;

/// How long the sample's job took.
const DURATION: Duration = Duration::from_mins(8);

/// The body of a sample of this type, told at `at`.
///
/// # Errors
///
/// Where the body cannot be written as JSON.
pub(crate) fn sample(
    event_type: EventType,
    at: Timestamp,
    base_url: &Url,
) -> Result<String, serde_json::Error> {
    let job = job(event_type, at);
    let is_of_image = matches!(event_type, EventType::ImageCompleted | EventType::ImageFailed);
    within_the_limit(Body {
        event_type: event_type.as_str(),
        timestamp: at,
        data: Data {
            test: true,
            image_id: job
                .images
                .last()
                .filter(|_| is_of_image)
                .map(|image| image.id.to_string()),
            job: JobView::of(&job, base_url).in_short(),
            left_out: Vec::new(),
        },
    })
}

/// The body of the event that an address gets when it is saved.
pub(crate) fn test_event(at: Timestamp) -> String {
    let data = json!({"test": true, "message": "Events of your jobs will come to this address."});
    json!({"type": TEST_EVENT, "timestamp": at, "data": data}).to_string()
}

fn job(event_type: EventType, at: Timestamp) -> Job {
    let created_at = at.checked_sub(DURATION).unwrap_or(at);
    let mut job = Job::from(NewJob {
        id: JobId::from_uuid(Uuid::nil()),
        owner: UserId::from_uuid(Uuid::nil()),
        key: None,
        created_at,
        deadline_at: at,
        brief: brief(),
        photos: Vec::new(),
        drive: DriveWork::default(),
        callback_url: None,
        callback_events: EventFilter::default(),
        metadata: [("sku".to_owned(), "sample-1".to_owned())].into(),
        images_token: "0".repeat(32),
        estimated_cost: MicroUsd::default(),
        on_late: OnLate::default(),
        max_cost: None,
        image_ids: (1..=IMAGES)
            .map(|number| ImageId::from_uuid(Uuid::from_u128(number.into())))
            .collect(),
    });
    job.updated_at = at;
    job.finished_at = Some(at);
    (job.status, job.progress) = match event_type {
        EventType::JobFailed => (Status::Failed, 5),
        EventType::JobCanceled => (Status::Canceled, 25),
        EventType::JobCompleted | EventType::ImageCompleted | EventType::ImageFailed => {
            (Status::Completed, 100)
        }
    };
    if job.status == Status::Completed {
        job.shots = (1..=IMAGES).map(shot).collect();
    }
    if job.status == Status::Failed {
        job.failure = Some(Failure::new(FailureCode::PhotoUnreadable));
    }
    for (index, image) in job.images.iter_mut().enumerate() {
        let is_last = index + 1 == usize::from(IMAGES);
        image.state = match event_type {
            EventType::JobCompleted | EventType::ImageCompleted | EventType::ImageFailed => stored(),
            EventType::JobFailed | EventType::JobCanceled => missing(ImageFailureReason::Late),
        };
        image.retry = match event_type {
            EventType::ImageCompleted if is_last => Some(retry(RetryOutcome::Ready, at)),
            EventType::ImageFailed if is_last => Some(retry(declined(), at)),
            _ => None,
        };
        image.attempt = u32::from(event_type == EventType::ImageCompleted && is_last);
    }
    job
}

const fn declined() -> RetryOutcome {
    RetryOutcome::Failed {
        reason: ImageFailureReason::BlockedBySafety,
        message: None,
    }
}

/// The first retry of an image, which ended at `at`.
fn retry(outcome: RetryOutcome, at: Timestamp) -> Retry {
    Retry {
        attempt: 1,
        requested_at: at.checked_sub(DURATION).unwrap_or(at),
        ended_at: Some(at),
        request: NewRetry {
            prompt: None,
            key: None,
            deadline_at: at,
            estimated_cost: MicroUsd::default(),
            event: EventId::from_uuid(Uuid::nil()),
        },
        round: Round::default(),
        cost: None,
        outcome,
    }
}

fn brief() -> Brief {
    Brief {
        product: ProductDetails {
            title: Some("Sample product".to_owned()),
            ..ProductDetails::default()
        },
        brief: None,
        style: None,
        count: IMAGES,
        aspect_ratio: AspectRatio::Square,
        image_size: ImageSize::OneK,
    }
}

fn shot(number: u8) -> Shot {
    Shot {
        title: format!("Sample shot {number}"),
        kind: ShotKind::Studio,
        prompt: "The sample product on white".to_owned(),
        aspect_ratio: AspectRatio::Square,
        alt: format!("The sample product, picture {number}"),
    }
}

fn stored() -> ImageState {
    ImageState::Ready(StoredImage {
        format: ImageFormat::Png,
        width: 1024,
        height: 1024,
        bytes: 1_234_567,
        sha256: "0".repeat(64),
    })
}

const fn missing(reason: ImageFailureReason) -> ImageState {
    ImageState::Failed {
        reason,
        message: None,
    }
}
