//! What alerts look at, read off the tables: whatever the page filters, of all there is.

use super::super::Engine;
use crate::alert::{Level, Metric, Subject, Values, demand_tail, wilson_lower};
use crate::arrange::arrange;
use crate::metric::{Book, By, Clock, Demand, Distinct, Groups, SkuStock, Spec, Sum, When, Which, fixed};
use crate::model::{Dict, Dim, OrderColumns, StockColumns};
use crate::money::Fixed;
use crate::query::Masks;
use crate::time::{DAY_MILLIS, Grain, Span, UtcMillis};
use std::rc::Rc;

/// Days without demand.
const NEVER: f64 = 9_999.0;
/// Units that must have been sold for a price to say something.
const PRICED_UNITS: f64 = 3.0;
/// Hours whose sales say what goods are sold for now; a day where lines say no hour.
const PRICE_HOURS: i64 = 3;
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
}

/// Reads goods.
pub(super) struct Reader<'a> {
    pub levels: &'a StockColumns,
    pub demand: &'a Demand,
    pub shop: &'a Values,
    /// Whether orders, and whether stock, are not to be trusted now.
    pub stale: (bool, bool),
    /// Units and paid amounts of the last hours by SKU.
    pub prices: &'a Groups,
    /// The present of the stock, and when its day began.
    pub now: (UtcMillis, UtcMillis),
    /// Days until more comes of what no receipt is known of.
    pub lead: f64,
}

impl Reader<'_> {
    /// Tells the values of each good, and of each of its places.
    pub(super) fn read(
        &self,
        skus: &[SkuStock],
        names: &mut Dict,
        receipts: &mut Vec<(u32, UtcMillis)>,
        tell: &mut dyn FnMut(Subject, &Values),
    ) {
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
                if let Some(at) = self.read_coming(sku, &mut values) {
                    receipts.push((good, UtcMillis(at)));
                }
                self.read_good(sku, sold, class as u64, &mut values);
            }
            let subject = |level, place| Subject { level, good, place };
            tell(subject(Level::Good, 0), &values);
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
                tell(subject(Level::Place, place), &values);
            }
        }
    }

    /// What a unit costs, and when more comes; yields that where a receipt is known.
    fn read_coming(&self, sku: &SkuStock, values: &mut Values) -> Option<i64> {
        let rows = || sku.rows.iter().chain(&sku.coming).copied();
        // Costs differ from place to place: what is sold below the least is sold below cost everywhere.
        let costs = rows().map(|row| self.levels.unit_cost[row]);
        if let Some(cost) = costs.filter(|cost| *cost > 0).min() {
            Metric::UnitCost.set(values, units(i128::from(cost)));
        }
        // What was to come on a day that is over is late: nobody knows when it comes.
        let coming = rows().map(|row| self.levels.arrives[row]);
        let receipt = coming.filter(|at| *at >= self.now.1.0).min();
        let days = |at: i64| millis((at - self.now.0.0).max(0)) / millis(DAY_MILLIS);
        Metric::ReceiptDays.set(values, receipt.map_or(self.lead, days));
        receipt
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
        let until = Metric::ReceiptDays.of(values);
        Metric::LossSoon.set(values, per_day * (until - cover).max(0.0));
        // Lines come by chance and bring so many units each: a compound Poisson variable has at least this variance.
        let lines: u64 = sku.sold_as().map(|code| self.demand.lines(code)).sum();
        let a_line = units(sku.units) / count(lines.max(1));
        let risk = demand_tail(units(sku.sellable), pace * until, a_line);
        Metric::RunoutRisk.set(values, risk);
        self.read_price(sku, per_day / pace, values);
        // Neither lasts what is not there.
        if pace > 0.0 || sku.sellable > 0 {
            Metric::CoverDays.set(values, cover);
        }
        if pace > 0.0 {
            Metric::StockValue.set(values, per_day / pace * units(sku.sellable));
        }
    }
}

impl Reader<'_> {
    /// What it is sold for now, where enough is sold, against the `usual` price, and against what it costs where all that
    /// was paid is known in the currency of the charts: a cost names none.
    fn read_price(&self, sku: &SkuStock, usual: f64, values: &mut Values) {
        let (mut sold, mut is_whole) = ((0, 0), true);
        for code in sku.sold_as() {
            let said = [0, 1].map(|sum| self.prices.sum(sum, code as usize));
            sold.0 += said[0].sum;
            sold.1 += said[1].sum;
            is_whole &= said[0].lines == said[1].lines;
        }
        let (sold, paid) = (units(sold.0), units(sold.1));
        if sold < PRICED_UNITS || usual.is_nan() || usual <= 0.0 {
            return;
        }
        let price = paid / sold;
        Metric::Price.set(values, price);
        Metric::PriceUsual.set(values, usual);
        Metric::PriceRatio.set(values, price / usual);
        Metric::PriceLoss.set(values, (usual * sold - paid).max(0.0));
        let cost = Metric::UnitCost.of(values);
        if is_whole && !cost.is_nan() {
            Metric::PriceToCost.set(values, price / cost);
            Metric::CostLoss.set(values, (cost * sold - paid).max(0.0));
        }
    }
}

/// Units and paid amounts by SKU of the last hours before `as_of`, of the day where lines say no hour.
pub(super) fn read_prices(book: Book<'_>, as_of: UtcMillis, finest: Grain, currency: u32) -> Rc<Groups> {
    let hours = if finest == Grain::Day { 24 } else { PRICE_HOURS };
    let spec = Spec {
        by: vec![By::Dim(Dim::Sku)],
        own: Masks::OWN_ALL,
        currency: Some(currency),
        sums: vec![Sum::Units, Sum::Paid],
        ..Spec::new(Clock::Paid)
    };
    let to = as_of.plus(1);
    let from = to.plus(-hours * 3_600_000);
    book.ask(&spec, When::of(Span { from, to }))
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
