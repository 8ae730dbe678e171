//! What a webhook says: the end of a job, in a body that is the same at every attempt.
//!
//! The job is as the API shows it, but in short, so that the body stays small enough for every receiver. Standard
//! Webhooks advises less than 20 kilobytes
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-size>).

use jiff::Timestamp;
use packshot_domain::job::{Job, Status};
use serde::Serialize;
use url::Url;

use crate::job_view::JobView;

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
        data: Data {
            job: JobView::of(job, base_url).in_short(),
            left_out: Vec::new(),
        },
    };
    let mut json = serde_json::to_string(&body)?;
    for (name, leave_out) in LEFT_OUT_FIRST {
        if json.len() <= MOST_BYTES {
            break;
        }
        leave_out(&mut body.data.job);
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
    data: Data<'a>,
}

#[derive(Debug, Serialize)]
struct Data<'a> {
    #[serde(flatten)]
    job: JobView<'a>,
    /// The fields that did not fit; `links.self` has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<&'static str>,
}

/// What goes first where a body would be too long: texts for people before the caller's own labels, by which the
/// caller knows the job. What is left after that (ids, states and addresses of ten images) is a few kilobytes.
type LeaveOut = for<'a> fn(&mut JobView<'a>);
const LEFT_OUT_FIRST: [(&str, LeaveOut); 4] = [
    ("images.message", |job| {
        job.images.iter_mut().for_each(|image| image.message = None);
    }),
    ("images.alt", |job| {
        job.images.iter_mut().for_each(|image| image.alt = None);
    }),
    ("images.title", |job| {
        job.images.iter_mut().for_each(|image| image.title = None);
    }),
    ("metadata", |job| job.metadata = None),
];

#[cfg(test)]
mod tests;
