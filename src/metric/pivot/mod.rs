//! Pivots: lines counted, added up and told apart by group. Every number of flow is read off one.
//!
//! A pivot is computed in one of three ways, which tests hold equal: by the plain definition
//! ([`plain`]), by a scan over blocks of columns, which also moves a window by bringing in and taking out the
//! lines at its edges, or step by step as single lines come and go ([`Live`]), which is what makes a feed cheap.

mod block;
mod live;
mod picked;
mod plain;
mod scan;
mod step;
mod tally;

pub use live::{Live, Paths};
pub use plain::plain;

use super::{Clock, Sum, Which};
use crate::model::{Dim, NONE_CODE, OrderColumns};
use crate::query::{Buckets, Own};
use crate::time::{Grain, Span, UtcMillis, Zone};
use rustc_hash::FxHashMap;

/// What lines are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// The codes of a dimension.
    Dim(Dim),
    /// Codes of currencies.
    Currency,
    /// Codes of cities.
    City,
    /// Buckets of the pivot's own clock over its frame.
    Time(Zone, Grain),
}

/// What is counted once each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Distinct {
    /// Orders with a line of these.
    Orders(Which),
    /// SKUs; lines that name none do not count.
    Skus,
    /// Customers; lines that name none do not count.
    Customers,
}

/// What a client asks for, apart from the window of time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spec {
    /// Groups: none, by one thing or by two; further ones are ignored.
    pub by: Vec<By>,
    /// When a line counts.
    pub clock: Clock,
    /// Which lines count.
    pub which: Which,
    /// The clauses it does not look at.
    pub own: Own,
    /// Code of the currency that money is added up in; other lines add no money. `None`: lines of all.
    pub currency: Option<u32>,
    /// What is added up.
    pub sums: Vec<Sum>,
    /// What is counted once each.
    pub distinct: Vec<Distinct>,
    /// Whether to keep the earliest time of a group.
    pub first: bool,
}

impl Spec {
    /// One group of all lines created, nothing added up.
    pub const fn new(clock: Clock) -> Self {
        Self {
            by: Vec::new(),
            clock,
            which: Which::All,
            own: 0,
            currency: None,
            sums: Vec::new(),
            distinct: Vec::new(),
            first: false,
        }
    }
}

/// Window and frame of a pivot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// Lines whose time is in it count.
    pub window: Span,
    /// What buckets of time are laid over; holds the window's lines, what lies outside has no bucket.
    pub frame: Span,
}

impl When {
    /// Of all time, in buckets over `frame`.
    pub const fn always(frame: Span) -> Self {
        Self {
            window: Span::ALWAYS,
            frame,
        }
    }

    /// Of `window`, in buckets over it.
    pub const fn of(window: Span) -> Self {
        Self {
            window,
            frame: window,
        }
    }
}

/// A sum and the number of lines that said something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Σ of raw values.
    pub sum: i128,
    /// Lines with a value.
    pub lines: u64,
}

impl Said {
    /// The sum; `None` where no line said anything, which is not zero.
    pub fn value(self) -> Option<i128> {
        (self.lines > 0).then_some(self.sum)
    }
}

/// What a pivot holds: columns by group. Groups beyond the end are empty.
///
/// With one `by`, a group is the code of its key or the number of its bucket; with two, groups are numbered
/// as they were first met, and `pairs` tells their codes. Without any there is group 0.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// Lines.
    pub lines: Vec<u64>,
    /// One column a sum, in the order of the spec.
    pub sums: Vec<Vec<Said>>,
    /// One column a distinct count, in the order of the spec.
    pub distinct: Vec<Vec<u64>>,
    /// Earliest time of each group; `i64::MAX` for a group without one. Empty unless asked for.
    pub first: Vec<i64>,
    /// Codes of each group of two.
    pub pairs: Vec<Codes>,
    number: FxHashMap<Codes, u32>,
}

/// Codes of a group; the second is 0 where there is one only.
pub type Codes = [u32; 2];

impl Groups {
    fn new(spec: &Spec) -> Self {
        let mut new = Self {
            sums: vec![Vec::new(); spec.sums.len()],
            distinct: vec![Vec::new(); spec.distinct.len()],
            ..Self::default()
        };
        if spec.by.is_empty() {
            new.grow(spec, 1);
        }
        new
    }

    fn grow(&mut self, spec: &Spec, groups: usize) {
        if groups <= self.lines.len() {
            return;
        }
        self.lines.resize(groups, 0);
        self.sums
            .iter_mut()
            .for_each(|sums| sums.resize(groups, Said::default()));
        self.distinct
            .iter_mut()
            .for_each(|counts| counts.resize(groups, 0));
        if spec.first {
            self.first.resize(groups, i64::MAX);
        }
    }

    /// The group of a line with these codes; a new one where there is none.
    fn place(&mut self, spec: &Spec, codes: Codes) -> usize {
        let group = if spec.by.len() < 2 {
            codes[0] as usize
        } else {
            let pairs = &mut self.pairs;
            let group = *self.number.entry(codes).or_insert_with(|| {
                pairs.push(codes);
                u32::try_from(pairs.len() - 1).unwrap_or(u32::MAX)
            });
            group as usize
        };
        self.grow(spec, group + 1);
        group
    }

    /// Lines of `group`.
    pub fn lines(&self, group: usize) -> u64 {
        self.lines.get(group).copied().unwrap_or(0)
    }

    /// Sum number `at` of `group`.
    pub fn sum(&self, at: usize, group: usize) -> Said {
        self.sums
            .get(at)
            .and_then(|sums| sums.get(group))
            .copied()
            .unwrap_or_default()
    }

    /// Distinct count number `at` of `group`.
    pub fn distinct(&self, at: usize, group: usize) -> u64 {
        self.distinct
            .get(at)
            .and_then(|counts| counts.get(group))
            .copied()
            .unwrap_or(0)
    }

    /// Number of the group with these codes. There may be none where no line ever was in it.
    pub fn find(&self, codes: Codes) -> Option<usize> {
        if self.pairs.is_empty() {
            Some(codes[0] as usize)
        } else {
            self.number.get(&codes).map(|group| *group as usize)
        }
    }

    /// Codes of the groups that have a line.
    pub fn codes(&self) -> impl Iterator<Item = Codes> + '_ {
        let codes = |(group, _): (u32, &u64)| {
            let pair = self.pairs.get(group as usize);
            pair.copied().unwrap_or([group, 0])
        };
        (0_u32..)
            .zip(&self.lines)
            .filter(|(_, lines)| **lines > 0)
            .map(codes)
    }
}

/// How lines find their group.
#[derive(Clone, Debug, Default)]
struct Layout {
    by: Vec<By>,
    buckets: Vec<Option<Buckets>>,
}

impl Layout {
    fn new(spec: &Spec, frame: Span) -> Self {
        let buckets = spec.by.iter().map(|by| match by {
            By::Time(zone, grain) => Some(Buckets::new(*zone, *grain, frame)),
            _ => None,
        });
        Self {
            buckets: buckets.collect(),
            by: spec.by.clone(),
        }
    }

    /// No more groups than this, as far as the texts known now go.
    fn most_groups(&self, columns: &OrderColumns) -> usize {
        let most = |(by, buckets): (&By, &Option<Buckets>)| match by {
            By::Dim(dim) => columns.dict(*dim).len(),
            By::Currency => columns.currencies.len(),
            By::City => columns.cities.len(),
            By::Time(..) => buckets.as_ref().map_or(0, Buckets::len),
        };
        let sizes = self.by.iter().zip(&self.buckets).map(most);
        sizes.fold(1, usize::saturating_mul)
    }

    /// Codes of the group of one line, whose time is `at`; `None`: it has no bucket.
    fn codes(&self, columns: &OrderColumns, row: usize, at: UtcMillis) -> Option<Codes> {
        let mut codes = [0; 2];
        for ((code, by), buckets) in codes.iter_mut().zip(&self.by).zip(&self.buckets) {
            *code = match by {
                By::Dim(dim) => columns.dim(*dim).get(row),
                By::Currency => columns.currency.get(row),
                By::City => columns.city.get(row),
                By::Time(..) => u32::try_from(buckets.as_ref()?.index(at)?).ok()?,
            };
        }
        Some(codes)
    }
}

/// Code that a line is told apart by, where it is not its order.
fn code_of(distinct: Distinct, columns: &OrderColumns, row: usize) -> Option<u32> {
    let code = match distinct {
        Distinct::Orders(_) => return None,
        Distinct::Skus => columns.dim(Dim::Sku).get(row),
        Distinct::Customers => columns.customer.get(row),
    };
    (code != NONE_CODE).then_some(code)
}

#[cfg(test)]
mod tests;
