//! A job as callers see it, in answers and in webhooks: the only place where one becomes JSON for them.

mod drive;
mod images;
mod request;

use std::collections::BTreeMap;

use jiff::Timestamp;
use packshot_domain::{
    job::{Job, Status},
    strategy::Shot,
};
use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

use self::{
    drive::{DriveFolderView, SavedToDriveView},
    images::{ImageView, image_view},
    request::{EnteredView, PhotoView, ProductView},
};
use crate::{
    links::Links,
    named_schemas::{aspect_ratio, failure_code, image_size, job_status, on_late, shot_kind},
};

/// A job. What is an `Option` is left out where there is none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Job)]
pub(crate) struct JobView<'a> {
    /// Sorts by the time of its creation.
    #[schema(example = "job_01h2xcejqtf2nbrexx3vqjhp41")]
    id: String,
    /// Always `job`.
    #[schema(value_type = String, example = "job")]
    object: &'static str,
    /// Where the job is; `completed`, `failed` and `canceled` are final.
    #[schema(schema_with = job_status)]
    status: &'static str,
    /// The same for people, in a sentence.
    #[schema(example = "Waiting for Gemini: 4 of 10 done")]
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<String>,
    /// Percent; never goes back.
    #[schema(maximum = 100)]
    progress: u8,
    /// When it entered each status that it has had, oldest first.
    #[schema(required = true)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    history: Vec<EnteredView>,
    /// When it was accepted.
    created_at: Timestamp,
    /// When it last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Timestamp>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<Timestamp>,
    /// When its images are to be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<Timestamp>,
    /// What happens if they are not.
    #[schema(schema_with = on_late)]
    #[serde(skip_serializing_if = "Option::is_none")]
    on_late: Option<&'static str>,
    /// Since when its images are made one by one, at Gemini's interactive price, because the batch was late.
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback_at: Option<Timestamp>,
    /// What was said of the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<ProductView<'a>>,
    /// What the pictures are for, as you said it.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    brief: Option<&'a str>,
    /// The look that all images share, as you said it.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<&'a str>,
    /// Width to height.
    #[schema(schema_with = aspect_ratio, required = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<&'static str>,
    /// How large, as Gemini names it.
    #[schema(schema_with = image_size, required = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    image_size: Option<&'static str>,
    /// The photos that it is made of.
    #[schema(required = true)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    photos: Vec<PhotoView<'a>>,
    /// How many images it makes.
    #[schema(minimum = 1, maximum = 10)]
    count: u8,
    /// Its images, in the order of the strategy.
    pub(crate) images: Vec<ImageView<'a>>,
    /// What Gemini planned, once it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    strategy: Option<StrategyView<'a>>,
    /// What Gemini charges.
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<CostView>,
    /// The folder of Google Drive that its photos come from, where one was asked for on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    drive: Option<DriveFolderView<'a>>,
    /// What became of its images in Google Drive, where that was asked for on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    saved_to_drive: Option<SavedToDriveView<'a>>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorView<'a>>,
    /// Your own labels, as you sent them.
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metadata: Option<&'a BTreeMap<String, String>>,
    /// Where more is.
    links: LinksView,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Strategy)]
struct StrategyView<'a> {
    /// One shot an image.
    shots: Vec<ShotView<'a>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Shot)]
struct ShotView<'a> {
    /// Its title.
    #[schema(value_type = String)]
    title: &'a str,
    /// Its kind.
    #[schema(schema_with = shot_kind)]
    kind: &'static str,
    /// The prompt.
    #[schema(value_type = String)]
    prompt: &'a str,
    /// Width to height.
    #[schema(schema_with = aspect_ratio)]
    aspect_ratio: &'static str,
    /// A text for those who do not see it.
    #[schema(value_type = String)]
    alt: &'a str,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cost)]
struct CostView {
    /// Expected before it started, in US dollars.
    #[schema(example = "0.203250")]
    estimated_usd: String,
    /// By Gemini's own count, once the job has ended with images.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "0.198450")]
    actual_usd: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobError)]
struct ErrorView<'a> {
    /// Stable name.
    #[schema(schema_with = failure_code)]
    code: &'static str,
    /// What happened and what to do.
    #[schema(value_type = String)]
    message: &'a str,
    /// Whether the same request may succeed later.
    retryable: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobLinks)]
struct LinksView {
    /// The job itself.
    #[serde(rename = "self")]
    this: String,
    /// Where it is canceled, while it can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel: Option<String>,
    /// `images.zip`, once there is an image.
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
            history: job.history.iter().map(EnteredView::from).collect(),
            created_at: job.created_at,
            updated_at: Some(job.updated_at),
            finished_at: job.finished_at,
            deadline: Some(job.deadline_at),
            on_late: Some(job.on_late.as_str()),
            fallback_at: job.fallback_at,
            product: ProductView::of(&job.brief.product),
            brief: job.brief.brief.as_deref(),
            style: job.brief.style.as_deref(),
            aspect_ratio: Some(job.brief.aspect_ratio.as_str()),
            image_size: Some(job.brief.image_size.as_str()),
            photos: PhotoView::all_of(job),
            count: job.brief.count,
            images: images
                .map(|(index, image)| image_view(job, index, image, links))
                .collect(),
            strategy: (!job.shots.is_empty()).then(|| StrategyView {
                shots: job.shots.iter().map(shot_view).collect(),
            }),
            cost: Some(CostView {
                estimated_usd: job.estimated_cost.to_string(),
                actual_usd: (job.status == Status::Completed).then(|| job.actual_cost.to_string()),
            }),
            drive: drive::folder_view(job),
            saved_to_drive: drive::saved_view(job),
            error: job.failure.as_ref().map(|failure| ErrorView {
                code: failure.code.as_str(),
                message: &failure.message,
                retryable: failure.code.is_retryable(),
            }),
            metadata: Some(&job.metadata),
            links: LinksView {
                this: links.api(),
                cancel: links.cancel(),
                archive: links.archive(),
            },
        }
    }

    /// Less what is long, or was asked for, or changes after the end, or is of use only to people who look at the job.
    pub(crate) fn in_short(mut self) -> Self {
        self.stage = None;
        self.history = Vec::new();
        self.product = None;
        self.brief = None;
        self.style = None;
        self.aspect_ratio = None;
        self.image_size = None;
        self.photos = Vec::new();
        self.deadline = None;
        self.on_late = None;
        self.updated_at = None;
        self.strategy = None;
        self.cost = None;
        for image in &mut self.images {
            image.shorten();
        }
        self
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
