//! Bytes on disk that go away with their last owner.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use image::ImageReader;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// The directory in which everything lies; removed when the server ends.
#[derive(Debug)]
pub(crate) struct Scratch {
    directory: TempDir,
    last: AtomicU64,
}

impl Scratch {
    /// A new, empty directory.
    pub(crate) fn new() -> io::Result<Self> {
        let directory = tempfile::Builder::new().prefix("fake-google-").tempdir()?;
        Ok(Self {
            directory,
            last: AtomicU64::new(0),
        })
    }

    /// A path that nothing else uses.
    pub(crate) fn fresh_path(&self) -> PathBuf {
        let number = self.last.fetch_add(1, Ordering::Relaxed);
        self.directory.path().join(format!("{number:08}"))
    }

    /// Writes bytes down.
    pub(crate) fn store(&self, bytes: &[u8]) -> io::Result<Arc<Blob>> {
        let path = self.fresh_path();
        fs::write(&path, bytes)?;
        Ok(Arc::new(Blob {
            path,
            length: bytes.len() as u64,
            digest: OnceLock::new(),
        }))
    }
}

/// Bytes on disk.
#[derive(Debug)]
pub(crate) struct Blob {
    path: PathBuf,
    length: u64,
    digest: OnceLock<[u8; 32]>,
}

impl Blob {
    /// Takes over a file that is complete.
    pub(crate) fn adopt(path: PathBuf) -> io::Result<Arc<Self>> {
        let length = fs::metadata(&path)?.len();
        Ok(Arc::new(Self {
            path,
            length,
            digest: OnceLock::new(),
        }))
    }

    /// Where it lies, for as long as this value lives.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Length in bytes.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// All of it.
    pub(crate) fn read(&self) -> io::Result<Vec<u8>> {
        fs::read(&self.path)
    }

    /// SHA-256 of its bytes; of nothing if they cannot be read.
    pub(crate) fn digest(&self) -> [u8; 32] {
        *self
            .digest
            .get_or_init(|| Sha256::digest(self.read().unwrap_or_default()).into())
    }

    /// Width and height, if it is a picture in a known format.
    pub(crate) fn picture_size(&self) -> Option<(u32, u32)> {
        ImageReader::open(&self.path)
            .ok()?
            .with_guessed_format()
            .ok()?
            .into_dimensions()
            .ok()
    }
}

impl Drop for Blob {
    fn drop(&mut self) {
        // A file that is already gone is what was wanted.
        let _ = fs::remove_file(&self.path);
    }
}
