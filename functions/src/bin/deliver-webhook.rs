//! Queue consumer: delivers webhooks to their receivers.

use packshot_clients::aws;
use packshot_functions::{notify::deliver_webhook, runtime, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let state = deliver_webhook::State::from_env(&aws::function_config()?);
    runtime::serve(state, deliver_webhook::handle).await
}
