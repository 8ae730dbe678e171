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

/// As what a photo is in the bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptPhoto<'a> {
    /// As Gemini saw it.
    Prepared(&'a PreparedPhoto),
    /// As it was uploaded.
    Upload(UploadId),
    /// As it was in its owner's Drive.
    Copy,
}

impl Job {
    /// As what a photo is in the bucket, as far as the row tells; `None` where it has not come there yet, as those from
    /// elsewhere do when the job begins.
    pub fn kept_photo(&self, index: usize) -> Option<KeptPhoto<'_>> {
        if let Some(prepared) = self.prepared.get(index) {
            return Some(KeptPhoto::Prepared(prepared));
        }
        match self.photos.get(index)? {
            PhotoSource::Upload(id) => Some(KeptPhoto::Upload(*id)),
            PhotoSource::Drive(photo) if photo.is_copied => Some(KeptPhoto::Copy),
            PhotoSource::Drive(_) | PhotoSource::Url(_) => None,
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

#[cfg(test)]
mod tests {
    use super::{super::tests::submitted, *};
    use crate::drive::{FileId, FileRef};

    #[test]
    fn a_photo_is_kept_as_the_latest_that_was_made_of_it() {
        let mut job = submitted();
        let upload = UploadId::from_uuid(uuid::Uuid::nil());
        let of_drive = |is_copied| {
            PhotoSource::Drive(DrivePhoto {
                file: FileRef::plain(FileId::root()),
                name: "cup.jpg".to_owned(),
                is_copied,
            })
        };
        let url = "https://shop.example/cup.jpg".parse().expect("a URL");
        job.photos = vec![
            PhotoSource::Upload(upload),
            PhotoSource::Url(url),
            of_drive(false),
            of_drive(true),
        ];
        job.prepared = Vec::new();
        let kept: Vec<_> = (0..5).map(|index| job.kept_photo(index)).collect();
        assert_eq!(
            kept,
            [
                Some(KeptPhoto::Upload(upload)),
                None,
                None,
                Some(KeptPhoto::Copy),
                None
            ]
        );

        let prepared = PreparedPhoto {
            key: "uploads/1".to_owned(),
            format: PhotoFormat::Jpeg,
            bytes: 1,
        };
        job.prepared = vec![prepared.clone(); 4];
        let is_prepared = |index| job.kept_photo(index) == Some(KeptPhoto::Prepared(&prepared));
        assert!((0..4).all(is_prepared) && !is_prepared(4));
    }
}
