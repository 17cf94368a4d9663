//! What only a simulator can know: what buyers wanted, beside what they got.

use super::catalogue::Catalogue;
use super::places::WAREHOUSES;
use crate::time::UtcMillis;
use std::collections::VecDeque;
use std::ops::Range;

/// Demand before stock-outs, units sold, time out of stock: by day, SKU and warehouse.
///
/// Days are those of the shop's zone, numbered from 0 = 2026-04-20. SKUs and warehouses are indices into
/// [`codes`](Self::codes) and [`warehouses`](Self::warehouses). Demand counts at the warehouse that
/// serves the buyer's region; what it does not have is lost, not moved. Only the last
/// [`KEPT_DAYS`](Self::KEPT_DAYS) days are kept; earlier and unknown ones read as 0.
#[derive(Clone, Debug)]
pub struct Truth {
    codes: Vec<String>,
    /// For each SKU its first cell and how many it has.
    cells: Vec<(usize, usize)>,
    first_day: usize,
    days: VecDeque<Day>,
    ledgers: Vec<Ledger>,
    bursts: VecDeque<Burst>,
    /// Orders expected in each of the last [`HOUR`] minutes, and in all of them.
    hour: VecDeque<f64>,
    sum: f64,
}

/// A leap of demand: from this minute on at least twice as many orders are expected as in the hour before, and twice
/// as many as on an everyday.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Burst {
    /// The first minute.
    pub at: UtcMillis,
    /// How many times as many as in the hour before, at most, in the five minutes that follow.
    pub times: f64,
    /// Whether it is a livestream, of which there is one in most weeks at that hour.
    pub is_show: bool,
}

/// Minutes that a burst is held against, and within which what follows is the same one.
const HOUR: usize = 60;
/// Minutes in which it shows how large a burst is.
const SHOWS_MILLIS: i64 = 5 * 60_000;

/// One day, by cell.
#[derive(Clone, Debug)]
struct Day {
    demand: Vec<u16>,
    sold: Vec<u16>,
    out_millis: Vec<u32>,
}

/// What went through the stock of a SKU in one warehouse since the start, in units.
///
/// `on_hand = opening + received − shipped` and `committed = sold − shipped − released`, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// There at the start.
    pub opening: i64,
    /// Delivered.
    pub received: i64,
    /// Taken by order lines.
    pub sold: i64,
    /// Given back by cancelled lines.
    pub released: i64,
    /// Left the warehouse.
    pub shipped: i64,
    /// Wanted while there was none: lost.
    pub lost: i64,
}

impl Truth {
    /// Days that are kept.
    pub const KEPT_DAYS: usize = 120;

    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let mut cells: Vec<(usize, usize)> = catalogue.skus.iter().map(|sku| (sku.first_cell, 0)).collect();
        for place in &catalogue.places {
            cells[place.sku].1 += 1;
        }
        Self {
            codes: catalogue.skus.iter().map(|sku| sku.code.clone()).collect(),
            cells,
            first_day: 0,
            days: VecDeque::new(),
            ledgers: vec![Ledger::default(); catalogue.places.len()],
            bursts: VecDeque::new(),
            hour: VecDeque::new(),
            sum: 0.0,
        }
    }

    /// The last [`KEPT_DAYS`](Self::KEPT_DAYS) bursts at most, in order.
    pub fn bursts(&self) -> impl Iterator<Item = Burst> + '_ {
        self.bursts.iter().copied()
    }

    /// Notes how many orders are expected in the minute from `at` on: everyday ones, promoted ones, and those of a
    /// livestream.
    pub(super) fn expected(&mut self, at: UtcMillis, [everyday, promoted, shown]: [f64; 3]) {
        let all = everyday + promoted + shown;
        let times = all * HOUR as f64 / self.sum.max(f64::MIN_POSITIVE);
        let is_leap = self.hour.len() == HOUR && times >= 2.0 && all >= 2.0 * everyday;
        let since = |burst: &Burst| at.0 - burst.at.0;
        match self.bursts.back_mut() {
            Some(last) if since(last) < SHOWS_MILLIS => last.times = last.times.max(times),
            Some(last) if since(last) < crate::time::HOUR_MILLIS => {}
            _ if is_leap => self.bursts.push_back(Burst {
                at,
                times,
                is_show: shown > promoted,
            }),
            _ => {}
        }
        if self.bursts.len() > Self::KEPT_DAYS {
            self.bursts.pop_front();
        }
        self.sum += all;
        self.hour.push_back(all);
        if self.hour.len() > HOUR {
            self.sum -= self.hour.pop_front().unwrap_or(0.0);
        }
    }

    /// SKU codes, by SKU index.
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// Warehouses, by warehouse index. A SKU may lie in the first few only.
    pub const fn warehouses(&self) -> &'static [&'static str] {
        &WAREHOUSES
    }

    /// Days that are known; the last one may have just begun.
    pub fn days(&self) -> Range<usize> {
        self.first_day..self.first_day + self.days.len()
    }

    /// Units wanted.
    pub fn demand(&self, day: usize, sku: usize, warehouse: usize) -> u32 {
        self.read(day, sku, warehouse, |day, cell| u32::from(day.demand[cell]))
    }

    /// Units sold, that is, taken by order lines placed on that day, cancelled later or not.
    pub fn sold(&self, day: usize, sku: usize, warehouse: usize) -> u32 {
        self.read(day, sku, warehouse, |day, cell| u32::from(day.sold[cell]))
    }

    /// Minutes without anything to sell.
    pub fn out_minutes(&self, day: usize, sku: usize, warehouse: usize) -> u32 {
        self.read(day, sku, warehouse, |day, cell| day.out_millis[cell] / 60_000)
    }

    /// Units wanted in all warehouses.
    pub fn demand_of_sku(&self, day: usize, sku: usize) -> u32 {
        (0..WAREHOUSES.len())
            .map(|warehouse| self.demand(day, sku, warehouse))
            .sum()
    }

    /// Units sold in all warehouses.
    pub fn sold_of_sku(&self, day: usize, sku: usize) -> u32 {
        (0..WAREHOUSES.len())
            .map(|warehouse| self.sold(day, sku, warehouse))
            .sum()
    }

    /// What went through the stock of a SKU in a warehouse where it lies.
    pub fn ledger(&self, sku: usize, warehouse: usize) -> Option<Ledger> {
        self.cell(sku, warehouse)
            .and_then(|cell| self.ledgers.get(cell))
            .copied()
    }

    fn cell(&self, sku: usize, warehouse: usize) -> Option<usize> {
        self.cells
            .get(sku)
            .filter(|(_, count)| warehouse < *count)
            .map(|(first, _)| first + warehouse)
    }

    fn read(&self, day: usize, sku: usize, warehouse: usize, value: impl Fn(&Day, usize) -> u32) -> u32 {
        let day = day.checked_sub(self.first_day).and_then(|at| self.days.get(at));
        day.zip(self.cell(sku, warehouse))
            .map_or(0, |(day, cell)| value(day, cell))
    }

    /// Begins the next day.
    pub(super) fn begin_day(&mut self) {
        let cells = self.ledgers.len();
        let mut day = if self.days.len() < Self::KEPT_DAYS {
            None
        } else {
            self.days.pop_front()
        };
        if let Some(old) = &mut day {
            self.first_day += 1;
            old.demand.fill(0);
            old.sold.fill(0);
            old.out_millis.fill(0);
        }
        let fresh = || Day {
            demand: vec![0; cells],
            sold: vec![0; cells],
            out_millis: vec![0; cells],
        };
        self.days.push_back(day.unwrap_or_else(fresh));
    }

    /// Notes that `quantity` units were wanted today, and whether they were got.
    pub(super) fn wanted(&mut self, cell: usize, quantity: u16, got: bool) {
        let ledger = &mut self.ledgers[cell];
        let units = i64::from(quantity);
        if got {
            ledger.sold += units
        } else {
            ledger.lost += units
        }
        if let Some(day) = self.days.back_mut() {
            day.demand[cell] = day.demand[cell].saturating_add(quantity);
            if got {
                day.sold[cell] = day.sold[cell].saturating_add(quantity);
            }
        }
    }

    /// Adds time of today without anything to sell.
    pub(super) fn was_out(&mut self, cell: usize, millis: i64) {
        if let Some(day) = self.days.back_mut() {
            day.out_millis[cell] = day.out_millis[cell].saturating_add(u32::try_from(millis).unwrap_or(0));
        }
    }

    /// The ledger of a cell.
    pub(super) fn ledger_mut(&mut self, cell: usize) -> &mut Ledger {
        &mut self.ledgers[cell]
    }
}
