//! One line comes or goes.

use super::{Distinct, Groups, Layout, Spec, code_of};
use crate::metric::Line;
use crate::model::{OrderColumns, OrderTable};
use rustc_hash::FxHashMap;

/// How many lines hold each code in each group, for every distinct count that needs it: SKUs, customers,
/// and orders with too many lines to walk.
#[derive(Clone, Debug, Default)]
pub(super) struct Held(Vec<Holders>);

#[derive(Clone, Debug)]
enum Holders {
    /// Lines by group and code.
    Dense(Vec<Vec<u32>>),
    /// Where most of them would be 0.
    Sparse(FxHashMap<(u32, u32), u32>),
}

/// Most counts of a dense table.
const MOST_DENSE: usize = 4 << 20;

impl Held {
    pub(super) fn new(spec: &Spec, columns: &OrderColumns, layout: &Layout) -> Self {
        let groups = layout.most_groups(columns);
        let holders = |distinct: &Distinct| {
            let codes = match distinct {
                Distinct::Orders(_) => usize::MAX,
                Distinct::Skus => columns.dict(crate::model::Dim::Sku).len(),
                Distinct::Customers => columns.customers.len(),
            };
            if codes.saturating_mul(groups) <= MOST_DENSE {
                Holders::Dense(Vec::new())
            } else {
                Holders::Sparse(FxHashMap::default())
            }
        };
        Self(spec.distinct.iter().map(holders).collect())
    }

    /// One more line holds `code`; whether it is the first.
    fn enter(&mut self, at: usize, group: u32, code: u32) -> bool {
        let count = match self.0.get_mut(at) {
            Some(Holders::Dense(groups)) => {
                let at = group as usize;
                if at >= groups.len() {
                    groups.resize(at + 1, Vec::new());
                }
                let codes = &mut groups[at];
                if code as usize >= codes.len() {
                    codes.resize(code as usize + 1, 0);
                }
                &mut codes[code as usize]
            }
            Some(Holders::Sparse(counts)) => counts.entry((group, code)).or_default(),
            None => return false,
        };
        *count += 1;
        *count == 1
    }

    /// One line more or less holds `code`; whether it is the only one.
    pub(super) fn moves(&mut self, way: Way, at: usize, group: u32, code: u32) -> bool {
        match way {
            Way::In => self.enter(at, group, code),
            Way::Out => self.leave(at, group, code),
        }
    }

    /// One line less holds `code`; whether it was the last.
    fn leave(&mut self, at: usize, group: u32, code: u32) -> bool {
        match self.0.get_mut(at) {
            Some(Holders::Dense(groups)) => {
                let count = groups
                    .get_mut(group as usize)
                    .and_then(|codes| codes.get_mut(code as usize));
                count.is_some_and(|count| {
                    *count = count.saturating_sub(1);
                    *count == 0
                })
            }
            Some(Holders::Sparse(counts)) => {
                let std::collections::hash_map::Entry::Occupied(mut count) = counts.entry((group, code))
                else {
                    return false;
                };
                *count.get_mut() -= 1;
                let last = *count.get() == 0;
                if last {
                    count.remove();
                }
                last
            }
            None => false,
        }
    }
}

/// Which way a line goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    In,
    Out,
}

impl Way {
    /// What sums are multiplied by, and what is added to counts.
    pub(super) const fn signs(self) -> (i64, u64) {
        match self {
            Self::In => (1, 1),
            Self::Out => (-1, 1_u64.wrapping_neg()),
        }
    }
}

/// What a step changes.
pub(super) struct Totals<'a> {
    pub groups: &'a mut Groups,
    pub held: &'a mut Held,
}

/// A line that is one of a spec's, and its time by the spec's clock.
#[derive(Clone, Copy)]
pub(super) struct Moved {
    pub row: u32,
    pub at: crate::time::UtcMillis,
    pub way: Way,
}

/// A line comes or goes. `counts` says of the other lines of its order whether they are in at this moment, time included.
///
/// Returns whether the totals are still right: the earliest of a group cannot go by a step.
pub(super) fn step(
    table: &OrderTable,
    spec: &Spec,
    layout: &Layout,
    totals: Totals<'_>,
    Moved { row, at, way }: Moved,
    counts: impl Fn(u32) -> bool,
) -> bool {
    let Totals { groups, held } = totals;
    let columns = table.columns();
    let line = Line::new(columns, row as usize);
    let Some(codes) = layout.codes(columns, row as usize, at) else {
        return true;
    };
    let group = groups.place(spec, codes);
    let (sign, delta) = way.signs();
    if let Some(lines) = groups.lines.get_mut(group) {
        *lines = lines.wrapping_add(delta);
    }
    for (sums, sum) in groups.sums.iter_mut().zip(&spec.sums) {
        let counts = !sum.is_money() || spec.currency.is_none_or(|currency| currency == line.currency());
        if let Some((said, value)) = sums.get_mut(group).zip(line.adds(*sum).filter(|_| counts)) {
            said.sum += i128::from(sign) * i128::from(value);
            said.lines = said.lines.wrapping_add(delta);
        }
    }
    let small = u32::try_from(group).unwrap_or(u32::MAX);
    for (number, distinct) in spec.distinct.iter().enumerate() {
        let chains = table.chains();
        let code = match distinct {
            Distinct::Orders(which) if !line.is(*which) => None,
            Distinct::Orders(_) => Some(columns.order.get(row as usize)),
            other => code_of(*other, columns, row as usize),
        };
        let Some(code) = code else { continue };
        let is_only = match distinct {
            Distinct::Orders(which) if !chains.is_of_wide(row) => !chains.of(code).any(|other| {
                let line = Line::new(columns, other as usize);
                other != row
                    && counts(other)
                    && line.is(spec.which)
                    && line.is(*which)
                    && line
                        .at(spec.clock)
                        .is_some_and(|at| layout.codes(columns, other as usize, at) == Some(codes))
            }),
            _ => held.moves(way, number, small, code),
        };
        if is_only && let Some(count) = groups.distinct[number].get_mut(group) {
            *count = count.wrapping_add(delta);
        }
    }
    if let Some(first) = groups.first.get_mut(group) {
        if way == Way::In {
            *first = (*first).min(at.0);
        } else if *first == at.0 {
            return false;
        }
    }
    true
}
