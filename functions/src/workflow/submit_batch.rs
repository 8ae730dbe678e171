//! submit-batch: uploads photos and prompts to Gemini and creates the batch, once.
//!
//! Creating a batch is not repeatable at Gemini: each call that gets through is billed. So an invocation first claims
//! the creation in the job's row; whoever finds the claim of another waits until it is done or has run out; and where
//! an earlier claim left its outcome open, the batch is looked for by its display name, the job's id, before another
//! is created.

use std::time::Duration;

use aws_config::SdkConfig;
use packshot_clients::{
    bucket::{Bucket, ReadError},
    clock,
    config::{self, Missing, env},
    error::Chain,
    gemini::{BatchRequest, Gemini, GeminiError, request_lines},
    jobs::{ChangeError, JobStore},
};
use packshot_domain::{
    failure::{Failure, FailureCode},
    job::{Job, JobEvent, ProviderFile, ProviderFiles, Refused},
    photo, poll, strategy,
};
use tracing::{info, warn};

use super::{Step, change, job_store, provider};
use crate::runtime::{TaskError, TaskInput};

/// Files at Gemini are used for this long; they are gone after 48 hours, and a batch may wait a while before it reads
/// them.
const FILES_FRESH_FOR: Duration = Duration::from_hours(12);

/// How long to wait before looking again for a batch whose creation got no answer, or that another invocation is
/// creating.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(30);

/// The waits between looks for a batch right after its creation got no answer.
const LOOKS: [Duration; 3] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(3),
];

/// What this function may use.
#[derive(Debug)]
pub struct State {
    jobs: JobStore,
    bucket: Bucket,
    gemini: Gemini,
    image_model: String,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            jobs: job_store(config)?,
            bucket: Bucket::from_env(config)?,
            gemini: Gemini::from_env(config)?,
            image_model: config::require(env::IMAGE_MODEL)?,
        })
    }
}

/// Answers `submitted`, `waiting` where there is no capacity now, or `finished` for a job that has ended meanwhile.
pub async fn handle(state: &State, input: TaskInput) -> Result<Step, TaskError> {
    let Some(job) = state.jobs.get(input.user_id, input.job_id).await? else {
        return Ok(Step::finished());
    };
    if job.status.is_terminal() {
        return Ok(Step::finished());
    }
    if job.batch.is_some() {
        return Ok(submitted());
    }
    let job = match upload_files(state, &job).await {
        Ok(Some(job)) => job,
        Ok(None) => return Ok(Step::finished()),
        Err(UploadError::Task(error)) => return Err(error),
        Err(UploadError::Gemini(error)) => {
            return provider::wait_or_give_up(error, &job, clock::now(), "waiting");
        }
    };
    let was_claimed_before = job.submission_claimed_at.is_some();
    let job = match claim(state, &job).await? {
        Claim::Ours(job) => job,
        Claim::Others => return Ok(Step::wait("waiting", LOOK_AGAIN_AFTER)),
        Claim::Submitted => return Ok(submitted()),
        Claim::Finished => return Ok(Step::finished()),
    };
    if was_claimed_before && let Some(name) = find_batch(state, &job).await? {
        return save(state, &job, name).await;
    }
    create(state, &job).await
}

fn submitted() -> Step {
    Step::wait("submitted", poll::next_wait(Duration::ZERO))
}

enum UploadError {
    Gemini(GeminiError),
    Task(TaskError),
}

impl From<GeminiError> for UploadError {
    fn from(error: GeminiError) -> Self {
        Self::Gemini(error)
    }
}

impl From<TaskError> for UploadError {
    fn from(error: TaskError) -> Self {
        Self::Task(error)
    }
}

/// Uploads each photo and the file of requests, unless that was done before; `None` for a job that has ended.
async fn upload_files(state: &State, job: &Job) -> Result<Option<Job>, UploadError> {
    let now = clock::now();
    if job
        .files
        .as_ref()
        .is_some_and(|files| provider::since(files.uploaded_at, now) < FILES_FRESH_FOR)
    {
        return Ok(Some(job.clone()));
    }
    let mut photos = Vec::with_capacity(job.prepared.len());
    for (index, prepared) in job.prepared.iter().enumerate() {
        let bytes = state
            .bucket
            .get(&prepared.key, photo::MAX_BYTES)
            .await
            .map_err(photo_error)?;
        let name = format!("{}-photo-{}", job.id, index + 1);
        let file = state
            .gemini
            .upload(&name, prepared.format.content_type(), bytes)
            .await?;
        photos.push(ProviderFile::from(file));
    }
    let lines = request_lines(&batch_requests(job, &photos));
    let requests = state
        .gemini
        .upload(&format!("{}-requests", job.id), "application/jsonl", lines)
        .await?
        .name;
    let files = ProviderFiles {
        photos,
        requests,
        uploaded_at: now,
    };
    Ok(change(&state.jobs, job, JobEvent::FilesUploaded(files)).await?)
}

fn photo_error(error: ReadError) -> UploadError {
    UploadError::Task(match error {
        ReadError::NotFound(_) => TaskError::rejected(Failure::new(FailureCode::PhotoMissing)),
        ReadError::TooLarge(_) => TaskError::bug(error),
        ReadError::Aws(error) => error.into(),
    })
}

fn batch_requests<'a>(job: &'a Job, photos: &'a [ProviderFile]) -> Vec<BatchRequest<'a>> {
    let request = |(image, shot): (&packshot_domain::image::Image, _)| BatchRequest {
        key: image.id.to_string(),
        prompt: strategy::image_prompt(shot, &job.brief),
        photos,
        aspect_ratio: job.brief.aspect_ratio,
        image_size: job.brief.image_size,
    };
    job.images.iter().zip(&job.shots).map(request).collect()
}

enum Claim {
    Ours(Box<Job>),
    Others,
    Submitted,
    Finished,
}

async fn claim(state: &State, job: &Job) -> Result<Claim, TaskError> {
    let claimed = state
        .jobs
        .change(job.owner, job.id, |job| {
            job.apply(JobEvent::SubmissionClaimed, clock::now())
        })
        .await;
    match claimed {
        Ok(job) => Ok(Claim::Ours(Box::new(job))),
        Err(ChangeError::Refused(Refused::SubmissionInProgress)) => {
            let current = state.jobs.get(job.owner, job.id).await?;
            Ok(if current.is_some_and(|job| job.batch.is_some()) {
                Claim::Submitted
            } else {
                Claim::Others
            })
        }
        Err(ChangeError::Refused(Refused::Finished(_)) | ChangeError::NotFound(_)) => Ok(Claim::Finished),
        Err(error) => Err(error.into()),
    }
}

async fn create(state: &State, job: &Job) -> Result<Step, TaskError> {
    let Some(files) = &job.files else {
        return Err(TaskError::bug("the files were uploaded before the claim"));
    };
    match state
        .gemini
        .create_batch(&state.image_model, &job.id.to_string(), &files.requests)
        .await
    {
        Ok(name) => save(state, job, name).await,
        Err(error) if error.outcome_unknown() => {
            warn!(job.id = %job.id, error = %Chain(&error), "Creating the batch got no clear answer");
            look_for_lost_batch(state, job).await
        }
        Err(error) => {
            change(&state.jobs, job, JobEvent::SubmissionReleased).await?;
            provider::wait_or_give_up(error, job, clock::now(), "waiting")
        }
    }
}

/// Looks whether the creation that got no answer made a batch. Where it does not show up, the claim stays: the next
/// invocation waits until it has run out, looks once more, and only then creates another.
async fn look_for_lost_batch(state: &State, job: &Job) -> Result<Step, TaskError> {
    for wait in LOOKS {
        tokio::time::sleep(wait).await;
        if let Some(name) = find_batch(state, job).await? {
            return save(state, job, name).await;
        }
    }
    Ok(Step::wait("waiting", LOOK_AGAIN_AFTER))
}

async fn find_batch(state: &State, job: &Job) -> Result<Option<String>, TaskError> {
    let found = state.gemini.find_batch(&job.id.to_string()).await?;
    if let Some(name) = &found {
        info!(job.id = %job.id, batch.id = %name, "Found the batch of a creation whose answer was lost");
    }
    Ok(found)
}

/// Notes the batch in the row. A job that was ended meanwhile must not leave a batch running.
async fn save(state: &State, job: &Job, name: String) -> Result<Step, TaskError> {
    info!(job.id = %job.id, batch.id = %name, shots = job.shots.len(), "Submitted the batch {name}");
    let submission = JobEvent::BatchSubmitted { name: name.clone() };
    if change(&state.jobs, job, submission).await?.is_some() {
        return Ok(submitted());
    }
    state.gemini.cancel_batch(&name).await?;
    Ok(Step::finished())
}
