//! The files that were uploaded or generated.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::blob::Blob;
use super::paging::Page;
use crate::clock::Clock;
use crate::error::ApiError;

/// How long uploaded files are kept.
const UPLOADED_LIFE: SignedDuration = SignedDuration::from_hours(48);

/// How long results of batches are kept.
const GENERATED_LIFE: SignedDuration = SignedDuration::from_hours(6 * 7 * 24);

/// The version in a file's `uri`, whatever version the caller used.
pub(crate) const URI_VERSION: &str = "v1beta";

/// The most bytes that uploaded files of a project may take.
const PROJECT_BYTES: u64 = 20 * 1024 * 1024 * 1024;

/// Who made a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A caller. Such a file cannot be downloaded.
    Uploaded,
    /// The service. Only such a file can be downloaded.
    Generated,
}

/// A file.
#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    /// Name without `files/`.
    pub id: String,
    /// The caller's name for it.
    pub display_name: String,
    /// Media type as the caller gave it.
    pub mime_type: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Who made it.
    pub origin: Origin,
    /// When it came.
    pub created: Timestamp,
    /// Its bytes.
    pub content: Arc<Blob>,
}

impl StoredFile {
    fn expires(&self) -> Timestamp {
        let life = match self.origin {
            Origin::Uploaded => UPLOADED_LIFE,
            Origin::Generated => GENERATED_LIFE,
        };
        self.created.checked_add(life).unwrap_or(Timestamp::MAX)
    }

    /// The resource as the Files API shows it; `base` is the URL up to and with the version.
    pub(crate) fn to_json(&self, base: &str) -> Value {
        let uri = format!("{base}/files/{}", self.id);
        let mut file = json!({
            "name": format!("files/{}", self.id),
            "mimeType": self.mime_type,
            "sizeBytes": self.content.length().to_string(),
            "createTime": self.created.to_string(),
            "updateTime": self.created.to_string(),
            "expirationTime": self.expires().to_string(),
            // Not of the digest's bytes but of its hexadecimal text: seen on the real service.
            "sha256Hash": STANDARD.encode(&self.sha256),
            "uri": uri,
            "state": "ACTIVE",
            "source": "UPLOADED",
        });
        if !self.display_name.is_empty() {
            file["displayName"] = json!(self.display_name);
        }
        if self.origin == Origin::Generated {
            file["source"] = json!("GENERATED");
            file["downloadUri"] = json!(format!("{uri}:download?alt=media"));
        }
        file
    }
}

/// All files of the one project that this server has.
#[derive(Debug)]
pub(crate) struct FileStore {
    clock: Arc<Clock>,
    files: Mutex<BTreeMap<String, StoredFile>>,
}

impl FileStore {
    /// An empty store.
    pub(crate) fn new(clock: Arc<Clock>) -> Self {
        Self {
            clock,
            files: Mutex::default(),
        }
    }

    /// Adds a file, unless its name is taken or the project's space is used up.
    pub(crate) fn add(&self, file: StoredFile) -> Result<(), ApiError> {
        let mut files = self.live();
        if files.contains_key(&file.id) {
            return Err(ApiError::new(
                409,
                format!("Requested entity already exists: files/{}", file.id),
            ));
        }
        let uploaded = files.values().filter(|file| file.origin == Origin::Uploaded);
        let used: u64 = uploaded.map(|file| file.content.length()).sum();
        if used + file.content.length() > PROJECT_BYTES {
            return Err(ApiError::quota(
                "FileStorageBytesPerProject",
                "file_storage_bytes",
                "any",
                None,
            ));
        }
        files.insert(file.id.clone(), file);
        Ok(())
    }

    /// The file with this id.
    pub(crate) fn get(&self, id: &str) -> Result<StoredFile, ApiError> {
        self.live()
            .get(id)
            .cloned()
            .ok_or_else(|| ApiError::no_such_file(id))
    }

    /// Forgets a file.
    pub(crate) fn remove(&self, id: &str) -> Result<(), ApiError> {
        self.live()
            .remove(id)
            .map(drop)
            .ok_or_else(|| ApiError::no_such_file(id))
    }

    /// Forgets all files.
    pub(crate) fn clear(&self) {
        self.live().clear();
    }

    /// A page of the uploaded files, newest first.
    pub(crate) fn list(&self, page: &Page) -> Result<(Vec<StoredFile>, Option<String>), ApiError> {
        let files = self
            .live()
            .values()
            .filter(|file| file.origin == Origin::Uploaded)
            .cloned()
            .collect();
        page.cut(files, |file: &StoredFile| (file.created, &file.id))
    }

    /// Media type and bytes of the file that a `fileUri` (or a name) names.
    pub(crate) fn content(&self, uri: &str) -> Result<(String, Arc<Blob>), ApiError> {
        let Some((_, id)) = uri.rsplit_once("files/") else {
            return Err(ApiError::invalid("Cannot fetch content from the provided URL."));
        };
        let file = self.get(id.split(['?', ':']).next().unwrap_or_default())?;
        Ok((file.mime_type, file.content))
    }

    /// The files that have not expired; those that have go away, with their bytes.
    fn live(&self) -> MutexGuard<'_, BTreeMap<String, StoredFile>> {
        let now = self.clock.now();
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|_, file| file.expires() > now);
        files
    }
}
