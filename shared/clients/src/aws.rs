//! How AWS is called: region, credentials, time limits, retries.

pub mod http;

use std::time::Duration;

use aws_config::{
    BehaviorVersion, Region, SdkConfig, environment::EnvironmentVariableCredentialsProvider,
    retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_sdk_dynamodb::config::SharedCredentialsProvider;

use crate::config;

/// The settings that every AWS client of a function is built from.
///
/// Lambda hands region and credentials to a function in its environment
/// (<https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>). Looking nowhere else spares the SDK's chain of
/// providers: its size in every archive, and its work at every start. Without region or credentials each call says so.
///
/// Retries stay on: a Lambda is frozen between invocations and its connections may be gone when it thaws.
///
/// # Errors
///
/// Where TLS cannot be set up.
pub fn function_config() -> Result<SdkConfig, reqwest::Error> {
    let credentials = EnvironmentVariableCredentialsProvider::new();
    let mut sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http::client()?)
        .timeout_config(timeouts())
        .retry_config(retries());
    let given = |name| Some(config::optional(name)).filter(|value| !value.is_empty());
    sdk.set_region(given("AWS_REGION").map(Region::new));
    sdk.set_endpoint_url(given("AWS_ENDPOINT_URL"));
    Ok(sdk.build())
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .read_timeout(Duration::from_secs(20))
        .build()
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(4)
}

/// The same settings for a person's command line, whose credentials may be in a profile or come from a process.
///
/// # Errors
///
/// Where TLS cannot be set up.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the loader that everything else is to use"
)]
pub async fn command_line_config() -> Result<SdkConfig, reqwest::Error> {
    Ok(aws_config::defaults(BehaviorVersion::latest())
        .http_client(http::client()?)
        .timeout_config(timeouts())
        .retry_config(retries())
        .load()
        .await)
}

/// The settings of clients that call a server of a test.
#[cfg(test)]
pub(crate) fn config_at(address: &str) -> SdkConfig {
    let credentials = aws_sdk_ssm::config::Credentials::new("test", "test", None, None, "the test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(address)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http::client().expect("a client"))
        .build()
}
