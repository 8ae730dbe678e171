//! What the integration tests share: a running stack, and the ways a user, a developer, Gemini and a receiver have
//! to it.
//!
//! `cargo xtask test` starts the stack (the real template, state machine and binaries, waits skipped, IAM enforced) and
//! names its `stack.json` in `PACKSHOT_STACK`.

#![expect(
    clippy::missing_panics_doc,
    reason = "all of this panics where a test is to fail"
)]

pub mod api;
pub mod audit;
pub mod belongings;
pub mod browser;
mod cargo_lambda;
pub mod drives;
pub mod ended_jobs;
pub mod failing_proxy;
pub mod files;
pub mod google;
pub mod mailbox;
pub mod pictures;
pub mod receiver;
pub mod rows;
pub mod stack;
pub mod workflow;

use std::time::{Duration, Instant};

/// The longest that anything may take before a test gives up on it. Machines are slow at times; a test never waits
/// this long unless it fails.
pub const PATIENCE: Duration = Duration::from_secs(150);

/// Asks again and again until there is an answer.
///
/// # Panics
///
/// Where there is none in time; `what` says what was waited for.
pub async fn eventually<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "gave up waiting for {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
