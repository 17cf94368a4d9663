//! The lines that count, block by block: found once for all clients that look at the same clauses in the same
//! window.

use super::block::{Lines, Picks, Spare};
use crate::metric::Clock;
use crate::model::{Ints, OrderTable};
use crate::query::{BLOCK, Masks, Touch, Zones};
use crate::time::{Span, UtcMillis};
use std::rc::Rc;

/// What is read.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub table: &'a OrderTable,
    pub masks: &'a Masks,
    pub zones: &'a Zones,
}

impl Rows<'_> {
    /// What `window` has to do with the times of `block` by `clock`. Never more than [`Touch::Some`] where
    /// a line's time may lack.
    fn touch(&self, clock: Clock, block: usize, window: Span) -> Touch {
        let some = |touch| if touch == Touch::None { touch } else { Touch::Some };
        match clock {
            Clock::Created => self.zones.created(block, window),
            Clock::Paid => some(self.zones.paid(block, window)),
            Clock::Refunded => match some(self.zones.paid(block, window)) {
                Touch::None => some(self.zones.created(block, window)),
                touch => touch,
            },
        }
    }

    fn blocks(&self) -> usize {
        self.table.columns().len().div_ceil(BLOCK)
    }

    /// Lines of `block`.
    pub(super) fn lines_of(&self, block: usize) -> usize {
        self.table
            .columns()
            .len()
            .saturating_sub(block * BLOCK)
            .min(BLOCK)
    }
}

/// Which lines count: those that fail none of the clauses in `look`, and have a time in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sought {
    pub look: u16,
    pub clock: Clock,
    pub window: Span,
}

/// The lines that count, found and remembered.
#[derive(Clone, Debug, Default)]
pub(super) struct Finds(Vec<(Sought, Option<Rc<Picked>>)>);

impl Finds {
    /// Clauses or lines are others now.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// A brush does not come back to its windows soon.
    pub(super) fn clear_windows(&mut self) {
        self.0.retain(|(sought, _)| sought.window == Span::ALWAYS);
    }

    /// The lines `sought`; `None`: all lines.
    pub(super) fn find(&mut self, rows: Rows<'_>, sought: Sought) -> Option<Rc<Picked>> {
        if let Some((_, found)) = self.0.iter().find(|(known, _)| *known == sought) {
            return found.clone();
        }
        let is_all = sought.look == 0
            && sought.clock == Clock::Created
            && (0..rows.blocks()).all(|block| rows.touch(sought.clock, block, sought.window) == Touch::All);
        let found = (!is_all).then(|| Rc::new(Picked::new(rows, sought)));
        self.0.push((sought, found.clone()));
        found
    }
}

/// Offsets of the lines that count in each block that has one.
#[derive(Clone, Debug, Default)]
pub(super) struct Picked {
    offsets: Vec<u16>,
    /// Each block, and where its offsets end.
    blocks: Vec<(usize, usize)>,
}

impl Picked {
    fn new(rows: Rows<'_>, sought: Sought) -> Self {
        let mut finder = Finder {
            picked: Self::default(),
            picks: Picks::default(),
            spare: Spare::default(),
            times: Vec::new(),
        };
        for block in 0..rows.blocks() {
            let touch = rows.touch(sought.clock, block, sought.window);
            if touch != Touch::None {
                finder.block(rows, sought, block, touch);
            }
        }
        finder.picked
    }

    /// Blocks with the offsets of their lines.
    pub(super) fn blocks(&self) -> impl Iterator<Item = (usize, &[u16])> {
        let mut from = 0;
        self.blocks.iter().map(move |(block, to)| {
            let offsets = self.offsets.get(from..*to).unwrap_or_default();
            from = *to;
            (*block, offsets)
        })
    }
}

/// Finds lines; its vectors are filled again for each block.
struct Finder {
    picked: Picked,
    picks: Picks,
    spare: Spare,
    times: Vec<i64>,
}

impl Finder {
    /// Not part of the loop around it: a browser compiles well what is called often, and not what is called
    /// once and takes long.
    #[inline(never)]
    fn block(&mut self, rows: Rows<'_>, sought: Sought, block: usize, touch: Touch) {
        let start = block * BLOCK;
        self.picks.all_of(rows.lines_of(block));
        if sought.look != 0 {
            let failed = rows.masks.all().get(start..).unwrap_or_default();
            let mut failed = failed.iter();
            self.picks
                .retain(|| failed.next().is_some_and(|failed| failed & sought.look == 0));
        }
        if touch != Touch::All {
            let lines = Lines::new(rows.table.columns(), start, &self.picks);
            lines.times(sought.clock, &mut self.spare, &mut self.times);
            let mut times = self.times.iter();
            self.picks.retain(|| {
                times
                    .next()
                    .is_some_and(|at| *at != Ints::NONE && sought.window.contains(UtcMillis(*at)))
            });
        }
        if !self.picks.offsets.is_empty() {
            self.picked.offsets.extend_from_slice(&self.picks.offsets);
            self.picked.blocks.push((block, self.picked.offsets.len()));
        }
    }
}
