//! The step that removes a user's jobs.

use futures_util::{StreamExt, stream};
use packshot_clients::{
    error::{BoxError, Chain},
    jobs::ChangeError,
};
use packshot_domain::id::{JobId, UserId};
use tracing::error;

use super::{Progress, State};
use crate::{removal::Removal, runtime::TaskError};

/// How many jobs one invocation removes.
const MOST_JOBS: usize = 100;

/// How many are worked on side by side.
const AT_ONCE: usize = 8;

/// Some jobs are still there for another reason than an execution that runs.
#[derive(Debug, thiserror::Error)]
#[error("{0} jobs could not be removed")]
struct NotRemoved(usize);

/// What became of a job.
enum Fate {
    Gone,
    /// An execution may still store files of it.
    Waits,
    Failed,
}

/// Removes a user's jobs, newest first, as many as one invocation can. Those that have to wait are passed over.
pub(super) async fn remove_all(state: &State, user: UserId) -> Result<Progress, TaskError> {
    let (mut gone, mut waiting, mut failed) = (0, 0, 0);
    let mut after = None;
    loop {
        let ids = state.jobs.ids(user, AT_ONCE, after).await?;
        let Some(last) = ids.last().copied() else {
            break;
        };
        after = Some(last);
        let fates = stream::iter(ids).map(|id| remove(state, user, id));
        for fate in fates.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await {
            match fate {
                Fate::Gone => gone += 1,
                Fate::Waits => waiting += 1,
                Fate::Failed => failed += 1,
            }
        }
        if gone >= MOST_JOBS {
            return Ok(Progress::More);
        }
    }
    match (waiting, failed) {
        (0, 0) => Ok(Progress::Gone),
        (_, 0) => Ok(Progress::Waiting),
        _ => Err(TaskError::transient(NotRemoved(failed))),
    }
}

/// Removes a job. One that cannot be removed must not keep the others from it.
async fn remove(state: &State, user: UserId, id: JobId) -> Fate {
    match try_to_remove(state, user, id).await {
        Ok(true) => Fate::Gone,
        Ok(false) => Fate::Waits,
        Err(error) => {
            error!(job.id = %id, error = %Chain(&*error), "Could not remove {id}");
            Fate::Failed
        }
    }
}

async fn try_to_remove(state: &State, user: UserId, id: JobId) -> Result<bool, BoxError> {
    let removal = Removal {
        jobs: &state.jobs,
        bucket: &state.bucket,
        workflow: &state.workflow,
        gemini: &state.gemini,
    };
    let job = match removal.mark(user, id).await {
        Ok(job) => Some(job),
        // It was marked before.
        Err(ChangeError::NotFound(_)) => state.jobs.deleted(user, id).await?,
        Err(error) => return Err(error.into()),
    };
    match job {
        Some(job) => removal.clear(&job).await,
        None => Ok(true),
    }
}
