//! Text → records, with the lines they start on. Bounded: a record never takes more than 4 MB.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// Longest record that is kept.
pub(super) const LONGEST: usize = 4 << 20;
/// Most cells of a record that are kept.
pub(super) const MOST_CELLS: usize = 8192;

/// How cells and rows are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// `,`, `;`, tab or `|`.
    pub delimiter: u8,
    /// Whether a cell may stand in quotes. Amazon's flat files have none and quotes in titles.
    pub quoting: bool,
    /// What ends a line: LF (with or without CR before it), or CR alone in files without LF.
    pub newline: u8,
}

/// A row of cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    text: &'a str,
    ends: &'a [usize],
    /// Line of the file it starts on, from 1.
    pub line: u64,
}

impl<'a> Row<'a> {
    /// A row of cells that lie one after the other in `text` and end at `ends`.
    pub(super) const fn new(text: &'a str, ends: &'a [usize], line: u64) -> Self {
        Self { text, ends, line }
    }

    /// Number of cells.
    pub(super) const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Cell `at`, without blanks at its ends; empty where the row is too short.
    pub(super) fn cell(&self, at: usize) -> &'a str {
        let Some(&end) = self.ends.get(at) else { return "" };
        let start = at
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        super::ident::trim(self.text.get(start..end).unwrap_or(""))
    }

    /// All cells.
    pub(super) fn cells(self) -> impl Iterator<Item = &'a str> {
        (0..self.ends.len()).map(move |at| self.cell(at))
    }

    /// Whether it says nothing.
    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty() || self.cells().all(str::is_empty)
    }
}

/// A record, or what is left of it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Record<'a> {
    Row(Row<'a>),
    /// Longer than is kept; starts on this line.
    TooLong(u64),
    /// The last record of a file that ends without a line end; `open`: inside quotes.
    Last {
        row: Row<'a>,
        open: bool,
    },
}

/// Splits text into records.
pub(super) struct Records {
    reader: Reader,
    newline: u8,
    text: Vec<u8>,
    ends: Vec<usize>,
    filled: usize,
    cells: usize,
    line: u64,
    start: u64,
    inside: bool,
    too_long: bool,
}

impl Records {
    pub(super) fn new(dialect: Dialect) -> Self {
        let reader = ReaderBuilder::new()
            .delimiter(dialect.delimiter)
            .quoting(dialect.quoting)
            .build();
        Self {
            reader,
            newline: dialect.newline,
            text: vec![0; 16 << 10],
            ends: vec![0; 256],
            filled: 0,
            cells: 0,
            line: 1,
            start: 1,
            inside: false,
            too_long: false,
        }
    }

    /// Splits the next piece of text, which is part of valid UTF-8; gives each record that ends in it.
    ///
    /// # Errors
    /// What `each` returns; the rest of the piece is not read then.
    pub(super) fn feed<E>(
        &mut self,
        mut input: &[u8],
        mut each: impl FnMut(Record<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        loop {
            if !self.inside {
                // Empty lines, and the second half of CR LF.
                let blanks = input.iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
                let (ends, rest) = input.split_at(blanks);
                self.line += self.lines_in(ends);
                input = rest;
                self.start = self.line;
            }
            if input.is_empty() {
                return Ok(());
            }
            self.inside = true;
            let (result, read, written, cells) = self.reader.read_record(
                input,
                self.text.get_mut(self.filled..).unwrap_or_default(),
                self.ends.get_mut(self.cells..).unwrap_or_default(),
            );
            let (seen, rest) = input.split_at(read.min(input.len()));
            self.line += self.lines_in(seen);
            input = rest;
            self.filled += written;
            self.cells += cells;
            match result {
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Ok(()),
                ReadRecordResult::OutputFull => self.widen(),
                ReadRecordResult::OutputEndsFull => self.widen_cells(),
                ReadRecordResult::Record => {
                    let record = if self.too_long {
                        Record::TooLong(self.start)
                    } else {
                        Record::Row(self.row())
                    };
                    each(record)?;
                    self.clear();
                }
            }
        }
    }

    /// Gives the record that the end of the file cuts off, if there is one.
    ///
    /// # Errors
    /// What `each` returns.
    pub(super) fn finish<E>(&mut self, mut each: impl FnMut(Record<'_>) -> Result<(), E>) -> Result<(), E> {
        if !self.inside {
            return Ok(());
        }
        // A line end ends the record, unless it stands inside quotes.
        let (mut input, mut open): (&[u8], bool) = (b"\n", false);
        loop {
            let (result, read, written, cells) = self.reader.read_record(
                input,
                self.text.get_mut(self.filled..).unwrap_or_default(),
                self.ends.get_mut(self.cells..).unwrap_or_default(),
            );
            self.filled += written;
            self.cells += cells;
            input = input.get(read..).unwrap_or_default();
            match result {
                ReadRecordResult::OutputFull => self.widen(),
                ReadRecordResult::OutputEndsFull => self.widen_cells(),
                ReadRecordResult::InputEmpty if !open => open = true,
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Ok(()),
                ReadRecordResult::Record => {
                    let row = self.row();
                    each(if self.too_long {
                        Record::TooLong(self.start)
                    } else {
                        Record::Last { row, open }
                    })?;
                    self.clear();
                    return Ok(());
                }
            }
        }
    }

    fn row(&self) -> Row<'_> {
        let text = self
            .text
            .get(..self.filled)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or("");
        Row {
            text,
            ends: self.ends.get(..self.cells).unwrap_or(&[]),
            line: self.start,
        }
    }

    fn clear(&mut self) {
        (self.filled, self.cells, self.inside, self.too_long) = (0, 0, false, false);
    }

    fn lines_in(&self, bytes: &[u8]) -> u64 {
        bytes.iter().map(|b| u64::from(*b == self.newline)).sum()
    }

    fn widen(&mut self) {
        if self.text.len() >= LONGEST {
            // Read on to its end, but keep nothing of it.
            (self.too_long, self.filled, self.cells) = (true, 0, 0);
        } else {
            self.text.resize(self.text.len() * 2, 0);
        }
    }

    fn widen_cells(&mut self) {
        if self.ends.len() >= MOST_CELLS {
            (self.too_long, self.filled, self.cells) = (true, 0, 0);
        } else {
            self.ends.resize(self.ends.len() * 2, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(dialect: Dialect, pieces: &[&[u8]]) -> String {
        let mut records = Records::new(dialect);
        let mut shown = String::new();
        let mut each = |record: Record<'_>| -> Result<(), ()> {
            let (row, end) = match record {
                Record::Row(row) => (row, ""),
                Record::TooLong(line) => {
                    shown.push_str(&format!("{line}: too long\n"));
                    return Ok(());
                }
                Record::Last { row, open: false } => (row, " …"),
                Record::Last { row, open: true } => (row, " \"…"),
            };
            shown.push_str(&format!(
                "{}: {:?}{end}\n",
                row.line,
                row.cells().collect::<Vec<_>>()
            ));
            Ok(())
        };
        for piece in pieces {
            records.feed(piece, &mut each).unwrap();
        }
        records.finish(&mut each).unwrap();
        shown
    }

    #[track_caller]
    fn check(dialect: Dialect, text: &str, expect: &str) {
        let expect: String = expect.lines().map(|line| format!("{}\n", line.trim())).collect();
        assert_eq!(split(dialect, &[text.as_bytes()]), expect);
        for cut in 0..text.len() {
            let (left, right) = text.as_bytes().split_at(cut);
            assert_eq!(split(dialect, &[left, right]), expect, "cut at {cut}");
        }
    }

    const COMMA: Dialect = Dialect {
        delimiter: b',',
        quoting: true,
        newline: b'\n',
    };

    #[test]
    fn records_know_their_lines() {
        check(
            COMMA,
            "a,b\r\n\r\n1,\"two\nlines\"\n\n\n2,\"say \"\"hi\"\"\"\n3\n",
            r#"1: ["a", "b"]
               3: ["1", "two\nlines"]
               7: ["2", "say \"hi\""]
               8: ["3"]"#,
        );
        check(
            Dialect {
                newline: b'\r',
                ..COMMA
            },
            "a,b\r1,2\r\r3,4\r",
            r#"1: ["a", "b"]
               2: ["1", "2"]
               4: ["3", "4"]"#,
        );
        check(
            Dialect {
                delimiter: b'\t',
                quoting: false,
                ..COMMA
            },
            "a\t\"b\n1\t2\"\n",
            r#"1: ["a", "\"b"]
               2: ["1", "2\""]"#,
        );
    }

    #[test]
    fn ends_are_told() {
        check(COMMA, "a,b\n1,2", "1: [\"a\", \"b\"]\n2: [\"1\", \"2\"] …");
        check(
            COMMA,
            "a,b\n1,\"2\nx",
            "1: [\"a\", \"b\"]\n2: [\"1\", \"2\\nx\"] \"…",
        );
        check(COMMA, "a,b\n1,\"2\"", "1: [\"a\", \"b\"]\n2: [\"1\", \"2\"] …");
        check(COMMA, "a,b\n1,", "1: [\"a\", \"b\"]\n2: [\"1\", \"\"] …");
        check(COMMA, "", "");
    }

    #[test]
    fn long_records_are_skipped() {
        let long = "x".repeat(LONGEST + 10);
        assert_eq!(
            split(COMMA, &[format!("a\n{long}\nb\n").as_bytes()]),
            "1: [\"a\"]\n2: too long\n3: [\"b\"]\n"
        );
        let wide = ",".repeat(MOST_CELLS * 3);
        assert_eq!(
            split(COMMA, &[format!("a\n{wide}\nb\n").as_bytes()]),
            "1: [\"a\"]\n2: too long\n3: [\"b\"]\n"
        );
    }
}
