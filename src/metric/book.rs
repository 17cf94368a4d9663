//! Where the definitions get their pivots from.

use super::pivot::{Groups, Live, Spec, When};
use crate::model::OrderTable;
use crate::query::Masks;
use std::cell::RefCell;
use std::rc::Rc;

/// The order lines and the running totals over them, as one screen reads them.
#[derive(Clone, Copy, Debug)]
pub struct Book<'a> {
    table: &'a OrderTable,
    live: &'a RefCell<Live>,
}

impl<'a> Book<'a> {
    /// The lines of `table` with the totals that `live` keeps of them.
    pub const fn new(table: &'a OrderTable, live: &'a RefCell<Live>) -> Self {
        Self { table, live }
    }

    /// The lines.
    pub const fn table(&self) -> &'a OrderTable {
        self.table
    }

    /// The answer to `spec` in `when`.
    pub fn ask(&self, spec: &Spec, when: When) -> Rc<Groups> {
        self.live.borrow_mut().ask(self.table, spec, when)
    }

    /// Whether line `row` passes every clause.
    pub fn passes(&self, row: usize) -> bool {
        self.live.borrow().masks().passes(row, 0)
    }

    /// Bits of the clauses that hold, for clients that look at some of them only.
    pub fn with_masks<T>(&self, read: impl FnOnce(&Masks) -> T) -> T {
        read(self.live.borrow().masks())
    }
}
