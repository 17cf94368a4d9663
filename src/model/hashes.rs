//! Salted hashes as small integers, so that distinct customers are counted like distinct anything.

use super::index::Index;
use super::room::Room;

/// A dictionary of 64-bit hashes, in order of first appearance. Code 0 is the hash 0, "not said".
#[derive(Clone)]
pub struct Hashes {
    values: Vec<u64>,
    table: Index,
}

impl std::fmt::Debug for Hashes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.values.fmt(f)
    }
}

impl Default for Hashes {
    fn default() -> Self {
        let mut hashes = Self {
            values: Vec::new(),
            table: Index::default(),
        };
        hashes.intern(0);
        hashes
    }
}

impl Hashes {
    /// Code of `value`, entering it if new.
    pub fn intern(&mut self, value: u64) -> u32 {
        // The values are hashes already.
        let is = |code: u32| self.value(code) == value;
        if let Some(code) = self.table.find(value, is) {
            return code;
        }
        let code = u32::try_from(self.values.len()).unwrap_or(0);
        self.values.push(value);
        self.table.add(value, code);
        code
    }

    /// Brings near what [`Self::intern`] of `value` will look at.
    pub fn touch(&self, value: u64) {
        self.table.touch(value);
    }

    /// The hash of `code`; 0 for a code that was never given.
    pub fn value(&self, code: u32) -> u64 {
        self.values.get(code as usize).copied().unwrap_or(0)
    }

    /// All hashes by code, 0 first.
    pub fn values(&self) -> &[u64] {
        &self.values
    }

    /// Number of codes, that of 0 included.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether nothing but 0 is known.
    pub fn is_empty(&self) -> bool {
        self.len() <= 1
    }

    /// For each code of `other` the code here, entering what is new.
    pub fn absorb(&mut self, other: &Self) -> Vec<u32> {
        other.values.iter().map(|value| self.intern(*value)).collect()
    }

    /// What moves when it is full.
    pub(super) fn room(&mut self) -> &mut dyn Room {
        &mut self.values
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.values.capacity() * 8 + self.table.bytes()
    }
}
