//! What a job has to do with its owner's Google Drive, as callers see it.

use packshot_domain::job::{Job, PhotoFolder, SavedPlace, SavingOutcome, Status};
use serde::Serialize;
use utoipa::{ToSchema, openapi::Object};

use crate::named_schemas::{one_of, saving_failure};

/// The folder of Google Drive that a job's photos come from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DriveFolder)]
pub(crate) struct DriveFolderView<'a> {
    /// Google's id of it.
    #[schema(value_type = String)]
    folder_id: &'a str,
    /// Its name.
    #[schema(value_type = String, example = "Espresso cup")]
    folder_name: &'a str,
    /// How many pictures were in it.
    #[schema(example = 13)]
    pictures: u32,
    /// How many of them are the job's photos: the first in the order of their names.
    #[schema(example = 8)]
    used: usize,
    /// How many are not.
    #[schema(example = 5)]
    left_out: usize,
}

/// What became of a job's images in Google Drive.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SavedToDrive)]
pub(crate) struct SavedToDriveView<'a> {
    /// `pending` until the job has completed and its images are there.
    #[schema(schema_with = saving_status)]
    status: &'static str,
    /// The new folder.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    folder_id: Option<&'a str>,
    /// Its name.
    #[schema(value_type = Option<String>, example = "Packshot – Espresso cup")]
    #[serde(skip_serializing_if = "Option::is_none")]
    folder_name: Option<&'a str>,
    /// Where a person opens it.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    /// `beside_originals`, or `my_drive` where the folder of the originals does not take files.
    #[schema(schema_with = saved_place)]
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'static str>,
    /// How many images are in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    images: Option<u32>,
    /// Why they are not there.
    #[schema(schema_with = saving_failure)]
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The same for people.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
}

/// The states of [`saved_view`].
fn saving_status() -> Object {
    one_of(
        "`pending` until the job has completed and its images are there.",
        ["pending", "saved", "failed"],
    )
}

fn saved_place() -> Object {
    one_of(
        "Where the folder is: `beside_originals`, or in `my_drive` where the folder of the originals does not take files.",
        SavedPlace::ALL.map(SavedPlace::as_str),
    )
}

pub(super) fn folder_view(job: &Job) -> Option<DriveFolderView<'_>> {
    let PhotoFolder { id, name, pictures } = job.drive.folder.as_ref()?;
    let used = job.photos.len();
    Some(DriveFolderView {
        folder_id: id.as_str(),
        folder_name: name,
        pictures: *pictures,
        used,
        left_out: usize::try_from(*pictures)
            .unwrap_or(usize::MAX)
            .saturating_sub(used),
    })
}

/// A job without images has none to save.
pub(super) fn saved_view(job: &Job) -> Option<SavedToDriveView<'_>> {
    let saving = job.drive.saving.as_ref();
    let saving = saving.filter(|_| !matches!(job.status, Status::Failed | Status::Canceled))?;
    let nothing = SavedToDriveView {
        status: "pending",
        folder_id: None,
        folder_name: None,
        url: None,
        place: None,
        images: None,
        reason: None,
        message: None,
    };
    Some(match &saving.outcome {
        SavingOutcome::Pending => nothing,
        SavingOutcome::Saved(folder) => SavedToDriveView {
            status: "saved",
            folder_id: Some(folder.id.as_str()),
            folder_name: Some(&folder.name),
            url: Some(&folder.url),
            place: Some(folder.place.as_str()),
            images: Some(folder.images),
            ..nothing
        },
        SavingOutcome::Failed(reason) => SavedToDriveView {
            status: "failed",
            reason: Some(reason.as_str()),
            message: Some(reason.sentence()),
            ..nothing
        },
    })
}
