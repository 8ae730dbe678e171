//! Users in the table.

use packshot_domain::{
    id::UserId,
    limits::{Allowance, Consumption, Plan},
    money::MicroUsd,
    user::User,
    webhook::Secret,
};
use serde::{Deserialize, Serialize};

use crate::{
    consumption,
    error::AwsError,
    table::{Condition, Key, PutError, Table},
};

#[derive(Debug, Serialize, Deserialize)]
struct UserItem {
    schema: u8,
    email: String,
    /// Newest first.
    webhook_secrets: Vec<String>,
    #[serde(default)]
    plan: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    allowance: Option<AllowanceItem>,
}

#[derive(Debug, Serialize, Deserialize)]
struct AllowanceItem {
    jobs_per_minute: u32,
    active_jobs: u32,
    images_per_month: u32,
    micro_usd_per_month: u64,
}

/// The users.
#[derive(Debug, Clone)]
pub struct Accounts {
    table: Table,
}

impl Accounts {
    /// The users of this table.
    pub const fn new(table: Table) -> Self {
        Self { table }
    }

    /// A user, if there is one of this id.
    pub async fn get(&self, id: UserId) -> Result<Option<User>, AwsError> {
        let item: Option<UserItem> = self.table.get(&Key::user(id)).await?;
        item.map(|item| user(id, item)).transpose()
    }

    /// What a user may have and what they have had; `None` for one that is not there.
    pub async fn standing(&self, id: UserId) -> Result<Option<(Allowance, Consumption)>, AwsError> {
        let (user, consumption) = tokio::try_join!(self.get(id), consumption::get(&self.table, id))?;
        Ok(user.map(|user| (user.allowance(), consumption)))
    }

    /// Writes a new user.
    ///
    /// `false` where there is one of this id already, which stays as it is.
    pub async fn create(&self, user: &User) -> Result<bool, AwsError> {
        let item = UserItem {
            schema: 1,
            email: user.email.clone(),
            webhook_secrets: user
                .webhook_secrets
                .iter()
                .map(|secret| secret.reveal().to_owned())
                .collect(),
            plan: Some(user.plan.as_str().to_owned()),
            allowance: user.own_allowance.map(|allowance| AllowanceItem {
                jobs_per_minute: allowance.jobs_per_minute,
                active_jobs: allowance.active_jobs,
                images_per_month: allowance.images_per_month,
                micro_usd_per_month: allowance.cost_per_month.0,
            }),
        };
        match self
            .table
            .put(&Key::user(user.id), &item, Condition::Absent)
            .await
        {
            Ok(()) => Ok(true),
            Err(PutError::Conflict) => Ok(false),
            Err(PutError::Aws(error)) => Err(error),
        }
    }
}

fn user(id: UserId, item: UserItem) -> Result<User, AwsError> {
    let secrets: Result<Vec<Secret>, _> = item
        .webhook_secrets
        .iter()
        .map(|secret| Secret::parse(secret))
        .collect();
    let webhook_secrets = secrets.map_err(|error| AwsError::new(format!("reading {id}"), error))?;
    Ok(User {
        id,
        email: item.email,
        webhook_secrets,
        plan: item.plan.as_deref().and_then(Plan::parse).unwrap_or_default(),
        own_allowance: item.allowance.map(|allowance| Allowance {
            jobs_per_minute: allowance.jobs_per_minute,
            active_jobs: allowance.active_jobs,
            images_per_month: allowance.images_per_month,
            cost_per_month: MicroUsd(allowance.micro_usd_per_month),
        }),
    })
}
