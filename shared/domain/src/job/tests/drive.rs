//! Photos that come from a Drive, and images that go there.

use super::*;
use crate::drive::FileRef;

fn reference(id: &str) -> FileRef {
    FileRef::plain(id.parse().expect("an id"))
}

fn of_drive(photos: usize) -> Job {
    let photo = |number: usize| {
        PhotoSource::Drive(DrivePhoto {
            file: reference(&format!("photo-{number}")),
            name: format!("cup {number}.jpg"),
            is_copied: false,
        })
    };
    Job {
        photos: (1..=photos).map(photo).collect(),
        drive: DriveWork {
            folder: None,
            saving: Some(Saving::beside(Some(reference("folder")))),
        },
        ..new_job()
    }
}

fn after(job: &Job, event: JobEvent) -> Job {
    job.apply(event, moment(1)).expect("the event applies")
}

#[test]
fn photos_are_copied_one_by_one_and_the_stage_says_so() {
    let job = of_drive(2);
    assert_eq!(job.stage(), "Copying photos from Google Drive: 0 of 2");
    let one = after(&job, JobEvent::PhotoCopied(1));
    assert_eq!((one.status, one.version), (Status::Queued, job.version + 1));
    assert_eq!(one.stage(), "Copying photos from Google Drive: 1 of 2");
    assert_eq!(
        one.photos_to_copy().map(|(index, _)| index).collect::<Vec<_>>(),
        [0]
    );
    assert_eq!(
        after(&one, JobEvent::PhotoCopied(1)),
        one,
        "a repeated copy changes nothing"
    );
    let both = after(&one, JobEvent::PhotoCopied(0));
    assert_eq!(both.stage(), "Waiting to start");
    assert_eq!(
        both.apply(JobEvent::PhotoCopied(2), moment(1)),
        Err(Refused::Mismatch)
    );
    assert_eq!(
        new_job().apply(JobEvent::PhotoCopied(0), moment(1)),
        Err(Refused::Mismatch),
        "an upload"
    );
}

#[test]
fn images_are_saved_after_the_end_and_the_first_outcome_stays() {
    let ids = |name: &str| {
        JobEvent::Saving(SavingEvent::IdsGiven(SavingIds {
            folder: reference(name).id,
            images: (0..IMAGES)
                .map(|number| reference(&format!("{name}-{number}")).id)
                .collect(),
        }))
    };
    let ended = |reason| JobEvent::Saving(SavingEvent::Ended(SavingOutcome::Failed(reason)));
    let running = of_drive(1);
    assert!(!running.is_to_be_saved());
    assert_eq!(
        running.apply(ids("first"), moment(1)),
        Err(Refused::NotCompleted(Status::Queued))
    );

    let completed = Job {
        status: Status::Completed,
        ..running
    };
    assert!(completed.is_to_be_saved());
    let first = after(&completed, ids("first"));
    assert_eq!(
        after(&first, ids("second")),
        first,
        "what may have been made is called by the first ids"
    );
    let failed = after(&first, ended(SavingFailure::DriveFull));
    assert!(!failed.is_to_be_saved());
    assert_eq!(after(&failed, ended(SavingFailure::Refused)), failed);
    assert_eq!(
        (failed.status, failed.finished_at),
        (completed.status, first.finished_at)
    );
}

#[test]
fn the_folder_is_named_after_the_product_or_the_day() {
    let mut job = of_drive(1);
    let day = job.created_at.strftime("%Y-%m-%d").to_string();
    assert_eq!(job.drive_folder_name(), format!("Packshot – {day}"));
    job.brief.product.title = Some(" Espresso\n cup ".to_owned());
    assert_eq!(job.drive_folder_name(), "Packshot – Espresso cup");
}

#[test]
fn reasons_and_places_have_one_name_each() {
    for reason in SavingFailure::ALL {
        assert_eq!(SavingFailure::parse(reason.as_str()), Some(reason));
        assert!(reason.sentence().ends_with('.'));
    }
    for place in SavedPlace::ALL {
        assert_eq!(SavedPlace::parse(place.as_str()), Some(place));
    }
}
