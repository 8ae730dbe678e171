//! fail-job: marks a job, or a retry of one image, as failed with the reason that fits, and asks Gemini to stop a batch that
//! still runs.

use aws_config::SdkConfig;
use packshot_clients::{
    clock,
    config::Missing,
    gemini::Gemini,
    jobs::{ChangeError, JobStore},
};
use packshot_domain::{
    failure::{Failure, FailureCode},
    image::ImageFailureReason,
    job::{JobEvent, Refused, RetryEvent},
};
use serde::Deserialize;
use tracing::{error, info};

use super::{Ended, job_store, picture};
use crate::{
    runtime::{ErrorKind, TaskError, TaskInput},
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
    #[serde(flatten)]
    task: TaskInput,
    /// The error's name: one of ours, or one of Step Functions.
    #[serde(default)]
    error: String,
    /// For an error of ours, what the function answered, as JSON.
    #[serde(default)]
    cause: String,
}

/// Answers how the job or the retry ended: what had ended before stays as it was.
pub async fn handle(state: &State, caught: Caught) -> Result<Ended, TaskError> {
    let failure = failure_of(&caught);
    let TaskInput { user_id, job_id, .. } = caught.task;
    if failure.code == FailureCode::InternalError {
        error!(job.id = %job_id, error = caught.error, cause = caught.cause, "The job failed for a reason of ours");
    } else {
        info!(job.id = %job_id, code = %failure.code, "The job failed");
    }
    let retry = caught.task.retry_of();
    let event = match retry {
        None => JobEvent::Failed(failure),
        Some(retry) => JobEvent::Retry(retry, retry_ended(&failure)),
    };
    let failed = state
        .jobs
        .change(user_id, job_id, |job| job.apply(event.clone(), clock::now()))
        .await;
    let job = match failed {
        Ok(job) => job,
        Err(ChangeError::Refused(Refused::Finished(_))) => state
            .jobs
            .get(user_id, job_id)
            .await?
            .ok_or_else(|| TaskError::bug("the job is gone"))?,
        Err(error) => return Err(error.into()),
    };
    stop_batch(&state.gemini, &job, retry).await;
    Ok(retry.map_or_else(|| Ended::of(&job), |retry| Ended::of_retry(&job, retry)))
}

/// The end of a retry that failed. Codes of jobs say what to do about a job, so only their fact is told of an image.
fn retry_ended(failure: &Failure) -> RetryEvent {
    let reason = match failure.code {
        FailureCode::DeadlineExceeded | FailureCode::BatchExpired => ImageFailureReason::Late,
        _ => ImageFailureReason::ProviderError,
    };
    let fact = failure.message.split_inclusive(". ").next().unwrap_or_default();
    RetryEvent::Ended {
        state: picture::failed(reason, Some(fact)),
        cost: None,
        archive: None,
    }
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
    fn a_retry_is_told_the_fact_and_not_what_to_do_about_a_job() {
        for (code, reason, words) in [
            (
                FailureCode::DeadlineExceeded,
                ImageFailureReason::Late,
                "The images were not ready by the job's deadline, so the batch was stopped.",
            ),
            (
                FailureCode::BatchFailed,
                ImageFailureReason::ProviderError,
                "Gemini could not process the batch.",
            ),
        ] {
            let RetryEvent::Ended { state, .. } = retry_ended(&Failure::new(code)) else {
                panic!("a failure ends the retry");
            };
            assert_eq!(state, picture::failed(reason, Some(words)));
        }
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
