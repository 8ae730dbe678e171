//! What can be wrong with somebody's Google Drive.

use std::time::Duration;

use packshot_clients::{drive_grants::GrantError, google::drive::DriveError, user_drive::UserDriveError};
use packshot_domain::{drive::DriveScope, request::FieldError};

use super::{ApiError, kinds};

/// When to ask again where Google does not say.
const WAIT: Duration = Duration::from_secs(10);

impl ApiError {
    pub(in crate::api) fn drive_not_connected() -> Self {
        let detail = "No Google Drive is connected to your account. Connect one: open /auth/google/drive in the browser.";
        Self::new(kinds::DRIVE_NOT_CONNECTED, detail)
    }

    pub(in crate::api) fn drive_reconnect_needed() -> Self {
        let detail = "Google no longer lets us into your Drive: access was taken back, or ended. Connect it again: open /auth/google/drive in the browser.";
        Self::new(kinds::DRIVE_RECONNECT_NEEDED, detail)
    }

    /// `for_saving`: whether it is about putting files there.
    pub(in crate::api) fn drive_scope_missing(scope: DriveScope, for_saving: bool) -> Self {
        let (purpose, address) = if for_saving {
            ("put files into your Drive", "/auth/google/drive?save=true")
        } else {
            ("read photos in your Drive", "/auth/google/drive")
        };
        let detail = format!(
            "You have not allowed us to {purpose} ({}). Allow it: open {address} in the browser.",
            scope.url()
        );
        Self::new(kinds::DRIVE_SCOPE_MISSING, detail)
    }

    pub(in crate::api) fn picker_required() -> Self {
        let detail = "We may only see files that you pick, so a folder cannot be looked into here. Choose photos with Google's Picker and send their ids.";
        Self::new(kinds::PICKER_REQUIRED, detail)
    }

    pub(in crate::api) fn picker_not_used() -> Self {
        let detail = "Here, photos are chosen from folders: see /api/drive/files.";
        Self::new(kinds::PICKER_NOT_USED, detail)
    }

    pub(in crate::api) fn drive_file_not_found() -> Self {
        let detail = "There is no such file or folder in your Drive, or it is not shared with you.";
        Self::new(kinds::DRIVE_FILE_NOT_FOUND, detail)
    }

    fn drive_refused() -> Self {
        let detail = "Google Drive does not allow this for your account. An organisation's rules can be the reason; ask its administrator.";
        Self::new(kinds::DRIVE_REFUSED, detail)
    }

    fn drive_rate_limited(retry_after: Option<Duration>) -> Self {
        let detail = "Google Drive asks us for fewer requests. Try again as late as Retry-After says.";
        let mut error = Self::new(kinds::DRIVE_RATE_LIMITED, detail);
        error.retry_after = Some(retry_after.unwrap_or(WAIT));
        error
    }

    fn drive_unavailable(error: UserDriveError) -> Self {
        let detail = "Google did not answer as it should. Send the request again in a moment.";
        let retry_after = match &error {
            UserDriveError::Drive(error) => error.retry_after(),
            UserDriveError::Grant(_) => None,
        };
        let mut problem = Self::new(kinds::DRIVE_UNAVAILABLE, detail);
        problem.retry_after = Some(retry_after.unwrap_or(WAIT));
        problem.cause = Some(error.into());
        problem
    }
}

impl From<GrantError> for ApiError {
    fn from(error: GrantError) -> Self {
        UserDriveError::from(error).into()
    }
}

impl From<UserDriveError> for ApiError {
    fn from(error: UserDriveError) -> Self {
        match error {
            UserDriveError::Grant(GrantError::NotConnected) => Self::drive_not_connected(),
            UserDriveError::Grant(GrantError::Reconnect) => Self::drive_reconnect_needed(),
            UserDriveError::Grant(GrantError::Aws(error)) => error.into(),
            UserDriveError::Drive(DriveError::MissingScope) => {
                Self::drive_scope_missing(DriveScope::Readonly, false)
            }
            UserDriveError::Drive(DriveError::NotFound) => Self::drive_file_not_found(),
            UserDriveError::Drive(DriveError::NotDownloadable(_) | DriveError::Forbidden(_)) => {
                Self::drive_refused()
            }
            UserDriveError::Drive(DriveError::RateLimited { retry_after }) => {
                Self::drive_rate_limited(retry_after)
            }
            UserDriveError::Drive(DriveError::PageTokenRejected) => {
                Self::invalid_fields(vec![FieldError::new(
                    "page_token",
                    "invalid_page_token",
                    "belongs to another list or is too old; begin with the first page",
                )])
            }
            UserDriveError::Drive(error) if !error.is_transient() => Self::bug(error),
            error => Self::drive_unavailable(error),
        }
    }
}
