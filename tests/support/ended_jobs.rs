//! Jobs that have ended, without the minutes before: for tests of what comes after the end.
//!
//! They are made by the domain's own events, so that no row can be one that the workflow would never write.

use std::collections::BTreeMap;

use packshot_clients::clock;
use packshot_domain::{
    failure::{Failure, FailureCode},
    id::{ImageId, JobId, UploadId, UserId},
    image::{Image, ImageFailureReason, ImageFormat, ImageState, StoredImage},
    job::{DriveWork, Job, JobEvent, NewJob, PhotoSource, PreparedPhoto, RoundEvent},
    late::OnLate,
    money::MicroUsd,
    photo::PhotoFormat,
    request::{AspectRatio, Brief, ImageSize, ProductDetails},
    strategy::{Shot, ShotKind},
    webhook::EventFilter,
};

/// What a job of this many images starts from; tests change what they are about.
pub fn new_job(owner: UserId, count: u8) -> NewJob {
    let created_at = clock::now();
    NewJob {
        key: None,
        id: JobId::from_uuid(clock::new_uuid()),
        owner,
        created_at,
        deadline_at: created_at,
        on_late: OnLate::default(),
        max_cost: None,
        brief: Brief {
            product: ProductDetails {
                title: Some("Espresso cup".to_owned()),
                ..ProductDetails::default()
            },
            brief: None,
            style: None,
            count,
            aspect_ratio: AspectRatio::Square,
            image_size: ImageSize::OneK,
        },
        photos: vec![PhotoSource::Upload(UploadId::from_uuid(clock::new_uuid()))],
        drive: DriveWork::default(),
        callback_url: None,
        callback_events: EventFilter::default(),
        metadata: BTreeMap::from([("sku".to_owned(), "cup-1".to_owned())]),
        images_token: clock::new_uuid().simple().to_string(),
        estimated_cost: MicroUsd(117_000),
        image_ids: (0..count)
            .map(|_| ImageId::from_uuid(clock::new_uuid()))
            .collect(),
    }
}

/// The job after its images were collected, one state an image.
pub fn completed(new: NewJob, states: &[ImageState]) -> Job {
    let images = new.image_ids.iter().zip(states);
    let images: Vec<Image> = images
        .map(|(id, state)| Image {
            state: state.clone(),
            ..Image::pending(*id)
        })
        .collect();
    let planned = planned(images.len(), new.photos.len());
    let submitted = JobEvent::Round(RoundEvent::BatchSubmitted {
        name: "batches/of-a-test".to_owned(),
    });
    let collected = JobEvent::ImagesCollected {
        images,
        cost: MicroUsd(17_000),
        archive: Some(Job::archive_file_name(0, 0)),
    };
    after(new, [planned, submitted, collected])
}

/// A plan for so many images from so many photos.
pub fn planned(images: usize, photos: usize) -> JobEvent {
    let prepared = PreparedPhoto {
        key: "uploads/prepared.png".to_owned(),
        format: PhotoFormat::Png,
        bytes: 1,
    };
    JobEvent::Planned {
        shots: (1..=images).map(shot).collect(),
        prepared: vec![prepared; photos],
        cost: MicroUsd(4_500),
    }
}

/// The job after it failed in its first task.
pub fn failed(new: NewJob, code: FailureCode) -> Job {
    after(
        new,
        [JobEvent::StrategyStarted, JobEvent::Failed(Failure::new(code))],
    )
}

/// A stored image.
pub fn ready() -> ImageState {
    ImageState::Ready(StoredImage {
        format: ImageFormat::Png,
        width: 1024,
        height: 1024,
        bytes: 1_234_567,
        sha256: "5e".repeat(32),
    })
}

/// An image that Gemini declined to make.
pub fn declined() -> ImageState {
    ImageState::Failed {
        reason: ImageFailureReason::BlockedBySafety,
        message: None,
    }
}

fn shot(number: usize) -> Shot {
    Shot {
        title: format!("Shot {number}"),
        kind: ShotKind::Studio,
        prompt: format!("The red espresso cup on white, as picture number {number}"),
        aspect_ratio: AspectRatio::Square,
        alt: format!("A red espresso cup, picture {number}"),
    }
}

fn after(new: NewJob, events: impl IntoIterator<Item = JobEvent>) -> Job {
    events.into_iter().fold(Job::from(new), |job, event| {
        job.apply(event, clock::now()).expect("the event applies")
    })
}
