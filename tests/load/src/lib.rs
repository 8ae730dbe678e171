//! Many jobs at once, and jobs among faults: what `cargo xtask load` and `cargo xtask chaos` run.

pub mod chaos;
pub mod load;
