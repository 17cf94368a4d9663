//! Text → records, with the lines they start on. Bounded: a record never takes more than 4 MB.
//!
//! Nearly every record lies in one piece of text and its quotes, if it has any, only enclose cells: its
//! cells are parts of the text, found by their dividers and copied nowhere. All others — cut by the end of
//! a piece, with a quote in a quoted cell, very long — go through csv-core, which also is the definition
//! of what the fast way has to find.

use super::marks::{Dividers, Marks};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// Longest record that is kept.
pub(super) const LONGEST: usize = 4 << 20;
/// Longest cell that is read, in bytes: no cell of a spreadsheet holds more, in any script.
pub(super) const LONGEST_CELL: usize = 4 * 32_767;
/// Most cells of a record that are kept.
pub(super) const MOST_CELLS: usize = 8192;

const QUOTE: u8 = b'"';

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

/// Where a cell lies in the text of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub start: u32,
    pub end: u32,
}

impl Cut {
    /// From byte `start` to before byte `end`. Rows are far shorter than 4 GB.
    pub(super) fn new(start: usize, end: usize) -> Self {
        let place = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: place(start),
            end: place(end),
        }
    }
}

/// A row of cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    text: &'a str,
    cuts: &'a [Cut],
    /// Line of the file it starts on, from 1.
    pub line: u64,
}

impl<'a> Row<'a> {
    /// A row of cells that lie in `text` where `cuts` say.
    pub(super) const fn new(text: &'a str, cuts: &'a [Cut], line: u64) -> Self {
        Self { text, cuts, line }
    }

    /// Number of cells.
    pub(super) const fn len(&self) -> usize {
        self.cuts.len()
    }

    /// Cell `at`, without blanks at its ends; empty where the row is too short.
    #[inline(never)]
    pub(super) fn cell(&self, at: usize) -> &'a str {
        let Some(cut) = self.cuts.get(at) else { return "" };
        let text = self.text.get(cut.start as usize..cut.end as usize);
        super::ident::trim(text.unwrap_or(""))
    }

    /// Cell `at` as it stands, blanks included: for readers of the usual form that leave all other forms
    /// to readers of [`Self::cell`].
    #[inline]
    pub(super) fn raw(&self, at: usize) -> &'a [u8] {
        let cut = self.cuts.get(at);
        let bytes = cut.and_then(|cut| self.text.as_bytes().get(cut.start as usize..cut.end as usize));
        bytes.unwrap_or_default()
    }

    /// Bytes of all cells.
    #[inline]
    pub(super) const fn bytes(&self) -> usize {
        self.text.len()
    }

    /// All cells.
    pub(super) fn cells(self) -> impl Iterator<Item = &'a str> {
        (0..self.cuts.len()).map(move |at| self.cell(at))
    }

    /// Whether it says nothing.
    #[inline]
    pub(super) fn is_blank(&self) -> bool {
        // Nearly all rows say something with their first character.
        if matches!(
            self.text.as_bytes(),
            [b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z', ..]
        ) {
            return false;
        }
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
    dialect: Dialect,
    /// Room for the cells of a row.
    cuts: Vec<Cut>,
    /// Line reached.
    line: u64,
    started: bool,
    odd: Odd,
}

impl Records {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            cuts: vec![Cut::new(0, 0); MOST_CELLS],
            line: 1,
            started: false,
            odd: Odd::new(dialect),
        }
    }

    /// Splits the next piece of text; gives each record that ends in it.
    ///
    /// # Errors
    /// What `each` returns; the rest of the piece is not read then.
    pub(super) fn feed<E>(
        &mut self,
        text: &str,
        mut each: impl FnMut(Record<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut at = 0;
        if !self.started && !text.is_empty() {
            self.started = true;
            // What is left of a byte order mark written twice would hide a quote behind it.
            at = text.len() - text.trim_start_matches('\u{FEFF}').len();
        }
        loop {
            if self.odd.inside {
                at = self.odd_record(text, at, &mut each)?;
            }
            if at < text.len() {
                at = self.plain_records(text, at, &mut each)?;
            }
            if at >= text.len() {
                return Ok(());
            }
            self.odd.begin(self.line);
        }
    }

    /// Gives the record that the end of the file cuts off, if there is one.
    ///
    /// # Errors
    /// What `each` returns.
    pub(super) fn finish<E>(&mut self, each: impl FnMut(Record<'_>) -> Result<(), E>) -> Result<(), E> {
        self.odd.finish(each)
    }

    /// Gives the records from byte `at` of `text` on, up to the first that is not plain or not there as a
    /// whole, and where that one starts; the length of `text` if there is none.
    fn plain_records<E>(
        &mut self,
        text: &str,
        mut at: usize,
        each: &mut impl FnMut(Record<'_>) -> Result<(), E>,
    ) -> Result<usize, E> {
        const OPEN: usize = usize::MAX;
        let Dialect {
            delimiter,
            quoting,
            newline,
        } = self.dialect;
        let quote = if quoting { QUOTE } else { delimiter };
        let bytes = text.as_bytes();
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
        let mut marks = Marks::new(bytes, at, Dividers { delimiter, quote });
        let cuts = self.cuts.as_mut_slice();
        // Cells before this one; its start; its end where it stands in quotes; line ends inside of them.
        let (mut cells, mut from, mut to, mut lines) = (0, at, OPEN, 0);
        while let Some(mark) = marks.next() {
            let found = byte(mark);
            if found == delimiter {
                let Some(cut) = cuts.get_mut(cells) else {
                    return Ok(at);
                };
                *cut = Cut::new(from - at, to.min(mark) - at);
                cells += 1;
                (from, to) = (mark + 1, OPEN);
            } else if found == quote {
                if mark != from || to != OPEN {
                    continue;
                }
                let close = loop {
                    match marks.next() {
                        Some(next) if byte(next) == quote => break next,
                        Some(next) => lines += u64::from(byte(next) == newline),
                        None => return Ok(at),
                    }
                };
                let after = bytes.get(close + 1).copied();
                if !after.is_some_and(|after| after == delimiter || matches!(after, b'\n' | b'\r')) {
                    return Ok(at);
                }
                (from, to) = (mark + 1, close);
            } else {
                let ends = u64::from(found == newline);
                // Empty lines, and the second half of CR LF, are no records.
                if mark > at {
                    let Some(cut) = cuts.get_mut(cells).filter(|_| mark - at <= LONGEST) else {
                        return Ok(at);
                    };
                    *cut = Cut::new(from - at, to.min(mark) - at);
                    each(Record::Row(Row {
                        text: text.get(at..mark).unwrap_or(""),
                        cuts: cuts.get(..=cells).unwrap_or_default(),
                        line: self.line,
                    }))?;
                }
                self.line += lines + ends;
                at = mark + 1;
                (cells, from, to, lines) = (0, at, OPEN, 0);
            }
        }
        Ok(at)
    }

    /// Reads on in a record that is not plain; gives it if it ends in `text`, and where reading goes on.
    fn odd_record<E>(
        &mut self,
        text: &str,
        at: usize,
        each: &mut impl FnMut(Record<'_>) -> Result<(), E>,
    ) -> Result<usize, E> {
        let input = text.as_bytes().get(at..).unwrap_or_default();
        let read = self.odd.read(input, each)?;
        let seen = input.get(..read).unwrap_or_default();
        self.line += seen
            .iter()
            .map(|b| u64::from(*b == self.dialect.newline))
            .sum::<u64>();
        Ok(at + read)
    }
}

/// A record read byte by byte and copied, as csv-core does.
struct Odd {
    reader: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    cuts: Vec<Cut>,
    filled: usize,
    cells: usize,
    start: u64,
    inside: bool,
    too_long: bool,
}

impl Odd {
    fn new(dialect: Dialect) -> Self {
        let mut reader = ReaderBuilder::new()
            .delimiter(dialect.delimiter)
            .quoting(dialect.quoting)
            .build();
        // At its first call it drops a byte order mark, which its first call need not be the place for.
        let _ = reader.read_record(b"\n", &mut [0], &mut [0]);
        Self {
            reader,
            text: vec![0; 16 << 10],
            ends: vec![0; 256],
            cuts: Vec::new(),
            filled: 0,
            cells: 0,
            start: 1,
            inside: false,
            too_long: false,
        }
    }

    /// Starts a record on `line`.
    fn begin(&mut self, line: u64) {
        (self.inside, self.start) = (true, line);
    }

    /// Reads on to the end of the record or of `input`; gives the record and the bytes read.
    fn read<E>(
        &mut self,
        input: &[u8],
        each: &mut impl FnMut(Record<'_>) -> Result<(), E>,
    ) -> Result<usize, E> {
        let mut at = 0;
        loop {
            let rest = input.get(at..).unwrap_or_default();
            if rest.is_empty() {
                return Ok(at);
            }
            let (result, read) = self.step(rest);
            at += read;
            match result {
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Ok(at),
                ReadRecordResult::OutputFull => self.widen(),
                ReadRecordResult::OutputEndsFull => self.widen_cells(),
                ReadRecordResult::Record => {
                    if self.too_long {
                        each(Record::TooLong(self.start))?;
                    } else {
                        each(Record::Row(self.row()))?;
                    }
                    self.clear();
                    return Ok(at);
                }
            }
        }
    }

    fn finish<E>(&mut self, mut each: impl FnMut(Record<'_>) -> Result<(), E>) -> Result<(), E> {
        if !self.inside {
            return Ok(());
        }
        // A line end ends the record, unless it stands inside quotes.
        let (mut input, mut open): (&[u8], bool) = (b"\n", false);
        loop {
            let (result, read) = self.step(input);
            input = input.get(read..).unwrap_or_default();
            match result {
                ReadRecordResult::OutputFull => self.widen(),
                ReadRecordResult::OutputEndsFull => self.widen_cells(),
                ReadRecordResult::InputEmpty if !open => open = true,
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Ok(()),
                ReadRecordResult::Record => {
                    if self.too_long {
                        each(Record::TooLong(self.start))?;
                    } else {
                        let row = self.row();
                        each(Record::Last { row, open })?;
                    }
                    self.clear();
                    return Ok(());
                }
            }
        }
    }

    fn step(&mut self, input: &[u8]) -> (ReadRecordResult, usize) {
        let (result, read, written, cells) = self.reader.read_record(
            input,
            self.text.get_mut(self.filled..).unwrap_or_default(),
            self.ends.get_mut(self.cells..).unwrap_or_default(),
        );
        self.filled += written;
        self.cells += cells;
        (result, read)
    }

    fn row(&mut self) -> Row<'_> {
        let mut start = 0;
        self.cuts.clear();
        for &end in self.ends.iter().take(self.cells) {
            self.cuts.push(Cut::new(start, end));
            start = end;
        }
        let text = self
            .text
            .get(..self.filled)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or("");
        Row {
            text,
            cuts: &self.cuts,
            line: self.start,
        }
    }

    fn clear(&mut self) {
        (self.filled, self.cells, self.inside, self.too_long) = (0, 0, false, false);
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
#[path = "records_tests.rs"]
mod tests;
