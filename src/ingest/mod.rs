//! Bytes of a file → rows and a report.
//!
//! Rule: never fails for a bad row; bad rows are data, in the report.
//!
//! A file is read once, under a *hypothesis* made from its start: encoding, delimiter, header row,
//! which column holds which field, order of day and month, decimal mark. What comes later and
//! contradicts it amends the hypothesis, and the file is read again ([`Step::Again`]). So no decision
//! rests on a sample alone, and the usual file is read once. An amendment only ever rules something
//! out, so this ends. A [`FileReader`] hands rows over in blocks as it goes, which an [`Intake`] (of another
//! worker, in the browser) gathers; only with the last one do they count: a file that fails leaves nothing.
//!
//! ```text
//! bytes ─ magic ─ text (encoding) ─┬─ records (CSV) ─┬─ table ─┬─ orders ─▶ OrderBlock
//!         │                        ├─ json ──────────┤         └─ stock ──▶ StockBatch
//!         └─ container (workbooks, HTML tables, archives)         └ crosswalk ▶ its names
//!
//! header ─ synonyms ─ profile ─ personal ─ decided ─ mapping ─ layout: what the columns are
//! ident · number · date · states · region · currency: what a cell says
//! learnt · fault · ledger ─▶ report; sight · preview: the head of a file, for who corrects its columns
//! ```

mod carry;
mod clock;
mod container;
mod crosswalk;
mod currency;
mod date;
mod decided;
mod encoding;
mod events;
mod fault;
mod field;
#[cfg(test)]
mod findings_tests;
mod guess;
mod header;
mod ident;
mod import;
mod json;
mod layout;
mod learnt;
mod ledger;
mod magic;
mod mapping;
mod marks;
mod memo;
mod number;
mod numbers;
mod orders;
mod personal;
mod phrases;
mod places;
mod preview;
mod profile;
mod reader;
mod records;
mod refused;
mod region;
mod relay;
mod report;
mod rounding;
mod sample;
mod scan;
mod sight;
mod source;
mod stamps;
mod states;
mod stock;
mod stream;
mod synonyms;
mod table;
#[cfg(test)]
mod testing;
mod text;
mod times;

pub use container::{CONTAINER_HEAD, Container, MOST_HELD, container_of, read_container};

pub use encoding::{Decoder, Decoders, Encoding, MakeDecoder, NotThis};
pub use events::{EVENTS, Events};
pub use import::{Finish, Import, Intake};
pub use preview::preview;
pub use reader::{FileRead, FileReader, ReadEnd, RowsRead, Step};
pub use refused::{push_cell, refused_csv};
pub use relay::{ReadNews, ReadTask};
pub use report::unread;

use crate::model::{OrderBatch, StockBatch};
use crate::protocol::{Decision, FileReport, RefusedRow, Sight};
use crate::time::Zone;

/// What a file cannot say of itself.
#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Default))]
pub struct Options {
    /// Zone of times that name none.
    pub zone: Zone,
    /// Currency of amounts where the file names none; empty: unknown.
    pub currency: String,
    /// What customer ids are hashed with; kept on the device.
    pub salt: u64,
    /// What reads encodings other than UTF-8. Only off the browser there is a default.
    pub decoders: Decoders,
    /// What was decided by hand about headers, the first being the strongest.
    pub decisions: Vec<Decision>,
    /// Only the head of the file is wanted, to see what its columns are taken for.
    pub head: Option<Head>,
}

/// How much of a file is its head, and what is known of the whole.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Data rows that are read.
    pub rows: u64,
    /// The encoding that the whole file turned out to be in.
    pub encoding: Option<Encoding>,
}

impl Head {
    /// So many data rows of a file that turned out to be in the encoding of this label; empty: unknown.
    pub fn new(rows: u64, encoding: &str) -> Self {
        Self {
            rows,
            encoding: Encoding::named(encoding),
        }
    }
}

/// What came of a file.
#[derive(Clone, Debug)]
pub struct Imported {
    /// What was understood and refused; counts of duplicates are set when the rows are merged.
    pub report: FileReport,
    /// The rows.
    pub rows: Rows,
    /// All refused rows, up to 1,000,000.
    pub refused: Vec<RefusedRow>,
    /// What its columns are taken for, where only its head was wanted.
    pub sight: Option<Box<Sight>>,
}

/// Rows of a file.
#[expect(clippy::large_enum_variant, reason = "there is one a file")]
#[derive(Clone, Debug)]
pub enum Rows {
    /// No row was understood.
    None,
    /// Order lines.
    Orders(OrderBatch),
    /// Stock levels.
    Stock(StockBatch),
}
