//! The mails: about a finished job, what it says in its two forms; about a receiver that fails, in a room of its own.
//!
//! The HTML keeps to what mail clients render alike: tables, styles on the elements, one media query for dark and one
//! for narrow screens. Nothing is loaded but the thumbnails, and every sentence is there without them.

pub(super) mod failing_receiver;
mod sheet;
mod wording;

use askama::Template;
use packshot_clients::mail::Mail;
use packshot_domain::{
    failure::FailureCode,
    image::{Image, ImageState},
    job::{Job, SavedPlace, SavingOutcome, Status},
    user::User,
};
use url::Url;

use self::{
    sheet::{FrameContent, Sheet},
    wording::{capitalized, images_noun, number_word, one_line, product_name},
};
use crate::links::Links;

/// How much of Gemini's own words about an image is quoted.
const MOST_QUOTED_CHARACTERS: usize = 160;

/// The mail about a job that has ended.
///
/// `None` for a canceled job: whoever stopped it did so a moment ago and saw that it stopped.
///
/// # Errors
///
/// Where a template cannot be rendered.
pub(super) fn compose(job: &Job, user: &User, base_url: &Url) -> Result<Option<Mail>, askama::Error> {
    let links = Links::new(base_url, job);
    let letter = match job.status {
        Status::Completed if job.ready_count() == job.images.len() => all_ready(job, links),
        Status::Completed => some_ready(job, links),
        Status::Failed => failed(job, links),
        _ => return Ok(None),
    };
    Ok(Some(Mail {
        to: user.email.clone(),
        html: HtmlLetter { letter: &letter }.render()?,
        text: TextLetter { letter: &letter }.render()?,
        subject: letter.subject,
    }))
}

/// What a mail says, for both forms.
#[derive(Debug)]
struct Letter {
    subject: String,
    /// What a list of mails shows beside the subject.
    preheader: String,
    product: Option<String>,
    heading: String,
    lead: String,
    /// The images; none where a job failed.
    sheet: Option<Sheet>,
    /// The images that are not there.
    missing: Vec<Missing>,
    /// Whether the lead says all there is to say about them, given that the sheet shows which they are.
    lead_says_all: bool,
    /// The one thing to do.
    action: String,
    page_url: String,
    archive_url: Option<String>,
    /// What became of the images in a Drive, where they were to go there.
    drive: Option<InDrive>,
    job_id: String,
}

/// What became of images in a Drive.
#[derive(Debug)]
enum InDrive {
    /// They are in this folder.
    Saved { url: String, place: &'static str },
    /// They are not, for this reason.
    Failed { sentence: &'static str },
}

/// An image that is not there.
#[derive(Debug)]
struct Missing {
    number: String,
    title: String,
    short_reason: &'static str,
    /// What Gemini said about it.
    quote: Option<String>,
}

#[derive(Template)]
#[template(path = "job-mail.html")]
struct HtmlLetter<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "job-mail.txt")]
struct TextLetter<'a> {
    letter: &'a Letter,
}

fn all_ready(job: &Job, links: Links<'_>) -> Letter {
    let count = job.images.len();
    let verb = if count == 1 { "is" } else { "are" };
    let images = format!("{} {}", number_word(count), images_noun(count));
    let lead = if count == 1 {
        "Open it for the full size.".to_owned()
    } else {
        format!(
            "Open a frame for the full size, or take all {} as one archive.",
            number_word(count)
        )
    };
    Letter {
        subject: capitalized(&format!("{images}{} {verb} ready", of_product(job))),
        preheader: lead.clone(),
        heading: capitalized(&format!("{images} {verb} ready")),
        lead,
        sheet: Some(Sheet::new(job, links)),
        action: format!("Open the {}", images_noun(count)),
        ..frame_of_letter(job, links)
    }
}

fn some_ready(job: &Job, links: Links<'_>) -> Letter {
    let (ready, count) = (job.ready_count(), job.images.len());
    let verb = if ready == 1 { "is" } else { "are" };
    let images = format!("{} of {} images", number_word(ready), number_word(count));
    let lead = wording::some_missing(&job.images);
    let missing = missing(job);
    Letter {
        subject: capitalized(&format!("{images}{} {verb} ready", of_product(job))),
        preheader: lead.clone(),
        heading: capitalized(&format!("{images} {verb} ready")),
        lead,
        sheet: Some(Sheet::new(job, links)),
        // The lead tells everything about a single missing image but Gemini's own words.
        lead_says_all: missing.len() == 1 && missing.iter().all(|image| image.quote.is_none()),
        missing,
        action: "Open the job".to_owned(),
        ..frame_of_letter(job, links)
    }
}

fn failed(job: &Job, links: Links<'_>) -> Letter {
    let images = images_noun(job.images.len());
    let failure = job.failure.as_ref();
    let what_happened = failure.map_or(FailureCode::InternalError.sentence(), |failure| &failure.message);
    // Only here have the images reasons of their own; in every other case they share the job's.
    let each_has_its_reason = failure.is_some_and(|failure| failure.code == FailureCode::AllImagesFailed);
    let lead = format!(
        "{} The job and everything you wrote for it are kept.",
        one_line(what_happened, 600)
    );
    Letter {
        subject: format!("The {images}{} could not be made", of_product(job)),
        preheader: lead.clone(),
        heading: format!("The {images} could not be made"),
        lead,
        sheet: None,
        missing: if each_has_its_reason {
            missing(job)
        } else {
            Vec::new()
        },
        action: "Open the job".to_owned(),
        ..frame_of_letter(job, links)
    }
}

/// What every mail has in common.
fn frame_of_letter(job: &Job, links: Links<'_>) -> Letter {
    Letter {
        subject: String::new(),
        preheader: String::new(),
        product: product_name(job),
        heading: String::new(),
        lead: String::new(),
        sheet: None,
        missing: Vec::new(),
        lead_says_all: false,
        action: String::new(),
        page_url: links.page(),
        archive_url: links.archive().filter(|_| job.images.len() > 1),
        drive: in_drive(job),
        job_id: job.id.to_string(),
    }
}

/// ` of Espresso cup`, or nothing where the job names no product.
fn of_product(job: &Job) -> String {
    product_name(job)
        .map(|name| format!(" of {name}"))
        .unwrap_or_default()
}

fn in_drive(job: &Job) -> Option<InDrive> {
    match &job.drive.saving.as_ref()?.outcome {
        SavingOutcome::Saved(folder) => Some(InDrive::Saved {
            url: folder.url.clone(),
            place: match folder.place {
                SavedPlace::BesideOriginals => "In Google Drive, beside the originals",
                SavedPlace::MyDrive => "In Google Drive, at the top of My Drive",
            },
        }),
        SavingOutcome::Failed(reason) => Some(InDrive::Failed {
            sentence: reason.sentence(),
        }),
        SavingOutcome::Pending => None,
    }
}

fn missing(job: &Job) -> Vec<Missing> {
    let numbered = job.images.iter().enumerate();
    numbered
        .filter_map(|(index, image)| {
            let reason = wording::reason_of(image)?;
            let number = format!("{:02}", index + 1);
            let title = job.shots.get(index).map(|shot| one_line(&shot.title, 120));
            Some(Missing {
                title: title.unwrap_or_else(|| format!("Image {number}")),
                number,
                short_reason: wording::short_reason(reason),
                quote: quote(image),
            })
        })
        .collect()
}

fn quote(image: &Image) -> Option<String> {
    match &image.state {
        ImageState::Failed {
            message: Some(message),
            ..
        } => Some(one_line(message, MOST_QUOTED_CHARACTERS)).filter(|quote| !quote.is_empty()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
