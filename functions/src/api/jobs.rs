//! Jobs: start one, list them, look at one.

pub mod create;
pub mod read;
