//! Addresses of private files that are signed: whoever has one may read or put that file, for a while.

use std::time::Duration;

use aws_sdk_s3::presigning::PresigningConfig;
use url::Url;

use super::Bucket;
use crate::error::AwsError;

/// How long a presigned upload may be begun.
pub const UPLOAD_VALID_FOR: Duration = Duration::from_mins(15);

/// How long the address of a photo is valid.
const PHOTO_VALID_FOR: Duration = Duration::from_mins(5);

/// A request that a client may make to put one photo of a fixed size, type and checksum.
#[derive(Debug)]
pub struct PresignedUpload {
    /// Where to put it.
    pub url: String,
    /// Headers that the signature covers and that must be sent as they are.
    pub headers: Vec<(String, String)>,
}

/// What a presigned upload fixes.
#[derive(Debug, Clone)]
pub struct UploadTerms {
    /// The media type.
    pub content_type: &'static str,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the file in base64, as S3 wants it.
    pub sha256_base64: Option<String>,
}

impl Bucket {
    /// Signs the address of a private file, which anybody may read by it for 5 minutes.
    pub async fn presign_get(&self, key: &str) -> Result<String, AwsError> {
        let action = || format!("signing an address of {key}");
        let validity =
            PresigningConfig::expires_in(PHOTO_VALID_FOR).map_err(|error| AwsError::new(action(), error))?;
        let request = self.client.get_object().bucket(&self.name).key(key);
        let signed = request
            .presigned(validity)
            .await
            .map_err(|error| AwsError::new(action(), error))?;
        Ok(signed.uri().to_owned())
    }

    /// Signs a PUT of exactly this file; anything else is refused by S3 itself.
    pub async fn presign_put(&self, key: &str, terms: &UploadTerms) -> Result<PresignedUpload, AwsError> {
        let action = || format!("signing an upload to {key}");
        let validity =
            PresigningConfig::expires_in(UPLOAD_VALID_FOR).map_err(|error| AwsError::new(action(), error))?;
        let size = i64::try_from(terms.size).map_err(|error| AwsError::new(action(), error))?;
        let signed = self
            .client
            .put_object()
            .bucket(&self.name)
            .key(key)
            .content_type(terms.content_type)
            .content_length(size)
            .set_checksum_sha256(terms.sha256_base64.clone())
            .presigned(validity)
            .await
            .map_err(|error| AwsError::new(action(), error))?;
        let covered = covered_headers(signed.uri());
        let headers = signed
            .headers()
            .filter(|(name, _)| covered.iter().any(|one| one == name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        Ok(PresignedUpload {
            url: signed.uri().to_owned(),
            headers: headers.collect(),
        })
    }
}

/// The headers that the signature in a presigned URL covers. The SDK lists more as sent: in a Lambda, the trace of the
/// invocation (`x-amzn-trace-id`), which is not for others to see.
fn covered_headers(url: &str) -> Vec<String> {
    let url = Url::parse(url).ok();
    let list = url.as_ref().and_then(|url| {
        url.query_pairs()
            .find(|(name, _)| name == "X-Amz-SignedHeaders")
            .map(|(_, list)| list.into_owned())
    });
    list.unwrap_or_default().split(';').map(str::to_owned).collect()
}
