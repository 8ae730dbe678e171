//! The tasks of the state machine, in the order in which a job meets them.
//!
//! Each reads the row, decides with the domain's pure code, and writes conditionally, so that each may be invoked
//! twice with the same event at any time.

pub mod collect_images;
pub mod copy_photos;
pub mod fail_job;
pub mod make_late_images;
pub mod plan_strategy;
pub mod poll_batch;
pub mod reconcile_jobs;
pub mod save_to_drive;
pub mod submit_batch;

mod archive;
mod picture;
mod provider;
mod provider_photos;

use packshot_clients::{
    clock,
    config::{self, Missing, env},
    gemini::BatchRequest,
    jobs::{ChangeError, JobStore},
    table::Table,
};
use packshot_domain::{
    id::{self, EventId},
    image::Image,
    job::{Job, JobEvent, PhotoSource, ProviderFile, Refused, RetryOf},
    strategy::{self, Shot},
    webhook::EventType,
};
use serde::Serialize;

use crate::runtime::TaskError;

/// What a task tells the state machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    wait_seconds: Option<u64>,
}

impl Step {
    /// The task is done.
    const fn done(state: &'static str) -> Self {
        Self {
            state,
            wait_seconds: None,
        }
    }

    /// The job has ended meanwhile: there is nothing more to do.
    const fn finished() -> Self {
        Self::done("finished")
    }

    /// Come again after a wait.
    const fn wait(state: &'static str, wait: std::time::Duration) -> Self {
        let seconds = wait.as_secs();
        Self {
            state,
            wait_seconds: Some(if seconds == 0 { 1 } else { seconds }),
        }
    }
}

/// How a job ended, as far as the state machine needs it to tell people and programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ended {
    status: &'static str,
    /// Whether somebody may have to be told by webhook.
    webhook: bool,
    event_id: String,
    /// Whether its images are to go into its owner's Drive first.
    save_to_drive: bool,
}

impl Ended {
    fn of(job: &Job) -> Self {
        let event_type = EventType::end_of_job(job.status);
        Self {
            status: job.status.as_str(),
            webhook: event_type.is_some_and(|event_type| job.may_have_receiver(event_type)),
            event_id: id::end_of_job_event(job.id).to_string(),
            save_to_drive: job.is_to_be_saved(),
        }
    }

    /// The end of a job that is gone: there is nobody to tell.
    fn of_deleted(event: EventId) -> Self {
        Self {
            status: "deleted",
            webhook: false,
            event_id: event.to_string(),
            save_to_drive: false,
        }
    }

    /// How a retry ended. A retry that another has taken the place of was told about when it ended.
    fn of_retry(job: &Job, retry: RetryOf) -> Self {
        let latest = job
            .index_of(retry.image)
            .and_then(|index| job.images[index].retry.as_ref())
            .filter(|latest| latest.attempt == retry.attempt);
        Self {
            webhook: latest
                .and_then(|latest| EventType::end_of_retry(&latest.outcome))
                .is_some_and(|event_type| job.may_have_receiver(event_type)),
            event_id: latest.map_or_else(String::new, |latest| latest.request.event.to_string()),
            save_to_drive: false,
            ..Self::of(job)
        }
    }
}

fn job_store(config: &aws_config::SdkConfig) -> Result<JobStore, Missing> {
    Ok(JobStore::new(Table::new(
        config,
        config::require(env::TABLE_NAME)?,
    )))
}

/// Which photo a failure is about: `Photo 2:`, and the name that its owner gave it where there is one.
fn photo_fact(job: &Job, index: usize) -> String {
    let number = index + 1;
    match job.photos.get(index).and_then(PhotoSource::in_drive) {
        Some(photo) => format!("Photo {number} ({}):", photo.name),
        None => format!("Photo {number}:"),
    }
}

/// What Gemini is asked for one image, in a batch or by itself.
fn batch_request<'a>(
    job: &'a Job,
    image: &Image,
    shot: &Shot,
    photos: &'a [ProviderFile],
) -> BatchRequest<'a> {
    let retried = image
        .pending_retry()
        .and_then(|retry| retry.request.prompt.as_ref());
    let prompt = retried.or(image.prompt.as_ref()).unwrap_or(&shot.prompt);
    BatchRequest {
        key: image.id.to_string(),
        prompt: strategy::image_prompt(shot, prompt, &job.brief),
        photos,
        aspect_ratio: job.brief.aspect_ratio,
        image_size: job.brief.image_size,
    }
}

/// Applies an event to a job's row; `None` where the job has ended or is gone meanwhile.
async fn change(jobs: &JobStore, job: &Job, event: JobEvent) -> Result<Option<Job>, TaskError> {
    let changed = jobs
        .change(job.owner, job.id, |job| job.apply(event.clone(), clock::now()))
        .await;
    match changed {
        Ok(job) => Ok(Some(job)),
        Err(ChangeError::Refused(Refused::Finished(_)) | ChangeError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
