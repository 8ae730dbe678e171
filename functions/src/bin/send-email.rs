//! Workflow task: tells a job's owner how it ended.

use packshot_clients::aws;
use packshot_functions::{notify::send_email, runtime, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let state = send_email::State::from_env(&aws::function_config()?);
    runtime::serve(state, send_email::handle).await
}
