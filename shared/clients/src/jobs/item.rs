//! A job as a row: the only place where one becomes the other.
//!
//! Names in rows outlive deployments: a field may be added with `#[serde(default)]`, never renamed. Rows are checked
//! when they are read, too.

use std::collections::BTreeMap;

use jiff::Timestamp;
use packshot_domain::{
    batch::BatchCounts,
    failure::{Failure, FailureCode},
    image::{Image, ImageFailureReason, ImageFormat, ImageState, StoredImage},
    job::{Batch, Job, PhotoSource, PreparedPhoto, ProviderFile, ProviderFiles, Status},
    money::MicroUsd,
    photo::PhotoFormat,
    request::{AspectRatio, Brief, ImageSize, ProductDetails},
    strategy::{Shot, ShotKind},
};
use serde::{Deserialize, Serialize};
use url::Url;

/// The index key of jobs that have not ended.
pub(super) const ACTIVE: &str = "ACTIVE";

/// A row that is not a job.
#[derive(Debug, thiserror::Error)]
#[error("the row has no usable {0}")]
pub(super) struct Corrupt(&'static str);

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct JobItem {
    schema: u8,
    job_id: String,
    user_id: String,
    version: u64,
    status: String,
    progress: u8,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<Timestamp>,
    deadline_at: Timestamp,
    /// Only on jobs that have not ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<String>,
    brief: BriefItem,
    photos: Vec<PhotoItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<Url>,
    metadata: BTreeMap<String, String>,
    images_token: String,
    estimated_micro_usd: u64,
    images: Vec<ImageItem>,
    shots: Vec<ShotItem>,
    prepared: Vec<PreparedItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<FilesItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    submission_claimed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch: Option<BatchItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureItem>,
}

#[derive(Debug, Serialize, Deserialize)]
struct BriefItem {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    brief: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<String>,
    count: u8,
    aspect_ratio: String,
    image_size: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PhotoItem {
    Upload(String),
    Url(Url),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum ImageStateItem {
    Pending,
    Ready {
        extension: String,
        width: u32,
        height: u32,
        bytes: u64,
        sha256: String,
    },
    Failed {
        reason: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct ImageItem {
    id: String,
    #[serde(flatten)]
    state: ImageStateItem,
}

#[derive(Debug, Serialize, Deserialize)]
struct ShotItem {
    title: String,
    kind: String,
    prompt: String,
    aspect_ratio: String,
    alt: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct PreparedItem {
    key: String,
    content_type: String,
    bytes: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct FilesItem {
    photos: Vec<FileItem>,
    requests: String,
    uploaded_at: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
struct FileItem {
    uri: String,
    content_type: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct BatchItem {
    name: String,
    submitted_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct FailureItem {
    code: String,
    message: String,
}

impl From<&Job> for JobItem {
    fn from(job: &Job) -> Self {
        Self {
            schema: 1,
            job_id: job.id.to_string(),
            user_id: job.owner.to_string(),
            version: job.version,
            status: job.status.as_str().to_owned(),
            progress: job.progress,
            created_at: job.created_at,
            updated_at: job.updated_at,
            finished_at: job.finished_at,
            deadline_at: job.deadline_at,
            active: (!job.status.is_terminal()).then(|| ACTIVE.to_owned()),
            brief: BriefItem::from(&job.brief),
            photos: job.photos.iter().map(PhotoItem::from).collect(),
            callback_url: job.callback_url.clone(),
            metadata: job.metadata.clone(),
            images_token: job.images_token.clone(),
            estimated_micro_usd: job.estimated_cost.0,
            images: job.images.iter().map(ImageItem::from).collect(),
            shots: job.shots.iter().map(ShotItem::from).collect(),
            prepared: job.prepared.iter().map(PreparedItem::from).collect(),
            files: job.files.as_ref().map(FilesItem::from),
            submission_claimed_at: job.submission_claimed_at,
            batch: job.batch.as_ref().map(BatchItem::from),
            failure: job.failure.as_ref().map(|failure| FailureItem {
                code: failure.code.as_str().to_owned(),
                message: failure.message.clone(),
            }),
        }
    }
}

impl TryFrom<JobItem> for Job {
    type Error = Corrupt;

    fn try_from(item: JobItem) -> Result<Self, Corrupt> {
        Ok(Self {
            id: item.job_id.parse().map_err(|_| Corrupt("job id"))?,
            owner: item.user_id.parse().map_err(|_| Corrupt("user id"))?,
            version: item.version,
            status: Status::parse(&item.status).ok_or(Corrupt("status"))?,
            progress: item.progress,
            created_at: item.created_at,
            updated_at: item.updated_at,
            finished_at: item.finished_at,
            deadline_at: item.deadline_at,
            brief: item.brief.try_into()?,
            photos: item
                .photos
                .into_iter()
                .map(PhotoSource::try_from)
                .collect::<Result<_, _>>()?,
            callback_url: item.callback_url,
            metadata: item.metadata,
            images_token: item.images_token,
            estimated_cost: MicroUsd(item.estimated_micro_usd),
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
            files: item.files.map(ProviderFiles::from),
            submission_claimed_at: item.submission_claimed_at,
            batch: item.batch.map(Batch::from),
            failure: item.failure.map(Failure::try_from).transpose()?,
        })
    }
}

impl From<&Brief> for BriefItem {
    fn from(brief: &Brief) -> Self {
        let product = brief.product.clone();
        Self {
            title: product.title,
            description: product.description,
            category: product.category,
            brand: product.brand,
            language: product.language,
            brief: brief.brief.clone(),
            style: brief.style.clone(),
            count: brief.count,
            aspect_ratio: brief.aspect_ratio.as_str().to_owned(),
            image_size: brief.image_size.as_str().to_owned(),
        }
    }
}

impl TryFrom<BriefItem> for Brief {
    type Error = Corrupt;

    fn try_from(item: BriefItem) -> Result<Self, Corrupt> {
        Ok(Self {
            product: ProductDetails {
                title: item.title,
                description: item.description,
                category: item.category,
                brand: item.brand,
                language: item.language,
            },
            brief: item.brief,
            style: item.style,
            count: item.count,
            aspect_ratio: AspectRatio::parse(&item.aspect_ratio).ok_or(Corrupt("aspect ratio"))?,
            image_size: ImageSize::parse(&item.image_size).ok_or(Corrupt("image size"))?,
        })
    }
}

impl From<&PhotoSource> for PhotoItem {
    fn from(source: &PhotoSource) -> Self {
        match source {
            PhotoSource::Upload(id) => Self::Upload(id.to_string()),
            PhotoSource::Url(url) => Self::Url(url.clone()),
        }
    }
}

impl TryFrom<PhotoItem> for PhotoSource {
    type Error = Corrupt;

    fn try_from(item: PhotoItem) -> Result<Self, Corrupt> {
        match item {
            PhotoItem::Upload(id) => id.parse().map(Self::Upload).map_err(|_| Corrupt("upload id")),
            PhotoItem::Url(url) => Ok(Self::Url(url)),
        }
    }
}

impl From<&Image> for ImageItem {
    fn from(image: &Image) -> Self {
        let state = match &image.state {
            ImageState::Pending => ImageStateItem::Pending,
            ImageState::Ready(stored) => ImageStateItem::Ready {
                extension: stored.format.extension().to_owned(),
                width: stored.width,
                height: stored.height,
                bytes: stored.bytes,
                sha256: stored.sha256.clone(),
            },
            ImageState::Failed { reason, message } => ImageStateItem::Failed {
                reason: reason.as_str().to_owned(),
                message: message.clone(),
            },
        };
        Self {
            id: image.id.to_string(),
            state,
        }
    }
}

impl TryFrom<ImageItem> for Image {
    type Error = Corrupt;

    fn try_from(item: ImageItem) -> Result<Self, Corrupt> {
        let state = match item.state {
            ImageStateItem::Pending => ImageState::Pending,
            ImageStateItem::Ready {
                extension,
                width,
                height,
                bytes,
                sha256,
            } => ImageState::Ready(StoredImage {
                format: ImageFormat::from_extension(&extension).ok_or(Corrupt("image format"))?,
                width,
                height,
                bytes,
                sha256,
            }),
            ImageStateItem::Failed { reason, message } => ImageState::Failed {
                reason: ImageFailureReason::parse(&reason).ok_or(Corrupt("image failure reason"))?,
                message,
            },
        };
        Ok(Self {
            id: item.id.parse().map_err(|_| Corrupt("image id"))?,
            state,
        })
    }
}

impl From<&Shot> for ShotItem {
    fn from(shot: &Shot) -> Self {
        Self {
            title: shot.title.clone(),
            kind: shot.kind.as_str().to_owned(),
            prompt: shot.prompt.clone(),
            aspect_ratio: shot.aspect_ratio.as_str().to_owned(),
            alt: shot.alt.clone(),
        }
    }
}

impl TryFrom<ShotItem> for Shot {
    type Error = Corrupt;

    fn try_from(item: ShotItem) -> Result<Self, Corrupt> {
        Ok(Self {
            title: item.title,
            kind: ShotKind::parse(&item.kind).ok_or(Corrupt("shot kind"))?,
            prompt: item.prompt,
            aspect_ratio: AspectRatio::parse(&item.aspect_ratio).ok_or(Corrupt("aspect ratio"))?,
            alt: item.alt,
        })
    }
}

impl From<&PreparedPhoto> for PreparedItem {
    fn from(photo: &PreparedPhoto) -> Self {
        Self {
            key: photo.key.clone(),
            content_type: photo.format.content_type().to_owned(),
            bytes: photo.bytes,
        }
    }
}

impl TryFrom<PreparedItem> for PreparedPhoto {
    type Error = Corrupt;

    fn try_from(item: PreparedItem) -> Result<Self, Corrupt> {
        let format = PhotoFormat::from_content_type(&item.content_type).ok_or(Corrupt("photo format"))?;
        Ok(Self {
            key: item.key,
            format,
            bytes: item.bytes,
        })
    }
}

impl From<&ProviderFiles> for FilesItem {
    fn from(files: &ProviderFiles) -> Self {
        let photo = |file: &ProviderFile| FileItem {
            uri: file.uri.clone(),
            content_type: file.content_type.clone(),
        };
        Self {
            photos: files.photos.iter().map(photo).collect(),
            requests: files.requests.clone(),
            uploaded_at: files.uploaded_at,
        }
    }
}

impl From<FilesItem> for ProviderFiles {
    fn from(item: FilesItem) -> Self {
        let photo = |file: FileItem| ProviderFile {
            uri: file.uri,
            content_type: file.content_type,
        };
        Self {
            photos: item.photos.into_iter().map(photo).collect(),
            requests: item.requests,
            uploaded_at: item.uploaded_at,
        }
    }
}

impl From<&Batch> for BatchItem {
    fn from(batch: &Batch) -> Self {
        Self {
            name: batch.name.clone(),
            submitted_at: batch.submitted_at,
            total: batch.counts.map(|counts| counts.total),
            done: batch.counts.map(|counts| counts.done),
        }
    }
}

impl From<BatchItem> for Batch {
    fn from(item: BatchItem) -> Self {
        let counts = item
            .total
            .zip(item.done)
            .map(|(total, done)| BatchCounts { total, done });
        Self {
            name: item.name,
            submitted_at: item.submitted_at,
            counts,
        }
    }
}

impl TryFrom<FailureItem> for Failure {
    type Error = Corrupt;

    fn try_from(item: FailureItem) -> Result<Self, Corrupt> {
        let code = FailureCode::parse(&item.code).ok_or(Corrupt("failure code"))?;
        Ok(Self {
            code,
            message: item.message,
        })
    }
}
