//! What Drive tells about a file.

use jiff::Timestamp;
use packshot_domain::drive::{self, FOLDER_TYPE, FileId, FileRef, ResourceKey, SHORTCUT_TYPE};
use reqwest::Method;
use secrecy::SecretString;
use serde::Deserialize;

use super::{Drive, DriveError, ask};

/// The fields of one file that are asked for.
pub(super) const FIELDS: &str = "id,name,mimeType,size,modifiedTime,thumbnailLink,webViewLink,trashed,\
    imageMediaMetadata(width,height),parents,driveId,resourceKey,\
    shortcutDetails(targetId,targetMimeType,targetResourceKey),capabilities(canDownload)";

/// How many characters of a file's name are kept. Drive takes names of many thousands, which no row and no sentence has room
/// for.
const MOST_OF_A_NAME: usize = 200;

/// A file or a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriveFile {
    /// Which.
    pub reference: FileRef,
    /// Its name in one line, cut where it is longer than people read; names need not be unique.
    pub name: String,
    /// Its media type, as whoever put it there said or Google found.
    pub mime_type: String,
    /// Bytes; folders and Google's own documents have none.
    pub size: Option<u64>,
    /// When it last changed.
    pub modified_at: Option<Timestamp>,
    /// Pixels of a picture, where Google has looked at it: width and height.
    pub pixels: Option<(u32, u32)>,
    /// Where a person opens it.
    pub web_link: Option<String>,
    /// The folder that it is in, as far as this person may know.
    pub parent: Option<FileId>,
    /// The shared drive that it is in.
    pub shared_drive: Option<FileId>,
    /// What it points to, where it is a shortcut.
    pub shortcut: Option<Shortcut>,
    /// Whether this person may download it, as far as Drive says.
    pub can_download: bool,
    /// Whether it is in the bin.
    pub is_trashed: bool,
    pub(super) thumbnail_link: Option<String>,
}

/// What a shortcut points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortcut {
    /// The file itself.
    pub target: FileRef,
    /// Its type.
    pub mime_type: String,
}

impl DriveFile {
    /// The file that is meant: where a shortcut points to, else itself.
    pub fn target(&self) -> &FileRef {
        self.shortcut
            .as_ref()
            .map_or(&self.reference, |shortcut| &shortcut.target)
    }

    /// The type of the file that is meant.
    pub fn target_type(&self) -> &str {
        self.shortcut
            .as_ref()
            .map_or(&self.mime_type, |shortcut| &shortcut.mime_type)
    }

    /// Whether a folder is meant.
    pub fn is_folder(&self) -> bool {
        self.target_type() == FOLDER_TYPE
    }

    /// Whether a picture is meant, as far as its type says.
    pub fn is_image(&self) -> bool {
        drive::is_image_type(self.target_type())
    }

    /// Whether it only points to another file.
    pub fn is_shortcut(&self) -> bool {
        self.mime_type == SHORTCUT_TYPE
    }
}

impl Drive {
    /// What there is to know about a file. A shortcut is answered as such.
    pub async fn file(&self, token: &SecretString, file: &FileRef) -> Result<DriveFile, DriveError> {
        let url = self.url(
            &format!("drive/v3/files/{}", file.id),
            [("fields", FIELDS), ("supportsAllDrives", "true")],
        );
        let wire: WireFile = ask(self.request(token, Method::GET, url, [file])).await?;
        DriveFile::try_from(wire)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireFile {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    mime_type: String,
    /// A number as a string.
    size: Option<String>,
    modified_time: Option<Timestamp>,
    thumbnail_link: Option<String>,
    web_view_link: Option<String>,
    #[serde(default)]
    trashed: bool,
    image_media_metadata: Option<WirePixels>,
    #[serde(default)]
    parents: Vec<String>,
    drive_id: Option<String>,
    resource_key: Option<String>,
    shortcut_details: Option<WireShortcut>,
    capabilities: Option<WireCapabilities>,
}

#[derive(Debug, Deserialize)]
struct WirePixels {
    width: Option<u32>,
    height: Option<u32>,
}

#[derive(Debug, Deserialize)]
struct WireShortcut {
    #[serde(rename = "targetId")]
    id: String,
    #[serde(rename = "targetMimeType", default)]
    mime_type: String,
    #[serde(rename = "targetResourceKey")]
    resource_key: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireCapabilities {
    can_download: Option<bool>,
}

/// A name as it can be put into a sentence.
fn readable(name: &str) -> String {
    let line = name
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    line.take(MOST_OF_A_NAME).collect()
}

fn id(text: &str) -> Result<FileId, DriveError> {
    text.parse().map_err(DriveError::unreadable)
}

fn reference(file: &str, key: Option<&str>) -> Result<FileRef, DriveError> {
    let resource_key: Option<ResourceKey> =
        key.map(str::parse).transpose().map_err(DriveError::unreadable)?;
    Ok(FileRef {
        id: id(file)?,
        resource_key,
    })
}

impl TryFrom<WireFile> for DriveFile {
    type Error = DriveError;

    fn try_from(wire: WireFile) -> Result<Self, DriveError> {
        let shortcut = wire.shortcut_details.map(|details| {
            Ok::<_, DriveError>(Shortcut {
                target: reference(&details.id, details.resource_key.as_deref())?,
                mime_type: details.mime_type,
            })
        });
        let pixels = wire.image_media_metadata;
        Ok(Self {
            reference: reference(&wire.id, wire.resource_key.as_deref())?,
            size: wire.size.and_then(|size| size.parse().ok()),
            modified_at: wire.modified_time,
            pixels: pixels.and_then(|pixels| pixels.width.zip(pixels.height)),
            web_link: wire.web_view_link,
            parent: wire.parents.first().map(|parent| id(parent)).transpose()?,
            shared_drive: wire.drive_id.as_deref().map(id).transpose()?,
            shortcut: shortcut.transpose()?,
            can_download: wire.capabilities.and_then(|may| may.can_download).unwrap_or(true),
            is_trashed: wire.trashed,
            thumbnail_link: wire.thumbnail_link,
            name: readable(&wire.name),
            mime_type: wire.mime_type,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_within_a_line_and_a_row() {
        assert_eq!(readable("Cup, front.jpg"), "Cup, front.jpg");
        assert_eq!(readable("Cup\r\nBcc: everybody\u{0}"), "Cup  Bcc: everybody ");
        assert_eq!(readable(&"ü".repeat(30_000)).chars().count(), MOST_OF_A_NAME);
    }
}
