//! `images.zip`: the images with a manifest, written to a file while the images pass by.

use std::{
    fs::File,
    io::{self, Write},
};

use packshot_clients::bucket::{Bucket, FileBody};
use packshot_domain::{
    image::{Image, ImageState},
    job::Job,
    money::MicroUsd,
};
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::runtime::TaskError;

/// An image that Gemini made is not larger than this; see `Limits` of `picture`.
const MOST_IMAGE_BYTES: u64 = 64 * 1024 * 1024;

/// An archive that is being written.
pub(super) struct Archive {
    file: NamedTempFile,
    zip: ZipWriter<File>,
}

/// An archive that is written.
pub(super) struct FinishedArchive(NamedTempFile);

impl Archive {
    pub(super) fn create() -> io::Result<Self> {
        let file = NamedTempFile::new()?;
        let zip = ZipWriter::new(file.reopen()?);
        Ok(Self { file, zip })
    }

    /// Adds an image as it is: its format compresses better than a second compression could.
    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.zip.start_file(
            name,
            SimpleFileOptions::default().compression_method(CompressionMethod::Stored),
        )?;
        self.zip.write_all(bytes)
    }

    pub(super) fn finish(mut self, manifest: &Value) -> io::Result<FinishedArchive> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        self.zip.start_file("manifest.json", options)?;
        self.zip
            .write_all(serde_json::to_string_pretty(manifest)?.as_bytes())?;
        self.zip.finish()?.flush()?;
        Ok(FinishedArchive(self.file))
    }
}

impl FinishedArchive {
    /// Puts it among the job's files.
    pub(super) async fn put(&self, bucket: &Bucket, job: &Job, name: &str) -> Result<(), TaskError> {
        let body = self.body().await.map_err(TaskError::transient)?;
        bucket
            .put_immutable(&job.image_path(name), "application/zip", body)
            .await?;
        Ok(())
    }

    /// The file as a body that is read while it is sent.
    async fn body(&self) -> io::Result<FileBody> {
        packshot_clients::bucket::file_body(self.0.path()).await
    }
}

/// The archive of images that are in the bucket already. They pass by one after the other, so that memory holds one.
pub(super) async fn of_stored(
    bucket: &Bucket,
    job: &Job,
    images: &[Image],
    manifest: &Value,
) -> Result<FinishedArchive, TaskError> {
    let mut archive = Archive::create().map_err(TaskError::transient)?;
    for (index, image) in images.iter().enumerate() {
        if let ImageState::Ready(stored) = &image.state {
            let name = image.file_name(index, stored);
            let bytes = bucket
                .get(&job.image_path(&name), MOST_IMAGE_BYTES)
                .await
                .map_err(TaskError::transient)?;
            archive.add(&name, &bytes).map_err(TaskError::transient)?;
        }
    }
    archive.finish(manifest).map_err(TaskError::transient)
}

/// What is in the archive, how it was made, and what is missing.
pub(super) fn manifest(job: &Job, images: &[Image], model: &str, cost: MicroUsd) -> Value {
    let entries: Vec<Value> = images
        .iter()
        .enumerate()
        .map(|(index, image)| entry(job, index, image))
        .collect();
    json!({
        "job_id": job.id.to_string(),
        "created_at": job.created_at,
        "model": model,
        "estimated_cost_usd": job.estimated_cost.to_string(),
        "actual_cost_usd": cost.to_string(),
        "metadata": job.metadata,
        "images": entries,
    })
}

fn entry(job: &Job, index: usize, image: &Image) -> Value {
    let shot = job.shots.get(index);
    let mut entry = json!({
        "id": image.id.to_string(),
        "index": index,
        "title": shot.map(|shot| &shot.title),
        "kind": shot.map(|shot| shot.kind.as_str()),
        "prompt": image.prompt.as_ref().or_else(|| shot.map(|shot| &shot.prompt)),
        "alt": shot.map(|shot| &shot.alt),
        "aspect_ratio": job.brief.aspect_ratio.as_str(),
    });
    let outcome = match &image.state {
        ImageState::Ready(stored) => json!({
            "status": "ready",
            "file": image.file_name(index, stored),
            "content_type": stored.format.content_type(),
            "width": stored.width,
            "height": stored.height,
            "bytes": stored.bytes,
            "sha256": stored.sha256,
        }),
        ImageState::Failed { reason, message } => {
            json!({"status": "failed", "reason": reason.as_str(), "message": message})
        }
        ImageState::Pending => json!({"status": "pending"}),
    };
    if let (Some(entry), Value::Object(outcome)) = (entry.as_object_mut(), outcome) {
        entry.extend(outcome);
    }
    entry
}
