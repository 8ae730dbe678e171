//! `POST …/jobs/{job_id}/cancel` and `DELETE …/jobs/{job_id}`: stops a job, removes one.

use std::sync::Arc;

use aws_config::SdkConfig;
use axum::{
    Json, Router,
    extract::{Path, State as RouterState},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use packshot_clients::{
    bucket::Bucket,
    clock,
    config::Missing,
    error::Chain,
    gemini::Gemini,
    jobs::{ChangeError, JobStore},
    workflow::{Notice, Workflow},
};
use packshot_domain::{
    id::{self, JobId, UserId},
    job::{Job, JobEvent, Refused, Status},
    webhook::EventType,
};
use tokio::time::timeout;
use tracing::{info, warn};

use crate::{
    api::{
        self,
        caller::{Doors, Generator},
        problem::{ApiError, Document},
        routes::{self, Serve},
    },
    job_view::JobView,
    removal::Removal,
    stop::{STOPPING, stop_batch},
};

/// What this function may use.
#[derive(Debug)]
pub struct State {
    doors: Arc<Doors>,
    jobs: JobStore,
    bucket: Bucket,
    workflow: Workflow,
    gemini: Gemini,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            doors: Doors::from_env(config)?,
            jobs: api::job_store(config)?,
            bucket: Bucket::from_env(config)?,
            workflow: Workflow::from_env(config)?,
            gemini: Gemini::from_env(config)?,
        })
    }

    const fn removal(&self) -> Removal<'_> {
        Removal {
            jobs: &self.jobs,
            bucket: &self.bucket,
            workflow: &self.workflow,
            gemini: &self.gemini,
        }
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let doors = Arc::clone(&state.doors);
    let routes = Router::new()
        .serve(&routes::CANCEL_JOB, cancel)
        .serve(&routes::DELETE_JOB, remove);
    api::serve(routes.with_state(Arc::new(state)), doors)
}

/// Stops a job. A job that is canceled already is answered again, so that a caller whose answer was lost may repeat.
#[utoipa::path(
    post,
    path = "/api/v1/jobs/{job_id}/cancel",
    operation_id = "cancel_job",
    tag = "Jobs",
    summary = "Cancel job",
    description = "Stops a job. Gemini is asked to stop its batch; what it has done by then may be charged. Tells the \
        job's receiver, or your account's endpoint, `job.canceled`. Canceling twice is canceling once.",
    params(("job_id" = String, Path, description = "The job's id.")),
    responses(
        (status = 202, description = "The job, canceled.", body = JobView),
        (status = 409, description = "The job has already ended otherwise.", body = Document,
            content_type = "application/problem+json"),
    )
)]
pub(in crate::api) async fn cancel(
    RouterState(state): RouterState<Arc<State>>,
    Generator(caller): Generator,
    Path(job_id): Path<String>,
) -> Result<Response, ApiError> {
    let id = parse(&job_id)?;
    let base_url = state.doors.base_url().await?;
    let job = ended(&state, caller.user, id).await?;
    if job.status != Status::Canceled {
        return Err(ApiError::job_finished(job.status));
    }
    if job.may_have_receiver(EventType::JobCanceled) {
        let notice = Notice {
            owner: job.owner,
            job: job.id,
            retry: None,
            webhook: true,
            event: id::end_of_job_event(job.id),
        };
        state.workflow.start_notice(&notice, caller.request).await?;
    }
    Ok((StatusCode::ACCEPTED, Json(JobView::of(&job, &base_url))).into_response())
}

/// Removes a job, which is canceled first where it still runs. From the mark in its row on, it is gone for its owner;
/// what is left to do is done by reconcile-jobs where it cannot be done here.
#[utoipa::path(
    delete,
    path = "/api/v1/jobs/{job_id}",
    operation_id = "delete_job",
    tag = "Jobs",
    summary = "Delete job",
    description = "Removes a job with its photos and images; one that still runs is stopped first. Nobody is told.",
    params(("job_id" = String, Path, description = "The job's id.")),
    responses((status = 204, description = "The job is gone."))
)]
pub(in crate::api) async fn remove(
    RouterState(state): RouterState<Arc<State>>,
    Generator(caller): Generator,
    Path(job_id): Path<String>,
) -> Result<Response, ApiError> {
    let id = parse(&job_id)?;
    let removal = state.removal();
    let job = removal.mark(caller.user, id).await.map_err(change_error)?;
    info!(job.id = %id, "Deleted {id}");
    // From here on the job is gone for its owner, whatever becomes of its files now.
    match removal.clear(&job).await {
        Ok(true) => {}
        Ok(false) => info!(job.id = %id, "{id} still has an execution; reconcile-jobs removes the rest"),
        Err(error) => {
            warn!(job.id = %id, error = %Chain(&*error), "Could not remove all of {id}; reconcile-jobs will");
        }
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn parse(job_id: &str) -> Result<JobId, ApiError> {
    job_id.parse().map_err(|_| ApiError::job_not_found())
}

/// The job, canceled unless it had ended before. A batch that Gemini could not be had to stop in time is stopped by
/// poll-batch.
async fn ended(state: &State, owner: UserId, id: JobId) -> Result<Job, ApiError> {
    let canceled = state
        .jobs
        .change(owner, id, |job| job.apply(JobEvent::Canceled, clock::now()))
        .await;
    match canceled {
        Ok(job) => {
            info!(job.id = %id, "Canceled {id}");
            stop(state, &job).await;
            Ok(job)
        }
        Err(ChangeError::Refused(Refused::Finished(_))) => {
            let job = state.jobs.get(owner, id).await?;
            job.ok_or_else(ApiError::job_not_found)
        }
        Err(error) => Err(change_error(error)),
    }
}

async fn stop(state: &State, job: &Job) {
    if timeout(STOPPING, stop_batch(&state.gemini, job, None))
        .await
        .is_err()
    {
        warn!(job.id = %job.id, "Gemini did not take the request to stop the batch in time");
    }
}

fn change_error(error: ChangeError) -> ApiError {
    match error {
        ChangeError::NotFound(_) => ApiError::job_not_found(),
        error => ApiError::unavailable(error.into()),
    }
}
