//! Workflow task: uploads photos and prompts to Gemini and creates the batch.

use packshot_clients::aws;
use packshot_functions::{runtime, telemetry, workflow::submit_batch};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let state = submit_batch::State::from_env(&aws::function_config()?);
    runtime::serve(state, submit_batch::handle).await
}
