//! Metrics for CloudWatch: lines of the log in its embedded metric format, from which CloudWatch takes them without a call of
//! ours (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>).
//!
//! All are in the namespace [`NAMESPACE`] and have the dimension `Stage`; a second dimension is named at its type. What changes
//! jobs, calls outside services or reads the table tells here what it did, so that no caller can forget to. Before [`attach`]
//! nothing is written, as in tests.

use std::{
    sync::OnceLock,
    time::{Duration, SystemTime},
};

use metrique::{
    emf::Emf,
    unit::{None as NoUnit, Second},
    unit_of_work::metrics,
    writer::{BoxEntrySink, Entry, EntryIoStreamExt, FormatExt, sink::FlushImmediately},
};
use packshot_domain::{
    failure::FailureCode,
    image::{Image, ImageState},
    job::Job,
};

use crate::clock;

/// The namespace of every metric.
pub const NAMESPACE: &str = "Packshot";

static SINK: OnceLock<BoxEntrySink> = OnceLock::new();

#[derive(Entry)]
#[entry(rename_all = "PascalCase")]
struct Deployment {
    stage: String,
}

/// Has metrics written to the standard output from now on, under this stage's name.
pub fn attach(stage: String) {
    let format = Emf::builder(NAMESPACE.to_owned(), vec![vec!["Stage".to_owned()]]).build();
    let stream = format
        .output_to_makewriter(|| std::io::stdout().lock())
        .merge_globals(Deployment { stage });
    // Lambda freezes the process after each answer; what waits in a queue until then may never be written.
    let _ = SINK.set(FlushImmediately::new_boxed(stream));
}

/// Writes a metric.
macro_rules! write {
    ($metric:expr) => {
        if let Some(sink) = SINK.get() {
            drop($metric.append_on_drop(sink.clone()));
        }
    };
}

/// A job has ended: `Jobs` and `JobSeconds` by `Outcome` (`completed`, `failed`, `canceled`), and `JobsBroken`, those of them
/// that failed for a reason that only operators can mend.
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [[], ["Outcome"]])]
struct JobEnded {
    #[metrics(timestamp)]
    at: SystemTime,
    outcome: &'static str,
    /// Why, for a job that failed; no dimension, as there are many.
    code: Option<&'static str>,
    jobs: u64,
    jobs_broken: u64,
    #[metrics(unit = Second)]
    job_seconds: Duration,
}

/// A job has left a status: `StepSeconds` by `Step`.
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [["Step"]])]
struct StepEnded {
    #[metrics(timestamp)]
    at: SystemTime,
    step: &'static str,
    #[metrics(unit = Second)]
    step_seconds: Duration,
}

/// What became of a job's images: `Images` by `Reason` (`ready`, or why there is none).
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [["Reason"]])]
struct ImagesEnded {
    #[metrics(timestamp)]
    at: SystemTime,
    reason: &'static str,
    images: u64,
}

/// What Gemini charges for a job or a retry, as far as its answers tell: `CostUsd`.
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [[]])]
struct Spent {
    #[metrics(timestamp)]
    at: SystemTime,
    #[metrics(unit = NoUnit)]
    cost_usd: f64,
}

/// A call to an outside service, each attempt by itself: `Calls`, `CallErrors`, `CallSeconds` by `Provider` (`gemini`,
/// `google`).
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [["Provider"]])]
struct Called {
    #[metrics(timestamp)]
    at: SystemTime,
    provider: &'static str,
    calls: u64,
    call_errors: u64,
    #[metrics(unit = Second)]
    call_seconds: Duration,
}

/// A job cannot be planned or submitted because a provider cannot be used now: `ProviderWaitSeconds` by `Provider`, the time
/// since the job was accepted.
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [["Provider"]])]
struct Waiting {
    #[metrics(timestamp)]
    at: SystemTime,
    provider: &'static str,
    #[metrics(unit = Second)]
    provider_wait_seconds: Duration,
}

/// An attempt to deliver a webhook: `Deliveries`, `DeliverySeconds` by `Outcome` (the delivery's status after it).
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [["Outcome"]])]
struct Delivered {
    #[metrics(timestamp)]
    at: SystemTime,
    outcome: &'static str,
    deliveries: u64,
    #[metrics(unit = Second)]
    delivery_seconds: Duration,
}

/// An e-mail: `Mails` by `Outcome` (`sent`, `refused`, `not_sent`, `unknown`).
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [["Outcome"]])]
struct Mailed {
    #[metrics(timestamp)]
    at: SystemTime,
    outcome: &'static str,
    mails: u64,
}

/// How long the job waits that was accepted first of all that have not begun: `OldestQueuedSeconds`.
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [[]])]
struct Queued {
    #[metrics(timestamp)]
    at: SystemTime,
    #[metrics(unit = Second)]
    oldest_queued_seconds: Duration,
}

/// A job has changed, and this is how it was before.
pub(crate) fn job_changed(before: &Job, after: &Job) {
    let at = SystemTime::from(clock::now());
    if let Some(settlement) = after.settlement_since(before) {
        #[expect(clippy::cast_precision_loss, reason = "an amount of money on a chart")]
        let cost_usd = settlement.came.cost.0 as f64 / 1e6;
        write!(Spent { at, cost_usd });
    }
    if before.status == after.status {
        return;
    }
    let entered = before.history.last().map_or(before.created_at, |last| last.at);
    write!(StepEnded {
        at,
        step: before.status.as_str(),
        step_seconds: Duration::try_from(after.updated_at.duration_since(entered)).unwrap_or_default(),
    });
    if after.status.is_terminal() {
        job_ended(at, after);
    }
}

fn job_ended(at: SystemTime, job: &Job) {
    let code = job.failure.as_ref().map(|failure| failure.code);
    write!(JobEnded {
        at,
        outcome: job.status.as_str(),
        code: code.map(FailureCode::as_str),
        jobs: 1,
        jobs_broken: code.is_some_and(is_for_operators).into(),
        job_seconds: Duration::try_from(job.updated_at.duration_since(job.created_at)).unwrap_or_default(),
    });
    let mut reasons: Vec<&'static str> = job.images.iter().filter_map(reason).collect();
    reasons.sort_unstable();
    for same in reasons.chunk_by(PartialEq::eq) {
        write!(ImagesEnded {
            at,
            reason: same[0],
            images: same.len() as u64,
        });
    }
}

/// Whether a job failed for a reason that no other photo or prompt would have helped against.
const fn is_for_operators(code: FailureCode) -> bool {
    matches!(
        code,
        FailureCode::InternalError | FailureCode::ProviderNotConfigured | FailureCode::ProviderQuotaExhausted
    )
}

/// `None` for an image that nobody tried to make.
fn reason(image: &Image) -> Option<&'static str> {
    match &image.state {
        ImageState::Pending => None,
        ImageState::Ready(_) => Some("ready"),
        ImageState::Failed { reason, .. } => Some(reason.as_str()),
    }
}

/// A call was made to an outside service.
pub(crate) fn called(provider: &'static str, took: Duration, has_failed: bool) {
    write!(Called {
        at: clock::now().into(),
        provider,
        calls: 1,
        call_errors: has_failed.into(),
        call_seconds: took,
    });
}

/// A job that was accepted so long ago waits for a provider that cannot be used now.
pub fn waiting(provider: &'static str, waited: Duration) {
    write!(Waiting {
        at: clock::now().into(),
        provider,
        provider_wait_seconds: waited,
    });
}

/// An attempt to deliver a webhook was made; the outcome is the delivery's status after it.
pub fn delivered(outcome: &'static str, took: Duration) {
    write!(Delivered {
        at: clock::now().into(),
        outcome,
        deliveries: 1,
        delivery_seconds: took,
    });
}

/// How SES answered to an e-mail.
pub(crate) fn mailed(outcome: &'static str) {
    write!(Mailed {
        at: clock::now().into(),
        outcome,
        mails: 1,
    });
}

/// The job that waits longest to begin has waited this long; 0 where no job waits.
pub fn oldest_queued(waited: Duration) {
    write!(Queued {
        at: clock::now().into(),
        oldest_queued_seconds: waited,
    });
}
