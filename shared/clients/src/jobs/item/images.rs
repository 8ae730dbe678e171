//! Images and their retries in a job's row.

use jiff::Timestamp;
use packshot_domain::{
    image::{Image, ImageFailureReason, ImageFormat, ImageState, StoredImage},
    job::{Batch, NewRetry, ProviderFiles, Retry, RetryOutcome, Round},
    money::MicroUsd,
};
use serde::{Deserialize, Serialize};

use super::{
    Corrupt,
    parts::{BatchItem, FilesItem},
};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ImageItem {
    id: String,
    #[serde(flatten)]
    state: ImageStateItem,
    #[serde(default)]
    attempt: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prompt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry: Option<RetryItem>,
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
struct RetryItem {
    attempt: u32,
    requested_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
    deadline_at: Timestamp,
    event_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<String>,
    estimated_micro_usd: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    micro_usd: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<FilesItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    submission_claimed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch: Option<BatchItem>,
    outcome: OutcomeItem,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum OutcomeItem {
    Pending,
    Ready,
    Failed {
        reason: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
}

impl From<&Image> for ImageItem {
    fn from(image: &Image) -> Self {
        Self {
            id: image.id.to_string(),
            state: ImageStateItem::from(&image.state),
            attempt: image.attempt,
            prompt: image.prompt.clone(),
            retry: image.retry.as_ref().map(RetryItem::from),
        }
    }
}

impl From<&ImageState> for ImageStateItem {
    fn from(state: &ImageState) -> Self {
        match state {
            ImageState::Pending => Self::Pending,
            ImageState::Ready(stored) => Self::Ready {
                extension: stored.format.extension().to_owned(),
                width: stored.width,
                height: stored.height,
                bytes: stored.bytes,
                sha256: stored.sha256.clone(),
            },
            ImageState::Failed { reason, message } => Self::Failed {
                reason: reason.as_str().to_owned(),
                message: message.clone(),
            },
        }
    }
}

impl From<&Retry> for RetryItem {
    fn from(retry: &Retry) -> Self {
        Self {
            attempt: retry.attempt,
            requested_at: retry.requested_at,
            ended_at: retry.ended_at,
            deadline_at: retry.request.deadline_at,
            event_id: retry.request.event.to_string(),
            key_id: retry.request.key.map(|key| key.to_string()),
            prompt: retry.request.prompt.clone(),
            estimated_micro_usd: retry.request.estimated_cost.0,
            micro_usd: retry.cost.map(|cost| cost.0),
            files: retry.round.files.as_ref().map(FilesItem::from),
            submission_claimed_at: retry.round.submission_claimed_at,
            batch: retry.round.batch.as_ref().map(BatchItem::from),
            outcome: match &retry.outcome {
                RetryOutcome::Pending => OutcomeItem::Pending,
                RetryOutcome::Ready => OutcomeItem::Ready,
                RetryOutcome::Failed { reason, message } => OutcomeItem::Failed {
                    reason: reason.as_str().to_owned(),
                    message: message.clone(),
                },
            },
        }
    }
}

impl TryFrom<ImageItem> for Image {
    type Error = Corrupt;

    fn try_from(item: ImageItem) -> Result<Self, Corrupt> {
        Ok(Self {
            id: item.id.parse().map_err(|_| Corrupt("image id"))?,
            state: item.state.try_into()?,
            attempt: item.attempt,
            prompt: item.prompt,
            retry: item.retry.map(Retry::try_from).transpose()?,
        })
    }
}

impl TryFrom<ImageStateItem> for ImageState {
    type Error = Corrupt;

    fn try_from(item: ImageStateItem) -> Result<Self, Corrupt> {
        Ok(match item {
            ImageStateItem::Pending => Self::Pending,
            ImageStateItem::Ready {
                extension,
                width,
                height,
                bytes,
                sha256,
            } => Self::Ready(StoredImage {
                format: ImageFormat::from_extension(&extension).ok_or(Corrupt("image format"))?,
                width,
                height,
                bytes,
                sha256,
            }),
            ImageStateItem::Failed { reason, message } => Self::Failed {
                reason: failure_reason(&reason)?,
                message,
            },
        })
    }
}

impl TryFrom<RetryItem> for Retry {
    type Error = Corrupt;

    fn try_from(item: RetryItem) -> Result<Self, Corrupt> {
        let key = item.key_id.map(|key| key.parse()).transpose();
        Ok(Self {
            attempt: item.attempt,
            requested_at: item.requested_at,
            ended_at: item.ended_at,
            request: NewRetry {
                prompt: item.prompt,
                key: key.map_err(|_| Corrupt("key id"))?,
                deadline_at: item.deadline_at,
                estimated_cost: MicroUsd(item.estimated_micro_usd),
                event: item.event_id.parse().map_err(|_| Corrupt("event id"))?,
            },
            round: Round {
                files: item.files.map(ProviderFiles::from),
                submission_claimed_at: item.submission_claimed_at,
                batch: item.batch.map(Batch::from),
            },
            cost: item.micro_usd.map(MicroUsd),
            outcome: match item.outcome {
                OutcomeItem::Pending => RetryOutcome::Pending,
                OutcomeItem::Ready => RetryOutcome::Ready,
                OutcomeItem::Failed { reason, message } => RetryOutcome::Failed {
                    reason: failure_reason(&reason)?,
                    message,
                },
            },
        })
    }
}

fn failure_reason(name: &str) -> Result<ImageFailureReason, Corrupt> {
    ImageFailureReason::parse(name).ok_or(Corrupt("image failure reason"))
}
