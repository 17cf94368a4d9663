//! The lines that pass, block by block: found once for all clients that look at the same clauses.

use crate::query::{BLOCK, Masks};

/// Offsets of the passing lines in each block.
#[derive(Clone, Debug, Default)]
pub(super) struct Picked {
    offsets: Vec<u16>,
    /// Where each block's offsets end.
    ends: Vec<usize>,
}

impl Picked {
    /// The lines that fail none of the clauses in `look`.
    pub(super) fn new(masks: &Masks, look: u16) -> Self {
        let mut picked = Self::default();
        let mut spare = [0; BLOCK];
        for failed in masks.all().chunks(BLOCK) {
            // Without a branch a line: every line is written, and kept if it passes.
            let mut kept = 0;
            for (at, failed) in (0_u16..).zip(failed) {
                if let Some(place) = spare.get_mut(kept) {
                    *place = at;
                }
                kept += usize::from(failed & look == 0);
            }
            picked
                .offsets
                .extend_from_slice(spare.get(..kept).unwrap_or_default());
            picked.ends.push(picked.offsets.len());
        }
        picked
    }

    /// Offsets of `block`.
    pub(super) fn of(&self, block: usize) -> &[u16] {
        let from = match block.checked_sub(1) {
            None => Some(0),
            Some(before) => self.ends.get(before).copied(),
        };
        let to = self.ends.get(block).copied();
        from.zip(to)
            .and_then(|(from, to)| self.offsets.get(from..to))
            .unwrap_or_default()
    }
}
