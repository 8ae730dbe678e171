//! A user as a row. Names in rows outlive deployments, and so do the forms that they had: a secret was only a text once.

use jiff::Timestamp;
use packshot_domain::{
    id::UserId,
    limits::{Allowance, Plan},
    money::MicroUsd,
    user::User,
    webhook::{
        Check, Disabled, DisabledReason, Endpoint, Finding, FindingCode, Secret, SigningSecret,
        SigningSecrets,
    },
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::deletion::MarkItem;
use crate::{clock, error::AwsError, events};

/// What is in a user's place: the user, or the mark that they are being deleted.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Row {
    Mark(MarkItem),
    User(Box<UserItem>),
}

impl Row {
    /// The user, unless they are being deleted.
    pub(super) fn user(self) -> Option<UserItem> {
        match self {
            Self::Mark(_) => None,
            Self::User(item) => Some(*item),
        }
    }

    /// Since when they are being deleted.
    pub(super) const fn deleted_at(&self) -> Option<Timestamp> {
        match self {
            Self::Mark(mark) => Some(mark.deleted_at),
            Self::User(_) => None,
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct UserItem {
    schema: u8,
    pub(super) email: String,
    /// The Google account by which they sign in; none for whoever has only keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) google_subject: Option<String>,
    /// Newest first.
    pub(super) webhook_secrets: Vec<SecretItem>,
    /// Counts the changes of the secrets; 0 before the first.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) webhook_secrets_version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) webhook_endpoint: Option<EndpointItem>,
    /// Counts the changes of the endpoint, its removal included; 0 before the first.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) webhook_endpoint_version: u64,
    #[serde(default)]
    plan: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    allowance: Option<AllowanceItem>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form in which serde asks")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[derive(Debug, Serialize, Deserialize)]
struct AllowanceItem {
    jobs_per_minute: u32,
    active_jobs: u32,
    images_per_month: u32,
    micro_usd_per_month: u64,
}

/// A secret, alone or with what is known of its life.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum SecretItem {
    Text(String),
    WithLife {
        secret: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        created_at: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revealed_at: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
    },
}

impl std::fmt::Debug for SecretItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretItem(…)")
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EndpointItem {
    url: Url,
    /// Only where not every event is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    events: Option<Vec<String>>,
    created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disabled: Option<DisabledItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failing_since: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    check: Option<CheckItem>,
}

#[derive(Debug, Serialize, Deserialize)]
struct DisabledItem {
    reason: String,
    at: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
struct CheckItem {
    at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    milliseconds: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    findings: Vec<FindingItem>,
}

#[derive(Debug, Serialize, Deserialize)]
struct FindingItem {
    code: String,
    message: String,
}

impl UserItem {
    /// The row of a new user.
    pub(super) fn new(user: &User, google_subject: Option<&str>) -> Self {
        let secrets = user.webhook_secrets.iter();
        Self {
            schema: 1,
            email: user.email.clone(),
            google_subject: google_subject.map(str::to_owned),
            webhook_secrets: secrets
                .map(|secret| SecretItem::Text(secret.reveal().to_owned()))
                .collect(),
            webhook_secrets_version: 0,
            webhook_endpoint: user.webhook_endpoint.as_ref().map(EndpointItem::from),
            webhook_endpoint_version: u64::from(user.webhook_endpoint.is_some()),
            plan: Some(user.plan.as_str().to_owned()),
            allowance: user.own_allowance.map(|allowance| AllowanceItem {
                jobs_per_minute: allowance.jobs_per_minute,
                active_jobs: allowance.active_jobs,
                images_per_month: allowance.images_per_month,
                micro_usd_per_month: allowance.cost_per_month.0,
            }),
        }
    }

    /// The user.
    pub(super) fn user(self, id: UserId) -> Result<User, AwsError> {
        let webhook_secrets = signing_secrets(id, self.webhook_secrets)?.active(clock::now());
        Ok(User {
            id,
            email: self.email,
            webhook_secrets,
            webhook_endpoint: self.webhook_endpoint.map(|item| endpoint(id, item)).transpose()?,
            plan: self.plan.as_deref().and_then(Plan::parse).unwrap_or_default(),
            own_allowance: self.allowance.map(|allowance| Allowance {
                jobs_per_minute: allowance.jobs_per_minute,
                active_jobs: allowance.active_jobs,
                images_per_month: allowance.images_per_month,
                cost_per_month: MicroUsd(allowance.micro_usd_per_month),
            }),
        })
    }
}

/// The secrets of a row.
pub(super) fn signing_secrets(id: UserId, items: Vec<SecretItem>) -> Result<SigningSecrets, AwsError> {
    let secrets = items.into_iter().map(|item| match item {
        SecretItem::Text(text) => Secret::parse(&text).map(SigningSecret::of),
        SecretItem::WithLife {
            secret,
            created_at,
            revealed_at,
            ends_at,
        } => Secret::parse(&secret).map(|secret| SigningSecret {
            secret,
            created_at,
            revealed_at,
            ends_at,
        }),
    });
    let secrets: Result<Vec<SigningSecret>, _> = secrets.collect();
    secrets
        .map(SigningSecrets::new)
        .map_err(|error| AwsError::new(format!("reading {id}"), error))
}

impl From<&SigningSecret> for SecretItem {
    fn from(secret: &SigningSecret) -> Self {
        Self::WithLife {
            secret: secret.secret.reveal().to_owned(),
            created_at: secret.created_at,
            revealed_at: secret.revealed_at,
            ends_at: secret.ends_at,
        }
    }
}

impl From<&Endpoint> for EndpointItem {
    fn from(endpoint: &Endpoint) -> Self {
        Self {
            url: endpoint.url.clone(),
            events: events::names(&endpoint.events),
            created_at: endpoint.created_at,
            disabled: endpoint.disabled.map(|disabled| DisabledItem {
                reason: disabled.reason.as_str().to_owned(),
                at: disabled.at,
            }),
            failing_since: endpoint.failing_since,
            check: endpoint.check.as_ref().map(|check| CheckItem {
                at: check.at,
                milliseconds: check.milliseconds,
                status: check.status,
                findings: check
                    .findings
                    .iter()
                    .map(|finding| FindingItem {
                        code: finding.code.as_str().to_owned(),
                        message: finding.message.clone(),
                    })
                    .collect(),
            }),
        }
    }
}

/// The endpoint of a row.
pub(super) fn endpoint(id: UserId, item: EndpointItem) -> Result<Endpoint, AwsError> {
    let corrupt = |what| {
        AwsError::new(
            format!("reading {id}"),
            format!("its endpoint has no usable {what}"),
        )
    };
    let disabled = item.disabled.map(|disabled| {
        DisabledReason::parse(&disabled.reason).map(|reason| Disabled {
            reason,
            at: disabled.at,
        })
    });
    let disabled = disabled.map(|disabled| disabled.ok_or_else(|| corrupt("reason")));
    Ok(Endpoint {
        url: item.url,
        events: events::filter(item.events).ok_or_else(|| corrupt("events"))?,
        created_at: item.created_at,
        disabled: disabled.transpose()?,
        failing_since: item.failing_since,
        check: item
            .check
            .map(check)
            .transpose()
            .map_err(|UnknownCode| corrupt("finding"))?,
    })
}

struct UnknownCode;

fn check(item: CheckItem) -> Result<Check, UnknownCode> {
    let findings = item.findings.into_iter().map(|finding| {
        FindingCode::parse(&finding.code)
            .map(|code| Finding {
                code,
                message: finding.message,
            })
            .ok_or(UnknownCode)
    });
    Ok(Check {
        at: item.at,
        milliseconds: item.milliseconds,
        status: item.status,
        findings: findings.collect::<Result<_, _>>()?,
    })
}

#[cfg(test)]
mod tests;
