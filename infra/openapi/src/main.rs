//! Prints what others are made from as JSON: the API's descriptions, OpenAPI 3.1, and the prices that the page shows.
//! `cargo xtask openapi` writes them to their files.

use std::process::ExitCode;

use packshot_functions::{api::openapi, shown_prices};

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the answer of this command line is its output"
)]
fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let made = match wanted.as_str() {
        "programs" => openapi::document().to_pretty_json(),
        "page" => openapi::page_document().to_pretty_json(),
        "prices" => shown_prices::document(),
        _ => {
            eprintln!("packshot-openapi: say which: programs, page or prices");
            return ExitCode::FAILURE;
        }
    };
    match made {
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
