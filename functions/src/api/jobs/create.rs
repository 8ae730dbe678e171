//! `POST /api/v1/generate`, and `POST /api/generate/upload` for the page: accepts a job and starts its workflow.

mod photos;

use std::sync::Arc;

use aws_config::SdkConfig;
use axum::{
    Json, Router,
    extract::{Query, Request, State as RouterState},
    response::{IntoResponse, Response},
};
use packshot_clients::{bucket::Bucket, config::Missing};
use packshot_domain::{job::DriveWork, request};

use super::intake::{self, Estimate, Intake, Photos, Sent};
use crate::{
    api::{
        self, body,
        caller::Generator,
        openapi::{GenerateBody, GenerateForm},
        problem::ApiError,
        routes::{self, Serve},
    },
    job_view::JobView,
};

/// What this function may use.
#[derive(Debug)]
pub struct State {
    intake: Intake,
    bucket: Bucket,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            intake: Intake::from_env(config)?,
            bucket: Bucket::from_env(config)?,
        })
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let doors = Arc::clone(&state.intake.doors);
    let routes = Router::new().serve(&routes::GENERATE, generate);
    api::serve(routes.with_state(Arc::new(state)), doors)
}

#[utoipa::path(
    post,
    path = "/api/v1/generate",
    operation_id = "generate",
    tag = "Jobs",
    description = "Starts a job, or prices it with `dry_run`.",
    params(
        ("dry_run" = Option<bool>, Query, description = "Only check and price: nothing is started."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes this request, sent twice, one request for 24 hours."),
    ),
    request_body(content((GenerateBody = "application/json"), (GenerateForm = "multipart/form-data"))),
    responses(
        (status = 202, description = "The job has begun.", body = JobView, headers(
            ("Location" = String, description = "Where the job is."),
            ("Idempotent-Replayed" = Option<bool>, description = "`true` where this is the first answer again."),
        )),
        (status = 200, description = "What the job would cost.", body = Estimate),
    )
)]
pub(in crate::api) async fn generate(
    RouterState(state): RouterState<Arc<State>>,
    Generator(caller): Generator,
    Query(query): Query<Vec<(String, String)>>,
    request: Request,
) -> Result<Response, ApiError> {
    let is_dry_run = intake::is_dry_run(&query)?;
    let headers = request.headers().clone();
    let body = body::read(request).await?;
    let intake = &state.intake;
    let sent = (&headers, &body, "POST /generate");
    let named = match intake.sent_before(caller, sent, is_dry_run).await? {
        Sent::Before(answer) => return Ok(answer),
        Sent::New(named) => named,
    };
    let wanted =
        request::parse(&body.fields, body.photos, intake.rules()).map_err(ApiError::invalid_fields)?;
    let cost = intake.affordable(&wanted.order, wanted.images.len())?;
    if is_dry_run {
        photos::check_uploads(&state.bucket, caller.user, &wanted.images).await?;
        return Ok(Json(Estimate::of(&wanted.order, cost)).into_response());
    }
    let allowance = intake.allowance(caller).await?;
    photos::check_uploads(&state.bucket, caller.user, &wanted.images).await?;
    let photos = Photos {
        sources: photos::store(&state.bucket, caller.user, wanted.images).await?,
        drive: DriveWork::default(),
    };
    intake
        .accept(caller, allowance, photos, wanted.order, cost, named)
        .await
}
