//! A job as callers see it, in answers and in webhooks: the only place where one becomes JSON for them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use packshot_domain::{
    image::{Image, ImageState, StoredImage},
    job::Job,
    strategy::Shot,
};
use serde::Serialize;
use url::Url;

use crate::links::Links;

/// A job. What is an `Option` is left out where there is none.
#[derive(Debug, Serialize)]
pub(crate) struct JobView<'a> {
    id: String,
    object: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<String>,
    progress: u8,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<Timestamp>,
    count: u8,
    pub(crate) images: Vec<ImageView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    strategy: Option<StrategyView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<CostView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metadata: Option<&'a BTreeMap<String, String>>,
    links: LinksView,
}

/// One of a job's images.
#[derive(Debug, Serialize)]
pub(crate) struct ImageView<'a> {
    id: String,
    index: usize,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alt: Option<&'a str>,
    aspect_ratio: &'static str,
    #[serde(flatten)]
    file: Option<FileView>,
}

/// What only a stored image has.
#[derive(Debug, Serialize)]
struct FileView {
    url: String,
    thumbnail_url: String,
    width: u32,
    height: u32,
    bytes: u64,
    content_type: &'static str,
}

#[derive(Debug, Serialize)]
struct StrategyView<'a> {
    shots: Vec<ShotView<'a>>,
}

#[derive(Debug, Serialize)]
struct ShotView<'a> {
    title: &'a str,
    kind: &'static str,
    prompt: &'a str,
    aspect_ratio: &'static str,
    alt: &'a str,
}

#[derive(Debug, Serialize)]
struct CostView {
    estimated_usd: String,
}

#[derive(Debug, Serialize)]
struct ErrorView<'a> {
    code: &'static str,
    message: &'a str,
    retryable: bool,
}

#[derive(Debug, Serialize)]
struct LinksView {
    #[serde(rename = "self")]
    this: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<String>,
}

impl<'a> JobView<'a> {
    /// The job, with addresses below `base`.
    pub(crate) fn of(job: &'a Job, base: &Url) -> Self {
        let links = Links::new(base, job);
        let images = job.images.iter().enumerate();
        Self {
            id: job.id.to_string(),
            object: "job",
            status: job.status.as_str(),
            stage: Some(job.stage()),
            progress: job.progress,
            created_at: job.created_at,
            updated_at: Some(job.updated_at),
            finished_at: job.finished_at,
            count: job.brief.count,
            images: images
                .map(|(index, image)| image_view(job, index, image, links))
                .collect(),
            strategy: (!job.shots.is_empty()).then(|| StrategyView {
                shots: job.shots.iter().map(shot_view).collect(),
            }),
            cost: Some(CostView {
                estimated_usd: job.estimated_cost.to_string(),
            }),
            error: job.failure.as_ref().map(|failure| ErrorView {
                code: failure.code.as_str(),
                message: &failure.message,
                retryable: failure.code.is_retryable(),
            }),
            metadata: Some(&job.metadata),
            links: LinksView {
                this: links.api(),
                archive: links.archive(),
            },
        }
    }

    /// Less what is long, or changes after the end, or is of use only to people who look at the job.
    pub(crate) fn in_short(mut self) -> Self {
        self.stage = None;
        self.updated_at = None;
        self.strategy = None;
        self.cost = None;
        for image in &mut self.images {
            image.prompt = None;
        }
        self
    }
}

fn image_view<'a>(job: &'a Job, index: usize, image: &'a Image, links: Links<'_>) -> ImageView<'a> {
    let shot = job.shots.get(index);
    let (status, reason, message, file) = match &image.state {
        ImageState::Pending => ("pending", None, None, None),
        ImageState::Failed { reason, message } => {
            let words = message.as_deref().unwrap_or_else(|| reason.sentence());
            ("failed", Some(reason.as_str()), Some(words), None)
        }
        ImageState::Ready(stored) => ("ready", None, None, Some(file_view(index, stored, links))),
    };
    ImageView {
        id: image.id.to_string(),
        index,
        status,
        reason,
        message,
        title: shot.map(|shot| shot.title.as_str()),
        kind: shot.map(|shot| shot.kind.as_str()),
        prompt: shot.map(|shot| shot.prompt.as_str()),
        alt: shot.map(|shot| shot.alt.as_str()),
        aspect_ratio: job.brief.aspect_ratio.as_str(),
        file,
    }
}

fn file_view(index: usize, stored: &StoredImage, links: Links<'_>) -> FileView {
    FileView {
        url: links.file(&Job::image_file_name(index, stored.format.extension())),
        thumbnail_url: links.file(&Job::thumbnail_file_name(index)),
        width: stored.width,
        height: stored.height,
        bytes: stored.bytes,
        content_type: stored.format.content_type(),
    }
}

fn shot_view(shot: &Shot) -> ShotView<'_> {
    ShotView {
        title: &shot.title,
        kind: shot.kind.as_str(),
        prompt: &shot.prompt,
        aspect_ratio: shot.aspect_ratio.as_str(),
        alt: &shot.alt,
    }
}
