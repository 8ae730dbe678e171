//! How large the functions are as they go to AWS: a cold start loads them before anything runs.

use serde::Serialize;

use crate::archives::{Function, Functions};
use crate::table::{Table, megabytes, times};

/// The most that an archive is to have, in bytes (decision 29).
const AIM: u64 = 4_000_000;

/// One archive.
#[derive(Debug, Serialize)]
pub(crate) struct Size {
    function: String,
    bytes: u64,
    ratio: Option<f64>,
}

/// The sizes of all archives that were given.
pub(crate) fn measure(functions: &Functions) -> Vec<Size> {
    let hello = functions.hello.archive_bytes;
    let all = std::iter::once(&functions.hello).chain(&functions.ours);
    all.filter_map(|function: &Function| {
        let bytes = function.archive_bytes?;
        Some(Size {
            function: function.program.name.clone(),
            bytes,
            ratio: hello.and_then(|hello| ratio(bytes, hello)),
        })
    })
    .collect()
}

#[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
fn ratio(bytes: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| bytes as f64 / of as f64)
}

/// The table of sizes.
pub(crate) fn table(sizes: &[Size]) -> Table {
    let mut table = Table::new(&["archive", "size", "to hello", "of 4 MB"]);
    for size in sizes {
        table.row([
            size.function.clone(),
            megabytes(size.bytes),
            times(size.ratio),
            times(ratio(size.bytes, AIM)),
        ]);
    }
    table
}
