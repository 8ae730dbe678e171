//! Whether waiting helps where a Drive does not take images.

use std::time::Duration;

use jiff::Timestamp;
use packshot_clients::{
    drive_grants::GrantError, error::Chain, google::drive::DriveError, user_drive::UserDriveError,
};
use packshot_domain::{
    job::{Job, SavingFailure},
    poll,
};
use tracing::{error, info, warn};

use crate::workflow::{Step, provider};

/// How long people wait for their mail because Drive is not to be had.
const PATIENCE: Duration = Duration::from_mins(15);

/// What comes next after a refusal.
pub(super) enum Outlook {
    /// Another try, after a wait.
    Wait(Step),
    /// Nothing.
    GiveUp(SavingFailure),
}

/// Waits where waiting helps, gives up where it does not or where people have waited for long enough.
pub(super) fn wait_or_give_up(job: &Job, error: &UserDriveError, now: Timestamp) -> Outlook {
    if let Some(reason) = hopeless(error) {
        if reason == SavingFailure::InternalError {
            error!(job.id = %job.id, error = %Chain(error), "Could not put images into a Drive");
        } else {
            info!(job.id = %job.id, reason = reason.as_str(), %error, "A Drive does not take the images");
        }
        return Outlook::GiveUp(reason);
    }
    let ended = job.finished_at.unwrap_or(job.updated_at);
    let waited = provider::since(ended, now);
    if waited >= PATIENCE {
        warn!(job.id = %job.id, error = %Chain(error), "Google Drive could not be used");
        return Outlook::GiveUp(SavingFailure::Unavailable);
    }
    let asked = match error {
        UserDriveError::Drive(error) => error.retry_after(),
        UserDriveError::Grant(_) => None,
    };
    let wait = poll::wait_as_asked(asked, waited).min(PATIENCE.saturating_sub(waited));
    warn!(job.id = %job.id, %error, wait_seconds = wait.as_secs(), "Google Drive asks to wait");
    Outlook::Wait(Step::wait("waiting", wait))
}

/// The reason for an error that no waiting mends.
const fn hopeless(error: &UserDriveError) -> Option<SavingFailure> {
    match error {
        UserDriveError::Grant(GrantError::NotConnected | GrantError::Reconnect) => {
            Some(SavingFailure::AccessRevoked)
        }
        UserDriveError::Drive(DriveError::MissingScope) => Some(SavingFailure::ScopeMissing),
        UserDriveError::Drive(DriveError::StorageFull) => Some(SavingFailure::DriveFull),
        UserDriveError::Drive(DriveError::Forbidden(_) | DriveError::NotFound) => {
            Some(SavingFailure::Refused)
        }
        error if error.is_transient() => None,
        _ => Some(SavingFailure::InternalError),
    }
}
