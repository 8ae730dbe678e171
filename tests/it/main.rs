//! The integration tests: one binary, against the real template on the local stack.

mod account_deletion;
mod api;
mod audit;
mod drive;
mod events;
mod flow;
#[cfg(target_os = "linux")]
mod memory;
mod notify;
mod operations;
mod session;
mod state_machine;
mod template;
