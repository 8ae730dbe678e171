//! A loopback server that speaks Gemini's wire format, for developing and testing without an account.
//!
//! It answers with shot lists and pictures of its own making, refuses what the real service refuses, and fails where a
//! test asks it to. The README beside this crate documents faults, recorded calls and limits.
//!
//! It must never reach out to the network, and must not depend on the product that is tested against it: what the two
//! share is the wire format alone.

mod calls;
mod clock;
mod control;
mod error;
mod faults;
mod gate;
mod gemini;
mod operation;
pub mod pictures;
mod server;

pub use server::FakeGoogle;
