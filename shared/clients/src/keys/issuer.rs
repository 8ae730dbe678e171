//! Issuing, rolling and revoking keys, in two places at once: API Gateway, which counts and throttles them by usage plan,
//! and the table, which says whose they are and what they may do.
//!
//! There is no transaction over both, so each step leaves behind in the key's row what is left to do. A request that ends
//! half-way is finished by reconcile-keys: a key that was never shown to anybody is removed again, a key that has ended
//! is removed at API Gateway.

use aws_sdk_apigateway::Client;
use jiff::Timestamp;
use packshot_domain::{
    api_key::ApiKey,
    id::{KeyId, UserId},
    scope::Scopes,
};
use rand::RngExt;

use super::row::{self, KeyItem, KeyState, ListedKey, ListedKeyItem};
use crate::{
    accounts, clock,
    error::AwsError,
    table::{self, Condition, Key, PutError, Table, Write},
};

/// How often a new key's rows are tried to be written.
const ATTEMPTS: u64 = 8;

/// What a key is to be.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// From when on it opens nothing.
    pub valid_until: Option<Timestamp>,
}

/// A key that was issued, with the secret that is shown this once.
#[derive(Debug)]
pub struct IssuedKey {
    /// How it is listed.
    pub listed: ListedKey,
    /// The key itself.
    pub key: ApiKey,
}

/// Why a key was not changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no such key, or it is somebody else's.
    #[error("{0} does not exist")]
    NotFound(KeyId),
    /// It has ended.
    #[error("{0} has ended")]
    Ended(KeyId),
    /// Somebody else changed it at the same moment.
    #[error("{0} is being changed")]
    Contended(KeyId),
    /// The table or API Gateway could not be used.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

/// Issues and ends keys.
#[derive(Debug, Clone)]
pub struct KeyIssuer {
    pub(super) gateway: Client,
    pub(super) table: Table,
}

impl KeyIssuer {
    /// An issuer for this table.
    pub fn new(config: &aws_config::SdkConfig, table: Table) -> Self {
        Self {
            gateway: Client::new(config),
            table,
        }
    }

    /// Issues a new key for a user under a usage plan. A user who is being deleted gets none: a key that was being issued when
    /// the mark came is found by [`KeyIssuer::remove_all`], or by reconcile-keys.
    ///
    /// API Gateway learns the key before it is anybody's: a key that it knows and we do not opens nothing, while the reverse
    /// would be a key that its owner was shown and that does not work.
    pub async fn issue(&self, user: UserId, new: NewKey, usage_plan_id: &str) -> Result<IssuedKey, AwsError> {
        let (id, key, now) = (KeyId::from_uuid(clock::new_uuid()), random_key(), clock::now());
        let begun = ListedKeyItem {
            schema: 1,
            version: 0,
            sha256: key.hash().as_str().to_owned(),
            name: new.name,
            last_four: key.last_four().to_owned(),
            scopes: Some(row::names_of(new.scopes)),
            created_at: now,
            valid_until: new.valid_until,
            revoked_at: None,
            state: KeyState::Issuing,
            gateway_key_id: None,
            active: None,
            expires_at: None,
        }
        .in_state(KeyState::Issuing, now);
        self.write_for(user, id, || Ok(vec![self.listed(user, id, &begun)?]))
            .await?;

        let done = ListedKeyItem {
            gateway_key_id: Some(self.register(id, &key, usage_plan_id).await?),
            ..begun
        }
        .in_state(KeyState::Active, now);
        let by_hash_item = KeyItem {
            schema: 1,
            sha256: done.sha256.clone(),
            key_id: id.to_string(),
            user_id: user.to_string(),
            scopes: done.scopes.clone(),
            valid_until: done.valid_until,
            last_used_at: None,
            expires_at: None,
        };
        let by_hash = || {
            let row = Key::api_key(&key.hash());
            self.table.write(&row, &by_hash_item, &Condition::Absent)
        };
        self.write_for(user, id, || Ok(vec![by_hash()?, self.listed(user, id, &done)?]))
            .await?;
        Ok(IssuedKey {
            listed: ListedKey::of(user, id, done, None),
            key,
        })
    }

    /// Ends a key's validity at `end`; at once if that has passed, and then for API Gateway too.
    pub async fn end(&self, user: UserId, id: KeyId, end: Timestamp) -> Result<ListedKey, KeyError> {
        let now = clock::now();
        let item = self.item(user, id).await?.ok_or(KeyError::NotFound(id))?;
        match item.state {
            KeyState::Issuing => return Err(KeyError::NotFound(id)),
            KeyState::Ending | KeyState::Ended => return Err(KeyError::Ended(id)),
            KeyState::Active if item.is_over(now) => return Err(KeyError::Ended(id)),
            KeyState::Active => {}
        }
        let is_now = end <= now;
        let state = if is_now {
            KeyState::Ending
        } else {
            KeyState::Active
        };
        let ended = ListedKeyItem {
            valid_until: Some(item.valid_until.map_or(end, |earlier| earlier.min(end))),
            revoked_at: is_now.then_some(now),
            ..item
        }
        .in_state(state, now);
        self.save_end(user, id, &ended).await?;
        if is_now {
            // It opens nothing any more. What is left at API Gateway is found by reconcile-keys if this fails.
            self.forget(user, id, ended.clone()).await.ok();
        }
        Ok(ListedKey::of(user, id, ended, None))
    }

    /// A key of a user; `None` for somebody else's, and for one that nobody has seen.
    pub async fn get(&self, user: UserId, id: KeyId) -> Result<Option<ListedKey>, AwsError> {
        let item = self.item(user, id).await?;
        Ok(item
            .filter(|item| item.state != KeyState::Issuing)
            .map(|item| ListedKey::of(user, id, item, None)))
    }

    /// Brings a key's life on where it stands still; whether there was anything to do.
    pub async fn repair(&self, user: UserId, id: KeyId) -> Result<bool, AwsError> {
        let now = clock::now();
        let Some(item) = self.item(user, id).await? else {
            return Ok(false);
        };
        match item.state {
            KeyState::Issuing if item.is_abandoned(now) => {
                self.unregister_by_name(id).await?;
                self.table.delete(&Key::listed_api_key(user, id)).await?;
            }
            KeyState::Ending => self.forget(user, id, item).await?,
            KeyState::Active if item.is_over(now) => self.forget(user, id, item).await?,
            KeyState::Issuing | KeyState::Active | KeyState::Ended => return Ok(false),
        }
        Ok(true)
    }

    async fn item(&self, user: UserId, id: KeyId) -> Result<Option<ListedKeyItem>, AwsError> {
        self.table.get(&Key::listed_api_key(user, id)).await
    }

    /// Removes an ended key at API Gateway and says so in its row. Both rows go in the end: without the listed one, nothing
    /// would name the other when its owner's account is deleted.
    async fn forget(&self, user: UserId, id: KeyId, item: ListedKeyItem) -> Result<(), AwsError> {
        if let Some(gateway_key_id) = &item.gateway_key_id {
            self.unregister(gateway_key_id).await?;
        }
        let by_hash = Key::api_key_of_hash(&item.sha256);
        let gone = item.in_state(KeyState::Ended, clock::now());
        let mut writes = vec![self.listed(user, id, &gone)?];
        if let Some(before) = self.table.get::<KeyItem>(&by_hash).await? {
            let gone = KeyItem {
                expires_at: gone.expires_at,
                ..before
            };
            writes.push(self.table.write(&by_hash, &gone, &Condition::Present)?);
        }
        self.write(writes, id).await
    }

    /// Both rows learn of the end together.
    async fn save_end(&self, user: UserId, id: KeyId, item: &ListedKeyItem) -> Result<(), KeyError> {
        let by_hash = Key::api_key_of_hash(&item.sha256);
        let before: KeyItem = self
            .table
            .get(&by_hash)
            .await?
            .ok_or_else(|| AwsError::new(format!("ending {id}"), "its row by hash is gone"))?;
        let by_hash_item = KeyItem {
            valid_until: item.valid_until,
            ..before
        };
        let writes = vec![
            self.table.write(&by_hash, &by_hash_item, &Condition::Present)?,
            self.listed(user, id, item)?,
        ];
        match self.table.transact(&format!("ending {id}"), writes).await {
            Ok(()) => Ok(()),
            Err(PutError::Conflict) => Err(KeyError::Contended(id)),
            Err(PutError::Aws(error)) => Err(error.into()),
        }
    }

    /// The write of a listed row over the version before it. A row from before versions were counted has none.
    fn listed(&self, user: UserId, id: KeyId, item: &ListedKeyItem) -> Result<Write, AwsError> {
        let condition = match item.version {
            1 if item.state == KeyState::Issuing => Condition::Absent,
            1 => Condition::Present,
            version => Condition::Version(version - 1),
        };
        self.table.write(&Key::listed_api_key(user, id), item, &condition)
    }

    /// Writes rows of a user who is not being deleted. Other requests may be busy with the user's row for a moment.
    async fn write_for(
        &self,
        user: UserId,
        id: KeyId,
        rows: impl Fn() -> Result<Vec<Write>, AwsError>,
    ) -> Result<(), AwsError> {
        let action = format!("writing {id}");
        for attempt in 1..=ATTEMPTS {
            let mut writes = rows()?;
            writes.push(accounts::must_stay(&self.table, user)?);
            match self.table.transact(&action, writes).await {
                Ok(()) => return Ok(()),
                Err(PutError::Conflict) => table::let_others_go_first(attempt).await,
                Err(PutError::Aws(error)) => return Err(error),
            }
        }
        Err(AwsError::new(
            action,
            "somebody else is changing it, or its user is gone",
        ))
    }

    pub(super) async fn write(&self, writes: Vec<Write>, id: KeyId) -> Result<(), AwsError> {
        let action = format!("writing {id}");
        match self.table.transact(&action, writes).await {
            Ok(()) => Ok(()),
            Err(PutError::Conflict) => Err(AwsError::new(action, "it is being changed by somebody else")),
            Err(PutError::Aws(error)) => Err(error),
        }
    }
}

/// A key of 30 characters, each drawn evenly from the 62.
fn random_key() -> ApiKey {
    let mut rng = rand::rng();
    ApiKey::from_random(std::array::from_fn(|_| rng.random_range(0..62)))
}
