//! The integration tests: one binary, against the real template on the local stack.

mod state_machine;
mod template;
