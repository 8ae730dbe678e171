//! `GET /api/drive/files/{file_id}/thumbnail`: a small picture of a file. Google's addresses for them last for hours, need the
//! person's token, and are not for browsers, so they come through here.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State as RouterState},
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{State, file_ref};
use crate::api::{
    caller::Owner,
    problem::{ApiError, Document},
};

/// The longest side of a thumbnail, in pixels: a tile of the page, on a dense screen.
const SIDE: u16 = 440;

/// Their address changes with the file, so the person's own browser may keep them for a day, and nobody else at all.
const KEEP: (HeaderName, HeaderValue) = (
    header::CACHE_CONTROL,
    HeaderValue::from_static("private, max-age=86400"),
);

/// Whoever signs in next in the same browser does not get what was kept for somebody else.
const BY_SESSION: (HeaderName, HeaderValue) = (header::VARY, HeaderValue::from_static("cookie"));

/// It is a picture of a stranger's making: it is shown as that, and does nothing.
const ONLY_A_PICTURE: [(HeaderName, HeaderValue); 2] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    ),
];

#[utoipa::path(
    get,
    path = "/api/drive/files/{file_id}/thumbnail",
    operation_id = "show_drive_thumbnail",
    tag = "Drive",
    description = "A small picture of a file. Lists of files have its whole address.",
    params(
        ("file_id" = String, Path, description = "The file's id."),
        ("resource_key" = Option<String>, Query, description = "The file's key, if it has one."),
        ("version" = Option<String>, Query, description = "Changes with the file, so that browsers may keep the picture."),
    ),
    responses(
        (status = 200, description = "The picture, of at most 440 pixels a side."),
        (status = 403, description = "Google does not allow it.", body = Document, content_type = "application/problem+json"),
        (status = 409, description = "No Drive is connected, it has to be connected again, or photos are picked with Google's \
            Picker.", body = Document, content_type = "application/problem+json"),
    )
)]
pub(in crate::api) async fn show(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
    Path(file_id): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    state.may_look_around()?;
    let resource_key = query.iter().find(|(name, _)| name == "resource_key");
    let file = file_ref(&file_id, resource_key.map(|(_, key)| key.as_str()))?;
    let thumbnail = state.drives.of(caller.user).thumbnail(&file, SIDE).await?;
    let content_type = HeaderValue::try_from(thumbnail.content_type).map_err(ApiError::bug)?;
    let headers = [(header::CONTENT_TYPE, content_type)];
    Ok(([KEEP, BY_SESSION], ONLY_A_PICTURE, headers, thumbnail.bytes).into_response())
}
