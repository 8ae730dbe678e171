//! Workflow task: puts a job's images into its owner's Google Drive.

use packshot_clients::aws;
use packshot_functions::{runtime, telemetry, workflow::save_to_drive};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let state = save_to_drive::State::from_env(&aws::function_config()?);
    runtime::serve(state, save_to_drive::handle).await
}
