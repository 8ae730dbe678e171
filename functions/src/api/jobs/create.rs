//! `POST /api/v1/generate`, and `POST /api/generate/upload` for the page: accepts a job and starts its workflow.

mod photos;

use std::{sync::Arc, time::Duration};

use aws_config::SdkConfig;
use axum::{
    Json, Router,
    extract::{Query, Request, State as RouterState},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use packshot_clients::{
    accounts::Accounts,
    bucket::Bucket,
    clock,
    config::{self, Missing, env},
    error::Chain,
    idempotency::{Earlier, Idempotency, NamedRequest, StoredAnswer},
    jobs::{AcceptError, JobStore, Terms},
    workflow::Workflow,
};
use packshot_domain::{
    address::Reach,
    id::{ImageId, JobId},
    job::{Job, NewJob, Status},
    money::MicroUsd,
    prices,
    request::{self, FieldError, GenerateRequest, Rules},
};
use rand::RngExt;
use serde::Serialize;
use tracing::{error, info};
use utoipa::ToSchema;

use crate::{
    api::{
        self, body,
        caller::{Caller, Doors, Generator},
        openapi::{GenerateBody, GenerateForm},
        problem::ApiError,
        repetition,
        routes::{self, Serve},
        standing::Standing,
    },
    job_view::JobView,
    named_schemas::image_size,
};

/// What this function may use.
#[derive(Debug)]
pub struct State {
    doors: Arc<Doors>,
    accounts: Accounts,
    idempotency: Idempotency,
    jobs: JobStore,
    bucket: Bucket,
    workflow: Workflow,
    reach: Reach,
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
            idempotency: Idempotency::new(table.clone()),
            jobs: JobStore::new(table),
            bucket: Bucket::from_env(config)?,
            workflow: Workflow::from_env(config)?,
            reach: config::reach()?,
            image_model: config::require(env::IMAGE_MODEL)?,
            deadline: Duration::from_secs(config::require_parsed(env::JOB_DEADLINE_SECONDS)?),
        })
    }

    fn rules(&self) -> Rules<'_> {
        Rules {
            reach: self.reach,
            image_model: &self.image_model,
            now: clock::now(),
        }
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let doors = Arc::clone(&state.doors);
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
    let is_dry_run = is_dry_run(&query).map_err(ApiError::invalid_fields)?;
    let headers = request.headers().clone();
    let body = body::read(request).await?;
    let named = repetition::named(&headers, caller.user, || body.fingerprint("POST /generate"))?;
    if let Some(named) = named.as_ref().filter(|_| !is_dry_run)
        && let Some(earlier) = state.idempotency.earlier(named).await?
    {
        return again(&state, caller, earlier).await;
    }
    let wanted =
        request::parse(&body.fields, body.photos, state.rules()).map_err(ApiError::invalid_fields)?;
    let estimated_cost = affordable(&state, &wanted)?;
    if is_dry_run {
        photos::check_uploads(&state.bucket, caller.user, &wanted.images).await?;
        return Ok(Json(Estimate::of(&wanted, estimated_cost)).into_response());
    }
    accept(&state, caller, wanted, estimated_cost, named).await
}

/// Whether nothing is to be started.
fn is_dry_run(query: &[(String, String)]) -> Result<bool, Vec<FieldError>> {
    let mut is_dry_run = false;
    let refuse = |field: &str, code, message| Err(vec![FieldError::new(field, code, message)]);
    for (name, value) in query {
        match (name.as_str(), value.as_str()) {
            ("dry_run", "true") => is_dry_run = true,
            ("dry_run", "false") => {}
            ("dry_run", _) => return refuse(name, "unknown_value", "must be true or false"),
            _ => return refuse(name, "unknown_field", "is not a parameter of this request"),
        }
    }
    Ok(is_dry_run)
}

/// What the job is expected to cost, unless that is more than its caller wants to pay.
fn affordable(state: &State, wanted: &GenerateRequest) -> Result<MicroUsd, ApiError> {
    let brief = &wanted.brief;
    let cost = prices::estimate(
        &state.image_model,
        brief.image_size,
        brief.count,
        wanted.images.len(),
    );
    match wanted.max_cost {
        Some(most) if cost > most => Err(ApiError::invalid_fields(vec![FieldError::new(
            "max_cost_usd",
            "estimate_too_high",
            format!("is less than the {cost} USD that this job is expected to cost"),
        )])),
        _ => Ok(cost),
    }
}

/// What a job would cost.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct Estimate {
    /// Always `estimate`.
    #[schema(value_type = String, example = "estimate")]
    object: &'static str,
    /// How many images.
    count: u8,
    /// Their size.
    #[schema(schema_with = image_size)]
    image_size: &'static str,
    /// What Gemini is expected to charge, in US dollars.
    #[schema(example = "0.203250")]
    estimated_usd: String,
    /// What is set aside for it: more than the estimate where a fallback may make the images again, one by one.
    #[schema(example = "0.203250")]
    at_most_usd: String,
}

impl Estimate {
    fn of(wanted: &GenerateRequest, cost: MicroUsd) -> Self {
        Self {
            object: "estimate",
            count: wanted.brief.count,
            image_size: wanted.brief.image_size.as_str(),
            estimated_usd: cost.to_string(),
            at_most_usd: wanted.on_late.reserve(cost, wanted.max_cost).to_string(),
        }
    }
}

/// The answer that was given before. Its job gets its execution if the start was lost the first time.
async fn again(state: &State, caller: Caller, earlier: Earlier) -> Result<Response, ApiError> {
    if let Earlier::Answered(answer) = &earlier {
        let job = answer
            .location
            .as_deref()
            .and_then(|location| location.rsplit('/').next()?.parse().ok());
        let job = match job {
            Some(id) => state.jobs.get(caller.user, id).await?,
            None => None,
        };
        if let Some(job) = job.filter(|job| job.status == Status::Queued) {
            start(state, &job).await;
        }
    }
    repetition::again(earlier)
}

/// Lets the job in and starts its workflow.
async fn accept(
    state: &State,
    caller: Caller,
    wanted: GenerateRequest,
    estimated_cost: MicroUsd,
    named: Option<NamedRequest>,
) -> Result<Response, ApiError> {
    let allowance = state
        .accounts
        .get(caller.user)
        .await?
        .map(|user| user.allowance());
    let allowance = allowance.ok_or_else(|| caller.account_is_gone())?;
    let base_url = state.doors.base_url().await?;
    photos::check_uploads(&state.bucket, caller.user, &wanted.images).await?;
    let job = new_job(state, caller, wanted, estimated_cost).await?;
    let answer = StoredAnswer {
        status: StatusCode::ACCEPTED.as_u16(),
        location: Some(format!("/api/v1/jobs/{}", job.id)),
        body: serde_json::to_string(&JobView::of(&job, &base_url)).map_err(ApiError::bug)?,
    };
    let terms = Terms {
        allowance,
        named: named.as_ref().map(|named| (named, answer.clone())),
    };
    let (mut response, consumption) = match state.jobs.accept(&job, &terms).await {
        Ok(consumption) => {
            start(state, &job).await;
            info!(job.id = %job.id, photos = job.photos.len(), images = job.images.len(), "Accepted {}", job.id);
            (repetition::render(&answer), consumption)
        }
        Err(AcceptError::Repeated(earlier)) => return again(state, caller, earlier).await,
        Err(AcceptError::Exceeded(exceeded, consumption)) => {
            (ApiError::limit_exceeded(exceeded).into_response(), consumption)
        }
        Err(AcceptError::UploadUsed(index)) => {
            return Err(ApiError::invalid_fields(vec![used_upload(index)]));
        }
        Err(AcceptError::OwnerGone) => return Err(caller.account_is_gone()),
        Err(error @ AcceptError::Contended) => return Err(ApiError::unavailable(error.into())),
        Err(AcceptError::Aws(error)) => return Err(error.into()),
    };
    response.extensions_mut().insert(Standing {
        allowance,
        consumption,
    });
    Ok(response)
}

fn used_upload(index: usize) -> FieldError {
    FieldError::new(
        format!("images[{index}]"),
        "upload_already_used",
        "is part of another job; each job needs uploads of its own, because they are deleted with it",
    )
}

/// The job is accepted once its row is written. Should the start fail, reconcile-jobs does it.
async fn start(state: &State, job: &Job) {
    if let Err(error) = state.workflow.start(job.owner, job.id).await {
        error!(job.id = %job.id, error = %Chain(&error), "Could not start {}; reconcile-jobs will", job.id);
    }
}

/// The job for a valid request, its photos in place.
async fn new_job(
    state: &State,
    caller: Caller,
    wanted: GenerateRequest,
    estimated_cost: MicroUsd,
) -> Result<Job, ApiError> {
    let created_at = clock::now();
    let photos = photos::store(&state.bucket, caller.user, wanted.images).await?;
    Ok(Job::from(NewJob {
        id: JobId::from_uuid(clock::new_uuid()),
        owner: caller.user,
        key: caller.key(),
        created_at,
        deadline_at: wanted
            .deadline_at
            .unwrap_or_else(|| created_at.saturating_add(state.deadline).unwrap_or(created_at)),
        on_late: wanted.on_late,
        photos,
        callback_url: wanted.callback_url,
        callback_events: wanted.callback_events,
        metadata: wanted.metadata,
        images_token: hex::encode(rand::rng().random::<[u8; 16]>()),
        estimated_cost,
        max_cost: wanted.max_cost,
        image_ids: (0..wanted.brief.count)
            .map(|_| ImageId::from_uuid(clock::new_uuid()))
            .collect(),
        brief: wanted.brief,
    }))
}
