//! Least, greatest and quantiles: what needs the values themselves. Not kept up, but read anew.

use super::pivot::{Groups, Spec, When};
use super::{Book, Line, Sum};
use std::collections::BTreeMap;

/// Sorted values by group.
#[derive(Clone, Debug, Default)]
pub struct Spread(BTreeMap<[u32; 2], Vec<i64>>);

impl Spread {
    /// The values that `sum` would add up in the groups of `spec` in `when`.
    pub fn new(book: Book<'_>, spec: &Spec, when: When, sum: Sum) -> Self {
        let mut values: BTreeMap<[u32; 2], Vec<i64>> = BTreeMap::new();
        let columns = book.table().columns();
        book.with_masks(|masks| {
            for (row, codes) in Groups::members(book.table(), masks, spec, when) {
                values
                    .entry(codes)
                    .or_default()
                    .extend(Line::new(columns, row).adds(sum));
            }
        });
        values.values_mut().for_each(|values| values.sort_unstable());
        Self(values)
    }

    /// The least value of which at least the share `q` (0 to 1) is not greater: nearest rank. 0 gives the
    /// least, 1 the greatest; `None` where no line of the group has a value.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank of at most 2³² lines"
    )]
    pub fn quantile(&self, codes: [u32; 2], q: f64) -> Option<i64> {
        let values = self.0.get(&codes)?;
        let rank = (q.clamp(0.0, 1.0) * values.len() as f64).ceil() as usize;
        values.get(rank.max(1) - 1).copied()
    }
}
