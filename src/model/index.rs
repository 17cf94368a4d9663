//! Numbers found by a hash.

/// An open-addressed table of numbers, as those who keep the values number them. Hash and number lie side by
/// side, so a number is found or added with one look at memory, and growing asks for no value. 8 bytes a
/// slot, at most 5 in 8 of them taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// The upper half of the hash above the number + 1; 0: free. A power of 2 of them, or none.
    slots: Vec<u64>,
    len: usize,
}

const LEAST: usize = 16;

impl Index {
    /// The number whose hash is `hash` and of which `is` holds.
    #[inline]
    pub(super) fn find(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = start(hash);
        loop {
            let slot = self.slots[at & mask];
            if slot == 0 {
                return None;
            }
            if slot >> 32 == hash >> 32 && is(number(slot)) {
                return Some(number(slot));
            }
            at += 1;
        }
    }

    /// Adds `number`, which is not here yet; at most `u32::MAX - 1`. Without memory for it, it is not found.
    pub(super) fn add(&mut self, hash: u64, number: u32) {
        if self.len + 1 > self.slots.len() / 8 * 5 {
            let more = self.slots.len() * 2;
            // Without room for twice as many the last slots are taken, as long as one is free.
            if !self.grow(more) && self.len + 1 >= self.slots.len() {
                return;
            }
        }
        self.put((hash >> 32 << 32) | (u64::from(number) + 1));
        self.len += 1;
    }

    /// Makes room for so many more, if there is room.
    pub(super) fn reserve(&mut self, more: usize) {
        let len = self.len.saturating_add(more);
        let slots = len.saturating_add(len / 2);
        if len > self.slots.len() / 8 * 5 && slots < 1 << 31 {
            self.grow(slots);
        }
    }

    /// Brings near what [`Self::find`] and [`Self::add`] will look at.
    pub(super) fn touch(&self, hash: u64) {
        let mask = self.slots.len().wrapping_sub(1);
        std::hint::black_box(self.slots.get(start(hash) & mask).copied());
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.slots.capacity() * 8
    }

    fn put(&mut self, slot: u64) {
        let mask = self.slots.len() - 1;
        let mut at = start(slot);
        while self.slots[at & mask] != 0 {
            at += 1;
        }
        self.slots[at & mask] = slot;
    }

    /// Whether there was memory for at least so many slots.
    fn grow(&mut self, slots: usize) -> bool {
        let slots = slots.max(LEAST).next_power_of_two();
        let mut grown = Vec::new();
        if grown.try_reserve_exact(slots).is_err() {
            return false;
        }
        grown.resize(slots, 0);
        let old = std::mem::replace(&mut self.slots, grown);
        for slot in old.into_iter().filter(|slot| *slot != 0) {
            self.put(slot);
        }
        true
    }
}

/// Where a hash, or a slot with it, begins to be looked for.
const fn start(hash: u64) -> usize {
    (hash >> 32) as usize
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is the number")]
const fn number(slot: u64) -> u32 {
    (slot as u32).wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Few hashes, so that many numbers share one; against a list.
        #[test]
        fn finds_what_was_added(hashes in proptest::collection::vec(0_u64..40, 0..300), reserved in 0..50_usize) {
            let spread = |hash: u64| hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let mut index = Index::default();
            for (number, hash) in (0_u32..).zip(&hashes) {
                index.touch(spread(*hash));
                if number == 20 {
                    index.reserve(reserved);
                }
                index.add(spread(*hash), number);
            }
            for (number, hash) in (0_u32..).zip(&hashes) {
                prop_assert_eq!(index.find(spread(*hash), |found| found == number), Some(number));
            }
            let mut seen = std::cell::RefCell::new(Vec::new());
            prop_assert_eq!(index.find(spread(3), |found| { seen.borrow_mut().push(found); false }), None);
            let all: Vec<u32> = (0_u32..).zip(&hashes).filter(|(_, hash)| **hash == 3).map(|(number, _)| number).collect();
            seen.get_mut().sort_unstable();
            prop_assert_eq!(seen.into_inner(), all);
        }
    }
}
