//! `/api/drive…`: somebody's Google Drive, looked through on our page.
//!
//! It is their Drive by their grant, and its tokens never leave us: listings and thumbnails come through here. Only where a
//! deployment may see no more than what people pick (`DriveScope`), Google's Picker in the page needs a token of its own.

pub(super) mod connection;
pub(super) mod files;
pub(super) mod picker;
pub(super) mod thumbnail;

mod crumbs;
mod view;

use std::sync::Arc;

use aws_config::SdkConfig;
use axum::Router;
use packshot_clients::{
    config::{self, Missing, env},
    user_drive::UserDrives,
};
use packshot_domain::drive::{DriveScope, FileRef};

use super::{
    caller::Doors,
    problem::ApiError,
    routes::{self, Serve},
};

/// What this function may use.
#[derive(Debug)]
pub struct State {
    doors: Arc<Doors>,
    drives: UserDrives,
    scope: DriveScope,
    /// The browser key of Google's Picker, which is not secret: Google holds it to our address. Empty where none is needed.
    picker_key: String,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            doors: Doors::from_env(config)?,
            drives: UserDrives::from_env(config)?,
            scope: config::require_parsed(env::DRIVE_SCOPE)?,
            picker_key: config::optional(env::GOOGLE_PICKER_KEY),
        })
    }

    /// Refuses to look around where only picked files may be seen.
    fn may_look_around(&self) -> Result<(), ApiError> {
        match self.scope {
            DriveScope::Readonly => Ok(()),
            DriveScope::File => Err(ApiError::picker_required()),
        }
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let doors = Arc::clone(&state.doors);
    let routes = Router::new()
        .serve(&routes::SHOW_DRIVE, connection::show)
        .serve(&routes::DISCONNECT_DRIVE, connection::disconnect)
        .serve(&routes::LIST_DRIVE_FILES, files::list)
        .serve(&routes::SHOW_DRIVE_THUMBNAIL, thumbnail::show)
        .serve(&routes::SHOW_DRIVE_PICKER, picker::show);
    super::serve(routes.with_state(Arc::new(state)), doors)
}

/// A file by its id and, where it was shared by a link long ago, its key.
fn file_ref(id: &str, resource_key: Option<&str>) -> Result<FileRef, ApiError> {
    let id = id.parse().map_err(|_| ApiError::drive_file_not_found())?;
    let resource_key = resource_key.map(str::parse).transpose();
    Ok(FileRef {
        id,
        resource_key: resource_key.map_err(|_| ApiError::drive_file_not_found())?,
    })
}
