//! A file as Drive describes it.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::content::Content;
use super::file::{File, Home, Role};
use super::mask::Mask;
use super::matching::is_shared_with;
use super::store::{Store, Viewer};
use super::thumbnail;

/// The fields of a file that can be asked for.
pub(super) const FILE_FIELDS: &[&str] = &[
    "appProperties",
    "capabilities",
    "createdTime",
    "driveId",
    "fileExtension",
    "hasThumbnail",
    "iconLink",
    "id",
    "imageMediaMetadata",
    "kind",
    "md5Checksum",
    "mimeType",
    "modifiedTime",
    "name",
    "originalFilename",
    "ownedByMe",
    "owners",
    "parents",
    "quotaBytesUsed",
    "resourceKey",
    "sha256Checksum",
    "shared",
    "sharedWithMeTime",
    "shortcutDetails",
    "size",
    "spaces",
    "starred",
    "teamDriveId",
    "thumbnailLink",
    "trashed",
    "version",
    "webContentLink",
    "webViewLink",
];

/// What is told of a file where `fields` is absent.
pub(super) const USUAL_FIELDS: &str = "kind,id,name,mimeType,driveId,resourceKey";

/// A file with all that has to be looked up elsewhere, so that it can be described without holding the store.
#[derive(Debug)]
pub(super) struct Described {
    file: File,
    role: Role,
    is_trashed: bool,
    is_shared_with_me: bool,
    shortcut: Option<Value>,
    content: Option<Arc<Content>>,
}

impl Store {
    /// Looks up what a description of the file needs.
    pub(super) fn describe(&self, file: &File, viewer: &Viewer) -> Described {
        // Drive tells a shortcut's target whoever may see it; only its type is unknown where it is gone.
        let shortcut = file.shortcut_to.as_ref().map(|id| {
            let target = self.files.get(id);
            let mut details = json!({"targetId": id});
            if let Some(target) = target {
                details["targetMimeType"] = json!(target.mime_type);
                if let Some(key) = &target.resource_key {
                    details["targetResourceKey"] = json!(key);
                }
            }
            details
        });
        Described {
            role: self.role(file, &viewer.email).unwrap_or(Role::Reader),
            is_trashed: self.is_trashed(file),
            is_shared_with_me: is_shared_with(file, &viewer.email),
            shortcut,
            content: file.content.clone(),
            file: file.clone(),
        }
    }
}

impl Described {
    /// The wanted fields. Asking for sizes or checksums of pictures draws them.
    pub(super) fn to_json(&self, mask: &Mask, issuer: &str, now: i64) -> Value {
        let mut fields = self.plain();
        let about_bytes = [
            "size",
            "md5Checksum",
            "sha256Checksum",
            "quotaBytesUsed",
            "imageMediaMetadata",
            "thumbnailLink",
            "hasThumbnail",
        ];
        if about_bytes.iter().any(|name| mask.wants(name)) {
            self.add_bytes(&mut fields, issuer, now);
        }
        mask.apply(Value::Object(fields))
    }

    fn plain(&self) -> Map<String, Value> {
        let file = &self.file;
        let may_change = self.role >= Role::Writer;
        let value = json!({
            "kind": "drive#file",
            "id": file.id,
            "name": file.name,
            "mimeType": file.mime_type,
            "starred": false,
            "trashed": self.is_trashed,
            "spaces": ["drive"],
            "version": "1",
            "createdTime": file.created,
            "modifiedTime": file.modified,
            "ownedByMe": self.role == Role::Owner,
            "shared": !file.shared_with.is_empty() || file.shared_by_link || file.drive_id().is_some(),
            "webViewLink": format!("https://drive.google.com/file/d/{}/view", file.id),
            "capabilities": {
                "canDownload": file.can_download,
                "canCopy": file.can_download,
                "canEdit": may_change,
                "canDelete": self.role >= Role::Organizer,
                "canTrash": may_change,
                "canRename": may_change,
                "canAddChildren": may_change && file.is_folder(),
                "canListChildren": file.is_folder(),
            },
        });
        let mut fields = match value {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        if let Some(parent) = &file.parent {
            put("parents", json!([parent]));
        }
        match &file.home {
            Home::SharedDrive(id) => {
                put("driveId", json!(id));
                put("teamDriveId", json!(id));
            }
            Home::MyDrive(owner) => {
                let me = self.role == Role::Owner;
                put(
                    "owners",
                    json!([{"kind": "drive#user", "emailAddress": owner, "me": me}]),
                );
            }
        }
        if self.is_shared_with_me {
            put("sharedWithMeTime", json!(file.created));
        }
        if let Some(details) = &self.shortcut {
            put("shortcutDetails", details.clone());
        }
        if let Some(key) = &file.resource_key {
            put("resourceKey", json!(key));
        }
        if !file.app_properties.is_empty() {
            put("appProperties", json!(file.app_properties));
        }
        if self.content.is_some() {
            put("originalFilename", json!(file.name));
            if let Some((_, extension)) = file.name.rsplit_once('.') {
                put("fileExtension", json!(extension));
            }
        }
        fields
    }

    fn add_bytes(&self, fields: &mut Map<String, Value>, issuer: &str, now: i64) {
        let Some(content) = &self.content else {
            fields.insert("hasThumbnail".to_owned(), json!(false));
            return;
        };
        let facts = content.facts();
        let size = self
            .file
            .claimed_size
            .unwrap_or(facts.bytes.len() as u64)
            .to_string();
        let is_picture = self.file.mime_type.starts_with("image/");
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("size", json!(size));
        put("quotaBytesUsed", json!(size));
        put("md5Checksum", json!(facts.md5));
        put("sha256Checksum", json!(facts.sha256));
        let pixels = facts.pixels.filter(|_| is_picture);
        put("hasThumbnail", json!(pixels.is_some()));
        if let Some((width, height)) = pixels {
            put(
                "imageMediaMetadata",
                json!({"width": width, "height": height, "rotation": 0}),
            );
            put(
                "thumbnailLink",
                json!(thumbnail::link(issuer, &self.file.id, now)),
            );
        }
    }
}
