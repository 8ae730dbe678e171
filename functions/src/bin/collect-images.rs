//! Workflow task: stores the images of a finished batch.

use packshot_clients::aws;
use packshot_functions::{runtime, telemetry, workflow::collect_images};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let state = collect_images::State::from_env(&aws::function_config()?);
    runtime::serve(state, collect_images::handle).await
}
