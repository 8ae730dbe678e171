//! `GET /api/v1/usage`: shows what was used.

use packshot_clients::aws;
use packshot_functions::{api::usage, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::init();
    let state = usage::State::from_env(&aws::function_config()?)?;
    lambda_http::run(usage::router(state)).await
}
