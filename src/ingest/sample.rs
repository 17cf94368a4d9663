//! The first rows of a file, on which the hypothesis rests.

use super::records::{Dialect, Record, Records};

/// Rows looked at before reading begins.
pub(super) const ROWS: usize = 1000;

/// First rows of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample {
    pub rows: Vec<Vec<String>>,
}

impl Sample {
    /// The records of `text`, without the last one if the text is cut off (`whole` is false).
    pub(super) fn of_text(text: &str, dialect: Dialect, whole: bool) -> Self {
        let mut rows = Vec::new();
        let mut records = Records::new(dialect);
        let mut each = |record: Record<'_>| match record {
            Record::Row(row) | Record::Last { row, .. } if rows.len() < ROWS => {
                rows.push(row.cells().map(str::to_owned).collect());
                Ok(())
            }
            Record::TooLong(_) => Ok(()),
            _ => Err(()),
        };
        if records.feed(text, &mut each).is_ok() && whole {
            // Nothing but the limit stops it.
            let _ = records.finish(&mut each);
        }
        Self { rows }
    }

    /// The rows after row `at`.
    pub(super) fn after(mut self, at: usize) -> Self {
        self.rows.drain(..(at + 1).min(self.rows.len()));
        self
    }

    /// Values of a column that are not empty.
    pub(super) fn values(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows
            .iter()
            .filter_map(move |row| row.get(column))
            .map(String::as_str)
            .filter(|cell| !cell.is_empty())
    }
}
