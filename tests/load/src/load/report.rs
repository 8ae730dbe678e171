//! The report: a page for people, and the figures for programs.

mod figures;

use std::{collections::BTreeMap, path::Path, time::Duration};

use askama::Template;
use goose::prelude::GooseMetrics;
use jiff::Timestamp;
use serde::Serialize;

use self::figures::{Completion, FunctionMemory, Latency};
use super::{
    Error, Options, Verdict, charts,
    checks::{Check, Evidence},
    following::Tick,
    machine::Machine,
    provider::{CAP, Calls},
    series::Series,
};

/// How a run was made.
#[derive(Debug)]
pub(super) struct Conditions<'a> {
    /// What was asked for.
    pub options: &'a Options,
    /// When it began.
    pub begun_at: Timestamp,
    /// How many sellers there were.
    pub sellers: usize,
    /// After how long the last job had been seen to have ended.
    pub ended_after: Duration,
    /// How long it took with everything that was looked at.
    pub run_for: Duration,
}

/// All that there is to say about a run.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// When it began.
    begun_at: Timestamp,
    jobs: u32,
    rate: u32,
    images: u8,
    batch_seconds: u32,
    refusals_of_hundred: u8,
    wait_scale: f64,
    seed: u64,
    sellers: usize,
    machine: Machine,
    holds: bool,
    verdict: String,
    checks: Vec<Check>,
    /// Seconds until all requests were accepted, until all jobs had ended, and until all was looked at.
    accepted_after: f64,
    ended_after: f64,
    run_for: f64,
    /// Jobs ended, in a minute, between the first acceptance and the last end.
    jobs_a_minute: f64,
    completion: Completion,
    requests: Vec<Latency>,
    sent_again: BTreeMap<String, usize>,
    failed_lists: BTreeMap<String, usize>,
    gemini: Vec<Calls>,
    batches_at_most: f64,
    memory: Vec<FunctionMemory>,
    series: Series,
    statuses: Vec<Tick>,
}

/// The page.
#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    cap: usize,
    jobs: String,
    statuses: String,
    batches: String,
    distribution: String,
    memory: Vec<(&'a FunctionMemory, String)>,
    legend: Vec<(&'static str, &'static str)>,
}

impl Report {
    /// Puts it together.
    pub(super) fn of(
        conditions: &Conditions<'_>,
        evidence: &Evidence<'_>,
        metrics: &GooseMetrics,
        gemini: &[Calls],
        checks: Vec<Check>,
    ) -> Self {
        let Conditions {
            options, begun_at, ..
        } = *conditions;
        let series = Series::of(evidence, begun_at);
        let holds = checks.iter().all(Check::holds);
        let ended_after = series.ended.last().map_or(0.0, |(at, _)| *at);
        let accepted_after = series.accepted.last().map_or(0.0, |(at, _)| *at);
        let verdict = sentence(options.jobs, conditions.ended_after, &checks);
        Self {
            begun_at,
            jobs: options.jobs,
            rate: options.rate,
            images: options.images,
            batch_seconds: options.batch_seconds,
            refusals_of_hundred: options.refusals,
            wait_scale: options.wait_scale,
            seed: options.seed,
            sellers: conditions.sellers,
            machine: Machine::this(),
            holds,
            verdict,
            checks,
            accepted_after,
            ended_after,
            run_for: conditions.run_for.as_secs_f64(),
            jobs_a_minute: series
                .ended
                .last()
                .map_or(0.0, |(at, count)| count * 60.0 / at.max(1.0)),
            completion: Completion::of(&series.took),
            requests: Latency::of_all(metrics),
            sent_again: evidence.requests.sent_again.clone(),
            failed_lists: evidence.following.failed_lists.clone(),
            gemini: gemini.to_vec(),
            batches_at_most: series.most_batches(),
            memory: FunctionMemory::of_all(evidence.memory),
            series,
            statuses: evidence.following.ticks.clone(),
        }
    }

    /// Whether all holds, in a word and a sentence.
    pub(super) fn verdict(&self) -> Verdict {
        Verdict {
            holds: self.holds,
            sentence: self.verdict.clone(),
        }
    }

    /// Everything that was found.
    pub(super) fn findings(&self) -> impl Iterator<Item = String> {
        self.checks.iter().flat_map(|check| {
            let findings = check.findings.iter();
            findings.map(|finding| format!("{} But: {finding}", check.sentence))
        })
    }

    /// Writes `report.html` and `report.json` to this folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Error> {
        std::fs::create_dir_all(folder).map_err(file(folder))?;
        let json = folder.join("report.json");
        std::fs::write(&json, serde_json::to_vec_pretty(self)?).map_err(file(&json))?;
        let html = folder.join("report.html");
        std::fs::write(&html, self.page()?.render()?).map_err(file(&html))
    }

    fn page(&self) -> Result<Page<'_>, Error> {
        let most = self.memory.iter().map(|one| one.peak).fold(0.0, f64::max);
        let end = self.memory.iter().filter_map(|one| one.largest.last());
        let end = end.map(|(at, _)| *at).fold(0.0, f64::max);
        let memory = self
            .memory
            .iter()
            .map(|one| Ok((one, charts::memory(&one.largest, end, most)?)));
        Ok(Page {
            report: self,
            cap: CAP,
            jobs: charts::jobs(&self.series.accepted, &self.series.ended)?,
            statuses: charts::statuses(&self.statuses)?,
            batches: charts::batches(&self.series.batches, CAP)?,
            distribution: charts::distribution(&self.series.took)?,
            memory: memory.collect::<Result<_, Error>>()?,
            legend: charts::OPEN.map(|(status, colour, _)| (status, colour)).to_vec(),
        })
    }
}

fn sentence(jobs: u32, ended_after: Duration, checks: &[Check]) -> String {
    let failed: Vec<&Check> = checks.iter().filter(|check| !check.holds()).collect();
    if failed.is_empty() {
        return format!(
            "All {jobs} jobs ended within {} s: none was lost, none was done twice, each webhook came once, and the memory of \
             every function stayed flat.",
            ended_after.as_secs()
        );
    }
    let findings: usize = failed.iter().map(|check| check.failures).sum();
    format!(
        "{} of {} things that must hold {} not, with {findings} finding{}.",
        failed.len(),
        checks.len(),
        if failed.len() == 1 { "does" } else { "do" },
        if findings == 1 { "" } else { "s" },
    )
}

fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_path_buf();
    move |source| Error::File { path, source }
}

#[cfg(test)]
mod tests;
