//! What was asked of a job, and when what became of it, as callers see it.

use jiff::Timestamp;
use packshot_domain::{
    job::{Entered, Job, PhotoSource},
    request::ProductDetails,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::named_schemas::{job_status, photo_source};

/// What was said of the product. What was not said is left out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobProduct)]
pub(crate) struct ProductView<'a> {
    /// Its name, as a listing shows it.
    #[schema(value_type = Option<String>, example = "Espresso cup")]
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    /// What it is and what it is made of.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    /// The shop's category.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'a str>,
    /// The maker.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<&'a str>,
    /// The language of words in the images.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

impl<'a> ProductView<'a> {
    /// `None` where nothing was said.
    pub(super) fn of(product: &'a ProductDetails) -> Option<Self> {
        (*product != ProductDetails::default()).then_some(Self {
            title: product.title.as_deref(),
            description: product.description.as_deref(),
            category: product.category.as_deref(),
            brand: product.brand.as_deref(),
            language: product.language.as_deref(),
        })
    }
}

/// One of a job's photos.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobPhoto)]
pub(crate) struct PhotoView<'a> {
    /// Its place in the job, from 0; `GET …/photos/{index}` leads to it.
    #[schema(maximum = 7)]
    index: usize,
    /// Where it comes from.
    #[schema(schema_with = photo_source)]
    source: &'static str,
    /// What its owner calls it, of a photo in Google Drive.
    #[schema(value_type = Option<String>, example = "cup-front.jpg")]
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    /// Whether it is here to be shown: photos from the web and from Google Drive are fetched when the job begins.
    available: bool,
}

impl<'a> PhotoView<'a> {
    pub(super) fn all_of(job: &'a Job) -> Vec<Self> {
        let photos = job.photos.iter().enumerate();
        photos
            .map(|(index, photo)| Self {
                index,
                source: photo.as_str(),
                name: match photo {
                    PhotoSource::Drive(photo) => Some(&photo.name),
                    PhotoSource::Upload(_) | PhotoSource::Url(_) => None,
                },
                available: job.kept_photo(index).is_some(),
            })
            .collect()
    }
}

/// A status that a job has entered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobHistoryEntry)]
pub(crate) struct EnteredView {
    /// Which.
    #[schema(schema_with = job_status)]
    status: &'static str,
    /// When.
    at: Timestamp,
}

impl From<&Entered> for EnteredView {
    fn from(entered: &Entered) -> Self {
        Self {
            status: entered.status.as_str(),
            at: entered.at,
        }
    }
}

#[cfg(test)]
mod tests {
    use packshot_domain::{
        drive::{FileId, FileRef},
        id::UploadId,
        job::{DrivePhoto, JobEvent},
    };
    use serde_json::{Value, json};

    use crate::{job_view::JobView, sample_jobs};

    fn shown(job: &super::Job) -> Value {
        serde_json::to_value(JobView::of(job, &sample_jobs::base_url())).expect("JSON")
    }

    #[test]
    fn what_was_asked_for_is_told_again() {
        let mut job = sample_jobs::completed(1);
        job.brief.brief = Some("For the autumn sale".to_owned());
        job.photos = vec![
            super::PhotoSource::Upload(UploadId::from_uuid(uuid::Uuid::nil())),
            super::PhotoSource::Url("https://shop.example/cup.jpg".parse().expect("a URL")),
            super::PhotoSource::Drive(DrivePhoto {
                file: FileRef::plain(FileId::root()),
                name: "cup front.jpg".to_owned(),
                is_copied: false,
            }),
        ];
        let shown = shown(&job);
        assert_eq!(shown["product"], json!({"title": "Espresso cup"}));
        assert_eq!(
            (&shown["brief"], shown.get("style")),
            (&json!("For the autumn sale"), None)
        );
        assert_eq!(
            (&shown["aspect_ratio"], &shown["image_size"]),
            (&json!("1:1"), &json!("1K"))
        );
        assert_eq!(
            shown["photos"],
            json!([
                {"index": 0, "source": "upload", "available": true},
                {"index": 1, "source": "url", "available": false},
                {"index": 2, "source": "drive", "name": "cup front.jpg", "available": false},
            ])
        );
    }

    #[test]
    fn a_product_of_which_nothing_was_said_is_left_out() {
        let mut job = sample_jobs::completed(1);
        job.brief.product = super::ProductDetails::default();
        assert_eq!(shown(&job).get("product"), None);
    }

    #[test]
    fn the_history_begins_with_the_job() {
        let job = sample_jobs::queued(1);
        let started = job.apply(
            JobEvent::StrategyStarted,
            "2026-11-01T10:00:04Z".parse().expect("a moment"),
        );
        assert_eq!(
            shown(&started.expect("applies"))["history"],
            json!([
                {"status": "queued", "at": "2026-11-01T10:00:00Z"},
                {"status": "strategy", "at": "2026-11-01T10:00:04Z"},
            ])
        );
    }
}
