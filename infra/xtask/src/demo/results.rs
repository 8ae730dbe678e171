//! Fetching, checking and keeping all that came of a job.

use std::time::{Duration, Instant};

use crate::console::Step;
use crate::demo::api::SavedToDrive;
use crate::demo::checks::{self, Picture};
use crate::demo::contact_sheet;
use crate::demo::output::{self, Output};
use crate::demo::seller::Seller;
use crate::demo::trial::Trial;
use crate::error::Error;

/// How long the webhook may take after the job has ended.
const WEBHOOK_PATIENCE: Duration = Duration::from_secs(30);
/// How long saving to Drive may take after the job has ended.
const SAVING_PATIENCE: Duration = Duration::from_mins(1);
/// The pause between two looks at it.
const PAUSE: Duration = Duration::from_millis(400);
/// The shape of images if nobody asks for another, as the API has it.
const USUAL_RATIO: &str = "1:1";

/// The results of a job and where they go.
#[derive(Debug)]
pub(crate) struct Results<'a> {
    /// The job.
    pub(crate) trial: &'a Trial,
    /// What the contact sheet is called.
    pub(crate) title: &'a str,
    /// What its webhook should be signed with.
    pub(crate) secret: &'a str,
    /// The folder for all of it.
    pub(crate) output: &'a Output,
}

impl Results<'_> {
    /// Fetches and checks everything. Whatever there is gets written, even if something is missing.
    pub(crate) async fn keep(&self) -> Result<(), Error> {
        self.output.write_json("job.json", &self.trial.text)?;
        let mut faults = Vec::new();
        if let Some(error) = &self.trial.job.error {
            // Such a job has no images; to say so of each would hide the reason.
            faults.push(format!("the job failed with {}: {}", error.code, error.message));
        } else {
            faults.extend(self.images().await?);
            faults.extend(sentence(self.archive().await));
        }
        if let Some(seller) = &self.trial.seller {
            faults.extend(sentence(self.saved_images(seller).await));
        }
        faults.extend(sentence(self.mail().await));
        faults.extend(sentence(self.webhook().await));
        if faults.is_empty() {
            return Ok(());
        }
        let list = faults
            .iter()
            .fold(String::new(), |text, fault| text + "\n  - " + fault);
        let folder = self.output.folder().display();
        Err(Error::Demo(format!(
            "the demo is not complete:{list}\nWhat there is lies in {folder}."
        )))
    }

    /// Fetches and checks the images, and draws their contact sheet. Answers what is wrong with them.
    async fn images(&self) -> Result<Vec<String>, Error> {
        let step = Step::begin("Images");
        let order = &self.trial.order;
        let (pictures, mut faults) = self.pictures().await?;
        if pictures.len() != usize::from(order.count) {
            faults.push(format!("{} of {} images are there", pictures.len(), order.count));
        }
        let ratio = order.aspect_ratio.as_deref().unwrap_or(USUAL_RATIO);
        faults.extend(checks::faults(&pictures, ratio));
        for picture in &pictures {
            let name = format!("{:02}.{}", picture.number, picture.extension);
            self.output.write(&name, &picture.bytes)?;
        }
        let shape = checks::ratio(ratio).unwrap_or(1.0);
        let sheet = contact_sheet::draw(self.title, u32::from(order.count), shape, &pictures);
        self.output.write("contact-sheet.png", &sheet)?;
        step.end(format!("{} fetched and checked", pictures.len()));
        Ok(faults)
    }

    /// The pictures that there are, and why there are no others.
    async fn pictures(&self) -> Result<(Vec<Picture>, Vec<String>), Error> {
        let (mut pictures, mut faults) = (Vec::new(), Vec::new());
        for (number, image) in (1..).zip(self.trial.images()) {
            let Some(url) = image.url.clone().filter(|_| image.status == "ready") else {
                let reason = image.message.or(image.reason).unwrap_or(image.status);
                faults.push(format!("image {number}: {reason}"));
                continue;
            };
            let bytes = self.trial.api.download(&url).await?;
            match Picture::decode(number, image, bytes) {
                Ok(picture) => pictures.push(picture),
                Err(fault) => faults.push(fault),
            }
        }
        Ok((pictures, faults))
    }

    async fn archive(&self) -> Result<(), Error> {
        let Some(url) = &self.trial.job.links.archive else {
            return Err(Error::Demo("the job has no link to its archive".to_owned()));
        };
        let bytes = self.trial.api.download(url).await?;
        self.output.write("images.zip", &bytes)?;
        let count = output::count_in_archive(&bytes)?;
        // The manifest is in it, too.
        if count == usize::from(self.trial.order.count) + 1 {
            return Ok(());
        }
        Err(Error::Demo(format!(
            "images.zip holds {count} files, not the images and their manifest"
        )))
    }

    /// Looks for the images where the seller wanted them: in a new folder beside the photos.
    async fn saved_images(&self, seller: &Seller) -> Result<(), Error> {
        let step = Step::begin("Saved to Drive");
        let saved = self.saved_to_drive().await?;
        let Some(folder) = saved.folder_id.as_deref().filter(|_| saved.status == "saved") else {
            let why = saved.message.as_deref().unwrap_or(&saved.status);
            return Err(Error::Demo(format!("the images are not in Drive: {why}")));
        };
        let count = seller.count_pictures(folder).await?;
        if count != usize::from(self.trial.order.count) {
            return Err(Error::Demo(format!(
                "{count} of {} images are in Drive",
                self.trial.order.count
            )));
        }
        let name = saved.folder_name.as_deref().unwrap_or_default();
        step.end(format!("{count} images in \u{201c}{name}\u{201d}"));
        Ok(())
    }

    /// What became of the images in Drive: they go there once the job has completed.
    async fn saved_to_drive(&self) -> Result<SavedToDrive, Error> {
        let begun = Instant::now();
        loop {
            let (job, _) = self.trial.api.job(&self.trial.job.id).await?;
            let missing = || Error::Demo("the job says nothing of its images in Drive".to_owned());
            let saved = job.saved_to_drive.ok_or_else(missing)?;
            if saved.status != "pending" || begun.elapsed() > SAVING_PATIENCE {
                return Ok(saved);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn mail(&self) -> Result<(), Error> {
        let step = Step::begin("E-mail");
        let marks = self.trial.marks();
        let mail = self.trial.mailbox.first_about(&marks).await?;
        self.output.write("email.html", mail.html().as_bytes())?;
        let count = self.trial.mailbox.about(&marks).await?.len();
        if count != 1 {
            return Err(Error::Demo(format!("{count} e-mails were sent instead of one")));
        }
        step.end(format!("\u{201c}{}\u{201d}", mail.subject));
        Ok(())
    }

    async fn webhook(&self) -> Result<(), Error> {
        let step = Step::begin("Webhook");
        let Ok(delivery) = tokio::time::timeout(WEBHOOK_PATIENCE, self.trial.receiver.first()).await else {
            let patience = WEBHOOK_PATIENCE.as_secs();
            return Err(Error::Demo(format!(
                "no webhook has come {patience} s after the job's end"
            )));
        };
        self.output
            .write_json("webhook.json", &delivery.file(self.secret))?;
        delivery.verify(self.secret)?;
        let count = self.trial.receiver.deliveries().len();
        if count != 1 {
            return Err(Error::Demo(format!("{count} webhooks came in instead of one")));
        }
        step.end(format!("{}, signature verified", delivery.event_type()));
        Ok(())
    }
}

fn sentence(result: Result<(), Error>) -> Option<String> {
    result.err().map(|error| error.to_string())
}
