//! The photos of a job: where they come from, and what Gemini gets to see.

use url::Url;

use super::{DrivePhoto, Job};
use crate::{id::UploadId, photo::PhotoFormat};

/// Where the workflow finds a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoSource {
    /// In the bucket.
    Upload(UploadId),
    /// Outside, to be fetched.
    Url(Url),
    /// In its owner's Drive, to be copied first.
    Drive(DrivePhoto),
}

impl PhotoSource {
    /// The names of all kinds.
    pub const NAMES: [&str; 3] = ["upload", "url", "drive"];

    /// The name of its kind in the API.
    pub const fn as_str(&self) -> &'static str {
        let [upload, url, drive] = Self::NAMES;
        match self {
            Self::Upload(_) => upload,
            Self::Url(_) => url,
            Self::Drive(_) => drive,
        }
    }
}

impl Job {
    /// Whether a photo is in the bucket, as far as the row tells; those from elsewhere come there when the job begins.
    pub fn has_photo(&self, index: usize) -> bool {
        let is_there = |photo: &PhotoSource| match photo {
            PhotoSource::Upload(_) => true,
            PhotoSource::Drive(photo) => photo.is_copied,
            PhotoSource::Url(_) => false,
        };
        index < self.prepared.len() || self.photos.get(index).is_some_and(is_there)
    }
}

/// A photo that was checked and made ready for Gemini: upright, in one of the three formats, of sensible size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedPhoto {
    /// The key of the prepared file in the bucket.
    pub key: String,
    /// Its format.
    pub format: PhotoFormat,
    /// Its size in bytes.
    pub bytes: u64,
}
