//! A job's images as callers see them.

use jiff::Timestamp;
use packshot_domain::{
    image::{Image, ImageState},
    job::{Job, Retry, RetryOutcome},
};
use serde::Serialize;
use utoipa::{ToSchema, openapi::Object};

use crate::{
    links::Links,
    named_schemas::{aspect_ratio, image_failure_reason, one_of, shot_kind},
};

/// One of a job's images.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Image)]
pub(crate) struct ImageView<'a> {
    /// Its id; also the key of its line in the batch.
    #[schema(example = "img_01h2xcejqtf2nbrexx3vqjhp41")]
    id: String,
    /// Its place in the job, from 0.
    #[schema(maximum = 9)]
    index: usize,
    /// Where the image is.
    #[schema(schema_with = image_status)]
    status: &'static str,
    /// Why there is none.
    #[schema(schema_with = image_failure_reason)]
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The same for people; Gemini's own words where there were some.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<&'a str>,
    /// The shot's title.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<&'a str>,
    /// The kind of shot.
    #[schema(schema_with = shot_kind)]
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    /// The prompt it was made from.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    /// Its latest retry.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry: Option<RetryView<'a>>,
    /// A text for those who do not see it.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alt: Option<&'a str>,
    /// Width to height.
    #[schema(schema_with = aspect_ratio)]
    aspect_ratio: &'static str,
    /// The image, byte for byte as Gemini made it; this address never shows anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// A WebP of at most 512 pixels a side.
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_url: Option<String>,
    /// In pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    /// In pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    /// The file's size.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    /// The file's type.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "image/png")]
    content_type: Option<&'static str>,
}

/// One image being made once more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Retry)]
struct RetryView<'a> {
    /// Its number, from 1.
    #[schema(minimum = 1)]
    attempt: u32,
    /// Where the retry is. While it is `pending`, and where it has `failed`, the image is what it was before.
    #[schema(schema_with = retry_status)]
    status: &'static str,
    /// Why nothing came of it.
    #[schema(schema_with = image_failure_reason)]
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The same for people.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    /// The prompt that was asked for in the place of the image's.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    /// When it was asked for.
    requested_at: Timestamp,
}

impl ImageView<'_> {
    /// Less what is long.
    pub(super) fn shorten(&mut self) {
        self.prompt = None;
        if let Some(retry) = &mut self.retry {
            retry.prompt = None;
        }
    }
}

/// Where an image is, and where a retry is.
const STATUSES: [&str; 3] = ["pending", "ready", "failed"];

fn image_status() -> Object {
    one_of("Where the image is.", STATUSES)
}

fn retry_status() -> Object {
    one_of(
        "Where the retry is. While it is `pending`, and where it has `failed`, the image is what it was before.",
        STATUSES,
    )
}

pub(super) fn image_view<'a>(
    job: &'a Job,
    index: usize,
    image: &'a Image,
    links: Links<'_>,
) -> ImageView<'a> {
    let [pending, ready, failed] = STATUSES;
    let shot = job.shots.get(index);
    let (status, reason, message, stored) = match &image.state {
        ImageState::Pending => (pending, None, None, None),
        ImageState::Failed { reason, message } => {
            let words = message.as_deref().unwrap_or_else(|| reason.sentence());
            (failed, Some(reason.as_str()), Some(words), None)
        }
        ImageState::Ready(stored) => (ready, None, None, Some(stored)),
    };
    ImageView {
        id: image.id.to_string(),
        index,
        status,
        reason,
        message,
        title: shot.map(|shot| shot.title.as_str()),
        kind: shot.map(|shot| shot.kind.as_str()),
        prompt: image
            .prompt
            .as_deref()
            .or_else(|| shot.map(|shot| shot.prompt.as_str())),
        retry: image.retry.as_ref().map(retry_view),
        alt: shot.map(|shot| shot.alt.as_str()),
        aspect_ratio: job.brief.aspect_ratio.as_str(),
        url: stored.map(|stored| links.file(&image.file_name(index, stored))),
        thumbnail_url: stored.map(|_| links.file(&Job::thumbnail_file_name(index, image.attempt))),
        width: stored.map(|stored| stored.width),
        height: stored.map(|stored| stored.height),
        bytes: stored.map(|stored| stored.bytes),
        content_type: stored.map(|stored| stored.format.content_type()),
    }
}

fn retry_view(retry: &Retry) -> RetryView<'_> {
    let [pending, ready, failed] = STATUSES;
    let (status, failure) = match &retry.outcome {
        RetryOutcome::Pending => (pending, None),
        RetryOutcome::Ready => (ready, None),
        RetryOutcome::Failed { reason, message } => (failed, Some((*reason, message.as_deref()))),
    };
    RetryView {
        attempt: retry.attempt,
        status,
        reason: failure.map(|(reason, _)| reason.as_str()),
        message: failure.map(|(reason, words)| words.unwrap_or_else(|| reason.sentence())),
        prompt: retry.request.prompt.as_deref(),
        requested_at: retry.requested_at,
    }
}
