//! `POST /api/generate/drive`: accepts a job of photos in Google Drive and starts its workflow.

use packshot_clients::aws;
use packshot_functions::{api::jobs::create_from_drive, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::init();
    let state = create_from_drive::State::from_env(&aws::function_config()?)?;
    lambda_http::run(create_from_drive::router(state)).await
}
