//! What a run can be told, with the source of each default.

use std::time::Duration;

use packshot_domain::late;

/// A day of jobs against the quotas, on paper.
#[derive(Debug, Clone, clap::Parser)]
#[command(version)]
pub(crate) struct Options {
    /// Jobs a day; may be given several times
    #[arg(long, value_name = "N", default_values_t = [10, 1_000, 100_000], value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) jobs_a_day: Vec<u32>,
    /// Days on which jobs arrive; a run goes on until the last of them has ended
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=31))]
    pub(crate) days: u32,
    /// The seed of chance: the same seed gives the same day
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How busy the peak hour is, against the day's mean; from 1 (no peak) to 2
    #[arg(long, value_name = "FACTOR", default_value_t = 2.0)]
    pub(crate) peak: f64,
    /// The share of jobs that come in bursts, from a program that sends its whole catalogue
    #[arg(long, value_name = "SHARE", default_value_t = 0.2)]
    pub(crate) burst_share: f64,
    /// The jobs of one burst; plan `pro` lets an account have 100 at a time
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) burst_size: u32,
    /// The batches that Gemini runs at once (<https://ai.google.dev/gemini-api/docs/rate-limits>)
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) batches: u32,
    /// The tokens that may be in batches at once. The same page: 2 million for 3 Pro Image in tier 1, 270 million in tier 2
    #[arg(long, value_name = "N", default_value_t = 270_000_000)]
    pub(crate) enqueued_tokens: u64,
    /// The tokens of one job's batch: ten lines of one photo (1,500, as `prices.rs` counts) and about 300 of words
    #[arg(long, value_name = "N", default_value_t = 18_000)]
    pub(crate) tokens_a_job: u64,
    /// The time of half of the batches. Callers tell of ten minutes for image models
    /// (<https://github.com/googleapis/python-genai/issues/1482>); Google promises a day
    #[arg(long, value_name = "MINUTES", default_value_t = 10.0)]
    pub(crate) batch_median_minutes: f64,
    /// The time of 19 in 20 batches. Assumed: the same callers tell of hours on bad days
    #[arg(long, value_name = "MINUTES", default_value_t = 120.0)]
    pub(crate) batch_p95_minutes: f64,
    /// The wait that Gemini asks for when it has no room; it need not ask for one
    #[arg(long, value_name = "SECONDS")]
    pub(crate) asked_wait_seconds: Option<u64>,
    /// The deadline of each job (`JobDeadlineSeconds` in template.yaml)
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    pub(crate) deadline_hours: u64,
    /// What a job's photos take at Gemini. Assumed: one photo of a telephone, sent on as it is
    #[arg(long, value_name = "MB", default_value_t = 3.0)]
    pub(crate) photo_megabytes: f64,
    /// How long the functions take, against what `tasks.rs` assumes
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    pub(crate) task_time: f64,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl Options {
    /// The deadline of each job.
    pub(crate) const fn deadline(&self) -> Duration {
        Duration::from_hours(self.deadline_hours)
    }

    /// Why a run would make no sense.
    pub(crate) fn check(&self) -> Result<(), String> {
        let longest = late::LONGEST.as_secs().unsigned_abs() / 3600;
        let within = |what: &str, value: f64, least: f64, most: f64| {
            if (least..=most).contains(&value) {
                Ok(())
            } else {
                Err(format!("--{what} is to be from {least} to {most}"))
            }
        };
        within("peak", self.peak, 1.0, 2.0)?;
        within("burst-share", self.burst_share, 0.0, 1.0)?;
        within("batch-median-minutes", self.batch_median_minutes, 0.1, 2_880.0)?;
        within(
            "batch-p95-minutes",
            self.batch_p95_minutes,
            self.batch_median_minutes,
            28_800.0,
        )?;
        within("photo-megabytes", self.photo_megabytes, 0.0, 400.0)?;
        within("task-time", self.task_time, 0.01, 100.0)?;
        if self.deadline_hours == 0 || self.deadline_hours > longest {
            return Err(format!("--deadline-hours is to be from 1 to {longest}"));
        }
        if self.batches == 0 || self.enqueued_tokens < self.tokens_a_job {
            return Err("no batch would ever have room".to_owned());
        }
        Ok(())
    }
}
