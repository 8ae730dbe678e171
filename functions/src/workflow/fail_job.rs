//! fail-job: marks a job as failed with the reason that fits, and asks Gemini to stop a batch that still runs.

use aws_config::SdkConfig;
use packshot_clients::{
    clock,
    config::Missing,
    gemini::Gemini,
    jobs::{ChangeError, JobStore},
};
use packshot_domain::{
    failure::{Failure, FailureCode},
    id::{JobId, UserId},
    job::{JobEvent, Refused},
};
use serde::Deserialize;
use tracing::{error, info};

use super::{Ended, job_store};
use crate::{
    runtime::{ErrorKind, TaskError},
    stop::stop_batch,
};

/// What this function may use.
#[derive(Debug)]
pub struct State {
    jobs: JobStore,
    gemini: Gemini,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            jobs: job_store(config)?,
            gemini: Gemini::from_env(config)?,
        })
    }
}

/// What the state machine caught.
#[derive(Debug, Clone, Deserialize)]
pub struct Caught {
    user_id: UserId,
    job_id: JobId,
    /// The error's name: one of ours, or one of Step Functions.
    #[serde(default)]
    error: String,
    /// For an error of ours, what the function answered, as JSON.
    #[serde(default)]
    cause: String,
}

/// Answers how the job ended: a job that had ended before stays as it was.
pub async fn handle(state: &State, caught: Caught) -> Result<Ended, TaskError> {
    let failure = failure_of(&caught);
    if failure.code == FailureCode::InternalError {
        error!(job.id = %caught.job_id, error = caught.error, cause = caught.cause, "The job failed for a reason of ours");
    } else {
        info!(job.id = %caught.job_id, code = %failure.code, "The job failed");
    }
    let event = JobEvent::Failed(failure);
    let failed = state
        .jobs
        .change(caught.user_id, caught.job_id, |job| {
            job.apply(event.clone(), clock::now())
        })
        .await;
    let job = match failed {
        Ok(job) => job,
        Err(ChangeError::Refused(Refused::Finished(_))) => state
            .jobs
            .get(caught.user_id, caught.job_id)
            .await?
            .ok_or_else(|| TaskError::bug("the job is gone"))?,
        Err(error) => return Err(error.into()),
    };
    stop_batch(&state.gemini, &job).await;
    Ok(Ended::of(&job))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LambdaError {
    error_message: String,
}

#[derive(Deserialize)]
struct RejectedMessage {
    code: String,
    message: String,
}

/// The failure that the caught error stands for.
fn failure_of(caught: &Caught) -> Failure {
    let rejected = || -> Option<Failure> {
        let lambda: LambdaError = serde_json::from_str(&caught.cause).ok()?;
        let message: RejectedMessage = serde_json::from_str(&lambda.error_message).ok()?;
        Some(Failure {
            code: FailureCode::parse(&message.code)?,
            message: message.message,
        })
    };
    let known = if caught.error == ErrorKind::Rejected.name() {
        rejected()
    } else {
        None
    };
    known.unwrap_or_else(|| Failure::new(FailureCode::InternalError))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn caught(error: &str, cause: &str) -> Failure {
        let caught = json!({"user_id": "user_01h2xcejqtf2nbrexx3vqjhp41", "job_id": "job_01h2xcejqtf2nbrexx3vqjhp41",
            "error": error, "cause": cause});
        failure_of(&serde_json::from_value(caught).expect("a caught error"))
    }

    #[test]
    fn a_rejection_keeps_its_code_and_words() {
        let message = json!({"code": "photo_too_small", "message": "Photo 2: …"}).to_string();
        let cause = json!({"errorType": "Rejected", "errorMessage": message, "stackTrace": []}).to_string();
        let failure = caught("Rejected", &cause);
        assert_eq!(
            (failure.code, failure.message.as_str()),
            (FailureCode::PhotoTooSmall, "Photo 2: …")
        );
    }

    #[test]
    fn everything_else_is_our_mistake() {
        for (error, cause) in [
            ("Bug", "{}"),
            ("States.Timeout", ""),
            ("Rejected", "not JSON"),
            ("Lambda.Unknown", "x"),
        ] {
            assert_eq!(caught(error, cause).code, FailureCode::InternalError, "{error}");
        }
    }
}
