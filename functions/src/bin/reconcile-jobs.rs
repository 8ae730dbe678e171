//! Ends every job that has no running execution, and starts an execution for a job that never got one.

use packshot_clients::aws;
use packshot_functions::{runtime, telemetry, workflow::reconcile_jobs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let state = reconcile_jobs::State::from_env(&aws::function_config()?);
    runtime::serve(state, reconcile_jobs::handle).await
}
