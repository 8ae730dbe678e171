//! The server over HTTP, as a client without an SDK meets it.
//!
//! The bodies of the recorded calls (google-genai 3.4.0, @google/genai 2.32.0) are sent as they were recorded, names
//! in both spellings included.

mod batches;
mod drive;
mod drive_bytes;
mod drive_write;
mod faults;
mod files;
mod generate;
mod oidc;
mod oidc_control;
mod oidc_tokens;
mod person;
mod server;
