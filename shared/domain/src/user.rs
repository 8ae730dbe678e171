//! The person a job belongs to.

use crate::{
    id::UserId,
    limits::{Allowance, Plan},
    webhook::{Endpoint, Secret},
};

/// What the workflow needs to know of a user.
#[derive(Debug, Clone)]
pub struct User {
    /// The user's id.
    pub id: UserId,
    /// Where mail about jobs goes.
    pub email: String,
    /// The secrets that sign webhooks at this moment, newest first; more than one while one is being rotated out.
    pub webhook_secrets: Vec<Secret>,
    /// Who is told of jobs that name no receiver of their own.
    pub webhook_endpoint: Option<Endpoint>,
    /// What they pay for.
    pub plan: Plan,
    /// Limits of their own, where they were given others than those of the plan.
    pub own_allowance: Option<Allowance>,
}

impl User {
    /// A user who has just come, with one secret to sign webhooks.
    pub fn new(id: UserId, email: String, plan: Plan, secret: Secret) -> Self {
        Self {
            id,
            email,
            webhook_secrets: vec![secret],
            webhook_endpoint: None,
            plan,
            own_allowance: None,
        }
    }

    /// The limits that hold for this user.
    pub fn allowance(&self) -> Allowance {
        self.own_allowance.unwrap_or_else(|| self.plan.allowance())
    }
}
