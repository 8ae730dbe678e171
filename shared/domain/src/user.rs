//! The person a job belongs to.

use crate::{id::UserId, webhook::Secret};

/// What the workflow needs to know of a user.
#[derive(Debug, Clone)]
pub struct User {
    /// The user's id.
    pub id: UserId,
    /// Where mail about jobs goes.
    pub email: String,
    /// The secrets that sign webhooks, newest first; two while one is being rotated out.
    pub webhook_secrets: Vec<Secret>,
}
