//! The one place that reads the clock and makes ids.

use jiff::Timestamp;
use uuid::Uuid;

/// The current moment, to the millisecond: what the table and the API show.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock that everything else is to use"
)]
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// A new UUID of version 7, to make an id of: later ones sort after earlier ones.
pub fn new_uuid() -> Uuid {
    Uuid::now_v7()
}
