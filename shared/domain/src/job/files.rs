//! What the files of a job are called below its unguessable folder. A name never shows anything else: what is made again
//! gets a name of its own.

use super::Job;
use crate::{
    id::ImageId,
    image::{Image, ImageFormat, StoredImage},
};

/// The archive of a job as its batch left it.
const ARCHIVE: &str = "images";

impl Job {
    /// The path of one stored file below the site's root: `images/<token>/<name>`.
    pub fn image_path(&self, file_name: &str) -> String {
        format!("images/{}/{file_name}", self.images_token)
    }

    /// The file name of an image: its frame number, the number of its retry, its type's ending (`04.png`, `04-2.png`).
    pub fn image_file_name(index: usize, attempt: u32, format: ImageFormat) -> String {
        format!("{}.{}", stem(index, attempt), format.extension())
    }

    /// The file name of an image's thumbnail.
    pub fn thumbnail_file_name(index: usize, attempt: u32) -> String {
        format!("{}-thumbnail.webp", stem(index, attempt))
    }

    /// The file name of the archive: `images.zip` after the job, `images-04-2.zip` after a retry.
    pub fn archive_file_name(index: usize, attempt: u32) -> String {
        match attempt {
            0 => format!("{ARCHIVE}.zip"),
            _ => format!("{ARCHIVE}-{}.zip", stem(index, attempt)),
        }
    }

    /// The name of every file that the workflow may have stored, whether it is there or not.
    pub fn file_names(&self) -> Vec<String> {
        let mut names = vec![Self::archive_file_name(0, 0)];
        for (index, image) in self.images.iter().enumerate() {
            let attempts = image.retry.as_ref().map_or(0, |retry| retry.attempt);
            for attempt in 0..=attempts {
                names.extend(ImageFormat::ALL.map(|format| Self::image_file_name(index, attempt, format)));
                names.push(Self::thumbnail_file_name(index, attempt));
            }
            names.extend((1..=attempts).map(|attempt| Self::archive_file_name(index, attempt)));
        }
        names
    }

    /// The place of an image in the job.
    pub fn index_of(&self, image: ImageId) -> Option<usize> {
        self.images.iter().position(|other| other.id == image)
    }
}

impl Image {
    /// The name of its picture's file, `index` being its place in the job.
    pub fn file_name(&self, index: usize, stored: &StoredImage) -> String {
        Job::image_file_name(index, self.attempt, stored.format)
    }
}

/// Frame numbers begin at 1, and the second picture of an image is its first retry.
fn stem(index: usize, attempt: u32) -> String {
    match attempt {
        0 => format!("{:02}", index + 1),
        _ => format!("{:02}-{}", index + 1, attempt + 1),
    }
}
