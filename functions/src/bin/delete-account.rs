//! Removes everything that an account owned which is closed, woken by its queue and once an hour.

use packshot_clients::aws;
use packshot_functions::{delete_account, runtime, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let state = delete_account::State::from_env(&aws::function_config()?);
    runtime::serve(state, delete_account::handle).await
}
