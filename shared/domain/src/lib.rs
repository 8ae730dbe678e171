//! What a Packshot job is and how it may change: pure decisions, no I/O.
//!
//! This crate never reads a clock, the environment, the network or a disk. The moment, the random bits and the
//! bytes that a decision needs are handed in, so that every rule can be tested in microseconds.

pub mod address;
pub mod api_key;
pub mod batch;
pub mod client_address;
pub mod drive;
pub mod failure;
pub mod id;
pub mod idempotency;
pub mod image;
pub mod job;
pub mod late;
pub mod limits;
pub mod money;
pub mod photo;
pub mod poll;
pub mod prices;
pub mod queue;
pub mod request;
pub mod scope;
pub mod session;
pub mod sign_in;
pub mod strategy;
pub mod user;
pub mod webhook;

mod cookie;
