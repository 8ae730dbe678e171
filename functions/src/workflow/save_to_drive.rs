//! save-to-drive: puts the images of a job that has completed into a new folder of its owner's Google Drive.
//!
//! It never fails the job, whose images are there already: what comes of it is noted in the row and told. Drive gave an id for
//! the folder and for each image first, and makes nothing twice under one id; so a repeated run leaves one folder.

mod outlook;

use aws_config::SdkConfig;
use futures_util::future::try_join_all;
use packshot_clients::{
    bucket::{Bucket, ReadError},
    clock,
    config::Missing,
    google::drive::{DriveError, DriveFile, NewFile, NewFolder},
    jobs::JobStore,
    user_drive::{UserDrive, UserDriveError, UserDrives},
};
use packshot_domain::{
    drive::{FileId, FileRef},
    id,
    image::ImageState,
    job::{Job, JobEvent, SavedFolder, SavedPlace, Saving, SavingEvent, SavingIds, SavingOutcome},
};
use serde::Serialize;
use tracing::info;

use self::outlook::{Outlook, wait_or_give_up};
use super::{Ended, Step, change, job_store};
use crate::runtime::{TaskError, TaskInput};

/// The largest image that is put there; Gemini's are smaller.
const MOST_BYTES: u64 = 100 * 1024 * 1024;

/// How many images are put there at the same time: they are in memory together.
const AT_ONCE: usize = 2;

/// What this function may use.
#[derive(Debug)]
pub struct State {
    jobs: JobStore,
    bucket: Bucket,
    drives: UserDrives,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            jobs: job_store(config)?,
            bucket: Bucket::from_env(config)?,
            drives: UserDrives::from_env(config)?,
        })
    }
}

/// What the state machine is told: `saved`, whatever came of it, or `waiting` where Google asks us to come back; and again how
/// the job ended.
#[derive(Debug, Serialize)]
pub struct Told {
    #[serde(flatten)]
    step: Step,
    #[serde(flatten)]
    ended: Ended,
}

/// Why images are not in the Drive.
#[derive(Debug)]
enum NotSaved {
    /// Drive did not take them.
    Drive(UserDriveError),
    /// Something else was in the way.
    Task(TaskError),
    /// The job is gone.
    Gone,
}

impl From<UserDriveError> for NotSaved {
    fn from(error: UserDriveError) -> Self {
        Self::Drive(error)
    }
}

impl From<TaskError> for NotSaved {
    fn from(error: TaskError) -> Self {
        Self::Task(error)
    }
}

/// Puts a job's images into its owner's Drive, if they are still to go there.
pub async fn handle(state: &State, input: TaskInput) -> Result<Told, TaskError> {
    let Some(job) = state.jobs.get(input.user_id, input.job_id).await? else {
        return Ok(Told {
            step: Step::done("saved"),
            ended: Ended::of_deleted(id::end_of_job_event(input.job_id)),
        });
    };
    let step = match job.drive.saving.as_ref().filter(|_| job.is_to_be_saved()) {
        Some(saving) => go_on(state, &job, saving).await?,
        None => Step::done("saved"),
    };
    Ok(Told {
        step,
        ended: Ended::of(&job),
    })
}

async fn go_on(state: &State, job: &Job, saving: &Saving) -> Result<Step, TaskError> {
    let outcome = match save(state, job, saving).await {
        Ok(folder) => {
            info!(job.id = %job.id, images = folder.images, "Put {} images into a Drive", folder.images);
            SavingOutcome::Saved(folder)
        }
        Err(NotSaved::Gone) => return Ok(Step::done("saved")),
        Err(NotSaved::Task(error)) => return Err(error),
        Err(NotSaved::Drive(error)) => match wait_or_give_up(job, &error, clock::now()) {
            Outlook::Wait(step) => return Ok(step),
            Outlook::GiveUp(reason) => SavingOutcome::Failed(reason),
        },
    };
    change(&state.jobs, job, JobEvent::Saving(SavingEvent::Ended(outcome))).await?;
    Ok(Step::done("saved"))
}

async fn save(state: &State, job: &Job, saving: &Saving) -> Result<SavedFolder, NotSaved> {
    let drive = state.drives.of(job.owner);
    // What was begun before may be there already.
    let is_repeated = saving.ids.is_some();
    let ids = ids(state, job, saving).await?;
    let (folder, place) = folder(drive, job, saving, &ids.folder).await?;
    let ready: Vec<usize> = (0..job.images.len())
        .filter(|index| job.images[*index].is_ready())
        .collect();
    for some in ready.chunks(AT_ONCE) {
        let put = some.iter().map(async |&index| {
            let id = &ids.images[index];
            if is_repeated && exists(drive, id).await? {
                return Ok(());
            }
            put_image(state, drive, job, index, id, &folder.reference).await
        });
        try_join_all(put).await?;
    }
    Ok(SavedFolder {
        url: folder
            .web_link
            .unwrap_or_else(|| format!("https://drive.google.com/drive/folders/{}", folder.reference.id)),
        id: folder.reference.id,
        name: folder.name,
        place,
        images: u32::try_from(ready.len()).unwrap_or(u32::MAX),
    })
}

/// The ids for what is to be made: in the row before anything is made.
async fn ids(state: &State, job: &Job, saving: &Saving) -> Result<SavingIds, NotSaved> {
    if let Some(ids) = &saving.ids {
        return Ok(ids.clone());
    }
    let mut given = state.drives.of(job.owner).new_ids(job.images.len() + 1).await?;
    let folder = given
        .pop()
        .ok_or_else(|| TaskError::bug("Drive gave no id although it was asked for some"))?;
    let ids = SavingIds {
        folder,
        images: given,
    };
    let event = JobEvent::Saving(SavingEvent::IdsGiven(ids));
    let noted = change(&state.jobs, job, event).await?.ok_or(NotSaved::Gone)?;
    // Somebody else may have noted other ones first.
    let ids = noted.drive.saving.and_then(|saving| saving.ids);
    ids.ok_or_else(|| TaskError::bug("the ids are not in the row").into())
}

/// The folder for the images: beside the originals, or at the top of the Drive where their folder does not take it.
async fn folder(
    drive: UserDrive<'_>,
    job: &Job,
    saving: &Saving,
    id: &FileId,
) -> Result<(DriveFile, SavedPlace), NotSaved> {
    let name = job.drive_folder_name();
    let at_the_top = FileRef::plain(FileId::root());
    if let Some(beside) = saving.beside.as_ref().filter(|beside| **beside != at_the_top) {
        match make_folder(drive, id, &name, beside).await {
            Ok(folder) => {
                // One that was made before may be elsewhere.
                let is_beside = folder.parent.as_ref().is_none_or(|parent| *parent == beside.id);
                let place = if is_beside {
                    SavedPlace::BesideOriginals
                } else {
                    SavedPlace::MyDrive
                };
                return Ok((folder, place));
            }
            Err(UserDriveError::Drive(error @ (DriveError::NotFound | DriveError::Forbidden(_)))) => {
                info!(job.id = %job.id, %error, "The folder of the originals does not take another one");
            }
            Err(error) => return Err(error.into()),
        }
    }
    let folder = make_folder(drive, id, &name, &at_the_top).await?;
    Ok((folder, SavedPlace::MyDrive))
}

/// Makes a folder, or finds it made.
async fn make_folder(
    drive: UserDrive<'_>,
    id: &FileId,
    name: &str,
    parent: &FileRef,
) -> Result<DriveFile, UserDriveError> {
    match drive.create_folder(&NewFolder { id, name, parent }).await {
        Err(UserDriveError::Drive(DriveError::AlreadyThere)) => drive.file(&FileRef::plain(id.clone())).await,
        made => made,
    }
}

async fn exists(drive: UserDrive<'_>, id: &FileId) -> Result<bool, NotSaved> {
    match drive.file(&FileRef::plain(id.clone())).await {
        Ok(_) => Ok(true),
        Err(UserDriveError::Drive(DriveError::NotFound)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn put_image(
    state: &State,
    drive: UserDrive<'_>,
    job: &Job,
    index: usize,
    id: &FileId,
    folder: &FileRef,
) -> Result<(), NotSaved> {
    let image = &job.images[index];
    let ImageState::Ready(stored) = &image.state else {
        return Ok(());
    };
    let key = job.image_path(&image.file_name(index, stored));
    let bytes = match state.bucket.get(&key, MOST_BYTES).await {
        Ok(bytes) => bytes,
        // Its owner has deleted the job.
        Err(ReadError::NotFound(_)) => return Err(NotSaved::Gone),
        Err(error @ ReadError::TooLarge(_)) => return Err(TaskError::bug(error).into()),
        Err(ReadError::Aws(error)) => return Err(TaskError::from(error).into()),
    };
    let shot = job.shots.get(index);
    let extension = stored.format.extension();
    let file = NewFile {
        id,
        name: &match shot {
            Some(shot) => format!("{:02} {}.{extension}", index + 1, shot.title),
            None => format!("{:02}.{extension}", index + 1),
        },
        parent: folder,
        mime_type: stored.format.content_type(),
        description: shot.map(|shot| shot.alt.as_str()),
        bytes,
    };
    match drive.upload(&file).await {
        Ok(_) | Err(UserDriveError::Drive(DriveError::AlreadyThere)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
