//! The state machine and the functions, called without the API.

use aws_config::SdkConfig;
use aws_sdk_sfn::{
    Client,
    operation::describe_execution::DescribeExecutionError,
    types::{ExecutionStatus, HistoryEventType},
};
use packshot_domain::{
    id::{JobId, UserId},
    job::Job,
};
use reqwest::{Client as Http, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{cargo_lambda::CargoLambda, eventually};

/// States that are to fail with an error.
#[derive(Debug, Clone)]
pub struct MockedFailure<'a> {
    /// By which [`Workflow::start_failing`] names it: letters, digits and dashes.
    pub case: &'a str,
    /// The states' names.
    pub states: Vec<&'a str>,
    /// The error's name.
    pub error: &'a str,
}

/// The state machine and the functions.
#[derive(Debug, Clone)]
pub struct Workflow {
    sfn: Client,
    arn: String,
    http: Http,
    aws_endpoint: String,
    watched: Option<CargoLambda>,
}

impl Workflow {
    pub(crate) fn new(config: &SdkConfig, aws_endpoint: &str, arn: &str) -> Self {
        Self {
            sfn: Client::new(config),
            arn: arn.to_owned(),
            http: crate::stack::http(),
            aws_endpoint: aws_endpoint.to_owned(),
            watched: CargoLambda::from_env(),
        }
    }

    /// Lets states fail in every execution that [`Workflow::start_failing`] starts for the case, at every try: the
    /// engine looks a failure up once a visit and uses it for the retries, too. The cases of an earlier call are
    /// forgotten.
    pub async fn mock_failures(&self, failures: &[MockedFailure<'_>]) {
        let machine = self.arn.rsplit(':').next().expect("an ARN has a name");
        // Each case has its own response, by the case's name
        // (https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-test-sm-exec.html).
        let states = |failure: &MockedFailure<'_>| -> Value {
            failure
                .states
                .iter()
                .map(|state| ((*state).to_owned(), json!(failure.case)))
                .collect()
        };
        let throws = |failure: &MockedFailure<'_>| {
            let throw = json!({"Throw": {"Error": failure.error, "Cause": "thrown by the test"}});
            json!({"0-99": throw})
        };
        let by_case = |of: &dyn Fn(&MockedFailure<'_>) -> Value| -> Value {
            failures
                .iter()
                .map(|failure| (failure.case.to_owned(), of(failure)))
                .collect()
        };
        let mocks = json!({
            "StateMachines": {machine: {"TestCases": by_case(&states)}},
            "MockedResponses": by_case(&throws),
        });
        self.configure("stepfunctions._sfn_mock_config", &mocks).await;
    }

    /// Forgets what [`Workflow::mock_failures`] has set.
    pub async fn clear_mocks(&self) {
        self.configure("stepfunctions._sfn_mock_config", &json!({})).await;
    }

    async fn configure(&self, setting: &str, value: &Value) {
        let url = format!("{}/_ministack/config", self.aws_endpoint);
        let reply = self
            .http
            .post(url)
            .json(&json!({setting: value}))
            .send()
            .await
            .expect("an answer");
        let reply: Value = reply.json().await.expect("JSON");
        assert_eq!(
            &reply["applied"][setting], value,
            "MiniStack did not take the setting"
        );
    }

    /// Starts an execution of this name for a job, with the failures that were set for the case.
    pub async fn start_failing(&self, case: &str, name: &str, user: UserId, job: JobId) {
        let input = json!({"user_id": user.to_string(), "job_id": job.to_string()});
        self.start_at(&format!("{}#{case}", self.arn), name, &input).await;
    }

    /// Starts a job's execution.
    pub async fn start(&self, user: UserId, job: JobId) {
        let input = json!({"user_id": user.to_string(), "job_id": job.to_string()});
        self.start_at(&self.arn, &job.to_string(), &input).await;
    }

    async fn start_at(&self, arn: &str, name: &str, input: &Value) {
        let start = self
            .sfn
            .start_execution()
            .state_machine_arn(arn)
            .name(name)
            .input(input.to_string());
        start.send().await.expect("started");
    }

    /// Stops the execution of this name.
    pub async fn stop(&self, name: &str) {
        let stop = self.sfn.stop_execution().execution_arn(self.execution_arn(name));
        stop.send().await.expect("stopped");
    }

    /// How the execution of this name is; `None` where there is none.
    pub async fn status(&self, name: &str) -> Option<ExecutionStatus> {
        let describe = self
            .sfn
            .describe_execution()
            .execution_arn(self.execution_arn(name));
        match describe.send().await {
            Ok(execution) => Some(execution.status),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(DescribeExecutionError::is_execution_does_not_exist) =>
            {
                None
            }
            Err(error) => panic!("the execution {name} cannot be looked at: {error:?}"),
        }
    }

    /// How the execution of this name ended.
    pub async fn ended(&self, name: &str) -> ExecutionStatus {
        eventually(&format!("the end of the execution {name}"), async || {
            self.status(name)
                .await
                .filter(|status| *status != ExecutionStatus::Running)
        })
        .await
    }

    /// How many tries of tasks have failed in the execution of this name, those inside of branches left out.
    pub async fn failed_tries(&self, name: &str) -> usize {
        let history = self
            .sfn
            .get_execution_history()
            .execution_arn(self.execution_arn(name));
        let events = history.send().await.expect("a history").events;
        events
            .iter()
            .filter(|event| event.r#type == HistoryEventType::TaskFailed)
            .count()
    }

    fn execution_arn(&self, name: &str) -> String {
        format!("{}:{name}", self.arn.replacen(":stateMachine:", ":execution:", 1))
    }

    /// Invokes a task of the workflow for a job; `Err` is the error that it answered.
    pub async fn task(&self, function: &str, job: &Job) -> Result<Value, Value> {
        let event = json!({"user_id": job.owner.to_string(), "job_id": job.id.to_string()});
        self.invoke(function, &event).await
    }

    /// Invokes a function with an event; `Err` is the error that it answered.
    pub async fn invoke(&self, function: &str, event: &Value) -> Result<Value, Value> {
        if let Some(watched) = &self.watched {
            return watched.invoke(function, event).await;
        }
        let answer = self.try_invoke(function, event).await;
        answer.expect("AWS answers")
    }

    /// Invokes a function with an event; the outer `Err` says that AWS could not be asked.
    pub async fn try_invoke(&self, function: &str, event: &Value) -> Result<Result<Value, Value>, String> {
        let path = format!("{function}/invocations");
        let reply = self.lambda(Method::POST, &path).json(event).send().await;
        let reply = reply.map_err(|error| error.to_string())?;
        let failed = reply.headers().contains_key("x-amz-function-error");
        let status = reply.status();
        let body: Value = reply.json().await.map_err(|error| error.to_string())?;
        if !status.is_success() {
            return Err(format!("{status}: {body}"));
        }
        Ok(if failed { Err(body) } else { Ok(body) })
    }

    /// Changes a variable of a function, as a deployment with another parameter would; the answer is what it was.
    pub async fn set_variable(&self, function: &str, name: &str, value: &str) -> String {
        let path = format!("{function}/configuration");
        let known = self.lambda(Method::GET, &path).send().await.expect("an answer");
        let known: Value = known.json().await.expect("JSON");
        let mut environment = known["Environment"].clone();
        let before = environment["Variables"][name].take();
        environment["Variables"][name] = json!(value);
        let change = json!({"Environment": environment});
        let changed = self.lambda(Method::PUT, &path).json(&change).send().await;
        let changed = changed.expect("an answer");
        assert!(changed.status().is_success(), "{changed:?}");
        before.as_str().expect("the variable was set").to_owned()
    }

    /// A request about a function, at the control plane's own address: a few calls are no reason for another SDK.
    fn lambda(&self, method: Method, path: &str) -> RequestBuilder {
        let stage = self
            .arn
            .rsplit(':')
            .next()
            .and_then(|name| name.split('-').nth(1))
            .unwrap_or("dev");
        let url = format!(
            "{}/2015-03-31/functions/packshot-{stage}-{path}",
            self.aws_endpoint
        );
        let authorization = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, \
                             SignedHeaders=host, Signature=unchecked";
        self.http
            .request(method, url)
            .header("authorization", authorization)
    }
}
