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
        UtcMillis(self.columns.created_at[self.row])
    }

    /// When it was paid. A return line (negative quantity) is no payment.
    pub fn paid_at(self) -> Option<UtcMillis> {
        let paid = said(self.columns.paid_at[self.row])?;
        (self.columns.quantity[self.row] >= 0 || said(self.columns.quantity[self.row]).is_none())
            .then_some(UtcMillis(paid))
    }

    /// GMV: value at list price, whatever became of the line (Shopify's gross sales, DOMAIN "gmv").
    pub fn gmv(self) -> Option<i64> {
        said(self.columns.amount[self.row])
    }

    /// Units, as said.
    pub fn units(self) -> Option<i64> {
        said(self.columns.quantity[self.row])
    }

    /// Paid by the buyer; where the export has no such amount, the gross amount.
    pub fn paid_amount(self) -> Option<i64> {
        said(self.columns.paid_amount[self.row]).or_else(|| self.gmv())
    }

    /// Refunded so far.
    pub fn refund(self) -> Option<i64> {
        said(self.columns.refund_amount[self.row])
    }

    /// Where it stands.
    pub fn status(self) -> Status {
        let code = self.columns.dim(Dim::Status)[self.row] as usize;
        Status::ALL.get(code.wrapping_sub(1)).copied().unwrap_or_default()
    }

    /// Whether money went back: a successful refund, in part or whole.
    pub fn is_refunded(self) -> bool {
        self.status() == Status::Refunded || self.refund().is_some_and(|refund| refund > 0)
    }

    /// Whether it waits to be shipped: paid, and neither shipped, closed nor going back.
    pub fn is_unshipped(self) -> bool {
        self.status() == Status::Paid && said(self.columns.shipped_at[self.row]).is_none()
    }

    /// Code of its currency.
    pub fn currency(self) -> u32 {
        self.columns.currency[self.row]
    }
}

fn said(value: i64) -> Option<i64> {
    (value != OrderColumns::NONE).then_some(value)
}
