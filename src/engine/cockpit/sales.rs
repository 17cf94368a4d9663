//! Sales: over time, by SKU and by every other dimension.

use super::Scene;
use crate::metric::{self, By, Course, When, fixed};
use crate::model::Dim;
use crate::money::Fixed;
use crate::protocol::{Breakdown, BreakdownRow, Series, SeriesPoint, TopSku};
use crate::query::Buckets;
use crate::time::{DAY_MILLIS, Grain, HOUR_MILLIS, Span};

/// SKUs in the best-seller list.
const TOP_SKUS: usize = 20;
/// Rows of a breakdown that cross to the page.
const BREAKDOWN_ROWS: usize = 40;

impl Scene<'_> {
    pub(super) fn series(&self) -> Series {
        let zone = self.zone;
        if self.book.table().columns().is_empty() {
            let grain = Grain::Day;
            return Series {
                grain,
                points: Vec::new(),
                begun: 0,
                overview_grain: grain,
                overview: Vec::new(),
            };
        }
        let chart = self.windows.chart;
        let fitting = Grain::fitting(chart).max(self.finest_grain);
        let grain = self
            .engine
            .view
            .grain
            .filter(|grain| affordable(*grain, chart))
            .unwrap_or(fitting);
        let by = By::Time(zone, grain);
        let buckets = Buckets::new(zone, grain, chart);
        let course = Course::new(self.book, by, When::of(chart), self.currency);
        let before = (!self.windows.whole && self.windows.comparable(self.extent)).then(|| {
            let days = self.windows.back_days;
            let earlier = Span {
                from: zone.shift_days(chart.from, -days),
                to: zone.shift_days(chart.to, -days),
            };
            Course::new(self.book, by, When::of(earlier), self.currency)
        });
        let points: Vec<SeriesPoint> = buckets
            .starts()
            .enumerate()
            .map(|(at, start)| SeriesPoint {
                start,
                key: zone.key(grain, start),
                gmv: course.gmv(at),
                units: course.units(at),
                orders: course.orders(at),
                before: before.as_ref().map(|before| before.value(self.measure, at)),
            })
            .collect();
        let begun = points
            .iter()
            .filter(|point| point.start < self.shown_range().to)
            .count();

        let overview_grain = Grain::fitting(self.extent)
            .max(Grain::Hour)
            .max(self.finest_grain);
        let all = Buckets::new(zone, overview_grain, self.extent);
        let by = By::Time(zone, overview_grain);
        let over_all = Course::new(self.book, by, When::of(self.extent), self.currency);
        let overview = all
            .starts()
            .enumerate()
            .map(|(at, start)| (start, over_all.value(self.measure, at)))
            .collect();
        Series {
            grain,
            points,
            begun,
            overview_grain,
            overview,
        }
    }

    pub(super) fn top_skus(&self) -> Vec<TopSku> {
        let dict = self.book.table().columns().dict(Dim::Sku);
        self.skus()
            .iter()
            .take(TOP_SKUS)
            .map(|(group, gmv)| {
                let stock = self.stock_of(group.code);
                TopSku {
                    sku: dict.text(group.code).to_owned(),
                    title: self.title(group.code).to_owned(),
                    units: group.value,
                    gmv: *gmv,
                    available: stock.map(|(sellable, _)| fixed(sellable)),
                    cover_days: stock.and_then(|(_, cover)| cover),
                }
            })
            .collect()
    }

    /// What can be sold of a SKU of the order table, and for how many days: of a set as many as the scarcest
    /// of its goods makes.
    fn stock_of(&self, code: u32) -> Option<(i128, Option<f64>)> {
        let goods = self
            .stock
            .skus
            .iter()
            .flat_map(|sku| sku.sold.iter().map(move |sold| (sku, sold)));
        let goods = || goods.clone().filter(|(_, sold)| sold.0 == code && sold.1 > 0);
        let cover = |sku: &metric::SkuStock| sku.cover_days(self.demand.days);
        if let Some((sku, _)) = goods().find(|(_, sold)| sold.1 == Fixed::SCALE && sold.2.is_none()) {
            let alone = goods().count() == 1;
            if alone || self.levels().skus.text(sku.sku) == self.table().columns().dict(Dim::Sku).text(code) {
                return Some((sku.sellable, cover(sku)));
            }
        }
        goods()
            .map(|(sku, sold)| {
                let made = (sku.sellable * i128::from(Fixed::SCALE)).div_euclid(i128::from(sold.1));
                let scale = i128::from(Fixed::SCALE);
                (made.div_euclid(scale) * scale, cover(sku))
            })
            .min_by(|a, b| a.0.cmp(&b.0))
    }

    /// How many SKUs were sold in the range, and their units.
    pub(super) fn sku_total(&self) -> (u64, Fixed) {
        let units = self
            .skus()
            .iter()
            .map(|(group, _)| i128::from(group.value.raw()))
            .sum();
        (self.skus().len() as u64, fixed(units))
    }

    pub(super) fn breakdowns(&self) -> Vec<Breakdown> {
        let columns = self.book.table().columns();
        // A dimension nobody filled has no chart; SKUs have their own list.
        let filled = |dim: &Dim| *dim != Dim::Sku && !columns.is_empty() && !columns.dict(*dim).is_empty();
        let dims = Dim::ALL.into_iter().filter(filled);
        let compare = !self.windows.whole && self.windows.comparable(self.extent);
        dims.map(|dim| {
            let dict = columns.dict(dim);
            let of = |span| metric::breakdown(self.book, dim, span, self.measure, self.currency);
            let groups = of(self.windows.range);
            let mut before = vec![None; dict.len()];
            if compare {
                before.fill(Some(Fixed::ZERO));
                for group in of(self.windows.before) {
                    before[group.code as usize] = Some(group.value);
                }
            }
            let sum =
                |groups: &[metric::Group]| fixed(groups.iter().map(|g| i128::from(g.value.raw())).sum());
            let total = sum(&groups);
            let (shown, rest) = groups.split_at(groups.len().min(BREAKDOWN_ROWS));
            let others = (!rest.is_empty()).then(|| (rest.len() as u64, sum(rest)));
            let row = |group: &metric::Group| BreakdownRow {
                key: dict.text(group.code).to_owned(),
                value: group.value,
                before: before[group.code as usize],
            };
            Breakdown {
                dim,
                rows: shown.iter().map(row).collect(),
                others,
                total,
            }
        })
        .collect()
    }
}

/// Whether `span` in `grain` has no more buckets than a chart gets.
fn affordable(grain: Grain, span: Span) -> bool {
    let width = match grain {
        Grain::Minute => 60_000,
        Grain::TenMinutes => 600_000,
        Grain::Hour => HOUR_MILLIS,
        Grain::Day | Grain::Week | Grain::Month => DAY_MILLIS,
    };
    usize::try_from(span.millis() / width).is_ok_and(|buckets| buckets < Buckets::LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::UtcMillis;

    #[test]
    fn a_chart_holds_so_many_buckets() {
        let days = |days: i64| Span {
            from: UtcMillis(0),
            to: UtcMillis(days * DAY_MILLIS),
        };
        for (grain, span, expect) in [
            (Grain::TenMinutes, days(27), true),
            (Grain::TenMinutes, days(28), false),
            (Grain::Hour, days(166), true),
            (Grain::Hour, days(167), false),
            (Grain::Day, days(3_999), true),
            (Grain::Month, days(4_000), false),
        ] {
            assert_eq!(affordable(grain, span), expect, "{grain:?} {span:?}");
        }
    }
}
