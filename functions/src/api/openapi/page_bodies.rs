//! Bodies of requests that only the page sends, for the description only, as in [`super::bodies`].

use std::collections::BTreeMap;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::GenerateBody;
use crate::named_schemas::scopes;

/// What to make of photos that are in the person's Google Drive, on the terms of any other job.
#[derive(Debug)]
pub(crate) struct GenerateFromDriveBody;

/// What such a request has that others do not.
#[derive(ToSchema)]
#[expect(dead_code, reason = "this type is only looked at by the derive macro")]
struct OfDrive {
    drive: DrivePhotosBody,
    /// Whether the images are to go into a new folder beside the photos; they do not where it is not said.
    save_to_drive: Option<bool>,
}

/// Which photos: either `file_ids` or `folder_id`.
#[derive(ToSchema)]
#[schema(as = DrivePhotos)]
#[expect(dead_code, reason = "this type is only looked at by the derive macro")]
struct DrivePhotosBody {
    /// The files, in the order in which they are the job's photos.
    #[schema(min_items = 1, max_items = 8)]
    file_ids: Option<Vec<String>>,
    /// The folder whose first eight pictures, by their names, are the photos.
    folder_id: Option<String>,
    /// The keys of files that were shared by a link long ago, by the files' ids.
    resource_keys: Option<BTreeMap<String, String>>,
}

/// What is asked for with uploads is asked for with Drive too; only where the photos are differs.
const OF_UPLOADS: &str = "images";

impl PartialSchema for GenerateFromDriveBody {
    fn schema() -> RefOr<Schema> {
        let mut schema = OfDrive::schema();
        if let (RefOr::T(Schema::Object(own)), RefOr::T(Schema::Object(other))) =
            (&mut schema, GenerateBody::schema())
        {
            own.description = Some("What to make of which photos in Google Drive.".to_owned());
            let order = other.properties.into_iter();
            own.properties
                .extend(order.filter(|(name, _)| name != OF_UPLOADS));
        }
        schema
    }
}

impl ToSchema for GenerateFromDriveBody {
    fn name() -> std::borrow::Cow<'static, str> {
        "GenerateFromDriveRequest".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        OfDrive::schemas(schemas);
        GenerateBody::schemas(schemas);
    }
}

/// A key that is wanted.
#[derive(ToSchema)]
#[schema(as = ApiKeyRequest, example = json!({"name": "Shop", "scopes": ["generate", "read"]}))]
#[expect(dead_code, reason = "this type is only looked at by the derive macro")]
pub(crate) struct KeyBody {
    /// What its owner calls it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it may do; everything where it is not said.
    #[schema(schema_with = scopes)]
    scopes: Option<Vec<String>>,
    /// From when on it is to open nothing; never where it is not said.
    expires_at: Option<jiff::Timestamp>,
}

/// For how long the old one goes on working beside the new one.
#[derive(ToSchema)]
#[schema(as = OverlapRequest, example = json!({"overlap_hours": 24}))]
#[expect(dead_code, reason = "this type is only looked at by the derive macro")]
pub(crate) struct OverlapBody {
    /// A day where it is not said, a week at most; 0 ends it now.
    #[schema(minimum = 0, maximum = 168)]
    overlap_hours: Option<u64>,
}
