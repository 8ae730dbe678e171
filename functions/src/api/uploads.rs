//! `POST …/uploads`: signs the upload of one photo.
//!
//! The signature fixes the photo's size, type and, where it is told, its checksum, so S3 itself refuses anything
//! else. The photo goes straight to the bucket: no Lambda carries it.

use std::{collections::BTreeMap, sync::Arc};

use aws_config::SdkConfig;
use axum::{
    Router,
    extract::{Request, State as RouterState},
    http::StatusCode,
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use packshot_clients::{
    bucket::{self, Bucket, UPLOAD_VALID_FOR, UploadTerms},
    clock,
    config::Missing,
    idempotency::Idempotency,
};
use packshot_domain::{
    id::UploadId,
    request::upload::{self, UploadRequest},
};
use serde::Serialize;
use tracing::info;
use utoipa::ToSchema;

use super::{
    body,
    caller::{Caller, Doors, Generator},
    openapi::UploadBody,
    problem::ApiError,
    repetition::{self, Done},
    routes::{self, Serve},
};

/// What this function may use.
#[derive(Debug)]
pub struct State {
    doors: Arc<Doors>,
    idempotency: Idempotency,
    bucket: Bucket,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            doors: Doors::from_env(config)?,
            idempotency: Idempotency::new(super::table(config)?),
            bucket: Bucket::from_env(config)?,
        })
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let doors = Arc::clone(&state.doors);
    let routes = Router::new().serve(&routes::CREATE_UPLOAD, create);
    super::serve(routes.with_state(Arc::new(state)), doors)
}

/// How to upload the photo: send it to `url` with `method` and exactly these headers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Upload)]
pub(super) struct UploadView {
    /// Names the photo in `images` of a job, once it is there.
    upload_id: String,
    /// Where to send it.
    url: String,
    /// Always `PUT`.
    #[schema(value_type = String, example = "PUT")]
    method: &'static str,
    /// Headers to send along, exactly these.
    headers: BTreeMap<String, String>,
    /// Until when it works.
    expires_at: Timestamp,
}

#[utoipa::path(
    post,
    path = "/api/v1/uploads",
    operation_id = "create_upload",
    tag = "Uploads",
    description = "Signs an address to put one photo at. The signature fixes its size, type and checksum.",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Makes this request, sent twice, one request for 24 hours."),
    ),
    request_body = UploadBody,
    responses((status = 201, description = "How to upload it.", body = UploadView))
)]
pub(super) async fn create(
    RouterState(state): RouterState<Arc<State>>,
    Generator(caller): Generator,
    request: Request,
) -> Result<Response, ApiError> {
    let headers = request.headers().clone();
    let body = body::read_json(request).await?;
    let wanted = upload::parse(&body.fields).map_err(ApiError::invalid_fields)?;
    let named = repetition::named(&headers, caller.user, || body.fingerprint("POST /uploads"))?;
    repetition::once(&state.idempotency, named, sign(&state, caller, wanted)).await
}

async fn sign(state: &State, caller: Caller, wanted: UploadRequest) -> Result<Done, ApiError> {
    let id = UploadId::from_uuid(clock::new_uuid());
    let terms = UploadTerms {
        content_type: wanted.format.content_type(),
        size: wanted.size,
        sha256_base64: wanted.sha256.map(|digest| STANDARD.encode(digest)),
    };
    let signed = state
        .bucket
        .presign_put(&bucket::upload_key(caller.user, id), &terms)
        .await?;
    info!(upload.id = %id, size = wanted.size, "Signed an upload");
    let view = UploadView {
        upload_id: id.to_string(),
        url: signed.url,
        method: "PUT",
        // Clients set these two by themselves, and browsers do not let a page set them.
        headers: signed
            .headers
            .into_iter()
            .filter(|(name, _)| !matches!(name.as_str(), "host" | "content-length"))
            .collect(),
        expires_at: clock::now()
            .saturating_add(UPLOAD_VALID_FOR)
            .unwrap_or_else(|_| clock::now()),
    };
    Ok(repetition::answer(StatusCode::CREATED, &view)?.into())
}
