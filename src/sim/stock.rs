//! Stock of one SKU in one warehouse, and what changes it.

use super::calendar::START;
use super::catalogue::Catalogue;
use super::order::SOURCE;
use super::places::WAREHOUSES;
use super::supply::Delivery;
use super::truth::Truth;
use crate::arrange::arrange;
use crate::model::{StockBatch, StockLevel};
use crate::money::Fixed;

/// One of this many delivered units is damaged and cannot be sold.
const DAMAGED: i64 = 250;

/// Stock of a cell, in units.
#[derive(Clone, Debug, Default)]
struct Cell {
    on_hand: i64,
    /// Ordered, not shipped; locked when the order is placed (拍下减库存).
    committed: i64,
    damaged: i64,
    inbound: i64,
    /// When what is on its way comes, and when it was said to, in the order in which it was ordered.
    coming: Vec<(i64, i64)>,
    /// How many units more than there are it sells.
    oversell: i64,
    /// Last change, in milliseconds since the start.
    changed: i64,
    /// Since when there has been nothing to sell, as far as it is not in the truth yet.
    out_since: Option<i64>,
    /// Whether it waits in the list of what has to be reported.
    reported: bool,
}

impl Cell {
    const fn available(&self) -> i64 {
        self.on_hand - self.damaged - self.committed
    }

    /// When the next of what is on its way was said to come: the first that is not late, as far as any is not.
    fn told(&self) -> Option<i64> {
        let told = self.coming.iter().map(|(_, told)| *told);
        told.min_by_key(|told| (*told < self.changed, *told))
    }
}

/// Stock of all cells.
#[derive(Clone, Debug)]
pub(super) struct Stock {
    cells: Vec<Cell>,
    changed: Vec<usize>,
}

impl Stock {
    /// `levels`: for each cell the units there and how many more may be sold. All count as changed.
    pub(super) fn new(levels: impl Iterator<Item = (i64, i64)>) -> Self {
        let cell = |(on_hand, oversell)| {
            let out_since = if on_hand > 0 { None } else { Some(0) };
            Cell {
                on_hand,
                oversell,
                out_since,
                reported: true,
                ..Cell::default()
            }
        };
        let cells: Vec<Cell> = levels.map(cell).collect();
        Self {
            changed: (0..cells.len()).collect(),
            cells,
        }
    }

    /// Units that can be sold; negative: oversold.
    pub(super) fn available(&self, cell: usize) -> i64 {
        self.cells[cell].available()
    }

    /// Units that can be sold, with those on their way.
    pub(super) fn position(&self, cell: usize) -> i64 {
        self.cells[cell].available() + self.cells[cell].inbound
    }

    /// All that could be sold of a cell, and `beyond` units more, turn out to be damaged.
    pub(super) fn spoil(&mut self, cell: usize, beyond: i64, now: i64, truth: &mut Truth) {
        let units = self.cells[cell].available().max(0) + beyond;
        self.change(cell, now, truth, |cell| cell.damaged += units);
    }

    /// Takes `quantity` units for an order, if they may be sold.
    pub(super) fn take(&mut self, cell: usize, quantity: u16, now: i64, truth: &mut Truth) -> bool {
        let units = i64::from(quantity);
        let got = self.cells[cell].available() + self.cells[cell].oversell >= units;
        truth.wanted(cell, quantity, got);
        if got {
            self.change(cell, now, truth, |cell| cell.committed += units);
        }
        got
    }

    /// Gives back what a cancelled order had taken.
    pub(super) fn release(&mut self, cell: usize, quantity: u16, now: i64, truth: &mut Truth) {
        let units = i64::from(quantity);
        truth.ledger_mut(cell).released += units;
        self.change(cell, now, truth, |cell| cell.committed -= units);
    }

    /// Whether `quantity` units can leave.
    pub(super) fn is_there(&self, cell: usize, quantity: u16) -> bool {
        self.cells[cell].on_hand - self.cells[cell].damaged >= i64::from(quantity)
    }

    /// Lets `quantity` units of an order leave.
    pub(super) fn ship(&mut self, cell: usize, quantity: u16, now: i64, truth: &mut Truth) {
        let units = i64::from(quantity);
        truth.ledger_mut(cell).shipped += units;
        self.change(cell, now, truth, |cell| {
            cell.on_hand -= units;
            cell.committed -= units;
        });
    }

    /// Notes that `delivery` is on its way.
    pub(super) fn expect(&mut self, cell: usize, delivery: Delivery, now: i64, truth: &mut Truth) {
        self.change(cell, now, truth, |cell| {
            cell.inbound += delivery.quantity;
            cell.coming.push((delivery.at, delivery.told));
        });
    }

    /// Enters a delivery; `announced` if it was on its way.
    pub(super) fn receive(&mut self, cell: usize, units: i64, announced: bool, now: i64, truth: &mut Truth) {
        truth.ledger_mut(cell).received += units;
        self.change(cell, now, truth, |cell| {
            cell.on_hand += units;
            cell.damaged += units / DAMAGED;
            if announced {
                cell.inbound -= units;
                cell.coming.retain(|(at, _)| *at > now);
            }
        });
    }

    fn change(&mut self, at: usize, now: i64, truth: &mut Truth, change: impl FnOnce(&mut Cell)) {
        let cell = &mut self.cells[at];
        change(cell);
        cell.changed = now;
        match (cell.available() > 0, cell.out_since) {
            (true, Some(since)) => {
                truth.was_out(at, now - since);
                cell.out_since = None;
            }
            (false, None) => cell.out_since = Some(now),
            _ => {}
        }
        if !cell.reported {
            cell.reported = true;
            self.changed.push(at);
        }
    }

    /// Enters the time without stock up to `now` in the truth; at the end of each day at the latest.
    pub(super) fn settle(&mut self, now: i64, truth: &mut Truth) {
        for (at, cell) in self.cells.iter_mut().enumerate() {
            if let Some(since) = cell.out_since.filter(|since| *since < now) {
                truth.was_out(at, now - since);
                cell.out_since = Some(now);
            }
        }
    }

    /// The levels that changed since the last call.
    pub(super) fn report(&mut self, catalogue: &Catalogue) -> StockBatch {
        let mut batch = StockBatch::default();
        arrange(&mut self.changed, Ord::cmp);
        for at in self.changed.drain(..) {
            let (cell, place) = (&mut self.cells[at], &catalogue.places[at]);
            cell.reported = false;
            let sku = &catalogue.skus[place.sku];
            batch.push(&StockLevel {
                source: SOURCE,
                sku: &sku.code,
                warehouse: WAREHOUSES[place.warehouse],
                title: &sku.title,
                category: sku.category,
                brand: sku.brand,
                on_hand: Some(Fixed::from_units(cell.on_hand)),
                available: Some(Fixed::from_units(cell.available())),
                inbound: Some(Fixed::from_units(cell.inbound)),
                unit_cost: Some(Fixed::from_raw(i64::from(sku.cost) * (Fixed::SCALE / 100))),
                arrives: cell.told().map(|told| START.plus(told)),
                as_of: Some(START.plus(cell.changed)),
            });
        }
        batch
    }
}
