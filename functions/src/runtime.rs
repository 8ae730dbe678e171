//! What every function that is not behind HTTP has in common: how it is served, and how its errors reach Step Functions.

use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use packshot_clients::{
    config::Missing,
    error::{AwsError, BoxError, Chain},
    gemini::GeminiError,
    jobs::ChangeError,
};
use packshot_domain::{
    failure::Failure,
    id::{ImageId, JobId, UserId},
    job::RetryOf,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tracing::{Instrument, error};

use crate::telemetry::{self, Invocation};

/// The error names that the state machine tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The same call may succeed later.
    Transient,
    /// The job cannot be done; the message is the failure as JSON.
    Rejected,
    /// Ours to mend.
    Bug,
}

impl ErrorKind {
    /// Every name there is.
    pub const ALL: [Self; 3] = [Self::Transient, Self::Rejected, Self::Bug];

    /// The name in `ErrorEquals`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transient => "Transient",
            Self::Rejected => "Rejected",
            Self::Bug => "Bug",
        }
    }
}

/// Why a task did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    /// The same call may succeed later.
    #[error("the task may succeed later")]
    Transient(#[source] BoxError),
    /// The job cannot be done.
    #[error("the job cannot be done: {}", .0.code)]
    Rejected(Failure),
    /// Ours to mend.
    #[error("the task is not as it should be")]
    Bug(#[source] BoxError),
}

impl TaskError {
    /// An error that may go away by itself.
    pub fn transient(source: impl Into<BoxError>) -> Self {
        Self::Transient(source.into())
    }

    /// An error that only a change of ours mends.
    pub fn bug(source: impl Into<BoxError>) -> Self {
        Self::Bug(source.into())
    }

    /// A job that cannot be done.
    pub const fn rejected(failure: Failure) -> Self {
        Self::Rejected(failure)
    }

    /// Its name for Step Functions.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Transient(_) => ErrorKind::Transient,
            Self::Rejected(_) => ErrorKind::Rejected,
            Self::Bug(_) => ErrorKind::Bug,
        }
    }
}

impl From<AwsError> for TaskError {
    fn from(error: AwsError) -> Self {
        Self::transient(error)
    }
}

impl From<GeminiError> for TaskError {
    fn from(error: GeminiError) -> Self {
        Self::transient(error)
    }
}

impl From<ChangeError> for TaskError {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Aws(_) | ChangeError::Contended(_) => Self::transient(error),
            ChangeError::NotFound(_) | ChangeError::Refused(_) => Self::bug(error),
        }
    }
}

impl From<TaskError> for Diagnostic {
    fn from(error: TaskError) -> Self {
        let error_message = match &error {
            TaskError::Rejected(failure) => {
                json!({"code": failure.code.as_str(), "message": failure.message}).to_string()
            }
            TaskError::Transient(_) | TaskError::Bug(_) => {
                telemetry::redacted(&Chain(&error).to_string()).into_owned()
            }
        };
        Self {
            error_type: error.kind().name().to_owned(),
            error_message,
        }
    }
}

/// What every workflow task is given.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct TaskInput {
    /// Whose job.
    pub user_id: UserId,
    /// Which job.
    pub job_id: JobId,
    /// Which retry of one of its images; `None` for the job as a whole.
    #[serde(default)]
    pub retry: Option<RetryInput>,
}

/// Which retry a task is about.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct RetryInput {
    /// The image.
    pub image_id: ImageId,
    /// The number of the retry, from 1.
    pub attempt: u32,
}

impl TaskInput {
    /// The retry that the task is about.
    pub fn retry_of(&self) -> Option<RetryOf> {
        self.retry.map(|retry| RetryOf {
            image: retry.image_id,
            attempt: retry.attempt,
        })
    }
}

/// Serves a function that is not behind HTTP: a task of the workflow, a queue's or a schedule's target.
///
/// # Errors
///
/// Where the environment lacks a variable, or the runtime cannot go on.
pub async fn serve<S, I, O>(
    state: Result<S, Missing>,
    handle: impl AsyncFn(&S, I) -> Result<O, TaskError>,
) -> Result<(), lambda_runtime::Error>
where
    I: DeserializeOwned,
    O: Serialize,
{
    let state = &state?;
    let handle = &handle;
    let invoke = move |event: LambdaEvent<Value>| async move {
        let span = Invocation::of(&event.context).span_of(&event.payload);
        // On the heap: the futures of the SDK clients are deep, and their layout as one type is past the compiler.
        let answer = Box::pin(answer(state, handle, event.payload).instrument(span)).await;
        telemetry::flush().await;
        answer
    };
    lambda_runtime::run(service_fn(invoke)).await
}

async fn answer<S, I: DeserializeOwned, O>(
    state: &S,
    handle: &impl AsyncFn(&S, I) -> Result<O, TaskError>,
    event: Value,
) -> Result<O, TaskError> {
    let answer = match serde_json::from_value(event) {
        Ok(input) => handle(state, input).await,
        Err(error) => Err(TaskError::bug(error)),
    };
    answer.inspect_err(|error| match error {
        TaskError::Rejected(failure) => tracing::info!(code = %failure.code, "Rejected the job"),
        TaskError::Transient(_) | TaskError::Bug(_) => {
            error!(error = %Chain(error), kind = error.kind().name(), "The task did not succeed");
        }
    })
}
