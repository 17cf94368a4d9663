//! Texts side by side.

use super::raw;
use serde::{Deserialize, Serialize};

/// Texts, one after the other.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Texts {
    text: String,
    #[serde(with = "raw")]
    ends: Vec<u32>,
}

impl Texts {
    /// No text, with room for a little more than these.
    pub(super) fn emptied(&self) -> Self {
        Self {
            text: String::with_capacity(self.text.len() + self.text.len() / 8),
            ends: Vec::with_capacity(self.ends.len()),
        }
    }

    /// Adds `text`.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// Text number `at`; empty beyond the end.
    pub(super) fn get(&self, at: usize) -> &str {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let from = at.checked_sub(1).map_or(0, end);
        self.text.get(from..end(at)).unwrap_or_default()
    }

    /// All texts.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|at| self.get(at))
    }
}
