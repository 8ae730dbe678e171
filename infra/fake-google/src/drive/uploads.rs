//! Files with their bytes: in one request of several parts, or begun and then sent.

use std::convert::Infallible;

use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::{HeaderMap, StatusCode, header};

use super::Drive;
use super::create::{Metadata, need_file_scope};
use super::error::DriveError;
use super::store::Viewer;
use crate::oauth::Parameters;

/// An upload that was begun.
#[derive(Debug, Clone)]
pub(super) struct Session {
    email: String,
    metadata: Metadata,
    received: BytesMut,
    /// The file, once all bytes are there.
    done: Option<serde_json::Value>,
}

/// Metadata and bytes of a `multipart/related` body.
pub(super) async fn parts(headers: &HeaderMap, body: Bytes) -> Result<(Metadata, Bytes), DriveError> {
    let malformed = || DriveError::new(400, "badRequest", "Malformed multipart body.");
    let boundary = boundary(headers).ok_or_else(malformed)?;
    let stream = stream::iter([Ok::<_, Infallible>(body)]);
    let mut parts = multer::Multipart::new(stream, boundary);
    let mut next = async || parts.next_field().await.ok().flatten();
    let first = next().await.ok_or_else(malformed)?;
    let mut metadata = Metadata::read(&first.bytes().await.map_err(|_| malformed())?)?;
    let second = next().await.ok_or_else(malformed)?;
    let own_type = second.content_type().map(ToString::to_string);
    metadata.mime_type = metadata.mime_type.or(own_type);
    let bytes = second.bytes().await.map_err(|_| malformed())?;
    Ok((metadata, bytes))
}

fn boundary(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let parameters = kind.strip_prefix("multipart/related")?.split(';');
    let boundary = parameters
        .filter_map(|parameter| parameter.trim().split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("boundary"))?;
    Some(boundary.1.trim_matches('"').to_owned())
}

impl Drive {
    /// Begins an upload; the answer names the URL for the bytes.
    pub(super) fn begin_upload(
        &self,
        mut metadata: Metadata,
        headers: &HeaderMap,
        query: &str,
        viewer: &Viewer,
    ) -> Result<Response, DriveError> {
        need_file_scope(viewer, "google.apps.drive.v3.DriveFiles.Create")?;
        let own_type = headers
            .get("x-upload-content-type")
            .and_then(|kind| kind.to_str().ok());
        metadata.mime_type = metadata.mime_type.or(own_type.map(str::to_owned));
        let id = super::generated_id();
        let session = Session {
            email: viewer.email.clone(),
            metadata,
            received: BytesMut::new(),
            done: None,
        };
        self.store().sessions.insert(id.clone(), session);
        let location = format!("{}/upload/drive/v3/files?{query}&upload_id={id}", self.issuer);
        Ok(([(header::LOCATION, location)], ()).into_response())
    }

    /// Takes bytes of an upload, or tells how many are there.
    pub(super) fn continue_upload(
        &self,
        parameters: &Parameters,
        headers: &HeaderMap,
        bytes: &Bytes,
        viewer: &Viewer,
    ) -> Result<Response, DriveError> {
        let id = parameters.get("upload_id").unwrap_or_default();
        let gone = || DriveError::new(404, "notFound", "Upload session not found.");
        let (session, is_whole) = {
            let mut store = self.store();
            let session = store
                .sessions
                .get_mut(id)
                .filter(|session| session.email == viewer.email)
                .ok_or_else(gone)?;
            if let Some(done) = &session.done {
                return Ok(axum::Json(done.clone()).into_response());
            }
            let is_whole = session.take(headers, bytes)?;
            (session.clone(), is_whole)
        };
        if !is_whole {
            let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
            if let Some(last) = session.received.len().checked_sub(1) {
                let range = http::HeaderValue::from_str(&format!("bytes=0-{last}"));
                response
                    .headers_mut()
                    .extend(range.ok().map(|range| (header::RANGE, range)));
            }
            return Ok(response);
        }
        let made = self.create(&session.metadata, session.received.freeze(), parameters, viewer)?;
        if let Some(session) = self.store().sessions.get_mut(id) {
            session.done = Some(made.clone());
        }
        Ok(axum::Json(made).into_response())
    }
}

impl Session {
    /// Adds bytes by their `Content-Range` (`bytes 0-9/20`, `bytes */20`); whether all are there now.
    fn take(&mut self, headers: &HeaderMap, bytes: &Bytes) -> Result<bool, DriveError> {
        let refused = || DriveError::new(400, "badRequest", "Invalid Content-Range.");
        let Some(range) = headers.get(header::CONTENT_RANGE) else {
            self.received = BytesMut::from(bytes.as_ref());
            return Ok(true);
        };
        let text = range.to_str().ok().and_then(|text| text.strip_prefix("bytes "));
        let (part, total) = text.and_then(|text| text.split_once('/')).ok_or_else(refused)?;
        if part != "*" {
            let first = part.split_once('-').and_then(|(first, _)| first.parse().ok());
            if first != Some(self.received.len()) {
                return Err(refused());
            }
            self.received.extend_from_slice(bytes);
        }
        Ok(total.parse() == Ok(self.received.len()))
    }
}
