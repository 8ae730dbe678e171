//! Files of a Drive as the page sees them.

use jiff::Timestamp;
use packshot_clients::google::drive::{DriveFile, FilePage, SharedDrive};
use packshot_domain::photo;
use serde::Serialize;
use utoipa::{ToSchema, openapi::Object};

use super::crumbs::Crumb;
use crate::named_schemas::one_of;

/// A folder or a picture.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = DriveFile)]
pub(super) struct FileView {
    /// Always `drive_file`.
    #[schema(value_type = String, example = "drive_file")]
    object: &'static str,
    /// What to name it by, here and when generating. Of a shortcut, it is that of what it points to.
    id: String,
    /// What opens it beside its id, where it was shared by a link long ago.
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_key: Option<String>,
    /// What its owner calls it.
    name: String,
    /// `folder` or `image`.
    #[schema(schema_with = kind)]
    kind: &'static str,
    /// Whether it only points to the file.
    is_shortcut: bool,
    /// The type, of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    /// Its size.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    /// In pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    /// In pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    /// When it last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_at: Option<Timestamp>,
    /// Where a small picture of it is; needs the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_url: Option<String>,
    /// Why a picture cannot be a photo of a job, as far as Drive tells before its bytes are looked at.
    #[schema(schema_with = unusable_because)]
    #[serde(skip_serializing_if = "Option::is_none")]
    unusable: Option<&'static str>,
}

impl FileView {
    fn of(file: &DriveFile) -> Self {
        let target = file.target();
        let is_folder = file.is_folder();
        Self {
            object: "drive_file",
            id: target.id.to_string(),
            resource_key: target.resource_key.as_ref().map(|key| key.as_str().to_owned()),
            name: file.name.clone(),
            kind: if is_folder { "folder" } else { "image" },
            is_shortcut: file.is_shortcut(),
            content_type: (!is_folder).then(|| file.target_type().to_owned()),
            bytes: file.size,
            width: file.pixels.map(|(width, _)| width),
            height: file.pixels.map(|(_, height)| height),
            modified_at: file.modified_at,
            thumbnail_url: (!is_folder).then(|| thumbnail_url(file)),
            unusable: if is_folder { None } else { unusable(file) },
        }
    }
}

/// The address changes with the file, so that a browser may keep what it leads to.
fn thumbnail_url(file: &DriveFile) -> String {
    let target = file.target();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(key) = &target.resource_key {
        query.append_pair("resource_key", key.as_str());
    }
    if let Some(modified_at) = file.modified_at {
        query.append_pair("version", &modified_at.as_second().to_string());
    }
    format!("/api/drive/files/{}/thumbnail?{}", target.id, query.finish())
}

/// What [`FileView::of`] tells files apart by.
fn kind() -> Object {
    one_of("What it is.", ["folder", "image"])
}

/// The reasons of [`unusable`].
fn unusable_because() -> Object {
    one_of(
        "Why a picture cannot be a photo of a job, as far as Drive tells before its bytes are looked at.",
        ["not_downloadable", "too_large"],
    )
}

fn unusable(file: &DriveFile) -> Option<&'static str> {
    if !file.can_download {
        return Some("not_downloadable");
    }
    if file.size.is_some_and(|size| size > photo::MAX_BYTES) {
        return Some("too_large");
    }
    None
}

/// A page of a folder.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DriveFileList)]
pub(super) struct FilesView {
    /// Always `list`.
    #[schema(value_type = String, example = "list")]
    object: &'static str,
    /// The way from the top to the folder, itself included; on the first page only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    breadcrumbs: Vec<Crumb>,
    /// Folders first.
    data: Vec<FileView>,
    /// Whether there is another page.
    has_more: bool,
    /// Names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
    /// Whether Google has not looked everywhere: a longer text finds more.
    is_incomplete: bool,
}

impl FilesView {
    pub(super) fn of(page: &FilePage, breadcrumbs: Vec<Crumb>) -> Self {
        Self {
            object: "list",
            breadcrumbs,
            data: page.files.iter().map(FileView::of).collect(),
            has_more: page.next_page_token.is_some(),
            next_page_token: page.next_page_token.clone(),
            is_incomplete: page.is_incomplete,
        }
    }

    /// The drives of teams, each as the folder that it is.
    pub(super) fn of_shared_drives<'a>(
        drives: impl Iterator<Item = &'a SharedDrive>,
        next_page_token: Option<String>,
    ) -> Self {
        let folder = |drive: &SharedDrive| FileView {
            object: "drive_file",
            id: drive.id.to_string(),
            name: drive.name.clone(),
            kind: "folder",
            ..FileView::default()
        };
        Self {
            object: "list",
            breadcrumbs: vec![Crumb::shared_drives()],
            data: drives.map(folder).collect(),
            has_more: next_page_token.is_some(),
            next_page_token,
            is_incomplete: false,
        }
    }
}
