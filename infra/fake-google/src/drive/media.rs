//! The bytes of a file, whole or in part.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};

use super::error::DriveError;
use super::file::{File, Role};

/// Whether a file's bytes may be had.
pub(super) fn check(file: &File, role: Role, acknowledges_abuse: bool) -> Result<(), DriveError> {
    if file.content.is_none() {
        return Err(DriveError::new(
            403,
            "fileNotDownloadable",
            "Only files with binary content can be directly downloaded. Use Export with Docs Editors files.",
        ));
    }
    if !file.can_download {
        return Err(DriveError::new(
            403,
            "cannotDownloadFile",
            "This file cannot be downloaded by the user.",
        ));
    }
    if file.abusive && !(acknowledges_abuse && role == Role::Owner) {
        return Err(DriveError::new(
            403,
            "cannotDownloadAbusiveFile",
            "This file has been identified as malware or spam and cannot be downloaded.",
        ));
    }
    Ok(())
}

/// The answer with the bytes that `Range` asks for; several ranges get the whole.
pub(super) fn answer(bytes: &Bytes, mime_type: &str, headers: &HeaderMap) -> Result<Response, DriveError> {
    let length = bytes.len() as u64;
    let asked = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let parsed = asked.and_then(|range| http_range_header::parse_range_header(range).ok());
    let Some(parsed) = parsed else {
        return Ok(whole(bytes, mime_type));
    };
    let refused = || {
        let reason = "requestedRangeNotSatisfiable";
        DriveError::new(416, reason, "Request range not satisfiable")
    };
    let ranges = parsed.validate(length).map_err(|_| refused())?;
    let [range] = ranges.as_slice() else {
        return Ok(whole(bytes, mime_type));
    };
    let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let part = bytes.slice(place(*range.start())..=place(*range.end()));
    let head = [
        (header::CONTENT_TYPE, mime_type.to_owned()),
        (header::CONTENT_LENGTH, part.len().to_string()),
        (
            header::CONTENT_RANGE,
            format!("bytes {}-{}/{length}", range.start(), range.end()),
        ),
    ];
    Ok((StatusCode::PARTIAL_CONTENT, head, Body::from(part)).into_response())
}

fn whole(bytes: &Bytes, mime_type: &str) -> Response {
    let head = [
        (header::CONTENT_TYPE, mime_type.to_owned()),
        (header::CONTENT_LENGTH, bytes.len().to_string()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
    ];
    (StatusCode::OK, head, Body::from(bytes.clone())).into_response()
}
