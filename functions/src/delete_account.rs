//! delete-account: removes everything that a user owned who is marked as deleted, and the mark last.
//!
//! It is woken by a message when the account is closed, and once an hour for every account that is still marked. So it may end
//! at any point, lose its message, or run twice at once: each step finds what is still there, and does nothing where nothing
//! is. What was begun for the user before the mark may come to its end after a step has looked: a request, a task, an
//! upload to an address that was signed. Therefore the mark stays until all of that must be over, and every step is done once
//! more before it goes.

mod jobs;

use std::time::Duration;

use aws_config::SdkConfig;
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsMessage};
use jiff::Timestamp;
use packshot_clients::{
    accounts::Accounts,
    bucket::{self, Bucket},
    clock,
    config::{self, Missing, env},
    drive_grants::DriveGrants,
    error::Chain,
    gemini::Gemini,
    jobs::JobStore,
    keys::KeyIssuer,
    queue::DeletionQueue,
    sessions::Sessions,
    table::Table,
    workflow::Workflow,
};
use packshot_domain::id::{UserId, pseudonym};
use serde::{Deserialize, Serialize};
use tracing::{error, info};

use crate::runtime::TaskError;

/// So long after the mark, nothing goes on any more that was begun before it: no function runs for longer than 15 minutes, and
/// uploads must begin within 15 minutes of being signed.
const SETTLED_AFTER: Duration = Duration::from_mins(30);

/// How many rows one invocation removes.
const MOST_ROWS: usize = 2000;

/// What this function may use.
#[derive(Debug)]
pub struct State {
    /// The users, and rows of theirs that nothing hangs on.
    pub accounts: Accounts,
    /// Their sessions.
    pub sessions: Sessions,
    /// Their API keys.
    pub keys: KeyIssuer,
    /// Their jobs.
    pub jobs: JobStore,
    /// Their photos and images.
    pub bucket: Bucket,
    /// The executions of their jobs.
    pub workflow: Workflow,
    /// The batches of their jobs.
    pub gemini: Gemini,
    /// What they let us do in their Drive.
    pub grants: DriveGrants,
    /// By which work goes on that is too much for one invocation.
    pub queue: DeletionQueue,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        let table = Table::new(config, config::require(env::TABLE_NAME)?);
        Ok(Self {
            accounts: Accounts::new(table.clone()),
            sessions: Sessions::new(table.clone()),
            keys: KeyIssuer::new(config, table.clone()),
            jobs: JobStore::new(table),
            bucket: Bucket::from_env(config)?,
            workflow: Workflow::from_env(config)?,
            gemini: Gemini::from_env(config)?,
            grants: DriveGrants::from_env(config)?,
            queue: DeletionQueue::from_env(config)?,
        })
    }
}

/// What woke the function: messages of the queue, or else the schedule.
#[derive(Debug, Deserialize)]
pub struct Wakeup {
    #[serde(rename = "Records")]
    messages: Option<Vec<SqsMessage>>,
}

/// What a message of the queue asks for.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Task {
    user_id: UserId,
}

/// What was done.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// Which messages the queue keeps.
    Messages(SqsBatchResponse),
    /// How many accounts were found that are not gone yet.
    Schedule {
        /// Accounts found.
        looked_at: usize,
    },
}

/// How far the deletion of an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Nothing is left, the mark included.
    Gone,
    /// There is more to do, at once.
    More,
    /// The rest has to wait: for what may still go on, or for what it is not known how far it is.
    Waiting,
}

/// Works on what a message names, or has a message sent for each account that is marked.
pub async fn handle(state: &State, wakeup: Wakeup) -> Result<Answer, TaskError> {
    let Some(messages) = wakeup.messages else {
        let users = state.accounts.being_deleted().await?;
        for user in &users {
            state.queue.send(*user).await?;
        }
        info!(looked_at = users.len(), "Had deletions go on");
        return Ok(Answer::Schedule {
            looked_at: users.len(),
        });
    };
    let mut kept = Vec::new();
    for message in messages {
        if let Err(error) = work_on(state, &message).await {
            error!(error = %Chain(&error), message.id = message.message_id, "Could not delete an account to the end");
            kept.push(message.message_id.unwrap_or_default());
        }
    }
    let mut answer = SqsBatchResponse::default();
    answer.set_failures(kept);
    Ok(Answer::Messages(answer))
}

async fn work_on(state: &State, message: &SqsMessage) -> Result<(), TaskError> {
    let body = message.body.as_deref().unwrap_or_default();
    let task: Task = serde_json::from_str(body).map_err(TaskError::bug)?;
    if remove(state, task.user_id).await? == Progress::More {
        state.queue.send(task.user_id).await?;
    }
    Ok(())
}

/// Does what can be done at this moment about the deletion of a user's account; nothing where the account is not marked.
///
/// # Errors
///
/// Where a step did not come to its end: all that was done stays done.
pub async fn remove(state: &State, user: UserId) -> Result<Progress, TaskError> {
    let Some(marked_at) = state.accounts.deleted_at(user).await? else {
        return Ok(Progress::Gone);
    };
    // Before the steps: the last look must begin when nothing more can come.
    let is_settled = is_settled(marked_at, clock::now());

    state.sessions.end_all(user).await?;
    let keys_are_gone = state.keys.remove_all(user).await?;
    // Google must be told before we forget by what to tell it; that it does not answer keeps nothing else from going.
    let grant = state.grants.forget(user).await;
    let jobs = jobs::remove_all(state, user).await?;
    if jobs == Progress::More {
        return Ok(Progress::More);
    }
    state.bucket.remove_below(&bucket::photos_of(user)).await?;
    if state.accounts.remove_rows(user, MOST_ROWS).await? == MOST_ROWS {
        return Ok(Progress::More);
    }
    grant.map_err(TaskError::transient)?;
    let is_all_gone = keys_are_gone && jobs == Progress::Gone;
    if is_settled && is_all_gone && state.accounts.forget(user).await? {
        info!(user.id = pseudonym(user), "Deleted an account for good");
        return Ok(Progress::Gone);
    }
    Ok(Progress::Waiting)
}

fn is_settled(marked_at: Timestamp, now: Timestamp) -> bool {
    marked_at
        .checked_add(SETTLED_AFTER)
        .is_ok_and(|settled_at| settled_at <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_outlives_what_was_begun_before_it() {
        let marked_at: Timestamp = "2026-11-01T10:00:00Z".parse().expect("a moment");
        assert!(SETTLED_AFTER > bucket::UPLOAD_VALID_FOR);
        assert!(!is_settled(marked_at, marked_at + Duration::from_secs(1799)));
        assert!(is_settled(marked_at, marked_at + Duration::from_mins(30)));
    }

    #[test]
    fn whatever_is_no_message_is_a_look_at_all_accounts() {
        let wakeup = |text| serde_json::from_str::<Wakeup>(text).expect("an event");
        assert!(wakeup(r#"{"detail-type": "Scheduled Event"}"#).messages.is_none());
        assert!(wakeup(r#"{"Records": []}"#).messages.is_some());
    }
}
