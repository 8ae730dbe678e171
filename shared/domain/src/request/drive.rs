//! A request for images of photos that are in their owner's Google Drive.

use std::{collections::HashMap, str::FromStr};

use serde_json::{Map, Value};

use super::{FieldError, Order, Rules, fields::Fields};
use crate::{
    drive::{FileId, FileRef, ResourceKey},
    photo,
};

/// Which photos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DrivePhotos {
    /// These, 1 to 8.
    Files(Vec<FileRef>),
    /// Those in this folder.
    Folder(FileRef),
}

/// A whole request, valid but for what only Drive can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriveRequest {
    /// Photos of one product.
    pub photos: DrivePhotos,
    /// Whether the images are to go into a new folder beside them.
    pub save_to_drive: bool,
    /// What to make of them, and on which terms.
    pub order: Order,
}

/// Reads the body of `POST /api/generate/drive`.
///
/// # Errors
///
/// Every wrong field.
pub fn parse(body: &Map<String, Value>, rules: Rules<'_>) -> Result<DriveRequest, Vec<FieldError>> {
    let mut fields = Fields::new(body);
    let photos = photos(&mut fields);
    let save_to_drive = fields.flag("save_to_drive");
    let order = super::order(&mut fields, rules);
    fields.finish()?;
    // Without an error there are photos.
    let photos = photos.ok_or_else(Vec::new)?;
    Ok(DriveRequest {
        photos,
        save_to_drive,
        order,
    })
}

fn photos(fields: &mut Fields<'_>) -> Option<DrivePhotos> {
    const EITHER: &str = "must hold either file_ids, 1 to 8 of them, or folder_id";
    let Some(mut drive) = fields.object("drive") else {
        if !fields.has_error("drive") {
            fields.refuse("drive", "required", EITHER);
        }
        return None;
    };
    let files = drive.some_of("file_ids");
    let folder = drive.text("folder_id", 200);
    let keys = resource_keys(&mut drive);
    let photos = match (files, folder) {
        (Some(files), None) => Some(DrivePhotos::Files(file_refs(&mut drive, &files, &keys))),
        (None, Some(folder)) => file_ref(&mut drive, "folder_id", &folder, &keys).map(DrivePhotos::Folder),
        (Some(_), Some(_)) => {
            drive.refuse("folder_id", "either_or", "must not stand beside file_ids");
            None
        }
        (None, None) => {
            if !drive.has_error("drive.file_ids") && !drive.has_error("drive.folder_id") {
                drive.refuse("file_ids", "required", EITHER);
            }
            None
        }
    };
    fields.absorb(drive);
    photos
}

fn file_refs(drive: &mut Fields<'_>, files: &[&Value], keys: &HashMap<String, ResourceKey>) -> Vec<FileRef> {
    if files.len() > photo::MAX_PHOTOS {
        let message = format!(
            "must hold at most {} photos, but {} were sent",
            photo::MAX_PHOTOS,
            files.len()
        );
        drive.refuse("file_ids", "too_many", message);
        return Vec::new();
    }
    let mut refs = Vec::with_capacity(files.len());
    for (index, value) in files.iter().enumerate() {
        let field = format!("file_ids[{index}]");
        let Some(text) = value.as_str() else {
            drive.refuse(field, "wrong_type", "must be a string");
            continue;
        };
        if files[..index].contains(value) {
            drive.refuse(field, "duplicate", "names the same file as one before it");
            continue;
        }
        refs.extend(file_ref(drive, &field, text, keys));
    }
    refs
}

fn file_ref(
    drive: &mut Fields<'_>,
    field: &str,
    text: &str,
    keys: &HashMap<String, ResourceKey>,
) -> Option<FileRef> {
    let Ok(id) = FileId::from_str(text) else {
        drive.refuse(field, "invalid_drive_id", "is not an id of Google Drive");
        return None;
    };
    Some(FileRef {
        resource_key: keys.get(text).cloned(),
        id,
    })
}

/// The keys of files that were shared by a link, by their ids, as Google's Picker and our listing tell them.
fn resource_keys(drive: &mut Fields<'_>) -> HashMap<String, ResourceKey> {
    let mut keys = HashMap::new();
    for (id, value) in drive.map("resource_keys").into_iter().flatten() {
        match value.as_str().map(ResourceKey::from_str) {
            Some(Ok(key)) => {
                keys.insert(id.clone(), key);
            }
            _ => drive.refuse(
                format!("resource_keys.{id}"),
                "invalid_resource_key",
                "is not a resource key of Google Drive",
            ),
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::address::Reach;

    const RULES: Rules<'_> = Rules {
        reach: Reach::Public,
        image_model: "gemini-nano-banana-2.1",
        now: Timestamp::constant(1_790_000_000, 0),
    };

    fn parsed(body: &Value) -> Result<DriveRequest, Vec<String>> {
        parse(body.as_object().expect("an object"), RULES).map_err(|errors| {
            let named = errors
                .into_iter()
                .map(|error| format!("{} {}", error.field, error.code));
            named.collect()
        })
    }

    fn reference(id: &str, key: Option<&str>) -> FileRef {
        FileRef {
            id: id.parse().expect("an id"),
            resource_key: key.map(|key| key.parse().expect("a key")),
        }
    }

    #[test]
    fn photos_are_named_or_their_folder_is() {
        let request =
            parsed(&json!({"drive": {"file_ids": ["1a", "2b"], "resource_keys": {"2b": "0-x"}}, "count": 3}));
        let request = request.expect("valid");
        let files = vec![reference("1a", None), reference("2b", Some("0-x"))];
        assert_eq!(request.photos, DrivePhotos::Files(files));
        assert_eq!((request.save_to_drive, request.order.brief.count), (false, 3));
        let request = parsed(&json!({"drive": {"folder_id": "root"}, "save_to_drive": true})).expect("valid");
        assert_eq!(request.photos, DrivePhotos::Folder(reference("root", None)));
        assert!(request.save_to_drive);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let errors = |body: &Value| parsed(body).expect_err("not valid");
        assert_eq!(errors(&json!({})), ["drive required"]);
        assert_eq!(errors(&json!({"drive": 7})), ["drive wrong_type"]);
        assert_eq!(errors(&json!({"drive": {}})), ["drive.file_ids required"]);
        assert_eq!(
            errors(&json!({"drive": {"file_ids": []}})),
            ["drive.file_ids required"]
        );
        assert_eq!(
            errors(&json!({"drive": {"file_ids": ["1a"], "folder_id": "2b"}})),
            ["drive.folder_id either_or"]
        );
        let nine: Vec<String> = (0..9).map(|number| format!("id{number}")).collect();
        assert_eq!(
            errors(&json!({"drive": {"file_ids": nine}})),
            ["drive.file_ids too_many"]
        );
        assert_eq!(
            errors(
                &json!({"drive": {"file_ids": ["a'b", 7, "1a", "1a"], "resource_keys": {"1a": "a/b"}, "more": 1},
                "save_to_drive": "yes", "count": 11, "images": []})
            ),
            [
                "drive.resource_keys.1a invalid_resource_key",
                "drive.file_ids[0] invalid_drive_id",
                "drive.file_ids[1] wrong_type",
                "drive.file_ids[3] duplicate",
                "drive.more unknown_field",
                "save_to_drive wrong_type",
                "count out_of_range",
                "images unknown_field",
            ]
        );
    }
}
