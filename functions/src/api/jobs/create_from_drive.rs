//! `POST /api/generate/drive`: accepts a job whose photos are in its owner's Google Drive, and starts its workflow.
//!
//! What Drive can tell at once is asked here, so that a wrong choice is told to the person who makes it. The photos themselves
//! are copied by the workflow.

mod photos;

use std::sync::Arc;

use aws_config::SdkConfig;
use axum::{
    Json, Router,
    extract::{Query, Request, State as RouterState},
    response::{IntoResponse, Response},
};
use packshot_clients::{
    config::{self, Missing, env},
    user_drive::UserDrives,
};
use packshot_domain::{
    drive::DriveScope,
    id::UserId,
    request::drive::{self as request, DrivePhotos, DriveRequest},
};

use super::intake::{self, Estimate, Intake, Sent};
use crate::{
    api::{
        self, body,
        caller::Owner,
        openapi::GenerateFromDriveBody,
        problem::{ApiError, Document},
        routes::{self, Serve},
    },
    job_view::JobView,
};

/// What this function may use.
#[derive(Debug)]
pub struct State {
    intake: Intake,
    drives: UserDrives,
    scope: DriveScope,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            intake: Intake::from_env(config)?,
            drives: UserDrives::from_env(config)?,
            scope: config::require_parsed(env::DRIVE_SCOPE)?,
        })
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let doors = Arc::clone(&state.intake.doors);
    let routes = Router::new().serve(&routes::GENERATE_FROM_DRIVE, generate);
    api::serve(routes.with_state(Arc::new(state)), doors)
}

#[utoipa::path(
    post,
    path = "/api/generate/drive",
    operation_id = "generate_from_drive",
    tag = "Jobs",
    description = "Starts a job of photos that are in your Google Drive, or prices it with `dry_run`.",
    params(
        ("dry_run" = Option<bool>, Query, description = "Only check and price: nothing is started."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes this request, sent twice, one request for 24 hours."),
    ),
    request_body = GenerateFromDriveBody,
    responses(
        (status = 202, description = "The job has begun.", body = JobView, headers(
            ("Location" = String, description = "Where the job is."),
            ("Idempotent-Replayed" = Option<bool>, description = "`true` where this is the first answer again."),
        )),
        (status = 200, description = "What the job would cost.", body = Estimate),
        (status = 403, description = "Google does not allow it, or the request comes from another site.", body = Document,
            content_type = "application/problem+json"),
        (status = 404, description = "There is no such folder.", body = Document, content_type = "application/problem+json"),
        (status = 409, description = "No Drive is connected, it has to be connected again, a permission is missing, or the same \
            request is being worked on.", body = Document, content_type = "application/problem+json"),
    )
)]
pub(in crate::api) async fn generate(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
    Query(query): Query<Vec<(String, String)>>,
    request: Request,
) -> Result<Response, ApiError> {
    let is_dry_run = intake::is_dry_run(&query)?;
    let headers = request.headers().clone();
    let body = body::read_json(request).await?;
    let intake = &state.intake;
    let sent = (&headers, &body, "POST /generate/drive");
    let named = match intake.sent_before(caller, sent, is_dry_run).await? {
        Sent::Before(answer) => return Ok(answer),
        Sent::New(named) => named,
    };
    let wanted = request::parse(&body.fields, intake.rules()).map_err(ApiError::invalid_fields)?;
    let allowance = intake.allowance(caller).await?;
    check_grant(&state, caller.user, &wanted).await?;
    let photos = photos::find(state.drives.of(caller.user), &wanted).await?;
    let cost = intake.affordable(&wanted.order, photos.sources.len())?;
    if is_dry_run {
        return Ok(Json(Estimate::of(&wanted.order, cost)).into_response());
    }
    intake
        .accept(caller, allowance, photos, wanted.order, cost, named)
        .await
}

/// Makes sure that this person has let us do all that the request takes.
async fn check_grant(state: &State, user: UserId, wanted: &DriveRequest) -> Result<(), ApiError> {
    if state.scope == DriveScope::File && matches!(wanted.photos, DrivePhotos::Folder(_)) {
        return Err(ApiError::picker_required());
    }
    let grant = state.drives.grants().status(user).await?;
    let grant = grant.ok_or_else(ApiError::drive_not_connected)?;
    if grant.needs_reconnect {
        return Err(ApiError::drive_reconnect_needed());
    }
    let may_read =
        grant.scopes.contains(state.scope.url()) || grant.scopes.contains(DriveScope::Readonly.url());
    if !may_read {
        return Err(ApiError::drive_scope_missing(state.scope, false));
    }
    if wanted.save_to_drive && !grant.scopes.contains(DriveScope::SAVING.url()) {
        return Err(ApiError::drive_scope_missing(DriveScope::SAVING, true));
    }
    Ok(())
}
