//! Which lines pass which clauses.

use crate::model::{Dict, Dim, OrderColumns};
use crate::protocol::KeySet;
use std::collections::BTreeMap;

/// For each line the set of clauses it fails, one bit a dimension.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    failed: Vec<u16>,
}

impl Selection {
    /// Tests all lines of `columns` against `filters`. A clause that names no key lets everything pass.
    pub fn scan(filters: &BTreeMap<Dim, KeySet>, columns: &OrderColumns) -> Self {
        let mut failed = vec![0_u16; columns.len()];
        for (dim, set) in filters {
            if set.keys.is_empty() {
                continue;
            }
            let passes = passing_codes(set, columns.dict(*dim));
            let bit = 1_u16 << dim.index();
            for (failed, code) in failed.iter_mut().zip(columns.dim(*dim).iter()) {
                if !passes.get(code as usize).copied().unwrap_or(set.exclude) {
                    *failed |= bit;
                }
            }
        }
        Self { failed }
    }

    /// Whether line `row` passes every clause.
    pub fn passes(&self, row: usize) -> bool {
        self.failed.get(row).is_some_and(|failed| *failed == 0)
    }

    /// Whether line `row` passes every clause but the one on `own`.
    pub fn passes_but(&self, row: usize, own: Dim) -> bool {
        self.failed
            .get(row)
            .is_some_and(|failed| *failed & !(1 << own.index()) == 0)
    }

    /// Whether line `row` passes the clauses that also hold for stock.
    pub fn passes_of_stock(&self, row: usize) -> bool {
        let stock = Dim::ALL
            .into_iter()
            .filter(|dim| dim.is_of_stock())
            .fold(0, |bits, dim| bits | 1_u16 << dim.index());
        self.failed.get(row).is_some_and(|failed| *failed & stock == 0)
    }
}

/// For each code of `dict` whether `set` lets it pass.
pub(crate) fn passing_codes(set: &KeySet, dict: &Dict) -> Vec<bool> {
    let mut passes = vec![set.exclude; dict.len()];
    for key in &set.keys {
        if let Some(pass) = dict.code(key).and_then(|code| passes.get_mut(code as usize)) {
            *pass = !set.exclude;
        }
    }
    passes
}
