//! The definitions of [`Line`](crate::metric::Line), read for a block of lines at once.

use crate::metric::line::{Clock, Sum, Which, is_refunded, paid_amount, payment, status};
use crate::model::{Dim, Ints, OrderColumns, Status};

/// Some lines of a block: `start` and offsets from it.
#[derive(Clone, Copy)]
pub(super) struct Lines<'a> {
    pub columns: &'a OrderColumns,
    pub start: usize,
    pub picks: &'a [u16],
}

/// Vectors that are filled again for each block.
#[derive(Default)]
pub(super) struct Spare {
    values: Vec<i64>,
    codes: Vec<u32>,
}

impl<'a> Lines<'a> {
    pub(super) const fn new(columns: &'a OrderColumns, start: usize, picks: &'a [u16]) -> Self {
        Self {
            columns,
            start,
            picks,
        }
    }

    fn gather(self, column: &Ints, out: &mut Vec<i64>) {
        column.gather(self.start, self.picks, out);
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
            c.dim(Dim::Status)
                .gather(self.start, self.picks, &mut spare.codes);
            for ((at, refund), code) in out.iter_mut().zip(&spare.values).zip(&spare.codes) {
                if !is_refunded(status(*code), *refund) {
                    *at = Ints::NONE;
                }
            }
        }
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
            c.currency.gather(self.start, self.picks, &mut spare.codes);
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
            c.dim(Dim::Status)
                .gather(self.start, self.picks, &mut spare.codes);
        }
        match which {
            Which::All => out.resize(self.picks.len(), true),
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
