//! Builds `GenerateContentResponse` bodies.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::brief::Brief;
use super::gallery::Gallery;
use super::request::Prepared;
use super::schema;
use crate::error::ApiError;
use crate::faults::CallFault;

/// Tokens that one picture of a prompt counts (as in the recorded calls).
const PHOTO_TOKENS: u64 = 260;

/// A signature as the last picture of an answer carries it; its content means nothing to anyone but the service.
const THOUGHT_SIGNATURE: &str = "ZmFrZS1nb29nbGUgdGhvdWdodCBzaWduYXR1cmU=";

/// Answers a request. Heavy for pictures: call it off the async threads.
pub(crate) fn answer(request: &Prepared, gallery: &Gallery) -> Result<Value, ApiError> {
    let Some(drawing) = request.drawing else {
        return Ok(text_reply(request, &written(request, None)));
    };
    let (picture, format) = gallery
        .picture(request, drawing)
        .map_err(|error| ApiError::new(500, error.to_string()))?;
    let bytes = picture
        .read()
        .map_err(|error| ApiError::new(500, error.to_string()))?;
    let mut parts = thoughts(request);
    if drawing.with_text {
        parts.push(json!({"text": "Here is the picture."}));
    }
    parts.push(picture_part(format.mime_type(), &STANDARD.encode(bytes)));
    Ok(reply(request, &json!(parts), drawing.size.tokens(), "IMAGE"))
}

/// The part that holds a picture.
pub(crate) fn picture_part(mime_type: &str, data: &str) -> Value {
    json!({"inlineData": {"mimeType": mime_type, "data": data}, "thoughtSignature": THOUGHT_SIGNATURE})
}

/// Answers a request as a fault has it; `None` if the fault does not say what to answer.
pub(crate) fn scripted(request: &Prepared, fault: &CallFault) -> Option<Value> {
    if let Some(text) = &fault.text {
        return Some(text_reply(request, text));
    }
    if let Some(reason) = &fault.block_reason {
        return Some(blocked(request, reason));
    }
    if let Some(reason) = &fault.finish_reason {
        return Some(ended(request, reason));
    }
    fault
        .shots
        .map(|count| text_reply(request, &written(request, Some(count))))
}

/// A prompt that was refused: no candidates at all.
pub(crate) fn blocked(request: &Prepared, reason: &str) -> Value {
    let mut reply = reply(request, &json!([]), 0, "TEXT");
    if let Some(fields) = reply.as_object_mut() {
        fields.remove("candidates");
    }
    reply["promptFeedback"] = json!({"blockReason": reason});
    reply
}

/// A candidate that ended for `reason` before it had any content.
pub(crate) fn ended(request: &Prepared, reason: &str) -> Value {
    let mut reply = reply(request, &json!([]), 0, "TEXT");
    let message = format!("The model stopped: {reason}.");
    reply["candidates"] = json!([{"index": 0, "finishReason": reason, "finishMessage": message}]);
    reply
}

/// A normal end with this text.
pub(crate) fn text_reply(request: &Prepared, text: &str) -> Value {
    reply(request, &json!([{"text": text}]), tokens(text), "TEXT")
}

/// What a text model says: JSON after the schema, or a sentence.
fn written(request: &Prepared, shots: Option<usize>) -> String {
    let brief = Brief::read(request);
    match &request.schema {
        Some(schema) => schema::answer(schema, &brief, shots).to_string(),
        None => format!("This is {}, mainly {}.", brief.title, brief.colour()),
    }
}

fn reply(request: &Prepared, parts: &Value, answer_tokens: u64, modality: &str) -> Value {
    let text_tokens = tokens(&request.text);
    let photo_tokens = PHOTO_TOKENS * request.photos.len() as u64;
    let mut details = vec![json!({"modality": "TEXT", "tokenCount": text_tokens})];
    if photo_tokens > 0 {
        details.push(json!({"modality": "IMAGE", "tokenCount": photo_tokens}));
    }
    let mut usage = json!({
        "promptTokenCount": text_tokens + photo_tokens,
        "totalTokenCount": text_tokens + photo_tokens + answer_tokens,
        "promptTokensDetails": details,
    });
    if answer_tokens > 0 {
        usage["candidatesTokenCount"] = json!(answer_tokens);
        usage["candidatesTokensDetails"] = json!([{"modality": modality, "tokenCount": answer_tokens}]);
    }
    json!({
        "candidates": [{"index": 0, "finishReason": "STOP", "content": {"role": "model", "parts": parts}}],
        "usageMetadata": usage,
        "modelVersion": request.model.id,
        "responseId": hex::encode(&Sha256::digest(&request.text)[..11]),
    })
}

/// The thoughts before an answer: for some requests none, for some a text, for some a draft picture too.
/// A client that takes the first picture it finds then shows a draft, which is what this is for.
fn thoughts(request: &Prepared) -> Vec<Value> {
    let text = json!({"text": "I keep the product as it is and set the light first.", "thought": true});
    let draft = json!({"inlineData": {"mimeType": "image/png", "data": DRAFT_PNG}, "thought": true});
    match Sha256::digest(&request.text)[0] % 4 {
        _ if !request.thoughts => Vec::new(),
        0 => vec![text],
        1 => vec![text, draft],
        _ => Vec::new(),
    }
}

/// One grey pixel.
const DRAFT_PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB2kUIOwAAAABJRU5ErkJggg==";

/// About four letters a token.
pub(crate) fn tokens(text: &str) -> u64 {
    (text.chars().count() as u64).div_ceil(4)
}
