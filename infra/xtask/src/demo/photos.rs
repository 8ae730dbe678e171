//! The photos that a demo sends: the person's files, or the sample.

use std::path::{Path, PathBuf};

use crate::demo::sample;
use crate::error::Error;

/// The most photos that a job takes.
const MOST_PHOTOS: usize = 8;

/// A photo, ready to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Photo {
    /// What it is called.
    pub(crate) filename: String,
    /// What its first bytes say it is.
    pub(crate) content_type: &'static str,
    /// The file.
    pub(crate) bytes: bytes::Bytes,
}

/// Reads the photos, or draws the sample where there are none. What cannot be sent is told before anything starts.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<Photo>, Error> {
    if paths.len() > MOST_PHOTOS {
        let text = format!(
            "a job takes up to {MOST_PHOTOS} photos, and these are {}",
            paths.len()
        );
        return Err(Error::Usage(text));
    }
    if paths.is_empty() {
        let bytes = sample::draw().into();
        return Ok(vec![Photo {
            filename: "sample.png".to_owned(),
            content_type: "image/png",
            bytes,
        }]);
    }
    paths.iter().map(|path| read_one(path)).collect()
}

fn read_one(path: &Path) -> Result<Photo, Error> {
    let bytes = std::fs::read(path)
        .map_err(|source| Error::Usage(format!("cannot read the photo {}: {source}", path.display())))?;
    let content_type = content_type(&bytes).ok_or_else(|| {
        Error::Usage(format!(
            "{} is not a JPEG, PNG or WebP image, which are the photos that we take",
            path.display()
        ))
    })?;
    let filename = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Ok(Photo {
        filename,
        content_type,
        bytes: bytes.into(),
    })
}

fn content_type(bytes: &[u8]) -> Option<&'static str> {
    match image::guess_format(bytes).ok()? {
        image::ImageFormat::Jpeg => Some("image/jpeg"),
        image::ImageFormat::Png => Some("image/png"),
        image::ImageFormat::WebP => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_known_by_its_first_bytes_and_not_by_its_name() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("cup.png");
        std::fs::write(&path, [0xff, 0xd8, 0xff, 0xe0, 0, 0]).expect("it can be written");
        let photos = read(std::slice::from_ref(&path)).expect("it is a JPEG");
        assert_eq!(
            (photos[0].content_type, photos[0].filename.as_str()),
            ("image/jpeg", "cup.png")
        );
    }

    #[test]
    fn what_cannot_be_sent_is_the_command_lines_fault() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let page = folder.path().join("page.jpg");
        std::fs::write(&page, "<html>").expect("it can be written");
        for paths in [
            vec![page],
            vec![folder.path().join("none.jpg")],
            vec![PathBuf::from("a.jpg"); 9],
        ] {
            let error = read(&paths).expect_err("it cannot be sent");
            assert_eq!(error.exit_code(), 2, "{error}");
        }
    }
}
