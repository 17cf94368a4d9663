//! Stock levels as columns.

use super::{Dict, Dim, Merge, NONE_CODE, OrderColumns};
use crate::money::Fixed;
use crate::time::UtcMillis;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Stock of one SKU in one place, as one row of an export says it. Empty texts mean "not said".
#[derive(Clone, Copy, Debug)]
pub struct StockLevel<'a> {
    /// Account the row comes from.
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

/// Stock levels of one file, with dictionaries of their own.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StockBatch {
    columns: StockColumns,
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
    pub fn from_columns(columns: StockColumns) -> Option<Self> {
        let c = &columns;
        let codes = [&c.source, &c.warehouse, &c.title, &c.category, &c.brand];
        let ints = [&c.on_hand, &c.available, &c.inbound, &c.as_of];
        let whole = codes.into_iter().all(|column| column.len() == c.len())
            && ints.into_iter().all(|column| column.len() == c.len());
        whole.then(|| Self {
            weights: vec![1; columns.len()],
            rows: FxHashMap::default(),
            columns,
        })
    }

    /// Rows that were added to an earlier row of the same SKU and warehouse.
    pub fn added(&self) -> u64 {
        self.weights.iter().map(|weight| weight - 1).sum()
    }
}

/// The last known stock levels, each (source, SKU, warehouse) once.
#[derive(Clone, Debug, Default)]
pub struct StockTable {
    columns: StockColumns,
    rows: FxHashMap<Key, u32>,
}

impl StockTable {
    /// The levels.
    pub fn columns(&self) -> &StockColumns {
        &self.columns
    }

    /// Enters the levels of `batch`; a later level replaces the earlier one. Counts rows of the file.
    pub fn merge(&mut self, batch: &StockBatch) -> Merge {
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
                    for (column, code) in c.codes_mut().into_iter().zip(codes) {
                        column[old] = code;
                    }
                    for (column, quantity) in c.quantities_mut().into_iter().zip(quantities) {
                        column[old] = quantity;
                    }
                    c.as_of[old] = from.as_of[row];
                    merge.updated += batch.weights[row];
                }
            }
        }
        merge
    }
}
