//! `GET …/jobs`, `…/{job_id}`, `…/archive` and `…/photos/{index}`: lists jobs, shows one, leads to its archive and its photos.

use std::{sync::Arc, time::Duration};

use aws_config::SdkConfig;
use axum::{
    Json, Router,
    extract::{Path, Query, State as RouterState},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use packshot_clients::{bucket::Bucket, config::Missing, jobs::JobStore};
use packshot_domain::{id::UserId, job::Job};
use serde::Serialize;
use tokio::time::{Instant, sleep};
use utoipa::ToSchema;

use super::{
    conditional::{self, Tag},
    photo,
    window::Window,
};
use crate::{
    api::{
        self,
        caller::{Doors, Reader},
        problem::ApiError,
        routes::{self, Serve},
    },
    job_view::JobView,
    links::Links,
};

/// How long a caller's wait rests between two looks at the row.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// What this function may use.
#[derive(Debug)]
pub struct State {
    doors: Arc<Doors>,
    jobs: JobStore,
    pub(super) bucket: Bucket,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            doors: Doors::from_env(config)?,
            jobs: api::job_store(config)?,
            bucket: Bucket::from_env(config)?,
        })
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let doors = Arc::clone(&state.doors);
    let routes = Router::new()
        .serve(&routes::LIST_JOBS, list)
        .serve(&routes::SHOW_JOB, show)
        .serve(&routes::SHOW_ARCHIVE, archive)
        .serve(&routes::SHOW_PHOTO, photo::show);
    api::serve(routes.with_state(Arc::new(state)), doors)
}

/// Some jobs, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobList)]
pub(in crate::api) struct JobList<'a> {
    /// Always `list`.
    #[schema(value_type = String, example = "list")]
    object: &'static str,
    data: Vec<JobView<'a>>,
    /// Whether there are older ones: ask for those after `next_starting_after`, or else after the last one's id. Where jobs are
    /// searched for, there may be some.
    has_more: bool,
    /// How far back was looked in vain: only where fewer jobs than asked for are here and not all were looked at.
    #[schema(example = "job_01h2xcejqtf2nbrexx3vqjhp41")]
    #[serde(skip_serializing_if = "Option::is_none")]
    next_starting_after: Option<String>,
}

#[utoipa::path(
    get,
    path = "/api/v1/jobs",
    operation_id = "list_jobs",
    tag = "Jobs",
    description = "Lists your jobs, newest first. With `status` or `q`, at most 1,000 jobs are looked at for one page, which then \
        may have few or none and say that there are more: `next_starting_after` leads on.",
    params(
        ("limit" = Option<usize>, Query, description = "How many at most.", minimum = 1, maximum = 100),
        ("starting_after" = Option<String>, Query,
            description = "`next_starting_after` of the page before, or else the id of its last job."),
        ("status" = Option<String>, Query, description = "Only jobs of this status; several are separated by commas."),
        ("q" = Option<String>, Query, max_length = 200,
            description = "Only jobs that have every word of this somewhere, letter case aside: in the product's title, brand or \
                category, in the id, the name of the folder in Google Drive, the values of `metadata` or the titles of shots."),
    ),
    responses((status = 200, description = "A page of jobs.", body = JobList))
)]
pub(in crate::api) async fn list(
    RouterState(state): RouterState<Arc<State>>,
    Reader(caller): Reader,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    let window = Window::parse(&query).map_err(ApiError::invalid_fields)?;
    let base_url = state.doors.base_url().await?;
    let page = state
        .jobs
        .list(caller.user, window.limit, window.starting_after, window.wanted())
        .await?;
    let data = page.jobs.iter().map(|job| JobView::of(job, &base_url)).collect();
    let last = page.jobs.last().map(|job| job.id);
    let next_starting_after = page.looked_until.filter(|job| last != Some(*job));
    Ok(Json(JobList {
        object: "list",
        data,
        has_more: page.has_more,
        next_starting_after: next_starting_after.map(|job| job.to_string()),
    })
    .into_response())
}

#[utoipa::path(
    get,
    path = "/api/v1/jobs/{job_id}",
    operation_id = "show_job",
    tag = "Jobs",
    description = "Shows a job.",
    params(
        ("job_id" = String, Path, description = "The job's id."),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of the version that you have."),
        ("Prefer" = Option<String>, Header,
            description = "`wait=N` answers after N seconds (25 at most), or as soon as the status changes or a retry ends."),
    ),
    responses(
        (status = 200, description = "The job.", body = JobView,
            headers(("ETag" = String, description = "Names this version of the job."))),
        (status = 304, description = "The job is as you have it."),
    )
)]
pub(in crate::api) async fn show(
    RouterState(state): RouterState<Arc<State>>,
    Reader(caller): Reader,
    Path(job_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let base_url = state.doors.base_url().await?;
    let known = Tag::known_to(&headers);
    let wait = conditional::wait(&headers);
    let job = match wait {
        Some(wait) => changed(&state, caller.user, &job_id, &known, wait).await?,
        None => find(&state, caller.user, &job_id).await?,
    };
    let tag = Tag::of(&job);
    let mut response = if tag.is_among(&known) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Json(JobView::of(&job, &base_url)).into_response()
    };
    response.headers_mut().extend(conditional::headers(&tag, wait));
    Ok(response)
}

/// The job once it has news for a caller who knows these versions of it, or as it is after the wait.
async fn changed(
    state: &State,
    owner: UserId,
    job_id: &str,
    known: &[String],
    wait: Duration,
) -> Result<Job, ApiError> {
    let until = Instant::now() + wait;
    let first = find(state, owner, job_id).await?;
    // A caller who names a version has missed nothing only while that is still the version.
    if !known.is_empty() && !Tag::of(&first).is_among(known) {
        return Ok(first);
    }
    let phase = |job: &Job| (job.status, job.pending_retries().count());
    let before = phase(&first);
    let mut job = first;
    while !is_settled(&job) && phase(&job) == before {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        sleep(left.min(LOOK_AGAIN_AFTER)).await;
        job = find(state, owner, job_id).await?;
    }
    Ok(job)
}

/// Whether nothing is going to happen to a job by itself any more.
fn is_settled(job: &Job) -> bool {
    job.status.is_terminal() && job.pending_retries().next().is_none()
}

#[utoipa::path(
    get,
    path = "/api/v1/jobs/{job_id}/archive",
    operation_id = "show_archive",
    tag = "Jobs",
    description = "Leads to `images.zip`: every image of a completed job, with a manifest.",
    params(("job_id" = String, Path, description = "The job's id.")),
    responses((status = 302, description = "The archive is at `Location`, which anybody may read."))
)]
pub(in crate::api) async fn archive(
    RouterState(state): RouterState<Arc<State>>,
    Reader(caller): Reader,
    Path(job_id): Path<String>,
) -> Result<Response, ApiError> {
    let base_url = state.doors.base_url().await?;
    let job = find(&state, caller.user, &job_id).await?;
    let address = Links::new(&base_url, &job)
        .archive()
        .ok_or_else(|| ApiError::archive_not_ready(job.status))?;
    Ok((StatusCode::FOUND, [(header::LOCATION, address)]).into_response())
}

pub(super) async fn find(state: &State, owner: UserId, job_id: &str) -> Result<Job, ApiError> {
    let id = job_id.parse().map_err(|_| ApiError::job_not_found())?;
    let job = state.jobs.get(owner, id).await?;
    job.ok_or_else(ApiError::job_not_found)
}
