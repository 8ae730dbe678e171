//! copy-photos: copies a job's photos from its owner's Google Drive into the bucket.
//!
//! One after the other, through a scratch file, so that memory holds none of them. Each has a fixed key and is noted in the row
//! as soon as it is there: a repeated run copies what is missing.

use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use jiff::Timestamp;
use packshot_clients::{
    bucket::{self, Bucket},
    clock,
    config::Missing,
    drive_grants::GrantError,
    google::drive::{DriveError, MediaDownload},
    jobs::JobStore,
    user_drive::{UserDriveError, UserDrives},
};
use packshot_domain::{
    failure::{Failure, FailureCode},
    job::{DrivePhoto, Job, JobEvent},
    photo::{self, PhotoFormat, Sniffed},
    poll,
};
use tempfile::NamedTempFile;
use tokio::{fs::File, io::AsyncWriteExt};
use tracing::{info, warn};

use super::{Step, change, job_store, photo_fact, provider};
use crate::runtime::{TaskError, TaskInput};

/// How long one invocation begins copies; the next one goes on. The longest copy fits between this and the function's end.
const COPYING: Duration = Duration::from_mins(6);

/// How much of a file tells what it is; see [`photo::sniff`].
const HEAD: usize = 512;

/// What this function may use.
#[derive(Debug)]
pub struct State {
    jobs: JobStore,
    bucket: Bucket,
    drives: UserDrives,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            jobs: job_store(config)?,
            bucket: Bucket::from_env(config)?,
            drives: UserDrives::from_env(config)?,
        })
    }
}

/// Why a photo was not copied.
#[derive(Debug)]
enum NotCopied {
    /// It is none that we take.
    Refused(FailureCode),
    /// Drive did not give it.
    Drive(UserDriveError),
    /// Something else was in the way.
    Task(TaskError),
}

impl From<DriveError> for NotCopied {
    fn from(error: DriveError) -> Self {
        Self::Drive(UserDriveError::Drive(error))
    }
}

impl From<std::io::Error> for NotCopied {
    fn from(error: std::io::Error) -> Self {
        Self::Task(TaskError::transient(error))
    }
}

/// Answers `copied`, `waiting` where Drive asks us to come back or there is more than one invocation can do, or `finished` for
/// a job that has ended meanwhile.
pub async fn handle(state: &State, input: TaskInput) -> Result<Step, TaskError> {
    let begun = Instant::now();
    let Some(mut job) = state.jobs.get(input.user_id, input.job_id).await? else {
        return Ok(Step::finished());
    };
    loop {
        if job.status.is_terminal() {
            return Ok(Step::finished());
        }
        let Some((index, photo)) = job.photos_to_copy().next() else {
            return Ok(Step::done("copied"));
        };
        if begun.elapsed() > COPYING {
            return Ok(Step::wait("waiting", Duration::ZERO));
        }
        if let Err(error) = copy(state, &job, index, photo).await {
            return after(&job, index, error, clock::now());
        }
        job = match change(&state.jobs, &job, JobEvent::PhotoCopied(index)).await? {
            Some(job) => job,
            None => return Ok(Step::finished()),
        };
    }
}

async fn copy(state: &State, job: &Job, index: usize, photo: &DrivePhoto) -> Result<(), NotCopied> {
    let drive = state.drives.of(job.owner);
    let download = drive
        .download(&photo.file, photo::MAX_BYTES)
        .await
        .map_err(NotCopied::Drive)?;
    let scratch = NamedTempFile::new()?;
    let (format, bytes) = receive(download, &scratch).await?;
    let body = bucket::file_body(scratch.path()).await?;
    let key = bucket::copied_photo_key(job.owner, job.id, index + 1);
    state
        .bucket
        .put_body(&key, format.content_type(), body)
        .await
        .map_err(|error| NotCopied::Task(error.into()))?;
    info!(job.id = %job.id, photo = index + 1, bytes, "Copied photo {} of {}", index + 1, job.photos.len());
    Ok(())
}

/// Writes a download into a file, unless its first bytes say that it is no photo; the answer is its format and size.
async fn receive(
    mut download: MediaDownload,
    scratch: &NamedTempFile,
) -> Result<(PhotoFormat, u64), NotCopied> {
    let mut file = File::from_std(scratch.reopen()?);
    let (mut head, mut format, mut bytes) = (Vec::with_capacity(HEAD), None, 0);
    while let Some(part) = download.chunk().await? {
        bytes += part.len() as u64;
        file.write_all(&part).await?;
        if format.is_none() {
            head.extend_from_slice(&part[..part.len().min(HEAD - head.len())]);
            if head.len() == HEAD {
                format = Some(photo_format(&head)?);
            }
        }
    }
    file.flush().await?;
    match format {
        Some(format) => Ok((format, bytes)),
        None => Ok((photo_format(&head)?, bytes)),
    }
}

fn photo_format(head: &[u8]) -> Result<PhotoFormat, NotCopied> {
    match photo::sniff(head) {
        Sniffed::Photo(format) => Ok(format),
        Sniffed::OtherPicture(_) => Err(NotCopied::Refused(FailureCode::PhotoUnsupportedFormat)),
        Sniffed::NotAPicture => Err(NotCopied::Refused(FailureCode::PhotoUnreadable)),
    }
}

/// Waits where waiting helps, gives up where it does not or where there is no more time. The wait happens in the state machine,
/// where it costs nothing.
fn after(job: &Job, index: usize, error: NotCopied, now: Timestamp) -> Result<Step, TaskError> {
    let error = match error {
        NotCopied::Task(error) => return Err(error),
        NotCopied::Refused(code) => return Err(about_photo(job, index, code)),
        NotCopied::Drive(error) => error,
    };
    if let Some(code) = hopeless(&error) {
        warn!(job.id = %job.id, photo = index + 1, %code, %error, "A photo cannot be copied");
        return Err(match code {
            // These are about the Drive, not about this photo.
            FailureCode::DriveAccessRevoked | FailureCode::DriveScopeMissing => {
                TaskError::rejected(Failure::new(code))
            }
            code => about_photo(job, index, code),
        });
    }
    let waited = provider::since(job.created_at, now);
    let wait = match &error {
        UserDriveError::Grant(GrantError::Aws(_)) => return Err(TaskError::transient(error)),
        UserDriveError::Drive(DriveError::Refused { .. } | DriveError::AlreadyThere) => {
            return Err(TaskError::bug(error));
        }
        // A token that ended while a photo was under way; the next call is made with another one.
        UserDriveError::Drive(DriveError::AccessIsGone) => Duration::ZERO,
        UserDriveError::Drive(error) => poll::wait_as_asked(error.retry_after(), waited),
        UserDriveError::Grant(_) => poll::next_wait(waited),
    };
    let until = job.waits_until();
    if now >= until {
        warn!(job.id = %job.id, %error, "Google Drive could not be used until the deadline");
        return Err(TaskError::rejected(Failure::new(given_up(&error))));
    }
    warn!(job.id = %job.id, %error, wait_seconds = wait.as_secs(), "Google Drive asks to wait");
    Ok(Step::wait("waiting", wait.min(provider::until(until, now))))
}

fn about_photo(job: &Job, index: usize, code: FailureCode) -> TaskError {
    TaskError::rejected(Failure::with_fact(code, &photo_fact(job, index)))
}

/// The failure for an error that no waiting mends.
const fn hopeless(error: &UserDriveError) -> Option<FailureCode> {
    match error {
        UserDriveError::Grant(GrantError::NotConnected | GrantError::Reconnect) => {
            Some(FailureCode::DriveAccessRevoked)
        }
        UserDriveError::Drive(DriveError::MissingScope) => Some(FailureCode::DriveScopeMissing),
        UserDriveError::Drive(DriveError::NotFound) => Some(FailureCode::DriveFileMissing),
        UserDriveError::Drive(DriveError::NotDownloadable(_) | DriveError::Forbidden(_)) => {
            Some(FailureCode::DriveFileNotDownloadable)
        }
        UserDriveError::Drive(DriveError::TooLarge) => Some(FailureCode::PhotoTooLarge),
        UserDriveError::Drive(_) | UserDriveError::Grant(_) => None,
    }
}

const fn given_up(error: &UserDriveError) -> FailureCode {
    match error {
        UserDriveError::Drive(DriveError::RateLimited { .. }) => FailureCode::DriveRateLimited,
        UserDriveError::Drive(_) | UserDriveError::Grant(_) => FailureCode::DriveUnavailable,
    }
}
