//! The marks that keep a mail from going out twice.

use jiff::Timestamp;
use packshot_domain::id::{JobId, UserId};
use serde::{Deserialize, Serialize};

use super::{Deliveries, expiry};
use crate::{
    clock,
    error::AwsError,
    table::{Condition, Key, PutError},
};

/// For so long, a mail about a failing receiver is the only one.
const ONE_DAY_SECONDS: i64 = 24 * 3600;

/// What a mail is about. There is one about each job, and one a day about a receiver that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailAbout {
    /// The end of a job.
    Job(JobId),
    /// A webhook receiver that has not accepted anything for hours.
    FailingReceiver,
}

impl MailAbout {
    fn key(self, owner: UserId) -> Key {
        match self {
            Self::Job(job) => Key::sent_mail(owner, job),
            Self::FailingReceiver => Key::sent_warning(owner),
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct SentMailItem {
    schema: u8,
    claimed_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<String>,
    expires_at: i64,
}

impl SentMailItem {
    fn new(message_id: Option<String>, about: MailAbout) -> Self {
        Self {
            schema: 1,
            claimed_at: clock::now(),
            message_id,
            expires_at: match about {
                MailAbout::Job(_) => expiry(),
                MailAbout::FailingReceiver => clock::now().as_second() + ONE_DAY_SECONDS,
            },
        }
    }
}

impl Deliveries {
    /// Claims the right to send a mail; `false` where it was claimed before.
    ///
    /// The claim comes before the sending, because SES cannot be asked whether a mail went out: after a crash in
    /// between, one mail too few is better than one mail a retry.
    pub async fn claim_mail(&self, owner: UserId, about: MailAbout) -> Result<bool, AwsError> {
        let now = clock::now().as_second();
        let condition = match about {
            MailAbout::Job(_) => Condition::Absent,
            MailAbout::FailingReceiver => Condition::AbsentOrExpired(now),
        };
        match self
            .table
            .put(&about.key(owner), &SentMailItem::new(None, about), condition)
            .await
        {
            Ok(()) => Ok(true),
            Err(PutError::Conflict) => Ok(false),
            Err(PutError::Aws(error)) => Err(error),
        }
    }

    /// Gives the claim back: the mail was certainly not sent.
    pub async fn release_mail(&self, owner: UserId, about: MailAbout) -> Result<(), AwsError> {
        self.table.delete(&about.key(owner)).await
    }

    /// Notes under which id SES took the mail.
    pub async fn mail_sent(&self, owner: UserId, about: MailAbout, message_id: &str) -> Result<(), AwsError> {
        let item = SentMailItem::new(Some(message_id.to_owned()), about);
        match self.table.put(&about.key(owner), &item, Condition::None).await {
            Ok(()) | Err(PutError::Conflict) => Ok(()),
            Err(PutError::Aws(error)) => Err(error),
        }
    }
}
