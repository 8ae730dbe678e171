//! `/api/keys`: lists, creates, rolls and revokes API keys.

use packshot_clients::aws;
use packshot_functions::{api::keys, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::init();
    let state = keys::State::from_env(&aws::function_config()?)?;
    lambda_http::run(keys::router(state)).await
}
