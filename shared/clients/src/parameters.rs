//! Settings and secrets in the Systems Manager's Parameter Store: fetched when first needed, kept for a few minutes,
//! so that a rotated secret is in use without a deployment.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use aws_sdk_ssm::Client;
use packshot_domain::limits::Plan;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use url::Url;

use crate::{
    config::{self, Missing, env},
    error::AwsError,
};

/// How long a fetched value is used before it is fetched again.
const KEPT_FOR: Duration = Duration::from_mins(5);

/// The parameter store with its cache.
#[derive(Debug)]
pub struct Parameters {
    client: Client,
    fetched: Mutex<HashMap<String, (Instant, SecretString)>>,
}

impl Parameters {
    /// The parameter store of this account and region.
    pub fn new(config: &aws_config::SdkConfig) -> Self {
        Self {
            client: Client::new(config),
            fetched: Mutex::default(),
        }
    }

    /// The value of a parameter, decrypted where it is a secret.
    pub async fn get(&self, name: &str) -> Result<SecretString, AwsError> {
        let mut fetched = self.fetched.lock().await;
        if let Some((at, value)) = fetched.get(name)
            && at.elapsed() < KEPT_FOR
        {
            return Ok(value.clone());
        }
        let value = self.fetch(name).await?;
        fetched.insert(name.to_owned(), (Instant::now(), value.clone()));
        Ok(value)
    }

    /// Has the value of a parameter fetched again when it is next needed: the one that is kept was refused.
    pub async fn forget(&self, name: &str) {
        self.fetched.lock().await.remove(name);
    }

    async fn fetch(&self, name: &str) -> Result<SecretString, AwsError> {
        let action = || format!("reading the parameter {name}");
        let reply = self
            .client
            .get_parameter()
            .name(name)
            .with_decryption(true)
            .send()
            .await
            .map_err(|error| AwsError::new(action(), error))?;
        let value = reply.parameter.and_then(|parameter| parameter.value);
        value
            .map(SecretString::from)
            .ok_or_else(|| AwsError::new(action(), "the parameter has no value"))
    }
}

/// The site's public address, below which the API, the page and the images are.
#[derive(Debug)]
pub struct Site {
    parameters: Parameters,
    parameter: String,
}

impl Site {
    /// The site that the environment names.
    pub fn from_env(config: &aws_config::SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            parameters: Parameters::new(config),
            parameter: config::require(env::BASE_URL_PARAMETER)?,
        })
    }

    /// The address, without a path.
    pub async fn base_url(&self) -> Result<Url, AwsError> {
        let value = self.parameters.get(&self.parameter).await?;
        let action = || format!("reading the parameter {}", self.parameter);
        Url::parse(value.expose_secret()).map_err(|error| AwsError::new(action(), error))
    }
}

/// The usage plans of API Gateway, by the plan that users pay for.
#[derive(Debug)]
pub struct UsagePlans {
    parameters: Parameters,
    parameter: String,
}

impl UsagePlans {
    /// The plans that the environment names.
    pub fn from_env(config: &aws_config::SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            parameters: Parameters::new(config),
            parameter: config::require(env::USAGE_PLANS_PARAMETER)?,
        })
    }

    /// API Gateway's id of a plan.
    pub async fn id_of(&self, plan: Plan) -> Result<String, AwsError> {
        let action = || format!("reading the parameter {}", self.parameter);
        let text = self.parameters.get(&self.parameter).await?;
        let ids: HashMap<String, String> =
            serde_json::from_str(text.expose_secret()).map_err(|error| AwsError::new(action(), error))?;
        ids.get(plan.as_str())
            .cloned()
            .ok_or_else(|| AwsError::new(action(), format!("it names no plan {}", plan.as_str())))
    }
}
