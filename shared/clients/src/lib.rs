//! One module for each thing outside: the table, the bucket, Gemini, Google, mail, queue, workflow, strangers' addresses.
//!
//! A client turns calls into typed results and errors that know whether repeating helps. It decides nothing about
//! jobs (that is `packshot-domain`'s) and it is the only place that names SDK types.

pub mod accounts;
pub mod aws;
pub mod bucket;
pub mod clock;
pub mod config;
mod consumption;
pub mod deliveries;
pub mod drive_grants;
pub mod error;
mod events;
pub mod gemini;
pub mod google;
pub mod hostile_http;
pub mod idempotency;
pub mod jobs;
pub mod keys;
pub mod mail;
pub mod metrics;
pub mod outbound;
pub mod pace;
pub mod parameters;
pub mod queue;
pub mod sealing;
pub mod sessions;
pub mod table;
pub mod tls;
pub mod usage;
pub mod user_drive;
pub mod workflow;
