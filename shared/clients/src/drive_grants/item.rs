//! A grant as a row.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DriveToken, GoogleAccount, GrantStatus, NewGrant};
use crate::{
    google::{AccessToken, GrantedScopes},
    sealing::Sealed,
};

/// A token with less left than this is not used any more: a download may take a while.
const LEAST_LEFT: Duration = Duration::from_mins(5);

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct GrantItem {
    schema: u8,
    pub(super) version: u64,
    connected_at: Timestamp,
    google_subject: String,
    google_email: String,
    /// With spaces between, as Google's answers have them.
    scopes: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<Sealed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    access_token: Option<Sealed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    access_expires_at: Option<Timestamp>,
    /// Until when somebody is asking Google for another token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refreshing_until: Option<Timestamp>,
    /// Since when Google no longer lets us in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
}

impl GrantItem {
    pub(super) fn new(
        version: u64,
        grant: &NewGrant,
        refresh_token: Sealed,
        access_token: Sealed,
        now: Timestamp,
    ) -> Self {
        Self {
            schema: 1,
            version,
            connected_at: now,
            google_subject: grant.account.subject.clone(),
            google_email: grant.account.email.clone(),
            scopes: grant.access.scopes.to_string(),
            refresh_token: Some(refresh_token),
            access_token: Some(access_token),
            access_expires_at: Some(later(now, grant.access.expires_in)),
            refreshing_until: None,
            ended_at: None,
        }
    }

    pub(super) fn status(&self) -> GrantStatus {
        GrantStatus {
            account: GoogleAccount {
                subject: self.google_subject.clone(),
                email: self.google_email.clone(),
            },
            scopes: GrantedScopes::parse(&self.scopes),
            connected_at: self.connected_at,
            needs_reconnect: self.has_ended(),
        }
    }

    /// Whether it is a grant of this account.
    pub(super) fn is_of(&self, account: &GoogleAccount) -> bool {
        self.google_subject == account.subject
    }

    /// Whether Google no longer lets us in.
    pub(super) const fn has_ended(&self) -> bool {
        self.ended_at.is_some()
    }

    /// The access token, while it is good and not the one that Drive has just refused.
    pub(super) fn usable_token(&self, rejected: Option<&DriveToken>, now: Timestamp) -> Option<&Sealed> {
        let token = self.access_token.as_ref()?;
        let is_fresh = self.access_expires_at? > later(now, LEAST_LEFT);
        let is_rejected = rejected.is_some_and(|rejected| rejected.sealed == *token);
        (is_fresh && !is_rejected).then_some(token)
    }

    /// Whether somebody is asking Google for another token.
    pub(super) fn is_being_refreshed(&self, now: Timestamp) -> bool {
        self.refreshing_until.is_some_and(|until| until > now)
    }

    /// The next version, in which we are the one who asks.
    pub(super) fn leased(&self, now: Timestamp, lease: Duration) -> Self {
        Self {
            version: self.version + 1,
            refreshing_until: Some(later(now, lease)),
            ..self.clone()
        }
    }

    /// The next version, in which nobody asks.
    pub(super) fn released(&self) -> Self {
        Self {
            version: self.version + 1,
            refreshing_until: None,
            ..self.clone()
        }
    }

    /// The next version, with another token.
    pub(super) fn refreshed(&self, access: &AccessToken, sealed: Sealed, now: Timestamp) -> Self {
        let scopes = access.scopes.to_string();
        Self {
            access_token: Some(sealed),
            access_expires_at: Some(later(now, access.expires_in)),
            // People may take back a part of what they granted.
            scopes: if scopes.is_empty() {
                self.scopes.clone()
            } else {
                scopes
            },
            ..self.released()
        }
    }

    /// The next version, after Google has told that it no longer knows the grant. The account stays, so that the page can
    /// say which one to connect again.
    pub(super) fn ended(&self, now: Timestamp) -> Self {
        Self {
            refresh_token: None,
            access_token: None,
            access_expires_at: None,
            ended_at: Some(now),
            ..self.released()
        }
    }
}

fn later(now: Timestamp, duration: Duration) -> Timestamp {
    now.saturating_add(duration).unwrap_or(now)
}
