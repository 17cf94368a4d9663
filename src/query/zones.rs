//! Least and greatest instant of each block of lines, so that a window reads only the blocks it touches:
//! exports lie in order of time, or nearly so.

use crate::model::{Ints, OrderTable};
use crate::time::{Span, UtcMillis};
use std::collections::BTreeSet;
use std::ops::Range;

/// Lines of a block. Tests make do with few lines, and still cross many.
pub const BLOCK: usize = if cfg!(test) { 16 } else { 1024 };

/// What a window and a block have to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// No line of the block is in the window.
    None,
    /// Some may be.
    Some,
    /// All lines that have an instant are.
    All,
}

/// Ranges of the order time and of any time of payment by block.
#[derive(Clone, Debug, Default)]
pub struct Zones {
    created: Vec<(i64, i64)>,
    paid: Vec<(i64, i64)>,
    /// Of all blocks.
    whole: [Option<(UtcMillis, UtcMillis)>; 2],
    /// Lines seen.
    rows: usize,
    /// Blocks whose lines changed.
    stale: BTreeSet<usize>,
}

/// No instant at all.
const EMPTY: (i64, i64) = (i64::MAX, i64::MIN);

impl Zones {
    /// Line `row` was replaced or removed.
    pub fn touch(&mut self, row: u32) {
        self.stale.insert(row as usize / BLOCK);
    }

    /// Takes in what has changed in `table` since the last time.
    pub fn follow(&mut self, table: &OrderTable) {
        let len = table.columns().len();
        if self.rows < len {
            self.stale.extend(self.rows / BLOCK..len.div_ceil(BLOCK));
            self.rows = len;
        }
        let blocks = len.div_ceil(BLOCK);
        self.created.resize(blocks, EMPTY);
        self.paid.resize(blocks, EMPTY);
        if self.stale.is_empty() {
            return;
        }
        for block in std::mem::take(&mut self.stale) {
            if block >= blocks {
                continue;
            }
            let rows = block * BLOCK..len.min((block + 1) * BLOCK);
            let (created, paid) = Self::look(table, rows);
            (self.created[block], self.paid[block]) = (created, paid);
        }
        self.whole = [whole(&self.created), whole(&self.paid)];
    }

    /// Ranges of the order time and of the time of payment of `rows`. Not part of the loop around it: a browser
    /// compiles well what is called often.
    #[inline(never)]
    fn look(table: &OrderTable, rows: Range<usize>) -> ((i64, i64), (i64, i64)) {
        let columns = table.columns();
        let removed = table.removed();
        let range = |column: &Ints| {
            if !removed.any_in(rows.start, rows.end) {
                return column.extent(rows.start, rows.len()).unwrap_or(EMPTY);
            }
            let stay = rows.clone().filter(|row| !removed.get(*row));
            let times = stay.filter_map(|row| column.get(row));
            times.fold(EMPTY, |(from, to), at| (from.min(at), to.max(at)))
        };
        (range(&columns.created_at), range(&columns.paid_at))
    }

    /// What `window` has to do with the order times of `block`.
    pub fn created(&self, block: usize, window: Span) -> Touch {
        touch(self.created.get(block).copied().unwrap_or(EMPTY), window)
    }

    /// First and last order time in `block`; `None` without lines.
    pub fn created_in(&self, block: usize) -> Option<(UtcMillis, UtcMillis)> {
        let (from, to) = self.created.get(block).copied().unwrap_or(EMPTY);
        (from <= to).then_some((UtcMillis(from), UtcMillis(to)))
    }

    /// What `window` has to do with the times of payment of `block`.
    pub fn paid(&self, block: usize, window: Span) -> Touch {
        touch(self.paid.get(block).copied().unwrap_or(EMPTY), window)
    }

    /// First and last order time; `None` without lines.
    pub fn extent(&self) -> Option<(UtcMillis, UtcMillis)> {
        self.whole[0]
    }

    /// First and last time of payment; `None` where no line says one.
    pub fn paid_extent(&self) -> Option<(UtcMillis, UtcMillis)> {
        self.whole[1]
    }
}

fn whole(zones: &[(i64, i64)]) -> Option<(UtcMillis, UtcMillis)> {
    let (from, to) = zones
        .iter()
        .fold(EMPTY, |all, zone| (all.0.min(zone.0), all.1.max(zone.1)));
    (from <= to).then_some((UtcMillis(from), UtcMillis(to)))
}

fn touch((least, most): (i64, i64), window: Span) -> Touch {
    if least > most || most < window.from.0 || least >= window.to.0 {
        Touch::None
    } else if window.from.0 <= least && most < window.to.0 {
        Touch::All
    } else {
        Touch::Some
    }
}
