//! Removing files.

use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use super::Bucket;
use crate::error::AwsError;

/// How many files one request may remove
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html>).
const MOST_REMOVED_AT_ONCE: usize = 1000;

/// S3 has removed the other files, but not this one.
#[derive(Debug, thiserror::Error)]
#[error("a file was not removed: {0}")]
struct NotRemoved(String);

impl Bucket {
    /// Removes files; that some of them are not there is fine.
    pub async fn remove(&self, keys: &[String]) -> Result<(), AwsError> {
        const ACTION: &str = "removing files";
        let objects: Vec<ObjectIdentifier> = keys
            .iter()
            .map(|key| ObjectIdentifier::builder().key(key).build())
            .collect::<Result<_, _>>()
            .map_err(|error| AwsError::new(ACTION, error))?;
        for some in objects.chunks(MOST_REMOVED_AT_ONCE) {
            let delete = Delete::builder()
                .set_objects(Some(some.to_vec()))
                .quiet(true)
                .build()
                .map_err(|error| AwsError::new(ACTION, error))?;
            let reply = self
                .client
                .delete_objects()
                .bucket(&self.name)
                .delete(delete)
                .send()
                .await
                .map_err(|error| AwsError::new(ACTION, error))?;
            if let Some(refused) = reply.errors().first() {
                return Err(AwsError::new(ACTION, NotRemoved(format!("{refused:?}"))));
            }
        }
        Ok(())
    }

    /// Removes every file whose key begins so. Only who may list the bucket there can do this.
    pub async fn remove_below(&self, prefix: &str) -> Result<(), AwsError> {
        let mut next = None;
        loop {
            let page = self
                .client
                .list_objects_v2()
                .bucket(&self.name)
                .prefix(prefix)
                .set_continuation_token(next.take())
                .send()
                .await
                .map_err(|error| AwsError::new("listing files", error))?;
            let keys = page.contents().iter().filter_map(|file| file.key.clone());
            self.remove(&keys.collect::<Vec<_>>()).await?;
            next = page.next_continuation_token;
            if next.is_none() {
                return Ok(());
            }
        }
    }
}
