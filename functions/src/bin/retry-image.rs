//! `POST /api/v1/jobs/{job_id}/images/{image_id}/retry`: makes one image once more.

use packshot_clients::aws;
use packshot_functions::{api::jobs::retry, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::init();
    let state = retry::State::from_env(&aws::function_config()?)?;
    lambda_http::run(retry::router(state)).await
}
