//! `POST /api/v1/generate`: accepts a job and starts its workflow.

use packshot_clients::aws;
use packshot_functions::{api::jobs::create, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::init();
    let state = create::State::from_env(&aws::function_config()?)?;
    lambda_http::run(create::router(state)).await
}
