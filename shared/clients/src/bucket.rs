//! The bucket with photos (`uploads/`) and images (`images/`).

mod removal;
mod signing;

use std::{io, path::Path};

use aws_config::SdkConfig;
use aws_sdk_s3::{
    Client,
    config::{Builder, RequestChecksumCalculation},
    error::SdkError,
    operation::{get_object::GetObjectError, head_object::HeadObjectError},
    primitives::ByteStream,
};
use bytes::Bytes;
use packshot_domain::{
    id::{JobId, UploadId, UserId},
    job::{Job, PhotoSource},
    photo::PhotoFormat,
};

pub use self::signing::{PresignedUpload, UPLOAD_VALID_FOR, UploadTerms};
use crate::{
    config::{self, Missing, env},
    error::AwsError,
};

/// What the keys of all of a user's photos begin with. They carry their owner, so that nobody's id reaches somebody else's
/// photo.
pub fn photos_of(owner: UserId) -> String {
    format!("uploads/{owner}/")
}

/// The key of an uploaded photo.
pub fn upload_key(owner: UserId, upload: UploadId) -> String {
    format!("{}{upload}", photos_of(owner))
}

/// The key of a photo as prepared for Gemini.
pub fn prepared_photo_key(owner: UserId, job: JobId, number: usize, extension: &str) -> String {
    format!("{}{job}/photo-{number}.{extension}", photos_of(owner))
}

/// The key of a photo that was copied from its owner's Drive, as it was there.
pub fn copied_photo_key(owner: UserId, job: JobId, number: usize) -> String {
    format!("uploads/{owner}/{job}/copy-{number}")
}

/// The keys of every file of a job, whether it is there or not: its uploads, which are no other job's, and all that the
/// workflow may have stored. Images are named by their place and type, so that nobody needs the right to list the bucket to
/// remove them.
pub fn files_of(job: &Job) -> Vec<String> {
    let names = job.file_names().into_iter();
    let images = names.map(|name| job.image_path(&name));
    let prepared = (1..=job.photos.len()).flat_map(|number| {
        PhotoFormat::ALL
            .map(|format| prepared_photo_key(job.owner, job.id, number, format.extension()))
            .into_iter()
    });
    let uploads = job
        .photos
        .iter()
        .zip(1..)
        .filter_map(|(photo, number)| match photo {
            PhotoSource::Upload(id) => Some(upload_key(job.owner, *id)),
            PhotoSource::Drive(_) => Some(copied_photo_key(job.owner, job.id, number)),
            PhotoSource::Url(_) => None,
        });
    images.chain(prepared).chain(uploads).collect()
}

/// A file's size and declared type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Bytes.
    pub size: u64,
    /// The media type that was declared when it was put.
    pub content_type: Option<String>,
}

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not there.
    #[error("{0} is not in the bucket")]
    NotFound(String),
    /// It is larger than the caller can take.
    #[error("{0} is larger than allowed")]
    TooLarge(String),
    /// The bucket could not be read.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

/// The content of a file that is put into the bucket.
pub type FileBody = ByteStream;

/// A local file as a body: it is read while it is sent, so that memory does not hold it whole.
///
/// # Errors
///
/// Where the file cannot be opened.
pub async fn file_body(path: &Path) -> io::Result<FileBody> {
    ByteStream::from_path(path).await.map_err(io::Error::other)
}

/// The bucket.
#[derive(Debug, Clone)]
pub struct Bucket {
    client: Client,
    name: String,
}

impl Bucket {
    /// The bucket that the environment names.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self::new(config, config::require(env::IMAGES_BUCKET)?))
    }

    /// The bucket of this name.
    pub fn new(config: &SdkConfig, name: String) -> Self {
        // Otherwise a presigned PUT would carry the checksum of an empty body
        // (https://github.com/awslabs/aws-sdk-rust/discussions/1103).
        let config = Builder::from(config)
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .build();
        Self {
            client: Client::from_conf(config),
            name,
        }
    }

    /// A file's size and type.
    pub async fn head(&self, key: &str) -> Result<Head, ReadError> {
        let reply = self.client.head_object().bucket(&self.name).key(key).send().await;
        match reply {
            Ok(head) => Ok(Head {
                size: head
                    .content_length
                    .and_then(|size| u64::try_from(size).ok())
                    .unwrap_or(0),
                content_type: head.content_type,
            }),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(HeadObjectError::is_not_found)
                    || is_hidden(&error) =>
            {
                Err(ReadError::NotFound(key.to_owned()))
            }
            Err(error) => Err(AwsError::new(format!("looking at {key}"), error).into()),
        }
    }

    /// A whole file of at most `most` bytes.
    pub async fn get(&self, key: &str, most: u64) -> Result<Bytes, ReadError> {
        let object = match self.client.get_object().bucket(&self.name).key(key).send().await {
            Ok(object) => object,
            Err(error) if is_missing(&error) => return Err(ReadError::NotFound(key.to_owned())),
            Err(error) => return Err(AwsError::new(format!("reading {key}"), error).into()),
        };
        if object
            .content_length
            .and_then(|size| u64::try_from(size).ok())
            .is_some_and(|size| size > most)
        {
            return Err(ReadError::TooLarge(key.to_owned()));
        }
        let body = object
            .body
            .collect()
            .await
            .map_err(|error| AwsError::new(format!("reading {key}"), error))?;
        Ok(body.into_bytes())
    }

    /// Puts a private file.
    pub async fn put(&self, key: &str, content_type: &str, bytes: Bytes) -> Result<(), AwsError> {
        self.put_with(key, content_type, None, ByteStream::from(bytes))
            .await
    }

    /// Puts a private file that is read while it is sent.
    pub async fn put_body(&self, key: &str, content_type: &str, body: FileBody) -> Result<(), AwsError> {
        self.put_with(key, content_type, None, body).await
    }

    /// Puts a file whose address never shows anything else, so that caches may keep it for good.
    pub async fn put_immutable(
        &self,
        key: &str,
        content_type: &str,
        body: ByteStream,
    ) -> Result<(), AwsError> {
        self.put_with(
            key,
            content_type,
            Some("public, max-age=31536000, immutable"),
            body,
        )
        .await
    }

    async fn put_with(
        &self,
        key: &str,
        content_type: &str,
        cache: Option<&str>,
        body: ByteStream,
    ) -> Result<(), AwsError> {
        self.client
            .put_object()
            .bucket(&self.name)
            .key(key)
            .content_type(content_type)
            .set_cache_control(cache.map(str::to_owned))
            .body(body)
            .send()
            .await
            .map(drop)
            .map_err(|error| AwsError::new(format!("writing {key}"), error))
    }
}

fn is_missing(error: &SdkError<GetObjectError>) -> bool {
    error
        .as_service_error()
        .is_some_and(GetObjectError::is_no_such_key)
        || is_hidden(error)
}

/// S3 says "no such key" only to those who may list the bucket; to others it says "access denied", so that names
/// cannot be probed. Those of our functions that read may not list, hence a 403 for a key of ours means that it is not there.
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>,
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html>)
fn is_hidden<E>(error: &SdkError<E>) -> bool {
    error
        .raw_response()
        .is_some_and(|response| response.status().as_u16() == 403)
}
