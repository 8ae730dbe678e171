//! `POST /api/v1/generate`: accepts a job and starts its workflow.

use std::{sync::Arc, time::Duration};

use aws_config::SdkConfig;
use axum::{
    Json, Router,
    extract::{Request, State as RouterState},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use bytes::Bytes;
use futures_util::future::try_join_all;
use packshot_clients::{
    bucket::{self, Bucket, ReadError},
    clock,
    config::{self, Missing, env},
    error::Chain,
    jobs::JobStore,
    workflow::Workflow,
};
use packshot_domain::{
    address::Reach,
    id::{ImageId, JobId, UploadId, UserId},
    job::{Job, NewJob, PhotoSource},
    photo, prices,
    request::{self, FieldError, GenerateRequest, ImageInput, Rules},
};
use rand::RngExt;
use tracing::{error, info};

use crate::{
    api::{
        self, body,
        caller::{Doors, Generator},
        problem::ApiError,
    },
    job_view::JobView,
};

/// What this function may use.
#[derive(Debug)]
pub struct State {
    doors: Arc<Doors>,
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
        Ok(Self {
            doors: Doors::from_env(config)?,
            jobs: api::job_store(config)?,
            bucket: Bucket::from_env(config)?,
            workflow: Workflow::from_env(config)?,
            reach: config::reach()?,
            image_model: config::require(env::IMAGE_MODEL)?,
            deadline: Duration::from_secs(config::require_parsed(env::JOB_DEADLINE_SECONDS)?),
        })
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let doors = Arc::clone(&state.doors);
    let routes = Router::new().route("/api/v1/generate", post(generate));
    api::serve(routes.with_state(Arc::new(state)), doors)
}

async fn generate(
    RouterState(state): RouterState<Arc<State>>,
    Generator(caller): Generator,
    request: Request,
) -> Result<Response, ApiError> {
    let body = body::read(request).await?;
    let rules = Rules {
        reach: state.reach,
        image_model: &state.image_model,
    };
    let wanted = request::parse(&body.fields, body.photos, rules).map_err(ApiError::invalid_fields)?;
    let base_url = state.doors.base_url().await?;

    let job = accept(&state, caller.user, wanted).await?;
    state.jobs.create(&job).await?;
    // The job is accepted once its row is written. Should the start fail here, reconcile-jobs starts it.
    if let Err(error) = state.workflow.start(job.owner, job.id).await {
        error!(job.id = %job.id, error = %Chain(&error), "Could not start {}; reconcile-jobs will", job.id);
    }
    info!(job.id = %job.id, photos = job.photos.len(), images = job.images.len(), "Accepted {}", job.id);

    let view = JobView::of(&job, &base_url);
    let location = format!("/api/v1/jobs/{}", job.id);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(view)).into_response())
}

/// The job for a valid request, its photos in place.
async fn accept(state: &State, owner: UserId, wanted: GenerateRequest) -> Result<Job, ApiError> {
    let created_at = clock::now();
    let photos = store_photos(state, owner, wanted.images).await?;
    let estimated_cost = prices::estimate(
        &state.image_model,
        wanted.brief.image_size,
        wanted.brief.count,
        photos.len(),
    );
    Ok(Job::from(NewJob {
        id: JobId::from_uuid(clock::new_uuid()),
        owner,
        created_at,
        deadline_at: created_at.saturating_add(state.deadline).unwrap_or(created_at),
        photos,
        callback_url: wanted.callback_url,
        metadata: wanted.metadata,
        images_token: hex::encode(rand::rng().random::<[u8; 16]>()),
        estimated_cost,
        image_ids: (0..wanted.brief.count)
            .map(|_| ImageId::from_uuid(clock::new_uuid()))
            .collect(),
        brief: wanted.brief,
    }))
}

/// Puts photos that came along into the bucket, and makes sure that the uploads named by id are there; every one that
/// is not is told at once.
async fn store_photos(
    state: &State,
    owner: UserId,
    images: Vec<ImageInput>,
) -> Result<Vec<PhotoSource>, ApiError> {
    let stored = images
        .into_iter()
        .enumerate()
        .map(async |(index, image)| match image {
            ImageInput::Url(url) => Ok(Ok(PhotoSource::Url(url))),
            ImageInput::Upload(id) => check_upload(state, owner, index, id).await,
            ImageInput::Inline(bytes) => store_inline(state, owner, bytes).await.map(Ok),
        });
    let mut photos = Vec::new();
    let mut errors = Vec::new();
    for photo in try_join_all(stored).await? {
        match photo {
            Ok(photo) => photos.push(photo),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        Ok(photos)
    } else {
        Err(ApiError::invalid_fields(errors))
    }
}

async fn check_upload(
    state: &State,
    owner: UserId,
    index: usize,
    id: UploadId,
) -> Result<Result<PhotoSource, FieldError>, ApiError> {
    let refuse = |code, message: &str| {
        Ok(Err(FieldError {
            field: format!("images[{index}]"),
            code,
            message: message.to_owned(),
        }))
    };
    match state.bucket.head(&bucket::upload_key(owner, id)).await {
        Ok(head) if head.size > photo::MAX_BYTES => refuse("photo_too_large", "is larger than 50 MB"),
        Ok(_) => Ok(Ok(PhotoSource::Upload(id))),
        Err(ReadError::NotFound(_) | ReadError::TooLarge(_)) => refuse(
            "upload_not_found",
            "names no finished upload of yours; uploads are kept for 7 days",
        ),
        Err(ReadError::Aws(error)) => Err(error.into()),
    }
}

async fn store_inline(state: &State, owner: UserId, bytes: Vec<u8>) -> Result<PhotoSource, ApiError> {
    let id = UploadId::from_uuid(clock::new_uuid());
    state
        .bucket
        .put(
            &bucket::upload_key(owner, id),
            "application/octet-stream",
            Bytes::from(bytes),
        )
        .await?;
    Ok(PhotoSource::Upload(id))
}
