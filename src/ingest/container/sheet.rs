//! Sheets of a workbook as rows.

use super::book::{Bytes, Kind};
use super::cell::Value;
use super::grid::{Cells, Grid, Next, Rows};
use crate::protocol::Problem;
use calamine::{Cell, Data, DataRef, Dimensions, Range, Xlsx, XlsxCellReader};
use std::collections::BTreeSet;

/// Cells that are merged with those below: they lie in the first row, and mean all.
pub(super) fn downward(merges: Vec<Dimensions>) -> Vec<Dimensions> {
    let is_down = |merge: &Dimensions| merge.end.0 > merge.start.0;
    let mut merges: Vec<Dimensions> = merges.into_iter().filter(is_down).collect();
    merges.sort_by_key(|merge| merge.start);
    merges
}

/// Gives merged cells to the rows that they cover.
struct Fill<'a> {
    merges: &'a [Dimensions],
    next: usize,
    open: Vec<(Dimensions, String)>,
}

impl<'a> Fill<'a> {
    const fn new(merges: &'a [Dimensions]) -> Self {
        Self {
            merges,
            next: 0,
            open: Vec::new(),
        }
    }

    /// Completes `row`; `of_each`: columns of it that say something of each row.
    fn fill(&mut self, row: u32, of_each: &BTreeSet<u32>, cells: &mut Cells) {
        if self.next >= self.merges.len() && self.open.is_empty() {
            return;
        }
        self.open.retain(|(merge, _)| merge.end.0 >= row);
        for (merge, text) in &self.open {
            let at = merge.start.1 as usize;
            if cells.get(at).is_empty()
                && let Some(cell) = cells.cell(at)
            {
                cell.push_str(text);
            }
        }
        while let Some(merge) = self.merges.get(self.next).filter(|merge| merge.start.0 <= row) {
            self.next += 1;
            let column = merge.start.1;
            if merge.start.0 == row && of_each.contains(&column) {
                self.open.push((*merge, cells.get(column as usize).to_owned()));
            }
        }
    }
}

/// A sheet of an `.xlsx` workbook, whose cells are read as they are wanted.
pub(super) struct XlsxSheet<'b, 'a> {
    pub book: &'b mut Xlsx<Bytes<'a>>,
    pub name: String,
    pub merges: Vec<Dimensions>,
}

impl<'a> Grid for XlsxSheet<'_, 'a> {
    fn rows(&mut self) -> Result<Box<dyn Rows + '_>, Problem> {
        let cells = self
            .book
            .worksheet_cells_reader(&self.name)
            .map_err(|_| Kind::Xlsx.damaged())?;
        Ok(Box::new(XlsxRows {
            cells,
            ahead: None,
            is_done: false,
            timed: Vec::new(),
            fill: Fill::new(&self.merges),
        }))
    }
}

struct XlsxRows<'b, 'a> {
    cells: XlsxCellReader<'b, Bytes<'a>>,
    /// The first cell of the next row.
    ahead: Option<Cell<DataRef<'b>>>,
    is_done: bool,
    timed: Vec<bool>,
    fill: Fill<'b>,
}

impl Rows for XlsxRows<'_, '_> {
    fn next(&mut self, row: &mut Cells) -> Result<Next, Problem> {
        let first = match self.ahead.take() {
            Some(cell) => Some(cell),
            None => self.next_cell()?,
        };
        let Some(first) = first else {
            return Ok(Next::End);
        };
        let at = first.get_position().0;
        row.line = u64::from(at) + 1;
        let mut of_each = BTreeSet::new();
        let mut cell = first;
        loop {
            put(
                &cell,
                &mut self.timed,
                &mut of_each,
                row,
                !self.fill.merges.is_empty(),
            );
            match self.next_cell()? {
                Some(next) if next.get_position().0 == at => cell = next,
                next => {
                    self.ahead = next;
                    break;
                }
            }
        }
        self.fill.fill(at, &of_each, row);
        Ok(Next::Row)
    }
}

impl<'b> XlsxRows<'b, '_> {
    fn next_cell(&mut self) -> Result<Option<Cell<DataRef<'b>>>, Problem> {
        // Asked once more after its end, the sheet is said to be cut off.
        if self.is_done {
            return Ok(None);
        }
        let cell = self.cells.next_cell().map_err(|_| Kind::Xlsx.damaged())?;
        self.is_done = cell.is_none();
        Ok(cell)
    }
}

fn put(
    cell: &Cell<DataRef<'_>>,
    timed: &mut Vec<bool>,
    of_each: &mut BTreeSet<u32>,
    row: &mut Cells,
    has_merges: bool,
) {
    let value = Value::from(cell.get_value());
    let column = cell.get_position().1;
    if !matches!(value, Value::Empty) {
        write(value, column as usize, timed, row);
        if has_merges && value.is_of_each_row() {
            of_each.insert(column);
        }
    }
}

fn write(value: Value<'_>, column: usize, timed: &mut Vec<bool>, row: &mut Cells) {
    let Some(text) = row.cell(column) else { return };
    if timed.len() <= column {
        timed.resize(column + 1, false);
    }
    if let Some(timed) = timed.get_mut(column) {
        value.write(timed, text);
    }
}

/// A sheet whose cells are all there.
pub(super) struct RangeSheet {
    pub range: Range<Data>,
    pub merges: Vec<Dimensions>,
}

impl Grid for RangeSheet {
    fn rows(&mut self) -> Result<Box<dyn Rows + '_>, Problem> {
        Ok(Box::new(RangeRows {
            start: self.range.start().unwrap_or_default(),
            rows: self.range.rows(),
            at: 0,
            timed: Vec::new(),
            fill: Fill::new(&self.merges),
        }))
    }
}

struct RangeRows<'a> {
    rows: calamine::Rows<'a, Data>,
    start: (u32, u32),
    at: u32,
    timed: Vec<bool>,
    fill: Fill<'a>,
}

impl Rows for RangeRows<'_> {
    fn next(&mut self, row: &mut Cells) -> Result<Next, Problem> {
        let Some(cells) = self.rows.next() else {
            return Ok(Next::End);
        };
        let place = self.start.0.saturating_add(self.at);
        self.at += 1;
        row.line = u64::from(place) + 1;
        let mut of_each = BTreeSet::new();
        for (column, data) in (self.start.1..).zip(cells) {
            let value = Value::from(data);
            if matches!(value, Value::Empty) {
                continue;
            }
            write(value, column as usize, &mut self.timed, row);
            if !self.fill.merges.is_empty() && value.is_of_each_row() {
                of_each.insert(column);
            }
        }
        self.fill.fill(place, &of_each, row);
        Ok(Next::Row)
    }
}
