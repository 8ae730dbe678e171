//! The stack that the tests run against.

use std::collections::BTreeMap;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::Credentials;
use aws_sdk_ssm::types::ParameterType;
use jiff::Timestamp;
use packshot_clients::{
    accounts::Accounts,
    clock,
    jobs::JobStore,
    keys::{IssuedKey, KeyIssuer, NewKey},
    sessions::{NewSession, Sessions},
    table::Table,
};
use packshot_domain::{
    id::{SessionId, UserId},
    limits::{Allowance, Plan},
    scope::Scopes,
    session::SessionToken,
    user::User,
    webhook::{SECRET_BYTES, Secret},
};
use serde::Deserialize;

use crate::{api::Api, google::Google, mailbox::Mailbox, rows::Rows, workflow::Workflow};

#[derive(Debug, Clone, Deserialize)]
struct StackFile {
    base_url: String,
    aws_endpoint: String,
    google_url: String,
    #[serde(default)]
    faults_url: Option<String>,
    outputs: BTreeMap<String, String>,
}

/// A running stack, with a user of the test's own in it.
#[derive(Debug)]
pub struct Stack {
    file: StackFile,
    /// AWS with the rights of the account's owner.
    pub config: SdkConfig,
    /// The test's user.
    pub user: User,
    /// The public API with that user's key.
    pub api: Api,
    /// The Gemini that the functions call.
    pub google: Google,
    /// Mail that was sent.
    pub mailbox: Mailbox,
    /// The state machine and the functions, called without the API.
    pub workflow: Workflow,
    /// The jobs, as the functions read them.
    pub jobs: JobStore,
    /// The rows of the test's user's jobs, written and edited by hand.
    pub rows: Rows,
    /// The table.
    pub table: Table,
}

impl Stack {
    /// Connects to the stack, clears Gemini, the queue for it and the state machine's mocks, and makes a new user with a key.
    ///
    /// # Panics
    ///
    /// Where no stack runs.
    pub async fn connect() -> Self {
        Self::connect_with(None).await
    }

    /// Does the same with limits of the user's own.
    ///
    /// # Panics
    ///
    /// Where no stack runs.
    pub async fn connect_with(own_allowance: Option<Allowance>) -> Self {
        let file = read_file();
        let config = root_config(&file).await;
        let table = Table::new(&config, file.outputs["TableName"].clone());
        let google = Google::new(&file.google_url);
        google.reset().await;
        let workflow = Workflow::new(&config, &file.aws_endpoint, &file.outputs["StateMachineArn"]);
        workflow.clear_mocks().await;
        let (user, issued) = new_user(&config, &table, &file, own_allowance).await;
        let rows = Rows::new(&config, &file.outputs, user.id);
        rows.clear_queue().await;
        Self {
            api: Api::new(&file.base_url, issued.key.reveal()),
            google,
            mailbox: Mailbox::new(&file.aws_endpoint),
            workflow,
            jobs: JobStore::new(table.clone()),
            rows,
            table,
            user,
            config,
            file,
        }
    }

    /// Makes another user with limits of its own, and the API with its key.
    ///
    /// # Panics
    ///
    /// Where it cannot be written.
    pub async fn another_user(&self, own_allowance: Option<Allowance>) -> (User, Api) {
        let (user, issued) = new_user(&self.config, &self.table, &self.file, own_allowance).await;
        (user, self.api.with_key(issued.key.reveal()))
    }

    /// Issues another key of the test's user.
    ///
    /// # Panics
    ///
    /// Where it cannot be issued.
    pub async fn issue_key(&self, scopes: Scopes, valid_until: Option<Timestamp>) -> IssuedKey {
        let new = NewKey {
            name: "another".to_owned(),
            scopes,
            valid_until,
        };
        KeyIssuer::new(&self.config, self.table.clone())
            .issue(self.user.id, new, self.output("ProUsagePlanId"))
            .await
            .expect("a key")
    }

    /// Begins a session of the test's user.
    ///
    /// # Panics
    ///
    /// Where it cannot be begun.
    pub async fn sign_in(&self) -> SessionToken {
        self.sign_in_on("curl", clock::now()).await.0
    }

    /// Begins a session of the test's user on this device at this moment, be it long ago.
    ///
    /// # Panics
    ///
    /// Where it cannot be begun.
    pub async fn sign_in_on(&self, device: &str, began_at: Timestamp) -> (SessionToken, SessionId) {
        let token = SessionToken::from_random(rand::random());
        let new = NewSession {
            user: self.user.id,
            device: device.to_owned(),
            began_at,
        };
        let id = Sessions::new(self.table.clone())
            .begin(&token.hash(), new)
            .await
            .expect("a session");
        (token, id)
    }

    /// The value of a parameter, decrypted.
    pub async fn parameter(&self, name: &str) -> String {
        let client = aws_sdk_ssm::Client::new(&self.config);
        let read = client
            .get_parameter()
            .name(name)
            .with_decryption(true)
            .send()
            .await;
        let parameter = read.expect("the parameter is read").parameter;
        parameter.and_then(|parameter| parameter.value).expect("a value")
    }

    /// Changes a secret, as its operator would.
    pub async fn set_parameter(&self, name: &str, value: &str) {
        let client = aws_sdk_ssm::Client::new(&self.config);
        let put = client.put_parameter().name(name).value(value).overwrite(true);
        let put = put.r#type(ParameterType::SecureString).send().await;
        put.expect("the parameter is written");
    }

    /// An output of the CloudFormation stack.
    pub fn output(&self, name: &str) -> &str {
        &self.file.outputs[name]
    }

    /// Where AWS is.
    pub fn aws_endpoint(&self) -> &str {
        &self.file.aws_endpoint
    }

    /// Where faults between the functions and AWS are asked for, which is where the functions call AWS; only in a stack that was
    /// made for it.
    pub fn faults_url(&self) -> Option<&str> {
        self.file.faults_url.as_deref()
    }

    /// Where the product is.
    pub fn base_url(&self) -> &str {
        &self.file.base_url
    }
}

/// A user who was not there before, with a key of the larger plan.
async fn new_user(
    config: &SdkConfig,
    table: &Table,
    file: &StackFile,
    own_allowance: Option<Allowance>,
) -> (User, IssuedKey) {
    let user = User {
        id: UserId::from_uuid(clock::new_uuid()),
        email: format!("{}@seller.example", clock::new_uuid().simple()),
        webhook_secrets: vec![Secret::from_random([7; SECRET_BYTES])],
        webhook_endpoint: None,
        plan: Plan::Pro,
        own_allowance,
    };
    Accounts::new(table.clone())
        .create(&user)
        .await
        .expect("the user is written");
    let new = NewKey {
        name: "test".to_owned(),
        scopes: Scopes::ALL,
        valid_until: None,
    };
    let issued = KeyIssuer::new(config, table.clone())
        .issue(user.id, new, &file.outputs["ProUsagePlanId"])
        .await;
    (user, issued.expect("a key"))
}

fn read_file() -> StackFile {
    #[expect(
        clippy::disallowed_methods,
        reason = "this variable is the test suite's own, not a function's"
    )]
    let path = std::env::var("PACKSHOT_STACK")
        .expect("PACKSHOT_STACK is set: run the tests with `cargo xtask test`");
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{path} cannot be read: {error}"));
    serde_json::from_slice(&text).expect("a stack.json")
}

/// The account's owner on the local stack: its access key is fixed and opens nothing else.
#[expect(
    clippy::disallowed_methods,
    reason = "the tests call AWS as its owner, not as a function"
)]
async fn root_config(file: &StackFile) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(packshot_clients::aws::http::client().expect("an HTTP client"))
        .endpoint_url(&file.aws_endpoint)
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "local stack"))
        .load()
        .await
}

/// An HTTP client of the tests.
pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .timeout(crate::PATIENCE)
        .no_proxy()
        .build()
        .expect("a client")
}
