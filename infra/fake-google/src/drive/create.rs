//! Folders and files that the app makes, and takes away again.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Drive;
use super::content::Content;
use super::error::DriveError;
use super::file::{File, Role};
use super::mask::Mask;
use super::resource::{FILE_FIELDS, USUAL_FIELDS};
use super::store::{Store, Viewer};
use crate::oauth::Parameters;
use crate::oauth::scope::Scope;

/// Ids that one call can ask for.
const MOST_IDS: usize = 1000;

/// The description of a file that is to be made.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Metadata {
    id: Option<String>,
    name: Option<String>,
    pub(super) mime_type: Option<String>,
    parents: Vec<String>,
    app_properties: BTreeMap<String, String>,
}

impl Metadata {
    /// Reads JSON; an empty body describes nothing in particular.
    pub(super) fn read(body: &[u8]) -> Result<Self, DriveError> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_slice(body).map_err(|error| DriveError::new(400, "parseError", error.to_string()))
    }
}

impl Drive {
    /// Makes a file with these bytes, and describes it.
    pub(super) fn create(
        &self,
        metadata: &Metadata,
        bytes: Bytes,
        parameters: &Parameters,
        viewer: &Viewer,
    ) -> Result<Value, DriveError> {
        need_file_scope(viewer, "google.apps.drive.v3.DriveFiles.Create")?;
        let mask = Mask::parse(parameters.get("fields").unwrap_or(USUAL_FIELDS), FILE_FIELDS)?;
        let described = {
            let mut store = self.store();
            let file = self.new_file(&store, metadata, bytes, viewer)?;
            let described = store.describe(&file, viewer);
            store.files.insert(file.id.clone(), file);
            described
        };
        Ok(described.to_json(&mask, &self.issuer, self.clock.now().as_second()))
    }

    fn new_file(
        &self,
        store: &Store,
        metadata: &Metadata,
        bytes: Bytes,
        viewer: &Viewer,
    ) -> Result<File, DriveError> {
        let parent = match metadata.parents.as_slice() {
            [] => "root",
            [parent] => parent,
            _ => {
                let message = "A file can have one parent only.";
                return Err(DriveError::new(403, "multipleParentsNotSupported", message));
            }
        };
        let parent = store.visible(parent, viewer)?;
        if !parent.is_folder() {
            let message = "The specified parent is not a folder.";
            return Err(DriveError::new(403, "parentNotAFolder", message));
        }
        if store
            .role(parent, &viewer.email)
            .is_none_or(|role| role < Role::Writer)
        {
            return Err(no_permission());
        }
        let id = match &metadata.id {
            None => super::generated_id(),
            Some(id) if store.files.contains_key(id) => {
                let message = "A file already exists with the provided ID.";
                return Err(DriveError::new(409, "fileIdInUse", message));
            }
            Some(id) if store.generated.contains(id) => id.clone(),
            Some(_) => {
                let message = "The provided file ID is not usable.";
                return Err(DriveError::parameter("file.id", "invalid", message));
            }
        };
        let name = metadata.name.as_deref().unwrap_or("Untitled");
        let home = parent.home.clone();
        let mut file = File::folder(id, name, Some(parent.id.clone()), home, self.clock.now());
        let usual = "application/octet-stream".to_owned();
        file.mime_type = metadata.mime_type.clone().unwrap_or(usual);
        file.content = (!file.mime_type.starts_with("application/vnd.google-apps."))
            .then(|| Arc::new(Content::of(bytes)));
        file.made_by_app = true;
        file.app_properties.clone_from(&metadata.app_properties);
        Ok(file)
    }

    /// Takes a file away for good, with all that is in it.
    pub(super) fn delete(&self, id: &str, viewer: &Viewer) -> Result<(), DriveError> {
        need_file_scope(viewer, "google.apps.drive.v3.DriveFiles.Delete")?;
        let mut store = self.store();
        let file = store.visible(id, viewer)?;
        let is_root = file.parent.is_none();
        if is_root
            || store
                .role(file, &viewer.email)
                .is_none_or(|role| role < Role::Organizer)
        {
            return Err(no_permission());
        }
        if !Store::is_app_file(file, &viewer.email) {
            let message =
                format!("The user has not granted the app packshot-local write access to the file {id}.");
            return Err(DriveError::new(403, "appNotAuthorizedToFile", message));
        }
        let id = file.id.clone();
        for inside in store.below(&id) {
            store.files.remove(&inside);
        }
        Ok(())
    }

    /// `GET /drive/v3/files/generateIds`.
    pub(super) fn generate_ids(&self, parameters: &Parameters, viewer: &Viewer) -> Result<Value, DriveError> {
        need_file_scope(viewer, "google.apps.drive.v3.DriveFiles.GenerateIds")?;
        let count = parameters
            .get("count")
            .map_or(Some(10), |count| count.parse().ok());
        let count = count.filter(|count| (1..=MOST_IDS).contains(count));
        let count = count.ok_or_else(|| DriveError::invalid("count"))?;
        let ids: Vec<String> = (0..count).map(|_| super::generated_id()).collect();
        self.store().generated.extend(ids.iter().cloned());
        Ok(json!({"kind": "drive#generatedIds", "space": "drive", "ids": ids}))
    }
}

/// Reading alone does not allow to make anything.
pub(super) fn need_file_scope(viewer: &Viewer, method: &str) -> Result<(), DriveError> {
    if viewer.scopes.contains(&Scope::DriveFile) {
        Ok(())
    } else {
        Err(DriveError::scope(method))
    }
}

fn no_permission() -> DriveError {
    DriveError::new(
        403,
        "insufficientFilePermissions",
        "The user does not have sufficient permissions for this file.",
    )
}
