//! The strip of numbers, their comparisons and their sparks.

use super::Scene;
use crate::metric::{By, Grouping, Totals, When};
use crate::model::NONE_CODE;
use crate::money::Fixed;
use crate::protocol::{Kpi, MetricId, Number};
use crate::query::Buckets;
use crate::time::{DAY_MILLIS, Grain, Span};
use std::cell::OnceCell;

/// Metrics of the strip, in its order.
const KPIS: [MetricId; 17] = MetricId::ALL;
/// Days of a spark.
const SPARK_DAYS: i64 = 28;
/// Rates younger than this may still rise: returns are to come (DOMAIN §0: "immature under 15 d").
const MATURE_DAYS: i64 = 15;

impl Scene<'_> {
    pub(super) fn lines_shown(&self) -> u64 {
        self.totals(self.windows.range).lines([0, 0])
    }

    fn totals(&self, window: Span) -> Totals {
        Totals::new(
            self.book,
            &Grouping::default(),
            When::of(window),
            &self.money(),
            &KPIS,
        )
    }

    fn money(&self) -> Vec<Option<u32>> {
        self.currencies.iter().copied().map(Some).collect()
    }

    pub(super) fn kpis(&self) -> Vec<Kpi> {
        let columns = self.book.table().columns();
        let has_orders = !columns.is_empty();
        let range = self.totals(self.windows.range);
        let delta = self.totals(self.windows.delta);
        let before = self.totals(self.windows.before);
        let comparable = has_orders && self.windows.comparable(self.extent);
        let (days, begun) = self.spark_days();
        let age = self.extent.to.0.saturating_sub(self.shown_range().from.0);
        let whole = OnceCell::new();

        let mut kpis = Vec::new();
        for id in KPIS {
            if let Some(value) = self.stock_value(id) {
                kpis.push(Kpi {
                    id,
                    currency: None,
                    value,
                    delta: None,
                    spark: Vec::new(),
                    immature: false,
                });
                continue;
            }
            let one = [NONE_CODE];
            let codes = if id.is_money() && !self.currencies.is_empty() {
                self.currencies.as_slice()
            } else {
                &one
            };
            for code in codes {
                let at = |totals: &Totals, codes| {
                    let value = totals.value(id, Some(*code), codes);
                    // A day without orders sold nothing; of lines that say no amounts nobody knows.
                    let is_zero = || {
                        totals.is_of_nothing(id, Some(*code), codes)
                            && whole
                                .get_or_init(|| self.totals(Span::ALWAYS))
                                .value(id, Some(*code), [0, 0])
                                .is_some()
                    };
                    value.or_else(|| is_zero().then_some(Number::Fixed(Fixed::default())))
                };
                let of = |totals: &Totals| at(totals, [0, 0]).filter(|_| has_orders);
                let pair = of(&delta).zip(of(&before)).filter(|_| comparable);
                let spark = (0..begun)
                    .filter_map(|day| at(days.as_ref()?, [day, 0]).map(Number::to_f64))
                    .collect();
                let currency = id.is_money().then(|| columns.currencies.text(*code).to_owned());
                let immature = id == MetricId::RefundRate && age < MATURE_DAYS * DAY_MILLIS;
                kpis.push(Kpi {
                    id,
                    currency,
                    value: of(&range),
                    delta: pair,
                    spark,
                    immature,
                });
            }
        }
        kpis
    }

    /// Totals of the days that sparks show, and their number; none where there are no orders.
    fn spark_days(&self) -> (Option<Totals>, u32) {
        if self.book.table().columns().is_empty() {
            return (None, 0);
        }
        let to = self.shown_range().to;
        let day = self.zone.floor(Grain::Day, to.plus(-1));
        let from = self
            .zone
            .shift_days(day, 1 - SPARK_DAYS)
            .max(self.zone.floor(Grain::Day, self.extent.from));
        let window = Span { from, to };
        let grouping = Grouping {
            by: vec![By::Time(self.zone, Grain::Day)],
            ..Grouping::default()
        };
        let totals = Totals::new(self.book, &grouping, When::of(window), &self.money(), &KPIS);
        let days = Buckets::new(self.zone, Grain::Day, window).len();
        (Some(totals), u32::try_from(days).unwrap_or(0))
    }

    /// Value of a metric of stock; the outer `None`: it is none.
    fn stock_value(&self, id: MetricId) -> Option<Option<Number>> {
        match id {
            MetricId::StockOnHand => Some(self.stock.on_hand()),
            MetricId::StockoutSkus => Some(self.stock.stockouts()),
            MetricId::StockSkus => Some(self.stock.sku_count()),
            MetricId::DaysOfCover => Some(self.stock.days_of_cover()),
            MetricId::Inbound => Some(self.stock.inbound()),
            MetricId::OversellUnits => Some(self.stock.oversold()),
            _ => None,
        }
    }
}
