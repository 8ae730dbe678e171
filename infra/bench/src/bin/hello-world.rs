//! The smallest function of the runtime, as the runtime's own README has it
//! (<https://github.com/aws/aws-lambda-rust-runtime#getting-started>): what every function of ours is measured against.

use lambda_runtime::{Error, LambdaEvent, service_fn, tracing};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    lambda_runtime::run(service_fn(greet)).await
}

async fn greet(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let first_name = event.payload["firstName"].as_str().unwrap_or("world");
    Ok(json!({"message": format!("Hello, {first_name}!")}))
}
