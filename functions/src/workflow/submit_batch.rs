//! submit-batch: uploads photos and prompts to Gemini and creates the batch, once.
//!
//! Creating a batch is not repeatable at Gemini: each call that gets through is billed. So an invocation first claims
//! the creation in the job's row; whoever finds the claim of another waits until it is done or has run out; and where
//! an earlier claim left its outcome open, the batch is looked for by its display name, the job's id, before another
//! is created.
//!
//! Where Gemini has no room, jobs wait in the order of their age ([`packshot_domain::queue`]).

use std::time::Duration;

use aws_config::SdkConfig;
use packshot_clients::{
    bucket::Bucket,
    clock,
    config::{self, Missing, env},
    error::Chain,
    gemini::{BatchRequest, Gemini, request_lines},
    jobs::{ChangeError, JobStore},
};
use packshot_domain::{
    job::{Job, JobEvent, ProviderFile, ProviderFiles, Refused, RetryOf, Round, RoundEvent},
    poll,
    queue::Place,
};
use tracing::{info, warn};

use super::{
    Step, batch_request, change, job_store,
    provider::Patience,
    provider_photos::{self, UploadError},
};
use crate::runtime::{TaskError, TaskInput};

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

/// A job, and which of its rounds at Gemini is to get its batch.
struct Work {
    job: Job,
    /// `None` for the round of all images.
    retry: Option<RetryOf>,
    /// The job's place among those that wait for room; `None` for what has none there.
    place: Option<Place>,
}

impl Work {
    /// The round; `None` where it is over.
    fn round(&self) -> Option<&Round> {
        self.job.round_of(self.retry)
    }

    /// Whether an invocation has been creating the batch, or is; what came of it is to be found out.
    fn is_claimed(&self) -> bool {
        self.round()
            .is_some_and(|round| round.submission_claimed_at.is_some())
    }

    fn has_fresh_files(&self) -> bool {
        self.round()
            .is_some_and(|round| provider_photos::are_fresh(round, clock::now()))
    }

    fn is_in_turn(&self) -> bool {
        self.place
            .is_none_or(|place| place.may_ask(self.job.waiting_since.is_some()))
    }

    fn patience(&self) -> Patience {
        Patience::with_room(&self.job, self.retry, self.place)
    }

    fn batch_display_name(&self) -> String {
        self.job.batch_display_name(self.retry)
    }
}

/// Answers `submitted`, `waiting` where there is no capacity now, `late` where there was none until a deadline after which
/// the images are made one by one, or `finished` for what has ended meanwhile.
pub async fn handle(state: &State, input: TaskInput) -> Result<Step, TaskError> {
    let Some(job) = state.jobs.get(input.user_id, input.job_id).await? else {
        return Ok(Step::finished());
    };
    let mut work = Work {
        job,
        retry: input.retry_of(),
        place: None,
    };
    let Some(round) = work.round() else {
        return Ok(Step::finished());
    };
    if round.batch.is_some() {
        return Ok(submitted());
    }
    if work.retry.is_none() && !work.is_claimed() {
        work.place = Some(state.jobs.place_of(&work.job, clock::now()).await?);
    }
    if !work.is_in_turn() {
        wait_for_room(state, &work).await?;
        return work.patience().behind_others(clock::now());
    }
    if !work.has_fresh_files() {
        match upload_files(state, &work).await {
            Ok(Some(job)) => work.job = job,
            Ok(None) => return Ok(Step::finished()),
            Err(UploadError::Task(error)) => return Err(error),
            Err(UploadError::Gemini(error)) => {
                wait_for_room(state, &work).await?;
                return work.patience().after(error, clock::now(), "waiting");
            }
        }
    }
    let was_claimed_before = work.is_claimed();
    let work = match claim(state, &work).await? {
        Claim::Ours(job) => Work { job: *job, ..work },
        Claim::Others => return Ok(Step::wait("waiting", LOOK_AGAIN_AFTER)),
        Claim::Submitted => return Ok(submitted()),
        Claim::Finished => return Ok(Step::finished()),
    };
    if was_claimed_before && let Some(name) = find_batch(state, &work).await? {
        return save(state, &work, name).await;
    }
    create(state, &work).await
}

fn submitted() -> Step {
    Step::wait("submitted", poll::next_wait(Duration::ZERO))
}

/// Notes in the job's row that it is in the queue. What has ended meanwhile is told so by the next invocation.
async fn wait_for_room(state: &State, work: &Work) -> Result<(), TaskError> {
    if work.retry.is_none() && work.job.waiting_since.is_none() {
        change(&state.jobs, &work.job, JobEvent::RoomAwaited).await?;
    }
    Ok(())
}

/// Uploads the photos and the file of requests; `None` for a round that is over.
async fn upload_files(state: &State, work: &Work) -> Result<Option<Job>, UploadError> {
    let now = clock::now();
    let job = &work.job;
    let photos = provider_photos::ready(&state.bucket, &state.gemini, job, now).await?;
    let lines = request_lines(&batch_requests(job, work.retry, &photos));
    let name = format!("{}-requests", work.batch_display_name());
    let requests = state.gemini.upload(&name, "application/jsonl", lines).await?.name;
    let files = ProviderFiles {
        photos,
        requests,
        uploaded_at: now,
    };
    let event = JobEvent::in_round(work.retry, RoundEvent::FilesUploaded(files));
    Ok(change(&state.jobs, job, event).await?)
}

/// One line an image: of all of them, or of the one that is made again.
fn batch_requests<'a>(
    job: &'a Job,
    retry: Option<RetryOf>,
    photos: &'a [ProviderFile],
) -> Vec<BatchRequest<'a>> {
    let images = job.images.iter().zip(&job.shots);
    let wanted = images.filter(|(image, _)| retry.is_none_or(|retry| retry.image == image.id));
    wanted
        .map(|(image, shot)| batch_request(job, image, shot, photos))
        .collect()
}

enum Claim {
    Ours(Box<Job>),
    Others,
    Submitted,
    Finished,
}

async fn claim(state: &State, work: &Work) -> Result<Claim, TaskError> {
    let Work { job, retry, .. } = work;
    let claim = JobEvent::in_round(*retry, RoundEvent::SubmissionClaimed);
    let claimed = state
        .jobs
        .change(job.owner, job.id, |job| job.apply(claim.clone(), clock::now()))
        .await;
    match claimed {
        Ok(job) => Ok(Claim::Ours(Box::new(job))),
        Err(ChangeError::Refused(Refused::SubmissionInProgress)) => {
            let current = state.jobs.get(job.owner, job.id).await?;
            let round = current.as_ref().and_then(|job| job.round_of(*retry));
            Ok(if round.is_some_and(|round| round.batch.is_some()) {
                Claim::Submitted
            } else {
                Claim::Others
            })
        }
        Err(ChangeError::Refused(Refused::Finished(_)) | ChangeError::NotFound(_)) => Ok(Claim::Finished),
        Err(error) => Err(error.into()),
    }
}

async fn create(state: &State, work: &Work) -> Result<Step, TaskError> {
    let Some(files) = work.round().and_then(|round| round.files.as_ref()) else {
        return Err(TaskError::bug("the files were uploaded before the claim"));
    };
    let job = &work.job;
    match state
        .gemini
        .create_batch(&state.image_model, &work.batch_display_name(), &files.requests)
        .await
    {
        Ok(name) => save(state, work, name).await,
        Err(error) if error.outcome_unknown() => {
            warn!(job.id = %job.id, error = %Chain(&error), "Creating the batch got no clear answer");
            look_for_lost_batch(state, work).await
        }
        Err(error) => {
            let released = JobEvent::in_round(work.retry, RoundEvent::SubmissionReleased);
            change(&state.jobs, job, released).await?;
            work.patience().after(error, clock::now(), "waiting")
        }
    }
}

/// Looks whether the creation that got no answer made a batch. Where it does not show up, the claim stays: the next
/// invocation waits until it has run out, looks once more, and only then creates another.
async fn look_for_lost_batch(state: &State, work: &Work) -> Result<Step, TaskError> {
    for wait in LOOKS {
        tokio::time::sleep(wait).await;
        if let Some(name) = find_batch(state, work).await? {
            return save(state, work, name).await;
        }
    }
    Ok(Step::wait("waiting", LOOK_AGAIN_AFTER))
}

async fn find_batch(state: &State, work: &Work) -> Result<Option<String>, TaskError> {
    let found = state.gemini.find_batch(&work.batch_display_name()).await?;
    if let Some(name) = &found {
        info!(job.id = %work.job.id, batch.id = %name, "Found the batch of a creation whose answer was lost");
    }
    Ok(found)
}

/// Notes the batch in the row. What was ended meanwhile must not leave a batch running.
async fn save(state: &State, work: &Work, name: String) -> Result<Step, TaskError> {
    let job = &work.job;
    info!(job.id = %job.id, batch.id = %name, "Submitted the batch {name}");
    let submission = RoundEvent::BatchSubmitted { name: name.clone() };
    let submission = JobEvent::in_round(work.retry, submission);
    if change(&state.jobs, job, submission).await?.is_some() {
        return Ok(submitted());
    }
    state.gemini.cancel_batch(&name).await?;
    Ok(Step::finished())
}
