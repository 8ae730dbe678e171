//! What the table counts: a write is paid by the kilobyte of its row, a consistent read by four kilobytes
//! (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html>).

use serde_json::Value;

/// What reads and writes cost.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Units {
    /// Rows that were written.
    pub(crate) writes: u64,
    /// Write request units; a row in a transaction costs double.
    pub(crate) write: u64,
    /// Read request units.
    pub(crate) read: u64,
}

impl std::ops::AddAssign for Units {
    fn add_assign(&mut self, other: Self) {
        self.writes += other.writes;
        self.write += other.write;
        self.read += other.read;
    }
}

/// Units of one write of a row. One that is not known, as with updates by expression, is taken to be small.
pub(crate) fn write_units(row: &Value) -> u64 {
    size(row).div_ceil(1024).max(1)
}

/// Units of one consistent read of a row, or of finding none.
pub(crate) fn read_units(row: &Value) -> u64 {
    size(row).div_ceil(4096).max(1)
}

/// A row's size as the table counts it: names, texts, numbers at half a byte a digit, and a few bytes for each list and map
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>).
fn size(row: &Value) -> u64 {
    let fields = row.as_object().into_iter().flatten();
    fields
        .map(|(name, value)| name.len() as u64 + size_of_value(value))
        .sum()
}

fn size_of_value(value: &Value) -> u64 {
    let Some((kind, value)) = value.as_object().and_then(|value| value.iter().next()) else {
        return 0;
    };
    match kind.as_str() {
        "S" => value.as_str().map_or(0, |text| text.len() as u64),
        "N" => value.as_str().map_or(0, |digits| digits.len() as u64 / 2 + 1),
        "L" => {
            let items = value.as_array().into_iter().flatten();
            3 + items.map(|item| 1 + size_of_value(item)).sum::<u64>()
        }
        "M" => 3 + value.as_object().map_or(0, |fields| fields.len() as u64) + size(value),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_are_paid_by_their_size() {
        let row = |length: usize| json!({"text": {"S": "x".repeat(length)}});
        assert_eq!(write_units(&row(1020)), 1);
        assert_eq!(write_units(&row(1021)), 2);
        assert_eq!((write_units(&Value::Null), read_units(&Value::Null)), (1, 1));
        assert_eq!(read_units(&row(4093)), 2);
    }

    #[test]
    fn what_is_inside_lists_and_maps_counts() {
        let row = json!({"a": {"L": [{"M": {"b": {"S": "cd"}}}, {"N": "123"}]}});
        // a, the list's 3, the map's 1 + 3 + 1 + "b" + "cd", the number's 1 + 2.
        assert_eq!(size(&row), 1 + 3 + (1 + 3 + 1 + 1 + 2) + (1 + 2));
    }
}
