//! `POST …/jobs/{job_id}/images/{image_id}/retry`: makes one image once more.

use std::{sync::Arc, time::Duration};

use aws_config::SdkConfig;
use axum::{
    Router,
    extract::{Path, Request, State as RouterState},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use packshot_clients::{
    accounts::Accounts,
    clock,
    config::{self, Missing, env},
    error::{AwsError, Chain},
    idempotency::{Earlier, StoredAnswer},
    jobs::{JobStore, Retried, RetryError},
    workflow::Workflow,
};
use packshot_domain::{
    id::{EventId, ImageId, JobId},
    job::{Job, NewRetry, Refused},
    limits::Allowance,
    prices,
    request::retry,
};
use tracing::{error, info};
use url::Url;

use crate::{
    api::{
        self, body,
        caller::{Caller, Doors, Generator},
        openapi::RetryBody,
        problem::{ApiError, Document},
        repetition,
        routes::{self, Serve},
        standing::Standing,
    },
    job_view::JobView,
};

/// What this function may use.
#[derive(Debug)]
pub struct State {
    doors: Arc<Doors>,
    accounts: Accounts,
    jobs: JobStore,
    workflow: Workflow,
    image_model: String,
    deadline: Duration,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        let table = api::table(config)?;
        Ok(Self {
            doors: Doors::from_env(config)?,
            accounts: Accounts::new(table.clone()),
            jobs: JobStore::new(table),
            workflow: Workflow::from_env(config)?,
            image_model: config::require(env::IMAGE_MODEL)?,
            deadline: Duration::from_secs(config::require_parsed(env::JOB_DEADLINE_SECONDS)?),
        })
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let doors = Arc::clone(&state.doors);
    let routes = Router::new().serve(&routes::RETRY_IMAGE, retry);
    api::serve(routes.with_state(Arc::new(state)), doors)
}

#[utoipa::path(
    post,
    path = "/api/v1/jobs/{job_id}/images/{image_id}/retry",
    operation_id = "retry_image",
    tag = "Jobs",
    description = "Makes one image of a completed job once more, with another prompt if you send one, in a batch of its own. \
        It counts as a job of one image. The image stays as it is until the new one is ready, and stays if none comes; the \
        new one has an address of its own. Photos are kept for 7 days, so older jobs have no retry.",
    params(
        ("job_id" = String, Path, description = "The job's id."),
        ("image_id" = String, Path, description = "The image's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes this request, sent twice, one request for 24 hours."),
    ),
    request_body = RetryBody,
    responses(
        (status = 202, description = "The job, whose image has a `retry` that is pending.", body = JobView, headers(
            ("Location" = String, description = "Where the job is."),
            ("Idempotent-Replayed" = Option<bool>, description = "`true` where this is the first answer again."),
        )),
        (status = 409, description = "The job has not completed, the image is being made again already, was made again too \
            often, or the photos are no longer kept.", body = Document, content_type = "application/problem+json"),
    )
)]
pub(in crate::api) async fn retry(
    RouterState(state): RouterState<Arc<State>>,
    Generator(caller): Generator,
    Path((job_id, image_id)): Path<(String, String)>,
    request: Request,
) -> Result<Response, ApiError> {
    let headers = request.headers().clone();
    let body = body::read_json_or_nothing(request).await?;
    let prompt = retry::parse(&body.fields).map_err(ApiError::invalid_fields)?;
    let retried = Retried {
        owner: caller.user,
        job: job_id.parse().map_err(|_| ApiError::job_not_found())?,
        image: image_id.parse().map_err(|_| ApiError::image_not_found())?,
    };
    let named = repetition::named(&headers, caller.user, || {
        body.fingerprint(&format!("POST /jobs/{job_id}/images/{image_id}/retry"))
    })?;
    let (allowance, base_url, new) = prepare(&state, caller, retried.job, prompt).await?;
    let answer = |job: &Job| answer(job, &base_url);
    let let_in = state
        .jobs
        .retry(retried, &new, allowance, named.as_ref(), answer)
        .await;
    let (mut response, consumption) = match let_in {
        Ok((job, consumption)) => {
            start(&state, &job, retried.image, caller).await;
            info!(job.id = %job.id, image.id = %retried.image, "Accepted a retry");
            (repetition::render(&answer(&job)?), consumption)
        }
        Err(RetryError::Repeated(earlier)) => return again(&state, retried, earlier, caller).await,
        Err(RetryError::Exceeded(exceeded, consumption)) => {
            (ApiError::limit_exceeded(exceeded).into_response(), consumption)
        }
        Err(error) => return Err(refusal(error)),
    };
    response.extensions_mut().insert(Standing {
        allowance,
        consumption,
    });
    Ok(response)
}

/// What the caller may have, and what the retry starts from.
async fn prepare(
    state: &State,
    caller: Caller,
    job: JobId,
    prompt: Option<String>,
) -> Result<(Allowance, Url, NewRetry), ApiError> {
    let (user, job) = tokio::try_join!(state.accounts.get(caller.user), state.jobs.get(caller.user, job))?;
    let user = user.ok_or_else(|| caller.account_is_gone())?;
    let job = job.ok_or_else(ApiError::job_not_found)?;
    let now = clock::now();
    let new = NewRetry {
        prompt,
        key: caller.key(),
        deadline_at: now.saturating_add(state.deadline).unwrap_or(now),
        estimated_cost: prices::estimate_image(&state.image_model, job.brief.image_size, job.photos.len()),
        event: EventId::from_uuid(clock::new_uuid()),
    };
    Ok((user.allowance(), state.doors.base_url().await?, new))
}

fn answer(job: &Job, base_url: &Url) -> Result<StoredAnswer, AwsError> {
    Ok(StoredAnswer {
        status: StatusCode::ACCEPTED.as_u16(),
        location: Some(format!("/api/v1/jobs/{}", job.id)),
        body: serde_json::to_string(&JobView::of(job, base_url))
            .map_err(|error| AwsError::new("writing an answer", error))?,
    })
}

/// The answer that was given before. The retry gets its execution if the start was lost the first time.
async fn again(
    state: &State,
    retried: Retried,
    earlier: Earlier,
    caller: Caller,
) -> Result<Response, ApiError> {
    if matches!(earlier, Earlier::Answered(_))
        && let Some(job) = state.jobs.get(retried.owner, retried.job).await?
    {
        start(state, &job, retried.image, caller).await;
    }
    repetition::again(earlier)
}

/// The retry is accepted once it is in the row. Should the start fail, reconcile-jobs does it.
async fn start(state: &State, job: &Job, image: ImageId, caller: Caller) {
    let Some(retry) = job.pending_retries().find(|retry| retry.image == image) else {
        return;
    };
    let started = state
        .workflow
        .start_retry(job.owner, job.id, retry, caller.request)
        .await;
    if let Err(error) = started {
        error!(job.id = %job.id, error = %Chain(&error), "Could not start a retry; reconcile-jobs will");
    }
}

fn refusal(error: RetryError) -> ApiError {
    match error {
        RetryError::NotFound => ApiError::job_not_found(),
        RetryError::Refused(Refused::NoSuchImage) => ApiError::image_not_found(),
        RetryError::Refused(Refused::NotCompleted(status)) => ApiError::job_not_completed(status),
        RetryError::Refused(Refused::RetryInProgress) => ApiError::retry_in_progress(),
        RetryError::Refused(Refused::TooManyRetries) => ApiError::too_many_retries(),
        RetryError::Refused(Refused::PhotosExpired) => ApiError::photos_expired(),
        RetryError::Refused(refused) => ApiError::bug(refused),
        RetryError::Aws(error) => error.into(),
        error => ApiError::unavailable(error.into()),
    }
}
