//! `GET …/jobs/{job_id}/photos/{index}`: leads to one of a job's photos.
//!
//! Photos are their owner's alone, so that the bucket gives them only by an address that is signed, and for minutes.

use std::sync::Arc;

use axum::{
    extract::{Path, State as RouterState},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use packshot_clients::bucket::{self, ReadError};
use packshot_domain::job::{Job, KeptPhoto};

use super::read::{State, find};
use crate::api::{
    caller::Reader,
    problem::{ApiError, Document},
};

/// A minute less than the address is valid, so that a browser that kept it can still follow it.
const KEEP: (HeaderName, HeaderValue) = (
    header::CACHE_CONTROL,
    HeaderValue::from_static("private, max-age=240"),
);

/// Whoever signs in next in the same browser does not get what was kept for somebody else.
const BY_SESSION: (HeaderName, HeaderValue) = (header::VARY, HeaderValue::from_static("cookie"));

#[utoipa::path(
    get,
    path = "/api/v1/jobs/{job_id}/photos/{index}",
    operation_id = "show_photo",
    tag = "Jobs",
    description = "Leads to one of a job's photos: as Gemini saw it, upright, or as it was uploaded where it is not prepared yet. \
        Photos are kept for 7 days.",
    params(
        ("job_id" = String, Path, description = "The job's id."),
        ("index" = usize, Path, description = "The photo's place in the job, from 0.", maximum = 7),
    ),
    responses(
        (status = 302, description = "The photo is at `Location` for 5 minutes.",
            headers(("Location" = String, description = "Where the photo is; needs no key."))),
        (status = 404, description = "There is no such job, it has no such photo, or the photo is not here yet.", body = Document,
            content_type = "application/problem+json"),
        (status = 409, description = "The photo is no longer kept.", body = Document,
            content_type = "application/problem+json"),
    )
)]
pub(in crate::api) async fn show(
    RouterState(state): RouterState<Arc<State>>,
    Reader(caller): Reader,
    Path((job_id, index)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let job = find(&state, caller.user, &job_id).await?;
    let index = index.parse().map_err(|_| ApiError::photo_not_found())?;
    let key = key_of(&job, index)?;
    match state.bucket.head(&key).await {
        Ok(_) => {}
        Err(ReadError::NotFound(_)) => return Err(ApiError::photos_expired()),
        Err(error) => return Err(ApiError::unavailable(error.into())),
    }
    let address = state.bucket.presign_get(&key).await?;
    let location = (header::LOCATION, address);
    Ok((StatusCode::FOUND, [KEEP, BY_SESSION], [location]).into_response())
}

/// Where a photo is in the bucket.
fn key_of(job: &Job, index: usize) -> Result<String, ApiError> {
    if index >= job.photos.len() {
        return Err(ApiError::photo_not_found());
    }
    match job.kept_photo(index) {
        Some(KeptPhoto::Prepared(photo)) => Ok(photo.key.clone()),
        Some(KeptPhoto::Upload(id)) => Ok(bucket::upload_key(job.owner, id)),
        Some(KeptPhoto::Copy) => Ok(bucket::copied_photo_key(job.owner, job.id, index + 1)),
        None => Err(ApiError::photo_not_here_yet()),
    }
}
