//! How far a job is: a number for bars, a sentence for people.

use super::{Job, Status};
use crate::{batch::BatchCounts, image::ImageState};

const GENERATING_FROM: u8 = 25;
const GENERATING_TO: u8 = 90;

/// Batches that do not count their lines are shown as half way after this many seconds: Gemini's usual time for ten
/// images is some minutes, its promise is a day.
const HALF_WAY_SECONDS: u64 = 600;

/// The least progress of each status. A failed or canceled job keeps what it had.
pub(super) const fn least(status: Status) -> u8 {
    match status {
        Status::Queued | Status::Failed | Status::Canceled => 0,
        Status::Strategy => 5,
        Status::BatchSubmitted => 20,
        Status::Generating => GENERATING_FROM,
        Status::Completed => 100,
    }
}

/// Progress while the batch runs, from its own counts where it gives them, else from the time it has had.
pub(super) fn while_generating(counts: Option<BatchCounts>, waited_seconds: i64) -> u8 {
    let waited = u64::try_from(waited_seconds).unwrap_or(0);
    let (part, whole) = match counts {
        Some(counts) => (counts.done, counts.total.max(1)),
        None => (waited, waited + HALF_WAY_SECONDS),
    };
    let span = u64::from(GENERATING_TO - GENERATING_FROM);
    let reached = u64::from(GENERATING_FROM) + span * part.min(whole) / whole;
    u8::try_from(reached).unwrap_or(GENERATING_TO)
}

/// How many images of a job that makes them one by one have their outcome.
pub(super) fn settled(job: &Job) -> BatchCounts {
    let settled = job
        .images
        .iter()
        .filter(|image| image.state != ImageState::Pending);
    BatchCounts {
        total: job.images.len() as u64,
        done: settled.count() as u64,
    }
}

pub(super) fn stage(job: &Job) -> String {
    match job.status {
        Status::Queued => queued(job),
        Status::Strategy if job.shots.is_empty() => {
            "Gemini is looking at the photos and planning the shots".to_owned()
        }
        Status::Strategy if job.waits_for_room() => {
            format!("Waiting for room at Gemini with {}", shots(job.shots.len()))
        }
        Status::Strategy => format!("Sending {} to Gemini", shots(job.shots.len())),
        Status::BatchSubmitted => format!("Gemini has accepted {}", shots(job.shots.len())),
        Status::Generating if job.fallback_at.is_some() => {
            let BatchCounts { total, done } = settled(job);
            format!("The batch was late: making the images one by one, {done} of {total} done")
        }
        Status::Generating => match job.round.batch.as_ref().and_then(|batch| batch.counts) {
            Some(counts) => format!("Waiting for Gemini: {} of {} done", counts.done, counts.total),
            None => "Waiting for Gemini".to_owned(),
        },
        Status::Completed => completed(job.ready_count(), job.images.len()),
        Status::Failed => job
            .failure
            .as_ref()
            .map_or_else(|| "Failed".to_owned(), |failure| failure.message.clone()),
        Status::Canceled => "Canceled".to_owned(),
    }
}

/// Photos are copied before anything is planned.
fn queued(job: &Job) -> String {
    match job.drive_photos() {
        (all, copied) if copied < all => format!("Copying photos from Google Drive: {copied} of {all}"),
        _ => "Waiting to start".to_owned(),
    }
}

fn shots(count: usize) -> String {
    match count {
        1 => "one shot".to_owned(),
        count => format!("{count} shots"),
    }
}

fn completed(ready: usize, total: usize) -> String {
    match (ready, total) {
        (1, 1) => "Your image is ready".to_owned(),
        (ready, total) if ready == total => format!("All {total} images are ready"),
        (ready, total) => format!("{ready} of {total} images are ready"),
    }
}
