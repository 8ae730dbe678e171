//! A request to upload a photo.

use serde_json::{Map, Value};

use super::{FieldError, fields::Fields};
use crate::photo::{self, PhotoFormat};

const MAX_FILE_NAME: usize = 255;

/// What is going to be uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRequest {
    /// The file's name at the caller's, for messages only.
    pub filename: String,
    /// Its declared type.
    pub format: PhotoFormat,
    /// Its size in bytes.
    pub size: u64,
    /// The SHA-256 that it must have.
    pub sha256: Option<[u8; 32]>,
}

/// Reads the body of `POST /api/v1/uploads`.
///
/// # Errors
///
/// Every wrong field.
pub fn parse(body: &Map<String, Value>) -> Result<UploadRequest, Vec<FieldError>> {
    let mut fields = Fields::new(body);
    let filename = fields.text("filename", MAX_FILE_NAME);
    let content_type = fields.text("content_type", MAX_FILE_NAME);
    let size = fields.integer("size", 1, photo::MAX_BYTES);
    let sha256 = fields.text("sha256", 64);
    for (name, is_missing) in [
        ("filename", filename.is_none()),
        ("content_type", content_type.is_none()),
        ("size", size.is_none()),
    ] {
        if is_missing && !fields.has_error(name) {
            fields.refuse(name, "required", "is required");
        }
    }
    let format = content_type.as_deref().and_then(PhotoFormat::from_content_type);
    if content_type.is_some() && format.is_none() {
        let message = "must be image/jpeg, image/png or image/webp; phones can export HEIC as JPEG";
        fields.refuse("content_type", "unsupported_photo_format", message);
    }
    let digest = sha256.as_deref().map(|text| {
        let mut digest = [0; 32];
        hex::decode_to_slice(text, &mut digest).map(|()| digest)
    });
    if matches!(digest, Some(Err(_))) {
        fields.refuse("sha256", "invalid_sha256", "must be 64 hexadecimal digits");
    }
    let (filename, format, size) = (
        filename.unwrap_or_default(),
        format.unwrap_or(PhotoFormat::Jpeg),
        size.unwrap_or(0),
    );
    fields.finish()?;
    Ok(UploadRequest {
        filename,
        format,
        size,
        sha256: digest.and_then(Result::ok),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parsed(body: &Value) -> Result<UploadRequest, Vec<(String, &'static str)>> {
        parse(body.as_object().expect("an object")).map_err(|errors| {
            errors
                .into_iter()
                .map(|error| (error.field, error.code))
                .collect()
        })
    }

    #[test]
    fn a_whole_request_is_read() {
        let digest = "0f".repeat(32);
        let body =
            json!({"filename": "cup.JPG", "content_type": "image/jpeg", "size": 9_000_000, "sha256": digest});
        let request = parsed(&body).expect("valid");
        assert_eq!(
            (request.format, request.size, request.sha256),
            (PhotoFormat::Jpeg, 9_000_000, Some([15; 32]))
        );
    }

    #[test]
    fn every_wrong_field_is_told() {
        let errors = parsed(&json!({})).expect_err("empty");
        assert_eq!(
            errors.iter().map(|(_, code)| *code).collect::<Vec<_>>(),
            ["required"; 3]
        );
        let body = json!({"filename": "x", "content_type": "image/heic", "size": 60_000_000, "sha256": "xyz", "acl": "public"});
        let codes: Vec<_> = parsed(&body)
            .expect_err("wrong")
            .into_iter()
            .map(|(field, code)| format!("{field} {code}"))
            .collect();
        let expected = [
            "size out_of_range",
            "content_type unsupported_photo_format",
            "sha256 invalid_sha256",
            "acl unknown_field",
        ];
        assert_eq!(codes, expected);
    }
}
