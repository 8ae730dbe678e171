//! `GET /api/v1/jobs` and `GET /api/v1/jobs/{job_id}`: lists jobs, shows one.

use std::sync::Arc;

use aws_config::SdkConfig;
use axum::{
    Json, Router,
    extract::{Path, Query, State as RouterState},
    response::{IntoResponse, Response},
    routing::get,
};
use packshot_clients::{config::Missing, jobs::JobStore};
use packshot_domain::{id::JobId, request::FieldError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::{
        self,
        caller::{Doors, Reader},
        problem::ApiError,
    },
    job_view::JobView,
};

const DEFAULT_LIMIT: usize = 20;
const MAX_LIMIT: usize = 100;

/// What this function may use.
#[derive(Debug)]
pub struct State {
    doors: Arc<Doors>,
    jobs: JobStore,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            doors: Doors::from_env(config)?,
            jobs: api::job_store(config)?,
        })
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let doors = Arc::clone(&state.doors);
    let routes = Router::new()
        .route("/api/v1/jobs", get(list))
        .route("/api/v1/jobs/{job_id}", get(show));
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
    /// Whether there are older ones: ask for those after the last one's id.
    has_more: bool,
}

#[utoipa::path(
    get,
    path = "/api/v1/jobs",
    operation_id = "list_jobs",
    tag = "Jobs",
    description = "Lists your jobs, newest first.",
    params(
        ("limit" = Option<usize>, Query, description = "How many at most.", minimum = 1, maximum = 100),
        ("starting_after" = Option<String>, Query, description = "The id of the last job of the page before."),
    ),
    responses((status = 200, description = "A page of jobs.", body = JobList))
)]
pub(in crate::api) async fn list(
    RouterState(state): RouterState<Arc<State>>,
    Reader(caller): Reader,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    let Window {
        limit,
        starting_after,
    } = Window::parse(&query).map_err(ApiError::invalid_fields)?;
    let base_url = state.doors.base_url().await?;
    let page = state.jobs.list(caller.user, limit, starting_after).await?;
    let data = page.jobs.iter().map(|job| JobView::of(job, &base_url)).collect();
    Ok(Json(JobList {
        object: "list",
        data,
        has_more: page.has_more,
    })
    .into_response())
}

#[utoipa::path(
    get,
    path = "/api/v1/jobs/{job_id}",
    operation_id = "show_job",
    tag = "Jobs",
    description = "Shows a job.",
    params(("job_id" = String, Path, description = "The job's id.")),
    responses((status = 200, description = "The job.", body = JobView))
)]
pub(in crate::api) async fn show(
    RouterState(state): RouterState<Arc<State>>,
    Reader(caller): Reader,
    Path(job_id): Path<String>,
) -> Result<Response, ApiError> {
    let id: JobId = job_id.parse().map_err(|_| ApiError::job_not_found())?;
    let base_url = state.doors.base_url().await?;
    let job = state
        .jobs
        .get(caller.user, id)
        .await?
        .ok_or_else(ApiError::job_not_found)?;
    Ok(Json(JobView::of(&job, &base_url)).into_response())
}

/// Which part of the list is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Window {
    limit: usize,
    starting_after: Option<JobId>,
}

impl Window {
    fn parse(query: &[(String, String)]) -> Result<Self, Vec<FieldError>> {
        let mut window = Self {
            limit: DEFAULT_LIMIT,
            starting_after: None,
        };
        let mut errors = Vec::new();
        let mut refuse = |field: &str, code, message: &str| {
            errors.push(FieldError::new(field, code, message));
        };
        for (name, value) in query {
            match name.as_str() {
                "limit" => match value.parse() {
                    Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => window.limit = limit,
                    _ => refuse("limit", "out_of_range", "must be a whole number from 1 to 100"),
                },
                "starting_after" => match value.parse() {
                    Ok(id) => window.starting_after = Some(id),
                    Err(_) => refuse("starting_after", "invalid_job_id", "must be the id of a job"),
                },
                _ => refuse(name, "unknown_field", "is not a parameter of this request"),
            }
        }
        // The gateway's event holds parameters in a map, which forgets their order; the same mistakes get the same answer.
        errors.sort_by(|one, other| one.field.cmp(&other.field));
        if errors.is_empty() {
            Ok(window)
        } else {
            Err(errors)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(query: &[(&str, &str)]) -> Result<Window, Vec<&'static str>> {
        let query: Vec<_> = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Window::parse(&query).map_err(|errors| errors.into_iter().map(|error| error.code).collect())
    }

    #[test]
    fn a_window_has_defaults_and_bounds() {
        assert_eq!(
            parsed(&[]),
            Ok(Window {
                limit: 20,
                starting_after: None
            })
        );
        assert_eq!(
            parsed(&[("limit", "100")]),
            Ok(Window {
                limit: 100,
                starting_after: None
            })
        );
        let wrong = [("limit", "0"), ("starting_after", "user_1"), ("page", "2")];
        assert_eq!(
            parsed(&wrong),
            Err(vec!["out_of_range", "unknown_field", "invalid_job_id"])
        );
    }
}
