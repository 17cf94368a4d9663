//! The measure by a dimension.

use super::{Line, fixed};
use crate::model::{Dim, OrderTable};
use crate::money::Fixed;
use crate::protocol::Measure;
use crate::query::{DistinctByGroup, Selection};
use crate::time::Span;

/// One key's share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Code in the dimension's dictionary.
    pub code: u32,
    /// The measure.
    pub value: Fixed,
    /// Order lines behind it: a key with lines worth nothing is still a key.
    pub lines: u64,
}

/// `measure` of the lines created in `span` by `dim`, which the dimension's own clause does not filter.
/// Largest first, ties by key; only keys that have a line.
pub fn breakdown(
    table: &OrderTable,
    selection: &Selection,
    dim: Dim,
    span: Span,
    measure: Measure,
    currency: u32,
) -> Vec<Group> {
    let columns = table.columns();
    let dict = columns.dict(dim);
    let mut lines = vec![0_u64; dict.len()];
    let mut sums = vec![0_i128; dict.len()];
    let mut orders =
        (measure == Measure::Orders).then(|| DistinctByGroup::new(table.columns().orders.len(), dict.len()));
    for (row, code) in columns.dim(dim).iter().enumerate() {
        let line = Line::new(columns, row);
        if !selection.passes_but(row, dim) || !span.contains(line.created_at()) {
            continue;
        }
        let at = code as usize;
        lines[at] += 1;
        match &mut orders {
            Some(orders) => orders.insert(columns.order.get(row), at),
            None if measure == Measure::Units => sums[at] += i128::from(line.units().unwrap_or(0)),
            None if line.currency() == currency => sums[at] += i128::from(line.gmv().unwrap_or(0)),
            None => {}
        }
    }
    if let Some(orders) = orders {
        for (sum, count) in sums.iter_mut().zip(orders.counts()) {
            *sum = i128::from(*count) * i128::from(Fixed::SCALE);
        }
    }
    let mut groups: Vec<Group> = (0_u32..)
        .zip(sums)
        .zip(lines)
        .filter(|(_, lines)| *lines > 0)
        .map(|((code, sum), lines)| Group {
            code,
            value: fixed(sum),
            lines,
        })
        .collect();
    groups.sort_by(|a, b| {
        b.value
            .cmp(&a.value)
            .then_with(|| dict.text(a.code).cmp(dict.text(b.code)))
    });
    groups
}
