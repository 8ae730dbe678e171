//! The Batch API: create, find, look, cancel.

use bytes::Bytes;
use packshot_domain::{
    batch::{BatchCounts, BatchState},
    job::ProviderFile,
    request::{AspectRatio, ImageSize},
};
use reqwest::Method;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::{Gemini, GeminiError, read_json, send};

/// Batches a page of the list.
const PAGE_SIZE: u32 = 100;

/// How many pages are looked through for a batch that may have been created minutes ago: the list's newest 1,000.
const MOST_PAGES: u32 = 10;

/// A batch as Gemini tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchView {
    /// `batches/…`
    pub name: String,
    /// The id of the model that works on it.
    pub model: String,
    /// Where it is.
    pub state: BatchState,
    /// How many of its lines are done, where it tells.
    pub counts: Option<BatchCounts>,
    /// The file with its results, once it has succeeded.
    pub responses_file: Option<String>,
}

/// A long-running operation whose metadata is the batch.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Operation {
    name: String,
    #[serde(default)]
    metadata: Metadata,
    response: Option<Output>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    model: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    batch_stats: Stats,
    output: Option<Output>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the wire's names")]
struct Stats {
    #[serde(default, deserialize_with = "count")]
    request_count: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    pending_request_count: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    successful_request_count: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    failed_request_count: Option<u64>,
}

/// The output is in `metadata.output` and in `response`; either may be missing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Output {
    responses_file: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct List {
    #[serde(default)]
    operations: Vec<Operation>,
    next_page_token: Option<String>,
}

/// 64-bit integers travel as strings in protobuf's JSON form; a number is read as well.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(value.as_u64().or_else(|| value.as_str()?.parse().ok()))
}

impl Gemini {
    /// Creates a batch of the requests in an uploaded file; the answer is its name.
    ///
    /// NOT safe to repeat: each call that gets through makes and bills another batch. Where
    /// [`GeminiError::outcome_unknown`] says so, look with [`Gemini::find_batch`] before calling again.
    pub async fn create_batch(
        &self,
        model: &str,
        display_name: &str,
        requests_file: &str,
    ) -> Result<String, GeminiError> {
        let body =
            json!({"batch": {"displayName": display_name, "inputConfig": {"fileName": requests_file}}});
        let request = self
            .request(Method::POST, &format!("models/{model}:batchGenerateContent"))
            .await?
            .json(&body);
        let operation: Operation = read_json(send(request).await?).await?;
        Ok(operation.name)
    }

    /// The name of the batch with this display name, if there is one.
    pub async fn find_batch(&self, display_name: &str) -> Result<Option<String>, GeminiError> {
        let mut page_token = String::new();
        for _ in 0..MOST_PAGES {
            let request = self.request(Method::GET, "batches").await?;
            let request = request.query(&[("pageSize", PAGE_SIZE.to_string()), ("pageToken", page_token)]);
            let list: List = self.send_repeatable(request).await?;
            let found = list
                .operations
                .into_iter()
                .find(|operation| operation.metadata.display_name == display_name);
            if let Some(found) = found {
                return Ok(Some(found.name));
            }
            match list.next_page_token.filter(|token| !token.is_empty()) {
                Some(token) => page_token = token,
                None => break,
            }
        }
        Ok(None)
    }

    /// How a batch is.
    pub async fn batch(&self, name: &str) -> Result<BatchView, GeminiError> {
        let operation: Operation = self
            .send_repeatable(self.request(Method::GET, name).await?)
            .await?;
        Ok(view(operation))
    }

    /// Asks Gemini to stop a batch; one that has ended or is gone is fine.
    pub async fn cancel_batch(&self, name: &str) -> Result<(), GeminiError> {
        let request = self
            .request(Method::POST, &format!("{name}:cancel"))
            .await?
            .header("content-length", 0);
        match self.send_repeatable::<Value>(request).await {
            Ok(_) | Err(GeminiError::NotFound(_) | GeminiError::Refused { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn view(operation: Operation) -> BatchView {
    let Metadata {
        model,
        state,
        batch_stats: stats,
        output,
        ..
    } = operation.metadata;
    let file = |output: Option<Output>| output.and_then(|output| output.responses_file);
    BatchView {
        name: operation.name,
        model: model.trim_start_matches("models/").to_owned(),
        state: BatchState::parse(&state),
        counts: BatchCounts::from_stats(
            stats.request_count,
            stats.pending_request_count,
            stats.successful_request_count,
            stats.failed_request_count,
        ),
        responses_file: file(output).or_else(|| file(operation.response)),
    }
}

/// One request of a batch: a prompt about photos that were uploaded before.
#[derive(Debug)]
pub struct BatchRequest<'a> {
    /// By which the result is recognised.
    pub key: String,
    /// What is asked for.
    pub prompt: String,
    /// The photos it is about.
    pub photos: &'a [ProviderFile],
    /// The shape of the image.
    pub aspect_ratio: AspectRatio,
    /// The size of the image.
    pub image_size: ImageSize,
}

/// The file of requests, one a line.
pub fn request_lines(requests: &[BatchRequest<'_>]) -> Bytes {
    let line = |request: &BatchRequest<'_>| {
        format!(
            "{}\n",
            json!({"key": request.key, "request": request_body(request)})
        )
    };
    requests.iter().map(line).collect::<String>().into()
}

/// What is asked for one image. Words are asked for beside it, so that a model that declines says why.
pub(super) fn request_body(request: &BatchRequest<'_>) -> Value {
    let photos = request
        .photos
        .iter()
        .map(|photo| json!({"fileData": {"fileUri": photo.uri, "mimeType": photo.content_type}}));
    let parts: Vec<Value> = photos.chain([json!({"text": request.prompt})]).collect();
    let image =
        json!({"aspectRatio": request.aspect_ratio.as_str(), "imageSize": request.image_size.as_str()});
    let config = json!({"responseModalities": ["TEXT", "IMAGE"], "imageConfig": image});
    json!({"contents": [{"role": "user", "parts": parts}], "generationConfig": config})
}
