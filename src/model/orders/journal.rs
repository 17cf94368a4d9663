//! What a batch did to the table, so that it can be taken back and done again.
//!
//! Steps are taken back in the order last to first: the lines that a batch added are then the last ones of the
//! table, and are cut off; of the lines it replaced the former versions are swapped in. What is taken back is
//! in the same codes, since dictionaries only grow.

use super::columns::OrderColumns;
use super::table::{Change, OrderTable};
use crate::model::{Bits, Dim};
use std::collections::BTreeMap;

/// What entering one batch did. Holds about 50 bytes for each line replaced, and while it is undone for each
/// line added.
#[derive(Clone, Debug, Default)]
pub struct OrderJournal {
    /// Lines of the table before.
    from: usize,
    /// Lines that were replaced.
    rows: Vec<u32>,
    /// Their versions that are not in the table: the former ones, or while undone the later ones.
    others: OrderColumns,
    /// Which of its lines count nowhere: as it was before, or while undone as it was after.
    hidden: Vec<u32>,
    /// The lines that it added, while it is undone.
    tail: Option<OrderColumns>,
}

impl OrderJournal {
    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let tail = self.tail.as_ref().map_or(0, OrderColumns::bytes);
        self.others.bytes() + tail + 4 * (self.rows.capacity() + self.hidden.capacity())
    }
}

impl OrderJournal {
    /// This journal and `later`, that of the batch which entered right after it, in one. Neither may be undone.
    pub fn join(&mut self, later: &Self) {
        let mut known = Bits::default();
        self.rows.iter().for_each(|row| known.set(*row as usize, true));
        let mut was_hidden = Bits::default();
        later
            .hidden
            .iter()
            .for_each(|row| was_hidden.set(*row as usize, true));
        for (at, row) in later.rows.iter().enumerate() {
            // What came with the first is cut off with it; what it replaced has its former version here.
            if *row as usize >= self.from || known.get(*row as usize) {
                continue;
            }
            known.set(*row as usize, true);
            self.rows.push(*row);
            self.others.push(&later.others.coded(at));
            if was_hidden.get(*row as usize) {
                self.hidden.push(*row);
            }
        }
    }
}

/// The span of time in which a batch has lines of one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    /// First order time, milliseconds UTC.
    pub from: i64,
    /// Last order time.
    pub to: i64,
    /// Whether one of the lines was known before: only then the two exports overlap.
    pub overlaps: bool,
}

impl Covered {
    /// Both together.
    pub fn join(&mut self, other: Self) {
        self.from = self.from.min(other.from);
        self.to = self.to.max(other.to);
        self.overlaps |= other.overlaps;
    }
}

impl OrderTable {
    /// Begins the journal of `change`, which is about to enter.
    pub fn journal(&self, change: &Change) -> OrderJournal {
        let mut journal = OrderJournal {
            from: self.columns.len(),
            rows: change.replaced().to_vec(),
            ..OrderJournal::default()
        };
        for row in change.replaced() {
            journal.others.push(&self.columns.coded(*row as usize));
            if self.removed.get(*row as usize) {
                journal.hidden.push(*row);
            }
        }
        journal
    }

    /// Takes back what `journal` is of, which must be the last batch that entered and stands. Whoever keeps
    /// totals counts anew.
    pub fn undo(&mut self, journal: &mut OrderJournal) {
        if journal.tail.is_some() {
            return;
        }
        self.swap(journal);
        self.swap_hidden(journal);
        let mut tail = OrderColumns::default();
        let len = self.columns.len();
        for row in journal.from..len {
            tail.push(&self.columns.coded(row));
        }
        self.chains.cut(&self.columns, journal.from);
        self.columns.truncate(journal.from);
        journal.tail = Some(tail);
    }

    /// Does again what [`Self::undo`] took back; the table must be as it left it.
    pub fn redo(&mut self, journal: &mut OrderJournal) {
        let Some(tail) = journal.tail.take() else { return };
        for row in 0..tail.len() {
            let at = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
            self.columns.push(&tail.coded(row));
            self.chains.enter(&self.columns, at);
        }
        self.swap_hidden(journal);
        self.swap(journal);
    }

    /// Its lines, those it added among them, count or do not as in the other state.
    fn swap_hidden(&mut self, journal: &mut OrderJournal) {
        let added = journal.from..self.columns.len();
        let added = added.map(|row| u32::try_from(row).unwrap_or(u32::MAX));
        let rows = || journal.rows.iter().copied().chain(added.clone());
        let is_hidden = |row: &u32| self.removed.get(*row as usize);
        let hidden: Vec<u32> = rows().filter(is_hidden).collect();
        for row in &hidden {
            self.removed.set(*row as usize, false);
        }
        for row in &journal.hidden {
            self.removed.set(*row as usize, true);
        }
        journal.hidden = hidden;
    }

    fn swap(&mut self, journal: &mut OrderJournal) {
        for (at, row) in journal.rows.iter().enumerate() {
            let (now, other) = (self.columns.coded(*row as usize), journal.others.coded(at));
            self.columns.replace(*row as usize, &other);
            journal.others.replace(at, &now);
        }
    }

    /// Lines among the first `before` that none of `seen` is, though their source's span in `covered` holds
    /// their order time: an overlapping export no longer has them.
    pub fn vanished(&self, before: usize, covered: &BTreeMap<u32, Covered>, seen: &Bits) -> u64 {
        if covered.values().all(|covered| !covered.overlaps) {
            return 0;
        }
        let c = &self.columns;
        let is_gone = |row: &usize| {
            let covered = covered
                .get(&c.source.get(*row))
                .filter(|covered| covered.overlaps);
            let at = c.created_at.raw(*row);
            covered.is_some_and(|covered| (covered.from..=covered.to).contains(&at))
                && !seen.get(*row)
                && !self.removed.get(*row)
        };
        (0..before.min(c.len())).filter(is_gone).count() as u64
    }

    /// The id of the status with this code.
    pub fn status_id(&self, code: u32) -> &str {
        self.columns.dict(Dim::Status).text(code)
    }
}
