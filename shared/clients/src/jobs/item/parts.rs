//! The parts of a job's row.

use jiff::Timestamp;
use packshot_domain::{
    batch::BatchCounts,
    failure::{Failure, FailureCode},
    job::{Batch, Entered, PhotoSource, PreparedPhoto, ProviderFile, ProviderFiles, Status},
    photo::PhotoFormat,
    request::{AspectRatio, Brief, ImageSize, ProductDetails},
    strategy::{Shot, ShotKind},
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Corrupt, drive::DrivePhotoItem};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EnteredItem {
    status: String,
    at: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct BriefItem {
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
pub(super) enum PhotoItem {
    Upload(String),
    Url(Url),
    Drive(DrivePhotoItem),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ShotItem {
    title: String,
    kind: String,
    prompt: String,
    aspect_ratio: String,
    alt: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PreparedItem {
    key: String,
    content_type: String,
    bytes: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FilesItem {
    photos: Vec<FileItem>,
    requests: String,
    uploaded_at: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FileItem {
    uri: String,
    content_type: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct BatchItem {
    name: String,
    submitted_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FailureItem {
    code: String,
    message: String,
}

impl From<&Entered> for EnteredItem {
    fn from(entered: &Entered) -> Self {
        Self {
            status: entered.status.as_str().to_owned(),
            at: entered.at,
        }
    }
}

impl TryFrom<EnteredItem> for Entered {
    type Error = Corrupt;

    fn try_from(item: EnteredItem) -> Result<Self, Corrupt> {
        Ok(Self {
            status: Status::parse(&item.status).ok_or(Corrupt("status in its history"))?,
            at: item.at,
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
            PhotoSource::Drive(photo) => Self::Drive(DrivePhotoItem::from(photo)),
        }
    }
}

impl TryFrom<PhotoItem> for PhotoSource {
    type Error = Corrupt;

    fn try_from(item: PhotoItem) -> Result<Self, Corrupt> {
        match item {
            PhotoItem::Upload(id) => id.parse().map(Self::Upload).map_err(|_| Corrupt("upload id")),
            PhotoItem::Url(url) => Ok(Self::Url(url)),
            PhotoItem::Drive(photo) => photo.try_into().map(Self::Drive),
        }
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

impl From<&Failure> for FailureItem {
    fn from(failure: &Failure) -> Self {
        Self {
            code: failure.code.as_str().to_owned(),
            message: failure.message.clone(),
        }
    }
}
