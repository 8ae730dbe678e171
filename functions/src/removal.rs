//! Removing what a deleted job has left in the bucket.

use std::collections::BTreeSet;

use packshot_clients::{
    bucket::{self, Bucket},
    error::AwsError,
    jobs::JobStore,
};
use packshot_domain::{
    id::UploadId,
    job::{Job, PhotoSource},
};

/// Among how many of the owner's newest jobs those are sought that have yet to read their photos. They do so in their
/// first minutes.
const NEWEST: usize = 100;

/// Removes the files of a job. That some of them are not there is fine, so that it can be repeated.
pub(crate) async fn remove_files(jobs: &JobStore, bucket: &Bucket, job: &Job) -> Result<(), AwsError> {
    let mut keys = bucket::files_of(job);
    let mut uploads: BTreeSet<_> = uploads_of(job).collect();
    if !uploads.is_empty() {
        // A photo may be named by several jobs; one that has read it has a copy of its own.
        let newest = jobs.list(job.owner, NEWEST, None, &[]).await?;
        let waiting = newest
            .jobs
            .iter()
            .filter(|job| !job.status.is_terminal() && job.prepared.is_empty());
        for upload in waiting.flat_map(uploads_of) {
            uploads.remove(&upload);
        }
    }
    keys.extend(
        uploads
            .into_iter()
            .map(|upload| bucket::upload_key(job.owner, upload)),
    );
    bucket.remove(&keys).await
}

fn uploads_of(job: &Job) -> impl Iterator<Item = UploadId> {
    job.photos.iter().filter_map(|photo| match photo {
        PhotoSource::Upload(id) => Some(*id),
        PhotoSource::Url(_) => None,
    })
}
