//! `/api/me`, `/api/sessions` and `/auth/logout`: who is signed in, where, and no longer.

use packshot_clients::aws;
use packshot_functions::{api::sessions, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::init();
    let state = sessions::State::from_env(&aws::function_config()?)?;
    lambda_http::run(sessions::router(state)).await
}
