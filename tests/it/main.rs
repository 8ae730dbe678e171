//! The integration tests: one binary, against the real template on the local stack.

mod account_deletion;
mod api;
mod events;
mod flow;
#[cfg(target_os = "linux")]
mod memory;
mod notify;
mod state_machine;
mod template;
