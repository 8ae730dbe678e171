//! `GET /api/v1/jobs` and `GET /api/v1/jobs/{job_id}`: lists jobs, shows one.

use packshot_clients::aws;
use packshot_functions::{api::jobs::read, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::init();
    let state = read::State::from_env(&aws::function_config()?)?;
    lambda_http::run(read::router(state)).await
}
