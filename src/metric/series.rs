//! The measure over time.

use super::{Line, fixed};
use crate::model::OrderTable;
use crate::money::Fixed;
use crate::protocol::Measure;
use crate::query::{Buckets, DistinctByGroup, Selection};

/// What was ordered, by bucket.
#[derive(Clone, Debug)]
pub struct Course {
    /// GMV in the asked currency.
    pub gmv: Vec<Fixed>,
    /// Units created.
    pub units: Vec<Fixed>,
    /// Orders created; one with lines in two buckets counts in both.
    pub orders: Vec<u64>,
}

impl Course {
    /// Value of `measure` in bucket `at`; 0 beyond the last.
    pub fn value(&self, measure: Measure, at: usize) -> Fixed {
        match measure {
            Measure::Gmv => self.gmv.get(at).copied().unwrap_or_default(),
            Measure::Units => self.units.get(at).copied().unwrap_or_default(),
            Measure::Orders => Fixed::from_units(
                self.orders
                    .get(at)
                    .and_then(|n| i64::try_from(*n).ok())
                    .unwrap_or(0),
            ),
        }
    }
}

/// Course of the selected lines over `buckets` (created clock), money in `currency`.
pub fn course(table: &OrderTable, selection: &Selection, buckets: &Buckets, currency: u32) -> Course {
    let mut gmv = vec![0_i128; buckets.len()];
    let mut units = vec![0_i128; buckets.len()];
    let mut orders = DistinctByGroup::new(table.columns().orders.len(), buckets.len());
    for (row, order) in table.columns().order.iter().enumerate() {
        if !selection.passes(row) {
            continue;
        }
        let line = Line::new(table.columns(), row);
        let Some(at) = buckets.index(line.created_at()) else {
            continue;
        };
        orders.insert(order, at);
        units[at] += i128::from(line.units().unwrap_or(0));
        if line.currency() == currency {
            gmv[at] += i128::from(line.gmv().unwrap_or(0));
        }
    }
    Course {
        gmv: gmv.into_iter().map(fixed).collect(),
        units: units.into_iter().map(fixed).collect(),
        orders: orders.counts().to_vec(),
    }
}
