//! Rows of a known layout → batch and ledger.

use super::crosswalk::NameRows;
use super::fault::Fault;
use super::ident::is_total;
use super::layout::Layout;
use super::learnt::{Amend, Learnt};
use super::ledger::Ledger;
use super::number::Decimal;
use super::orders::{OrderRows, Setting};
use super::reader::RowsRead;
use super::records::{LONGEST_CELL, Record, Row};
use super::stock::StockRows;
use super::{Options, field::Field};
use crate::model::{Dim, OrderBlock};
use crate::protocol::{FileKind, Note, Problem, Use};

/// Columns that a table must have for a row of less than half as many cells to be none of it.
const FEW: usize = 6;

/// Reads the data rows of one file.
pub(super) struct Table {
    pub layout: Layout,
    pub ledger: Ledger,
    reader: Reader,
    skip: usize,
    short_rows: u64,
    /// Rows that are read at most.
    most: u64,
}

enum Reader {
    Orders(Box<OrderRows>),
    Stock(Box<StockRows>),
    Names(Box<NameRows>),
    None,
}

impl Table {
    pub(super) fn new(layout: Layout, options: &Options, learnt: &Learnt) -> Self {
        let mut ledger = Ledger::new(layout.headers.clone());
        // Spreadsheets of countries with a decimal comma divide cells with semicolons.
        let is_semicolon = layout.dialect.is_some_and(|dialect| dialect.delimiter == b';');
        let setting = Setting {
            mapping: &layout.mapping,
            sample: &layout.sample,
            learnt,
            zone: options.zone,
            currency: &options.currency,
            salt: options.salt,
            decimal: if is_semicolon {
                semicolon_decimal(&layout)
            } else {
                Decimal::Point
            },
        };
        let reader = match layout.mapping.kind {
            FileKind::Orders => Reader::Orders(Box::new(OrderRows::new(&setting, &mut ledger))),
            FileKind::Stock => Reader::Stock(Box::new(StockRows::new(&setting, &layout.headers))),
            FileKind::Crosswalk => Reader::Names(Box::new(NameRows::new(&setting))),
            FileKind::Unknown => Reader::None,
        };
        Self {
            skip: layout.skip,
            layout,
            ledger,
            reader,
            short_rows: 0,
            most: options.head.map_or(u64::MAX, |head| head.rows),
        }
    }

    /// Whether there are fields to read rows into.
    pub(super) const fn is_readable(&self) -> bool {
        !matches!(self.reader, Reader::None)
    }

    /// Whether no more rows are wanted.
    pub(super) const fn is_full(&self) -> bool {
        self.ledger.rows >= self.most
    }

    /// About so many more rows will come.
    pub(super) fn expect(&mut self, rows: usize) {
        if let Reader::Orders(orders) = &mut self.reader {
            orders.expect(rows);
        }
    }

    /// Takes the next record of a file.
    ///
    /// # Errors
    /// What the record refutes.
    #[inline]
    pub(super) fn record(&mut self, record: Record<'_>) -> Result<(), Amend> {
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(());
        }
        match record {
            Record::Row(row) => self.row(&row),
            Record::Last { .. } if self.is_full() => Ok(()),
            Record::Last { row, open } => self.last(&row, open),
            Record::TooLong(line) => {
                self.without_quotes_perhaps()?;
                self.ledger.enter(
                    line,
                    Err(Fault::Refused(None, String::new(), Problem::RowTooLong)),
                )
            }
        }
    }

    /// Takes one data row.
    ///
    /// # Errors
    /// What the row refutes.
    pub(super) fn row(&mut self, row: &Row<'_>) -> Result<(), Amend> {
        if self.is_full() {
            return Ok(());
        }
        if row.is_blank() {
            self.ledger.blank += 1;
            return Ok(());
        }
        if row.bytes() > LONGEST_CELL
            && let Some(at) = self.long_cell(row)
        {
            self.without_quotes_perhaps()?;
            let fault = Fault::Refused(Some(at), String::new(), Problem::RowTooLong);
            return self.ledger.enter(row.line, Err(fault));
        }
        let width = self.layout.headers.len();
        self.short_rows += u64::from(row.len() < width);
        let outcome = match &mut self.reader {
            Reader::Orders(rows) => rows.row(row, &mut self.ledger),
            Reader::Stock(rows) => rows.row(row, &mut self.ledger),
            Reader::Names(rows) => rows.row(row),
            Reader::None => Ok(()),
        };
        if row.len() > width && (width..row.len()).any(|at| !row.cell(at).is_empty()) {
            self.ledger.extra += 1;
        }
        // Only in text does a row end early on purpose; a workbook says nothing of empty cells at its end.
        let is_short = self.layout.dialect.is_some() && width >= FEW && row.len() * 2 <= width;
        if outcome.is_err() && (is_short || begins_with_total(row)) {
            self.ledger.asides += 1;
            return Ok(());
        }
        self.ledger.enter(row.line, outcome)
    }

    /// A column that is read whose cell is longer than any is.
    #[cold]
    fn long_cell(&self, row: &Row<'_>) -> Option<usize> {
        let is_read = |at: &usize| matches!(self.layout.mapping.used(*at), Use::Field(_));
        let mut long = (0..row.len()).filter(|at| row.raw(*at).len() > LONGEST_CELL);
        long.find(is_read)
    }

    /// Rows that were added to another of the same SKU and warehouse.
    pub(super) fn stock_rows_added(&self) -> u64 {
        if let Reader::Stock(rows) = &self.reader {
            rows.added()
        } else {
            0
        }
    }

    /// What is worth saying about names.
    pub(super) fn notes_on_names(&self) -> Vec<Note> {
        match &self.reader {
            Reader::Stock(rows) => rows.under_ids().into_iter().collect(),
            Reader::Names(rows) => rows.notes(),
            Reader::Orders(_) | Reader::None => Vec::new(),
        }
    }

    /// Patterns of dates whose order nothing proved.
    pub(super) fn assumed_dates(&self) -> Vec<String> {
        match &self.reader {
            Reader::Orders(rows) => rows.assumed_dates(),
            Reader::Stock(rows) => rows.assumed_dates(),
            Reader::Names(_) | Reader::None => Vec::new(),
        }
    }

    /// Numbers of orders that were most likely rounded, with one of them.
    pub(super) fn doubtful_ids(&self) -> Option<(u64, String)> {
        match &self.reader {
            Reader::Orders(rows) => rows.doubtful_ids(),
            Reader::Stock(_) | Reader::Names(_) | Reader::None => None,
        }
    }

    /// Blocks of order lines that are full.
    pub(super) fn take_blocks(&mut self) -> Vec<OrderBlock> {
        if let Reader::Orders(rows) = &mut self.reader {
            rows.take_blocks()
        } else {
            Vec::new()
        }
    }

    /// The rows, but for the blocks that were taken.
    pub(super) fn into_rows(self) -> RowsRead {
        match self.reader {
            _ if self.ledger.rows == self.ledger.rejected => RowsRead::None,
            Reader::Orders(rows) => RowsRead::Orders(rows.into_blocks()),
            Reader::Stock(rows) => RowsRead::Stock(Box::new(rows.into_batch())),
            Reader::Names(rows) => RowsRead::Stock(Box::new(rows.into_batch())),
            Reader::None => RowsRead::None,
        }
    }

    /// The last row of a file that does not end with a line end: it may have been cut off.
    fn last(&mut self, row: &Row<'_>, open: bool) -> Result<(), Amend> {
        if row.is_blank() && !open {
            return self.row(row);
        }
        if open {
            self.without_quotes_perhaps()?;
        }
        // Exports that leave out empty cells at the end do so in other rows too.
        let is_short = row.len() < self.layout.headers.len();
        let is_cut = open || is_short && (self.short_rows == 0 || self.lacks_needed(row.len()));
        if !is_cut {
            return self.row(row);
        }
        let at = row.len().saturating_sub(1);
        // Where the file was cut is chance: nothing personal may get into the report by it.
        let value = if self.layout.mapping.may_be_shown(at) {
            row.cell(at)
        } else {
            ""
        };
        let problem = Fault::Refused(Some(at), value.to_owned(), Problem::CutOff);
        self.ledger.enter(row.line, Err(problem))
    }

    fn lacks_needed(&self, cells: usize) -> bool {
        let needed = [
            Field::OrderId,
            Field::CreatedAt,
            Field::Quantity,
            Field::UnitPrice,
            Field::Amount,
            Field::PaidAmount,
            Field::Sku,
            Field::OnHand,
            Field::Available,
            Field::Dim(Dim::Warehouse),
        ];
        needed
            .iter()
            .any(|field| self.layout.mapping.one(*field).is_some_and(|at| at >= cells))
    }

    /// In tab-separated files a quote is as often a mere character: before a row is given up for an
    /// open quote, the file is read without quoting.
    fn without_quotes_perhaps(&self) -> Result<(), Amend> {
        let is_quoted_tsv = |dialect: super::records::Dialect| dialect.delimiter == b'\t' && dialect.quoting;
        if self.layout.dialect.is_some_and(is_quoted_tsv) {
            Err(Amend::NoQuotes)
        } else {
            Ok(())
        }
    }
}

/// Whether a row that could not be read is a total.
#[cold]
fn begins_with_total(row: &Row<'_>) -> bool {
    is_total(row.cells().find(|cell| !cell.is_empty()).unwrap_or(""))
}

/// The decimal mark of a table divided by semicolons: a comma, unless some number has a point.
fn semicolon_decimal(layout: &Layout) -> Decimal {
    let money = [
        Field::Amount,
        Field::UnitPrice,
        Field::OrderAmount,
        Field::PaidAmount,
    ];
    let mut values = money
        .iter()
        .filter_map(|field| layout.mapping.one(*field))
        .flat_map(|at| layout.sample.values(at));
    if values.any(|value| value.contains('.') && !value.contains(',')) {
        Decimal::Point
    } else {
        Decimal::Comma
    }
}
