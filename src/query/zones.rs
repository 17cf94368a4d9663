//! Least and greatest instant of each block of lines, so that a window reads only the blocks it touches:
//! exports lie in order of time, or nearly so.

use crate::model::OrderTable;
use crate::time::{Span, UtcMillis};
use std::collections::BTreeSet;

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
        for block in std::mem::take(&mut self.stale) {
            if block >= blocks {
                continue;
            }
            let columns = table.columns();
            let (mut created, mut paid) = (EMPTY, EMPTY);
            for row in block * BLOCK..len.min((block + 1) * BLOCK) {
                if table.removed().get(row) {
                    continue;
                }
                if let Some(at) = columns.created_at.get(row) {
                    created = (created.0.min(at), created.1.max(at));
                }
                if let Some(at) = columns.paid_at.get(row) {
                    paid = (paid.0.min(at), paid.1.max(at));
                }
            }
            (self.created[block], self.paid[block]) = (created, paid);
        }
    }

    /// What `window` has to do with the order times of `block`.
    pub fn created(&self, block: usize, window: Span) -> Touch {
        touch(self.created.get(block).copied().unwrap_or(EMPTY), window)
    }

    /// What `window` has to do with the times of payment of `block`.
    pub fn paid(&self, block: usize, window: Span) -> Touch {
        touch(self.paid.get(block).copied().unwrap_or(EMPTY), window)
    }

    /// First and last order time; `None` without lines.
    pub fn extent(&self) -> Option<(UtcMillis, UtcMillis)> {
        whole(&self.created)
    }

    /// First and last time of payment; `None` where no line says one.
    pub fn paid_extent(&self) -> Option<(UtcMillis, UtcMillis)> {
        whole(&self.paid)
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
