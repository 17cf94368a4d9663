//! The definitions of [`Line`](crate::metric::Line), read for a block of lines at once.

use crate::metric::line::{Clock, Sum, Which, is_refunded, paid_amount, payment, status};
use crate::model::{Codes, Dim, Ints, OrderColumns, Status};

/// Lines of a block: `start` and offsets from it.
#[derive(Clone, Copy)]
pub(super) struct Lines<'a> {
    columns: &'a OrderColumns,
    start: usize,
    picks: &'a Picks,
}

/// Which lines of a block.
#[derive(Default)]
pub(super) struct Picks {
    /// Offsets, ascending.
    pub offsets: Vec<u16>,
    /// Whether they are all from 0 on without a gap, so that columns are read through.
    are_all: bool,
}

impl Picks {
    /// The first `len` lines of the block.
    pub(super) fn all_of(&mut self, len: usize) {
        if !self.are_all || self.offsets.len() != len {
            self.offsets.clear();
            self.offsets.extend((0_u16..).take(len));
            self.are_all = true;
        }
    }

    /// The lines at `offsets`.
    pub(super) fn some_of(&mut self, offsets: &[u16]) {
        self.offsets.clear();
        self.offsets.extend_from_slice(offsets);
        // They ascend: without a gap, the last is at its own place.
        self.are_all = offsets
            .last()
            .is_some_and(|last| usize::from(*last) + 1 == offsets.len());
    }

    /// Keeps the lines of which `keep`, asked of each in turn, says so. Without a branch a line: every line
    /// is written, and kept if it passes.
    pub(super) fn retain(&mut self, mut keep: impl FnMut() -> bool) {
        let mut kept = 0;
        for at in 0..self.offsets.len() {
            let Some(offset) = self.offsets.get(at).copied() else {
                break;
            };
            if let Some(place) = self.offsets.get_mut(kept) {
                *place = offset;
            }
            kept += usize::from(keep());
        }
        self.are_all &= kept == self.offsets.len();
        self.offsets.truncate(kept);
    }

    /// Number of lines, and their offsets unless they are all from 0 on.
    pub(super) fn parts(&self) -> (usize, Option<&[u16]>) {
        (self.offsets.len(), (!self.are_all).then_some(&*self.offsets))
    }
}

/// Vectors that are filled again for each block.
#[derive(Default)]
pub(super) struct Spare {
    values: Vec<i64>,
    codes: Vec<u32>,
}

impl<'a> Lines<'a> {
    pub(super) const fn new(columns: &'a OrderColumns, start: usize, picks: &'a Picks) -> Self {
        Self {
            columns,
            start,
            picks,
        }
    }

    fn gather(self, column: &Ints, out: &mut Vec<i64>) {
        if self.picks.are_all {
            column.read(self.start, self.picks.offsets.len(), out);
        } else {
            column.gather(self.start, &self.picks.offsets, out);
        }
    }

    pub(super) fn codes(self, column: &Codes, out: &mut Vec<u32>) {
        if self.picks.are_all {
            column.read(self.start, self.picks.offsets.len(), out);
        } else {
            column.gather(self.start, &self.picks.offsets, out);
        }
    }

    /// Time of each line by `clock`; [`Ints::NONE`]: it has none.
    pub(super) fn times(self, clock: Clock, spare: &mut Spare, out: &mut Vec<i64>) {
        let c = self.columns;
        if clock == Clock::Created {
            return self.gather(&c.created_at, out);
        }
        self.gather(&c.paid_at, out);
        if !c.quantity.is_unsaid() {
            self.gather(&c.quantity, &mut spare.values);
            for (at, quantity) in out.iter_mut().zip(&spare.values) {
                *at = payment(*at, *quantity);
            }
        }
        if clock == Clock::Refunded {
            self.gather(&c.created_at, &mut spare.values);
            for (at, created) in out.iter_mut().zip(&spare.values) {
                if *at == Ints::NONE {
                    *at = *created;
                }
            }
            self.gather(&c.refund_amount, &mut spare.values);
            self.codes(c.dim(Dim::Status), &mut spare.codes);
            for ((at, refund), code) in out.iter_mut().zip(&spare.values).zip(&spare.codes) {
                if !is_refunded(status(*code), *refund) {
                    *at = Ints::NONE;
                }
            }
        }
    }

    /// No line adds more than this to `sum`, or takes more away; `None` where that is not known to fit.
    pub(super) fn magnitude(columns: &OrderColumns, sum: Sum) -> Option<i64> {
        match sum {
            Sum::Gmv => columns.amount.magnitude(),
            Sum::Units => columns.quantity.magnitude(),
            Sum::Refund => columns.refund_amount.magnitude(),
            Sum::Paid => Some(columns.amount.magnitude()?.max(columns.paid_amount.magnitude()?)),
        }
    }

    /// The column that holds what each line adds to `sum`, if one does.
    pub(super) fn column(columns: &OrderColumns, sum: Sum, currency: Option<u32>) -> Option<&Ints> {
        let column = match sum {
            Sum::Gmv => &columns.amount,
            Sum::Units => &columns.quantity,
            Sum::Refund => &columns.refund_amount,
            Sum::Paid if columns.paid_amount.is_unsaid() => &columns.amount,
            Sum::Paid => return None,
        };
        let is_whole = currency.is_none() || !sum.is_money();
        (is_whole && !column.is_unsaid()).then_some(column)
    }

    /// What each line adds to `sum`, in `currency` if it is money; [`Ints::NONE`]: nothing said.
    pub(super) fn adds(self, sum: Sum, currency: Option<u32>, spare: &mut Spare, out: &mut Vec<i64>) {
        let c = self.columns;
        match sum {
            Sum::Gmv => self.gather(&c.amount, out),
            Sum::Units => self.gather(&c.quantity, out),
            Sum::Refund => self.gather(&c.refund_amount, out),
            Sum::Paid if c.paid_amount.is_unsaid() => self.gather(&c.amount, out),
            Sum::Paid => {
                self.gather(&c.paid_amount, out);
                self.gather(&c.amount, &mut spare.values);
                for (paid, amount) in out.iter_mut().zip(&spare.values) {
                    *paid = paid_amount(*paid, *amount);
                }
            }
        }
        if let Some(currency) = currency.filter(|_| sum.is_money()) {
            self.codes(&c.currency, &mut spare.codes);
            for (value, code) in out.iter_mut().zip(&spare.codes) {
                if *code != currency {
                    *value = Ints::NONE;
                }
            }
        }
    }

    /// Whether each line is one of `which`.
    pub(super) fn are(self, which: Which, spare: &mut Spare, out: &mut Vec<bool>) {
        let c = self.columns;
        out.clear();
        if !matches!(which, Which::All | Which::PricedIn(_)) {
            self.codes(c.dim(Dim::Status), &mut spare.codes);
        }
        match which {
            Which::All => out.resize(self.picks.offsets.len(), true),
            Which::Cancelled => {
                out.extend(spare.codes.iter().map(|code| status(*code) == Status::Cancelled));
            }
            Which::Refunded => {
                self.gather(&c.refund_amount, &mut spare.values);
                let pairs = spare.codes.iter().zip(&spare.values);
                out.extend(pairs.map(|(code, refund)| is_refunded(status(*code), *refund)));
            }
            Which::Unshipped => {
                self.gather(&c.shipped_at, &mut spare.values);
                let pairs = spare.codes.iter().zip(&spare.values);
                out.extend(pairs.map(|(code, at)| status(*code) == Status::Paid && *at == Ints::NONE));
            }
            Which::PricedIn(code) => {
                let mut paid = Vec::new();
                self.adds(Sum::Paid, Some(code), spare, &mut paid);
                out.extend(paid.iter().map(|paid| *paid != Ints::NONE));
            }
        }
    }
}
