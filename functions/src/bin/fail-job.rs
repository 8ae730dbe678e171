//! Workflow task: marks a job as failed and stops its batch.

use packshot_clients::aws;
use packshot_functions::{runtime, workflow::fail_job};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    runtime::init_logging();
    let state = fail_job::State::from_env(&aws::sdk_config().await);
    runtime::serve(state, fail_job::handle).await
}
