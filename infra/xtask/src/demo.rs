//! `cargo xtask demo`: a job from photos to ten images, an e-mail and a webhook, through the public API.

mod api;
mod checks;
mod contact_sheet;
mod drawing;
mod encore;
mod mail;
mod output;
mod pencil;
mod photos;
pub(crate) mod receiver;
mod results;
pub(crate) mod sample;
mod seller;
mod trial;
mod watch;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use self::api::Order;
use self::encore::Encore;
use self::output::Output;
use self::results::Results;
use self::trial::{Source, Trial};
use crate::console::{say, seconds};
use crate::error::Error;
use crate::stack::Stack;
use crate::workspace::Workspace;

/// How long a job may take with the embedded Gemini.
const PATIENCE: Duration = Duration::from_mins(3);
/// How long a job may take with the real one, whose batches have a day.
const REAL_PATIENCE: Duration = Duration::from_hours(24);
/// The folder of the embedded Drive that is used where none is named.
const SAMPLE_FOLDER: &str = "Products/Espresso cup";

/// What `demo` can be told.
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    /// A photo of the product, JPEG, PNG or WebP; up to eight. Without one, a sample is drawn
    #[arg(long = "photo", value_name = "FILE")]
    photos: Vec<PathBuf>,
    /// Take the photos from a folder of the demo user's Google Drive instead, as a seller on the page does, and save the
    /// images beside them
    #[arg(
        long,
        value_name = "FOLDER",
        num_args = 0..=1,
        default_missing_value = SAMPLE_FOLDER,
        conflicts_with = "photos"
    )]
    drive: Option<String>,
    /// How many images to make
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=10))]
    count: u8,
    /// Where to put the results
    #[arg(long, value_name = "FOLDER", default_value = "packshot-demo")]
    out: PathBuf,
    /// What the product is called
    #[arg(long)]
    title: Option<String>,
    /// The images' shape
    #[arg(long, value_name = "W:H", value_parser = parse_ratio)]
    aspect_ratio: Option<String>,
}

impl Demo {
    /// What the contact sheet is called: the product's title, else what its first photo is called.
    fn sheet_title(&self) -> String {
        let named_by_file = || {
            self.photos
                .first()?
                .file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
        };
        let named_by_folder = || self.drive.as_ref()?.rsplit('/').next().map(str::to_owned);
        self.order()
            .title
            .or_else(named_by_folder)
            .or_else(named_by_file)
            .unwrap_or_else(|| "Packshot".to_owned())
    }

    fn order(&self) -> Order {
        let sample = || (self.photos.is_empty() && self.drive.is_none()).then(|| sample::TITLE.to_owned());
        Order {
            count: self.count,
            title: self.title.clone().or_else(sample),
            aspect_ratio: self.aspect_ratio.clone(),
        }
    }
}

fn parse_ratio(text: &str) -> Result<String, String> {
    checks::ratio(text)
        .map(|_| text.to_owned())
        .ok_or_else(|| "write it like 4:5".to_owned())
}

/// Runs a job and leaves everything that came of it in a folder.
pub(crate) async fn demo(workspace: &Workspace, demo: &Demo) -> Result<(), Error> {
    let source = match &demo.drive {
        Some(folder) => Source::DriveFolder(folder.clone()),
        None => Source::Files(photos::read(&demo.photos)?),
    };
    let output = Output::prepare(&demo.out)?;
    let stack = Stack::of_person(workspace);
    let file = if let Some(file) = stack.running().await {
        file
    } else {
        say("Starting the local stack.");
        stack.up().await?.file
    };
    let begun = Instant::now();
    let patience = if file.uses_real_gemini() {
        REAL_PATIENCE
    } else {
        PATIENCE
    };
    let trial = Trial::run(&file, &source, demo.order(), patience).await?;
    let title = demo.sheet_title();
    Results {
        trial: &trial,
        title: &title,
        secret: &file.webhook_secret,
        output: &output,
    }
    .keep()
    .await?;
    let encore = Encore {
        trial: &trial,
        secret: &file.webhook_secret,
        output: &output,
        patience,
    };
    encore.replay().await?;
    encore.retry().await?;
    say(format!(
        "\nAll there in {}: {}",
        seconds(begun.elapsed()),
        output.folder().display()
    ));
    say("The stack stays up; end it with `cargo xtask down`.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_needs_two_numbers() {
        assert_eq!(parse_ratio("4:5").as_deref(), Ok("4:5"));
        assert!(parse_ratio("wide").is_err() && parse_ratio("4:0").is_err());
    }
}
