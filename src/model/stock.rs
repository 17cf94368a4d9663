//! Stock levels as columns, and the names that goods and places go by.

use super::names::{NameColumns, NameJournal, NameTable};
use super::{Bits, Dict, Dim, Merge, NONE_CODE, OrderColumns};
use crate::money::Fixed;
use crate::time::UtcMillis;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Begins the account of totals over all places; see [`StockLevel::source`].
pub const TOTAL: char = 'Σ';

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
            quantities: [&self.on_hand, &self.available, &self.inbound].map(|column| column[row]),
            as_of: self.as_of[row],
        }
    }

    /// Puts `level` in the place of the one at `row`, which comes back.
    fn replace(&mut self, row: usize, level: Level) -> Level {
        let old = self.level(row);
        for (column, code) in self.codes_mut().into_iter().zip(level.codes) {
            column[row] = code;
        }
        for (column, quantity) in self.quantities_mut().into_iter().zip(level.quantities) {
            column[row] = quantity;
        }
        self.as_of[row] = level.as_of;
        old
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

    fn quantities_mut(&mut self) -> [&mut Vec<i64>; 3] {
        [&mut self.on_hand, &mut self.available, &mut self.inbound]
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
    /// Adds `level`. A second row of the same SKU and warehouse is another bin or lot: its quantities
    /// are added to the first.
    pub fn push(&mut self, level: &StockLevel<'_>) {
        let c = &mut self.columns;
        let codes = [
            c.sources.intern(level.source),
            c.skus.intern(level.sku),
            c.warehouses.intern(level.warehouse),
            c.titles.intern(level.title),
            c.categories.intern(level.category),
            c.brands.intern(level.brand),
        ];
        let quantities = [level.on_hand, level.available, level.inbound];
        let as_of = level.as_of.map_or(OrderColumns::NONE, |at| at.0);
        let next = u32::try_from(c.sku.len()).unwrap_or(u32::MAX);
        match self.rows.entry((codes[0], codes[1], codes[2])) {
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(next);
                for (column, code) in c.codes_mut().into_iter().zip(codes) {
                    column.push(code);
                }
                for (column, quantity) in c.quantities_mut().into_iter().zip(quantities) {
                    column.push(quantity.map_or(OrderColumns::NONE, Fixed::raw));
                }
                c.as_of.push(as_of);
                self.weights.push(1);
            }
            std::collections::hash_map::Entry::Occupied(place) => {
                let row = *place.get() as usize;
                self.weights[row] += 1;
                for (column, quantity) in c.quantities_mut().into_iter().zip(quantities) {
                    if let Some(quantity) = quantity {
                        let sum = match column[row] {
                            OrderColumns::NONE => quantity,
                            old => Fixed::from_raw(old).saturating_add(quantity),
                        };
                        column[row] = sum.raw();
                    }
                }
                c.as_of[row] = c.as_of[row].max(as_of);
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
        let ints = [&c.on_hand, &c.available, &c.inbound, &c.as_of];
        let whole = codes.into_iter().all(|column| column.len() == c.len())
            && ints.into_iter().all(|column| column.len() == c.len())
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
#[derive(Clone, Copy, Debug)]
struct Level {
    codes: [u32; 6],
    quantities: [i64; 3],
    as_of: i64,
}

impl Level {
    const fn key(&self) -> Key {
        (self.codes[0], self.codes[1], self.codes[2])
    }
}

/// What entering one batch did: 72 bytes for each level replaced, and while it is undone for each level added.
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
    /// Changes places with what was on hand and available of each level at another time, raw; levels that these do not
    /// reach were not said then. To be changed back before anybody else looks: it is no change of the table.
    pub fn swap_levels(&mut self, on_hand: &mut Vec<i64>, available: &mut Vec<i64>) {
        let columns = &mut self.columns;
        let levels = columns.len();
        for (own, other) in [
            (&mut columns.on_hand, on_hand),
            (&mut columns.available, available),
        ] {
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

    /// Enters the levels of `batch`; a later level replaces the earlier one. Counts rows of the file.
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
            let quantities = [from.on_hand[row], from.available[row], from.inbound[row]];
            let next = u32::try_from(c.sku.len()).unwrap_or(u32::MAX);
            match self.rows.entry((codes[0], codes[1], codes[2])) {
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(next);
                    for (column, code) in c.codes_mut().into_iter().zip(codes) {
                        column.push(code);
                    }
                    for (column, quantity) in c.quantities_mut().into_iter().zip(quantities) {
                        column.push(quantity);
                    }
                    c.as_of.push(from.as_of[row]);
                    merge.new += batch.weights[row];
                }
                std::collections::hash_map::Entry::Occupied(place) => {
                    let old = *place.get() as usize;
                    let older = from.as_of[row] < c.as_of[old];
                    let same = c
                        .codes_mut()
                        .into_iter()
                        .zip(codes)
                        .all(|(column, code)| column[old] == code)
                        && c.quantities_mut()
                            .into_iter()
                            .zip(quantities)
                            .all(|(column, q)| column[old] == q);
                    if older || same {
                        merge.same += batch.weights[row];
                        continue;
                    }
                    let level = Level {
                        codes,
                        quantities,
                        as_of: from.as_of[row],
                    };
                    journal.others.push((*place.get(), c.replace(old, level)));
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
        c.quantities_mut()
            .into_iter()
            .for_each(|column| column.truncate(journal.from));
        c.as_of.truncate(journal.from);
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
            for (column, code) in c.codes_mut().into_iter().zip(level.codes) {
                column.push(code);
            }
            for (column, quantity) in c.quantities_mut().into_iter().zip(level.quantities) {
                column.push(quantity);
            }
            c.as_of.push(level.as_of);
        }
        self.swap(journal.others.iter_mut());
    }

    fn swap<'a>(&mut self, others: impl Iterator<Item = &'a mut (u32, Level)>) {
        for (row, other) in others {
            *other = self.columns.replace(*row as usize, *other);
        }
    }
}
