//! What one can do with a job that has ended: have its webhook sent again, and one of its images made again.

use std::time::{Duration, Instant};

use crate::console::Step;
use crate::demo::api::Image;
use crate::demo::checks::Picture;
use crate::demo::output::Output;
use crate::demo::receiver::Delivery;
use crate::demo::trial::Trial;
use crate::error::Error;

/// How long a webhook may take to arrive.
const WEBHOOK_PATIENCE: Duration = Duration::from_secs(30);
/// The pause between two looks at an image that is being made again.
const PAUSE: Duration = Duration::from_millis(400);
/// What the last image is to show instead.
const PROMPT: &str =
    "The product on a plain surface in warm evening light, seen a little from above, with room around it.";

/// The encore of a job.
#[derive(Debug)]
pub(crate) struct Encore<'a> {
    /// The job.
    pub(crate) trial: &'a Trial,
    /// What webhooks should be signed with.
    pub(crate) secret: &'a str,
    /// The folder for the new image.
    pub(crate) output: &'a Output,
    /// How long the image may take.
    pub(crate) patience: Duration,
}

impl Encore<'_> {
    /// Has the webhook of the job's end sent once more: the same event under the same id.
    pub(crate) async fn replay(&self) -> Result<(), Error> {
        let step = Step::begin("Replay");
        let first = self.webhook(1).await?;
        let id = first.id();
        self.trial.api.replay(&id).await?;
        let again = self.webhook(2).await?;
        if again.id() != id || again.event_type() != first.event_type() {
            return Err(Error::Demo(format!(
                "the replay of {id} came as {} {}",
                again.event_type(),
                again.id()
            )));
        }
        step.end(format!("{} again, under the same webhook-id", again.event_type()));
        Ok(())
    }

    /// Has the last image made once more, from another prompt. The one before stays at its address.
    pub(crate) async fn retry(&self) -> Result<(), Error> {
        let step = Step::begin("Retry");
        let images = self.trial.images();
        let Some(before) = images.last() else {
            return Ok(());
        };
        let number = before.index + 1;
        self.trial
            .api
            .retry(&self.trial.job.id, &before.id, PROMPT)
            .await?;
        step.update(&format!("image {number} is being made again"));
        let after = self.retried(number).await?;
        let url = after.url.clone().filter(|url| Some(url) != before.url.as_ref());
        let url = url.ok_or_else(|| Error::Demo(format!("image {number} has no new address")))?;
        let bytes = self.trial.api.download(&url).await?;
        let picture = Picture::decode(number, after, bytes).map_err(Error::Demo)?;
        let name = format!("{number:02}-again.{}", picture.extension);
        self.output.write(&name, &picture.bytes)?;
        let told = self.webhook(3).await?;
        step.end(format!(
            "image {number} from another prompt, {}",
            told.event_type()
        ));
        Ok(())
    }

    /// The image once its retry is over.
    async fn retried(&self, number: u32) -> Result<Image, Error> {
        let begun = Instant::now();
        loop {
            let (job, _) = self.trial.api.job(&self.trial.job.id).await?;
            let image = job.images.into_iter().find(|image| image.index + 1 == number);
            let image = image.ok_or_else(|| Error::Demo(format!("image {number} is gone")))?;
            let retry = image.retry.clone().unwrap_or_default();
            match retry.status.as_str() {
                "ready" => return Ok(image),
                "failed" => {
                    let why = retry.message.unwrap_or_default();
                    return Err(Error::Demo(format!(
                        "image {number} could not be made again: {why}"
                    )));
                }
                _ if begun.elapsed() > self.patience => {
                    return Err(Error::Demo(format!("image {number} is still being made again")));
                }
                _ => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// The webhook of this number, its signature checked.
    async fn webhook(&self, number: usize) -> Result<Delivery, Error> {
        let arrival = self.trial.receiver.nth(number);
        let Ok(delivery) = tokio::time::timeout(WEBHOOK_PATIENCE, arrival).await else {
            let patience = WEBHOOK_PATIENCE.as_secs();
            return Err(Error::Demo(format!(
                "webhook number {number} has not come within {patience} s"
            )));
        };
        delivery.verify(self.secret)?;
        Ok(delivery)
    }
}
