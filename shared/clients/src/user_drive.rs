//! One person's Google Drive: the calls of [`Drive`] with the token taken care of.
//!
//! A token that Drive refuses before its time is replaced once; one that it refuses then as well means that the person has
//! to connect their Drive again.

use aws_config::SdkConfig;
use packshot_domain::{
    drive::{FileId, FileRef},
    id::UserId,
};

use crate::{
    config::Missing,
    drive_grants::{DriveGrants, GrantError},
    error::AwsError,
    google::drive::{
        Drive, DriveError, DriveFile, FilePage, Listing, MediaDownload, NewFile, NewFolder, SharedDrive,
        SharedDrivePage, Thumbnail,
    },
};

/// Why a call to somebody's Drive did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum UserDriveError {
    /// There is no access to it.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// Drive did not do it. Never [`DriveError::AccessIsGone`], which is [`GrantError::Reconnect`] here.
    #[error(transparent)]
    Drive(DriveError),
}

impl From<AwsError> for UserDriveError {
    fn from(error: AwsError) -> Self {
        Self::Grant(error.into())
    }
}

impl UserDriveError {
    /// The error of a call that was made with a new token.
    fn after_renewal(error: DriveError) -> Self {
        match error {
            DriveError::AccessIsGone => Self::Grant(GrantError::Reconnect),
            error => Self::Drive(error),
        }
    }

    /// Whether the same call may succeed later.
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Grant(error) => error.is_transient(),
            Self::Drive(error) => error.is_transient(),
        }
    }
}

/// Everybody's Drives.
#[derive(Debug, Clone)]
pub struct UserDrives {
    drive: Drive,
    grants: DriveGrants,
}

impl UserDrives {
    /// The Drives that the environment names.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self::new(Drive::from_env()?, DriveGrants::from_env(config)?))
    }

    /// Drives at this address, with these grants.
    pub const fn new(drive: Drive, grants: DriveGrants) -> Self {
        Self { drive, grants }
    }

    /// What people let us do.
    pub const fn grants(&self) -> &DriveGrants {
        &self.grants
    }

    /// The Drive of one person.
    pub const fn of(&self, user: UserId) -> UserDrive<'_> {
        UserDrive { drives: self, user }
    }
}

/// One person's Drive.
#[derive(Debug, Clone, Copy)]
pub struct UserDrive<'a> {
    drives: &'a UserDrives,
    user: UserId,
}

/// Makes a call with a token, and once more with another one if Drive does not take that.
///
/// A macro, since the future of a function that takes async closures is not known to be `Send` for all lifetimes
/// (<https://github.com/rust-lang/rust/issues/110338>).
macro_rules! call {
    ($self:ident, |$drive:ident, $token:ident| $call:expr) => {{
        let UserDrives {
            drive: $drive,
            grants,
        } = $self.drives;
        let first = grants.access_token($self.user).await?;
        let $token = &first.token;
        let answer = match $call.await {
            Err(DriveError::AccessIsGone) => {
                let another = grants.access_token_after($self.user, &first).await?;
                let $token = &another.token;
                $call.await
            }
            answer => answer,
        };
        answer.map_err(UserDriveError::after_renewal)
    }};
}

impl UserDrive<'_> {
    /// See [`Drive::list`].
    pub async fn list(&self, listing: &Listing<'_>) -> Result<FilePage, UserDriveError> {
        call!(self, |drive, token| drive.list(token, listing))
    }

    /// See [`Drive::shared_drives`].
    pub async fn shared_drives(&self, page_token: Option<&str>) -> Result<SharedDrivePage, UserDriveError> {
        call!(self, |drive, token| drive.shared_drives(token, page_token))
    }

    /// See [`Drive::shared_drive`].
    pub async fn shared_drive(&self, id: &FileId) -> Result<SharedDrive, UserDriveError> {
        call!(self, |drive, token| drive.shared_drive(token, id))
    }

    /// See [`Drive::file`].
    pub async fn file(&self, file: &FileRef) -> Result<DriveFile, UserDriveError> {
        call!(self, |drive, token| drive.file(token, file))
    }

    /// See [`Drive::thumbnail`].
    pub async fn thumbnail(&self, file: &FileRef, side: u16) -> Result<Thumbnail, UserDriveError> {
        call!(self, |drive, token| drive.thumbnail(token, file, side))
    }

    /// See [`Drive::download`].
    pub async fn download(&self, file: &FileRef, most: u64) -> Result<MediaDownload, UserDriveError> {
        call!(self, |drive, token| drive.download(token, file, most))
    }

    /// See [`Drive::new_ids`].
    pub async fn new_ids(&self, count: usize) -> Result<Vec<FileId>, UserDriveError> {
        call!(self, |drive, token| drive.new_ids(token, count))
    }

    /// See [`Drive::create_folder`].
    pub async fn create_folder(&self, folder: &NewFolder<'_>) -> Result<DriveFile, UserDriveError> {
        call!(self, |drive, token| drive.create_folder(token, folder))
    }

    /// See [`Drive::upload`].
    pub async fn upload(&self, file: &NewFile<'_>) -> Result<DriveFile, UserDriveError> {
        call!(self, |drive, token| drive.upload(token, file))
    }
}
