//! A loopback server that speaks the wire formats of Gemini, Google sign-in and Drive, for developing and testing without an account.
//!
//! It answers with shot lists and pictures of its own making, refuses what the real service refuses, and fails where a
//! test asks it to. The README beside this crate documents faults, recorded calls and limits.
//!
//! It must never reach out to the network, and must not depend on the product that is tested against it: what the two
//! share is the wire format alone.

mod caller;
mod calls;
mod clock;
mod control;
mod drive;
mod error;
mod faults;
mod gate;
mod gemini;
mod oauth;
mod operation;
pub mod pictures;
mod server;

pub use oauth::OAuthClient;
pub use server::FakeGoogle;
