//! The auditor: whether all that is known of a user's jobs adds up, wherever it is kept.
//!
//! It reads the table, the bucket, the executions, Gemini's batches, the mailbox and what a receiver got, and holds them
//! against each other and against what the callers were told. It changes nothing that the product keeps.

mod counters;
mod files;
mod rules;
mod snapshot;

use std::fmt;

use packshot_domain::id::{JobId, UserId};

pub use self::snapshot::{Batch, Row, Snapshot, Webhook};
use crate::stack::Stack;

/// A job that the API has accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Whose it is.
    pub owner: UserId,
    /// Where mail about it goes.
    pub email: String,
    /// Its id, from the answer.
    pub job: JobId,
}

/// What may have happened on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Nothing out of the ordinary: each thing is there once.
    Calm,
    /// Calls were lost, and AWS itself was restarted: a webhook may have come twice (under one id), and MiniStack has
    /// forgotten mails and executions.
    Faulty,
}

/// What must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// Each job that was accepted has its row.
    NoneLost,
    /// No job has a row that was not accepted.
    NoneDoubled,
    /// Each job has ended, and nothing drives it any more.
    Ended,
    /// Each job has at most one batch, or all others are cancelled.
    OneBatch,
    /// Each job's owner got one mail.
    OneMail,
    /// Each job's receiver got one webhook.
    OneWebhook,
    /// Each file that a row names is there.
    RowsHaveTheirFiles,
    /// Each file is named by a row.
    FilesHaveTheirRows,
    /// What a user has had is what the rows add up to.
    CountersAddUp,
    /// No row speaks of a job that is not there.
    NothingLeft,
}

impl Invariant {
    /// Each of them.
    pub const ALL: [Self; 10] = [
        Self::NoneLost,
        Self::NoneDoubled,
        Self::Ended,
        Self::OneBatch,
        Self::OneMail,
        Self::OneWebhook,
        Self::RowsHaveTheirFiles,
        Self::FilesHaveTheirRows,
        Self::CountersAddUp,
        Self::NothingLeft,
    ];

    /// What it says, in a sentence for people.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NoneLost => "Each job that was accepted has its row.",
            Self::NoneDoubled => "No job was made that was not accepted.",
            Self::Ended => "Each job has ended, and nothing drives it any more.",
            Self::OneBatch => "Each job has at most one batch at Gemini; any other is cancelled.",
            Self::OneMail => "Each job's owner got one mail.",
            Self::OneWebhook => "Each job's receiver got one webhook.",
            Self::RowsHaveTheirFiles => "Each file that a row names is in the bucket.",
            Self::FilesHaveTheirRows => "Each file in the bucket is named by a row.",
            Self::CountersAddUp => "What a user has had is what the rows add up to.",
            Self::NothingLeft => "No row speaks of a job that is not there.",
        }
    }
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What does not.
    pub invariant: Invariant,
    /// Where, in words.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} But: {}", self.invariant.sentence(), self.what)
    }
}

/// Looks at everything there is of these jobs and their owners.
///
/// # Panics
///
/// Where a part of the stack cannot be read.
pub async fn audit(
    stack: &Stack,
    accepted: &[Accepted],
    webhooks: &[Webhook],
    weather: Weather,
) -> Vec<Finding> {
    Snapshot::take(stack, accepted, webhooks)
        .await
        .findings(accepted, weather)
}
