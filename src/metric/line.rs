//! What one order line contributes: the definitions that every number is made of.
//!
//! Each is written once, on raw values ([`Ints::NONE`] for "not said"), so that a block of lines and a
//! single line are read by the same words.

use crate::model::{Dim, Ints, OrderColumns, Status};
use crate::time::UtcMillis;

/// When a line counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clock {
    /// When it was ordered (下单).
    Created,
    /// When it was paid (付款).
    Paid,
    /// When its refund is booked: exports rarely say, so when it was paid, and a return line, which has no
    /// payment of its own, when it was entered. Only lines with a refund have this time.
    Refunded,
}

/// What is added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sum {
    /// GMV: value at list price, whatever became of the line (Shopify's gross sales, DOMAIN "gmv").
    Gmv,
    /// Units, as said.
    Units,
    /// Paid by the buyer; where the export has no such amount, the gross amount.
    Paid,
    /// Refunded so far.
    Refund,
}

impl Sum {
    /// Whether it is in a currency.
    pub const fn is_money(self) -> bool {
        !matches!(self, Self::Units)
    }
}

/// Which lines count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Which {
    /// All.
    All,
    /// Cancelled ones.
    Cancelled,
    /// Those with money gone back: a successful refund, in part or whole.
    Refunded,
    /// Those that wait to be shipped: paid, and neither shipped, closed nor going back.
    Unshipped,
    /// Those that say what was paid, or at least a gross amount, in the currency of this code.
    PricedIn(u32),
}

/// Time of payment. A return line (negative quantity) is no payment.
pub(super) const fn payment(paid_at: i64, quantity: i64) -> i64 {
    if quantity < 0 && quantity != Ints::NONE {
        Ints::NONE
    } else {
        paid_at
    }
}

/// What was paid; the gross amount stands in.
pub(super) const fn paid_amount(paid: i64, amount: i64) -> i64 {
    if paid == Ints::NONE { amount } else { paid }
}

/// The status of a code of its dictionary, which holds all of them in their order.
pub(super) fn status(code: u32) -> Status {
    Status::ALL
        .get((code as usize).wrapping_sub(1))
        .copied()
        .unwrap_or_default()
}

/// Whether money went back.
pub(super) fn is_refunded(status: Status, refund: i64) -> bool {
    status == Status::Refunded || refund > 0
}

/// A line of the table, read by the definitions.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    columns: &'a OrderColumns,
    row: usize,
}

impl<'a> Line<'a> {
    /// Line `row` of `columns`; beyond their end nothing is said.
    pub const fn new(columns: &'a OrderColumns, row: usize) -> Self {
        Self { columns, row }
    }

    /// When it was ordered.
    pub fn created_at(self) -> UtcMillis {
        UtcMillis(self.columns.created_at.raw(self.row))
    }

    /// When it counts by `clock`, if ever.
    pub fn at(self, clock: Clock) -> Option<UtcMillis> {
        let paid = || {
            payment(
                self.columns.paid_at.raw(self.row),
                self.columns.quantity.raw(self.row),
            )
        };
        let at = match clock {
            Clock::Created => self.columns.created_at.raw(self.row),
            Clock::Paid => paid(),
            Clock::Refunded if !self.is(Which::Refunded) => Ints::NONE,
            Clock::Refunded => match paid() {
                Ints::NONE => self.columns.created_at.raw(self.row),
                paid => paid,
            },
        };
        (at != Ints::NONE).then_some(UtcMillis(at))
    }

    /// What it adds to `sum`; `None` where it says nothing.
    pub fn adds(self, sum: Sum) -> Option<i64> {
        let (c, row) = (self.columns, self.row);
        let value = match sum {
            Sum::Gmv => c.amount.raw(row),
            Sum::Units => c.quantity.raw(row),
            Sum::Paid => paid_amount(c.paid_amount.raw(row), c.amount.raw(row)),
            Sum::Refund => c.refund_amount.raw(row),
        };
        (value != Ints::NONE).then_some(value)
    }

    /// Whether it is one of `which`.
    pub fn is(self, which: Which) -> bool {
        match which {
            Which::All => true,
            Which::Cancelled => self.status() == Status::Cancelled,
            Which::Refunded => is_refunded(self.status(), self.columns.refund_amount.raw(self.row)),
            Which::Unshipped => {
                self.status() == Status::Paid && self.columns.shipped_at.raw(self.row) == Ints::NONE
            }
            Which::PricedIn(code) => self.currency() == code && self.adds(Sum::Paid).is_some(),
        }
    }

    /// Where it stands.
    pub fn status(self) -> Status {
        status(self.columns.dim(Dim::Status).get(self.row))
    }

    /// Code of its currency.
    pub fn currency(self) -> u32 {
        self.columns.currency.get(self.row)
    }
}
