//! Which call a request line is, and what answers it.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

use super::error::DriveError;
use super::mask::Mask;
use super::resource::{FILE_FIELDS, USUAL_FIELDS};
use super::store::Viewer;
use super::uploads;
use super::{Drive, create::Metadata, media, off_thread, thumbnail};
use crate::oauth::scope::Scope;
use crate::oauth::{Parameters, bearer_token};

/// All paths of Drive.
pub(crate) fn router(drive: Arc<Drive>) -> Router {
    Router::new()
        .route("/drive/v3/files", get(list_files).post(create_file))
        .route("/drive/v3/files/generateIds", get(generate_ids))
        .route("/drive/v3/files/{id}", get(get_file).delete(delete_file))
        .route("/drive/v3/drives", get(list_drives))
        .route("/drive/v3/drives/{id}", get(get_drive))
        .route("/upload/drive/v3/files", post(upload).put(continue_upload))
        .route("/drive-thumbnail/{segment}", get(get_thumbnail))
        .with_state(drive)
}

impl Drive {
    /// Who asks, and with what; refused without a living token for Drive.
    fn viewer(
        &self,
        headers: &HeaderMap,
        parameters: &Parameters,
        method: &str,
    ) -> Result<Viewer, DriveError> {
        let bearer = bearer_token(headers).and_then(|token| self.oauth.bearer(token));
        let bearer = bearer.ok_or_else(DriveError::unauthenticated)?;
        let of_drive = [Scope::DriveReadonly, Scope::DriveFile];
        if !of_drive.iter().any(|scope| bearer.scopes.contains(scope)) {
            return Err(DriveError::scope(method));
        }
        let keys = headers
            .get("x-goog-drive-resource-keys")
            .and_then(|keys| keys.to_str().ok())
            .unwrap_or_default();
        let resource_keys: HashMap<String, String> = keys
            .split(',')
            .filter_map(|pair| pair.trim().split_once('/'))
            .map(|(id, key)| (id.to_owned(), key.to_owned()))
            .collect();
        Ok(Viewer {
            email: bearer.email,
            scopes: bearer.scopes,
            knows_shared_drives: parameters.get("supportsAllDrives") == Some("true"),
            resource_keys,
        })
    }
}

fn read(query: Option<&str>) -> Parameters {
    Parameters::read(query.unwrap_or_default().as_bytes())
}

type Answer = Result<Response, DriveError>;

async fn list_files(
    State(drive): State<Arc<Drive>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let parameters = read(query.as_deref());
    let viewer = drive.viewer(&headers, &parameters, "google.apps.drive.v3.DriveFiles.List")?;
    off_thread(move || {
        let listed = drive.list(&parameters, &viewer)?;
        Ok(Json(listed).into_response())
    })
    .await
}

async fn get_file(
    State(drive): State<Arc<Drive>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let parameters = read(query.as_deref());
    let viewer = drive.viewer(&headers, &parameters, "google.apps.drive.v3.DriveFiles.Get")?;
    let wants_bytes = match parameters.get("alt") {
        None | Some("json") => false,
        Some("media") => true,
        Some(_) => return Err(DriveError::invalid("alt")),
    };
    off_thread(move || {
        let (file, role, described) = {
            let store = drive.store();
            let file = store.visible(&id, &viewer)?;
            let role = store.role(file, &viewer.email);
            (file.clone(), role, store.describe(file, &viewer))
        };
        if !wants_bytes {
            let mask = Mask::parse(parameters.get("fields").unwrap_or(USUAL_FIELDS), FILE_FIELDS)?;
            let now = drive.clock.now().as_second();
            return Ok(Json(described.to_json(&mask, &drive.issuer, now)).into_response());
        }
        let acknowledges = parameters.get("acknowledgeAbuse") == Some("true");
        media::check(&file, role.unwrap_or(super::file::Role::Reader), acknowledges)?;
        let bytes = file.content.map(|content| content.facts().bytes.clone());
        media::answer(&bytes.unwrap_or_default(), &file.mime_type, &headers)
    })
    .await
}

async fn delete_file(
    State(drive): State<Arc<Drive>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let parameters = read(query.as_deref());
    let viewer = drive.viewer(&headers, &parameters, "google.apps.drive.v3.DriveFiles.Delete")?;
    drive.delete(&id, &viewer)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn generate_ids(
    State(drive): State<Arc<Drive>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Json<Value>, DriveError> {
    let parameters = read(query.as_deref());
    let viewer = drive.viewer(
        &headers,
        &parameters,
        "google.apps.drive.v3.DriveFiles.GenerateIds",
    )?;
    drive.generate_ids(&parameters, &viewer).map(Json)
}

async fn list_drives(
    State(drive): State<Arc<Drive>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Json<Value>, DriveError> {
    let parameters = read(query.as_deref());
    let viewer = drive.reader(&headers, &parameters, "google.apps.drive.v3.DriveDrives.List")?;
    drive.list_drives(&parameters, &viewer).map(Json)
}

async fn get_drive(
    State(drive): State<Arc<Drive>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Json<Value>, DriveError> {
    let viewer = drive.reader(
        &headers,
        &read(query.as_deref()),
        "google.apps.drive.v3.DriveDrives.Get",
    )?;
    let store = drive.store();
    let found = store
        .drives
        .get(&id)
        .filter(|drive| drive.members.contains_key(&viewer.email))
        .ok_or_else(|| DriveError::no_drive(&id))?;
    Ok(Json(
        json!({"kind": "drive#drive", "id": found.id, "name": found.name}),
    ))
}

impl Drive {
    /// As `viewer`, for calls that `drive.file` does not allow.
    fn reader(
        &self,
        headers: &HeaderMap,
        parameters: &Parameters,
        method: &str,
    ) -> Result<Viewer, DriveError> {
        let viewer = self.viewer(headers, parameters, method)?;
        if viewer.sees_own_files_only() {
            return Err(DriveError::scope(method));
        }
        Ok(viewer)
    }
}

async fn create_file(
    State(drive): State<Arc<Drive>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, DriveError> {
    let parameters = read(query.as_deref());
    let viewer = drive.viewer(&headers, &parameters, "google.apps.drive.v3.DriveFiles.Create")?;
    drive
        .create(&Metadata::read(&body)?, Bytes::new(), &parameters, &viewer)
        .map(Json)
}

async fn upload(
    State(drive): State<Arc<Drive>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let parameters = read(query.as_deref());
    let viewer = drive.viewer(&headers, &parameters, "google.apps.drive.v3.DriveFiles.Create")?;
    let (metadata, bytes) = match parameters.get("uploadType") {
        Some("multipart") => uploads::parts(&headers, body).await?,
        Some("resumable") => {
            let query = query.unwrap_or_default();
            return drive.begin_upload(Metadata::read(&body)?, &headers, &query, &viewer);
        }
        Some("media") => {
            let kind = headers
                .get(header::CONTENT_TYPE)
                .and_then(|kind| kind.to_str().ok());
            let mut metadata = Metadata::default();
            metadata.mime_type = kind.map(str::to_owned);
            (metadata, body)
        }
        _ => return Err(DriveError::invalid("uploadType")),
    };
    let made = drive.create(&metadata, bytes, &parameters, &viewer)?;
    Ok(Json(made).into_response())
}

async fn continue_upload(
    State(drive): State<Arc<Drive>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let parameters = read(query.as_deref());
    let viewer = drive.viewer(&headers, &parameters, "google.apps.drive.v3.DriveFiles.Create")?;
    drive.continue_upload(&parameters, &headers, &body, &viewer)
}

async fn get_thumbnail(
    State(drive): State<Arc<Drive>>,
    Path(segment): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let method = "google.apps.drive.v3.DriveFiles.Get";
    let viewer = drive.viewer(&headers, &Parameters::default(), method)?;
    off_thread(move || {
        let gone = || DriveError::new(404, "notFound", "The thumbnail link is not good any more.");
        let wanted = thumbnail::read(&segment, drive.clock.now().as_second()).ok_or_else(gone)?;
        let content = {
            let store = drive.store();
            let file = store
                .files
                .get(wanted.file)
                .filter(|file| store.sees(file, &viewer));
            file.and_then(|file| file.content.clone()).ok_or_else(gone)?
        };
        let (bytes, kind) = thumbnail::draw(content.facts(), &wanted).ok_or_else(gone)?;
        let head = [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, "private, max-age=86400"),
        ];
        Ok((head, bytes).into_response())
    })
    .await
}
