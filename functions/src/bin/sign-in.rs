//! `/auth/google/…`: signs people in with Google.

use packshot_clients::aws;
use packshot_functions::{api::sign_in, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::init();
    let state = sign_in::State::from_env(&aws::function_config()?)?;
    lambda_http::run(sign_in::router(state)).await
}
