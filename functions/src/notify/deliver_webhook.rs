//! deliver-webhook: delivers what the queue hands out, each message by itself.
//!
//! What becomes of a message: one that arrived, whose receiver wants no more (410), whose job is gone or whose address is
//! refused is deleted. Any other is kept and comes back after the wait that the schedule names; after the last attempt
//! the queue moves it to the dead letters. An address that is refused is given up at once, because asking again
//! would not make it public; the delivery's record says so to its owner, and nobody has to look at a dead letter.
//!
//! The receiver is looked up at each attempt: a job's own where it names one, else the account's endpoint. An endpoint that
//! is disabled gets nothing; what it would have got is recorded as skipped, so that it can be replayed.

mod attempt;
mod parcel;
mod receiver;
mod record;
mod warning;

use std::{panic::AssertUnwindSafe, time::Duration};

use aws_config::SdkConfig;
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures_util::{FutureExt, StreamExt, stream};
use jiff::Timestamp;
use packshot_clients::{
    accounts::Accounts,
    clock,
    config::{self, Missing, env},
    deliveries::{Attempt, Deliveries},
    error::{AwsError, Chain},
    hostile_http::HostileHttp,
    jobs::JobStore,
    mail::Mailer,
    metrics,
    parameters::Site,
    queue::WebhookQueue,
    table::Table,
};
use packshot_domain::id::{EventId, JobId, UserId};
use serde::Deserialize;
use tracing::{Instrument, Span, error, field, info, info_span, warn};

use self::{
    attempt::{Fate, Next},
    parcel::Parcel,
};
use crate::{runtime::TaskError, signed_post::ANSWER_TIME_LIMIT, telemetry};

/// How long one message may take in all. It is below the function's own time limit, so that one message that hangs
/// does not end the invocation before the others have been answered for.
const MESSAGE_TIME_LIMIT: Duration = Duration::from_secs(26);

/// How many messages of one batch are delivered side by side: the whole of the largest batch, because two rounds of
/// slow receivers would not fit into one invocation.
const MOST_AT_ONCE: usize = 10;

/// What this function may use.
#[derive(Debug)]
pub struct State {
    jobs: JobStore,
    accounts: Accounts,
    deliveries: Deliveries,
    queue: WebhookQueue,
    receivers: HostileHttp,
    mailer: Mailer,
    site: Site,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        let table = Table::new(config, config::require(env::TABLE_NAME)?);
        let receivers = HostileHttp::new(config::reach()?, ANSWER_TIME_LIMIT);
        Ok(Self {
            jobs: JobStore::new(table.clone()),
            accounts: Accounts::new(table.clone()),
            deliveries: Deliveries::new(table),
            queue: WebhookQueue::from_env(config)?,
            receivers: receivers.map_err(|_| Missing::Value(env::ALLOW_PRIVATE_ADDRESSES))?,
            mailer: Mailer::from_env(config)?,
            site: Site::from_env(config)?,
        })
    }
}

/// Why a message could not be worked on; it is kept, and ends among the dead letters if that does not change.
#[derive(Debug, thiserror::Error)]
enum MessageError {
    #[error("the message does not name a job's event")]
    Unreadable(#[source] serde_json::Error),
    #[error("{0} has not ended yet")]
    NotFinished(JobId),
    #[error("{0} has no usable secret to sign with")]
    NoSecret(UserId),
    #[error("the body could not be written")]
    Body(#[source] serde_json::Error),
    #[error("the delivery's record kept changing")]
    Contended,
    #[error(transparent)]
    Aws(#[from] AwsError),
    #[error("the message took longer than it may")]
    TooSlow,
    #[error("the message's delivery panicked")]
    Panicked,
}

/// Delivers each message of a batch and answers which of them the queue keeps.
pub async fn handle(state: &State, batch: SqsEvent) -> Result<SqsBatchResponse, TaskError> {
    let settled = stream::iter(&batch.records).map(|message| async move {
        let span = span_of(message);
        let fate = settle(state, message).instrument(span).await;
        (message, fate)
    });
    let fates: Vec<(&SqsMessage, Fate)> = settled.buffer_unordered(MOST_AT_ONCE).collect().await;
    let kept = fates.into_iter().filter(|(_, fate)| *fate == Fate::Keep);
    let mut answer = SqsBatchResponse::default();
    // SQS names every message. Were one nameless, the empty name would make Lambda keep the whole batch
    // (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html), which is the safe side: what has
    // arrived is on record and is not sent again.
    answer.set_failures(kept.map(|(message, _)| message.message_id.clone().unwrap_or_default()));
    Ok(answer)
}

/// The span of one message: those of a batch are about different jobs.
fn span_of(message: &SqsMessage) -> Span {
    let span = info_span!(
        "message",
        request_id = field::Empty,
        job.id = field::Empty,
        user.id = field::Empty
    );
    let body = message.body.as_deref().unwrap_or_default();
    if let Ok(body) = serde_json::from_str(body) {
        telemetry::about(&span, &body);
    }
    span
}

/// Works on one message and lets nothing of it, not even a panic, reach the others.
async fn settle(state: &State, message: &SqsMessage) -> Fate {
    let work = tokio::time::timeout(MESSAGE_TIME_LIMIT, deliver(state, message));
    let worked = match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(worked)) => worked,
        Ok(Err(_)) => Err(MessageError::TooSlow),
        Err(_) => Err(MessageError::Panicked),
    };
    worked.unwrap_or_else(|error| {
        error!(error = %Chain(&error), message.id = message.message_id, "Could not work on a webhook message");
        Fate::Keep
    })
}

/// What a message of the queue asks for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[expect(clippy::struct_field_names, reason = "these are the message's own names")]
struct Task {
    user_id: UserId,
    job_id: JobId,
    event_id: EventId,
}

async fn deliver(state: &State, message: &SqsMessage) -> Result<Fate, MessageError> {
    let task: Task = serde_json::from_str(message.body.as_deref().unwrap_or_default())
        .map_err(MessageError::Unreadable)?;
    let record = state.deliveries.get(task.user_id, task.event_id).await?;
    if record
        .as_ref()
        .is_some_and(|record| record::is_settled(record.status))
    {
        info!(job.id = %task.job_id, event.id = %task.event_id, "The webhook was settled before");
        return Ok(Fate::Delete);
    }
    let Some(parcel) = Box::pin(parcel::pack(state, task)).await? else {
        info!(job.id = %task.job_id, event.id = %task.event_id, "There is nobody to tell");
        if let Some(record) = record {
            record::close(&state.deliveries, task, record).await?;
        }
        return Ok(Fate::Delete);
    };
    if parcel.to.is_disabled() {
        info!(job.id = %task.job_id, event.id = %task.event_id, "The account's endpoint is disabled");
        // Without its record, the event would be lost with the message.
        if !record::skip(&state.deliveries, task, &parcel).await? {
            return Err(MessageError::Contended);
        }
        return Ok(Fate::Delete);
    }
    attempt(state, task, message, &parcel).await
}

/// Makes one attempt and sees to all that follows from it.
async fn attempt(
    state: &State,
    task: Task,
    message: &SqsMessage,
    parcel: &Parcel,
) -> Result<Fate, MessageError> {
    let (at, number) = (clock::now(), attempt_number(message));
    let tried = parcel
        .post()
        .send(&state.receivers, at)
        .await
        .ok_or(MessageError::NoSecret(task.user_id))?;
    let next = attempt::next(&tried.outcome, number, rand::random());
    metrics::delivered(next.status.as_str(), tried.took);
    log(task, parcel, &next);
    let attempt = attempt::record(&tried, parcel.to.url(), at);
    let began_at = note(state, task, parcel, &attempt, &next, number).await;
    if let Some(wait) = next.wait {
        postpone(state, message, wait).await;
    }
    let made = Made {
        number,
        began_at,
        attempt: &attempt,
        next,
    };
    let failing_since = receiver::note(state, parcel, &tried.outcome, &made).await;
    if let Some(since) = failing_since {
        warning::warn(state, parcel, &made, since).await;
    }
    Ok(next.fate)
}

/// An attempt, and where in its schedule it stands.
#[derive(Debug, Clone, Copy)]
struct Made<'a> {
    /// From 1.
    number: u32,
    /// When the first attempt of this schedule was made; `None` where the record could not tell.
    began_at: Option<Timestamp>,
    attempt: &'a Attempt,
    next: Next,
}

/// SQS counts the receipts, this one included; it leaves the count out of no message that it hands to a Lambda.
fn attempt_number(message: &SqsMessage) -> u32 {
    message
        .attributes
        .get("ApproximateReceiveCount")
        .and_then(|count| count.parse().ok())
        .unwrap_or(1)
        .max(1)
}

/// Writes the attempt down and tells when its schedule began. The message's fate does not hang on it: a webhook that arrived
/// must not go out again because the table could not be written.
async fn note(
    state: &State,
    task: Task,
    parcel: &Parcel,
    attempt: &Attempt,
    next: &Next,
    number: u32,
) -> Option<Timestamp> {
    match record::add(&state.deliveries, task, parcel, attempt, next).await {
        Ok(Some(delivery)) => record::schedule_began(&delivery, number),
        Ok(None) => {
            warn!(event.id = %task.event_id, "The delivery's record kept changing; an attempt is not in it");
            None
        }
        Err(error) => {
            error!(event.id = %task.event_id, error = %Chain(&error), "Could not record a delivery attempt");
            None
        }
    }
}

/// A message that cannot be postponed comes back after the queue's own visibility timeout, which is soon enough.
async fn postpone(state: &State, message: &SqsMessage, wait: Duration) {
    let handle = message.receipt_handle.as_deref().unwrap_or_default();
    if let Err(error) = state.queue.postpone(handle, wait).await {
        warn!(error = %Chain(&error), message.id = message.message_id, "Could not postpone a webhook");
    }
}

/// Only the host: the path and the query of a callback URL often hold a secret of its owner.
fn log(task: Task, parcel: &Parcel, next: &Next) {
    info!(
        job.id = %task.job_id,
        event.id = %task.event_id,
        receiver = parcel.to.url().host_str(),
        status = ?next.status,
        wait_seconds = next.wait.map(|wait| wait.as_secs()),
        "Tried to deliver {} of {}", parcel.event.event_type.as_str(), task.job_id
    );
}
