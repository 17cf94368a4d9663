//! What an import understood, kept and refused. Text for people is made at the edge, from these values.

use crate::time::UtcMillis;
use serde::{Deserialize, Serialize};

/// What a file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    /// Order lines.
    Orders,
    /// Stock levels.
    Stock,
    /// What goods or places are called elsewhere: platform SKU, warehouse SKU, barcode, sets.
    Crosswalk,
    /// None of these.
    #[default]
    Unknown,
}

impl FileKind {
    /// Name in attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Stock => "stock",
            Self::Crosswalk => "crosswalk",
            Self::Unknown => "unknown",
        }
    }
}

/// How far a file got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileState {
    /// Waiting its turn.
    Queued,
    /// Being read.
    Reading,
    /// A table, but not enough of it could be recognised.
    NeedsMapping,
    /// Every row was accepted.
    Done,
    /// Some rows were refused.
    Partial,
    /// No row was understood, or reading broke off.
    Failed,
    /// The user stopped it.
    Cancelled,
}

impl FileState {
    /// Name in attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Reading => "reading",
            Self::NeedsMapping => "needs-mapping",
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What was done with a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Use {
    /// Read into this field of the model (its id, e.g. `order_id`, `created_at`, `dim:region`).
    Field(String),
    /// Personal data: dropped, never stored.
    Personal(PersonalColumn),
    /// Not needed.
    Unused,
}

/// Why a column counts as personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonalColumn {
    /// Of a person.
    Name,
    /// Phone number.
    Phone,
    /// Street, postcode.
    Address,
    /// E-mail.
    Email,
    /// Anything else about a person: messages, tax numbers, account names.
    Other,
}

/// One column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnReport {
    /// Header as written.
    pub header: String,
    /// First non-empty value, cut to 40 characters; empty for personal columns.
    pub example: String,
    /// What was done with it.
    pub used: Use,
}

/// Why a row was refused, or a whole file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Problem {
    /// The cell a row cannot do without is empty.
    Missing,
    /// The cell holds a spreadsheet error such as `#REF!`.
    SpreadsheetError,
    /// Not a number.
    NotANumber,
    /// A number too large to be meant.
    NumberTooLarge,
    /// Not a date, or a day that does not exist.
    NotADate,
    /// A status that is none of those known.
    UnknownStatus,
    /// The identifier was ruined by a spreadsheet (`3.5E+16`, noughts after the 15th digit).
    RuinedIdentifier,
    /// The file ends inside this row.
    CutOff,
    /// A record of a JSON file that is not valid JSON.
    BrokenRecord,
    /// A row is longer than 4 MB, or a cell longer than a spreadsheet can hold: most likely a quote that is never closed.
    RowTooLong,
    // Whole files:
    /// No byte in it.
    EmptyFile,
    /// A header, but no row under it.
    NoRows,
    /// Not a table of text: a picture, an archive, a program …; with the kind where the first bytes tell.
    NotATable(String),
    /// No column of the header is known.
    UnknownHeader,
    /// Recognised as something else: product listings, …
    NotOrdersNorStock,
    /// More columns than any export has.
    TooManyColumns(u64),
    /// Not valid JSON, at this line and column.
    BadJson(u64, u64),
    /// JSON without an array of objects.
    JsonWithoutRows,
    /// An archive or workbook (its kind: `zip`, `xlsx`, `xls`, `ods`) with a password.
    Locked(String),
    /// An archive or workbook of this kind that is cut off or broken.
    Damaged(String),
    /// An archive out of which more than so many MB come.
    Unpacks(u64),
    /// An archive out of which more than so many bytes come for each that went in.
    Bomb(u64),
    /// An archive in an archive in an archive.
    TooDeep,
    /// More parts than this, which is as many as are read.
    TooManyParts(u64),
    /// An archive without a file, a workbook without a table.
    NothingInside,
    /// The worker that reads ended at this file, with its last words.
    ReaderEnded(String),
    /// The browser could not read on, with its words.
    Unreadable(String),
    /// The user stopped it.
    Cancelled,
    /// A URL that answered with this status, or 0 if it could not be reached.
    Http(u16),
    /// What reads files has not come from the page's own server.
    NoReader,
}

/// One refused row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    /// Line of the file the row starts on, from 1.
    pub line: u64,
    /// Header of the column at fault; empty: the row as a whole.
    pub column: String,
    /// What stood there, cut to 80 characters.
    pub value: String,
    /// Why.
    pub problem: Problem,
}

/// Refused rows of one column and reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalGroup {
    /// How many.
    pub rows: u64,
    /// Header of the column at fault.
    pub column: String,
    /// Why.
    pub problem: Problem,
    /// The value of the first.
    pub example: String,
}

/// Something worth saying about a file that refused no row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Note {
    /// Lines without an amount: counted in orders and units, not in money.
    WithoutAmount(u64),
    /// Lines without a quantity.
    WithoutQuantity(u64),
    /// Amounts with digits finer than 1/10,000, rounded half-even.
    Rounded(u64),
    /// The file has no time of payment: the order time stands in on lines whose status implies payment.
    PaidClockIsCreated,
    /// The file has no status: lines count as paid.
    StatusAssumedPaid,
    /// Status words that are not known, with the first of them; such lines count as paid.
    UnknownStatus(u64, String),
    /// Return lines (negative quantity): counted as refunded.
    ReturnLines(u64),
    /// Rows of one SKU and warehouse (bins, lots) that were added up.
    StockRowsAdded(u64),
    /// The order of day and month could not be told from any value; read as this pattern.
    AmbiguousDates(String),
    /// The file names no currency; amounts are in this one (empty: unknown).
    CurrencyAssumed(String),
    /// The line order of the file has cells beyond the header in so many rows; they were ignored.
    ExtraCells(u64),
    /// Rows that hold no value at all.
    BlankRows(u64),
    /// Nested values of a JSON export that were left out.
    NestedValues(u64),
    /// Codes of goods that a spreadsheet turned into rounded numbers (`6.9E+12`): left out.
    RuinedSkus(u64),
    /// Order numbers of 16 digits that nearly all end in 0, as a spreadsheet leaves them, with the first.
    RoundedIds(u64, String),
    /// Rows that are none of the table: totals, remarks below it.
    Asides(u64),
    /// Rows that hold several goods in one cell with one quantity for all: they count, under no SKU.
    JoinedGoods(u64),
    /// Lines without a time of their own: they count once the file with their orders is here.
    WaitingLines(u64),
    /// Rows of a crosswalk that say what another row says already.
    NamesRepeated(u64),
    /// Names of which rows say different things, with the first: what the last row says counts.
    NamesClash(u64, String),
    /// Names with several goods and no quantity, with the first: taken as a set of one of each.
    SetsOfOne(u64, String),
    /// Goods and places that the file knows by their ids only, until the files with their names are here.
    UnderIds(u64, u64),
    /// Hidden sheets of the workbook, which were not read, with the name of the first.
    HiddenSheets(u64, String),
}

/// What came of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// Name of the file.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    /// How far it got.
    pub state: FileState,
    /// What it holds.
    pub kind: FileKind,
    /// Id of the recognised source profile, or `generic`.
    pub profile: String,
    /// `UTF-8`, `GB18030`, `windows-1252`, `UTF-16LE` …
    pub encoding: String,
    /// `CSV ,`, `CSV ;`, `TSV`, `JSON`, `XLSX`, `XLS`, `ODS`, `HTML`.
    pub format: String,
    /// Data rows seen, refused ones included, blank ones not.
    pub rows: u64,
    /// Rows that entered the tables, new or as a later version.
    pub accepted: u64,
    /// Rows that were there already.
    pub duplicate: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Columns in file order.
    pub columns: Vec<ColumnReport>,
    /// Refused rows by column and reason, most first.
    pub refusals: Vec<RefusalGroup>,
    /// The first 100 refused rows; [`super::Command::ExportRefused`] gives all.
    pub refused: Vec<RefusedRow>,
    /// Why the whole file failed.
    pub failure: Option<Problem>,
    /// Things worth saying.
    pub notes: Vec<Note>,
    /// First and last order time in it.
    pub span: Option<(UtcMillis, UtcMillis)>,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// The decision of a person that its columns follow: when it was made, and its fingerprint.
    pub decided: Option<(UtcMillis, Vec<String>)>,
}
