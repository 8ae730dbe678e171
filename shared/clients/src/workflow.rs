//! The state machine that drives jobs.

use aws_sdk_sfn::{
    Client,
    operation::{describe_execution::DescribeExecutionError, start_execution::StartExecutionError},
    types::ExecutionStatus,
};
use packshot_domain::{
    id::{EventId, JobId, RequestId, UserId},
    job::RetryOf,
};
use serde_json::{Value, json};

use crate::{
    config::{self, Missing, env},
    error::AwsError,
};

/// What became of an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Execution {
    /// It was never started, or so long ago that its record is gone.
    Unknown,
    /// It runs.
    Running,
    /// It ended well.
    Succeeded,
    /// It failed, timed out or was stopped.
    Broken,
}

impl Execution {
    /// Whether it may still do something.
    pub const fn may_run(self) -> bool {
        matches!(self, Self::Running)
    }
}

/// An end that somebody is to be told of.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Whose job it is.
    pub owner: UserId,
    /// The job.
    pub job: JobId,
    /// The retry that has ended; `None` for the job itself.
    pub retry: Option<RetryOf>,
    /// Whether there may be a program to tell.
    pub webhook: bool,
    /// The event's id.
    pub event: EventId,
}

impl Notice {
    fn input(&self) -> Value {
        let mut input = json!({
            "user_id": self.owner.to_string(),
            "job_id": self.job.to_string(),
            "start_at": "notify",
            "webhook": self.webhook,
            "event_id": self.event.to_string(),
        });
        if let Some(retry) = self.retry {
            input["retry"] = retry_input(retry);
        }
        input
    }
}

/// The state machine.
#[derive(Debug, Clone)]
pub struct Workflow {
    client: Client,
    arn: String,
}

impl Workflow {
    /// The state machine that the environment names.
    pub fn from_env(config: &aws_config::SdkConfig) -> Result<Self, Missing> {
        Ok(Self::new(config, config::require(env::STATE_MACHINE_ARN)?))
    }

    /// The state machine of this ARN.
    pub fn new(config: &aws_config::SdkConfig, arn: String) -> Self {
        Self {
            client: Client::new(config),
            arn,
        }
    }

    /// Starts the execution of a job. Its name is the job's id, so that starting it twice is starting it once, even
    /// where the first answer was lost.
    pub async fn start(&self, owner: UserId, job: JobId, request: Option<RequestId>) -> Result<(), AwsError> {
        let input = json!({"user_id": owner.to_string(), "job_id": job.to_string()});
        self.start_named(&job.to_string(), from(request, input)).await
    }

    /// Starts an execution that marks a job as failed and tells its owner: for a job whose own execution broke.
    pub async fn start_failure(&self, owner: UserId, job: JobId) -> Result<(), AwsError> {
        let input = json!({
            "user_id": owner.to_string(),
            "job_id": job.to_string(),
            "start_at": "fail",
            "error": "Bug",
            "cause": "the execution ended without finishing the job",
        });
        self.start_named(&failure_name(job, None), input).await
    }

    /// Starts an execution that only tells how a job ended: for one that its owner has canceled.
    pub async fn start_notice(&self, notice: &Notice, request: Option<RequestId>) -> Result<(), AwsError> {
        let name = format!("{}{CANCELED}", notice.job);
        self.start_named(&name, from(request, notice.input())).await
    }

    /// Starts an execution that only tells what another was to tell when it broke; however often that is asked for, one.
    pub async fn start_notice_after(&self, broken: &str, notice: &Notice) -> Result<(), AwsError> {
        self.start_named(&format!("{broken}{TOLD}"), notice.input()).await
    }

    /// Starts the execution of a retry, which enters at `SubmitBatch`. As with jobs, starting it twice is starting it once.
    pub async fn start_retry(
        &self,
        owner: UserId,
        job: JobId,
        retry: RetryOf,
        request: Option<RequestId>,
    ) -> Result<(), AwsError> {
        let input = json!({
            "user_id": owner.to_string(),
            "job_id": job.to_string(),
            "start_at": "retry",
            "retry": retry_input(retry),
        });
        self.start_named(&retry_name(job, retry), from(request, input))
            .await
    }

    /// Starts an execution that ends a retry as failed: for one whose own execution broke.
    pub async fn start_retry_failure(
        &self,
        owner: UserId,
        job: JobId,
        retry: RetryOf,
    ) -> Result<(), AwsError> {
        let input = json!({
            "user_id": owner.to_string(),
            "job_id": job.to_string(),
            "retry": retry_input(retry),
            "start_at": "fail",
            "error": "Bug",
            "cause": "the execution ended without finishing the retry",
        });
        self.start_named(&failure_name(job, Some(retry)), input).await
    }

    /// What became of a retry's execution.
    pub async fn execution_of_retry(&self, job: JobId, retry: RetryOf) -> Result<Execution, AwsError> {
        self.execution_named(&retry_name(job, retry)).await
    }

    /// What became of the execution that [`Workflow::start_retry_failure`] started.
    pub async fn failure_execution_of_retry(
        &self,
        job: JobId,
        retry: RetryOf,
    ) -> Result<Execution, AwsError> {
        self.execution_named(&failure_name(job, Some(retry))).await
    }

    /// What became of a job's own execution.
    pub async fn execution_of(&self, job: JobId) -> Result<Execution, AwsError> {
        self.execution_named(&job.to_string()).await
    }

    /// What became of the execution that [`Workflow::start_failure`] started.
    pub async fn failure_execution_of(&self, job: JobId) -> Result<Execution, AwsError> {
        self.execution_named(&failure_name(job, None)).await
    }

    async fn start_named(&self, name: &str, input: Value) -> Result<(), AwsError> {
        let started = self
            .client
            .start_execution()
            .state_machine_arn(&self.arn)
            .name(name)
            .input(input.to_string())
            .send()
            .await;
        match started {
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(StartExecutionError::is_execution_already_exists) =>
            {
                Ok(())
            }
            other => other
                .map(drop)
                .map_err(|error| AwsError::new(format!("starting the execution {name}"), error)),
        }
    }

    async fn execution_named(&self, name: &str) -> Result<Execution, AwsError> {
        let arn = format!("{}:{name}", self.arn.replacen(":stateMachine:", ":execution:", 1));
        match self.client.describe_execution().execution_arn(arn).send().await {
            Ok(execution) => Ok(match execution.status {
                ExecutionStatus::Running | ExecutionStatus::PendingRedrive => Execution::Running,
                ExecutionStatus::Succeeded => Execution::Succeeded,
                _ => Execution::Broken,
            }),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(DescribeExecutionError::is_execution_does_not_exist) =>
            {
                Ok(Execution::Unknown)
            }
            Err(error) => Err(AwsError::new(format!("looking at the execution {name}"), error)),
        }
    }
}

/// What is added to a job's id to name the executions that are not its own.
const FAILURE: &str = "-fail";
const CANCELED: &str = "-canceled";
const TOLD: &str = "-told";

/// What the execution is called that fails a job or a retry of it.
pub fn failure_name(job: JobId, retry: Option<RetryOf>) -> String {
    let name = retry.map_or_else(|| job.to_string(), |retry| retry_name(job, retry));
    format!("{name}{FAILURE}")
}

/// At most 80 characters (<https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html>).
fn retry_name(job: JobId, retry: RetryOf) -> String {
    format!("{job}-{}-{}", retry.image, retry.attempt)
}

/// The input with the request that asked for the execution, for its log lines.
fn from(request: Option<RequestId>, mut input: Value) -> Value {
    if let Some(request) = request {
        input["request_id"] = request.to_string().into();
    }
    input
}

fn retry_input(retry: RetryOf) -> Value {
    json!({"image_id": retry.image.to_string(), "attempt": retry.attempt})
}

/// Whether an execution of this name does nothing but tell what another was to tell.
pub fn only_tells(name: &str) -> bool {
    name.ends_with(TOLD)
}

/// The job that an execution of this name is about: its id, which has no dash, comes first.
pub fn job_of_execution(name: &str) -> Option<JobId> {
    name.split('-').next()?.parse().ok()
}
