//! Access tokens: one for all processes, refreshed by one of them.

use std::time::{Duration, Instant};

use packshot_domain::id::{UserId, pseudonym};
use rand::RngExt;
use tracing::{info, warn};

use super::{DriveGrants, DriveToken, GrantError, item::GrantItem};
use crate::{clock, error::Chain, google::OauthError, table::PutError};

/// How long the one who asks Google for another token is left alone.
const LEASE: Duration = Duration::from_secs(20);

/// How long that one waits for Google: less, so that it knows the outcome before another one begins.
const ASKING: Duration = Duration::from_secs(15);

/// How long the others wait for it. Whoever calls the API waits for 29 seconds.
const WAITING: Duration = Duration::from_secs(22);

impl DriveGrants {
    /// A token for calls to a person's Drive, good for some minutes at least.
    pub async fn access_token(&self, user: UserId) -> Result<DriveToken, GrantError> {
        self.token(user, None).await
    }

    /// Another token, after Drive has refused this one before its time.
    pub async fn access_token_after(
        &self,
        user: UserId,
        rejected: &DriveToken,
    ) -> Result<DriveToken, GrantError> {
        self.token(user, Some(rejected)).await
    }

    async fn token(&self, user: UserId, rejected: Option<&DriveToken>) -> Result<DriveToken, GrantError> {
        let begun = Instant::now();
        loop {
            let row = self.row(user).await?.ok_or(GrantError::NotConnected)?;
            if row.has_ended() {
                return Err(GrantError::Reconnect);
            }
            let now = clock::now();
            if let Some(sealed) = row.usable_token(rejected, now) {
                return self.opened(user, sealed).await;
            }
            if !row.is_being_refreshed(now) {
                if let Some(token) = self.refresh(user, &row).await? {
                    return Ok(token);
                }
            } else if begun.elapsed() > WAITING {
                return Err(GrantError::Contended);
            }
            let pause = rand::rng().random_range(50..200);
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }

    /// Asks Google for another token; `None` where somebody else came first.
    async fn refresh(&self, user: UserId, row: &GrantItem) -> Result<Option<DriveToken>, GrantError> {
        let leased = row.leased(clock::now(), LEASE);
        if !self.wrote(user, &leased, row.version).await? {
            return Ok(None);
        }
        match self.ask(user, &leased).await {
            Ok((after, token)) => {
                info!(user.id = pseudonym(user), "Refreshed the access to a Drive");
                let is_ours = self.wrote(user, &after, leased.version).await?;
                Ok(is_ours.then_some(token))
            }
            Err(GrantError::Reconnect) => {
                info!(user.id = pseudonym(user), "Google no longer lets us into a Drive");
                // Where the row is another one by now, it is a new grant, which may be good.
                if self
                    .wrote(user, &leased.ended(clock::now()), leased.version)
                    .await?
                {
                    Err(GrantError::Reconnect)
                } else {
                    Ok(None)
                }
            }
            Err(error) => {
                if let Err(error) = self.wrote(user, &leased.released(), leased.version).await {
                    warn!(user.id = pseudonym(user), error = %Chain(&error), "Could not give a lease back; it ends by itself");
                }
                Err(error)
            }
        }
    }

    async fn ask(&self, user: UserId, row: &GrantItem) -> Result<(GrantItem, DriveToken), GrantError> {
        let sealed = row.refresh_token.as_ref().ok_or(GrantError::Reconnect)?;
        let refresh_token = self.sealing.open(user, sealed).await?;
        let asked = tokio::time::timeout(ASKING, self.oauth.refresh(&refresh_token)).await;
        let access = match asked {
            Ok(Ok(access)) => access,
            Ok(Err(OauthError::GrantIsGone)) => return Err(GrantError::Reconnect),
            Ok(Err(error)) => return Err(GrantError::Google(error)),
            Err(elapsed) => return Err(GrantError::Google(OauthError::Unavailable(elapsed.into()))),
        };
        let sealed = self.sealing.seal(user, &access.token).await?;
        let after = row.refreshed(&access, sealed.clone(), clock::now());
        Ok((after, self.keep(user, access.token, sealed)))
    }

    /// Whether a row could be written over the one of this version.
    async fn wrote(&self, user: UserId, row: &GrantItem, version: u64) -> Result<bool, GrantError> {
        match self.put(user, row, version).await {
            Ok(()) => Ok(true),
            Err(PutError::Conflict) => Ok(false),
            Err(PutError::Aws(error)) => Err(error.into()),
        }
    }
}
