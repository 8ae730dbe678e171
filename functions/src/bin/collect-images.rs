//! Workflow task: stores the images of a finished batch.

use packshot_clients::aws;
use packshot_functions::{runtime, workflow::collect_images};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    runtime::init_logging();
    let state = collect_images::State::from_env(&aws::sdk_config().await);
    runtime::serve(state, collect_images::handle).await
}
