//! The photos of a request, before the workflow looks at them.

use bytes::Bytes;
use futures_util::future::try_join_all;
use packshot_clients::{
    bucket::{Bucket, ReadError, upload_key},
    clock,
};
use packshot_domain::{
    id::{UploadId, UserId},
    job::PhotoSource,
    photo,
    request::{FieldError, ImageInput},
};

use crate::api::problem::ApiError;

/// Makes sure that the uploads named by id are there; every one that is not is told at once.
pub(super) async fn check_uploads(
    bucket: &Bucket,
    owner: UserId,
    images: &[ImageInput],
) -> Result<(), ApiError> {
    let checks = images.iter().enumerate().map(async |(index, image)| match image {
        ImageInput::Upload(id) => check_upload(bucket, owner, index, *id).await,
        ImageInput::Url(_) | ImageInput::Inline(_) => Ok(None),
    });
    let errors: Vec<FieldError> = try_join_all(checks).await?.into_iter().flatten().collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(ApiError::invalid_fields(errors))
    }
}

async fn check_upload(
    bucket: &Bucket,
    owner: UserId,
    index: usize,
    id: UploadId,
) -> Result<Option<FieldError>, ApiError> {
    let refuse = |code, message| Ok(Some(FieldError::new(format!("images[{index}]"), code, message)));
    match bucket.head(&upload_key(owner, id)).await {
        Ok(head) if head.size > photo::MAX_BYTES => refuse("photo_too_large", "is larger than 50 MB"),
        Ok(_) => Ok(None),
        Err(ReadError::NotFound(_) | ReadError::TooLarge(_)) => refuse(
            "upload_not_found",
            "names no finished upload of yours; uploads are kept for 7 days",
        ),
        Err(ReadError::Aws(error)) => Err(error.into()),
    }
}

/// Puts photos that came along into the bucket.
pub(super) async fn store(
    bucket: &Bucket,
    owner: UserId,
    images: Vec<ImageInput>,
) -> Result<Vec<PhotoSource>, ApiError> {
    let stored = images.into_iter().map(async |image| match image {
        ImageInput::Url(url) => Ok(PhotoSource::Url(url)),
        ImageInput::Upload(id) => Ok(PhotoSource::Upload(id)),
        ImageInput::Inline(bytes) => {
            let id = UploadId::from_uuid(clock::new_uuid());
            let key = upload_key(owner, id);
            bucket
                .put(&key, "application/octet-stream", Bytes::from(bytes))
                .await?;
            Ok(PhotoSource::Upload(id))
        }
    });
    try_join_all(stored).await
}
