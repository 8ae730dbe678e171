//! All files of all accounts, and who may see which.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sha2::{Digest as _, Sha256};

use super::error::DriveError;
use super::file::{File, Home, Role, SharedDrive};
use super::uploads::Session;
use crate::oauth::scope::{Scope, Scopes};

/// The longest way up from a file to the uppermost folder that is followed.
const DEEPEST: usize = 64;

/// Everything that Drive remembers.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) files: BTreeMap<String, File>,
    pub(super) drives: BTreeMap<String, SharedDrive>,
    /// Ids that `generateIds` gave.
    pub(super) generated: BTreeSet<String>,
    pub(super) sessions: HashMap<String, Session>,
}

/// Who asks, and with what.
#[derive(Debug, Clone)]
pub(super) struct Viewer {
    pub(super) email: String,
    pub(super) scopes: Scopes,
    /// `supportsAllDrives`.
    pub(super) knows_shared_drives: bool,
    /// `X-Goog-Drive-Resource-Keys`.
    pub(super) resource_keys: HashMap<String, String>,
}

impl Viewer {
    /// Whether the app sees only what it made or was handed.
    pub(super) fn sees_own_files_only(&self) -> bool {
        !self.scopes.contains(&Scope::DriveReadonly)
    }
}

impl Store {
    /// The id of the uppermost folder of an account.
    pub(super) fn root_id(email: &str) -> String {
        let mut id = id_of(&["root", email]);
        id.truncate(16);
        format!("0A{id}PVA")
    }

    /// The file of an id or of the alias `root`.
    pub(super) fn find(&self, id: &str, email: &str) -> Option<&File> {
        if id == "root" {
            self.files.get(&Self::root_id(email))
        } else {
            self.files.get(id)
        }
    }

    /// The file, if the viewer may know of it.
    pub(super) fn visible(&self, id: &str, viewer: &Viewer) -> Result<&File, DriveError> {
        let file = self.find(id, &viewer.email);
        let seen = file.filter(|file| {
            self.sees(file, viewer) && (viewer.knows_shared_drives || file.drive_id().is_none())
        });
        seen.ok_or_else(|| DriveError::no_file(id))
    }

    /// Whether person and app may know of a file.
    pub(super) fn sees(&self, file: &File, viewer: &Viewer) -> bool {
        if self.role(file, &viewer.email).is_none() {
            return false;
        }
        // Who was named needs no key; who has the link only needs the key too.
        let key_is_known = self.named_role(file, &viewer.email).is_some()
            || file.resource_key.is_none()
            || file.resource_key.as_ref() == viewer.resource_keys.get(&file.id);
        key_is_known && (!viewer.sees_own_files_only() || Self::is_app_file(file, &viewer.email))
    }

    /// Whether the app made the file or was handed it by this person. The uppermost folder is open to every app.
    pub(super) fn is_app_file(file: &File, email: &str) -> bool {
        let is_root = file.id == Self::root_id(email);
        is_root || file.made_by_app || file.picked_by.contains(email)
    }

    /// How much a person may do with a file.
    pub(super) fn role(&self, file: &File, email: &str) -> Option<Role> {
        let by_link = self.way_up(file).any(|folder| folder.shared_by_link);
        self.named_role(file, email).max(by_link.then_some(Role::Reader))
    }

    /// The same without what everybody may do who has a link.
    pub(super) fn named_role(&self, file: &File, email: &str) -> Option<Role> {
        let home = match &file.home {
            Home::MyDrive(owner) => (owner == email).then_some(Role::Owner),
            Home::SharedDrive(id) => self
                .drives
                .get(id)
                .and_then(|drive| drive.members.get(email).copied()),
        };
        let shared = self
            .way_up(file)
            .filter_map(|folder| folder.shared_with.get(email).copied());
        shared.max().max(home)
    }

    /// Whether a file, or a folder that it is in, was put into the bin.
    pub(super) fn is_trashed(&self, file: &File) -> bool {
        self.way_up(file).any(|folder| folder.trashed)
    }

    /// The ids of everything in a folder, at every depth, and its own.
    pub(super) fn below(&self, id: &str) -> Vec<String> {
        let inside = self
            .files
            .values()
            .filter(|file| self.way_up(file).any(|folder| folder.id == id));
        inside.map(|file| file.id.clone()).collect()
    }

    /// The file and the folders that it is in, from the inside out.
    fn way_up<'a>(&'a self, file: &'a File) -> impl Iterator<Item = &'a File> {
        let parent = |file: &&'a File| self.files.get(file.parent.as_deref()?);
        std::iter::successors(Some(file), parent).take(DEEPEST)
    }
}

/// An id in the form of Google's that follows from texts.
pub(super) fn id_of(texts: &[&str]) -> String {
    let digest = hex::encode(Sha256::digest(texts.join("\n")));
    format!("1{}", &digest[..32])
}
