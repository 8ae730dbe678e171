//! The way from the top of a Drive to a folder.

use packshot_clients::{
    google::drive::{DriveError, DriveFile},
    user_drive::{UserDrive, UserDriveError},
};
use packshot_domain::drive::{FileId, FileRef};
use serde::Serialize;
use utoipa::ToSchema;

use super::files::Folder;

/// How many folders deep the way is followed. Each costs a call, and a page has no room for more.
const DEEPEST: usize = 12;

/// A folder on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DriveCrumb)]
pub(super) struct Crumb {
    /// What to name it by; `shared_with_me` and `shared_drives` are no folders, and can be looked into all the same.
    id: String,
    /// Its name.
    #[schema(example = "My Drive")]
    name: String,
}

impl Crumb {
    fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
        }
    }

    fn my_drive() -> Self {
        Self::new(FileId::root().as_str(), "My Drive")
    }

    fn shared_with_me() -> Self {
        Self::new("shared_with_me", "Shared with me")
    }

    pub(super) fn shared_drives() -> Self {
        Self::new("shared_drives", "Shared drives")
    }
}

/// The way to a folder, the top first and the folder last.
pub(super) async fn way_to(drive: UserDrive<'_>, folder: &Folder) -> Result<Vec<Crumb>, UserDriveError> {
    let file = match folder {
        Folder::SharedWithMe => return Ok(vec![Crumb::shared_with_me()]),
        Folder::SharedDrives => return Ok(vec![Crumb::shared_drives()]),
        Folder::Of(file) => file,
    };
    if file.id == FileId::root() {
        return Ok(vec![Crumb::my_drive()]);
    }
    let (root, folder) = tokio::try_join!(top_of_own(drive), drive.file(file))?;
    let mut way = climb(drive, &root, folder).await?;
    way.reverse();
    Ok(way)
}

/// The id of the top of the person's own Drive, which files name as their parent; `root` is only another name of it.
async fn top_of_own(drive: UserDrive<'_>) -> Result<FileId, UserDriveError> {
    let root = drive.file(&FileRef::plain(FileId::root())).await?;
    Ok(root.reference.id)
}

/// The way from a folder up to the top. It ends below the top where the person may not look further up, or where it is too long.
async fn climb(drive: UserDrive<'_>, root: &FileId, folder: DriveFile) -> Result<Vec<Crumb>, UserDriveError> {
    let mut way = Vec::new();
    let mut folder = folder;
    while way.len() < DEEPEST {
        let id = &folder.reference.id;
        if id == root {
            break;
        }
        if folder.shared_drive.as_ref() == Some(id) {
            let name = drive.shared_drive(id).await?.name;
            way.push(Crumb::new(id.as_str(), &name));
            way.push(Crumb::shared_drives());
            return Ok(way);
        }
        way.push(Crumb::new(id.as_str(), &folder.name));
        let Some(parent) = folder.parent else {
            way.push(Crumb::shared_with_me());
            return Ok(way);
        };
        folder = match drive.file(&FileRef::plain(parent)).await {
            Ok(parent) => parent,
            Err(UserDriveError::Drive(DriveError::NotFound | DriveError::Forbidden(_))) => {
                way.push(Crumb::shared_with_me());
                return Ok(way);
            }
            Err(error) => return Err(error),
        };
    }
    way.push(Crumb::my_drive());
    Ok(way)
}
