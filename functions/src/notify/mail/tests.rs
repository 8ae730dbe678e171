use packshot_domain::{
    image::ImageFailureReason,
    job::{SavedFolder, Saving, SavingFailure},
    request::AspectRatio,
};

use super::*;
use crate::sample_jobs::{base_url, completed, completed_without, failed as failed_job, owner};

fn mail(job: &Job) -> Mail {
    compose(job, &owner(), &base_url())
        .expect("rendered")
        .expect("a mail")
}

const NINE_OF_TEN: (usize, ImageFailureReason, Option<&str>) = (4, ImageFailureReason::BlockedBySafety, None);

#[test]
fn all_images_are_ready() {
    let mail = mail(&completed(10));
    assert_eq!(mail.to, "owner@example.com");
    assert_eq!(mail.subject, "Ten images of Espresso cup are ready");
    insta::assert_snapshot!("all-ready.txt", mail.text);
    insta::assert_snapshot!("all-ready.html", mail.html);
}

#[test]
fn images_in_a_drive_are_a_link_and_those_that_are_not_a_sentence() {
    let saved = |outcome: SavingOutcome| {
        let mut job = completed(1);
        job.drive.saving = Some(Saving {
            outcome,
            ..Saving::beside(None)
        });
        mail(&job)
    };
    let url = "https://drive.google.com/drive/folders/1aB";
    let there = saved(SavingOutcome::Saved(SavedFolder {
        id: "1aB".parse().expect("an id"),
        name: "Packshot".to_owned(),
        url: url.to_owned(),
        place: SavedPlace::BesideOriginals,
        images: 1,
    }));
    assert!(
        there
            .text
            .contains(&format!("In Google Drive, beside the originals: {url}")),
        "{}",
        there.text
    );
    assert!(there.html.contains(&format!("href=\"{url}\"")));
    let full = saved(SavingOutcome::Failed(SavingFailure::DriveFull));
    let sentence = "Not in Google Drive: Your Drive is full.";
    assert!(
        full.text.contains(sentence) && full.html.contains(sentence),
        "{}",
        full.text
    );
}

#[test]
fn one_image_is_missing() {
    let mail = mail(&completed_without(10, &[NINE_OF_TEN]));
    assert_eq!(mail.subject, "Nine of ten images of Espresso cup are ready");
    let sentence =
        "Gemini declined image 4 (safety). The other nine are ready. Edit its prompt and try again.";
    assert!(mail.text.contains(sentence));
    assert!(mail.html.contains(sentence));
}

#[test]
fn several_images_are_missing_for_several_reasons() {
    let mail = mail(&completed_without(
        10,
        &[
            NINE_OF_TEN,
            (
                6,
                ImageFailureReason::ProviderError,
                Some("Internal error\nencountered."),
            ),
            (7, ImageFailureReason::BlockedBySafety, None),
            (9, ImageFailureReason::Late, None),
        ],
    ));
    assert_eq!(mail.subject, "Six of ten images of Espresso cup are ready");
    insta::assert_snapshot!("some-ready.txt", mail.text);
    insta::assert_snapshot!("some-ready.html", mail.html);
}

#[test]
fn no_image_came_of_it() {
    let mail = mail(&failed_job(FailureCode::PhotoUnreadable));
    assert_eq!(mail.subject, "The images of Espresso cup could not be made");
    insta::assert_snapshot!("failed.txt", mail.text);
    insta::assert_snapshot!("failed.html", mail.html);
}

#[test]
fn a_job_whose_images_all_failed_names_each() {
    let mail = mail(&failed_job(FailureCode::AllImagesFailed));
    assert!(mail.text.contains("10  Image 10: not ready in time"));
}

#[test]
fn a_canceled_job_gets_no_mail() {
    let mut job = completed(10);
    job.status = Status::Canceled;
    assert!(compose(&job, &owner(), &base_url()).expect("rendered").is_none());
}

#[test]
fn a_product_without_a_name_and_a_single_image_read_well() {
    let mut job = completed(1);
    job.brief.product.title = None;
    let mail = mail(&job);
    assert_eq!(mail.subject, "One image is ready");
    assert!(
        mail.text
            .starts_with("One image is ready\n\nOpen it for the full size.")
    );
    assert!(!mail.text.contains("archive"));
}

#[test]
fn a_hostile_title_stays_text() {
    let mut job = completed(10);
    let title = "<script>alert(1)</script>\r\nBcc: everyone@example.com\u{202e}\u{0} \"quoted\"";
    job.brief.product.title = Some(title.to_owned());
    for shot in &mut job.shots {
        shot.alt = "\" onerror=\"alert(1)".to_owned();
    }
    let mail = mail(&job);
    assert_eq!(
        mail.subject,
        "Ten images of <script>alert(1)</script> Bcc: everyone@example.com \"quoted\" are ready"
    );
    assert!(!mail.html.contains("<script"));
    assert!(!mail.html.contains("\" onerror"));
    assert!(!mail.text.contains('\u{202e}'));
}

#[test]
fn a_very_long_title_is_cut() {
    let mut job = completed(10);
    job.brief.product.title = Some("cup ".repeat(2500));
    let mail = mail(&job);
    assert!(mail.subject.chars().count() <= 120, "{}", mail.subject);
    assert!(mail.subject.ends_with("cup… are ready"), "{}", mail.subject);
}

#[test]
fn the_longest_texts_stay_within_the_limits_of_mail() {
    let long = "\"".repeat(400);
    let missing = [4, 5, 6].map(|number| (number, ImageFailureReason::ProviderError, Some(long.as_str())));
    let mut job = completed_without(10, &missing);
    job.brief.product.title = Some("\"".repeat(200));
    for shot in &mut job.shots {
        shot.title = "\"".repeat(120);
        shot.alt.clone_from(&long);
    }
    let mail = mail(&job);
    // Gmail shows 102 kB of a mail and hides the rest.
    assert!(mail.html.len() < 60_000, "{}", mail.html.len());
    // RFC 5322, section 2.1.1: a line has at most 998 characters.
    let longest = |text: &str| text.lines().map(str::len).max();
    assert!(longest(&mail.html) <= Some(998), "{:?}", longest(&mail.html));
    assert!(longest(&mail.text) <= Some(998), "{:?}", longest(&mail.text));
}

#[test]
fn frames_keep_their_shape_and_rows_are_even() {
    let sheet = |count, ratio| {
        let mut job = completed(count);
        job.brief.aspect_ratio = ratio;
        let base_url = base_url();
        let sheet = Sheet::new(&job, Links::new(&base_url, &job));
        let rows: Vec<usize> = sheet.rows.iter().map(Vec::len).collect();
        (rows, sheet.frame_width, sheet.frame_height)
    };
    assert_eq!(sheet(10, AspectRatio::Square), (vec![5, 5], 112, 112));
    assert_eq!(sheet(10, AspectRatio::FourFive), (vec![5, 5], 112, 140));
    assert_eq!(sheet(10, AspectRatio::NineSixteen), (vec![5, 5], 112, 199));
    assert_eq!(sheet(10, AspectRatio::OneEight), (vec![5, 5], 26, 208));
    assert_eq!(sheet(10, AspectRatio::EightOne), (vec![2; 5], 288, 36));
    assert_eq!(sheet(7, AspectRatio::Square), (vec![4, 3], 142, 142));
    assert_eq!(sheet(6, AspectRatio::SixteenNine), (vec![3, 3], 192, 108));
    assert_eq!(sheet(1, AspectRatio::ThreeFour), (vec![1], 156, 208));
}

#[test]
fn sentences_fit_one_and_many() {
    let lead = |missing: &[(usize, ImageFailureReason, Option<&str>)]| {
        wording::some_missing(&completed_without(3, missing).images)
    };
    let declined = ImageFailureReason::BlockedBySafety;
    let empty = ImageFailureReason::NoImageReturned;
    assert_eq!(
        lead(&[(1, declined, None), (3, declined, None)]),
        "Gemini declined images 1 and 3 (safety). The other one is ready. Edit their prompts and try again."
    );
    assert_eq!(
        lead(&[(2, empty, None)]),
        "Gemini answered without a picture for image 2. The other two are ready. Try it again."
    );
    assert_eq!(
        lead(&[(2, declined, None), (3, ImageFailureReason::Late, None)]),
        "Gemini declined image 2 (safety). Image 3 was not ready when the job ended. The other one is ready. \
         Edit the declined prompt and try again."
    );
}
