//! The course of what an alert is about, for whoever doubts it: what can be sold, reckoned back from the orders; prices;
//! orders beside what is usual, those of them that wait, and those that were refunded.

use super::super::Engine;
use super::read::count;
use crate::alert::Metric;
use crate::metric::{Book, By, Clock, Distinct, Line, Spec, Sum, When, Which, fixed};
use crate::model::Dim;
use crate::money::Fixed;
use crate::protocol::{Proof, ProofOf, Series, SeriesPoint};
use crate::query::Masks;
use crate::time::{Grain, Span, UtcMillis};

/// Buckets of a course.
const BUCKETS: i32 = 24;
/// Hours with a sale that make a course by the hour.
const LEAST: usize = 6;

impl Engine {
    /// The course of what the rule `rule` watches at `warehouse` (empty: everywhere) of `sku` (empty: the shop), with
    /// its bound, or what is usual, in [`SeriesPoint::before`]; `None`: the rows say no course of that.
    pub(in crate::engine) fn proof(
        &self,
        rule: &str,
        warehouse: &str,
        sku: &str,
        now: UtcMillis,
    ) -> Option<Proof> {
        let known = self.watch.alerts.rules().iter().find(|known| known.id == rule)?;
        let told = self.watch.view.lines.iter();
        let mut told = told.filter(|line| line.subject() == [rule, warehouse, sku]);
        let usual = told.find_map(|line| Some(line.evidence?.1));
        let (of, series) = match known.metric {
            // Where a source is silent, orders end.
            Metric::OrdersZ | Metric::Burst | Metric::OrdersDrift | Metric::FeedAge => {
                (ProofOf::Orders, self.pulse_course(now))
            }
            Metric::OversellUnits | Metric::Available | Metric::CoverDays | Metric::OnHand
                if !sku.is_empty() =>
            {
                (ProofOf::Stock, self.stock_course(warehouse, sku, now)?)
            }
            Metric::PriceRatio if !sku.is_empty() => (ProofOf::Price, self.price_course(sku, usual, now)?),
            Metric::PriceToCost if !sku.is_empty() => (ProofOf::Cost, self.price_course(sku, usual, now)?),
            Metric::UnshippedHours => (
                ProofOf::Waiting,
                self.share_course(Which::Unshipped, Some(1.0), now)?,
            ),
            Metric::RefundSurge => (ProofOf::Refunds, self.share_course(Which::Refunded, usual, now)?),
            _ => return None,
        };
        Some(Proof { of, series })
    }

    /// The finest buckets that lines tell apart.
    fn finest(&self) -> Grain {
        match self.catalogue.finest_grain() {
            Grain::Day => Grain::Day,
            _ => Grain::Hour,
        }
    }

    /// Starts of the last buckets up to `as_of`, which lies in the last of them.
    fn buckets(&self, grain: Grain, as_of: UtcMillis) -> Vec<UtcMillis> {
        let zone = self.zone();
        let from = match grain {
            Grain::Day => zone.shift_days(as_of, -i64::from(BUCKETS - 1)),
            _ => as_of.plus(-i64::from(BUCKETS - 1) * 3_600_000),
        };
        let to = as_of.plus(1);
        zone.buckets(grain, Span { from, to }, BUCKETS as usize + 1)
    }

    /// The names that `sku` is sold under, with what a unit of each takes from it; `None`: it is not sold, or under a name
    /// that means something else in each shop.
    fn sold_as(&self, sku: &str) -> Option<Vec<(u32, i64)>> {
        let goods = self.goods();
        let skus = self.orders.columns().dict(Dim::Sku);
        let mut names: Vec<(u32, i64)> = Vec::new();
        names.extend(skus.code(sku).map(|code| (code, Fixed::SCALE)));
        for sold in goods.sold(sku) {
            if sold.scope.is_some() {
                return None;
            }
            names.extend(skus.code(goods.text(sold.name)).map(|code| (code, sold.units)));
        }
        Some(names).filter(|names| !names.is_empty())
    }

    /// What a unit of `sku` was sold for in each bucket, where none was sold in the one before, beside what is `usual` or
    /// what it costs.
    fn price_course(&self, sku: &str, usual: Option<f64>, now: UtcMillis) -> Option<Series> {
        let columns = self.orders.columns();
        let names = self.sold_as(sku)?;
        let as_of = self.as_of(now);
        let sold_by = |starts: &[UtcMillis]| {
            let mut sold = vec![(0_i128, 0_i128); starts.len()];
            for row in 0..columns.len() {
                let Some(units) = taken(&names, columns.dim(Dim::Sku).get(row)) else {
                    continue;
                };
                let line = Line::new(columns, row);
                let paid_at = line.at(Clock::Paid).unwrap_or(UtcMillis(i64::MIN));
                let bucket = starts.partition_point(|start| *start <= paid_at);
                if bucket > 0 && paid_at <= as_of {
                    let (all, paid) = &mut sold[bucket - 1];
                    *all += i128::from(line.adds(Sum::Units).unwrap_or(0)) * i128::from(units);
                    *paid += i128::from(line.adds(Sum::Paid).unwrap_or(0));
                }
            }
            sold
        };
        let mut grain = self.finest();
        let mut starts = self.buckets(grain, as_of);
        let mut sold = sold_by(&starts);
        if grain == Grain::Hour && sold.iter().filter(|sold| sold.0 > 0).count() < LEAST {
            grain = Grain::Day;
            starts = self.buckets(grain, as_of);
            sold = sold_by(&starts);
        }
        // Until the first sale the price is that of the first.
        let price = |(units, paid): &(i128, i128)| {
            let price = paid
                .saturating_mul(i128::from(Fixed::SCALE).pow(2))
                .checked_div(*units)?;
            Some(fixed(price)).filter(|_| *units > 0)
        };
        let mut last = sold.iter().find_map(price)?;
        let mut points = Vec::new();
        for (start, sold) in starts.iter().zip(&sold) {
            last = price(sold).unwrap_or(last);
            points.push(SeriesPoint {
                gmv: last,
                before: usual.map(|usual| Fixed::from_raw(whole(usual * 10_000.0))),
                ..self.point(*start, grain)
            });
        }
        Some(course(grain, points))
    }

    /// Orders of the kind `which` among those paid on each day, beside what `share` of all would be.
    fn share_course(&self, which: Which, share: Option<f64>, now: UtcMillis) -> Option<Series> {
        let as_of = self.as_of(now);
        let starts = self.buckets(Grain::Day, as_of);
        let spec = Spec {
            by: vec![By::Time(self.zone(), Grain::Day)],
            own: Masks::OWN_ALL,
            distinct: vec![Distinct::Orders(which), Distinct::Orders(Which::All)],
            ..Spec::new(Clock::Paid)
        };
        let window = Span {
            from: *starts.first()?,
            to: as_of.plus(1),
        };
        let paid = Book::new(&self.orders, &self.live).ask(&spec, When::of(window));
        let point = |(at, start): (usize, &UtcMillis)| SeriesPoint {
            orders: paid.distinct(0, at),
            before: share.map(|share| Fixed::from_raw(whole(count(paid.distinct(1, at)) * share * 10_000.0))),
            ..self.point(*start, Grain::Day)
        };
        Some(course(Grain::Day, starts.iter().enumerate().map(point).collect()))
    }

    /// What could be sold at the end of each bucket, if nothing but orders has changed it since.
    fn stock_course(&self, warehouse: &str, sku: &str, now: UtcMillis) -> Option<Series> {
        let goods = self.goods();
        let columns = self.orders.columns();
        let names = self.sold_as(sku)?;
        let codes = |dim: Dim, name: &str| columns.dict(dim).code(name);
        let levels = goods.stock(&self.stock);
        let good = levels.skus.code(sku);
        let rows = || (0..levels.len()).filter(|row| Some(levels.sku[*row]) == good);
        let is_here = |row: &usize| levels.warehouses.text(levels.warehouse[*row]) == warehouse;
        // What lies in one place only has left from there; else lines have to say it.
        let place = (!warehouse.is_empty() && !rows().all(|row| is_here(&row)))
            .then(|| codes(Dim::Warehouse, warehouse));
        if place == Some(None) {
            return None;
        }
        let left = rows().filter(|row| warehouse.is_empty() || is_here(row));
        let left = left.filter_map(|row| levels.sellable(row));
        let left = left.fold(Fixed::ZERO, Fixed::saturating_add);
        let as_of = self.as_of(now);
        let sold_by = |starts: &[UtcMillis]| {
            let mut sold = vec![Fixed::ZERO; starts.len()];
            for row in 0..columns.len() {
                let Some(units) = taken(&names, columns.dim(Dim::Sku).get(row)) else {
                    continue;
                };
                let line = Line::new(columns, row);
                let bucket = starts.partition_point(|start| *start <= line.created_at());
                let is_here = place.is_none_or(|place| Some(columns.dim(Dim::Warehouse).get(row)) == place);
                if bucket > 0 && is_here && !line.is(Which::Cancelled) {
                    let taken = Fixed::from_raw(line.adds(Sum::Units).unwrap_or(0));
                    let taken = taken.checked_mul(Fixed::from_raw(units)).unwrap_or_default();
                    sold[bucket - 1] = sold[bucket - 1].saturating_add(taken);
                }
            }
            sold
        };
        let mut grain = self.finest();
        let mut starts = self.buckets(grain, as_of);
        let mut sold = sold_by(&starts);
        // What sells now and then has no course by the hour.
        if grain == Grain::Hour && sold.iter().filter(|units| units.raw() != 0).count() < LEAST {
            grain = Grain::Day;
            starts = self.buckets(grain, as_of);
            sold = sold_by(&starts);
        }
        // Without a sale there is no course to show.
        if sold.iter().all(|units| units.raw() == 0) {
            return None;
        }
        let (mut stock, mut ends) = (left, Vec::new());
        for sold in sold.iter().rev() {
            ends.push(stock);
            stock = stock.saturating_add(*sold);
        }
        ends.reverse();
        let points = starts.iter().zip(ends);
        let point = |(start, units): (&UtcMillis, Fixed)| SeriesPoint {
            units,
            before: Some(Fixed::ZERO),
            ..self.point(*start, grain)
        };
        Some(course(grain, points.map(point).collect()))
    }

    /// Orders of each bucket, beside what is usual at that hour of the week.
    fn pulse_course(&self, now: UtcMillis) -> Series {
        let book = Book::new(&self.orders, &self.live);
        let as_of = self.as_of(now);
        let grain = self.finest();
        let starts = self.buckets(grain, as_of);
        let span = Span {
            from: starts.first().copied().unwrap_or(as_of),
            to: as_of,
        };
        let pulse = self.pulse(book, span, self.extent().from);
        let point = |start: &UtcMillis| {
            let (seen, usual) = pulse.at(*start).unwrap_or((0.0, f64::NAN));
            SeriesPoint {
                orders: whole(seen).unsigned_abs(),
                before: (!usual.is_nan()).then(|| Fixed::from_raw(whole(usual * 10_000.0))),
                ..self.point(*start, grain)
            }
        };
        course(grain, starts.iter().map(point).collect())
    }

    fn point(&self, start: UtcMillis, grain: Grain) -> SeriesPoint {
        SeriesPoint {
            start,
            key: self.zone().key(grain, start),
            gmv: Fixed::ZERO,
            units: Fixed::ZERO,
            orders: 0,
            before: None,
        }
    }
}

/// What a unit under the name `code` takes, if it is one of `names`.
fn taken(names: &[(u32, i64)], code: u32) -> Option<i64> {
    let known = names.iter().find(|(name, _)| *name == code);
    known.map(|(_, units)| *units)
}

#[expect(clippy::cast_possible_truncation, reason = "it stops at the ends")]
fn whole(count: f64) -> i64 {
    count.round() as i64
}

fn course(grain: Grain, points: Vec<SeriesPoint>) -> Series {
    Series {
        grain,
        begun: points.len(),
        points,
        overview_grain: grain,
        overview: Vec::new(),
    }
}
