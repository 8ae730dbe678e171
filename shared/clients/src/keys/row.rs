//! A key's two rows: by its hash, for the request that uses it, and among its owner's, for the list.

use jiff::Timestamp;
use packshot_domain::{
    id::{KeyId, UserId},
    scope::{Scope, Scopes},
};
use serde::{Deserialize, Serialize};

/// The index key of keys that must be looked at again.
pub(super) const ACTIVE: &str = "KEY";

/// Ended keys stay in their owner's list for a quarter of a year.
const ENDED_KEPT_FOR_SECONDS: i64 = 90 * 24 * 3600;

/// A key that was being issued for longer than this is nobody's any more: no request takes so long.
const ISSUING_SECONDS: i64 = 10 * 60;

/// The row by which a key is found when it is used: everything that a request needs, in one read.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeyItem {
    pub(super) schema: u8,
    pub(super) sha256: String,
    pub(super) key_id: String,
    pub(super) user_id: String,
    /// Names of scopes; a row without them has them all.
    #[serde(default)]
    pub(super) scopes: Option<Vec<String>>,
    /// From when on it opens nothing: the day its owner chose, the end of a roll's overlap, or its revocation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) valid_until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last_used_at: Option<Timestamp>,
    /// When the table drops the row, of an ended key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<i64>,
}

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// API Gateway is being told of it; nobody has seen it yet.
    Issuing,
    /// It works until its end of validity.
    #[default]
    Active,
    /// It opens nothing any more; API Gateway is being told.
    Ending,
    /// It is gone.
    Ended,
}

/// The row by which a user's keys are listed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ListedKeyItem {
    pub(super) schema: u8,
    #[serde(default)]
    pub(super) version: u64,
    pub(super) sha256: String,
    pub(super) name: String,
    pub(super) last_four: String,
    #[serde(default)]
    pub(super) scopes: Option<Vec<String>>,
    pub(super) created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) valid_until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) revoked_at: Option<Timestamp>,
    #[serde(default)]
    pub(super) state: KeyState,
    /// API Gateway's id of it, once it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) gateway_key_id: Option<String>,
    /// Only on keys that must be looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) active: Option<String>,
    /// Only on ended keys: when the row is removed, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<i64>,
}

impl ListedKeyItem {
    /// The next version, in this state at this moment.
    pub(super) fn in_state(mut self, state: KeyState, now: Timestamp) -> Self {
        self.version += 1;
        self.state = state;
        let must_be_looked_at = match state {
            KeyState::Issuing | KeyState::Ending => true,
            KeyState::Active => self.valid_until.is_some(),
            KeyState::Ended => false,
        };
        self.active = must_be_looked_at.then(|| ACTIVE.to_owned());
        self.expires_at = (state == KeyState::Ended).then(|| now.as_second() + ENDED_KEPT_FOR_SECONDS);
        self
    }

    /// Whether its issue broke off.
    pub(super) fn is_abandoned(&self, now: Timestamp) -> bool {
        self.state == KeyState::Issuing && now.duration_since(self.created_at).as_secs() > ISSUING_SECONDS
    }

    /// Whether it has come to the end of its validity.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.valid_until.is_some_and(|end| end <= now)
    }
}

/// A key as its owner sees it in a list.
#[derive(Debug, Clone)]
pub struct ListedKey {
    /// Its id.
    pub id: KeyId,
    /// Whose it is.
    pub owner: UserId,
    /// What its owner calls it.
    pub name: String,
    /// By which its owner recognises it.
    pub last_four: String,
    /// What it may do.
    pub scopes: Scopes,
    /// When it was created.
    pub created_at: Timestamp,
    /// From when on it opens nothing.
    pub valid_until: Option<Timestamp>,
    /// When its owner revoked it.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// Where it is in its life.
    pub state: KeyState,
}

impl ListedKey {
    pub(super) fn of(owner: UserId, id: KeyId, item: ListedKeyItem, by_hash: Option<&KeyItem>) -> Self {
        Self {
            id,
            owner,
            name: item.name,
            last_four: item.last_four,
            scopes: scopes_of(item.scopes.as_deref()),
            created_at: item.created_at,
            valid_until: item.valid_until,
            revoked_at: item.revoked_at,
            last_used_at: by_hash.and_then(|item| item.last_used_at),
            state: item.state,
        }
    }
}

/// Scopes by their names; all of them where a row was written before there were any.
pub(super) fn scopes_of(names: Option<&[String]>) -> Scopes {
    names.map_or(Scopes::ALL, |names| {
        names.iter().filter_map(|name| Scope::parse(name)).collect()
    })
}

pub(super) fn names_of(scopes: Scopes) -> Vec<String> {
    scopes.iter().map(|scope| scope.as_str().to_owned()).collect()
}
