//! What a webhook says: the end of a job or of a retry of one image, in a body that is the same at every attempt; or a sample
//! of that, to try an address out with.
//!
//! The job is as the API shows it, but in short, so that the body stays small enough for every receiver. Standard
//! Webhooks advises less than 20 kilobytes
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-size>).

mod sample;

use jiff::Timestamp;
use packshot_domain::{id::EventId, job::Job, webhook::EventType};
use serde::Serialize;
use url::Url;

pub(crate) use self::sample::{sample, test_event};
use crate::job_view::JobView;

/// No body is longer than this.
pub(crate) const MOST_BYTES: usize = 20_000;

/// An event that is told.
#[derive(Debug)]
pub(crate) struct Event {
    /// What has happened.
    pub(crate) event_type: EventType,
    /// The JSON that is signed and sent.
    pub(crate) body: String,
}

/// The event that a job's end is; `None` for a job that has not ended.
///
/// # Errors
///
/// Where the body cannot be written as JSON.
pub(crate) fn end_of_job(job: &Job, base_url: &Url) -> Result<Option<Event>, serde_json::Error> {
    let Some(event_type) = EventType::end_of_job(job.status) else {
        return Ok(None);
    };
    let body = Body {
        event_type: event_type.as_str(),
        timestamp: job.finished_at.unwrap_or(job.updated_at),
        data: Data {
            test: false,
            image_id: None,
            job: JobView::of(job, base_url).in_short(),
            left_out: Vec::new(),
        },
    };
    let body = within_the_limit(body)?;
    Ok(Some(Event { event_type, body }))
}

/// The event that the end of a retry is, whose id is `event`; `None` where no image has such a retry any more, because it is
/// being made again since.
///
/// # Errors
///
/// Where the body cannot be written as JSON.
pub(crate) fn end_of_retry(
    job: &Job,
    event: EventId,
    base_url: &Url,
) -> Result<Option<Event>, serde_json::Error> {
    let retries = job
        .images
        .iter()
        .filter_map(|image| Some((image, image.retry.as_ref()?)));
    let told = retries
        .filter(|(_, retry)| retry.request.event == event)
        .find_map(|(image, retry)| Some((image, retry, EventType::end_of_retry(&retry.outcome)?)));
    let Some((image, retry, event_type)) = told else {
        return Ok(None);
    };
    let body = Body {
        event_type: event_type.as_str(),
        timestamp: retry.ended_at.unwrap_or(job.updated_at),
        data: Data {
            test: false,
            image_id: Some(image.id.to_string()),
            job: JobView::of(job, base_url).in_short(),
            left_out: Vec::new(),
        },
    };
    let body = within_the_limit(body)?;
    Ok(Some(Event { event_type, body }))
}

/// The JSON of a body, less what would make it too long.
fn within_the_limit(mut body: Body<'_>) -> Result<String, serde_json::Error> {
    let mut json = serde_json::to_string(&body)?;
    for (name, leave_out) in LEFT_OUT_FIRST {
        if json.len() <= MOST_BYTES {
            break;
        }
        leave_out(&mut body.data.job);
        body.data.left_out.push(name);
        json = serde_json::to_string(&body)?;
    }
    Ok(json)
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
    /// Only in samples: nothing of what they tell has happened.
    #[serde(skip_serializing_if = "is_false")]
    test: bool,
    /// The image that an event of one image is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    image_id: Option<String>,
    #[serde(flatten)]
    job: JobView<'a>,
    /// The fields that did not fit; `links.self` has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<&'static str>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form in which serde asks")]
const fn is_false(value: &bool) -> bool {
    !*value
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
