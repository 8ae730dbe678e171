//! A `generateContent` request, checked and made ready to be answered.

use std::sync::Arc;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde_json::Value;

use super::blob::{Blob, Scratch};
use super::files::FileStore;
use super::models::{Gives, Model};
use super::options::{Drawing, GenerationConfig};
use crate::error::ApiError;

/// Media types of pictures that the models take (the image understanding guide's list).
const IMAGE_TYPES: [&str; 5] = [
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/heic",
    "image/heif",
];

/// What is left of a request once all of it has been checked: small enough to keep hundreds of them.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    /// The model that was asked.
    pub model: &'static Model,
    /// All text of the contents, and of the system instruction before it.
    pub text: String,
    /// The pictures that came with it.
    pub photos: Vec<Arc<Blob>>,
    /// The schema that the answer must satisfy.
    pub schema: Option<Value>,
    /// What is to be drawn, for image models.
    pub drawing: Option<Drawing>,
    /// Thoughts may be part of the answer.
    pub thoughts: bool,
}

/// Where the parts of a request are found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sources<'a> {
    /// Uploaded files.
    pub files: &'a FileStore,
    /// Place for inline pictures.
    pub scratch: &'a Scratch,
}

impl Prepared {
    /// Checks a normalised body (see [`super::fields::normalise`]) for `model`.
    pub(crate) fn new(body: Value, model: &'static Model, sources: Sources<'_>) -> Result<Self, ApiError> {
        let request: Request =
            serde_json::from_value(body).map_err(|error| ApiError::invalid(error.to_string()))?;
        if request.contents.is_empty() {
            return Err(violation(
                "contents",
                "* GenerateContentRequest.contents: contents is not specified",
            ));
        }
        let config = request.generation_config;
        let drawing = config.drawing(model)?;
        let schema = config.schema(model)?;
        let thoughts = config.thoughts();
        let mut text = String::new();
        let mut photos = Vec::new();
        for content in request.system_instruction.iter().chain(&request.contents) {
            for part in &content.parts {
                part.add_to(&mut text, &mut photos, sources)?;
            }
        }
        if let Gives::Images { references, .. } = model.gives
            && photos.len() > references
        {
            return Err(ApiError::invalid(format!(
                "Too many images: {} were given, models/{} takes at most {references}.",
                photos.len(),
                model.id
            )));
        }
        Ok(Self {
            model,
            text,
            photos,
            schema,
            drawing,
            thoughts,
        })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Request {
    contents: Vec<Content>,
    system_instruction: Option<Content>,
    generation_config: GenerationConfig,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Content {
    parts: Vec<Part>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Part {
    text: Option<String>,
    inline_data: Option<InlineData>,
    file_data: Option<FileData>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct InlineData {
    mime_type: String,
    data: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct FileData {
    mime_type: Option<String>,
    file_uri: String,
}

impl Part {
    fn add_to(
        &self,
        text: &mut String,
        photos: &mut Vec<Arc<Blob>>,
        sources: Sources<'_>,
    ) -> Result<(), ApiError> {
        if let Some(words) = &self.text {
            text.push_str(words);
            text.push('\n');
        }
        if let Some(inline) = &self.inline_data {
            let bytes = decode_base64(&inline.data)
                .ok_or_else(|| ApiError::invalid("Base64 decoding failed for inline_data.data"))?;
            let blob = sources
                .scratch
                .store(&bytes)
                .map_err(|error| ApiError::new(500, error.to_string()))?;
            photos.push(checked_photo(&inline.mime_type, blob)?);
        }
        if let Some(file) = &self.file_data {
            let (stored_type, blob) = sources.files.content(&file.file_uri)?;
            photos.push(checked_photo(
                file.mime_type.as_deref().unwrap_or(&stored_type),
                blob,
            )?);
        }
        Ok(())
    }
}

/// A picture whose media type the models take and whose header can be read.
fn checked_photo(mime_type: &str, blob: Arc<Blob>) -> Result<Arc<Blob>, ApiError> {
    let essence = mime_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if !IMAGE_TYPES.contains(&essence.as_str()) {
        return Err(ApiError::invalid(format!("Unsupported MIME type: {mime_type}")));
    }
    // The libraries here cannot read HEIC; such a photo is accepted and drawn as a blank card.
    if !essence.starts_with("image/hei") && blob.picture_size().is_none() {
        return Err(ApiError::invalid(
            "Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting",
        ));
    }
    Ok(blob)
}

/// A refusal for one field.
pub(super) fn violation(field: &str, description: &str) -> ApiError {
    ApiError::bad_fields(&[(field.to_owned(), description.to_owned())])
}

/// Decodes base64 in the standard or the URL-safe alphabet, with or without padding: proto3 JSON takes all four.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let alphabet = if text.contains(['-', '_']) {
        &alphabet::URL_SAFE
    } else {
        &alphabet::STANDARD
    };
    GeneralPurpose::new(alphabet, config).decode(text).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_alphabets_are_read() {
        for text in ["+/8=", "-_8=", "-_8"] {
            assert_eq!(
                super::decode_base64(text).as_deref(),
                Some(&[0xfb, 0xff][..]),
                "{text}"
            );
        }
        assert_eq!(super::decode_base64("*"), None);
    }
}
