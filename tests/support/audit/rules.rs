//! The auditor's rules: what each invariant means for a snapshot.

use std::collections::{BTreeMap, BTreeSet};

use packshot_domain::{
    id::{JobId, UserId},
    image::ImageState,
    job::Status,
};

use super::{Accepted, Finding, Invariant, Snapshot, Weather};

/// States of batches that cost nothing more and give nothing.
const CANCELLED: &str = "BATCH_STATE_CANCELLED";

impl Snapshot {
    /// All that does not hold, by invariant.
    pub fn findings(&self, accepted: &[Accepted], weather: Weather) -> Vec<Finding> {
        let mut findings = Findings::default();
        self.check_rows(accepted, &mut findings);
        self.check_ends(&mut findings);
        self.check_batches(&mut findings);
        self.check_mails(accepted, weather, &mut findings);
        self.check_webhooks(weather, &mut findings);
        self.check_files(&mut findings);
        self.check_counters(&mut findings);
        self.check_leavings(&mut findings);
        findings.0.sort_by_key(|finding| finding.invariant);
        findings.0
    }

    fn check_rows(&self, accepted: &[Accepted], findings: &mut Findings) {
        let known: BTreeSet<JobId> = accepted.iter().map(|accepted| accepted.job).collect();
        let there: BTreeSet<JobId> = self.jobs.iter().map(|job| job.id).collect();
        for lost in known.difference(&there) {
            findings.add(Invariant::NoneLost, format!("{lost} has no row."));
        }
        for doubled in there.difference(&known) {
            findings.add(
                Invariant::NoneDoubled,
                format!("{doubled} was never answered with."),
            );
        }
        if known.len() != accepted.len() {
            let count = accepted.len() - known.len();
            findings.add(
                Invariant::NoneDoubled,
                format!("{count} requests were answered with the job of another."),
            );
        }
    }

    fn check_ends(&self, findings: &mut Findings) {
        for job in &self.jobs {
            let (id, status) = (job.id, job.status.as_str());
            if !job.status.is_terminal() {
                findings.add(Invariant::Ended, format!("{id} is {status}."));
            } else if job
                .images
                .iter()
                .any(|image| matches!(image.state, ImageState::Pending))
            {
                findings.add(
                    Invariant::Ended,
                    format!("{id} is {status}, and one of its images is pending."),
                );
            }
        }
        for id in &self.running {
            findings.add(Invariant::Ended, format!("The execution of {id} runs."));
        }
    }

    fn check_batches(&self, findings: &mut Findings) {
        for job in &self.jobs {
            let name = job.batch_display_name(None);
            let of_job = self.batches.iter().filter(|batch| batch.display_name == name);
            let (cancelled, kept): (Vec<_>, Vec<_>) = of_job.partition(|batch| batch.state == CANCELLED);
            if kept.len() > 1 {
                findings.add(Invariant::OneBatch, format!("{} has {}.", job.id, kept.len()));
            }
            if job.status == Status::Completed && kept.is_empty() {
                let count = cancelled.len();
                findings.add(
                    Invariant::OneBatch,
                    format!("{} is completed without one ({count} cancelled).", job.id),
                );
            }
        }
    }

    fn check_mails(&self, accepted: &[Accepted], weather: Weather, findings: &mut Findings) {
        let addresses: BTreeMap<UserId, &str> = accepted
            .iter()
            .map(|accepted| (accepted.owner, accepted.email.as_str()))
            .collect();
        for job in self.jobs.iter().filter(|job| job.status.is_terminal()) {
            let id = job.id.to_string();
            let mails = addresses
                .get(&job.owner)
                .and_then(|address| self.mails.get(*address));
            let count = mails.map_or(0, |mails| mails.iter().filter(|text| text.contains(&id)).count());
            if count > 1 || (count == 0 && weather == Weather::Calm) {
                findings.add(Invariant::OneMail, format!("There are {count} about {id}."));
            }
            if !self.has_row(job.owner, &format!("SENT#{id}#email")) {
                findings.add(
                    Invariant::OneMail,
                    format!("Nothing says that there was one about {id}."),
                );
            }
        }
    }

    fn check_webhooks(&self, weather: Weather, findings: &mut Findings) {
        let mut received: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for webhook in &self.webhooks {
            received.entry(&webhook.job).or_default().push(&webhook.id);
        }
        for job in self
            .jobs
            .iter()
            .filter(|job| job.status.is_terminal() && job.callback_url.is_some())
        {
            let id = job.id.to_string();
            let mut ids = received.remove(id.as_str()).unwrap_or_default();
            let count = ids.len();
            ids.sort_unstable();
            ids.dedup();
            if ids.len() != 1 {
                findings.add(
                    Invariant::OneWebhook,
                    format!("{id} had {}, of different ids.", ids.len()),
                );
            } else if count > 1 && weather == Weather::Calm {
                findings.add(
                    Invariant::OneWebhook,
                    format!("The one of {id} came {count} times."),
                );
            }
            let delivered = self.rows.get(&job.owner).into_iter().flatten().filter(|row| {
                row.sort_key.starts_with("DELIVERY#")
                    && row.text("job_id") == id
                    && row.text("status") == "delivered"
            });
            let delivered = delivered.count();
            if delivered != 1 {
                findings.add(
                    Invariant::OneWebhook,
                    format!("{delivered} deliveries of {id} are recorded."),
                );
            }
        }
        for job in received.keys() {
            findings.add(
                Invariant::OneWebhook,
                format!("One came for {job}, which had none to send."),
            );
        }
    }

    fn check_leavings(&self, findings: &mut Findings) {
        let ids: BTreeSet<String> = self.jobs.iter().map(|job| job.id.to_string()).collect();
        for (owner, rows) in &self.rows {
            for row in rows {
                let sort_key = &row.sort_key;
                let about = match sort_key.split('#').collect::<Vec<_>>()[..] {
                    ["SENT", job, "email"] if job.starts_with("job_") => job,
                    ["DELIVERY", _] => row.text("job_id"),
                    _ => continue,
                };
                if !ids.contains(about) {
                    findings.add(
                        Invariant::NothingLeft,
                        format!("{owner} has {sort_key}, about {about}."),
                    );
                }
            }
        }
        for job in self.jobs.iter().filter(|job| job.status.is_terminal()) {
            let key = format!("JOB#{}", job.id);
            let rows = self.rows.get(&job.owner).into_iter().flatten();
            if rows
                .filter(|row| row.sort_key == key)
                .any(|row| row.texts.contains_key("active"))
            {
                findings.add(
                    Invariant::NothingLeft,
                    format!("{} has ended, and is listed as unfinished.", job.id),
                );
            }
        }
    }

    fn has_row(&self, owner: UserId, sort_key: &str) -> bool {
        let rows = self.rows.get(&owner).into_iter().flatten();
        rows.into_iter().any(|row| row.sort_key == sort_key)
    }
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn add(&mut self, invariant: Invariant, what: String) {
        self.0.push(Finding { invariant, what });
    }
}
