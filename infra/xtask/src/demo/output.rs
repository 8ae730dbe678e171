//! The folder that a demo leaves.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::Error;

/// The files that a demo writes besides the images.
const FILES: [&str; 5] = [
    "contact-sheet.png",
    "job.json",
    "images.zip",
    "email.html",
    "webhook.json",
];
/// The endings that an image may have.
const EXTENSIONS: [&str; 3] = ["png", "jpg", "webp"];

/// The folder of results.
#[derive(Debug)]
pub(crate) struct Output {
    folder: PathBuf,
}

impl Output {
    /// Makes the folder, and takes away what an earlier demo has left in it, and nothing else.
    pub(crate) fn prepare(folder: &Path) -> Result<Self, Error> {
        let cannot = |source| Error::Usage(format!("cannot write to {}: {source}", folder.display()));
        std::fs::create_dir_all(folder).map_err(cannot)?;
        for entry in std::fs::read_dir(folder).map_err(cannot)?.flatten() {
            if is_ours(&entry.file_name().to_string_lossy()) {
                std::fs::remove_file(entry.path()).map_err(cannot)?;
            }
        }
        Ok(Self {
            folder: folder.to_path_buf(),
        })
    }

    /// Where it is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.folder.join(name);
        std::fs::write(&path, bytes).map_err(Error::file("write", path))
    }

    /// Writes a value as JSON that people can read.
    pub(crate) fn write_json<T: Serialize>(&self, name: &str, value: &T) -> Result<(), Error> {
        let mut text =
            serde_json::to_vec_pretty(value).expect("these values have no keys that JSON cannot hold");
        text.push(b'\n');
        self.write(name, &text)
    }
}

fn is_ours(name: &str) -> bool {
    let is_image = name.split_once('.').is_some_and(|(stem, extension)| {
        let number = stem.strip_suffix("-again").unwrap_or(stem);
        number.len() == 2
            && number.bytes().all(|digit| digit.is_ascii_digit())
            && EXTENSIONS.contains(&extension)
    });
    is_image || FILES.contains(&name)
}

/// How many files an archive holds, each of which can be read.
pub(crate) fn count_in_archive(bytes: &[u8]) -> Result<usize, Error> {
    let unreadable =
        |error: zip::result::ZipError| Error::Demo(format!("the archive cannot be read: {error}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(unreadable)?;
        // Reading to the end checks the file's checksum.
        std::io::copy(&mut file, &mut std::io::sink()).map_err(|error| unreadable(error.into()))?;
    }
    Ok(archive.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_demo_has_left_is_taken_away() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for name in [
            "01.png",
            "10.webp",
            "10-again.jpg",
            "job.json",
            "notes.txt",
            "01.psd",
            "001.png",
        ] {
            std::fs::write(folder.path().join(name), "").expect("it can be written");
        }
        let output = Output::prepare(folder.path()).expect("the folder is there");
        let mut left: Vec<_> = std::fs::read_dir(output.folder())
            .expect("the folder is there")
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        left.sort();
        assert_eq!(left, ["001.png", "01.psd", "notes.txt"]);
    }

    #[test]
    fn a_broken_archive_is_told() {
        assert!(count_in_archive(b"PK no archive").is_err());
    }
}
