//! The measure over time.

use super::pivot::{By, Distinct, Groups, Spec, When};
use super::{Book, Clock, Sum, Which, fixed};
use crate::money::Fixed;
use crate::protocol::Measure;
use std::rc::Rc;

/// What was ordered, by bucket.
#[derive(Clone, Debug)]
pub struct Course(Rc<Groups>);

impl Course {
    /// Course of the selected lines (created clock) over the buckets that `by` lays over `when`, money in
    /// `currency`.
    pub fn new(book: Book<'_>, by: By, when: When, currency: u32) -> Self {
        let spec = Spec {
            by: vec![by],
            currency: Some(currency),
            sums: vec![Sum::Gmv, Sum::Units],
            distinct: vec![Distinct::Orders(Which::All)],
            ..Spec::new(Clock::Created)
        };
        Self(book.ask(&spec, when))
    }

    /// GMV of bucket `at`; 0 beyond the last.
    pub fn gmv(&self, at: usize) -> Fixed {
        fixed(self.0.sum(0, at).sum)
    }

    /// Units of bucket `at`.
    pub fn units(&self, at: usize) -> Fixed {
        fixed(self.0.sum(1, at).sum)
    }

    /// Orders of bucket `at`; one with lines in two buckets counts in both.
    pub fn orders(&self, at: usize) -> u64 {
        self.0.distinct(0, at)
    }

    /// Value of `measure` in bucket `at`; 0 beyond the last.
    pub fn value(&self, measure: Measure, at: usize) -> Fixed {
        match measure {
            Measure::Gmv => self.gmv(at),
            Measure::Units => self.units(at),
            Measure::Orders => Fixed::from_units(i64::try_from(self.orders(at)).unwrap_or(0)),
        }
    }
}
