//! What a job has to do with its owner's Google Drive: photos that come from there, images that go there.

use super::{Job, PhotoSource, Refused, Status};
use crate::drive::{FileId, FileRef};

/// How many characters of a product's name are part of a folder's name.
const MOST_TITLE: usize = 80;

/// A photo in its owner's Drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrivePhoto {
    /// The file, never a shortcut to it.
    pub file: FileRef,
    /// What its owner calls it.
    pub name: String,
    /// Whether it is in the bucket by now.
    pub is_copied: bool,
}

/// The folder whose photos were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoFolder {
    /// Which.
    pub id: FileId,
    /// What its owner calls it.
    pub name: String,
    /// How many pictures were in it; the job may have fewer photos.
    pub pictures: u32,
}

/// What a job has to do with a Drive, its single photos aside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DriveWork {
    /// The folder that was asked for; `None` where photos were named one by one.
    pub folder: Option<PhotoFolder>,
    /// Where its images are to go.
    pub saving: Option<Saving>,
}

/// Images on their way into a new folder of their owner's Drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saving {
    /// The folder of the originals, as far as it is known.
    pub beside: Option<FileRef>,
    /// What Drive is to call what is put there; `None` until it was asked.
    pub ids: Option<SavingIds>,
    /// What came of it.
    pub outcome: SavingOutcome,
}

impl Saving {
    /// Images that are to go beside the originals.
    pub const fn beside(folder: Option<FileRef>) -> Self {
        Self {
            beside: folder,
            ids: None,
            outcome: SavingOutcome::Pending,
        }
    }
}

/// Ids that Drive gave for things to be made: nothing is made twice under one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavingIds {
    /// The new folder's.
    pub folder: FileId,
    /// One for each of the job's images.
    pub images: Vec<FileId>,
}

/// What came of saving images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SavingOutcome {
    /// Not known yet.
    Pending,
    /// They are there.
    Saved(SavedFolder),
    /// They are not, or not all.
    Failed(SavingFailure),
}

/// The folder that has the images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedFolder {
    /// Which.
    pub id: FileId,
    /// Its name.
    pub name: String,
    /// Where a person opens it.
    pub url: String,
    /// Where it is.
    pub place: SavedPlace,
    /// How many images are in it.
    pub images: u32,
}

/// Where the new folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SavedPlace {
    /// In the folder of the originals.
    BesideOriginals,
    /// At the top of "My Drive", because the folder of the originals does not take files from us.
    MyDrive,
}

impl SavedPlace {
    /// Both.
    pub const ALL: [Self; 2] = [Self::BesideOriginals, Self::MyDrive];

    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BesideOriginals => "beside_originals",
            Self::MyDrive => "my_drive",
        }
    }

    /// The place with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.as_str() == name)
    }
}

/// Why images are not in a Drive. The job has them all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SavingFailure {
    /// Google no longer lets us in.
    AccessRevoked,
    /// We may look and not write.
    ScopeMissing,
    /// There is no room.
    DriveFull,
    /// An organisation's rules, for one.
    Refused,
    /// Drive could not be used for too long.
    Unavailable,
    /// A mistake of ours.
    InternalError,
}

impl SavingFailure {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::AccessRevoked,
        Self::ScopeMissing,
        Self::DriveFull,
        Self::Refused,
        Self::Unavailable,
        Self::InternalError,
    ];

    /// The stable name that programs switch on.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessRevoked => "drive_access_revoked",
            Self::ScopeMissing => "drive_scope_missing",
            Self::DriveFull => "drive_full",
            Self::Refused => "drive_refused",
            Self::Unavailable => "drive_unavailable",
            Self::InternalError => "internal_error",
        }
    }

    /// The reason with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }

    /// What happened and what to do, for people.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::AccessRevoked => {
                "Google no longer lets us into your Drive. Connect it again; the images are here meanwhile."
            }
            Self::ScopeMissing => {
                "You have not allowed us to put files into your Drive. Allow it before the next job; the images are here."
            }
            Self::DriveFull => "Your Drive is full. Make room there; the images are here meanwhile.",
            Self::Refused => {
                "Your Drive does not take files from us; an organisation's rules can be the reason. The images are here."
            }
            Self::Unavailable => {
                "Google Drive could not be used when the job ended. Download the images here and put them there."
            }
            Self::InternalError => {
                "Something on our side went wrong. Download the images here and put them into your Drive."
            }
        }
    }
}

/// Something that happened while images were saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SavingEvent {
    /// Drive gave ids.
    IdsGiven(SavingIds),
    /// It is over.
    Ended(SavingOutcome),
}

impl Job {
    /// How many of its photos come from a Drive, and how many of those are in the bucket.
    pub fn drive_photos(&self) -> (usize, usize) {
        let photos = self.photos.iter().filter_map(PhotoSource::in_drive);
        photos.fold((0, 0), |(all, copied), photo| {
            (all + 1, copied + usize::from(photo.is_copied))
        })
    }

    /// The photos that are still to be copied, with their places in the job.
    pub fn photos_to_copy(&self) -> impl Iterator<Item = (usize, &DrivePhoto)> {
        let photos = self.photos.iter().enumerate();
        photos.filter_map(|(index, photo)| Some((index, photo.in_drive().filter(|photo| !photo.is_copied)?)))
    }

    /// Whether its images are still to go into a Drive.
    pub fn is_to_be_saved(&self) -> bool {
        let saving = self.drive.saving.as_ref();
        self.status == Status::Completed
            && saving.is_some_and(|saving| saving.outcome == SavingOutcome::Pending)
    }

    /// The name of the folder for its images.
    pub fn drive_folder_name(&self) -> String {
        let title = self.brief.product.title.as_deref().unwrap_or_default();
        // A line break in a name is taken by Drive, and shown by nobody as one.
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        let title: String = title.chars().take(MOST_TITLE).collect();
        if title.is_empty() {
            let day = self.created_at.strftime("%Y-%m-%d");
            format!("Packshot – {day}")
        } else {
            format!("Packshot – {title}")
        }
    }

    pub(super) fn note_copy(&mut self, index: usize) -> Result<(), Refused> {
        match self.photos.get_mut(index) {
            Some(PhotoSource::Drive(photo)) => {
                photo.is_copied = true;
                Ok(())
            }
            _ => Err(Refused::Mismatch),
        }
    }

    /// The first ids and the first outcome stay: what was made is called so.
    pub(super) fn go_on_saving(&mut self, event: SavingEvent) -> Result<(), Refused> {
        if self.status != Status::Completed {
            return Err(Refused::NotCompleted(self.status));
        }
        let images = self.images.len();
        let saving = self.drive.saving.as_mut().ok_or(Refused::Mismatch)?;
        match event {
            SavingEvent::IdsGiven(ids) if ids.images.len() != images => return Err(Refused::Mismatch),
            SavingEvent::IdsGiven(ids) => {
                saving.ids.get_or_insert(ids);
            }
            SavingEvent::Ended(outcome) => {
                if saving.outcome == SavingOutcome::Pending {
                    saving.outcome = outcome;
                }
            }
        }
        Ok(())
    }
}

impl PhotoSource {
    /// The photo, where it is one of a Drive.
    pub const fn in_drive(&self) -> Option<&DrivePhoto> {
        match self {
            Self::Drive(photo) => Some(photo),
            Self::Upload(_) | Self::Url(_) => None,
        }
    }
}
