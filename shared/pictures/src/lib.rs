//! Pixels: photos are made fit to be sent on, pictures that came are checked, and both get small copies.
//!
//! Computing only, no I/O. It is a crate of its own so that all of it is compiled for speed, generic code of others included, while the
//! rest of a function is compiled small (`Cargo.toml`, docs/decisions/0029-archives-are-small.md).

pub mod made;
pub mod photo;

mod pixels;
