//! Finished jobs to compose mails and webhooks for.

use std::collections::BTreeMap;

use packshot_domain::{
    failure::{Failure, FailureCode},
    id::{ImageId, JobId, UserId},
    image::{Image, ImageFailureReason, ImageFormat, ImageState, StoredImage},
    job::{DriveWork, Job, NewJob, Status},
    late::OnLate,
    limits::Plan,
    money::MicroUsd,
    request::{AspectRatio, Brief, ImageSize, ProductDetails},
    strategy::{Shot, ShotKind},
    user::User,
    webhook::EventFilter,
};
use url::Url;
use uuid::Uuid;

pub(crate) fn base_url() -> Url {
    Url::parse("https://packshot.example").expect("a URL")
}

pub(crate) fn owner() -> User {
    User {
        id: UserId::from_uuid(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001)),
        email: "owner@example.com".to_owned(),
        webhook_secrets: Vec::new(),
        webhook_endpoint: None,
        plan: Plan::Free,
        own_allowance: None,
    }
}

/// A job that nothing was done for.
pub(crate) fn queued(count: u8) -> Job {
    Job::from(NewJob {
        id: JobId::from_uuid(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_00ff)),
        owner: owner().id,
        key: None,
        created_at: "2026-11-01T10:00:00Z".parse().expect("a moment"),
        deadline_at: "2026-11-02T10:00:00Z".parse().expect("a moment"),
        brief: brief(count),
        photos: Vec::new(),
        drive: DriveWork::default(),
        callback_url: None,
        callback_events: EventFilter::default(),
        metadata: BTreeMap::from([("sku".to_owned(), "cup-1".to_owned())]),
        images_token: "4fzzzxjylrx3yrd6r4xgdk2ucy".to_owned(),
        estimated_cost: MicroUsd(0),
        on_late: OnLate::default(),
        max_cost: None,
        image_ids: (1..=count)
            .map(|n| ImageId::from_uuid(Uuid::from_u128(n.into())))
            .collect(),
    })
}

/// A completed job with every image ready.
pub(crate) fn completed(count: u8) -> Job {
    let mut job = queued(count);
    job.status = Status::Completed;
    job.progress = 100;
    job.finished_at = "2026-11-01T10:08:30Z".parse().ok();
    job.shots = (0..count).map(shot).collect();
    job.archive = Some(Job::archive_file_name(0, 0));
    for image in &mut job.images {
        image.state = ready();
    }
    job
}

/// A completed job in which these images (by number, from 1) failed.
pub(crate) fn completed_without(count: u8, missing: &[(usize, ImageFailureReason, Option<&str>)]) -> Job {
    let mut job = completed(count);
    for (number, reason, message) in missing {
        job.images[number - 1].state = ImageState::Failed {
            reason: *reason,
            message: message.map(str::to_owned),
        };
    }
    job
}

/// A job that failed before anything was planned.
pub(crate) fn failed(code: FailureCode) -> Job {
    let mut job = completed(10);
    job.status = Status::Failed;
    job.progress = 5;
    job.shots = Vec::new();
    job.archive = None;
    job.failure = Some(Failure::new(code));
    job.images.iter_mut().for_each(fail_late);
    job
}

fn fail_late(image: &mut Image) {
    image.state = ImageState::Failed {
        reason: ImageFailureReason::Late,
        message: None,
    };
}

fn brief(count: u8) -> Brief {
    Brief {
        product: ProductDetails {
            title: Some("Espresso cup".to_owned()),
            ..ProductDetails::default()
        },
        brief: None,
        style: None,
        count,
        aspect_ratio: AspectRatio::Square,
        image_size: ImageSize::OneK,
    }
}

fn shot(index: u8) -> Shot {
    let titles = [
        "Front on white",
        "Breakfast table",
        "Glaze close-up",
        "Morning light",
        "Beside a spoon",
        "First sip",
        "In its box",
        "The handle",
        "From above",
        "Winter window",
    ];
    let title = titles[usize::from(index) % titles.len()];
    Shot {
        title: title.to_owned(),
        kind: ShotKind::ALL[usize::from(index) % ShotKind::ALL.len()],
        prompt: format!("A red espresso cup, {title}, soft light from the left"),
        aspect_ratio: AspectRatio::Square,
        alt: format!("Red espresso cup, {title}"),
    }
}

fn ready() -> ImageState {
    ImageState::Ready(StoredImage {
        format: ImageFormat::Png,
        width: 1024,
        height: 1024,
        bytes: 1_000_000,
        sha256: "0".repeat(64),
    })
}
