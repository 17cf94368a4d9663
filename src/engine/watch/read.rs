//! What alerts look at, read off the tables: whatever the page filters, of all there is.

use super::super::Engine;
use crate::alert::{Alerts, Level, Metric, Subject, Values, anscombe, poisson_tail, wilson_lower};
use crate::arrange::arrange;
use crate::metric::{Book, By, Clock, Demand, Distinct, SkuStock, Spec, Sum, When, Which, fixed};
use crate::model::{Dict, OrderColumns, StockColumns};
use crate::money::Fixed;
use crate::query::Masks;
use crate::time::{DAY_MILLIS, Grain, Span, UtcMillis};

/// Days without demand.
const NEVER: f64 = 9_999.0;
/// Days until what is ordered now is there: no export says.
const LEAD_DAYS: f64 = 3.0;
/// Weeks that are usual.
const WEEKS: i64 = 8;
/// Of these at least so many must be known.
const LEAST_WEEKS: usize = 4;
/// Days after payment in which an order that is not shipped is late and not forgotten.
const LATE_DAYS: i64 = 7;
/// Hours after payment in which an order need not be shipped: a quarter less than the 48 that platforms grant.
const WAITING_HOURS: i64 = 36;
const HOUR: f64 = 3_600_000.0;

impl Engine {
    /// Orders of the last days that are paid and not shipped.
    pub(super) fn read_waiting(&self, book: Book<'_>, as_of: UtcMillis, currency: u32, shop: &mut Values) {
        // Only where the export tells shipped from unshipped at all.
        if self.orders.columns().shipped_at.is_unsaid() {
            return;
        }
        let spec = Spec {
            which: Which::Unshipped,
            own: Masks::OWN_ALL,
            currency: Some(currency),
            sums: vec![Sum::Paid],
            distinct: vec![Distinct::Orders(Which::All)],
            first: true,
            ..Spec::new(Clock::Paid)
        };
        let window = Span {
            from: as_of.plus(-LATE_DAYS * DAY_MILLIS),
            to: as_of.plus(1 - WAITING_HOURS * 3_600_000),
        };
        let waiting = book.ask(&spec, When::of(window));
        let oldest = waiting.first.first().copied().filter(|_| waiting.lines(0) > 0);
        Metric::UnshippedHours.set(shop, oldest.map_or(0.0, |oldest| millis(as_of.0 - oldest) / HOUR));
        Metric::UnshippedOrders.set(shop, count(waiting.distinct(0, 0)));
        if let Some(sum) = waiting.sum(0, 0).value() {
            Metric::UnshippedValue.set(shop, fixed(sum).to_f64());
        }
    }

    /// Orders of the last whole hour, or of the last whole day where lines say no hour, against the same of the weeks
    /// before (DOMAIN §2, detection on counts).
    pub(super) fn read_pulse(&self, book: Book<'_>, as_of: UtcMillis, since: UtcMillis, shop: &mut Values) {
        let zone = self.zone();
        let grain = match self.catalogue.finest_grain() {
            Grain::Day => Grain::Day,
            _ => Grain::Hour,
        };
        let end = zone.floor(grain, as_of);
        let start = zone.floor(grain, end.plus(-1));
        let from = zone.shift_days(start, -7 * WEEKS);
        let frame = Span { from, to: end };
        let spec = Spec {
            by: vec![By::Time(zone, grain)],
            own: Masks::OWN_ALL,
            distinct: vec![Distinct::Orders(Which::All)],
            ..Spec::new(Clock::Created)
        };
        let starts = zone.buckets(grain, frame, 24 * 7 * 10);
        let groups = book.ask(&spec, When::of(frame));
        let orders = |at: UtcMillis| {
            let bucket = starts.binary_search(&at).ok()?;
            Some(count(groups.distinct(0, bucket)))
        };
        let Some(seen) = orders(start) else { return };
        let mut usual = Vec::new();
        for week in 1..=WEEKS {
            let at = zone.shift_days(start, -7 * week);
            usual.extend(orders(at).filter(|_| at >= since));
        }
        if usual.len() < LEAST_WEEKS {
            return;
        }
        arrange(&mut usual, f64::total_cmp);
        let mean = (usual[(usual.len() - 1) / 2] + usual[usual.len() / 2]) / 2.0;
        let residual = |count: &f64| (count - mean) * (count - mean) / mean.max(1.0);
        let pearson: f64 = usual.iter().map(residual).sum();
        let dispersion = (pearson / count((usual.len() - 1) as u64)).max(1.0);
        let z = anscombe(seen, mean, dispersion);
        // Few orders are far from usual by chance: the tail decides, upwards only.
        let z = if mean < 10.0 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
            let is_rare = seen >= 5.0 && poisson_tail(seen as u64, mean, dispersion) < 1e-4;
            if is_rare { z.max(4.0) } else { z.clamp(-3.9, 3.9) }
        } else {
            z
        };
        for (metric, value) in [
            (Metric::OrdersZ, z),
            (Metric::OrdersRatio, seen / mean),
            (Metric::OrdersSeen, seen),
            (Metric::OrdersUsual, mean),
        ] {
            metric.set(shop, value);
        }
        let local = start.0 + i64::from(zone.offset_minutes(start)) * 60_000;
        // A day is judged whole, at whatever hour.
        let hour = if grain == Grain::Day {
            12
        } else {
            local.rem_euclid(DAY_MILLIS) / 3_600_000
        };
        Metric::Hour.set(shop, millis(hour));
    }
}

/// Reads goods.
pub(super) struct Reader<'a> {
    pub levels: &'a StockColumns,
    pub demand: &'a Demand,
    pub shop: &'a Values,
    /// Whether orders, and whether stock, are not to be trusted now.
    pub stale: (bool, bool),
}

impl Reader<'_> {
    pub(super) fn read(&self, skus: &[SkuStock], alerts: &mut Alerts, names: &mut Dict) {
        let per_day = |sku: &SkuStock| {
            let days = sku
                .sold_as()
                .map(|code| i128::from(self.demand.gmv_per_day(code).raw()));
            days.sum::<i128>()
        };
        let days: Vec<i128> = skus.iter().map(per_day).collect();
        let mut best: Vec<usize> = (0..skus.len()).collect();
        arrange(&mut best, |a, b| days[*b].cmp(&days[*a]));
        let all: i128 = days.iter().sum();
        let mut before = 0;
        for at in best {
            let (sku, sold) = (&skus[at], days[at]);
            // A: the first 80 % of sales, B: the next 15 %.
            let class = [80, 95]
                .iter()
                .filter(|share| before * 100 >= all * **share)
                .count();
            before += sold;
            let mut values = *self.shop;
            let good = names.intern(self.levels.skus.text(sku.sku));
            if !self.stale.1 {
                self.read_good(sku, sold, class as u64, &mut values);
            }
            let subject = |level, place| Subject { level, good, place };
            alerts.read(subject(Level::Good, 0), &values);
            // Units by place: bins of one place are one.
            let mut places: Vec<(u32, i128, i128)> = Vec::new();
            for row in &sku.rows {
                let code = self.levels.warehouse[*row];
                let at = places
                    .iter()
                    .position(|place| place.0 == code)
                    .unwrap_or_else(|| {
                        places.push((code, 0, 0));
                        places.len() - 1
                    });
                places[at].1 += i128::from(self.levels.sellable(*row).unwrap_or_default().raw());
                let on_hand = self.levels.on_hand[*row];
                places[at].2 += i128::from(if on_hand == OrderColumns::NONE { 0 } else { on_hand });
            }
            let price = Metric::LossPerDay.of(&values) / Metric::Pace.of(&values);
            for (code, sellable, on_hand) in places {
                let place = names.intern(self.levels.warehouses.text(code));
                let mut values = values;
                if !self.stale.1 {
                    let over = units(-sellable).max(0.0);
                    Metric::OversellUnits.set(&mut values, over);
                    Metric::OnHand.set(&mut values, units(on_hand));
                    Metric::OversellValue.set(&mut values, price * over);
                }
                alerts.read(subject(Level::Place, place), &values);
            }
        }
    }

    fn read_good(&self, sku: &SkuStock, sold: i128, class: u64, values: &mut Values) {
        Metric::Available.set(values, units(sku.sellable));
        if self.stale.0 {
            return;
        }
        let days = millis(self.demand.days);
        let pace = units(sku.units) / days;
        let cover = sku.cover_days(self.demand.days).unwrap_or(NEVER);
        let per_day = units(sold);
        Metric::Pace.set(values, pace);
        Metric::SalesClass.set(values, count(class + 1));
        Metric::LossPerDay.set(values, per_day);
        Metric::LossSoon.set(values, per_day * (LEAD_DAYS - cover).max(0.0));
        // Neither lasts what is not there.
        if pace > 0.0 || sku.sellable > 0 {
            Metric::CoverDays.set(values, cover);
        }
        if pace > 0.0 {
            Metric::StockValue.set(values, per_day / pace * units(sku.sellable));
        }
    }
}

/// Orders with a refund among those paid: the last seven days against the four weeks before.
pub(super) fn read_refunds(book: Book<'_>, as_of: UtcMillis, shop: &mut Values) {
    let spec = Spec {
        own: Masks::OWN_ALL,
        distinct: vec![Distinct::Orders(Which::All), Distinct::Orders(Which::Refunded)],
        ..Spec::new(Clock::Paid)
    };
    let week = as_of.plus(1 - 7 * DAY_MILLIS);
    let rate = |from: UtcMillis, to: UtcMillis| {
        let groups = book.ask(&spec, When::of(Span { from, to }));
        (count(groups.distinct(1, 0)), count(groups.distinct(0, 0)))
    };
    let (hits, all) = rate(week, as_of.plus(1));
    let (before, all_before) = rate(week.plus(-28 * DAY_MILLIS), week);
    // Of few orders a rate says nothing.
    if all < 50.0 || all_before < 50.0 || before <= 0.0 {
        return;
    }
    let usual = before / all_before;
    Metric::RefundSurge.set(shop, wilson_lower(hits, all) / usual);
    Metric::RefundRate.set(shop, hits / all);
    Metric::RefundUsual.set(shop, usual);
}

#[expect(
    clippy::cast_precision_loss,
    reason = "held against bounds and shown to a few digits"
)]
fn units(raw: i128) -> f64 {
    raw as f64 / Fixed::SCALE as f64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "held against bounds and shown to a few digits"
)]
pub(super) const fn count(of: u64) -> f64 {
    of as f64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "held against bounds and shown to a few digits"
)]
pub(super) const fn millis(of: i64) -> f64 {
    of as f64
}
