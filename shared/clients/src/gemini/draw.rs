//! Asking an image model for one image at once, at the interactive price.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;

use super::{BatchRequest, Gemini, GeminiError, SHORT_WAIT, batches::request_body};
use crate::outbound;

/// How long one image may take; 4K ones take the longest.
const DRAWING_TIME_LIMIT: Duration = Duration::from_mins(3);

impl Gemini {
    /// Asks a model for an image and returns the answer as it came, which [`super::ResultLine::of_answer`] reads; safe to
    /// repeat, though each answer is billed.
    pub async fn draw(&self, model: &str, request: &BatchRequest<'_>) -> Result<Bytes, GeminiError> {
        let path = format!("models/{model}:generateContent");
        let request = self
            .request(Method::POST, &path)
            .await?
            .json(&request_body(request))
            .timeout(DRAWING_TIME_LIMIT);
        outbound::repeat(request, SHORT_WAIT, async |response| {
            response.bytes().await.map_err(GeminiError::from_transport)
        })
        .await
    }
}
