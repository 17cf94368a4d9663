//! Exact distinct counts over dense numbers.

use rustc_hash::FxHashSet;

/// A set of numbers below a limit.
#[derive(Clone, Debug)]
pub struct BitSet {
    words: Vec<u64>,
}

impl BitSet {
    /// The empty set of numbers below `limit`.
    pub fn new(limit: usize) -> Self {
        Self {
            words: vec![0; limit.div_ceil(64)],
        }
    }

    /// Puts `number` in; a number beyond the limit is left out.
    pub fn insert(&mut self, number: u32) {
        if let Some(word) = self.words.get_mut(number as usize / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// How many numbers are in.
    pub fn len(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Whether none is in.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }
}

/// Distinct numbers in each of several groups. Nearly every order lies in one group only (its lines
/// share day, channel, region …), so the first group is kept in a plain array and only what lies in
/// more goes through a hash set.
#[derive(Clone, Debug)]
pub struct DistinctByGroup {
    first: Vec<u32>,
    more: FxHashSet<(u32, u32)>,
    counts: Vec<u64>,
}

impl DistinctByGroup {
    /// Counts numbers below `limit` in `groups` groups.
    pub fn new(limit: usize, groups: usize) -> Self {
        Self {
            first: vec![u32::MAX; limit],
            more: FxHashSet::default(),
            counts: vec![0; groups],
        }
    }

    /// Counts `number` in `group`, once.
    pub fn insert(&mut self, number: u32, group: usize) {
        let Ok(code) = u32::try_from(group) else { return };
        let (Some(first), Some(count)) = (self.first.get_mut(number as usize), self.counts.get_mut(group))
        else {
            return;
        };
        if *first == u32::MAX {
            *first = code;
            *count += 1;
        } else if *first != code && self.more.insert((number, code)) {
            *count += 1;
        }
    }

    /// Count of each group.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    proptest::proptest! {
        #[test]
        fn agree_with_a_plain_set(pairs in proptest::collection::vec((0_u32..50, 0_usize..7), 0..400)) {
            let mut plain = vec![BTreeSet::new(); 7];
            let (mut fast, mut bits) = (DistinctByGroup::new(50, 7), BitSet::new(50));
            for (number, group) in pairs {
                plain[group].insert(number);
                fast.insert(number, group);
                bits.insert(number);
            }
            let expect: Vec<u64> = plain.iter().map(|set| set.len() as u64).collect();
            proptest::prop_assert_eq!(fast.counts(), expect.as_slice());
            let all: BTreeSet<u32> = plain.into_iter().flatten().collect();
            proptest::prop_assert_eq!(bits.len(), all.len() as u64);
        }
    }
}
