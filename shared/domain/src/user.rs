//! The person a job belongs to.

use crate::{
    id::UserId,
    limits::{Allowance, Plan},
    webhook::Secret,
};

/// What the workflow needs to know of a user.
#[derive(Debug, Clone)]
pub struct User {
    /// The user's id.
    pub id: UserId,
    /// Where mail about jobs goes.
    pub email: String,
    /// The secrets that sign webhooks, newest first; two while one is being rotated out.
    pub webhook_secrets: Vec<Secret>,
    /// What they pay for.
    pub plan: Plan,
    /// Limits of their own, where they were given others than those of the plan.
    pub own_allowance: Option<Allowance>,
}

impl User {
    /// The limits that hold for this user.
    pub fn allowance(&self) -> Allowance {
        self.own_allowance.unwrap_or_else(|| self.plan.allowance())
    }
}
