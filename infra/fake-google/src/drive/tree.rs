//! Files as `PUT /__accounts` describes them, and as the sample is described too.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Deserialize;

use super::content::{Content, PictureSpec};
use super::file::{FOLDER, File, Home, Role, SHORTCUT, SharedDrive};
use super::store::{Store, id_of};
use crate::pictures::Format;

/// Everything that an account finds in its Drive.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Tree {
    /// In My Drive.
    files: Vec<Entry>,
    /// Somebody else's, shared with this account by name, or by a link.
    shared_with_me: Vec<Entry>,
    /// Shared drives that this account is a member of.
    shared_drives: Vec<DriveEntry>,
}

/// A shared drive with its files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct DriveEntry {
    id: Option<String>,
    name: String,
    /// The account's role; `reader` unless told.
    role: Option<Role>,
    /// Roles of others.
    #[serde(default)]
    members: BTreeMap<String, Role>,
    #[serde(default)]
    out_of_reach: bool,
    #[serde(default)]
    files: Vec<Entry>,
}

/// One file, folder or shortcut.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that a test can set"
)]
struct Entry {
    id: Option<String>,
    name: String,
    folder: bool,
    children: Vec<Self>,
    mime_type: Option<String>,
    content_base64: Option<String>,
    text: Option<String>,
    picture: Option<PictureSpec>,
    size: Option<u64>,
    /// Path in this tree, or an id.
    shortcut_to: Option<String>,
    can_download: Option<bool>,
    abusive: bool,
    resource_key: Option<String>,
    trashed: bool,
    modified_time: Option<Timestamp>,
    shared_with: BTreeMap<String, Role>,
    shared_by_link: bool,
    made_by_app: bool,
    picked: bool,
    app_properties: BTreeMap<String, String>,
}

/// Ids by path. Paths of a shared drive begin with its name, those of `shared_with_me` with the file's.
pub(crate) type IdsByPath = BTreeMap<String, String>;

impl Tree {
    /// The tree without shared drives of its own.
    pub(super) fn without_shared_drives(mut self) -> Self {
        self.shared_drives.clear();
        self
    }
}

/// Who owns what lies in an account's `shared_with_me`.
pub(super) fn other_owner(email: &str) -> String {
    format!("supplier-of-{email}")
}

/// Puts a tree into the store.
pub(super) struct Planter<'a> {
    pub(super) store: &'a mut Store,
    pub(super) email: &'a str,
    pub(super) now: Timestamp,
    /// Gives the content of a picture; the same one for the same picture.
    pub(super) picture: &'a dyn Fn(&PictureSpec, Format) -> Arc<Content>,
    pub(super) ids: IdsByPath,
}

impl Planter<'_> {
    /// Plants everything, and gives the ids. What the account had before is gone.
    pub(super) fn plant(mut self, tree: &Tree, role: Role) -> Result<IdsByPath, String> {
        let (email, now) = (self.email.to_owned(), self.now);
        let root = Store::root_id(&email);
        let mine = Home::MyDrive(email.clone());
        self.store.files.insert(
            root.clone(),
            File::folder(root.clone(), "My Drive", None, mine.clone(), now),
        );
        self.ids.insert(String::new(), root.clone());
        self.entries(&tree.files, &root, &mine, "")?;
        let other = Home::MyDrive(other_owner(&email));
        for entry in &tree.shared_with_me {
            let id = self.entry(entry, &format!("{email} shared"), &other, "")?;
            if let Some(file) = self.store.files.get_mut(&id) {
                file.parent = None;
                // A link is all that the account has of it then.
                if !entry.shared_by_link {
                    file.shared_with.entry(email.clone()).or_insert(Role::Reader);
                }
            }
        }
        for drive in &tree.shared_drives {
            self.shared_drive(drive, role)?;
        }
        self.lead_shortcuts();
        Ok(self.ids)
    }

    fn shared_drive(&mut self, drive: &DriveEntry, usual_role: Role) -> Result<(), String> {
        let id = drive.id.clone().unwrap_or_else(|| {
            let mut id = id_of(&["drive", self.email, &drive.name]);
            id.truncate(14);
            format!("0A{id}PVA")
        });
        let mut members = drive.members.clone();
        members.insert(self.email.to_owned(), drive.role.unwrap_or(usual_role));
        let home = Home::SharedDrive(id.clone());
        self.store.drives.insert(
            id.clone(),
            SharedDrive {
                id: id.clone(),
                name: drive.name.clone(),
                members,
                out_of_reach: drive.out_of_reach,
            },
        );
        let top = File::folder(id.clone(), &drive.name, None, home.clone(), self.now);
        self.store.files.insert(id.clone(), top);
        self.ids.insert(drive.name.clone(), id.clone());
        self.entries(&drive.files, &id, &home, &drive.name)
    }

    fn entries(&mut self, entries: &[Entry], parent: &str, home: &Home, path: &str) -> Result<(), String> {
        for entry in entries {
            self.entry(entry, parent, home, path)?;
        }
        Ok(())
    }

    fn entry(&mut self, entry: &Entry, parent: &str, home: &Home, path: &str) -> Result<String, String> {
        let mut path = match path {
            "" => entry.name.clone(),
            path => format!("{path}/{}", entry.name),
        };
        // Two files of a folder may have one name.
        while self.ids.contains_key(&path) {
            path.push('\'');
        }
        let id = entry
            .id
            .clone()
            .unwrap_or_else(|| id_of(&[self.email, parent, &path]));
        let file = self.file(entry, &id, parent, home)?;
        self.ids.insert(path.clone(), id.clone());
        self.store.files.insert(id.clone(), file);
        self.entries(&entry.children, &id, home, &path)?;
        Ok(id)
    }

    fn file(&self, entry: &Entry, id: &str, parent: &str, home: &Home) -> Result<File, String> {
        let is_folder = entry.folder || !entry.children.is_empty();
        let usual = if is_folder {
            FOLDER.to_owned()
        } else if entry.shortcut_to.is_some() {
            SHORTCUT.to_owned()
        } else {
            type_of_name(&entry.name).to_owned()
        };
        let mime_type = entry.mime_type.clone().unwrap_or(usual);
        let bytes = match (&entry.content_base64, &entry.text, &entry.picture) {
            (Some(encoded), _, _) => Some(
                STANDARD
                    .decode(encoded)
                    .map_err(|error| format!("content_base64 of {}: {error}", entry.name))?,
            ),
            (None, Some(text), _) => Some(text.clone().into_bytes()),
            (None, None, None) if !is_folder && entry.shortcut_to.is_none() => Some(Vec::new()),
            _ => None,
        };
        let drawn = entry.picture.as_ref().filter(|_| bytes.is_none()).map(|spec| {
            let format = if mime_type == "image/png" {
                Format::Png
            } else {
                Format::Jpeg
            };
            (self.picture)(spec, format)
        });
        Ok(File {
            mime_type,
            content: bytes.map(|bytes| Arc::new(Content::of(bytes.into()))).or(drawn),
            claimed_size: entry.size,
            shortcut_to: entry.shortcut_to.clone(),
            resource_key: entry.resource_key.clone(),
            can_download: entry.can_download.unwrap_or(true),
            abusive: entry.abusive,
            trashed: entry.trashed,
            modified: entry.modified_time.unwrap_or(self.now),
            created: entry.modified_time.unwrap_or(self.now),
            shared_with: entry.shared_with.clone(),
            shared_by_link: entry.shared_by_link,
            made_by_app: entry.made_by_app,
            picked_by: entry.picked.then(|| self.email.to_owned()).into_iter().collect(),
            app_properties: entry.app_properties.clone(),
            ..File::folder(
                id.to_owned(),
                &entry.name,
                Some(parent.to_owned()),
                home.clone(),
                self.now,
            )
        })
    }

    /// Shortcuts that name a path of the tree lead to the file there; all others name an id.
    fn lead_shortcuts(&mut self) {
        for id in self.ids.values() {
            let Some(file) = self.store.files.get_mut(id) else {
                continue;
            };
            let target = file.shortcut_to.as_ref().and_then(|path| self.ids.get(path));
            if let Some(target) = target {
                file.shortcut_to = Some(target.clone());
            }
        }
    }
}

fn type_of_name(name: &str) -> &'static str {
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("gif") => "image/gif",
        Some("heic") => "image/heif",
        Some("txt") => "text/plain",
        Some("pdf") => "application/pdf",
        _ => "application/octet-stream",
    }
}
