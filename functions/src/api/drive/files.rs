//! `GET /api/drive/files`: folders and pictures, one page at a time.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State as RouterState},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use packshot_clients::{
    google::drive::{DriveFile, FilePage, Kinds, Listing, Place, SharedDrive, SharedDrivePage},
    user_drive::UserDrive,
};
use packshot_domain::{
    drive::{FileId, FileRef},
    photo,
    request::FieldError,
};
use serde::Serialize;

use super::{
    State,
    crumbs::{self, Crumb},
    file_ref,
};
use crate::api::{NO_STORE, caller::Owner, problem::ApiError};

/// How many files a page has; people scroll.
const PAGE_SIZE: u16 = 60;

/// The longest text that is searched for, in bytes.
const LONGEST_TEXT: usize = 200;

/// The longest page token that is handed on, in bytes. Google's are some hundred.
const LONGEST_PAGE_TOKEN: usize = 4096;

/// What is asked for.
#[derive(Debug, Default)]
struct Wanted {
    folder: Folder,
    text: Option<String>,
    page_token: Option<String>,
}

/// Where to look. The names of places that are no folders are longer words than any id of Google's is made of by chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Folder {
    /// A folder; the top of the person's own Drive is one.
    Of(FileRef),
    /// What others have shared with them.
    SharedWithMe,
    /// The drives of their teams.
    SharedDrives,
}

impl Default for Folder {
    fn default() -> Self {
        Self::Of(FileRef::plain(FileId::root()))
    }
}

/// A folder or a picture.
#[derive(Debug, Default, Serialize)]
struct FileView {
    object: &'static str,
    /// What to name it by, here and when generating. Of a shortcut, it is that of what it points to.
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_key: Option<String>,
    name: String,
    /// `folder` or `image`.
    kind: &'static str,
    is_shortcut: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_url: Option<String>,
    /// Why a picture cannot be a photo of a job, as far as Drive tells before its bytes are looked at.
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
#[derive(Debug, Serialize)]
struct FilesView {
    object: &'static str,
    /// The way from the top to the folder, itself included; on the first page only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    breadcrumbs: Vec<Crumb>,
    data: Vec<FileView>,
    has_more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
    /// Whether Google has not looked everywhere: a longer text finds more.
    is_incomplete: bool,
}

pub(super) async fn list(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    state.may_look_around()?;
    let wanted = read(&query)?;
    let drive = state.drives.of(caller.user);
    let view = match &wanted.folder {
        Folder::SharedDrives => shared_drives(drive, &wanted).await?,
        Folder::Of(folder) => files(drive, &wanted, Place::Folder(folder)).await?,
        Folder::SharedWithMe => files(drive, &wanted, Place::SharedWithMe).await?,
    };
    Ok(([NO_STORE], Json(view)).into_response())
}

/// The parameters; everything that is wrong with them at once.
fn read(query: &[(String, String)]) -> Result<Wanted, ApiError> {
    let mut wanted = Wanted::default();
    let (mut id, mut resource_key, mut errors) = (None, None, Vec::new());
    for (name, value) in query {
        match name.as_str() {
            "folder" => id = Some(value.as_str()),
            "resource_key" => resource_key = Some(value.as_str()),
            "q" if value.len() > LONGEST_TEXT => {
                errors.push(FieldError::new(
                    "q",
                    "too_long",
                    format!("is longer than {LONGEST_TEXT} bytes"),
                ));
            }
            "q" => wanted.text = Some(value.trim().to_owned()).filter(|text| !text.is_empty()),
            "page_token" if value.len() > LONGEST_PAGE_TOKEN => {
                errors.push(FieldError::new(
                    "page_token",
                    "invalid_page_token",
                    "is not one of ours",
                ));
            }
            "page_token" => wanted.page_token = Some(value.clone()).filter(|token| !token.is_empty()),
            _ => errors.push(FieldError::new(
                name.clone(),
                "unknown_field",
                "is not a parameter of this request",
            )),
        }
    }
    if !errors.is_empty() {
        return Err(ApiError::invalid_fields(errors));
    }
    wanted.folder = match id {
        None | Some("") => Folder::default(),
        Some("shared_with_me") => Folder::SharedWithMe,
        Some("shared_drives") => Folder::SharedDrives,
        Some(id) => Folder::Of(file_ref(id, resource_key)?),
    };
    Ok(wanted)
}

/// A text is searched for everywhere, unless a folder is named that is not the top.
async fn files(drive: UserDrive<'_>, wanted: &Wanted, place: Place<'_>) -> Result<FilesView, ApiError> {
    let is_top = wanted.folder == Folder::default();
    let listing = Listing {
        place: if wanted.text.is_some() && is_top {
            Place::Everywhere
        } else {
            place
        },
        kinds: Kinds::FoldersAndImages,
        text: wanted.text.as_deref(),
        page_token: wanted.page_token.as_deref(),
        page_size: PAGE_SIZE,
    };
    let is_first = wanted.page_token.is_none();
    let crumbs = async {
        if is_first {
            crumbs::way_to(drive, &wanted.folder).await
        } else {
            Ok(Vec::new())
        }
    };
    let (page, breadcrumbs) = tokio::try_join!(drive.list(&listing), crumbs)?;
    Ok(view_of(&page, breadcrumbs))
}

fn view_of(page: &FilePage, breadcrumbs: Vec<Crumb>) -> FilesView {
    FilesView {
        object: "list",
        breadcrumbs,
        data: page.files.iter().map(FileView::of).collect(),
        has_more: page.next_page_token.is_some(),
        next_page_token: page.next_page_token.clone(),
        is_incomplete: page.is_incomplete,
    }
}

/// The drives of teams, each as the folder that it is.
async fn shared_drives(drive: UserDrive<'_>, wanted: &Wanted) -> Result<FilesView, ApiError> {
    let SharedDrivePage {
        drives,
        next_page_token,
    } = drive.shared_drives(wanted.page_token.as_deref()).await?;
    let text = wanted.text.as_deref().map(str::to_lowercase);
    let found = drives.iter().filter(|drive| {
        text.as_ref()
            .is_none_or(|text| drive.name.to_lowercase().contains(text))
    });
    let folder = |drive: &SharedDrive| FileView {
        object: "drive_file",
        id: drive.id.to_string(),
        name: drive.name.clone(),
        kind: "folder",
        ..FileView::default()
    };
    Ok(FilesView {
        object: "list",
        breadcrumbs: vec![Crumb::shared_drives()],
        data: found.map(folder).collect(),
        has_more: next_page_token.is_some(),
        next_page_token,
        is_incomplete: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(query: &[(&str, &str)]) -> Result<Wanted, ApiError> {
        let query: Vec<_> = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        read(&query)
    }

    #[test]
    fn places_are_told_from_folders() {
        let folder = |query: &[(&str, &str)]| wanted(query).expect("a question").folder;
        assert_eq!(folder(&[]), Folder::default());
        assert_eq!(folder(&[("folder", "")]), Folder::default());
        assert_eq!(folder(&[("folder", "root")]), Folder::default());
        assert_eq!(folder(&[("folder", "shared_drives")]), Folder::SharedDrives);
        let keyed = folder(&[("folder", "0B1"), ("resource_key", "0-x")]);
        assert!(matches!(keyed, Folder::Of(file) if file.resource_key.is_some()));
    }

    #[test]
    fn nonsense_is_refused() {
        let long = "x".repeat(LONGEST_TEXT + 1);
        for query in [
            [("folder", "a'b")],
            [("folder", "../x")],
            [("q", long.as_str())],
            [("order", "name")],
        ] {
            assert!(wanted(&query).is_err(), "{query:?}");
        }
    }
}
