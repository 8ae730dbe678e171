//! `DELETE /api/me`: a person deletes their account and everything that it owns.

use std::sync::Arc;

use axum::{
    Json,
    extract::State as RouterState,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use packshot_clients::{clock, error::Chain};
use serde::Serialize;
use tracing::{info, warn};
use utoipa::ToSchema;

use super::{NO_STORE, State, cleared_cookie};
use crate::api::{caller::Owner, problem::ApiError};

/// The deletion of an account that has begun. There is nothing to look at later: who could look is gone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountDeletion)]
struct DeletionView {
    /// Always `account_deletion`.
    #[schema(value_type = String, example = "account_deletion")]
    object: &'static str,
    /// Whose account it was.
    user_id: String,
    /// Since when it is closed.
    began_at: Timestamp,
    /// What has happened and what is still to come, for people.
    #[schema(value_type = String)]
    detail: &'static str,
}

/// Closes the account. From the mark in the user's row on, it can do nothing, whatever key or session is left. What is left to
/// do is done by delete-account, which finds the mark within the hour where the message gets lost.
#[utoipa::path(
    delete,
    path = "/api/me",
    operation_id = "delete_me",
    tag = "Account",
    summary = "Delete me",
    description = "Closes your account at once, and removes all that it owns within two hours.",
    responses((status = 202, description = "The account is closed.", body = DeletionView))
)]
pub(in crate::api) async fn begin(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
) -> Result<Response, ApiError> {
    // What can fail without the account being closed comes first.
    let cookie = cleared_cookie(&state).await?;
    let user = caller.user;
    let began_at = clock::now();
    if !state.accounts.mark_deleted(user, began_at).await? {
        return Err(caller.account_is_gone());
    }
    info!("Closed an account");
    if let Err(error) = state.sessions.end_all(user).await {
        warn!(error = %Chain(&error), "Could not end all sessions; delete-account will");
    }
    if let Err(error) = state.deletions.send(user).await {
        warn!(error = %Chain(&error), "Could not have the deletion begin; the hourly look will");
    }
    let view = DeletionView {
        object: "account_deletion",
        user_id: user.to_string(),
        began_at,
        detail: "Your account is closed, and you are signed out everywhere. API keys no longer work, running jobs are \
                 stopped, and nobody is told of them any more. Everything that the account owned is being removed now; the \
                 last of it is gone within two hours.",
    };
    Ok((StatusCode::ACCEPTED, [NO_STORE], [cookie], Json(view)).into_response())
}
