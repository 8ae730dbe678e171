//! What a job has to do with a Drive, in its row.

use packshot_domain::{
    drive::{FileId, FileRef},
    job::{
        DrivePhoto, DriveWork, PhotoFolder, SavedFolder, SavedPlace, Saving, SavingFailure, SavingIds,
        SavingOutcome,
    },
};
use serde::{Deserialize, Serialize};

use super::Corrupt;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FileRefItem {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resource_key: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DrivePhotoItem {
    file: FileRefItem,
    name: String,
    copied: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DriveWorkItem {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    folder: Option<FolderItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    saving: Option<SavingItem>,
}

#[derive(Debug, Serialize, Deserialize)]
struct FolderItem {
    id: String,
    name: String,
    pictures: u32,
}

#[derive(Debug, Serialize, Deserialize)]
struct SavingItem {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    beside: Option<FileRefItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ids: Option<IdsItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    saved: Option<SavedItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct IdsItem {
    folder: String,
    images: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct SavedItem {
    id: String,
    name: String,
    url: String,
    place: String,
    images: u32,
}

fn id(text: &str) -> Result<FileId, Corrupt> {
    text.parse().map_err(|_| Corrupt("Drive id"))
}

impl From<&FileRef> for FileRefItem {
    fn from(file: &FileRef) -> Self {
        Self {
            id: file.id.to_string(),
            resource_key: file.resource_key.as_ref().map(|key| key.as_str().to_owned()),
        }
    }
}

impl TryFrom<FileRefItem> for FileRef {
    type Error = Corrupt;

    fn try_from(item: FileRefItem) -> Result<Self, Corrupt> {
        let key = item.resource_key.map(|key| key.parse()).transpose();
        Ok(Self {
            id: id(&item.id)?,
            resource_key: key.map_err(|_| Corrupt("resource key"))?,
        })
    }
}

impl From<&DrivePhoto> for DrivePhotoItem {
    fn from(photo: &DrivePhoto) -> Self {
        Self {
            file: FileRefItem::from(&photo.file),
            name: photo.name.clone(),
            copied: photo.is_copied,
        }
    }
}

impl TryFrom<DrivePhotoItem> for DrivePhoto {
    type Error = Corrupt;

    fn try_from(item: DrivePhotoItem) -> Result<Self, Corrupt> {
        Ok(Self {
            file: item.file.try_into()?,
            name: item.name,
            is_copied: item.copied,
        })
    }
}

impl DriveWorkItem {
    /// `None` for a job that has nothing to do with a Drive.
    pub(super) fn of(work: &DriveWork) -> Option<Self> {
        let item = Self {
            folder: work.folder.as_ref().map(|folder| FolderItem {
                id: folder.id.to_string(),
                name: folder.name.clone(),
                pictures: folder.pictures,
            }),
            saving: work.saving.as_ref().map(SavingItem::from),
        };
        (item.folder.is_some() || item.saving.is_some()).then_some(item)
    }
}

impl TryFrom<DriveWorkItem> for DriveWork {
    type Error = Corrupt;

    fn try_from(item: DriveWorkItem) -> Result<Self, Corrupt> {
        let folder = item.folder.map(|folder| {
            Ok::<_, Corrupt>(PhotoFolder {
                id: id(&folder.id)?,
                name: folder.name,
                pictures: folder.pictures,
            })
        });
        Ok(Self {
            folder: folder.transpose()?,
            saving: item.saving.map(Saving::try_from).transpose()?,
        })
    }
}

impl From<&Saving> for SavingItem {
    fn from(saving: &Saving) -> Self {
        let (saved, failure) = match &saving.outcome {
            SavingOutcome::Pending => (None, None),
            SavingOutcome::Saved(folder) => (Some(folder), None),
            SavingOutcome::Failed(reason) => (None, Some(reason)),
        };
        Self {
            beside: saving.beside.as_ref().map(FileRefItem::from),
            ids: saving.ids.as_ref().map(|ids| IdsItem {
                folder: ids.folder.to_string(),
                images: ids.images.iter().map(FileId::to_string).collect(),
            }),
            saved: saved.map(|folder| SavedItem {
                id: folder.id.to_string(),
                name: folder.name.clone(),
                url: folder.url.clone(),
                place: folder.place.as_str().to_owned(),
                images: folder.images,
            }),
            failure: failure.map(|reason| reason.as_str().to_owned()),
        }
    }
}

impl TryFrom<SavingItem> for Saving {
    type Error = Corrupt;

    fn try_from(item: SavingItem) -> Result<Self, Corrupt> {
        let ids = item.ids.map(|ids| {
            Ok::<_, Corrupt>(SavingIds {
                folder: id(&ids.folder)?,
                images: ids.images.iter().map(|text| id(text)).collect::<Result<_, _>>()?,
            })
        });
        let outcome = match (item.saved, item.failure) {
            (Some(saved), _) => SavingOutcome::Saved(SavedFolder {
                id: id(&saved.id)?,
                name: saved.name,
                url: saved.url,
                place: SavedPlace::parse(&saved.place).ok_or(Corrupt("place in a Drive"))?,
                images: saved.images,
            }),
            (None, Some(reason)) => {
                SavingOutcome::Failed(SavingFailure::parse(&reason).ok_or(Corrupt("reason of saving"))?)
            }
            (None, None) => SavingOutcome::Pending,
        };
        Ok(Self {
            beside: item.beside.map(FileRef::try_from).transpose()?,
            ids: ids.transpose()?,
            outcome,
        })
    }
}
