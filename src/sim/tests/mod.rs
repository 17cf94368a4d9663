//! What the shop promises, measured on the tables its batches are merged into.

mod laws;
mod shape;

use super::*;
use crate::model::{Dim, OrderColumns, OrderTable, Status, StockTable};
use crate::money::Fixed;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Day of the opening.
const TODAY: i64 = 59;

/// A shop and all it has said.
#[derive(Clone)]
struct World {
    shop: Shop,
    orders: OrderTable,
    stock: StockTable,
    /// Last level said of each SKU and warehouse, in raw values.
    levels: BTreeMap<(String, String), Vec<i64>>,
}

impl World {
    fn open(seed: u64) -> Self {
        Self {
            shop: Shop::open(seed),
            orders: OrderTable::default(),
            stock: StockTable::default(),
            levels: BTreeMap::new(),
        }
    }

    /// Advances and merges; returns how many line versions came.
    fn advance(&mut self, to: UtcMillis) -> usize {
        let happened = self.shop.advance(to);
        self.orders.merge(&happened.orders);
        self.stock.merge(&happened.stock);
        let s = happened.stock.columns();
        for row in 0..s.len() {
            let key = (
                s.skus.text(s.sku[row]).to_owned(),
                s.warehouses.text(s.warehouse[row]).to_owned(),
            );
            let level = s.values().into_iter().map(|column| column[row]).collect();
            self.levels.insert(key, level);
        }
        happened.orders.columns().len()
    }

    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let columns = self.orders.columns();
        (0..columns.len()).map(move |row| Line { columns, row })
    }

    /// Different orders among lines that pass.
    fn orders(&self, pass: impl Fn(&Line<'_>) -> bool) -> usize {
        self.lines()
            .filter(pass)
            .map(|line| line.columns.order.get(line.row))
            .collect::<BTreeSet<_>>()
            .len()
    }

    /// Every line and level as text, sorted: equal exactly where the same was said.
    fn digest(&self) -> Vec<String> {
        let mut rows: Vec<String> = self.lines().map(|line| line.text()).collect();
        rows.extend(self.levels.iter().map(|level| format!("{level:?}")));
        rows.sort_unstable();
        rows
    }

    /// (available, units sold a day over the 28 days before `now`) by SKU.
    fn covers(&self, now: UtcMillis) -> BTreeMap<String, (f64, f64)> {
        let mut covers: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        let s = self.stock.columns();
        for row in 0..s.len() {
            covers.entry(s.skus.text(s.sku[row]).to_owned()).or_default().0 +=
                Fixed::from_raw(s.available[row]).to_f64();
        }
        for line in self.lines().filter(|line| line.status() != Status::Cancelled) {
            let paid = line.columns.paid_at.raw(line.row);
            if paid > now.0 - 28 * DAY_MILLIS && paid <= now.0 {
                covers.entry(line.dim(Dim::Sku).to_owned()).or_default().1 += line.units() as f64 / 28.0;
            }
        }
        covers
    }

    /// How many SKUs are out, last under 3 days, last over 180 days.
    fn states(&self, now: UtcMillis) -> (usize, usize, usize) {
        let covers = self.covers(now);
        let count =
            |pass: &dyn Fn(f64, f64) -> bool| covers.values().filter(|(a, pace)| pass(*a, *pace)).count();
        (
            count(&|available, pace| available <= 0.0 && pace > 0.0),
            count(&|available, pace| available > 0.0 && available < 3.0 * pace),
            count(&|available, pace| available > 180.0 * pace),
        )
    }
}

/// A row of the order table.
struct Line<'a> {
    columns: &'a OrderColumns,
    row: usize,
}

impl Line<'_> {
    fn dim(&self, dim: Dim) -> &str {
        self.columns.dict(dim).text(self.columns.dim(dim).get(self.row))
    }

    fn status(&self) -> Status {
        Status::from_id(self.dim(Dim::Status)).unwrap()
    }

    fn units(&self) -> i64 {
        self.columns.quantity.raw(self.row) / Fixed::SCALE
    }

    fn created(&self) -> UtcMillis {
        UtcMillis(self.columns.created_at.raw(self.row))
    }

    fn day(&self) -> i64 {
        (self.created().0 - STARTS_AT.0) / DAY_MILLIS
    }

    fn text(&self) -> String {
        let (c, row) = (self.columns, self.row);
        let times = [
            c.created_at.raw(row),
            c.paid_at.raw(row),
            c.shipped_at.raw(row),
            c.updated_at.raw(row),
        ];
        let numbers = [
            c.quantity.raw(row),
            c.amount.raw(row),
            c.paid_amount.raw(row),
            c.refund_amount.raw(row),
        ];
        let names = Dim::ALL.map(|dim| self.dim(dim));
        let id = (
            c.orders.text(c.order.get(row)),
            c.lines.text(c.line.get(row)),
            c.customer.get(row),
        );
        format!(
            "{id:?} {times:?} {numbers:?} {names:?} {}",
            c.titles.text(c.title.get(row))
        )
    }
}

/// The shop of the page at the opening.
fn opened() -> &'static World {
    static OPENED: OnceLock<World> = OnceLock::new();
    OPENED.get_or_init(|| {
        let mut world = World::open(SEED);
        world.advance(OPENS_AT);
        world
    })
}

#[track_caller]
fn check(what: &str, value: usize, band: std::ops::RangeInclusive<usize>) {
    assert!(band.contains(&value), "{what}: {value}, not in {band:?}");
}
