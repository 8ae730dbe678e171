//! `images.zip`: the images with a manifest, written to a file while the images pass by.

use std::{
    fs::File,
    io::{self, Write},
};

use packshot_clients::bucket::FileBody;
use packshot_domain::{
    image::{Image, ImageState},
    job::Job,
    money::MicroUsd,
};
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

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
    /// The file as a body that is read while it is sent.
    pub(super) async fn body(&self) -> io::Result<FileBody> {
        packshot_clients::bucket::file_body(self.0.path()).await
    }
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
        "prompt": shot.map(|shot| &shot.prompt),
        "alt": shot.map(|shot| &shot.alt),
        "aspect_ratio": job.brief.aspect_ratio.as_str(),
    });
    let outcome = match &image.state {
        ImageState::Ready(stored) => json!({
            "status": "ready",
            "file": Job::image_file_name(index, stored.format.extension()),
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
