//! Showing a job's stages while it runs.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use crate::console::{self, say};
use crate::demo::api::{Api, Job};
use crate::error::Error;

/// The pause between two looks at the job.
const PAUSE: Duration = Duration::from_millis(400);

/// Looks at a job until it has ended, and shows what it says of itself.
pub(crate) async fn until_finished(api: &Api, id: &str, patience: Duration) -> Result<(Job, Value), Error> {
    let begun = Instant::now();
    let mut display = Display::new();
    loop {
        let (job, text) = api.job(id).await?;
        display.show(&job, begun.elapsed());
        if job.is_finished() {
            return Ok((job, text));
        }
        if begun.elapsed() > patience {
            let time = console::seconds(patience);
            return Err(Error::Demo(format!(
                "job {id} is still `{}` after {time}: {}",
                job.status, job.stage
            )));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// A bar on a terminal, a line for each new stage elsewhere.
#[derive(Debug)]
struct Display {
    bar: Option<ProgressBar>,
    shown: String,
}

impl Display {
    fn new() -> Self {
        let bar = console::is_terminal().then(|| {
            let style = ProgressStyle::with_template("  {bar:30.red} {pos:>3} %  {msg}")
                .expect("the template is a constant")
                .progress_chars("━╸─");
            ProgressBar::new(100).with_style(style)
        });
        Self {
            bar,
            shown: String::new(),
        }
    }

    fn show(&mut self, job: &Job, time: Duration) {
        if let Some(bar) = &self.bar {
            bar.set_position(job.progress);
            bar.set_message(job.stage.clone());
        }
        if self.shown == job.stage {
            return;
        }
        self.shown.clone_from(&job.stage);
        let line = format!(
            "  {:>6}  {:>3} %  {:<16} {}",
            console::seconds(time),
            job.progress,
            job.status,
            job.stage
        );
        match &self.bar {
            Some(bar) => bar.println(line),
            None => say(line),
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
