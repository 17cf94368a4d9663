//! The planner: how much was there at first, what is ordered when, what fails to come.
//!
//! It knows the calendar but not the dice, reviews every SKU and warehouse at midnight and orders up to
//! a level, so the shop never dies and a promotion is stocked up for. Suppliers fail now and then.

use super::calendar::{DAY_MINUTES, MINUTE, OPENING_DAY, expected_orders};
use super::catalogue::{Place, Sku};
use super::fate::{Fate, RESUME_DAY};
use super::order::UNITS;
use super::rng::{Purpose, Rng};

/// Days of demand kept beyond the time a delivery takes.
const SAFETY: usize = 5;
/// A supplier fails for a window of this many days; long enough to run out, short enough to recover.
const GAP_DAYS: usize = 35;
/// Of 1000 (SKU, window), how many fail.
const GAP_PERMILLE: u32 = 60;
/// No failing in the weeks before the opening, whose screen the scripts set.
const QUIET_DAYS: std::ops::Range<usize> = OPENING_DAY - 30..OPENING_DAY - 3;

/// An order to a supplier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Delivery {
    /// Units.
    pub(super) quantity: i64,
    /// Arrival, in milliseconds since the start.
    pub(super) at: i64,
    /// What the supplier says of that: of ten one comes a day before it, two a day late and one three.
    pub(super) told: i64,
}

/// The planner.
#[derive(Clone, Debug)]
pub(super) struct Planner {
    seed: u64,
    /// For each day, units expected before it since the start, by kind of order. One entry a day.
    before: Vec<[f64; 3]>,
}

impl Planner {
    /// The planner of the shop with `seed`.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            before: vec![[0.0; 3]],
        }
    }

    /// Units a place holds when the simulation starts.
    pub(super) fn opening(&mut self, at: usize, sku: &Sku, place: &Place) -> i64 {
        if let Some(Fate::Dead { per_day, left }) = sku.fate {
            return (place.share * (left + per_day * OPENING_DAY as f64)).round() as i64;
        }
        let (lead, cycle) = self.terms(at, place.sku, sku);
        let part = Rng::keyed(self.seed, Purpose::Supply, at as u64).below(cycle as u32 + 1);
        let days = lead + SAFETY + part as usize;
        let need = self.expected(sku, place, 0, days);
        (need + 1.7 * need.sqrt()).ceil() as i64
    }

    /// What to order for place number `at` on the morning of `day`, given what is there and on its way.
    pub(super) fn review(
        &mut self,
        day: usize,
        at: usize,
        sku: &Sku,
        place: &Place,
        position: i64,
    ) -> Option<Delivery> {
        let until = match sku.fate {
            Some(Fate::Dead { .. }) => return None,
            Some(fate) => fate.until(day),
            None if self.fails(day, place.sku) => return None,
            None => None,
        };
        let (lead, cycle) = self.terms(at, place.sku, sku);
        if until.is_some_and(|until| day + lead >= until) {
            return None;
        }
        // What a scripted SKU misses on the opening day is lost; it is not ordered for.
        let from = if sku.fate.is_some() && day == RESUME_DAY {
            day + 1
        } else {
            day
        };
        let end = until.unwrap_or(usize::MAX);
        let mut need = |days: usize| {
            let need = self.expected(sku, place, from, (from + days).min(end));
            let spare = if until.is_some() { 0.0 } else { 1.7 * need.sqrt() };
            (need + spare).ceil() as i64
        };
        if position >= need(lead + SAFETY) {
            return None;
        }
        let missing = need(lead + SAFETY + cycle) - position;
        let quantity = if missing > 24 && until.is_none() {
            (missing + 11) / 12 * 12
        } else {
            missing
        };
        let key = ((at as u64) << 20) | day as u64;
        let minute = Rng::keyed(self.seed, Purpose::Supply, key).between(6 * 60, 17 * 60);
        let at = i64::from(minute) * MINUTE + start_of(day + lead);
        let early = match Rng::keyed(self.seed, Purpose::Promise, key).below(10) {
            0 => -1,
            1 | 2 => 1,
            3 => 3,
            _ => 0,
        };
        // Nothing is promised for today.
        let told = (at - early * start_of(1)).max(start_of(day + 1));
        (quantity > 0).then_some(Delivery { quantity, at, told })
    }

    /// Units expected at a place from the morning of `from` to that of `to`.
    pub(super) fn expected(&mut self, sku: &Sku, place: &Place, from: usize, to: usize) -> f64 {
        let to = to.max(from);
        while self.before.len() <= to {
            let orders = expected_orders(self.before.len() - 1);
            let last = self.before.last().copied().unwrap_or_default();
            self.before.push(std::array::from_fn(|kind| {
                last[kind] + orders[kind] * UNITS[kind]
            }));
        }
        let units = (0..3).map(|kind| sku.shares[kind] * (self.before[to][kind] - self.before[from][kind]));
        place.share * units.sum::<f64>()
    }

    /// Days a delivery takes, and days of demand it brings.
    fn terms(&self, at: usize, sku_at: usize, sku: &Sku) -> (usize, usize) {
        let mut rng = Rng::keyed(self.seed, Purpose::Supply, (1 << 50) | sku_at as u64);
        let (lead, cycle) = (rng.between(4, 9), rng.between(5, 12));
        // Warehouses of one SKU are not all filled on the same day.
        let own = Rng::keyed(self.seed, Purpose::Supply, (1 << 51) | at as u64).between(0, 4);
        let lead = if sku.fate.is_some() { 2 + lead % 3 } else { lead };
        (lead as usize, (cycle + own) as usize)
    }

    /// Whether the supplier of a SKU fails on `day`. Windows of different SKUs begin on different days.
    fn fails(&self, day: usize, sku_at: usize) -> bool {
        let window = (day + sku_at % GAP_DAYS) / GAP_DAYS;
        let key = ((window as u64) << 16) | sku_at as u64;
        !QUIET_DAYS.contains(&day) && Rng::keyed(self.seed, Purpose::Gap, key).permille(GAP_PERMILLE)
    }
}

/// Milliseconds from the start to the morning of `day`.
pub(super) fn start_of(day: usize) -> i64 {
    i64::try_from(day * DAY_MINUTES).unwrap_or(i64::MAX / MINUTE) * MINUTE
}
