//! Rows of cells → a part: finds the header, reads the rows, and reads them again when an assumption proves wrong.

use super::{Parts, Place};
use crate::ingest::decided::Decisions;
use crate::ingest::layout::{Layout, MOST_COLUMNS, header_of};
use crate::ingest::learnt::Learnt;
use crate::ingest::reader::unreadable;
use crate::ingest::records::{Cut, LONGEST, MOST_CELLS, Record, Row};
use crate::ingest::report::{Outcome, report};
use crate::ingest::sample::{ROWS, Sample};
use crate::ingest::sight::sight;
use crate::ingest::stream::Halt;
use crate::ingest::table::Table;
use crate::ingest::{Encoding, FileRead, ReadNews, RowsRead};
use crate::protocol::{Note, Problem};

/// Rows between two words about progress.
const PROGRESS_ROWS: u64 = 2048;

/// A table whose rows can be gone through again and again.
pub(super) trait Grid {
    /// Its rows, from the first on.
    ///
    /// # Errors
    /// Why there are none to be had.
    fn rows(&mut self) -> Result<Box<dyn Rows + '_>, Problem>;
}

/// Rows, one after the other.
pub(super) trait Rows {
    /// Puts the cells of the next row into `cells`, which are empty.
    ///
    /// # Errors
    /// Why it cannot be read on.
    fn next(&mut self, cells: &mut Cells) -> Result<Next, Problem>;
}

/// What came next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Row,
    /// A row in the middle of which the file ends.
    CutOff,
    End,
}

/// What is known of a table beside its rows.
#[derive(Default)]
pub(super) struct About {
    /// As reports name it.
    pub format: &'static str,
    pub encoding: Option<Encoding>,
    /// Rows that it says to have; 0: unknown.
    pub rows: u64,
    pub notes: Vec<Note>,
}

/// The cells of a row. Their memory serves the next row too.
#[derive(Debug, Default)]
pub(super) struct Cells {
    cells: Vec<String>,
    filled: usize,
    /// Line of the sheet, from 1.
    pub line: u64,
    text: String,
    cuts: Vec<Cut>,
}

impl Cells {
    /// Empties all.
    pub(super) fn clear(&mut self) {
        (self.filled, self.line) = (0, 0);
    }

    /// The empty cell of column `at`, to be written; `None` beyond the last column that is read.
    pub(super) fn cell(&mut self, at: usize) -> Option<&mut String> {
        if at >= MOST_CELLS {
            return None;
        }
        while self.filled <= at {
            match self.cells.get_mut(self.filled) {
                Some(cell) => cell.clear(),
                None => self.cells.push(String::new()),
            }
            self.filled += 1;
        }
        let cell = self.cells.get_mut(at)?;
        cell.clear();
        Some(cell)
    }

    /// The cell of column `at` as it stands, if there is one, to be written on.
    pub(super) fn cells_mut(&mut self, at: usize) -> Option<&mut String> {
        self.cells.get_mut(..self.filled)?.get_mut(at)
    }

    /// Text of column `at`.
    pub(super) fn get(&self, at: usize) -> &str {
        self.filled().get(at).map_or("", String::as_str)
    }

    fn filled(&self) -> &[String] {
        self.cells.get(..self.filled).unwrap_or_default()
    }

    /// How many cells there are.
    pub(super) const fn len(&self) -> usize {
        self.filled
    }

    fn row(&mut self) -> Row<'_> {
        self.text.clear();
        self.cuts.clear();
        for cell in self.cells.iter().take(self.filled) {
            let start = self.text.len();
            self.text.push_str(cell);
            self.cuts.push(Cut::new(start, self.text.len()));
        }
        Row::new(&self.text, &self.cuts, self.line)
    }

    pub(super) fn bytes(&self) -> usize {
        self.filled().iter().map(String::len).sum()
    }
}

/// Reads a table as the part of this `name`. False: it holds no table, and nothing was told.
///
/// # Errors
/// Why it cannot be read.
pub(super) async fn read<H: AsyncFnMut(ReadNews)>(
    parts: &mut Parts<'_, H>,
    place: &Place,
    name: &str,
    grid: &mut dyn Grid,
    about: About,
) -> Result<bool, Problem> {
    let sample = sample(grid)?;
    let Some(header) = header_row(&sample, Decisions::Some(&parts.options.decisions)) else {
        return Ok(false);
    };
    let width = sample.rows.get(header).map_or(0, |row| {
        row.iter()
            .rposition(|cell| !cell.is_empty())
            .map_or(0, |at| at + 1)
    });
    if width > MOST_COLUMNS {
        return Err(Problem::TooManyColumns(width as u64));
    }
    let headers: Vec<String> = sample
        .rows
        .get(header)
        .map_or_else(Vec::new, |row| row.iter().take(width).cloned().collect());
    let below = sample.after(header);
    let mut learnt = Learnt::default();
    loop {
        let layout = Layout::of_keys(
            headers.clone(),
            below.clone(),
            Decisions::Some(&parts.options.decisions),
        );
        let mut table = Table::new(layout, &parts.options, &learnt);
        if table.is_readable() {
            match pass(parts, place, grid, header + 1, &mut table, &about).await {
                Ok(()) => {}
                Err(Halt::Failed(problem)) => return Err(problem),
                Err(Halt::Amend(amend)) => {
                    if !learnt.learn(amend) {
                        return Err(Problem::Unreadable("no reading of this file holds".to_owned()));
                    }
                    parts.hand(ReadNews::Again).await;
                    continue;
                }
            }
        }
        let is_head = parts.options.head.is_some();
        parts.tell(told(place, name, table, &about, is_head)).await;
        return Ok(true);
    }
}

fn told(place: &Place, name: &str, mut table: Table, about: &About, is_head: bool) -> FileRead {
    let problem = (!table.is_readable()).then(|| unreadable(&table.layout));
    let outcome = Outcome {
        name: name.to_owned(),
        size: place.bytes,
        encoding: about.encoding,
        problem,
    };
    let mut report = report(outcome, Some(&table));
    report.format = about.format.to_owned();
    report.notes.extend(about.notes.iter().cloned());
    let sight = is_head.then(|| Box::new(sight(&table.layout, Vec::new())));
    let refused = std::mem::take(&mut table.ledger.refused);
    let rows = if table.is_readable() {
        table.into_rows()
    } else {
        RowsRead::None
    };
    FileRead {
        report,
        rows,
        refused,
        sight,
    }
}

/// Reads all rows below the header into `table`.
async fn pass<H: AsyncFnMut(ReadNews)>(
    parts: &mut Parts<'_, H>,
    place: &Place,
    grid: &mut dyn Grid,
    skip: usize,
    table: &mut Table,
    about: &About,
) -> Result<(), Halt> {
    let mut rows = grid.rows().map_err(Halt::Failed)?;
    let mut cells = Cells::default();
    let (mut seen, mut skip) = (0_u64, skip);
    loop {
        cells.clear();
        let next = rows.next(&mut cells).map_err(Halt::Failed)?;
        if next == Next::End || table.is_full() {
            return Ok(());
        }
        if skip > 0 {
            skip -= 1;
            continue;
        }
        seen += 1;
        let line = cells.line;
        let record = if cells.bytes() > LONGEST {
            Record::TooLong(line)
        } else if next == Next::CutOff {
            Record::Last {
                row: cells.row(),
                open: true,
            }
        } else {
            Record::Row(cells.row())
        };
        table.record(record).map_err(Halt::Amend)?;
        if seen.is_multiple_of(PROGRESS_ROWS) {
            for block in table.take_blocks() {
                parts.hand(ReadNews::Block(block)).await;
            }
            let bytes = place.progress(seen, about.rows.max(seen));
            let rows = table.ledger.rows;
            parts.hand(ReadNews::Progress { bytes, rows }).await;
        }
    }
}

fn sample(grid: &mut dyn Grid) -> Result<Sample, Problem> {
    let mut rows = grid.rows()?;
    let mut cells = Cells::default();
    let mut sample = Sample::default();
    let mut bytes = 0;
    while sample.rows.len() < ROWS && bytes < LONGEST {
        cells.clear();
        if rows.next(&mut cells)? == Next::End {
            break;
        }
        bytes += cells.bytes();
        sample.rows.push(cells.row().cells().map(str::to_owned).collect());
    }
    Ok(sample)
}

/// Place of the header; `None` where there is no table: no row of two cells, or no row below one.
fn header_row(sample: &Sample, decisions: Decisions<'_>) -> Option<usize> {
    let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count();
    if sample.rows.iter().filter(|row| filled(row) >= 2).count() == 0 {
        return None;
    }
    header_of(sample, decisions).map(|(_, header)| header)
}
