//! Tables for people: columns as wide as their longest word, numbers on the right.

use std::fmt::Write as _;

/// A table that grows row by row.
#[derive(Debug)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table with these headings.
    pub(crate) fn new(headings: &[&str]) -> Self {
        Self {
            rows: vec![headings.iter().map(|&heading| heading.to_owned()).collect()],
        }
    }

    /// Adds a row. It has as many cells as there are headings.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The text: the first column on the left, the others on the right.
    pub(crate) fn text(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        self.rows.iter().fold(String::new(), |mut text, row| {
            let mut line = String::from(" ");
            for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
                let _ = match column {
                    0 => write!(line, " {cell:<width$}"),
                    _ => write!(line, "  {cell:>width$}"),
                };
            }
            let _ = writeln!(text, "{}", line.trim_end());
            text
        })
    }
}

/// A ratio as people say it: `1.4x`.
pub(crate) fn times(ratio: Option<f64>) -> String {
    match ratio {
        Some(ratio) if ratio >= 100.0 => format!("{ratio:.0}x"),
        Some(ratio) if ratio >= 10.0 => format!("{ratio:.1}x"),
        Some(ratio) => format!("{ratio:.2}x"),
        None => "-".to_owned(),
    }
}

/// A time in the unit that suits it.
pub(crate) fn time(seconds: f64) -> String {
    if seconds >= 1.0 {
        format!("{seconds:.2} s")
    } else if seconds >= 0.001 {
        format!("{:.1} ms", seconds * 1e3)
    } else {
        format!("{:.0} us", seconds * 1e6)
    }
}

/// Bytes in megabytes of a million.
#[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:.2} MB", bytes as f64 / 1e6)
}

/// Instructions in millions.
pub(crate) fn millions(count: f64) -> String {
    format!("{:.2} M", count / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_longest_cell() {
        let mut table = Table::new(&["function", "start"]);
        table.row(["read-jobs".to_owned(), time(0.0042)]);
        table.row(["hello-world".to_owned(), "2 ms".to_owned()]);
        assert_eq!(
            table.text(),
            "  function      start\n  read-jobs    4.2 ms\n  hello-world    2 ms\n"
        );
    }

    #[test]
    fn numbers_are_shown_with_the_digits_that_tell() {
        assert_eq!(times(Some(1.234)), "1.23x");
        assert_eq!(times(Some(12.34)), "12.3x");
        assert_eq!(times(Some(123.4)), "123x");
        assert_eq!(times(None), "-");
        assert_eq!(
            (time(2.0), time(0.25), time(0.000_12)),
            ("2.00 s".into(), "250.0 ms".into(), "120 us".into())
        );
        assert_eq!(megabytes(3_890_000), "3.89 MB");
        assert_eq!(millions(2_500_000.0), "2.50 M");
    }
}
