//! Order lines: from one line to a block, a batch, the table.
//!
//! ```text
//! OrderLine ─ OrderCoder ─▶ OrderBlock ─▶ OrderBatch ─▶ OrderTable
//!    reader: texts to codes      │    engine: order numbers, customers, keys
//! ```
//!
//! A block is what may cross from the worker that reads to the worker that keeps: looking up a million
//! order numbers takes about as long as reading them, so the two do it side by side.

mod batch;
mod block;
mod columns;
mod journal;
mod meet;
mod table;

pub use batch::OrderBatch;
pub use block::{OrderBlock, OrderCoder};
pub use columns::OrderColumns;
pub use journal::{Covered, OrderJournal};
pub use table::{Change, Merge, OrderTable};

use super::{Dim, Status};
use crate::money::Fixed;
use crate::time::UtcMillis;

/// What tells the lines of one order apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineId<'a> {
    /// The platform's own line number.
    Given(&'a str),
    /// The file has none: the n-th line of this (order, SKU) within its file, from 0. The batch counts.
    Counted,
    /// The row is the order as a whole and names no goods: it gives way to lines that do.
    Whole,
}

/// One order line on its way into a batch. Empty texts mean "not said".
#[derive(Clone, Copy, Debug)]
pub struct OrderLine<'a> {
    /// Account the line comes from: lines of different sources never replace each other.
    pub source: &'a str,
    /// Order number, as text.
    pub order_id: &'a str,
    /// Line within the order.
    pub line_id: LineId<'a>,
    /// When it was ordered (下单); [`Self::NO_TIME`] where the file does not say: the line counts once a whole
    /// row of its order does.
    pub created_at: UtcMillis,
    /// When it was paid (付款). Where the export has no such column, the importer gives `created_at`
    /// to lines whose status implies payment, and says so in the report.
    pub paid_at: Option<UtcMillis>,
    /// When it was shipped (发货).
    pub shipped_at: Option<UtcMillis>,
    /// Last change, where the export says; decides which version of a line is the later one.
    pub updated_at: Option<UtcMillis>,
    /// Where it stands.
    pub status: Status,
    /// Title of the goods.
    pub title: &'a str,
    /// Units; negative on a return line. `None` where the export has none.
    pub quantity: Option<Fixed>,
    /// Value at list price, before discounts: price × quantity, or the export's own gross amount of
    /// the line (which may be there with quantity 0). `None` where neither is there.
    pub amount: Option<Fixed>,
    /// Paid by the buyer, refunds not deducted. `None`: not said, `amount` stands in on paid lines.
    pub paid_amount: Option<Fixed>,
    /// Refunded so far.
    pub refund_amount: Option<Fixed>,
    /// ISO 4217 code; empty: unknown.
    pub currency: &'a str,
    /// City.
    pub city: &'a str,
    /// Salted hash of the buyer; 0: not said.
    pub customer: u64,
    /// Values of the dimensions by [`Dim::index`]; that of [`Dim::Status`] is ignored.
    pub dims: [&'a str; Dim::COUNT],
}

impl OrderLine<'_> {
    /// "Not said" as an order time.
    pub const NO_TIME: UtcMillis = UtcMillis(OrderColumns::NONE);
}

#[cfg(test)]
mod tests;
