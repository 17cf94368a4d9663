//! What one order line contributes.

use crate::model::{Dim, OrderColumns, Status};
use crate::time::UtcMillis;

/// A line of the table, read by the definitions.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    columns: &'a OrderColumns,
    row: usize,
}

impl<'a> Line<'a> {
    /// Line `row` of `columns`; it must be below their length.
    pub const fn new(columns: &'a OrderColumns, row: usize) -> Self {
        Self { columns, row }
    }

    /// When it was ordered.
    pub fn created_at(self) -> UtcMillis {
        UtcMillis(self.columns.created_at.raw(self.row))
    }

    /// When it was paid. A return line (negative quantity) is no payment.
    pub fn paid_at(self) -> Option<UtcMillis> {
        let paid = self.columns.paid_at.get(self.row)?;
        self.units()
            .is_none_or(|units| units >= 0)
            .then_some(UtcMillis(paid))
    }

    /// GMV: value at list price, whatever became of the line (Shopify's gross sales, DOMAIN "gmv").
    pub fn gmv(self) -> Option<i64> {
        self.columns.amount.get(self.row)
    }

    /// Units, as said.
    pub fn units(self) -> Option<i64> {
        self.columns.quantity.get(self.row)
    }

    /// Paid by the buyer; where the export has no such amount, the gross amount.
    pub fn paid_amount(self) -> Option<i64> {
        self.columns.paid_amount.get(self.row).or_else(|| self.gmv())
    }

    /// Refunded so far.
    pub fn refund(self) -> Option<i64> {
        self.columns.refund_amount.get(self.row)
    }

    /// Where it stands.
    pub fn status(self) -> Status {
        let code = self.columns.dim(Dim::Status).get(self.row) as usize;
        Status::ALL.get(code.wrapping_sub(1)).copied().unwrap_or_default()
    }

    /// Whether money went back: a successful refund, in part or whole.
    pub fn is_refunded(self) -> bool {
        self.status() == Status::Refunded || self.refund().is_some_and(|refund| refund > 0)
    }

    /// Whether it waits to be shipped: paid, and neither shipped, closed nor going back.
    pub fn is_unshipped(self) -> bool {
        self.status() == Status::Paid && self.columns.shipped_at.get(self.row).is_none()
    }

    /// Code of its currency.
    pub fn currency(self) -> u32 {
        self.columns.currency.get(self.row)
    }
}
