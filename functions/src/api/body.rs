//! Reading the body of `POST /api/v1/generate`, whichever of the two forms it has.

use axum::{
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::{StatusCode, header},
};
use bytes::Bytes;
use packshot_domain::idempotency::Fingerprint;
use serde_json::{Map, Value};

use super::{LARGEST_BINARY_BODY, problem::ApiError};

/// A body: its fields as JSON, and photos that came as parts.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) fields: Map<String, Value>,
    pub(super) photos: Vec<Vec<u8>>,
}

impl Body {
    /// What the request asks for, whichever form its body had: a form's boundary, for one, differs each time.
    pub(super) fn fingerprint(&self, request: &str) -> Fingerprint {
        let fields = serde_json::to_vec(&self.fields).unwrap_or_default();
        let parts = [request.as_bytes(), &fields];
        Fingerprint::of(parts.into_iter().chain(self.photos.iter().map(Vec::as_slice)))
    }
}

pub(super) async fn read(request: Request) -> Result<Body, ApiError> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match essence.as_str() {
        "application/json" => read_json(request).await,
        "multipart/form-data" => multipart(request).await,
        _ => Err(ApiError::unsupported_media_type()),
    }
}

pub(super) async fn read_json(request: Request) -> Result<Body, ApiError> {
    parse_json(&bytes_of(request).await?)
}

/// Reads a body of JSON that may be left out.
pub(super) async fn read_json_or_nothing(request: Request) -> Result<Body, ApiError> {
    let bytes = bytes_of(request).await?;
    if bytes.is_empty() {
        Ok(Body::default())
    } else {
        parse_json(&bytes)
    }
}

async fn bytes_of(request: Request) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, &())
        .await
        .map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::payload_too_large(),
            _ => ApiError::malformed_body("The body broke off."),
        })
}

fn parse_json(bytes: &[u8]) -> Result<Body, ApiError> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(fields)) => Ok(Body {
            fields,
            photos: Vec::new(),
        }),
        Ok(_) => Err(ApiError::malformed_body("The body must be a JSON object.")),
        Err(error) => Err(ApiError::malformed_body(format!(
            "The body is not JSON: line {}, column {}.",
            error.line(),
            error.column()
        ))),
    }
}

async fn multipart(request: Request) -> Result<Body, ApiError> {
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: usize| length > LARGEST_BINARY_BODY) {
        return Err(ApiError::payload_too_large());
    }
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| ApiError::malformed_body("The multipart form has no boundary."))?;
    let mut body = Body::default();
    let mut size = 0;
    while let Some(part) = form.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(broken)?;
        size += bytes.len();
        if size > LARGEST_BINARY_BODY {
            return Err(ApiError::payload_too_large());
        }
        match name.as_str() {
            "image" | "image[]" => body.photos.push(bytes.to_vec()),
            _ => put_text(&mut body.fields, &name, &String::from_utf8_lossy(&bytes)),
        }
    }
    Ok(body)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the form in which `map_err` hands it over"
)]
fn broken(error: MultipartError) -> ApiError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::payload_too_large(),
        _ => ApiError::malformed_body("The multipart form is not complete."),
    }
}

/// Puts a text field where JSON has it: `product.title` inside `product`, numbers as numbers, and `product`,
/// `metadata` and `images` also as JSON text. What cannot be read so stays text, and is refused as such later.
fn put_text(fields: &mut Map<String, Value>, name: &str, text: &str) {
    if let Some((outer, inner)) = name.split_once('.')
        && matches!(outer, "product" | "metadata")
    {
        let object = fields.entry(outer).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(object) = object {
            object.insert(inner.to_owned(), Value::from(text));
        }
        return;
    }
    let is_json = matches!(name, "product" | "metadata" | "count")
        || (is_list(name) && text.trim_start().starts_with('['));
    let value = if is_json {
        serde_json::from_str(text).ok()
    } else {
        None
    };
    let value = value.unwrap_or_else(|| Value::from(text));
    if !is_list(name) || value.is_array() {
        fields.insert(name.to_owned(), value);
        return;
    }
    // A list's field may be repeated, one item each.
    if let Value::Array(items) = fields.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
        items.push(value);
    }
}

fn is_list(name: &str) -> bool {
    matches!(name, "images" | "callback_events")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn form_fields_become_the_same_json() {
        let mut fields = Map::new();
        for (name, text) in [
            ("count", "4"),
            ("product.title", "Espresso cup"),
            ("product.brand", "{}"),
            ("metadata", r#"{"sku": "17"}"#),
            ("images", "upl_1"),
            ("images", "https://example.com/x.jpg"),
            ("brief", "4"),
            ("callback_events", "job.failed"),
        ] {
            put_text(&mut fields, name, text);
        }
        let expected = json!({
            "count": 4,
            "product": {"title": "Espresso cup", "brand": "{}"},
            "metadata": {"sku": "17"},
            "images": ["upl_1", "https://example.com/x.jpg"],
            "brief": "4",
            "callback_events": ["job.failed"],
        });
        assert_eq!(Value::Object(fields), expected);
    }
}
