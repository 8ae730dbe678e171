//! The photos of a job: where they come from, and what Gemini gets to see.

use url::Url;

use super::DrivePhoto;
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
