//! All order lines, each once.

use super::OrderBatch;
use super::columns::{Coded, OrderColumns};
use super::journal::Covered;
use crate::model::chains::LineKey;
use crate::model::{Bits, Chains, Dim, NONE_CODE};
use std::collections::BTreeMap;

/// What merging a batch did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merge {
    /// Rows whose key was not there.
    pub new: u64,
    /// Rows that replaced an earlier version.
    pub updated: u64,
    /// Rows that were there already, the same or in a later version.
    pub same: u64,
}

/// A batch in the table's codes, about to enter it.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Lines as they will be, with the row they replace.
    lines: Vec<(Option<u32>, Coded)>,
    replaced: Vec<u32>,
    /// Lines of the table that the batch has as they are, or in an earlier version.
    same: Vec<u32>,
    statuses: BTreeMap<(u32, u32), u64>,
    amounts: u64,
    covered: BTreeMap<u32, Covered>,
    merge: Merge,
}

impl Change {
    /// Rows of the table that the batch has too: those to be replaced, and those that stay.
    pub fn known(&self) -> impl Iterator<Item = u32> + '_ {
        self.replaced.iter().chain(&self.same).copied()
    }

    /// Lines whose status changes, by (from, to): codes of the dictionary of statuses.
    pub fn statuses(&self) -> &BTreeMap<(u32, u32), u64> {
        &self.statuses
    }

    /// Lines of which a quantity or an amount changes.
    pub fn amounts(&self) -> u64 {
        self.amounts
    }

    /// The span of time that the batch covers, by code of the source.
    pub fn covered(&self) -> &BTreeMap<u32, Covered> {
        &self.covered
    }

    fn note(&mut self, old: Option<&Coded>, line: &Coded) {
        let at = line.values[0];
        let own = Covered {
            from: at,
            to: at,
            overlaps: old.is_some(),
        };
        self.covered.entry(line.source).or_insert(own).join(own);
    }

    /// Rows that are about to be replaced (or to come back), ascending order not promised.
    pub fn replaced(&self) -> &[u32] {
        &self.replaced
    }
}

const STATUS: usize = Dim::Status.index();

/// All order lines, each once.
#[derive(Clone, Debug, Default)]
pub struct OrderTable {
    pub(super) columns: OrderColumns,
    pub(super) chains: Chains,
    pub(super) removed: Bits,
}

impl OrderTable {
    /// The lines, removed ones among them.
    pub fn columns(&self) -> &OrderColumns {
        &self.columns
    }

    /// The lines of each order.
    pub fn chains(&self) -> &Chains {
        &self.chains
    }

    /// Rows that were removed: they keep their place and count nowhere.
    pub fn removed(&self) -> &Bits {
        &self.removed
    }

    /// Number of lines that count.
    pub fn len(&self) -> usize {
        let removed = usize::try_from(self.removed.count()).unwrap_or(0);
        self.columns.len() - removed
    }

    /// Whether no line counts.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of different orders, those of removed lines included.
    pub const fn order_count(&self) -> usize {
        self.chains.orders()
    }

    /// Bytes held: columns, dictionaries and the index of keys.
    pub fn bytes(&self) -> usize {
        self.columns.bytes() + self.chains.bytes() + self.removed.bytes()
    }

    /// Enters the lines of `batch`: a line whose key is known replaces the earlier version, unless its
    /// `updated_at` says it is the earlier one.
    pub fn merge(&mut self, batch: &OrderBatch) -> Merge {
        let change = self.prepare(batch);
        self.enter(change)
    }

    /// Takes the whole of `batch` where the table is empty, which costs nothing; else merges it.
    pub fn take(&mut self, batch: OrderBatch) -> Merge {
        if !self.columns.is_empty() {
            return self.merge(&batch);
        }
        let merge = Merge {
            new: batch.columns.len() as u64,
            updated: batch.updated,
            same: batch.same,
        };
        self.columns = batch.columns;
        self.chains = batch.chains;
        merge
    }

    /// Finds out what `batch` will change; enters its texts. Whoever keeps running totals takes
    /// [`Change::replaced`] out of them before [`Self::enter`].
    pub fn prepare(&mut self, batch: &OrderBatch) -> Change {
        let from = &batch.columns;
        let c = &mut self.columns;
        let sources = c.sources.absorb(&from.sources);
        let orders = c.orders.absorb_in(&from.orders, &sources);
        let lines = c.lines.absorb(&from.lines);
        let labels = [
            c.currencies.absorb(&from.currencies),
            c.titles.absorb(&from.titles),
            c.cities.absorb(&from.cities),
            c.customers.absorb(&from.customers),
        ];
        let dicts: [Vec<u32>; Dim::COUNT] = std::array::from_fn(|at| c.dicts[at].absorb(&from.dicts[at]));
        let at = |codes: &[u32], code: u32| codes.get(code as usize).copied().unwrap_or(NONE_CODE);
        let mut change = Change {
            merge: Merge {
                updated: batch.updated,
                same: batch.same,
                ..Merge::default()
            },
            ..Change::default()
        };
        for row in 0..from.len() {
            let own = from.coded(row);
            let line = Coded {
                source: at(&sources, own.source),
                order: at(&orders, own.order),
                key: LineKey {
                    line: at(&lines, own.key.line),
                    sku: at(&dicts[Dim::Sku.index()], own.key.sku),
                    ..own.key
                },
                values: own.values,
                labels: std::array::from_fn(|label| at(&labels[label], own.labels[label])),
                dims: std::array::from_fn(|dim| at(&dicts[dim], own.dims[dim])),
            };
            let known = self.chains.find(&self.columns, line.order, line.key);
            if let Some(row) = known {
                let old = self.columns.coded(row as usize);
                let removed = self.removed.get(row as usize);
                change.note(Some(&old).filter(|_| !removed), &line);
                if !removed && (line.is_before(&old) || line == old) {
                    change.merge.same += 1;
                    change.same.push(row);
                    continue;
                }
                let (was, is) = (old.dims[STATUS], line.dims[STATUS]);
                if !removed && was != is {
                    *change.statuses.entry((was, is)).or_default() += 1;
                }
                // What follows the four instants.
                change.amounts += u64::from(!removed && old.values[4..] != line.values[4..]);
                change.merge.updated += u64::from(!removed);
                change.merge.new += u64::from(removed);
                change.replaced.push(row);
            } else {
                change.note(None, &line);
                change.merge.new += 1;
            }
            change.lines.push((known, line));
        }
        change
    }

    /// Makes the prepared change, which must be the last one that was prepared.
    pub fn enter(&mut self, change: Change) -> Merge {
        for (known, line) in &change.lines {
            if let Some(row) = known {
                self.columns.replace(*row as usize, line);
                self.removed.set(*row as usize, false);
            } else {
                let row = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
                self.columns.push(line);
                self.chains.enter(&self.columns, row);
            }
        }
        change.merge
    }

    /// Takes `row` out of all counts. Its key may come back with a later batch.
    pub fn remove(&mut self, row: usize) {
        if row < self.columns.len() {
            self.removed.set(row, true);
        }
    }
}
