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
    /// What the sort keys of a user's sessions begin with.
    pub(crate) const SESSIONS: &str = "SESSION#";

    pub(crate) fn user(user: UserId) -> Self {
        Self::of_user(user, "PROFILE".to_owned())
    }

    pub(crate) fn job(user: UserId, job: JobId) -> Self {
        Self::of_user(user, format!("JOB#{job}"))
    }

    pub(crate) fn listed_api_key(user: UserId, key: KeyId) -> Self {
        Self::of_user(user, format!("KEY#{key}"))
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
        Self::of_user(user, "DRIVE".to_owned())
    }

    pub(crate) fn idempotency(user: UserId, key: &str) -> Self {
        Self::of_user(user, format!("IDEM#{key}"))
    }

    pub(crate) fn api_key(hash: &ApiKeyHash) -> Self {
        Self {
            pk: format!("KEY#{}", hash.as_str()),
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

    fn of_user(user: UserId, sk: String) -> Self {
        Self {
            pk: format!("USER#{user}"),
            sk,
        }
    }
}
