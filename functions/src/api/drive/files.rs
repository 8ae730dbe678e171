//! `GET /api/drive/files`: folders and pictures, one page at a time.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State as RouterState},
    response::{IntoResponse, Response},
};
use packshot_clients::{
    google::drive::{Kinds, Listing, Place, SharedDrivePage},
    user_drive::UserDrive,
};
use packshot_domain::{
    drive::{FileId, FileRef},
    request::FieldError,
};

use super::{State, crumbs, file_ref, view::FilesView};
use crate::api::{
    NO_STORE,
    caller::Owner,
    problem::{ApiError, Document},
};

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

#[utoipa::path(
    get,
    path = "/api/drive/files",
    operation_id = "list_drive_files",
    tag = "Drive",
    description = "Lists folders and pictures of the person's Google Drive, one page at a time.",
    params(
        ("folder" = Option<String>, Query,
            description = "A folder's id, or `shared_with_me` or `shared_drives`; the top of My Drive where it is not said."),
        ("resource_key" = Option<String>, Query, description = "The folder's key, if it has one."),
        ("q" = Option<String>, Query, description = "Only what has this in its name, everywhere unless a folder is named.",
            max_length = 200),
        ("page_token" = Option<String>, Query, description = "The `next_page_token` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of files.", body = FilesView),
        (status = 403, description = "Google does not allow it.", body = Document, content_type = "application/problem+json"),
        (status = 409, description = "No Drive is connected, it has to be connected again, or photos are picked with Google's \
            Picker.", body = Document, content_type = "application/problem+json"),
        (status = 404, description = "There is no such folder.", body = Document, content_type = "application/problem+json"),
    )
)]
pub(in crate::api) async fn list(
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
    Ok(FilesView::of(&page, breadcrumbs))
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
    Ok(FilesView::of_shared_drives(found, next_page_token))
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
