//! The course of what an alert is about, for whoever doubts it: what can be sold, reckoned back from the orders, or
//! the orders themselves beside what is usual.

use super::super::Engine;
use crate::alert::Metric;
use crate::metric::{Book, Line, Sum, Which};
use crate::model::Dim;
use crate::money::Fixed;
use crate::protocol::{Series, SeriesPoint};
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
    ) -> Option<Series> {
        let rule = self.watch.alerts.rules().iter().find(|known| known.id == rule)?;
        match rule.metric {
            Metric::OrdersZ | Metric::Burst => Some(self.pulse_course(now)),
            Metric::OversellUnits | Metric::Available | Metric::CoverDays | Metric::OnHand
                if !sku.is_empty() =>
            {
                self.stock_course(warehouse, sku, now)
            }
            _ => None,
        }
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

    /// What could be sold at the end of each bucket, if nothing but orders has changed it since.
    fn stock_course(&self, warehouse: &str, sku: &str, now: UtcMillis) -> Option<Series> {
        let goods = self.goods();
        let columns = self.orders.columns();
        let codes = |dim: Dim, name: &str| columns.dict(dim).code(name);
        // What one unit of each name takes from the good.
        let mut names: Vec<(u32, i64)> = Vec::new();
        names.extend(codes(Dim::Sku, sku).map(|code| (code, Fixed::SCALE)));
        for sold in goods.sold(sku) {
            // A name that means something else in each shop tells nothing here.
            if sold.scope.is_some() {
                return None;
            }
            names.extend(codes(Dim::Sku, goods.text(sold.name)).map(|code| (code, sold.units)));
        }
        let levels = goods.stock(&self.stock);
        let good = levels.skus.code(sku);
        let rows = || (0..levels.len()).filter(|row| Some(levels.sku[*row]) == good);
        let is_here = |row: &usize| levels.warehouses.text(levels.warehouse[*row]) == warehouse;
        // What lies in one place only has left from there; else lines have to say it.
        let place = (!warehouse.is_empty() && !rows().all(|row| is_here(&row)))
            .then(|| codes(Dim::Warehouse, warehouse));
        if names.is_empty() || place == Some(None) {
            return None;
        }
        let left = rows().filter(|row| warehouse.is_empty() || is_here(row));
        let left = left.filter_map(|row| levels.sellable(row));
        let left = left.fold(Fixed::ZERO, Fixed::saturating_add);
        let as_of = self.as_of(now);
        let sold_by = |starts: &[UtcMillis]| {
            let mut sold = vec![Fixed::ZERO; starts.len()];
            for row in 0..columns.len() {
                let code = columns.dim(Dim::Sku).get(row);
                let Some((_, units)) = names.iter().find(|(name, _)| *name == code) else {
                    continue;
                };
                let line = Line::new(columns, row);
                let bucket = starts.partition_point(|start| *start <= line.created_at());
                let is_here = place.is_none_or(|place| Some(columns.dim(Dim::Warehouse).get(row)) == place);
                if bucket > 0 && is_here && !line.is(Which::Cancelled) {
                    let taken = Fixed::from_raw(line.adds(Sum::Units).unwrap_or(0));
                    let taken = taken.checked_mul(Fixed::from_raw(*units)).unwrap_or_default();
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
