//! Sends many jobs through the API of a running stack, follows each to its end, and says whether anything was lost or
//! done twice. `cargo xtask load` brings the stack up and runs it.

use std::process::ExitCode;

use clap::Parser;
use packshot_load::load::{self, Options};

#[tokio::main]
async fn main() -> ExitCode {
    match load::run(&Options::parse()).await {
        Ok(verdict) if verdict.holds => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            load::say(format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}
