//! Counters and the rows that they count.

use packshot_domain::{job::Job, money::MicroUsd};

use super::{Invariant, Snapshot, rules::Findings};

impl Snapshot {
    pub(super) fn check_counters(&self, findings: &mut Findings) {
        for owner in self.rows.keys() {
            let jobs: Vec<&Job> = self.jobs.iter().filter(|job| job.owner == *owner).collect();
            let had = Sum::of(&jobs);
            let Some(consumption) = self.consumption.get(owner) else {
                findings.add(Invariant::CountersAddUp, format!("{owner} has none."));
                continue;
            };
            let counted = (consumption.active_jobs, consumption.images, consumption.cost);
            let rows = (had.active, had.asked_images, had.asked_cost);
            if counted != rows {
                let what = format!(
                    "{owner} is down for {counted:?}, and the rows add up to {rows:?} (active, images, cost)."
                );
                findings.add(Invariant::CountersAddUp, what);
            }
            let days = self.usage.get(owner).map(Vec::as_slice).unwrap_or_default();
            let used = (
                days.iter().map(|day| day.jobs).sum::<u64>(),
                days.iter().map(|day| day.images).sum::<u64>(),
                days.iter().fold(MicroUsd::default(), |sum, day| sum + day.cost),
            );
            let rows = (jobs.len() as u64, had.images, had.cost);
            if used != rows {
                let what = format!(
                    "{owner} has used {used:?}, and the rows add up to {rows:?} (jobs, images, cost)."
                );
                findings.add(Invariant::CountersAddUp, what);
            }
        }
    }
}

/// What jobs add up to.
#[derive(Debug, Default)]
struct Sum {
    active: u32,
    /// What counts against the limits: what came, or what is asked for while the job runs.
    asked_images: u32,
    asked_cost: MicroUsd,
    /// What came of those that have ended.
    images: u64,
    cost: MicroUsd,
}

impl Sum {
    fn of(jobs: &[&Job]) -> Self {
        let mut sum = Self::default();
        for job in jobs {
            let counts = if job.status.is_terminal() {
                let outcome = job.outcome();
                sum.images += u64::from(outcome.images);
                sum.cost = sum.cost + outcome.cost;
                outcome
            } else {
                sum.active += 1;
                job.demand()
            };
            sum.asked_images += counts.images;
            sum.asked_cost = sum.asked_cost + counts.cost;
        }
        sum
    }
}
