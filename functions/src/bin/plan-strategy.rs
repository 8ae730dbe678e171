//! Workflow task: has Gemini look at the photos and write the shot list.

use packshot_clients::aws;
use packshot_functions::{runtime, telemetry, workflow::plan_strategy};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let state = plan_strategy::State::from_env(&aws::function_config()?);
    runtime::serve(state, plan_strategy::handle).await
}
