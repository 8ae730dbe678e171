//! plan-strategy: checks the photos and has Gemini write the shot list.

use std::time::Duration;

use aws_config::SdkConfig;
use bytes::Bytes;
use jiff::tz::TimeZone;
use packshot_clients::{
    bucket::{self, Bucket, ReadError},
    clock,
    config::{self, Missing, env},
    error::Chain,
    gemini::{Answer, Gemini, GeminiError, Question},
    hostile_http::{CallError, HostileHttp},
    jobs::JobStore,
};
use packshot_domain::{
    failure::{Failure, FailureCode},
    job::{Job, JobEvent, PhotoSource, PreparedPhoto},
    photo,
    prices::{self, Tokens},
    strategy::{self, Shot, Unusable},
};
use packshot_pictures::photo::make_fit;
use tracing::{info, warn};
use url::Url;

use super::{Step, job_store, photo_fact, provider::Patience};
use crate::runtime::{TaskError, TaskInput};

/// How long the download of one image URL may take.
const FETCH_TIME_LIMIT: Duration = Duration::from_secs(45);

/// The waits between tries to fetch one image URL.
const FETCH_WAITS: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// How often the model is asked in all.
const QUESTIONS: usize = 2;

/// What this function may use.
#[derive(Debug)]
pub struct State {
    jobs: JobStore,
    bucket: Bucket,
    gemini: Gemini,
    outside: HostileHttp,
    text_model: String,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        let outside = HostileHttp::new(config::reach()?, FETCH_TIME_LIMIT);
        Ok(Self {
            jobs: job_store(config)?,
            bucket: Bucket::from_env(config)?,
            gemini: Gemini::from_env(config)?,
            outside: outside.map_err(|_| Missing::Value(env::ALLOW_PRIVATE_ADDRESSES))?,
            text_model: config::require(env::TEXT_MODEL)?,
        })
    }
}

/// Answers `planned`, `copy` where photos are to be copied first, `waiting` where Gemini asks us to come back, or `finished` for a job that has ended meanwhile.
pub async fn handle(state: &State, input: TaskInput) -> Result<Step, TaskError> {
    let Some(job) = state.jobs.get(input.user_id, input.job_id).await? else {
        return Ok(Step::finished());
    };
    if job.status.is_terminal() {
        return Ok(Step::finished());
    }
    if !job.shots.is_empty() {
        return Ok(Step::done("planned"));
    }
    // Told from here, so that no job without such photos pays for another state.
    if job.photos_to_copy().next().is_some() {
        return Ok(Step::done("copy"));
    }
    apply(state, &job, JobEvent::StrategyStarted).await?;
    let (prepared, previews) = prepare_photos(state, &job).await?;
    match plan(state, &job, &previews).await {
        Ok(Ok((shots, tokens))) => {
            let day = clock::now().to_zoned(TimeZone::UTC).date();
            let cost = prices::cost_of_text(&state.text_model, tokens, day);
            info!(job.id = %job.id, shots = shots.len(), "Planned {} shots", shots.len());
            apply(
                state,
                &job,
                JobEvent::Planned {
                    shots,
                    prepared,
                    cost,
                },
            )
            .await
        }
        Ok(Err(failure)) => Err(TaskError::rejected(failure)),
        Err(error) => Patience::with_plan(&job).after(error, clock::now(), "waiting"),
    }
}

async fn apply(state: &State, job: &Job, event: JobEvent) -> Result<Step, TaskError> {
    super::change(&state.jobs, job, event)
        .await
        .map(|job| job.map_or(Step::finished(), |_| Step::done("planned")))
}

async fn prepare_photos(
    state: &State,
    job: &Job,
) -> Result<(Vec<PreparedPhoto>, Vec<(&'static str, Bytes)>), TaskError> {
    let mut prepared = Vec::with_capacity(job.photos.len());
    let mut previews = Vec::with_capacity(job.photos.len());
    // One after the other: a decoded photo may take hundreds of megabytes.
    for (index, source) in job.photos.iter().enumerate() {
        let about = |error| about_photo(job, index, error);
        let bytes = read_photo(state, job, index, source).await.map_err(about)?;
        let fit = tokio::task::spawn_blocking(move || make_fit(bytes))
            .await
            .map_err(TaskError::bug)?;
        let fit = fit.map_err(|code| about(PhotoError::Refused(code)))?;
        let key = bucket::prepared_photo_key(job.owner, job.id, index + 1, fit.format.extension());
        let bytes = fit.bytes.len() as u64;
        state
            .bucket
            .put(&key, fit.format.content_type(), fit.bytes)
            .await?;
        prepared.push(PreparedPhoto {
            key,
            format: fit.format,
            bytes,
        });
        previews.push(("image/jpeg", fit.preview));
    }
    Ok((prepared, previews))
}

enum PhotoError {
    Refused(FailureCode),
    Task(TaskError),
}

async fn read_photo(
    state: &State,
    job: &Job,
    index: usize,
    source: &PhotoSource,
) -> Result<Bytes, PhotoError> {
    match source {
        PhotoSource::Upload(id) => from_bucket(state, &bucket::upload_key(job.owner, *id)).await,
        PhotoSource::Drive(_) => {
            from_bucket(state, &bucket::copied_photo_key(job.owner, job.id, index + 1)).await
        }
        PhotoSource::Url(url) => fetch_photo(state, url).await.map_err(|error| {
            warn!(job.id = %job.id, host = url.host_str(), error = %Chain(&error), "Could not fetch a photo");
            PhotoError::Refused(match error {
                CallError::Refused(_) => FailureCode::PhotoUrlRefused,
                CallError::TooLarge(_) => FailureCode::PhotoTooLarge,
                _ => FailureCode::PhotoUrlFailed,
            })
        }),
    }
}

async fn from_bucket(state: &State, key: &str) -> Result<Bytes, PhotoError> {
    match state.bucket.get(key, photo::MAX_BYTES).await {
        Ok(bytes) => Ok(bytes),
        Err(ReadError::NotFound(_)) => Err(PhotoError::Refused(FailureCode::PhotoMissing)),
        Err(ReadError::TooLarge(_)) => Err(PhotoError::Refused(FailureCode::PhotoTooLarge)),
        Err(ReadError::Aws(error)) => Err(PhotoError::Task(error.into())),
    }
}

/// Fetches an image URL; a host that is in trouble is asked again after a moment.
async fn fetch_photo(state: &State, url: &Url) -> Result<Bytes, CallError> {
    for wait in FETCH_WAITS {
        match state.outside.fetch(url, photo::MAX_BYTES).await {
            Err(error) if error.is_transient() => tokio::time::sleep(wait).await,
            other => return other,
        }
    }
    state.outside.fetch(url, photo::MAX_BYTES).await
}

fn about_photo(job: &Job, index: usize, error: PhotoError) -> TaskError {
    match error {
        PhotoError::Refused(code) => TaskError::rejected(Failure::with_fact(code, &photo_fact(job, index))),
        PhotoError::Task(error) => error,
    }
}

/// Asks for the shot list, and once more where the first answer is not one. The tokens are those of all answers.
async fn plan(
    state: &State,
    job: &Job,
    photos: &[(&'static str, Bytes)],
) -> Result<Result<(Vec<Shot>, Tokens), Failure>, GeminiError> {
    let mut complaint: Option<Unusable> = None;
    let mut used = Tokens::default();
    for _ in 0..QUESTIONS {
        let question = Question {
            model: &state.text_model,
            system_instruction: strategy::SYSTEM_INSTRUCTION,
            photos,
            text: &strategy::question(&job.brief, complaint.as_ref()),
            response_schema: strategy::response_schema(job.brief.count),
        };
        let (answer, tokens) = state.gemini.ask(&question).await?;
        used = used + tokens;
        match answer {
            Answer::Declined(reason) => {
                warn!(job.id = %job.id, reason, "Gemini declined to plan");
                return Ok(Err(Failure::new(FailureCode::StrategyDeclined)));
            }
            Answer::Text(text) => match strategy::parse_answer(&text, &job.brief) {
                Ok(shots) => return Ok(Ok((shots, used))),
                Err(unusable) => {
                    warn!(job.id = %job.id, %unusable, "The answer is not a strategy");
                    complaint = Some(unusable);
                }
            },
        }
    }
    Ok(Err(Failure::new(FailureCode::StrategyUnusable)))
}
