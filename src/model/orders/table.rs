//! All order lines, each once.

use super::OrderBatch;
use super::columns::{Coded, OrderColumns};
use super::journal::Covered;
use super::meet::{self, Met, WHOLE};
use crate::model::chains::LineKey;
use crate::model::room::make_room;
use crate::model::{Bits, Chains, Dim, NONE_CODE};
use rustc_hash::{FxHashMap, FxHashSet};
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
    /// Places in `lines` of those that will count nowhere, ascending.
    hidden: Vec<usize>,
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

    /// Counts what `line` says otherwise than its former version.
    fn compare(&mut self, old: &Coded, line: &Coded) {
        let (was, is) = (old.dims[STATUS], line.dims[STATUS]);
        if was != is {
            *self.statuses.entry((was, is)).or_default() += 1;
        }
        // What follows the four instants.
        self.amounts += u64::from(old.values[4..] != line.values[4..]);
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
    /// Lines of the last batch that was merged: about as many will come with the next.
    coming: usize,
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

    /// All lines as one batch.
    pub fn into_batch(self) -> OrderBatch {
        let mut batch = OrderBatch::default();
        (batch.columns, batch.chains) = (self.columns, self.chains);
        batch
    }

    /// Enters the lines of `batch`: a line whose key is known replaces the earlier version, unless its
    /// `updated_at` says it is the earlier one.
    pub fn merge(&mut self, batch: &OrderBatch) -> Merge {
        let change = self.prepare(batch);
        self.enter(change)
    }

    /// Takes the whole of `batch` where the table is empty, which costs nothing; else merges it.
    pub fn take(&mut self, batch: OrderBatch) -> Merge {
        if !self.columns.is_empty() || batch.meets() {
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
        let whole = c.lines.code(WHOLE);
        let mut meeting = Meeting::of(from, &orders);
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
            let has_whole = |whole| {
                self.chains
                    .find(&self.columns, line.order, meet::whole_key(whole))
                    .is_some()
            };
            if meeting.orders.contains(&line.order) || meet::waits(&line) || whole.is_some_and(has_whole) {
                meeting.add(line);
                continue;
            }
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
                if !removed {
                    change.compare(&old, &line);
                }
                change.merge.updated += u64::from(!removed);
                change.merge.new += u64::from(removed);
                change.replaced.push(row);
            } else {
                change.note(None, &line);
                change.merge.new += 1;
            }
            change.lines.push((known, line));
        }
        for lines in meeting.lines {
            self.meet(lines, whole, &mut change);
        }
        change
    }

    /// Plans what becomes of an order of which whole rows and lines may meet, where `fresh` are its lines of
    /// the batch.
    fn meet(&self, fresh: Vec<Coded>, whole: Option<u32>, change: &mut Change) {
        let order = fresh.first().map_or(NONE_CODE, |line| line.order);
        let mut rows = meet::known(&self.columns, &self.chains, &self.removed, order, whole);
        let mut places: FxHashMap<LineKey, usize> = rows
            .iter()
            .enumerate()
            .map(|(at, met)| (met.line.key, at))
            .collect();
        for line in fresh {
            let place = *places.entry(line.key).or_insert(rows.len());
            match rows.get_mut(place) {
                Some(met) if line.is_before(&met.line) => change.merge.same += 1,
                Some(met) => (met.line, met.is_fresh) = (line, true),
                None => rows.push(Met {
                    known: self.chains.find(&self.columns, order, line.key),
                    before: None,
                    line,
                    is_fresh: true,
                    is_hidden: false,
                }),
            }
        }
        meet::settle(&mut rows, whole);
        for met in rows {
            let is_same = met.before == Some(met.line);
            let count = match (met.is_fresh, met.before, is_same) {
                (false, ..) => None,
                (true, None, _) => Some(&mut change.merge.new),
                (true, Some(_), true) => Some(&mut change.merge.same),
                (true, Some(_), false) => Some(&mut change.merge.updated),
            };
            if let Some(count) = count {
                *count += 1;
            }
            if met.is_fresh && met.line.values[0] != OrderColumns::NONE {
                change.note(met.before.as_ref(), &met.line);
            }
            if is_same {
                change.same.extend(met.known);
            } else if let Some(old) = met.before.filter(|_| met.is_fresh) {
                change.compare(&old, &met.line);
            }
            let was_hidden = met.known.is_some_and(|row| self.removed.get(row as usize));
            if is_same && was_hidden == met.is_hidden {
                continue;
            }
            if met.is_hidden {
                change.hidden.push(change.lines.len());
            }
            change.replaced.extend(met.known);
            change.lines.push((met.known, met.line));
        }
    }

    /// Makes the prepared change, which must be the last one that was prepared.
    pub fn enter(&mut self, change: Change) -> Merge {
        let mut hidden = change.hidden.iter().copied().peekable();
        for (at, (known, line)) in change.lines.iter().enumerate() {
            let is_hidden = hidden.next_if_eq(&at).is_some();
            if let Some(row) = known {
                self.columns.replace(*row as usize, line);
                self.removed.set(*row as usize, is_hidden);
            } else {
                let row = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
                self.columns.push(line);
                self.chains.enter(&self.columns, row);
                self.removed.set(row as usize, is_hidden);
            }
        }
        self.coming = change.lines.len();
        change.merge
    }

    /// Makes room for lines to come, a column or a few of it, which takes some milliseconds where there are a
    /// million: for a moment at which nobody waits. Whether any was made.
    pub fn make_room(&mut self) -> bool {
        let rooms = self.columns.all_mut().rooms().chain(self.chains.rooms());
        make_room(rooms.collect(), self.coming)
    }

    /// Takes `row` out of all counts. Its key may come back with a later batch.
    pub fn remove(&mut self, row: usize) {
        if row < self.columns.len() {
            self.removed.set(row, true);
        }
    }
}

/// The lines of a batch that are of orders of which whole rows and lines may meet, by order.
#[derive(Debug, Default)]
struct Meeting {
    /// Orders of which the batch itself has a whole row, in the table's codes.
    orders: FxHashSet<u32>,
    places: FxHashMap<u32, usize>,
    lines: Vec<Vec<Coded>>,
}

impl Meeting {
    /// `orders`: codes of the table by those of `from`.
    fn of(from: &OrderColumns, orders: &[u32]) -> Self {
        let mut meeting = Self::default();
        if let Some(whole) = from.lines.code(WHOLE) {
            let rows = (0..from.len()).filter(|row| from.line.get(*row) == whole);
            let codes = rows.filter_map(|row| orders.get(from.order.get(row) as usize));
            meeting.orders = codes.copied().collect();
        }
        meeting
    }

    fn add(&mut self, line: Coded) {
        let place = *self.places.entry(line.order).or_insert(self.lines.len());
        match self.lines.get_mut(place) {
            Some(lines) => lines.push(line),
            None => self.lines.push(vec![line]),
        }
    }
}
