//! The shop as it runs: a queue of what is due, the orders that still move, the stock.

use super::calendar::{Calendar, DAY_MINUTES, MINUTE, OPENING_DAY, START};
use super::catalogue::Catalogue;
use super::fate::Fate;
use super::order::{Odds, Order, Shipping, UNITS};
use super::rng::{Purpose, Rng};
use super::stock::Stock;
use super::supply::{Planner, start_of};
use super::truth::Truth;
use super::{CLOSES_AT, Happened, OPENS_AT};
use crate::arrange::arrange;
use crate::model::OrderBatch;
use crate::time::UtcMillis;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Something that is due. At equal times what comes first here is done first; no counter is needed, so
/// the order does not depend on how far a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// A delivery of so many units to a cell.
    Delivery(u32, i64),
    /// The truck that brings a scripted SKU to its level at the opening.
    Truck(u32),
    /// An order moves on.
    Order(u64),
}

/// An order about to be placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Arrival {
    at: i64,
    number: u64,
    kind: usize,
}

/// The kind of orders that a promotion brings.
const PROMOTION: usize = 1;
/// Orders that can be placed in a minute; the promotion's peak is about 500.
const MOST_IN_MINUTE: u64 = 4096;
/// Minute of the opening day at which the scripted trucks arrive.
const TRUCK_MINUTE: usize = 7 * 60;
/// Days of the pace that a cover is reckoned at.
const PACE_DAYS: usize = 28;

/// The demo shop. See the [module](super) for what it promises.
#[derive(Clone, Debug)]
pub struct Shop {
    seed: u64,
    catalogue: Catalogue,
    odds: Odds,
    calendar: Calendar,
    planner: Planner,
    stock: Stock,
    truth: Truth,
    due: BinaryHeap<Reverse<(i64, Due)>>,
    /// Next minute to draw.
    minute: usize,
    /// Orders that were drawn for the minute before it.
    drawn: u64,
    /// Further orders a minute, by what a promotion sells, and the first minute without them.
    surge: (f64, usize),
    /// Arrivals of the last minute drawn, the next one last.
    arrivals: Vec<Arrival>,
    /// Orders that may still change, by age.
    orders: VecDeque<Order>,
    /// How many orders have left `orders`: the first one's place in the shop's life.
    gone: u64,
    /// Places of the orders to be reported.
    changed: Vec<u64>,
    /// So far it is simulated, in milliseconds since the start.
    now: i64,
}

impl Shop {
    /// The shop with `seed`, at its first morning: nothing simulated yet.
    pub fn open(seed: u64) -> Self {
        let catalogue = Catalogue::new(seed);
        let mut planner = Planner::new(seed);
        let mut truth = Truth::new(&catalogue);
        let levels: Vec<(i64, i64)> = catalogue
            .places
            .iter()
            .enumerate()
            .map(|(at, place)| {
                let sku = &catalogue.skus[place.sku];
                let oversell = match sku.fate {
                    Some(Fate::Critical { first: Some(_), .. }) if place.warehouse == 0 => 600,
                    Some(Fate::Out { oversell, .. }) => oversell,
                    _ => 0,
                };
                let opening = planner.opening(at, sku, place);
                truth.ledger_mut(at).opening = opening;
                (opening, oversell)
            })
            .collect();
        let truck = start_of(OPENING_DAY) + minutes(TRUCK_MINUTE);
        let critical = |at: &usize| matches!(catalogue.skus[*at].fate, Some(Fate::Critical { .. }));
        let due = (0..catalogue.skus.len())
            .filter(critical)
            .map(|at| Reverse((truck, Due::Truck(at as u32))))
            .collect();
        Self {
            seed,
            odds: Odds::new(),
            calendar: Calendar::new(seed, &catalogue),
            planner,
            stock: Stock::new(levels.into_iter()),
            truth,
            due,
            minute: 0,
            drawn: 0,
            surge: (0.0, 0),
            arrivals: Vec::new(),
            orders: VecDeque::new(),
            gone: 0,
            changed: Vec::new(),
            now: 0,
            catalogue,
        }
    }

    /// Simulates up to and including `to`, and returns what happened since the last call: of each line
    /// and level that changed its last version; all levels on the first call.
    ///
    /// Nothing happens for a `to` that has passed, and nothing after [`CLOSES_AT`]. What has been
    /// returned altogether does not depend on the steps.
    pub fn advance(&mut self, to: UtcMillis) -> Happened {
        let to = to.0.min(CLOSES_AT.0).saturating_sub(START.0);
        self.now = self.now.max(to);
        loop {
            if let Some(arrival) = self.arrivals.last().copied() {
                if arrival.at > to {
                    break;
                }
                self.arrivals.pop();
                self.run_due(arrival.at, to);
                self.place(arrival, to);
            } else {
                let start = minutes(self.minute);
                if start > to {
                    break;
                }
                self.run_due(start, to);
                if self.minute.is_multiple_of(DAY_MINUTES) {
                    self.begin_day(self.minute / DAY_MINUTES, start);
                }
                self.draw_minute(start);
                self.minute += 1;
            }
        }
        self.run_due(to, to);
        self.stock.settle(to, &mut self.truth);
        Happened {
            orders: self.report(to),
            stock: self.stock.report(&self.catalogue),
        }
    }

    /// Makes demand leap, from where the shop is: so many further orders a minute for so many minutes.
    pub fn surge(&mut self, per_minute: f64, count: usize) {
        self.surge = (per_minute, self.minute + count);
        // What is left of the minute that is drawn already.
        let Some(drawn) = self.minute.checked_sub(1) else {
            return;
        };
        let (start, end) = (minutes(drawn), minutes(self.minute));
        let from = (self.now + 1).clamp(start, end);
        let mut rng = Rng::keyed(self.seed, Purpose::Minute, u64::MAX - drawn as u64);
        let left = (end - from) as f64 / MINUTE as f64;
        for _ in 0..rng.poisson(per_minute * left) {
            let at = from + i64::from(rng.below(60_000)) * (end - from) / MINUTE;
            self.arrive(drawn, at, PROMOTION);
        }
        arrange(&mut self.arrivals, |a, b| b.cmp(a));
    }

    /// What sold best in the last week is gone, wherever it lay, and where it lay first `oversold` units more than there
    /// were are sold. Yields its code.
    pub fn spoil(&mut self, oversold: i64) -> String {
        let today = self.minute / DAY_MINUTES;
        let sold = |sku: &usize| -> u32 {
            let days = today.saturating_sub(6)..=today;
            days.map(|day| self.truth.sold_of_sku(day, *sku)).sum()
        };
        let stocked = |sku: &usize| self.places_of(*sku).any(|cell| self.stock.available(cell) > 0);
        let best = (0..self.catalogue.skus.len()).filter(stocked).max_by_key(sold);
        let Some(best) = best else {
            return String::new();
        };
        let cells: Vec<usize> = self.places_of(best).collect();
        for (at, cell) in cells.into_iter().enumerate() {
            let beyond = if at == 0 { oversold } else { 0 };
            self.stock.spoil(cell, beyond, self.now, &mut self.truth);
        }
        self.catalogue.skus[best].code.clone()
    }

    fn places_of(&self, sku: usize) -> impl Iterator<Item = usize> + '_ {
        let places = self.catalogue.places.iter().enumerate();
        places
            .filter(move |(_, place)| place.sku == sku)
            .map(|(at, _)| at)
    }

    /// What buyers wanted, beside what they got.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// So far it is simulated.
    #[cfg(test)]
    pub(super) fn now(&self) -> UtcMillis {
        START.plus(self.now)
    }

    /// How much the shop remembers: orders that still move, entries in the queue.
    pub fn load(&self) -> (usize, usize) {
        (self.orders.len(), self.due.len())
    }

    fn begin_day(&mut self, day: usize, now: i64) {
        self.stock.settle(now, &mut self.truth);
        self.truth.begin_day();
        self.calendar.turn(day, &self.catalogue);
        for (at, place) in self.catalogue.places.iter().enumerate() {
            let sku = &self.catalogue.skus[place.sku];
            let position = self.stock.position(at);
            if let Some(delivery) = self.planner.review(day, at, sku, place, position) {
                self.stock.expect(at, delivery, now, &mut self.truth);
                self.due.push(Reverse((
                    delivery.at,
                    Due::Delivery(at as u32, delivery.quantity),
                )));
            }
        }
    }

    fn draw_minute(&mut self, start: i64) {
        let mut rng = Rng::keyed(self.seed, Purpose::Minute, self.minute as u64);
        let mut rates = self.calendar.rates(self.minute % DAY_MINUTES);
        if self.minute < self.surge.1 {
            rates[PROMOTION] += self.surge.0;
        }
        self.drawn = 0;
        self.truth.expected(START.plus(start), rates);
        for (kind, rate) in rates.into_iter().enumerate() {
            for _ in 0..rng.poisson(rate) {
                let at = start + i64::from(rng.below(60_000));
                self.arrive(self.minute, at, kind);
            }
        }
        arrange(&mut self.arrivals, |a, b| b.cmp(a));
    }

    /// Another order comes in `minute`, as far as there are numbers.
    fn arrive(&mut self, minute: usize, at: i64, kind: usize) {
        if self.drawn < MOST_IN_MINUTE {
            let number = minute as u64 * MOST_IN_MINUTE + self.drawn;
            self.drawn += 1;
            self.arrivals.push(Arrival { at, number, kind });
        }
    }

    /// Places an order: what is not there is lost.
    fn place(&mut self, arrival: Arrival, to: i64) {
        let Arrival { at, number, kind } = arrival;
        let show = self.calendar.show();
        let mut order = Order::draw(self.seed, number, at, kind, &self.catalogue, &self.odds, show);
        let (stock, truth) = (&mut self.stock, &mut self.truth);
        if order.keep(|item| stock.take(usize::from(item.cell), item.quantity, at, truth)) {
            let place = self.gone + self.orders.len() as u64;
            if let Some(next) = order.next(at, to) {
                self.due.push(Reverse((next, Due::Order(place))));
            }
            order.reported = true;
            self.changed.push(place);
            self.orders.push_back(order);
        }
    }

    /// Does what is due up to and including `until`, within a step that goes on to `to`.
    fn run_due(&mut self, until: i64, to: i64) {
        while let Some(Reverse((at, due))) = self.due.peek().copied().filter(|Reverse((at, _))| *at <= until)
        {
            self.due.pop();
            match due {
                Due::Delivery(cell, units) => {
                    self.stock
                        .receive(cell as usize, units, true, at, &mut self.truth)
                }
                Due::Truck(sku) => self.unload(sku as usize, at),
                Due::Order(place) => self.move_on(place, at, to),
            }
        }
    }

    fn move_on(&mut self, place: u64, at: i64, to: i64) {
        let index = place
            .checked_sub(self.gone)
            .and_then(|index| usize::try_from(index).ok());
        let Some(order) = index.and_then(|index| self.orders.get_mut(index)) else {
            return;
        };
        let (stock, truth) = (&mut self.stock, &mut self.truth);
        let mut release = order.cancels_at(at);
        if order.ships_at(at) {
            let there = order
                .items()
                .iter()
                .all(|item| stock.is_there(usize::from(item.cell), item.quantity));
            match order.ship(there) {
                Shipping::Done => {
                    for item in order.items() {
                        stock.ship(usize::from(item.cell), item.quantity, at, truth);
                    }
                }
                Shipping::Later => {}
                Shipping::Cancelled => release = true,
            }
        }
        if release {
            for item in order.items() {
                stock.release(usize::from(item.cell), item.quantity, at, truth);
            }
        }
        if let Some(next) = order.next(at, to) {
            self.due.push(Reverse((next, Due::Order(place))));
        }
        if !order.reported {
            order.reported = true;
            self.changed.push(place);
        }
    }

    /// Brings a scripted SKU to the level from which it should end at the wanted cover at the opening.
    fn unload(&mut self, sku_at: usize, now: i64) {
        let sku = &self.catalogue.skus[sku_at];
        let Some(Fate::Critical { cover, lean, first }) = sku.fate else {
            return;
        };
        let opens = usize::try_from((OPENS_AT.0 - START.0) / MINUTE).unwrap_or_default() % DAY_MINUTES;
        let mut units = [0.0; 3];
        for minute in TRUCK_MINUTE..opens {
            let rates = self.calendar.rates(minute);
            units = std::array::from_fn(|kind| units[kind] + rates[kind] * UNITS[kind]);
        }
        let still_wanted: f64 = (0..3).map(|kind| units[kind] * sku.shares[kind]).sum();
        let sold: u32 = (OPENING_DAY - PACE_DAYS..OPENING_DAY)
            .map(|day| self.truth.sold_of_sku(day, sku_at))
            .sum();
        let pace = f64::from(sold) / PACE_DAYS as f64;
        for (warehouse, lean) in lean.into_iter().enumerate() {
            let cell = sku.cell(warehouse);
            let share = self.catalogue.places[cell].share;
            let wanted = match first {
                Some(units) if warehouse == 0 => units as f64,
                _ => cover * pace * share * lean,
            };
            let missing = (wanted + share * still_wanted).round() as i64 - self.stock.available(cell);
            if missing > 0 {
                self.stock.receive(cell, missing, false, now, &mut self.truth);
            }
        }
    }

    /// The last version of each line that changed; forgets orders that cannot change any more.
    fn report(&mut self, now: i64) -> OrderBatch {
        let (mut batch, mut text) = (OrderBatch::default(), String::new());
        arrange(&mut self.changed, Ord::cmp);
        for place in self.changed.drain(..) {
            let index = place
                .checked_sub(self.gone)
                .and_then(|index| usize::try_from(index).ok());
            if let Some(order) = index.and_then(|index| self.orders.get_mut(index)) {
                order.reported = false;
                order.report(now, &self.catalogue, &mut batch, &mut text);
            }
        }
        while self
            .orders
            .front()
            .is_some_and(|order| order.next(now, now).is_none())
        {
            self.orders.pop_front();
            self.gone += 1;
        }
        batch
    }
}

fn minutes(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX / MINUTE) * MINUTE
}
