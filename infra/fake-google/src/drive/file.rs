//! What Drive holds: files, folders, shared drives.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::content::Content;

/// The type of folders.
pub(crate) const FOLDER: &str = "application/vnd.google-apps.folder";

/// The type of shortcuts.
pub(crate) const SHORTCUT: &str = "application/vnd.google-apps.shortcut";

/// How much a person may do, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Role {
    /// Look.
    Reader,
    /// Add and change.
    Writer,
    /// Everything, on a shared drive.
    Organizer,
    /// Everything.
    Owner,
}

/// Where a file belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Home {
    /// To the My Drive of the person with this address.
    MyDrive(String),
    /// To the shared drive with this id.
    SharedDrive(String),
}

/// A file, a folder or a shortcut.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that a test can set"
)]
pub(crate) struct File {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) mime_type: String,
    /// The folder it is in; none for the uppermost folders.
    pub(crate) parent: Option<String>,
    pub(crate) home: Home,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) trashed: bool,
    pub(crate) content: Option<Arc<Content>>,
    /// The size that it claims to have.
    pub(crate) claimed_size: Option<u64>,
    /// Id of what a shortcut leads to.
    pub(crate) shortcut_to: Option<String>,
    /// What others than the owner must name to see it.
    pub(crate) resource_key: Option<String>,
    pub(crate) can_download: bool,
    /// Taken for malware.
    pub(crate) abusive: bool,
    /// People it was shared with by name; what is inside is shared with them too.
    pub(crate) shared_with: BTreeMap<String, Role>,
    /// Anybody who knows the id may read it.
    pub(crate) shared_by_link: bool,
    /// The app made it.
    pub(crate) made_by_app: bool,
    /// People who handed it to the app.
    pub(crate) picked_by: BTreeSet<String>,
    pub(crate) app_properties: BTreeMap<String, String>,
}

impl File {
    /// An empty folder.
    pub(crate) fn folder(id: String, name: &str, parent: Option<String>, home: Home, now: Timestamp) -> Self {
        Self {
            id,
            name: name.to_owned(),
            mime_type: FOLDER.to_owned(),
            parent,
            home,
            created: now,
            modified: now,
            trashed: false,
            content: None,
            claimed_size: None,
            shortcut_to: None,
            resource_key: None,
            can_download: true,
            abusive: false,
            shared_with: BTreeMap::new(),
            shared_by_link: false,
            made_by_app: false,
            picked_by: BTreeSet::new(),
            app_properties: BTreeMap::new(),
        }
    }

    /// Whether it is a folder.
    pub(crate) fn is_folder(&self) -> bool {
        self.mime_type == FOLDER
    }

    /// The shared drive that it is on.
    pub(crate) fn drive_id(&self) -> Option<&str> {
        match &self.home {
            Home::SharedDrive(id) => Some(id),
            Home::MyDrive(_) => None,
        }
    }
}

/// A shared drive. Its uppermost folder has its id.
#[derive(Debug, Clone)]
pub(crate) struct SharedDrive {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) members: BTreeMap<String, Role>,
    /// A search over all drives does not get to it, and says so.
    pub(crate) out_of_reach: bool,
}
