//! send-email: tells a job's owner how it ended, in one mail however often it is invoked.

use aws_config::SdkConfig;
use packshot_clients::{
    accounts::Accounts,
    config::{self, Missing, env},
    deliveries::{Deliveries, MailAbout},
    error::Chain,
    jobs::JobStore,
    mail::{Mail, Mailer, SendError, masked},
    parameters::Site,
    table::Table,
};
use packshot_domain::{job::Job, user::User};
use serde::Serialize;
use tracing::{error, info, warn};

use super::mail;
use crate::runtime::{TaskError, TaskInput};

/// What this function may use.
#[derive(Debug)]
pub struct State {
    jobs: JobStore,
    accounts: Accounts,
    deliveries: Deliveries,
    mailer: Mailer,
    site: Site,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        let table = Table::new(config, config::require(env::TABLE_NAME)?);
        Ok(Self {
            jobs: JobStore::new(table.clone()),
            accounts: Accounts::new(table.clone()),
            deliveries: Deliveries::new(table),
            mailer: Mailer::from_env(config)?,
            site: Site::from_env(config)?,
        })
    }
}

/// Whether a mail went out, and if not, why that is fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// Whether this invocation sent a mail.
    pub sent: bool,
    /// Why it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<NotSent>,
}

/// Why no mail was sent, where another try would not be right either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotSent {
    /// An earlier invocation has sent it, or may have.
    AlreadyClaimed,
    /// Its owner stopped the job and knows how it ended.
    Canceled,
    /// A retry of one image has ended: who asked for it watches it, and programs are told.
    Retry,
    /// The job or its owner's account was deleted meanwhile.
    Deleted,
    /// SES refused the mail, and would refuse it again.
    Refused,
    /// SES did not answer, so that the mail may be on its way; a second one would be worse than none.
    Unknown,
}

impl Sent {
    const YES: Self = Self {
        sent: true,
        reason: None,
    };

    const fn no(reason: NotSent) -> Self {
        Self {
            sent: false,
            reason: Some(reason),
        }
    }
}

/// A job whose execution is not over has no outcome to tell.
#[derive(Debug, thiserror::Error)]
#[error("the job has not ended yet")]
struct NotFinished;

/// Sends the mail about a job unless one went out before.
pub async fn handle(state: &State, input: TaskInput) -> Result<Sent, TaskError> {
    if input.retry.is_some() {
        return Ok(Sent::no(NotSent::Retry));
    }
    let (job, user) = tokio::try_join!(
        state.jobs.get(input.user_id, input.job_id),
        state.accounts.get(input.user_id)
    )?;
    let (Some(job), Some(user)) = (job, user) else {
        return Ok(Sent::no(NotSent::Deleted));
    };
    if !job.status.is_terminal() {
        return Err(TaskError::bug(NotFinished));
    }
    // The mail is made before the claim, so that a mail that cannot be made does not use the claim up.
    let base_url = state.site.base_url().await?;
    let Some(mail) = mail::compose(&job, &user, &base_url).map_err(TaskError::bug)? else {
        return Ok(Sent::no(NotSent::Canceled));
    };
    if !state
        .deliveries
        .claim_mail(job.owner, MailAbout::Job(job.id))
        .await?
    {
        return Ok(Sent::no(NotSent::AlreadyClaimed));
    }
    send_claimed(state, &job, &user, &mail).await
}

/// Sends a mail whose claim is ours, and gives the claim back only where the mail certainly did not go out.
async fn send_claimed(state: &State, job: &Job, user: &User, mail: &Mail) -> Result<Sent, TaskError> {
    match state.mailer.send(mail).await {
        Ok(message_id) => {
            info!(job.id = %job.id, mail.id = message_id, "Sent the mail about {} to {}", job.id, masked(&user.email));
            note_message_id(state, job, &message_id).await;
            Ok(Sent::YES)
        }
        Err(SendError::Refused(source)) => {
            error!(job.id = %job.id, error = %Chain(&*source), "SES refused the mail to {}", masked(&user.email));
            Ok(Sent::no(NotSent::Refused))
        }
        Err(SendError::Unknown(source)) => {
            warn!(job.id = %job.id, error = %Chain(&*source), "SES did not say whether it took the mail");
            Ok(Sent::no(NotSent::Unknown))
        }
        Err(error @ SendError::NotSent(_)) => {
            release(state, job).await;
            Err(TaskError::transient(error))
        }
    }
}

/// The mail is out: that its id could not be noted must not have it sent again.
async fn note_message_id(state: &State, job: &Job, message_id: &str) {
    let about = MailAbout::Job(job.id);
    if let Err(error) = state.deliveries.mail_sent(job.owner, about, message_id).await {
        warn!(job.id = %job.id, error = %Chain(&error), "Could not note the id of the mail about {}", job.id);
    }
}

/// A claim that cannot be given back costs the mail, never a second one; the log is then the only one to tell.
async fn release(state: &State, job: &Job) {
    let about = MailAbout::Job(job.id);
    if let Err(error) = state.deliveries.release_mail(job.owner, about).await {
        error!(job.id = %job.id, error = %Chain(&error), "Could not give back the claim to the mail about {}", job.id);
    }
}
