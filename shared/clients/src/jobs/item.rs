//! A job as a row: the only place where one becomes the other.
//!
//! Names in rows outlive deployments: a field may be added with `#[serde(default)]`, never renamed. Rows are checked
//! when they are read, too.

mod drive;
mod images;
mod parts;

use std::collections::BTreeMap;

use jiff::Timestamp;
use packshot_domain::{
    failure::Failure,
    image::Image,
    job::{Batch, DriveWork, Entered, Job, PhotoSource, PreparedPhoto, ProviderFiles, Round, Status},
    late::OnLate,
    money::MicroUsd,
    strategy::Shot,
};
use serde::{Deserialize, Serialize};
use url::Url;

use self::{
    drive::DriveWorkItem,
    images::ImageItem,
    parts::{BatchItem, BriefItem, EnteredItem, FailureItem, FilesItem, PhotoItem, PreparedItem, ShotItem},
};
use crate::events;

/// The index key of jobs that have not ended and do not wait for room at Gemini.
pub(super) const ACTIVE: &str = "ACTIVE";

/// The index key of jobs that do: by their age, they are the queue.
pub(super) const WAITING: &str = "WAITING";

/// A row that is not a job.
#[derive(Debug, thiserror::Error)]
#[error("the row has no usable {0}")]
pub(super) struct Corrupt(&'static str);

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct JobItem {
    schema: u8,
    job_id: String,
    user_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
    version: u64,
    status: String,
    progress: u8,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<Timestamp>,
    #[serde(default)]
    history: Vec<EnteredItem>,
    deadline_at: Timestamp,
    #[serde(default)]
    on_late: Option<String>,
    /// Only on jobs that have not ended, have images on their way or one that is being made again, or are deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<String>,
    brief: BriefItem,
    photos: Vec<PhotoItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    drive: Option<DriveWorkItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<Url>,
    /// Only where not every event is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    callback_events: Option<Vec<String>>,
    metadata: BTreeMap<String, String>,
    images_token: String,
    estimated_micro_usd: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_micro_usd: Option<u64>,
    #[serde(default)]
    actual_micro_usd: u64,
    images: Vec<ImageItem>,
    shots: Vec<ShotItem>,
    prepared: Vec<PreparedItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<FilesItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    submission_claimed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch: Option<BatchItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    waiting_since: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fallback_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    archive: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureItem>,
    /// Since when the row is only there until the job's files are gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deleted_at: Option<Timestamp>,
}

impl JobItem {
    /// The row of a job that is deleted. It is in the index again, so that reconcile-jobs finds it.
    pub(super) fn deleted(job: &Job, now: Timestamp) -> Self {
        let item = Self::from(job);
        Self {
            version: item.version + 1,
            active: Some(ACTIVE.to_owned()),
            deleted_at: Some(now),
            ..item
        }
    }

    /// Whether the job is deleted.
    pub(super) const fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }
}

/// The index key of a job that something must come back to: it has not ended, its images are on their way into a Drive, or one
/// of them is being made again.
fn index_key(job: &Job) -> Option<&'static str> {
    if job.waits_for_room() {
        return Some(WAITING);
    }
    let is_active =
        !job.status.is_terminal() || job.is_to_be_saved() || job.pending_retries().next().is_some();
    is_active.then_some(ACTIVE)
}

impl From<&Job> for JobItem {
    fn from(job: &Job) -> Self {
        Self {
            schema: 1,
            job_id: job.id.to_string(),
            user_id: job.owner.to_string(),
            key_id: job.key.map(|key| key.to_string()),
            version: job.version,
            status: job.status.as_str().to_owned(),
            progress: job.progress,
            created_at: job.created_at,
            updated_at: job.updated_at,
            finished_at: job.finished_at,
            history: job.history.iter().map(EnteredItem::from).collect(),
            deadline_at: job.deadline_at,
            on_late: Some(job.on_late.as_str().to_owned()),
            active: index_key(job).map(str::to_owned),
            brief: BriefItem::from(&job.brief),
            photos: job.photos.iter().map(PhotoItem::from).collect(),
            drive: DriveWorkItem::of(&job.drive),
            callback_url: job.callback_url.clone(),
            callback_events: events::names(&job.callback_events),
            metadata: job.metadata.clone(),
            images_token: job.images_token.clone(),
            estimated_micro_usd: job.estimated_cost.0,
            max_micro_usd: job.max_cost.map(|cost| cost.0),
            actual_micro_usd: job.actual_cost.0,
            images: job.images.iter().map(ImageItem::from).collect(),
            shots: job.shots.iter().map(ShotItem::from).collect(),
            prepared: job.prepared.iter().map(PreparedItem::from).collect(),
            files: job.round.files.as_ref().map(FilesItem::from),
            submission_claimed_at: job.round.submission_claimed_at,
            batch: job.round.batch.as_ref().map(BatchItem::from),
            waiting_since: job.waiting_since,
            fallback_at: job.fallback_at,
            archive: job.archive.clone(),
            failure: job.failure.as_ref().map(FailureItem::from),
            deleted_at: None,
        }
    }
}

impl TryFrom<JobItem> for Job {
    type Error = Corrupt;

    fn try_from(item: JobItem) -> Result<Self, Corrupt> {
        let mut job = Self {
            id: item.job_id.parse().map_err(|_| Corrupt("job id"))?,
            owner: item.user_id.parse().map_err(|_| Corrupt("user id"))?,
            key: item
                .key_id
                .map(|key| key.parse())
                .transpose()
                .map_err(|_| Corrupt("key id"))?,
            version: item.version,
            status: Status::parse(&item.status).ok_or(Corrupt("status"))?,
            progress: item.progress,
            created_at: item.created_at,
            updated_at: item.updated_at,
            finished_at: item.finished_at,
            history: item
                .history
                .into_iter()
                .map(Entered::try_from)
                .collect::<Result<_, _>>()?,
            deadline_at: item.deadline_at,
            on_late: item
                .on_late
                .map(|name| OnLate::parse(&name).ok_or(Corrupt("on_late")))
                .transpose()?
                .unwrap_or_default(),
            brief: item.brief.try_into()?,
            photos: item
                .photos
                .into_iter()
                .map(PhotoSource::try_from)
                .collect::<Result<_, _>>()?,
            drive: item
                .drive
                .map(DriveWork::try_from)
                .transpose()?
                .unwrap_or_default(),
            callback_url: item.callback_url,
            callback_events: events::filter(item.callback_events).ok_or(Corrupt("callback events"))?,
            metadata: item.metadata,
            images_token: item.images_token,
            estimated_cost: MicroUsd(item.estimated_micro_usd),
            max_cost: item.max_micro_usd.map(MicroUsd),
            actual_cost: MicroUsd(item.actual_micro_usd),
            images: item
                .images
                .into_iter()
                .map(Image::try_from)
                .collect::<Result<_, _>>()?,
            shots: item
                .shots
                .into_iter()
                .map(Shot::try_from)
                .collect::<Result<_, _>>()?,
            prepared: item
                .prepared
                .into_iter()
                .map(PreparedPhoto::try_from)
                .collect::<Result<_, _>>()?,
            round: Round {
                files: item.files.map(ProviderFiles::from),
                submission_claimed_at: item.submission_claimed_at,
                batch: item.batch.map(Batch::from),
            },
            waiting_since: item.waiting_since,
            fallback_at: item.fallback_at,
            archive: item.archive,
            failure: item.failure.map(Failure::try_from).transpose()?,
        };
        // Rows of older jobs have none.
        if job.history.is_empty() {
            job.history = job.known_history();
        }
        Ok(job)
    }
}
