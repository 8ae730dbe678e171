//! What a webhook says: the end of a job, in a body that is the same at every attempt.
//!
//! The job is as the API shows it, less what is long and of use only to people (prompts, strategy, cost, stage), so that the body
//! stays small enough for every receiver. Standard Webhooks advises less than 20 kilobytes
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-size>).

use std::collections::BTreeMap;

use jiff::Timestamp;
use packshot_domain::{
    image::{Image, ImageState, StoredImage},
    job::{Job, Status},
};
use serde::Serialize;
use url::Url;

use super::links::Links;

/// No body is longer than this.
pub(super) const MOST_BYTES: usize = 20_000;

/// An event that is told.
#[derive(Debug)]
pub(super) struct Event {
    /// `job.completed` and the like.
    pub(super) event_type: &'static str,
    /// The JSON that is signed and sent.
    pub(super) body: String,
}

/// The event that a job's end is; `None` for a job that has not ended.
///
/// # Errors
///
/// Where the body cannot be written as JSON.
pub(super) fn end_of_job(job: &Job, base_url: &Url) -> Result<Option<Event>, serde_json::Error> {
    let event_type = match job.status {
        Status::Completed => "job.completed",
        Status::Failed => "job.failed",
        Status::Canceled => "job.canceled",
        Status::Queued | Status::Strategy | Status::BatchSubmitted | Status::Generating => return Ok(None),
    };
    let mut body = Body {
        event_type,
        timestamp: job.finished_at.unwrap_or(job.updated_at),
        data: data(job, Links::new(base_url, job)),
    };
    let mut json = serde_json::to_string(&body)?;
    for (name, leave_out) in LEFT_OUT_FIRST {
        if json.len() <= MOST_BYTES {
            break;
        }
        leave_out(&mut body.data);
        body.data.left_out.push(name);
        json = serde_json::to_string(&body)?;
    }
    Ok(Some(Event {
        event_type,
        body: json,
    }))
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    event_type: &'static str,
    timestamp: Timestamp,
    data: JobData<'a>,
}

#[derive(Debug, Serialize)]
struct JobData<'a> {
    id: String,
    object: &'static str,
    status: &'static str,
    progress: u8,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<Timestamp>,
    count: u8,
    images: Vec<ImageData<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorData<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a BTreeMap<String, String>>,
    links: LinksData,
    /// The fields that did not fit; `links.self` has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct ImageData<'a> {
    id: String,
    index: usize,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<&'a str>,
    #[serde(flatten)]
    file: Option<FileData>,
}

/// What only a stored image has.
#[derive(Debug, Serialize)]
struct FileData {
    url: String,
    thumbnail_url: String,
    width: u32,
    height: u32,
    content_type: &'static str,
}

#[derive(Debug, Serialize)]
struct ErrorData<'a> {
    code: &'static str,
    message: &'a str,
    retryable: bool,
}

#[derive(Debug, Serialize)]
struct LinksData {
    #[serde(rename = "self")]
    this: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<String>,
}

/// What goes first where a body would be too long: texts for people before the caller's own labels, by which the
/// caller knows the job. What is left after that (ids, states and addresses of ten images) is a few kilobytes.
type LeaveOut = for<'a> fn(&mut JobData<'a>);
const LEFT_OUT_FIRST: [(&str, LeaveOut); 4] = [
    ("images.message", |data| {
        data.images.iter_mut().for_each(|image| image.message = None);
    }),
    ("images.alt", |data| {
        data.images.iter_mut().for_each(|image| image.alt = None);
    }),
    ("images.title", |data| {
        data.images.iter_mut().for_each(|image| image.title = None);
    }),
    ("metadata", |data| data.metadata = None),
];

fn data<'a>(job: &'a Job, links: Links<'_>) -> JobData<'a> {
    let images = job.images.iter().enumerate();
    JobData {
        id: job.id.to_string(),
        object: "job",
        status: job.status.as_str(),
        progress: job.progress,
        created_at: job.created_at,
        finished_at: job.finished_at,
        count: job.brief.count,
        images: images
            .map(|(index, image)| image_data(job, index, image, links))
            .collect(),
        error: job.failure.as_ref().map(|failure| ErrorData {
            code: failure.code.as_str(),
            message: &failure.message,
            retryable: failure.code.is_retryable(),
        }),
        metadata: Some(&job.metadata),
        links: LinksData {
            this: links.api(),
            archive: links.archive(),
        },
        left_out: Vec::new(),
    }
}

fn image_data<'a>(job: &'a Job, index: usize, image: &'a Image, links: Links<'_>) -> ImageData<'a> {
    let shot = job.shots.get(index);
    let (status, reason, message, file) = match &image.state {
        ImageState::Pending => ("pending", None, None, None),
        ImageState::Ready(stored) => ("ready", None, None, Some(file_data(index, stored, links))),
        ImageState::Failed { reason, message } => {
            let words = message.as_deref().unwrap_or_else(|| reason.sentence());
            ("failed", Some(reason.as_str()), Some(words), None)
        }
    };
    ImageData {
        id: image.id.to_string(),
        index,
        status,
        reason,
        message,
        title: shot.map(|shot| shot.title.as_str()),
        kind: shot.map(|shot| shot.kind.as_str()),
        alt: shot.map(|shot| shot.alt.as_str()),
        file,
    }
}

fn file_data(index: usize, stored: &StoredImage, links: Links<'_>) -> FileData {
    FileData {
        url: links.file(&Job::image_file_name(index, stored.format.extension())),
        thumbnail_url: links.file(&Job::thumbnail_file_name(index)),
        width: stored.width,
        height: stored.height,
        content_type: stored.format.content_type(),
    }
}

#[cfg(test)]
mod tests;
