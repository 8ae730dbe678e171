//! What must hold after a run, each with what was looked at and what was found.

use std::collections::{BTreeMap, BTreeSet};

use packshot_domain::id::{self, JobId};
use packshot_tests::audit::{Finding, Invariant, Webhook};
use serde::Serialize;

use super::{
    Options, flatness::Life, following::Following, ledger::Requests, memory::Memory, provider::Batch,
};

/// How many findings of one check are told; more of the same say no more.
const TOLD: usize = 20;

/// All that is known of a run.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    /// What was asked for.
    pub options: &'a Options,
    /// What came of each request.
    pub requests: &'a Requests,
    /// The jobs, as the API's lists had them last.
    pub following: &'a Following,
    /// All batches at Gemini.
    pub batches: Vec<Batch>,
    /// All webhooks that came.
    pub webhooks: &'a [Webhook],
    /// What the auditor found.
    pub audited: &'a [Finding],
    /// The memory of the functions.
    pub memory: &'a Memory,
}

/// One thing that must hold.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Check {
    /// It, in a sentence.
    pub sentence: String,
    /// What was looked at.
    pub looked_at: String,
    /// How often it does not hold.
    pub failures: usize,
    /// Where it does not, in words: the first twenty.
    pub findings: Vec<String>,
}

impl Check {
    fn new(
        sentence: impl Into<String>,
        looked_at: impl Into<String>,
        findings: impl IntoIterator<Item = String>,
    ) -> Self {
        let mut findings: Vec<String> = findings.into_iter().collect();
        let failures = findings.len();
        findings.truncate(TOLD);
        Self {
            sentence: sentence.into(),
            looked_at: looked_at.into(),
            failures,
            findings,
        }
    }

    /// Whether it holds.
    pub(super) fn holds(&self) -> bool {
        self.failures == 0
    }
}

/// All of them.
pub(super) fn all(evidence: &Evidence<'_>) -> Vec<Check> {
    let mut checks = vec![
        accepted(evidence),
        ended(evidence),
        completed(evidence),
        listed(evidence),
        repeated(evidence),
        one_batch(evidence),
        one_webhook(evidence),
    ];
    checks.extend(Invariant::ALL.map(|invariant| audited(evidence, invariant)));
    checks.push(flat(evidence));
    checks
}

fn accepted(evidence: &Evidence<'_>) -> Check {
    let requests = evidence.requests;
    let wanted = evidence.options.jobs as usize;
    let missing = wanted.saturating_sub(requests.accepted.len() + requests.given_up.len());
    let unaccounted = (missing > 0).then(|| format!("{missing} requests were never answered"));
    Check::new(
        "Each request was accepted in the end.",
        format!("{wanted} requests"),
        requests.given_up.iter().cloned().chain(unaccounted),
    )
}

fn ended(evidence: &Evidence<'_>) -> Check {
    let open = evidence.following.open().map(|accepted| {
        let view = evidence.following.views.get(&accepted.job);
        let status = view.map_or("in no list", |view| view.status.as_str());
        format!("{} has not ended: {status}", accepted.job)
    });
    Check::new("Each job has ended.", jobs(evidence), open)
}

fn completed(evidence: &Evidence<'_>) -> Check {
    let views = evidence.following.views.iter();
    let ended = views.filter(|(_, view)| view.has_ended());
    let bad = ended.filter_map(|(job, view)| {
        let is_whole =
            view.status == "completed" && view.ready_images == usize::from(evidence.options.images);
        let error = view.error.as_deref().unwrap_or("no error");
        (!is_whole).then(|| {
            format!(
                "{job} is {} ({error}) with {} of {} images",
                view.status, view.ready_images, view.images
            )
        })
    });
    Check::new(
        "Each job that ended is completed, with all its images.",
        jobs(evidence),
        bad,
    )
}

/// What the API lists is what it accepted: no job lost, none that nobody asked for.
fn listed(evidence: &Evidence<'_>) -> Check {
    let accepted: BTreeSet<&str> = evidence
        .requests
        .accepted
        .iter()
        .map(|accepted| accepted.job.as_str())
        .collect();
    let views = &evidence.following.views;
    let lost = accepted.iter().filter(|job| !views.contains_key(**job));
    let lost = lost.map(|job| format!("{job} was accepted and is in no list"));
    let doubled = views.keys().filter(|job| !accepted.contains(job.as_str()));
    let doubled = doubled.map(|job| format!("{job} is listed and was not accepted"));
    Check::new(
        "The API lists each job that it accepted, and no other.",
        format!("{} accepted, {} listed", accepted.len(), views.len()),
        lost.chain(doubled),
    )
}

/// A request that comes again makes no second job, and no two requests got the same one.
fn repeated(evidence: &Evidence<'_>) -> Check {
    let requests = evidence.requests;
    let mut keys: BTreeMap<&str, &str> = BTreeMap::new();
    let mut findings = Vec::new();
    for accepted in &requests.accepted {
        if let Some(other) = keys.insert(&accepted.job, &accepted.key) {
            findings.push(format!(
                "{} answers the requests {other} and {}",
                accepted.job, accepted.key
            ));
        }
    }
    for repeat in &requests.repeats {
        let first = keys.get(repeat.job.as_str());
        if first != Some(&repeat.key.as_str()) {
            findings.push(format!("{} made {} when it came again", repeat.key, repeat.job));
        } else if !repeat.is_marked {
            findings.push(format!(
                "{} was not marked as replayed when it came again",
                repeat.key
            ));
        }
    }
    Check::new(
        "A request that comes again with its Idempotency-Key gets the first one's job.",
        format!("{} requests sent twice", requests.repeats.len()),
        findings,
    )
}

fn one_batch(evidence: &Evidence<'_>) -> Check {
    let mut batches: BTreeMap<&str, usize> = evidence
        .requests
        .accepted
        .iter()
        .map(|accepted| (accepted.job.as_str(), 0))
        .collect();
    let mut findings = Vec::new();
    for batch in &evidence.batches {
        match batches.get_mut(batch.job.as_str()) {
            Some(count) => *count += 1,
            None => findings.push(format!(
                "a batch is named {}, which is no accepted job",
                batch.job
            )),
        }
    }
    let wrong = batches.iter().filter(|(_, count)| **count != 1);
    findings.extend(wrong.map(|(job, count)| format!("{job} has {count} batches")));
    Check::new(
        "Each job has exactly one batch at Gemini.",
        format!("{} batches", evidence.batches.len()),
        findings,
    )
}

fn one_webhook(evidence: &Evidence<'_>) -> Check {
    let mut came: BTreeMap<&str, usize> = BTreeMap::new();
    for webhook in evidence.webhooks {
        *came.entry(webhook.id.as_str()).or_default() += 1;
    }
    let mut findings = Vec::new();
    for accepted in &evidence.requests.accepted {
        let Ok(job) = accepted.job.parse::<JobId>() else {
            findings.push(format!("`{}` is no job's id", accepted.job));
            continue;
        };
        let event = id::end_of_job_event(job).to_string();
        match came.remove(event.as_str()) {
            Some(1) => {}
            Some(count) => findings.push(format!("the webhook of {job} came {count} times")),
            None => findings.push(format!("the webhook of {job} did not come")),
        }
    }
    findings.extend(
        came.keys()
            .map(|event| format!("the webhook {event} is of no accepted job")),
    );
    Check::new(
        "The webhook of each job came exactly once.",
        format!("{} webhooks", evidence.webhooks.len()),
        findings,
    )
}

fn audited(evidence: &Evidence<'_>, invariant: Invariant) -> Check {
    let findings = evidence.audited.iter();
    let findings = findings.filter(|finding| finding.invariant == invariant);
    Check::new(
        invariant.sentence(),
        format!("{}, by the auditor", jobs(evidence)),
        findings.map(|finding| finding.what.clone()),
    )
}

fn flat(evidence: &Evidence<'_>) -> Check {
    let mut judged = 0;
    let mut findings = Vec::new();
    for (function, processes) in &evidence.memory.functions {
        for life in processes.iter().map(|samples| Life::of(samples)) {
            let Life::Judged { middle, late } = life else {
                continue;
            };
            judged += 1;
            if life.grew() {
                findings.push(format!(
                    "a process of {function} grew from {:.1} to {:.1} MB",
                    megabytes(middle),
                    megabytes(late)
                ));
            }
        }
    }
    let none = (judged == 0).then(|| "no process lived long enough to be judged".to_owned());
    findings.extend(none);
    Check::new(
        "The memory of every function is flat.",
        format!("{judged} processes that lived for 30 s or more"),
        findings,
    )
}

/// Bytes in megabytes of 2^20.
pub(super) fn megabytes(bytes: f64) -> f64 {
    bytes / (1024.0 * 1024.0)
}

fn jobs(evidence: &Evidence<'_>) -> String {
    format!("{} jobs", evidence.requests.accepted.len())
}
