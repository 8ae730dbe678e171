//! A job as the API shows it: the only place where one becomes JSON for callers.

use std::collections::BTreeMap;

use jiff::Timestamp;
use packshot_domain::{
    image::{Image, ImageState},
    job::{ARCHIVE_FILE_NAME, Job, Status},
    strategy::Shot,
};
use serde::Serialize;
use url::Url;

/// A job.
#[derive(Debug, Serialize)]
pub(super) struct JobView<'a> {
    id: String,
    object: &'static str,
    status: &'static str,
    stage: String,
    progress: u8,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<Timestamp>,
    count: u8,
    images: Vec<ImageView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    strategy: Option<StrategyView<'a>>,
    cost: CostView,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorView<'a>>,
    metadata: &'a BTreeMap<String, String>,
    links: LinksView,
}

#[derive(Debug, Serialize)]
struct ImageView<'a> {
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
    prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<&'a str>,
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
    pub(super) fn of(job: &'a Job, base: &Url) -> Self {
        let below = |path: &str| format!("{}/{path}", base.as_str().trim_end_matches('/'));
        let archive = || below(&job.image_path(ARCHIVE_FILE_NAME));
        let images = job
            .images
            .iter()
            .enumerate()
            .map(|(index, image)| image_view(job, index, image, &below));
        Self {
            id: job.id.to_string(),
            object: "job",
            status: job.status.as_str(),
            stage: job.stage(),
            progress: job.progress,
            created_at: job.created_at,
            updated_at: job.updated_at,
            finished_at: job.finished_at,
            count: job.brief.count,
            images: images.collect(),
            strategy: (!job.shots.is_empty()).then(|| StrategyView {
                shots: job.shots.iter().map(shot_view).collect(),
            }),
            cost: CostView {
                estimated_usd: job.estimated_cost.to_string(),
            },
            error: job.failure.as_ref().map(|failure| ErrorView {
                code: failure.code.as_str(),
                message: &failure.message,
                retryable: failure.code.is_retryable(),
            }),
            metadata: &job.metadata,
            links: LinksView {
                this: below(&format!("api/v1/jobs/{}", job.id)),
                archive: (job.status == Status::Completed).then(archive),
            },
        }
    }
}

fn image_view<'a>(
    job: &'a Job,
    index: usize,
    image: &'a Image,
    below: &impl Fn(&str) -> String,
) -> ImageView<'a> {
    let shot = job.shots.get(index);
    let (status, reason, message, file) = match &image.state {
        ImageState::Pending => ("pending", None, None, None),
        ImageState::Failed { reason, message } => {
            let words = message.as_deref().unwrap_or_else(|| reason.sentence());
            ("failed", Some(reason.as_str()), Some(words), None)
        }
        ImageState::Ready(stored) => {
            let file = FileView {
                url: below(&job.image_path(&Job::image_file_name(index, stored.format.extension()))),
                thumbnail_url: below(&job.image_path(&Job::thumbnail_file_name(index))),
                width: stored.width,
                height: stored.height,
                bytes: stored.bytes,
                content_type: stored.format.content_type(),
            };
            ("ready", None, None, Some(file))
        }
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

fn shot_view(shot: &Shot) -> ShotView<'_> {
    ShotView {
        title: &shot.title,
        kind: shot.kind.as_str(),
        prompt: &shot.prompt,
        aspect_ratio: shot.aspect_ratio.as_str(),
        alt: &shot.alt,
    }
}
