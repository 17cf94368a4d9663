//! Stock levels as columns, and the names that goods and places go by.

use super::names::{NameColumns, NameJournal, NameTable};
use super::{Bits, Dict, Dim, Merge, NONE_CODE, OrderColumns};
use crate::money::Fixed;
use crate::time::UtcMillis;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Begins the account of totals over all places; see [`StockLevel::source`].
pub const TOTAL: char = 'Σ';

/// Values of a level, and the places of some among them.
const VALUES: usize = 6;
const INBOUND: usize = 2;
const AS_OF: usize = 3;
const UNIT_COST: usize = 4;
const ARRIVES: usize = 5;

/// Stock of one SKU in one place, as one row of an export says it. Empty texts mean "not said".
#[derive(Clone, Copy, Debug)]
pub struct StockLevel<'a> {
    /// Account the row comes from; one that begins with [`TOTAL`] tells totals over all places of the account
    /// whose name follows, which give way to what that says place by place.
    pub source: &'a str,
    /// Stock keeping unit; never empty.
    pub sku: &'a str,
    /// Warehouse or location.
    pub warehouse: &'a str,
    /// Title of the goods.
    pub title: &'a str,
    /// Product category.
    pub category: &'a str,
    /// Brand.
    pub brand: &'a str,
    /// 实物库存: available + committed + unavailable.
    pub on_hand: Option<Fixed>,
    /// 可售: may be negative where more was sold than is there; never clamped.
    pub available: Option<Fixed>,
    /// 在途, outside of `on_hand`.
    pub inbound: Option<Fixed>,
    /// What one unit costs, in the currency in which the goods are sold.
    pub unit_cost: Option<Fixed>,
    /// When the next of what is on its way is expected. Where nothing is on its way (`inbound` 0) it says nothing.
    pub arrives: Option<UtcMillis>,
    /// When it was counted.
    pub as_of: Option<UtcMillis>,
}

/// Columns of stock levels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StockColumns {
    /// Code in `sources`.
    pub source: Vec<u32>,
    /// Code in `skus`.
    pub sku: Vec<u32>,
    /// Code in `warehouses`.
    pub warehouse: Vec<u32>,
    /// Code in `titles`.
    pub title: Vec<u32>,
    /// Code in `categories`.
    pub category: Vec<u32>,
    /// Code in `brands`.
    pub brand: Vec<u32>,
    /// Raw [`Fixed`], or [`OrderColumns::NONE`].
    pub on_hand: Vec<i64>,
    /// Raw [`Fixed`], or `NONE`.
    pub available: Vec<i64>,
    /// Raw [`Fixed`], or `NONE`.
    pub inbound: Vec<i64>,
    /// Raw [`Fixed`], or `NONE`.
    pub unit_cost: Vec<i64>,
    /// Milliseconds UTC, or `NONE`.
    pub arrives: Vec<i64>,
    /// Milliseconds UTC, or `NONE`.
    pub as_of: Vec<i64>,
    /// Dictionary of `source`.
    pub sources: Dict,
    /// Dictionary of `sku`.
    pub skus: Dict,
    /// Dictionary of `warehouse`.
    pub warehouses: Dict,
    /// Dictionary of `title`.
    pub titles: Dict,
    /// Dictionary of `category`.
    pub categories: Dict,
    /// Dictionary of `brand`.
    pub brands: Dict,
}

impl Default for StockColumns {
    fn default() -> Self {
        Self {
            source: Vec::new(),
            sku: Vec::new(),
            warehouse: Vec::new(),
            title: Vec::new(),
            category: Vec::new(),
            brand: Vec::new(),
            on_hand: Vec::new(),
            available: Vec::new(),
            inbound: Vec::new(),
            unit_cost: Vec::new(),
            arrives: Vec::new(),
            as_of: Vec::new(),
            sources: Dict::new(false),
            skus: Dict::new(Dim::Sku.folds_case()),
            warehouses: Dict::new(Dim::Warehouse.folds_case()),
            titles: Dict::new(false),
            categories: Dict::new(Dim::Category.folds_case()),
            brands: Dict::new(Dim::Brand.folds_case()),
        }
    }
}

impl StockColumns {
    /// Number of levels.
    pub fn len(&self) -> usize {
        self.sku.len()
    }

    /// Whether there is no level.
    pub fn is_empty(&self) -> bool {
        self.sku.is_empty()
    }

    /// What can be sold of level `row`: `available`, or else `on_hand`.
    pub fn sellable(&self, row: usize) -> Option<Fixed> {
        [self.available[row], self.on_hand[row]]
            .into_iter()
            .find(|v| *v != OrderColumns::NONE)
            .map(Fixed::from_raw)
    }

    fn level(&self, row: usize) -> Level {
        let codes = [
            &self.source,
            &self.sku,
            &self.warehouse,
            &self.title,
            &self.category,
            &self.brand,
        ];
        Level {
            codes: codes.map(|column| column[row]),
            values: self.values().map(|column| column[row]),
        }
    }

    /// Puts `level` in the place of the one at `row`, which comes back.
    fn replace(&mut self, row: usize, level: Level) -> Level {
        let old = self.level(row);
        for (column, code) in self.codes_mut().into_iter().zip(level.codes) {
            column[row] = code;
        }
        for (column, value) in self.values_mut().into_iter().zip(level.values) {
            column[row] = value;
        }
        old
    }

    fn push(&mut self, level: &Level) {
        for (column, code) in self.codes_mut().into_iter().zip(level.codes) {
            column.push(code);
        }
        for (column, value) in self.values_mut().into_iter().zip(level.values) {
            column.push(value);
        }
    }

    fn codes_mut(&mut self) -> [&mut Vec<u32>; 6] {
        [
            &mut self.source,
            &mut self.sku,
            &mut self.warehouse,
            &mut self.title,
            &mut self.category,
            &mut self.brand,
        ]
    }

    /// What levels say in values, in the order in which they are stored.
    pub fn values(&self) -> [&Vec<i64>; VALUES] {
        [
            &self.on_hand,
            &self.available,
            &self.inbound,
            &self.as_of,
            &self.unit_cost,
            &self.arrives,
        ]
    }

    /// [`Self::values`], to be filled.
    pub fn values_mut(&mut self) -> [&mut Vec<i64>; VALUES] {
        [
            &mut self.on_hand,
            &mut self.available,
            &mut self.inbound,
            &mut self.as_of,
            &mut self.unit_cost,
            &mut self.arrives,
        ]
    }
}

/// (source, SKU, warehouse).
type Key = (u32, u32, u32);

/// Stock levels of one file, with dictionaries of their own, and what it says about names.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StockBatch {
    columns: StockColumns,
    /// Other names of goods and places.
    pub names: NameColumns,
    /// Rows that say of names what another one said too, or nothing.
    pub idle: u64,
    /// Where the next bin of a level is added; of no use in a batch that crosses to who merges it.
    #[serde(skip)]
    rows: FxHashMap<Key, u32>,
    weights: Vec<u64>,
}

impl StockBatch {
    /// Adds `level`. A second row of the same SKU and warehouse is another bin or lot: its quantities are added to the
    /// first, its cost is the later word, and of two arrivals the next one counts: the earlier that is after the time
    /// of the count.
    pub fn push(&mut self, level: &StockLevel<'_>) {
        let c = &mut self.columns;
        let time = |at: Option<UtcMillis>| at.map_or(OrderColumns::NONE, |at| at.0);
        let fixed = |value: Option<Fixed>| value.map_or(OrderColumns::NONE, Fixed::raw);
        let is_coming = level.inbound.is_none_or(|units| units > Fixed::ZERO);
        let mut new = Level {
            codes: [
                c.sources.intern(level.source),
                c.skus.intern(level.sku),
                c.warehouses.intern(level.warehouse),
                c.titles.intern(level.title),
                c.categories.intern(level.category),
                c.brands.intern(level.brand),
            ],
            values: [
                fixed(level.on_hand),
                fixed(level.available),
                fixed(level.inbound),
                time(level.as_of),
                fixed(level.unit_cost),
                time(level.arrives.filter(|_| is_coming)),
            ],
        };
        let next = u32::try_from(c.sku.len()).unwrap_or(u32::MAX);
        match self.rows.entry(new.key()) {
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(next);
                c.push(&new);
                self.weights.push(1);
            }
            std::collections::hash_map::Entry::Occupied(place) => {
                let row = *place.get() as usize;
                self.weights[row] += 1;
                new.add_to(&c.level(row));
                c.replace(row, new);
            }
        }
    }

    /// The levels.
    pub fn columns(&self) -> &StockColumns {
        &self.columns
    }

    /// A batch of levels that were a batch or a table before; `None` where columns differ in length. To be
    /// merged as it is: what is pushed to it is no second bin of a level in it.
    pub fn from_columns(columns: StockColumns, names: NameColumns) -> Option<Self> {
        let c = &columns;
        let codes = [&c.source, &c.warehouse, &c.title, &c.category, &c.brand];
        let whole = codes.into_iter().all(|column| column.len() == c.len())
            && c.values().into_iter().all(|column| column.len() == c.len())
            && names.is_whole();
        whole.then(|| Self {
            weights: vec![1; columns.len()],
            rows: FxHashMap::default(),
            columns,
            names,
            idle: 0,
        })
    }

    /// Rows that were added to an earlier row of the same SKU and warehouse.
    pub fn added(&self) -> u64 {
        self.weights.iter().map(|weight| weight - 1).sum()
    }
}

/// One level in codes and raw values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Level {
    codes: [u32; 6],
    values: [i64; VALUES],
}

impl Level {
    const fn key(&self) -> Key {
        (self.codes[0], self.codes[1], self.codes[2])
    }

    /// Makes the level of all bins of this one, the last, and of `first`, all before it, whose names stay.
    fn add_to(&mut self, first: &Self) {
        self.codes = first.codes;
        let as_of = self.values[AS_OF].max(first.values[AS_OF]);
        for (at, (value, old)) in self.values.iter_mut().zip(first.values).enumerate() {
            *value = match (*value, old) {
                (OrderColumns::NONE, old) => old,
                (value, OrderColumns::NONE) => value,
                (value, old) => match at {
                    AS_OF => as_of,
                    UNIT_COST => value,
                    ARRIVES if value.min(old) > as_of => value.min(old),
                    ARRIVES => value.max(old),
                    _ => Fixed::from_raw(old).saturating_add(Fixed::from_raw(value)).raw(),
                },
            };
        }
    }

    /// Takes over from `old`, which it replaces, what it does not say itself: what a unit costs, and when more is
    /// expected, unless it says that nothing is on its way.
    const fn inherit(&mut self, old: &Self) {
        let inbound = self.values[INBOUND];
        if self.values[UNIT_COST] == OrderColumns::NONE {
            self.values[UNIT_COST] = old.values[UNIT_COST];
        }
        if self.values[ARRIVES] == OrderColumns::NONE && (inbound == OrderColumns::NONE || inbound > 0) {
            self.values[ARRIVES] = old.values[ARRIVES];
        }
    }
}

/// What entering one batch did: 80 bytes for each level replaced, and while it is undone for each level added.
#[derive(Clone, Debug, Default)]
pub struct StockJournal {
    /// Levels of the table before.
    from: usize,
    /// Levels that were replaced, in the version that is not in the table.
    others: Vec<(u32, Level)>,
    /// The levels that it added, while it is undone.
    tail: Option<Vec<Level>>,
    names: NameJournal,
}

impl StockJournal {
    /// Bytes held.
    pub fn bytes(&self) -> usize {
        size_of::<(u32, Level)>() * self.others.capacity()
            + size_of::<Level>() * self.tail.as_ref().map_or(0, Vec::capacity)
            + self.names.bytes()
    }
}

impl StockJournal {
    /// Levels of the table that it replaced, and from which one on it added them. Not while it is undone.
    pub fn rows(&self) -> (impl Iterator<Item = usize> + '_, usize) {
        (self.others.iter().map(|(row, _)| *row as usize), self.from)
    }

    /// This journal and `later`, that of the batch which entered right after it, in one; `later` comes back where
    /// it changed names, which are told by themselves. Neither may be undone.
    pub fn join(&mut self, later: Self) -> Option<Self> {
        if !later.names.is_empty() {
            return Some(later);
        }
        let mut known = Bits::default();
        for (row, _) in &self.others {
            known.set(*row as usize, true);
        }
        let from = self.from;
        let mut is_news = |row: u32| {
            let row = row as usize;
            let is_news = row < from && !known.get(row);
            known.set(row, true);
            is_news
        };
        let others = later.others.into_iter().filter(|(row, _)| is_news(*row));
        self.others.extend(others);
        None
    }
}

/// The last known stock levels, each (source, SKU, warehouse) once, and what names mean.
#[derive(Clone, Debug, Default)]
pub struct StockTable {
    columns: StockColumns,
    rows: FxHashMap<Key, u32>,
    names: NameTable,
    /// Raised whenever anything changes.
    version: u64,
}

impl StockTable {
    /// Changes places with what each level said at another time: on hand, available, and when more was expected, raw;
    /// levels that these do not reach were not said then. To be changed back before anybody else looks: it is no change
    /// of the table.
    pub fn swap_levels(&mut self, others: &mut [Vec<i64>; 3]) {
        let columns = &mut self.columns;
        let levels = columns.len();
        let own = [&mut columns.on_hand, &mut columns.available, &mut columns.arrives];
        for (own, other) in own.into_iter().zip(others) {
            other.resize(levels, OrderColumns::NONE);
            std::mem::swap(own, other);
        }
    }

    /// Whether neither a level nor a name is known.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.names.is_empty()
    }

    /// All levels and names as one batch.
    pub fn into_batch(self) -> StockBatch {
        StockBatch {
            weights: vec![1; self.columns.len()],
            names: self.names.columns(),
            columns: self.columns,
            ..StockBatch::default()
        }
    }

    /// What names mean.
    pub fn names(&self) -> &NameTable {
        &self.names
    }

    /// Another number after each change of this table.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// The levels.
    pub fn columns(&self) -> &StockColumns {
        &self.columns
    }

    /// Enters the levels of `batch`; a later level replaces the earlier one. What a unit costs and when more is expected
    /// are no part of every report: a level that does not say it leaves it as it was said before, but nothing more is
    /// expected once it says that nothing is on its way (`inbound` 0). Counts rows of the file.
    pub fn merge(&mut self, batch: &StockBatch) -> Merge {
        self.enter(batch).0
    }

    /// [`Self::merge`], and what it did, so that it can be taken back.
    pub fn enter(&mut self, batch: &StockBatch) -> (Merge, StockJournal) {
        let mut journal = StockJournal {
            from: self.columns.len(),
            ..StockJournal::default()
        };
        self.version += 1;
        let from = &batch.columns;
        let c = &mut self.columns;
        let maps = [
            c.sources.absorb(&from.sources),
            c.skus.absorb(&from.skus),
            c.warehouses.absorb(&from.warehouses),
            c.titles.absorb(&from.titles),
            c.categories.absorb(&from.categories),
            c.brands.absorb(&from.brands),
        ];
        let mut merge = Merge::default();
        for row in 0..from.len() {
            let own = [
                from.source[row],
                from.sku[row],
                from.warehouse[row],
                from.title[row],
                from.category[row],
                from.brand[row],
            ];
            let codes: [u32; 6] =
                std::array::from_fn(|at| maps[at].get(own[at] as usize).copied().unwrap_or(NONE_CODE));
            let mut level = Level {
                codes,
                values: from.values().map(|column| column[row]),
            };
            let next = u32::try_from(c.sku.len()).unwrap_or(u32::MAX);
            match self.rows.entry(level.key()) {
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(next);
                    c.push(&level);
                    merge.new += batch.weights[row];
                }
                std::collections::hash_map::Entry::Occupied(place) => {
                    let old = c.level(*place.get() as usize);
                    level.inherit(&old);
                    // That it was counted again is nothing new.
                    let as_of = std::mem::replace(&mut level.values[AS_OF], old.values[AS_OF]);
                    if as_of < old.values[AS_OF] || level == old {
                        merge.same += batch.weights[row];
                        continue;
                    }
                    level.values[AS_OF] = as_of;
                    c.replace(*place.get() as usize, level);
                    journal.others.push((*place.get(), old));
                    merge.updated += batch.weights[row];
                }
            }
        }
        let said;
        (said, journal.names) = self.names.enter(&batch.names);
        // Where there are levels too, rows are counted by these.
        if from.is_empty() {
            merge.new += said.new;
            merge.updated += said.updated;
            merge.same += said.same + batch.idle;
        } else if merge.new + merge.updated == 0 && said.new + said.updated > 0 {
            merge.updated = (said.new + said.updated).min(merge.same);
            merge.same -= merge.updated;
        }
        (merge, journal)
    }

    /// Takes back what `journal` is of, which must be the last batch that entered and stands.
    pub fn undo(&mut self, journal: &mut StockJournal) {
        if journal.tail.is_some() {
            return;
        }
        self.version += 1;
        self.names.swap(&mut journal.names);
        self.swap(journal.others.iter_mut().rev());
        let c = &mut self.columns;
        let tail: Vec<Level> = (journal.from..c.len()).map(|row| c.level(row)).collect();
        for level in &tail {
            self.rows.remove(&level.key());
        }
        c.codes_mut()
            .into_iter()
            .for_each(|column| column.truncate(journal.from));
        c.values_mut()
            .into_iter()
            .for_each(|column| column.truncate(journal.from));
        journal.tail = Some(tail);
    }

    /// Does again what [`Self::undo`] took back; the table must be as it left it.
    pub fn redo(&mut self, journal: &mut StockJournal) {
        self.version += 1;
        self.names.swap(&mut journal.names);
        let c = &mut self.columns;
        for level in journal.tail.take().unwrap_or_default() {
            let row = u32::try_from(c.len()).unwrap_or(u32::MAX);
            self.rows.insert(level.key(), row);
            c.push(&level);
        }
        self.swap(journal.others.iter_mut());
    }

    fn swap<'a>(&mut self, others: impl Iterator<Item = &'a mut (u32, Level)>) {
        for (row, other) in others {
            *other = self.columns.replace(*row as usize, *other);
        }
    }
}

#[cfg(test)]
#[path = "stock_tests.rs"]
mod tests;
