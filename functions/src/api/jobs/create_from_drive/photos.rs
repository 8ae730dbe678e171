//! Which files of a Drive become a job's photos.

use futures_util::future::try_join_all;
use packshot_clients::{
    google::drive::{DriveError, DriveFile, Kinds, Listing, Place},
    user_drive::{UserDrive, UserDriveError},
};
use packshot_domain::{
    drive::{self, FileRef},
    job::{DrivePhoto, DriveWork, PhotoFolder, PhotoSource, Saving},
    photo::{self, PhotoFormat},
    request::{
        FieldError,
        drive::{DrivePhotos, DriveRequest},
    },
};

use crate::api::{jobs::intake::Photos, problem::ApiError};

/// How many files of a folder one page of the listing has.
const PAGE: u16 = 1000;

/// How many pages of a folder are looked at. One with more pictures is no product's.
const MOST_PAGES: usize = 5;

/// A mistake in the choice of a file: its code, and what is wrong.
type Unfit = (&'static str, String);

/// The photos of a request, as Drive knows them.
pub(super) async fn find(drive: UserDrive<'_>, wanted: &DriveRequest) -> Result<Photos, ApiError> {
    let (found, folder, beside) = match &wanted.photos {
        DrivePhotos::Files(files) => {
            let found = named(drive, files).await?;
            let beside = found.first().and_then(|file| file.parent.clone());
            (found, None, beside.map(FileRef::plain))
        }
        DrivePhotos::Folder(folder) => {
            let (found, summary, folder) = in_folder(drive, folder).await?;
            (found, Some(summary), Some(folder))
        }
    };
    Ok(Photos {
        sources: found.into_iter().map(source).collect(),
        drive: DriveWork {
            folder,
            saving: wanted.save_to_drive.then(|| Saving::beside(beside)),
        },
    })
}

fn source(file: DriveFile) -> PhotoSource {
    PhotoSource::Drive(DrivePhoto {
        file: file.reference,
        name: file.name,
        is_copied: false,
    })
}

/// The files that were named, in this order; everything that is wrong with any is told at once.
async fn named(drive: UserDrive<'_>, files: &[FileRef]) -> Result<Vec<DriveFile>, ApiError> {
    let looked_at = try_join_all(files.iter().map(|file| look_at(drive, file))).await?;
    let (mut found, mut errors) = (Vec::with_capacity(files.len()), Vec::new());
    for (index, outcome) in looked_at.into_iter().enumerate() {
        match outcome.and_then(fit) {
            Ok(file) => found.push(file),
            Err((code, message)) => {
                errors.push(FieldError::new(format!("drive.file_ids[{index}]"), code, message));
            }
        }
    }
    if errors.is_empty() {
        Ok(found)
    } else {
        Err(ApiError::invalid_fields(errors))
    }
}

/// A file as it is in Drive; of a shortcut, what it points to.
async fn look_at(drive: UserDrive<'_>, file: &FileRef) -> Result<Result<DriveFile, Unfit>, ApiError> {
    let mut found = match drive.file(file).await {
        Ok(found) => found,
        Err(error) => return unfit(error),
    };
    if let Some(shortcut) = &found.shortcut {
        found = match drive.file(&shortcut.target).await {
            Ok(found) => found,
            Err(error) => return unfit(error),
        };
    }
    Ok(Ok(found))
}

/// What a refusal says about this one file, unless it says something about the Drive as a whole.
fn unfit(error: UserDriveError) -> Result<Result<DriveFile, Unfit>, ApiError> {
    match error {
        UserDriveError::Drive(DriveError::NotFound) => Ok(Err(not_found())),
        UserDriveError::Drive(DriveError::NotDownloadable(_) | DriveError::Forbidden(_)) => {
            Ok(Err(not_downloadable()))
        }
        error => Err(error.into()),
    }
}

fn not_found() -> Unfit {
    (
        "drive_file_not_found",
        "is not in your Drive, or not shared with you".to_owned(),
    )
}

fn not_downloadable() -> Unfit {
    (
        "drive_file_not_downloadable",
        "cannot be downloaded; its owner or an organisation does not allow it".to_owned(),
    )
}

/// Whether a file may be a photo, as far as Drive tells. Its bytes decide later.
fn fit(file: DriveFile) -> Result<DriveFile, Unfit> {
    let name = &file.name;
    if file.is_trashed {
        return Err(("drive_file_not_found", format!("({name}) is in the bin")));
    }
    if !drive::is_image_type(&file.mime_type) {
        let message = format!("({name}) is not a picture; JPEG, PNG and WebP are taken");
        return Err(("not_a_picture", message));
    }
    if PhotoFormat::from_content_type(&file.mime_type).is_none() {
        let message = format!("({name}) is {}; JPEG, PNG and WebP are taken", file.mime_type);
        return Err(("unsupported_photo_format", message));
    }
    if file.size.is_some_and(|size| size > photo::MAX_BYTES) {
        return Err(("photo_too_large", format!("({name}) is larger than 50 MB")));
    }
    if !file.can_download {
        return Err(not_downloadable());
    }
    Ok(file)
}

/// The first photos of a folder in the order of their names, what there is to tell about it, and the folder itself. Pictures
/// that cannot be photos are passed over; the numbers say so.
async fn in_folder(
    drive: UserDrive<'_>,
    folder: &FileRef,
) -> Result<(Vec<DriveFile>, PhotoFolder, FileRef), ApiError> {
    let refuse = |(code, message): Unfit| {
        ApiError::invalid_fields(vec![FieldError::new("drive.folder_id", code, message)])
    };
    let folder = look_at(drive, folder).await?.map_err(refuse)?;
    if !folder.is_folder() || folder.is_trashed {
        return Err(refuse((
            "not_a_folder",
            format!("({}) is not a folder", folder.name),
        )));
    }
    let mut pictures = pictures_in(drive, &folder.reference).await?;
    pictures.sort_by(|one, other| drive::natural_order(&one.name, &other.name));
    let summary = PhotoFolder {
        id: folder.reference.id.clone(),
        name: folder.name.clone(),
        pictures: u32::try_from(pictures.len()).unwrap_or(u32::MAX),
    };
    let found = first_fit(drive, pictures).await?;
    if found.is_empty() {
        let message = format!(
            "({}) holds no JPEG, PNG or WebP picture of up to 50 MB; folders in it are not looked into",
            folder.name
        );
        return Err(refuse(("no_photos", message)));
    }
    Ok((found, summary, folder.reference))
}

async fn pictures_in(drive: UserDrive<'_>, folder: &FileRef) -> Result<Vec<DriveFile>, ApiError> {
    let (mut pictures, mut page_token) = (Vec::new(), None);
    for _ in 0..MOST_PAGES {
        let listing = Listing {
            place: Place::Folder(folder),
            kinds: Kinds::Images,
            text: None,
            page_token: page_token.as_deref(),
            page_size: PAGE,
        };
        let page = drive.list(&listing).await?;
        pictures.extend(page.files);
        page_token = page.next_page_token;
        if page_token.is_none() {
            break;
        }
    }
    Ok(pictures)
}

/// As many photos as a job may have. A shortcut counts as what it points to, and that only once.
async fn first_fit(drive: UserDrive<'_>, pictures: Vec<DriveFile>) -> Result<Vec<DriveFile>, ApiError> {
    let mut found: Vec<DriveFile> = Vec::with_capacity(photo::MAX_PHOTOS);
    for picture in pictures {
        if found.len() == photo::MAX_PHOTOS {
            break;
        }
        let file = match &picture.shortcut {
            None => Ok(picture),
            Some(shortcut) => look_at(drive, &shortcut.target).await?,
        };
        if let Ok(file) = file.and_then(fit)
            && found.iter().all(|other| other.reference.id != file.reference.id)
        {
            found.push(file);
        }
    }
    Ok(found)
}
