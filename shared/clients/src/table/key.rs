//! The keys of the one table: which kind of item is where.

use std::str::FromStr;

use packshot_domain::{
    api_key::ApiKeyHash,
    client_address::ClientAddress,
    id::{EventId, JobId, KeyId, SessionId, UploadId, UserId},
    session::SessionHash,
};

/// Where an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Key {
    /// The sort key of what a user lets us do in their Drive.
    const DRIVE_GRANT: &str = "DRIVE";

    /// What the sort keys of a user's sessions begin with.
    pub(crate) const SESSIONS: &str = "SESSION#";

    /// What the sort keys of a user's jobs begin with.
    pub(crate) const JOBS: &str = "JOB#";

    /// What the sort keys of a user's API keys begin with.
    pub(crate) const API_KEYS: &str = "KEY#";

    const PROFILE: &str = "PROFILE";

    pub(crate) fn user(user: UserId) -> Self {
        Self::of_user(user, Self::PROFILE.to_owned())
    }

    pub(crate) fn job(user: UserId, job: JobId) -> Self {
        Self::of_user(user, format!("{}{job}", Self::JOBS))
    }

    pub(crate) fn listed_api_key(user: UserId, key: KeyId) -> Self {
        Self::of_user(user, format!("{}{key}", Self::API_KEYS))
    }

    pub(crate) fn listed_session(user: UserId, session: SessionId) -> Self {
        Self::of_user(user, format!("{}{session}", Self::SESSIONS))
    }

    pub(crate) fn delivery(user: UserId, event: EventId) -> Self {
        Self::of_user(user, format!("DELIVERY#{event}"))
    }

    pub(crate) fn sent_mail(user: UserId, job: JobId) -> Self {
        Self::of_user(user, format!("SENT#{job}#email"))
    }

    pub(crate) fn sent_warning(user: UserId) -> Self {
        Self::of_user(user, "SENT#failing-receiver#email".to_owned())
    }

    pub(crate) fn pace(user: UserId, name: &str) -> Self {
        Self::of_user(user, format!("LIMIT#{name}"))
    }

    pub(crate) fn pace_of_address(address: &ClientAddress, name: &str) -> Self {
        Self {
            pk: format!("ADDRESS#{}", address.as_str()),
            sk: format!("LIMIT#{name}"),
        }
    }

    pub(crate) fn consumption(user: UserId) -> Self {
        Self::of_user(user, "LIMIT#consumption".to_owned())
    }

    pub(crate) fn used_upload(user: UserId, upload: UploadId) -> Self {
        Self::of_user(user, format!("UPLOAD#{upload}"))
    }

    pub(crate) fn usage(user: UserId, day: &str, key: &str) -> Self {
        Self::of_user(user, format!("USAGE#{day}#{key}"))
    }

    pub(crate) fn drive_grant(user: UserId) -> Self {
        Self::of_user(user, Self::DRIVE_GRANT.to_owned())
    }

    pub(crate) fn idempotency(user: UserId, key: &str) -> Self {
        Self::of_user(user, format!("IDEM#{key}"))
    }

    pub(crate) fn api_key(hash: &ApiKeyHash) -> Self {
        Self::api_key_of_hash(hash.as_str())
    }

    pub(crate) fn api_key_of_hash(sha256: &str) -> Self {
        Self {
            pk: format!("KEY#{sha256}"),
            sk: "KEY".to_owned(),
        }
    }

    /// Which user a Google account is.
    pub(crate) fn google_identity(subject: &str) -> Self {
        Self {
            pk: format!("GOOGLE#{subject}"),
            sk: "IDENTITY".to_owned(),
        }
    }

    pub(crate) fn session(hash: &SessionHash) -> Self {
        Self::session_of_hash(hash.as_str())
    }

    pub(crate) fn session_of_hash(sha256: &str) -> Self {
        Self {
            pk: format!("SESSION#{sha256}"),
            sk: "SESSION".to_owned(),
        }
    }

    /// Whose item this is, and the id after `prefix`; `None` for an item of another kind.
    pub(crate) fn owner_and_id<T: FromStr>(&self, prefix: &str) -> Option<(UserId, T)> {
        let owner = self.pk.strip_prefix("USER#")?.parse().ok()?;
        Some((owner, self.sk.strip_prefix(prefix)?.parse().ok()?))
    }

    /// The user whose own row is here; `None` for another item.
    pub(crate) fn user_of_profile(&self) -> Option<UserId> {
        let owner = self.pk.strip_prefix("USER#")?.parse().ok()?;
        (self.sk == Self::PROFILE).then_some(owner)
    }

    /// Whether this is below a user and of a kind that has nothing elsewhere, so that removing it is removing all of it.
    /// Kinds that are not known here are such.
    pub(crate) fn is_plain_row_of_user(&self) -> bool {
        let others = [Self::JOBS, Self::API_KEYS, Self::SESSIONS, Self::DRIVE_GRANT];
        self.pk.starts_with("USER#")
            && self.sk != Self::PROFILE
            && !others.iter().any(|kind| self.sk.starts_with(kind))
    }

    fn of_user(user: UserId, sk: String) -> Self {
        Self {
            pk: format!("USER#{user}"),
            sk,
        }
    }
}
