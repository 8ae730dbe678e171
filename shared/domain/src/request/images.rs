//! The photos of a request: upload ids, URLs, data URLs, and parts of a form.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{ImageInput, fields::Fields};
use crate::{
    address::{self, Reach},
    photo::{self, Sniffed},
};

/// What the id of an upload begins with.
const UPLOAD: &str = "upl_";

pub(super) fn images(fields: &mut Fields<'_>, attached: Vec<Vec<u8>>, reach: Reach) -> Vec<ImageInput> {
    let listed = fields.list("images");
    let total = listed.len() + attached.len();
    if total == 0 && !fields.has_error("images") {
        fields.refuse(
            "images",
            "required",
            "must name at least one photo: an upload id, an https URL or a data URL",
        );
    }
    if total > photo::MAX_PHOTOS {
        let message = format!(
            "must hold at most {} photos, but {total} were sent",
            photo::MAX_PHOTOS
        );
        fields.refuse("images", "too_many", message);
        return Vec::new();
    }
    refuse_twins(fields, &listed);
    let listed = listed.into_iter().enumerate().filter_map(|(index, value)| {
        let field = format!("images[{index}]");
        image_input(value, reach)
            .map_err(|(code, message)| fields.refuse(field, code, message))
            .ok()
    });
    let mut inputs: Vec<ImageInput> = listed.collect();
    for (index, bytes) in attached.into_iter().enumerate() {
        match inline(bytes) {
            Ok(input) => inputs.push(input),
            Err((code, message)) => fields.refuse(format!("image[{index}]"), code, message),
        }
    }
    inputs
}

/// An upload belongs to one place in one job.
fn refuse_twins(fields: &mut Fields<'_>, listed: &[&Value]) {
    for (index, value) in listed.iter().enumerate() {
        let is_upload = value.as_str().is_some_and(|text| text.starts_with(UPLOAD));
        if is_upload && listed[..index].contains(value) {
            let message = "names the same upload as an image before it";
            fields.refuse(format!("images[{index}]"), "duplicate", message);
        }
    }
}

type Refusal = (&'static str, String);

fn image_input(value: &Value, reach: Reach) -> Result<ImageInput, Refusal> {
    let text = value
        .as_str()
        .ok_or_else(|| ("wrong_type", "must be a string".to_owned()))?;
    if text.starts_with(UPLOAD) {
        let id = text
            .parse()
            .map_err(|_| ("invalid_upload_id", "is not an upload id".to_owned()))?;
        return Ok(ImageInput::Upload(id));
    }
    if let Some(data) = text.strip_prefix("data:") {
        return inline(decode_data_url(data)?);
    }
    match address::check_url(text, reach) {
        Ok(url) => Ok(ImageInput::Url(url)),
        Err(refused) => Err((
            "invalid_image_url",
            format!("{refused}; an upload id or a data URL is taken as well"),
        )),
    }
}

/// The part after `data:` (RFC 2397); only the base64 form makes sense for a picture.
fn decode_data_url(data: &str) -> Result<Vec<u8>, Refusal> {
    let wrong = || {
        (
            "invalid_data_url",
            "must have the form data:image/png;base64,…".to_owned(),
        )
    };
    let (head, payload) = data.split_once(',').ok_or_else(wrong)?;
    if !head.to_ascii_lowercase().ends_with(";base64") {
        return Err(wrong());
    }
    STANDARD
        .decode(payload.trim())
        .map_err(|_| ("invalid_data_url", "holds broken base64".to_owned()))
}

fn inline(bytes: Vec<u8>) -> Result<ImageInput, Refusal> {
    let formats = "JPEG, PNG and WebP are taken";
    match photo::sniff(&bytes) {
        Sniffed::Photo(_) => Ok(ImageInput::Inline(bytes)),
        Sniffed::OtherPicture(kind) => Err(("unsupported_photo_format", format!("is {kind}; {formats}"))),
        Sniffed::NotAPicture => Err(("not_a_picture", format!("is not a picture; {formats}"))),
    }
}
