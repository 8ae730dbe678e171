//! How AWS is called: region, credentials, time limits, retries.

use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};

/// The settings that every AWS client is built from.
///
/// Retries stay on: a Lambda is frozen between invocations and its connections may be gone when it thaws.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the loader that everything else is to use"
)]
pub async fn sdk_config() -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .read_timeout(Duration::from_secs(20))
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(4))
        .load()
        .await
}
