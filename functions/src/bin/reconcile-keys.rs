//! Finishes API keys whose issue or end was left half-done.

use packshot_clients::aws;
use packshot_functions::{reconcile_keys, runtime, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let state = reconcile_keys::State::from_env(&aws::function_config()?);
    runtime::serve(state, reconcile_keys::handle).await
}
