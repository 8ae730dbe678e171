//! Prints the API's description, OpenAPI 3.1 as JSON. `cargo xtask openapi` writes it to `docs/openapi.json`.

use std::process::ExitCode;

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the answer of this command line is its output"
)]
fn main() -> ExitCode {
    match packshot_functions::api::openapi::document().to_pretty_json() {
        Ok(document) => {
            println!("{document}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("packshot-openapi: {error}");
            ExitCode::FAILURE
        }
    }
}
