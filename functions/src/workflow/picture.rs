//! A picture that Gemini made: finding it in the answer, checking it, storing it with its thumbnail.

use bytes::Bytes;
use packshot_clients::{bucket::Bucket, gemini::Row};
use packshot_domain::{
    batch,
    image::{ImageFailureReason, ImageState, StoredImage},
    job::Job,
};
use packshot_pictures::made::{self, CheckedPicture};
use tracing::warn;

use crate::runtime::TaskError;

/// The most that is kept of Gemini's words about one image.
const MAX_WORDS: usize = 500;

/// What an answer for one image brings.
pub(super) enum Found {
    /// A picture's file.
    Picture(Vec<u8>),
    /// The reason why there is none.
    Nothing(ImageState),
}

/// Reads what Gemini answered for one image.
pub(super) fn found_in(row: Row<'_>) -> Found {
    let failed = |reason, words: Option<&str>| Found::Nothing(failed(reason, words));
    match row {
        Row::Picture(base64) => match made::from_base64(&base64) {
            Some(bytes) => Found::Picture(bytes),
            None => failed(
                ImageFailureReason::ProviderError,
                Some("The picture that came is not base64."),
            ),
        },
        Row::NoPicture {
            finish_reason,
            block_reason,
            words,
        } => failed(
            batch::reason_without_image(finish_reason.as_deref(), block_reason.as_deref()),
            words.as_deref(),
        ),
        Row::Error { code, message } => {
            let words = format!("{message} (code {code})");
            failed(ImageFailureReason::ProviderError, Some(&words))
        }
    }
}

/// An image that will not come, with the beginning of the words that explain it.
pub(super) fn failed(reason: ImageFailureReason, words: Option<&str>) -> ImageState {
    let message = words.map(|words| words.trim().chars().take(MAX_WORDS).collect::<String>());
    ImageState::Failed {
        reason,
        message: message.filter(|words| !words.is_empty()),
    }
}

/// A picture after it was checked: in the bucket, or refused for this reason.
pub(super) enum Kept {
    /// It is stored; its bytes, byte for byte as they came, are for the archive.
    Stored(StoredImage, Bytes),
    /// It cannot be used.
    Refused(ImageState),
}

/// Checks a picture and stores it with its thumbnail.
pub(super) async fn keep(
    bucket: &Bucket,
    job: &Job,
    index: usize,
    attempt: u32,
    bytes: Vec<u8>,
) -> Result<Kept, TaskError> {
    match check(job, index, bytes).await? {
        Ok(picture) => store(bucket, job, index, attempt, picture).await,
        Err(refused) => Ok(Kept::Refused(refused)),
    }
}

/// Decodes a picture and makes its thumbnail; or the reason why it cannot be used.
async fn check(
    job: &Job,
    index: usize,
    bytes: Vec<u8>,
) -> Result<Result<CheckedPicture, ImageState>, TaskError> {
    let checked = tokio::task::spawn_blocking(move || made::check(bytes)).await;
    Ok(checked.map_err(TaskError::bug)?.map_err(|problem| {
        warn!(job.id = %job.id, image = index + 1, %problem, "Gemini's picture cannot be used");
        let words = format!("The picture that came cannot be used: {problem}.");
        failed(ImageFailureReason::ProviderError, Some(&words))
    }))
}

/// Stores a picture with its thumbnail. The keys are fixed by the image's place and the retry that it came from, so that a
/// second run stores the same things again.
async fn store(
    bucket: &Bucket,
    job: &Job,
    index: usize,
    attempt: u32,
    picture: CheckedPicture,
) -> Result<Kept, TaskError> {
    let CheckedPicture {
        stored,
        bytes,
        thumbnail,
    } = picture;
    let (image_key, thumbnail_key) = (
        job.image_path(&Job::image_file_name(index, attempt, stored.format)),
        job.image_path(&Job::thumbnail_file_name(index, attempt)),
    );
    tokio::try_join!(
        bucket.put_immutable(&image_key, stored.format.content_type(), bytes.clone().into()),
        bucket.put_immutable(&thumbnail_key, "image/webp", thumbnail.into()),
    )?;
    Ok(Kept::Stored(stored, bytes))
}
