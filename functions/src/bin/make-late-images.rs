//! Workflow task: makes the images of a late batch one by one.

use packshot_clients::aws;
use packshot_functions::{runtime, telemetry, workflow::make_late_images};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let state = make_late_images::State::from_env(&aws::function_config()?);
    runtime::serve(state, make_late_images::handle).await
}
