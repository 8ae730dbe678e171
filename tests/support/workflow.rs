//! The state machine and the functions, called without the API.

use aws_config::SdkConfig;
use aws_sdk_sfn::{Client, types::ExecutionStatus};
use packshot_domain::id::{JobId, UserId};
use reqwest::Client as Http;
use serde_json::{Value, json};

use crate::eventually;

/// The state machine and the functions.
#[derive(Debug, Clone)]
pub struct Workflow {
    sfn: Client,
    arn: String,
    http: Http,
    aws_endpoint: String,
}

impl Workflow {
    pub(crate) fn new(config: &SdkConfig, aws_endpoint: &str, arn: &str) -> Self {
        Self {
            sfn: Client::new(config),
            arn: arn.to_owned(),
            http: crate::stack::http(),
            aws_endpoint: aws_endpoint.to_owned(),
        }
    }

    /// Lets a state fail with an error in every execution that is started with [`Workflow::start_failing`].
    pub async fn mock_failure(&self, state: &str, error: &str) {
        let machine = self.arn.rsplit(':').next().expect("an ARN has a name");
        let cases = json!({"StateFails": {state: "Failure"}});
        let throw = json!({"0-99": {"Throw": {"Error": error, "Cause": "thrown by the test"}}});
        let config = json!({
            "StateMachines": {machine: {"TestCases": cases}},
            "MockedResponses": {"Failure": throw},
        });
        let reply = self
            .http
            .post(format!("{}/_ministack/config", self.aws_endpoint))
            .json(&json!({"stepfunctions._sfn_mock_config": config}))
            .send()
            .await
            .expect("an answer");
        assert!(reply.status().is_success(), "{reply:?}");
    }

    /// Starts a job's execution with the failure of [`Workflow::mock_failure`].
    pub async fn start_failing(&self, user: UserId, job: JobId) {
        self.start_at(&format!("{}#StateFails", self.arn), user, job)
            .await;
    }

    /// Starts a job's execution.
    pub async fn start(&self, user: UserId, job: JobId) {
        self.start_at(&self.arn, user, job).await;
    }

    async fn start_at(&self, arn: &str, user: UserId, job: JobId) {
        let input = json!({"user_id": user.to_string(), "job_id": job.to_string()});
        let start = self
            .sfn
            .start_execution()
            .state_machine_arn(arn)
            .name(job.to_string())
            .input(input.to_string());
        start.send().await.expect("started");
    }

    /// How the execution of this name ended.
    pub async fn ended(&self, name: &str) -> ExecutionStatus {
        let arn = format!("{}:{name}", self.arn.replacen(":stateMachine:", ":execution:", 1));
        eventually(&format!("the end of the execution {name}"), async || {
            let execution = self
                .sfn
                .describe_execution()
                .execution_arn(&arn)
                .send()
                .await
                .ok()?;
            (execution.status != ExecutionStatus::Running).then_some(execution.status)
        })
        .await
    }

    /// Invokes a function with an event; `Err` is the error that it answered.
    pub async fn invoke(&self, function: &str, event: &Value) -> Result<Value, Value> {
        // The control plane's own address, so that the tests need no SDK for one call.
        let stage = self
            .arn
            .rsplit(':')
            .next()
            .and_then(|name| name.split('-').nth(1))
            .unwrap_or("dev");
        let url = format!(
            "{}/2015-03-31/functions/packshot-{stage}-{function}/invocations",
            self.aws_endpoint
        );
        let authorization = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, \
                             SignedHeaders=host, Signature=unchecked";
        let reply = self
            .http
            .post(url)
            .header("authorization", authorization)
            .json(event)
            .send()
            .await
            .expect("an answer");
        let failed = reply.headers().contains_key("x-amz-function-error");
        let status = reply.status();
        let body: Value = reply.json().await.expect("JSON");
        assert!(status.is_success(), "{status}: {body}");
        if failed { Err(body) } else { Ok(body) }
    }
}
