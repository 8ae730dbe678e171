//! `POST /api/v1/jobs/{job_id}/cancel` and `DELETE /api/v1/jobs/{job_id}`: stops a job, removes one.

use packshot_clients::aws;
use packshot_functions::{api::jobs::change, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::init();
    let state = change::State::from_env(&aws::function_config()?)?;
    lambda_http::run(change::router(state)).await
}
