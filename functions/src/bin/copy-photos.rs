//! Workflow task: copies a job's photos from its owner's Google Drive.

use packshot_clients::aws;
use packshot_functions::{runtime, telemetry, workflow::copy_photos};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let state = copy_photos::State::from_env(&aws::function_config()?);
    runtime::serve(state, copy_photos::handle).await
}
