//! One job, from the photos to its end.

use std::time::Duration;

use serde_json::Value;

use crate::console::{Step, say};
use crate::demo::api::{Api, Image, Job, Order};
use crate::demo::mail::Mailbox;
use crate::demo::photos::Photo;
use crate::demo::receiver::Receiver;
use crate::demo::seller::Seller;
use crate::demo::watch;
use crate::error::Error;
use crate::stack::StackFile;

/// Where the photos are.
#[derive(Debug)]
pub(crate) enum Source {
    /// Here.
    Files(Vec<Photo>),
    /// In this folder of the demo user's Drive.
    DriveFolder(String),
}

/// A job that has ended, with the places where its messages arrive.
#[derive(Debug)]
pub(crate) struct Trial {
    /// Where it ran.
    pub(crate) api: Api,
    /// What was asked for.
    pub(crate) order: Order,
    /// What we read of the job.
    pub(crate) job: Job,
    /// All that the API says of the job.
    pub(crate) text: Value,
    /// Where its webhook arrives.
    pub(crate) receiver: Receiver,
    /// Where its mail arrives.
    pub(crate) mailbox: Mailbox,
    /// Who asked for it on the page, where it was not the program.
    pub(crate) seller: Option<Seller>,
}

impl Trial {
    /// Sends the photos, starts the job and stays with it to its end.
    pub(crate) async fn run(
        file: &StackFile,
        source: &Source,
        order: Order,
        patience: Duration,
    ) -> Result<Self, Error> {
        let api = Api::new(&file.base_url, &file.api_key)?;
        let receiver = Receiver::start().await?;
        let mailbox = Mailbox::open(&file.aws_endpoint, &file.user_email).await?;
        let (started, seller) = match source {
            Source::Files(photos) => (by_program(&api, photos, &order, &receiver).await?, None),
            Source::DriveFolder(path) => {
                say("Running a job from Google Drive, as a seller on the page.");
                let seller = Seller::sign_in(file).await?;
                (by_seller(&seller, path, &order, &receiver).await?, Some(seller))
            }
        };
        say(format!("  {:<20} {}", "Job", started.id));
        let (job, text) = watch::until_finished(&api, &started.id, patience).await?;
        if let Some(cost) = &job.cost.actual_usd {
            say(format!("  {:<20} {cost} USD by Gemini's count", "Cost"));
        }
        Ok(Self {
            api,
            order,
            job,
            text,
            receiver,
            mailbox,
            seller,
        })
    }

    /// The job's images in the order of the set.
    pub(crate) fn images(&self) -> Vec<Image> {
        let mut images = self.job.images.clone();
        images.sort_by_key(|image| image.index);
        images
    }

    /// Texts by which a mail is known to be about this job.
    pub(crate) fn marks(&self) -> Vec<String> {
        marks(&self.job)
    }
}

async fn by_program(api: &Api, photos: &[Photo], order: &Order, receiver: &Receiver) -> Result<Job, Error> {
    say("Running a job through the public API.");
    let uploads = upload(api, photos).await?;
    expect(&api.estimate(&uploads, order).await?);
    api.generate(&uploads, order, receiver.url()).await
}

async fn by_seller(seller: &Seller, path: &str, order: &Order, receiver: &Receiver) -> Result<Job, Error> {
    let folder = seller.folder(path).await?;
    expect(&seller.estimate(&folder, order).await?);
    seller.generate(&folder, order, receiver.url()).await
}

fn expect(cost: &str) {
    say(format!("  {:<20} {cost} USD expected", "Cost"));
}

async fn upload(api: &Api, photos: &[Photo]) -> Result<Vec<String>, Error> {
    let step = Step::begin("Photos");
    let mut uploads = Vec::new();
    for photo in photos {
        uploads.push(api.upload(photo).await?);
    }
    let size = photos.iter().map(|photo| photo.bytes.len()).sum::<usize>() / 1024;
    step.end(format!("{} uploaded, {size} KB", uploads.len()));
    Ok(uploads)
}

/// A job's id, and its images' folder, whose name nobody can guess.
fn marks(job: &Job) -> Vec<String> {
    let folders = job
        .images
        .iter()
        .filter_map(|image| image.url.as_deref()?.rsplit_once('/'));
    std::iter::once(job.id.clone())
        .chain(folders.map(|(folder, _)| folder.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_known_by_the_jobs_id_or_its_images_folder() {
        let job: Job = serde_json::from_value(serde_json::json!({
            "id": "job_1", "status": "completed",
            "images": [{"index": 0, "status": "ready", "url": "http://localhost:8080/images/token/01.png"},
                       {"index": 1, "status": "failed"}],
        }))
        .expect("the rest may be absent");
        assert_eq!(marks(&job), ["job_1", "http://localhost:8080/images/token"]);
    }
}
