//! What stock was said to be, and when: tables keep the last word only.

use crate::arrange::arrange;
use crate::engine::Engine;
use crate::model::{OrderColumns, StockJournal};
use crate::time::UtcMillis;

/// Words that are remembered; of more the oldest half goes.
const MOST: usize = 1 << 18;
/// Words about one level within so long are one.
pub(super) const TOGETHER: i64 = 3_600_000;
/// Nothing was said of a level yet.
const NONE: u32 = u32::MAX;

/// One word about one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// Number of the step that it came with; 0: of none.
    step: u64,
    /// When it was so.
    pub at: i64,
    /// Row in the stock table.
    pub row: u32,
    /// Raw, or [`OrderColumns::NONE`].
    pub on_hand: i64,
    /// Raw, or `NONE`.
    pub available: i64,
    /// When more was expected, or `NONE`.
    pub arrives: i64,
}

/// All words, in the order in which they came.
#[derive(Debug, Default)]
pub(in crate::engine) struct StockPast {
    said: Vec<Said>,
    /// Place of the last one of each row.
    last: Vec<u32>,
}

impl StockPast {
    fn note(&mut self, said: Said) {
        let row = said.row as usize;
        if self.last.len() <= row {
            self.last.resize(row + 1, NONE);
        }
        let before = self.last.get(row).and_then(|at| self.said.get_mut(*at as usize));
        if let Some(before) = before.filter(|before| {
            (before.step, before.row) == (said.step, said.row) && said.at - before.at < TOGETHER
        }) {
            // Of a busy hour the worst.
            if said.available.min(said.on_hand) <= before.available.min(before.on_hand) {
                (before.on_hand, before.available) = (said.on_hand, said.available);
            }
            before.arrives = said.arrives;
            return;
        }
        if self.said.len() >= MOST {
            self.said.drain(..MOST / 2);
            self.last.fill(NONE);
        }
        let place = u32::try_from(self.said.len()).unwrap_or(NONE);
        if let Some(last) = self.last.get_mut(row) {
            *last = place;
        }
        self.said.push(said);
    }
}

impl Engine {
    /// Stock was entered at `now`, with the way back `journal`.
    pub(in crate::engine) fn note_stock(&mut self, journal: &StockJournal, step: u64, now: UtcMillis) {
        let columns = self.stock.columns();
        let (replaced, from) = journal.rows();
        for row in replaced.chain(from..columns.len()) {
            let as_of = columns.as_of[row];
            self.past.note(Said {
                step,
                at: if as_of == OrderColumns::NONE { now.0 } else { as_of },
                row: u32::try_from(row).unwrap_or(NONE),
                on_hand: columns.on_hand[row],
                available: columns.available[row],
                arrives: columns.arrives[row],
            });
        }
    }

    /// What was said of stock by the steps that stand, oldest first.
    pub(super) fn stock_past(&self) -> Vec<Said> {
        let known =
            |said: &&Said| self.history.stands(said.step) && (said.row as usize) < self.stock.columns().len();
        let mut all: Vec<Said> = self.past.said.iter().filter(known).copied().collect();
        arrange(&mut all, |a, b| a.at.cmp(&b.at));
        all
    }
}
