//! Jobs: start one, list them, look at one, stop one, delete one.

pub mod change;
pub mod create;
pub mod create_from_drive;
pub(super) mod photo;
pub mod read;
pub mod retry;

mod conditional;
mod intake;
mod window;
