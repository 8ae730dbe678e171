//! Sessions of people who signed in.
//!
//! A session is two rows: one by the hash of its token, which is read at each request, and one among its user's, which is
//! listed. They are written, changed and removed together.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use packshot_domain::{
    id::{SessionId, UserId},
    session::{self, SessionHash, SessionToken},
};
use serde::{Deserialize, Serialize};

use crate::{
    accounts, clock,
    error::AwsError,
    table::{self, Condition, Item, Key, PutError, Table},
};

/// When a session was last used is written down at most this often.
const USE_NOTED_EVERY_SECONDS: i64 = 60;

/// How many sessions are ended in one transaction of two writes each; AWS takes 100 writes
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>).
const ENDED_TOGETHER: usize = 50;

/// How often the beginning and the end of a session are tried against other writes of the same rows.
const ATTEMPTS: u64 = 8;

#[derive(Debug, Serialize, Deserialize)]
struct SessionItem {
    schema: u8,
    sha256: String,
    session_id: String,
    user_id: String,
    created_at: Timestamp,
    last_used_at: Timestamp,
    /// When the session is over and the row may go, in seconds since 1970. The table's own removal may come days later.
    expires_at: i64,
}

#[derive(Debug, Serialize, Deserialize)]
struct ListedSessionItem {
    schema: u8,
    /// Where its other row is.
    sha256: String,
    device: String,
    created_at: Timestamp,
    last_used_at: Timestamp,
    expires_at: i64,
}

/// A session that is not over.
#[derive(Debug, Clone)]
pub struct OpenSession {
    /// Its id, which opens nothing.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    hash: SessionHash,
    created_at: Timestamp,
    last_used_at: Timestamp,
}

/// What a session begins with.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Who signed in.
    pub user: UserId,
    /// On which device, in words.
    pub device: String,
    /// When.
    pub began_at: Timestamp,
}

/// A session as its owner sees it.
#[derive(Debug, Clone)]
pub struct ListedSession {
    /// Its id.
    pub id: SessionId,
    /// The device that it was begun on, in words.
    pub device: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Timestamp,
    /// When it is over, if it is not used again.
    pub expires_at: Timestamp,
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

    /// The session of this token; `None` for one that never was or is over.
    pub async fn open(&self, token: &SessionToken) -> Result<Option<OpenSession>, AwsError> {
        let hash = token.hash();
        let item: Option<SessionItem> = self.table.get(&Key::session(&hash)).await?;
        let is_open =
            |item: &SessionItem| hash.matches(&item.sha256) && item.expires_at > clock::now().as_second();
        let Some(item) = item.filter(is_open) else {
            return Ok(None);
        };
        let corrupt = || AwsError::new("reading a session", "its row names no user or session");
        Ok(Some(OpenSession {
            id: item.session_id.parse().map_err(|_| corrupt())?,
            user: item.user_id.parse().map_err(|_| corrupt())?,
            hash,
            created_at: item.created_at,
            last_used_at: item.last_used_at,
        }))
    }

    /// Begins a session. There is none for a user who is not there, or is being deleted.
    pub async fn begin(&self, hash: &SessionHash, new: NewSession) -> Result<SessionId, AwsError> {
        let action = "beginning a session";
        let id = SessionId::from_uuid(clock::new_uuid());
        let expires_at = session::end_of(new.began_at, new.began_at).as_second();
        let by_hash = SessionItem {
            schema: 1,
            sha256: hash.as_str().to_owned(),
            session_id: id.to_string(),
            user_id: new.user.to_string(),
            created_at: new.began_at,
            last_used_at: new.began_at,
            expires_at,
        };
        let listed = ListedSessionItem {
            schema: 1,
            sha256: hash.as_str().to_owned(),
            device: new.device,
            created_at: new.began_at,
            last_used_at: new.began_at,
            expires_at,
        };
        for attempt in 1..=ATTEMPTS {
            let writes = vec![
                accounts::must_stay(&self.table, new.user)?,
                self.table
                    .write(&Key::session(hash), &by_hash, &Condition::Absent)?,
                self.table
                    .write(&Key::listed_session(new.user, id), &listed, &Condition::Absent)?,
            ];
            match self.table.transact(action, writes).await {
                Ok(()) => return Ok(id),
                // Another request may only have been busy with the user's row.
                Err(PutError::Conflict) => table::let_others_go_first(attempt).await,
                Err(PutError::Aws(error)) => return Err(error),
            }
        }
        Err(AwsError::new(action, "its token is in use, or its user is gone"))
    }

    /// Notes that a session is used, which puts off its end, unless that was noted a moment ago.
    pub async fn note_use(&self, session: &OpenSession) -> Result<(), AwsError> {
        let now = clock::now();
        if now.duration_since(session.last_used_at).as_secs() < USE_NOTED_EVERY_SECONDS {
            return Ok(());
        }
        let expires_at = session::end_of(session.created_at, now).as_second();
        let values = HashMap::from([
            (":now".to_owned(), AttributeValue::S(now.to_string())),
            (":end".to_owned(), AttributeValue::N(expires_at.to_string())),
        ]);
        let later = "SET last_used_at = :now, expires_at = :end";
        // A session that was ended meanwhile must not come back as half a row.
        let note = |key: Key| {
            self.table
                .update_where(&key, later, "attribute_exists(pk)", values.clone())
        };
        let writes = vec![
            note(Key::session(&session.hash))?,
            note(Key::listed_session(session.user, session.id))?,
        ];
        match self.table.transact("noting that a session is used", writes).await {
            // It was ended, or another request has noted the same.
            Ok(()) | Err(PutError::Conflict) => Ok(()),
            Err(PutError::Aws(error)) => Err(error),
        }
    }

    /// A user's sessions that are not over, newest first.
    pub async fn list(&self, user: UserId) -> Result<Vec<ListedSession>, AwsError> {
        let now = clock::now();
        let rows = self.rows(user).await?.into_iter();
        let sessions = rows.map(|(id, item)| {
            let expires_at = Timestamp::from_second(item.expires_at);
            Ok(ListedSession {
                id,
                device: item.device,
                created_at: item.created_at,
                last_used_at: item.last_used_at,
                expires_at: expires_at.map_err(|error| AwsError::new("listing sessions", error))?,
            })
        });
        let sessions: Vec<ListedSession> = sessions.collect::<Result<_, AwsError>>()?;
        Ok(sessions
            .into_iter()
            .filter(|session| session.expires_at > now)
            .collect())
    }

    /// Ends one of a user's sessions; `false` where there is none of this id.
    pub async fn end(&self, user: UserId, id: SessionId) -> Result<bool, AwsError> {
        let item: Option<ListedSessionItem> = self.table.get(&Key::listed_session(user, id)).await?;
        let Some(item) = item else {
            return Ok(false);
        };
        self.remove(user, &[(id, item)]).await?;
        Ok(true)
    }

    /// Ends every session of a user. One that begins meanwhile may be left: it is a new sign-in, which there is none of once
    /// the user is marked as deleted.
    pub async fn end_all(&self, user: UserId) -> Result<(), AwsError> {
        for rows in self.rows(user).await?.chunks(ENDED_TOGETHER) {
            self.remove(user, rows).await?;
        }
        Ok(())
    }

    async fn remove(&self, user: UserId, rows: &[(SessionId, ListedSessionItem)]) -> Result<(), AwsError> {
        let action = "ending sessions";
        for attempt in 1..=ATTEMPTS {
            let keys = rows
                .iter()
                .flat_map(|(id, item)| [Key::session_of_hash(&item.sha256), Key::listed_session(user, *id)]);
            let writes = keys
                .map(|key| self.table.removal(&key))
                .collect::<Result<_, _>>()?;
            match self.table.transact(action, writes).await {
                Ok(()) => return Ok(()),
                // Only another transaction on the same rows can be in the way, which is over in a moment.
                Err(PutError::Conflict) => table::let_others_go_first(attempt).await,
                Err(PutError::Aws(error)) => return Err(error),
            }
        }
        Err(AwsError::new(action, "other requests were always faster"))
    }

    async fn rows(&self, user: UserId) -> Result<Vec<(SessionId, ListedSessionItem)>, AwsError> {
        let found = self
            .table
            .newest(&Key::user(user).pk, Key::SESSIONS, usize::MAX, None)
            .await?;
        found.into_iter().map(row).collect()
    }
}

fn row(item: Item) -> Result<(SessionId, ListedSessionItem), AwsError> {
    let action = || "listing sessions".to_owned();
    let id = item
        .get("sk")
        .and_then(|sk| sk.as_s().ok()?.strip_prefix(Key::SESSIONS)?.parse().ok());
    let id = id.ok_or_else(|| AwsError::new(action(), "a row has no id"))?;
    Ok((id, table::decode(item, action)?))
}
