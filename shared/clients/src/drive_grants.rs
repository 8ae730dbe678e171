//! What people let us do with their Google Drive: one row each, with tokens that only KMS can read.
//!
//! The access token of the moment is in the row as well, so that every function uses the same one. Who finds it too old takes
//! a lease in the row and asks Google for another; the others wait for that one. A holder that died is overtaken when its
//! lease ends.

mod item;
mod refresh;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_config::SdkConfig;
use jiff::Timestamp;
use packshot_domain::id::{UserId, pseudonym};
use secrecy::{ExposeSecret, SecretString};
use tracing::warn;

use self::item::GrantItem;
use crate::{
    accounts, clock,
    config::{self, Missing, env},
    error::{AwsError, Chain},
    google::{AccessToken, GoogleOauth, GrantedScopes, OauthError},
    sealing::{OpenError, Sealed, Sealing},
    table::{self, Condition, Key, PutError, Table},
};

/// How often a write is tried again when another one came first.
const WRITE_ATTEMPTS: u64 = 20;

/// How many people's access tokens one process keeps opened.
const MOST_KEPT: usize = 100;

/// An account at Google.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoogleAccount {
    /// What stays when everything else changes: `sub` of its ID tokens.
    pub subject: String,
    /// Its address.
    pub email: String,
}

/// What came of a consent.
#[derive(Debug)]
pub struct NewGrant {
    /// Whose Drive.
    pub account: GoogleAccount,
    /// What Google gives access tokens for. It leaves it out at times; an older one of the same account stays good then.
    pub refresh_token: Option<SecretString>,
    /// The first access token, with what was granted.
    pub access: AccessToken,
}

/// What is known of a person's Drive without asking Google.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantStatus {
    /// Whose Drive.
    pub account: GoogleAccount,
    /// What we may do there.
    pub scopes: GrantedScopes,
    /// Since when.
    pub connected_at: Timestamp,
    /// Whether Google no longer lets us in.
    pub needs_reconnect: bool,
}

/// A token for calls to Drive.
#[derive(Debug, Clone)]
pub struct DriveToken {
    /// The token.
    pub token: SecretString,
    /// What it is in the row, which tells whether the row has another one by now.
    sealed: Sealed,
}

impl DriveToken {
    /// The token itself, for whoever it belongs to.
    pub fn reveal(&self) -> &str {
        self.token.expose_secret()
    }
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// This person has not connected a Drive.
    #[error("no Drive is connected")]
    NotConnected,
    /// Google no longer lets us in: they took it back, or their organisation did, or it was not used for too long.
    #[error("Google no longer lets us into the Drive")]
    Reconnect,
    /// Somebody else has been asking Google for a token for too long.
    #[error("another process is waiting for a token")]
    Contended,
    /// Google gives no token at the moment.
    #[error(transparent)]
    Google(OauthError),
    /// The row or the key could not be used.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

/// Why a grant was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Google gave no refresh token, and there is no older one of this account.
    #[error("Google gave no refresh token")]
    NoRefreshToken,
    /// The row or the key could not be used.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

/// The grants.
#[derive(Debug, Clone)]
pub struct DriveGrants {
    table: Table,
    sealing: Sealing,
    oauth: Arc<GoogleOauth>,
    /// Opened access tokens by their owner, each good only while the row has the same one.
    opened: Arc<Mutex<HashMap<UserId, DriveToken>>>,
}

impl DriveGrants {
    /// The grants that the environment names.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        let table = Table::new(config, config::require(env::TABLE_NAME)?);
        Ok(Self::new(
            table,
            Sealing::from_env(config)?,
            Arc::new(GoogleOauth::from_env(config)?),
        ))
    }

    /// The grants in this table, sealed with this key, given by Google to this client.
    pub fn new(table: Table, sealing: Sealing, oauth: Arc<GoogleOauth>) -> Self {
        Self {
            table,
            sealing,
            oauth,
            opened: Arc::default(),
        }
    }

    /// What is known of a person's Drive; `None` where none is connected.
    pub async fn status(&self, user: UserId) -> Result<Option<GrantStatus>, AwsError> {
        let row = self.row(user).await?;
        Ok(row.as_ref().map(GrantItem::status))
    }

    /// Keeps what a person has just granted, in the place of what was there. A grant of another account is taken back at
    /// Google, as nobody could reach it from here any more.
    pub async fn save(&self, user: UserId, grant: &NewGrant) -> Result<(), SaveError> {
        let refresh = match &grant.refresh_token {
            Some(token) => Some(self.sealing.seal(user, token).await?),
            None => None,
        };
        let access = self.sealing.seal(user, &grant.access.token).await?;
        for attempt in 1..=WRITE_ATTEMPTS {
            let before = self.row(user).await?;
            let older = before.as_ref().filter(|row| row.is_of(&grant.account));
            let refresh_token = refresh
                .clone()
                .or_else(|| older?.refresh_token.clone())
                .ok_or(SaveError::NoRefreshToken)?;
            let version = before.as_ref().map_or(0, |row| row.version);
            let item = GrantItem::new(version + 1, grant, refresh_token, access.clone(), clock::now());
            match self.put(user, &item, version).await {
                Ok(()) => {
                    if let Some(other) = before.filter(|row| !row.is_of(&grant.account)) {
                        self.revoke_other(user, &other).await;
                    }
                    return Ok(());
                }
                Err(PutError::Conflict) if accounts::stays(&self.table, user).await? => {
                    table::let_others_go_first(attempt).await;
                }
                Err(PutError::Conflict) => {
                    let action = format!("connecting the Drive of {user}");
                    return Err(AwsError::new(action, "the user is gone").into());
                }
                Err(PutError::Aws(error)) => return Err(error.into()),
            }
        }
        Err(AwsError::new(format!("connecting the Drive of {user}"), "the row kept changing").into())
    }

    /// Takes a grant back at Google and forgets it; `false` where there was none. The row goes last, so that a call that ended
    /// half-way can be made again.
    ///
    /// # Errors
    ///
    /// [`GrantError::Google`] or [`GrantError::Aws`], after which the row is still there.
    pub async fn forget(&self, user: UserId) -> Result<bool, GrantError> {
        for attempt in 1..=WRITE_ATTEMPTS {
            let Some(row) = self.row(user).await? else {
                return Ok(false);
            };
            self.revoke(user, &row).await?;
            let condition = Condition::Version(row.version);
            match self.table.delete_where(&Key::drive_grant(user), condition).await {
                Ok(()) => return Ok(true),
                // A token was refreshed or another grant saved meanwhile.
                Err(PutError::Conflict) => table::let_others_go_first(attempt).await,
                Err(PutError::Aws(error)) => return Err(error.into()),
            }
        }
        Err(AwsError::new(
            format!("disconnecting the Drive of {user}"),
            "the row kept changing",
        )
        .into())
    }

    /// The id of our client at Google, by which people let us in.
    pub async fn client_id(&self) -> Result<String, GrantError> {
        self.oauth.client_id().await.map_err(GrantError::Google)
    }

    async fn revoke(&self, user: UserId, row: &GrantItem) -> Result<(), GrantError> {
        let Some(sealed) = &row.refresh_token else {
            return Ok(());
        };
        match self.sealing.open(user, sealed).await {
            Ok(token) => self.oauth.revoke(&token).await.map_err(GrantError::Google),
            // Nobody can use what nobody can read.
            Err(error @ OpenError::Unusable(_)) => {
                warn!(user.id = pseudonym(user), error = %Chain(&error), "A sealed token does not open, and is forgotten");
                Ok(())
            }
            Err(OpenError::Aws(error)) => Err(error.into()),
        }
    }

    async fn revoke_other(&self, user: UserId, row: &GrantItem) {
        if let Err(error) = self.revoke(user, row).await {
            warn!(user.id = pseudonym(user), error = %Chain(&error), "Could not take back the grant of the account before");
        }
    }

    async fn row(&self, user: UserId) -> Result<Option<GrantItem>, AwsError> {
        self.table.get(&Key::drive_grant(user)).await
    }

    /// Writes a row over the one of this version, or where none is for 0.
    async fn put(&self, user: UserId, item: &GrantItem, version: u64) -> Result<(), PutError> {
        let key = Key::drive_grant(user);
        if version > 0 {
            return self.table.put(&key, item, Condition::Version(version)).await;
        }
        // A row that comes into being must not be left behind by somebody who is being deleted.
        let writes = vec![
            accounts::must_stay(&self.table, user)?,
            self.table.write(&key, item, &Condition::Absent)?,
        ];
        self.table.transact("connecting a Drive", writes).await
    }

    /// The token that was sealed, from memory if it was opened before.
    async fn opened(&self, user: UserId, sealed: &Sealed) -> Result<DriveToken, GrantError> {
        let kept = {
            let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
            opened.get(&user).cloned()
        };
        if let Some(token) = kept.filter(|token| token.sealed == *sealed) {
            return Ok(token);
        }
        let token = self.sealing.open(user, sealed).await.map_err(GrantError::from)?;
        Ok(self.keep(user, token, sealed.clone()))
    }

    fn keep(&self, user: UserId, token: SecretString, sealed: Sealed) -> DriveToken {
        let token = DriveToken { token, sealed };
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if opened.len() >= MOST_KEPT {
            opened.clear();
        }
        opened.insert(user, token.clone());
        token
    }
}

impl From<OpenError> for GrantError {
    fn from(error: OpenError) -> Self {
        match error {
            // A new consent brings a token that opens.
            OpenError::Unusable(_) => Self::Reconnect,
            OpenError::Aws(error) => Self::Aws(error),
        }
    }
}

impl GrantError {
    /// Whether the same call may succeed later.
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::NotConnected | Self::Reconnect => false,
            // Our client's settings are wrong where Google refuses; the operator may mend them meanwhile.
            Self::Contended | Self::Google(_) | Self::Aws(_) => true,
        }
    }
}
