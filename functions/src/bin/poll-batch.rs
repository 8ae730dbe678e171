//! Workflow task: asks Gemini how the batch is.

use packshot_clients::aws;
use packshot_functions::{runtime, telemetry, workflow::poll_batch};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let state = poll_batch::State::from_env(&aws::function_config()?);
    runtime::serve(state, poll_batch::handle).await
}
