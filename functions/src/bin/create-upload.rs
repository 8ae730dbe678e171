//! `POST /api/v1/uploads`: signs the upload of one photo.

use packshot_clients::aws;
use packshot_functions::{api::uploads, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::init();
    let state = uploads::State::from_env(&aws::function_config()?)?;
    lambda_http::run(uploads::router(state)).await
}
