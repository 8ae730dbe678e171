//! Workflow task: marks a job as failed and stops its batch.

use packshot_clients::aws;
use packshot_functions::{runtime, telemetry, workflow::fail_job};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let state = fail_job::State::from_env(&aws::function_config()?);
    runtime::serve(state, fail_job::handle).await
}
