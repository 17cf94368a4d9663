//! A growing set of rows, one bit each.

use super::raw;
use serde::{Deserialize, Serialize};

/// Rows with a mark. Rows beyond the last mark cost nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bits {
    #[serde(with = "raw")]
    words: Vec<u64>,
}

impl Bits {
    /// Whether `row` is marked.
    pub fn get(&self, row: usize) -> bool {
        self.words
            .get(row / 64)
            .is_some_and(|word| word >> (row % 64) & 1 != 0)
    }

    /// Whether a row may be marked from `from` to just before `to`: never "no" where one is.
    pub fn any_in(&self, from: usize, to: usize) -> bool {
        let words = self.words.len();
        let words = self.words.get((from / 64).min(words)..to.div_ceil(64).min(words));
        words.is_some_and(|words| words.iter().any(|word| *word != 0))
    }

    /// Marks `row`, or takes its mark away.
    pub fn set(&mut self, row: usize, mark: bool) {
        let at = row / 64;
        if at >= self.words.len() {
            if !mark {
                return;
            }
            self.words.resize(at + 1, 0);
        }
        let bit = 1 << (row % 64);
        if mark {
            self.words[at] |= bit;
        } else {
            self.words[at] &= !bit;
        }
    }

    /// The marked rows, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..).zip(&self.words).flat_map(|(at, word)| {
            let without_lowest = |word: &u64| Some(word & word.wrapping_sub(1)).filter(|word| *word != 0);
            std::iter::successors(Some(*word).filter(|word| *word != 0), without_lowest)
                .map(move |word| at * 64 + word.trailing_zeros() as usize)
        })
    }

    /// Whether no row is marked.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Whether no row was ever marked.
    pub fn is_blank(&self) -> bool {
        self.words.is_empty()
    }

    /// Number of marked rows.
    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.words.capacity() * 8
    }
}
