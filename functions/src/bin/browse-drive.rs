//! `/api/drive…`: somebody's Google Drive, looked through on our page.

use packshot_clients::aws;
use packshot_functions::{api::drive, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::init();
    let state = drive::State::from_env(&aws::function_config()?)?;
    lambda_http::run(drive::router(state)).await
}
