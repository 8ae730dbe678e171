//! One person's Google Drive: the calls of [`Drive`] with the token taken care of.
//!
//! A token that Drive refuses before its time is replaced once; one that it refuses then as well means that the person has
//! to connect their Drive again.

use aws_config::SdkConfig;
use packshot_domain::{
    drive::{FileId, FileRef},
    id::UserId,
};
use secrecy::SecretString;

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

impl UserDrive<'_> {
    /// See [`Drive::list`].
    pub async fn list(&self, listing: &Listing<'_>) -> Result<FilePage, UserDriveError> {
        self.call(async |drive, token| drive.list(&token, listing).await)
            .await
    }

    /// See [`Drive::shared_drives`].
    pub async fn shared_drives(&self, page_token: Option<&str>) -> Result<SharedDrivePage, UserDriveError> {
        self.call(async |drive, token| drive.shared_drives(&token, page_token).await)
            .await
    }

    /// See [`Drive::shared_drive`].
    pub async fn shared_drive(&self, id: &FileId) -> Result<SharedDrive, UserDriveError> {
        self.call(async |drive, token| drive.shared_drive(&token, id).await)
            .await
    }

    /// See [`Drive::file`].
    pub async fn file(&self, file: &FileRef) -> Result<DriveFile, UserDriveError> {
        self.call(async |drive, token| drive.file(&token, file).await)
            .await
    }

    /// See [`Drive::thumbnail`].
    pub async fn thumbnail(&self, file: &FileRef, side: u16) -> Result<Thumbnail, UserDriveError> {
        self.call(async |drive, token| drive.thumbnail(&token, file, side).await)
            .await
    }

    /// See [`Drive::download`].
    pub async fn download(&self, file: &FileRef, most: u64) -> Result<MediaDownload, UserDriveError> {
        self.call(async |drive, token| drive.download(&token, file, most).await)
            .await
    }

    /// See [`Drive::new_ids`].
    pub async fn new_ids(&self, count: usize) -> Result<Vec<FileId>, UserDriveError> {
        self.call(async |drive, token| drive.new_ids(&token, count).await)
            .await
    }

    /// See [`Drive::create_folder`].
    pub async fn create_folder(&self, folder: &NewFolder<'_>) -> Result<DriveFile, UserDriveError> {
        self.call(async |drive, token| drive.create_folder(&token, folder).await)
            .await
    }

    /// See [`Drive::upload`].
    pub async fn upload(&self, file: &NewFile<'_>) -> Result<DriveFile, UserDriveError> {
        self.call(async |drive, token| drive.upload(&token, file).await)
            .await
    }

    async fn call<T>(
        &self,
        call: impl AsyncFn(&Drive, SecretString) -> Result<T, DriveError>,
    ) -> Result<T, UserDriveError> {
        let UserDrives { drive, grants } = self.drives;
        let token = grants.access_token(self.user).await?;
        let first = call(drive, token.token.clone()).await;
        let answer = match first {
            Err(DriveError::AccessIsGone) => {
                let another = grants.access_token_after(self.user, &token).await?;
                call(drive, another.token).await
            }
            answer => answer,
        };
        answer.map_err(|error| match error {
            DriveError::AccessIsGone => UserDriveError::Grant(GrantError::Reconnect),
            error => UserDriveError::Drive(error),
        })
    }
}
