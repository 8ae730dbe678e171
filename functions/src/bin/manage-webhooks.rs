//! `/api/v1/webhook-deliveries`: lists and shows deliveries, sends one again.

use packshot_clients::aws;
use packshot_functions::{api::webhooks, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::init();
    let state = webhooks::State::from_env(&aws::function_config()?)?;
    lambda_http::run(webhooks::router(state)).await
}
