//! Sessions of people who signed in.

use jiff::Timestamp;
use packshot_domain::{
    id::UserId,
    session::{SessionHash, SessionToken},
};
use serde::{Deserialize, Serialize};

use crate::{
    clock,
    error::AwsError,
    table::{Condition, Key, PutError, Table},
};

#[derive(Debug, Serialize, Deserialize)]
struct SessionItem {
    schema: u8,
    sha256: String,
    user_id: String,
    created_at: Timestamp,
    /// When the row is removed, in seconds since 1970. The table's own removal may come days later.
    expires_at: i64,
}

/// The sessions.
#[derive(Debug, Clone)]
pub struct Sessions {
    table: Table,
}

impl Sessions {
    /// The sessions of this table.
    pub const fn new(table: Table) -> Self {
        Self { table }
    }

    /// Whose session this is; `None` for one that never was or is over.
    pub async fn user_of(&self, token: &SessionToken) -> Result<Option<UserId>, AwsError> {
        let hash = token.hash();
        let item: Option<SessionItem> = self.table.get(&Key::session(&hash)).await?;
        item.filter(|item| hash.matches(&item.sha256) && item.expires_at > clock::now().as_second())
            .map(|item| item.user_id.parse())
            .transpose()
            .map_err(|_| AwsError::new("reading a session", "its row names no user"))
    }

    /// Begins a session that lasts until `ends_at`.
    pub async fn begin(&self, hash: &SessionHash, user: UserId, ends_at: Timestamp) -> Result<(), AwsError> {
        let item = SessionItem {
            schema: 1,
            sha256: hash.as_str().to_owned(),
            user_id: user.to_string(),
            created_at: clock::now(),
            expires_at: ends_at.as_second(),
        };
        match self
            .table
            .put(&Key::session(hash), &item, Condition::Absent)
            .await
        {
            Ok(()) => Ok(()),
            Err(PutError::Conflict) => Err(AwsError::new("beginning a session", "its token is in use")),
            Err(PutError::Aws(error)) => Err(error),
        }
    }
}
