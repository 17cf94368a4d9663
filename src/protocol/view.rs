//! View data: what one screen shows.

use super::Number;
use crate::model::Dim;
use crate::money::Fixed;
use crate::time::{Grain, Span, UtcMillis};
use serde::{Deserialize, Serialize};

/// A metric; what each means is written once, in `metric`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MetricId {
    /// Value at list price of all lines created.
    Gmv,
    /// Paid by buyers, refunds not deducted.
    PaidAmount,
    /// Paid less refunded.
    NetSales,
    /// Paid per paid order.
    AovOrder,
    /// Orders created.
    OrdersCreated,
    /// Orders paid.
    Orders,
    /// Units of all lines created.
    UnitsCreated,
    /// Units of paid lines.
    Units,
    /// Orders cancelled of orders created.
    CancelRate,
    /// Orders with a refund of orders paid.
    RefundRate,
    /// Different SKUs on the lines created.
    ActiveSkus,
    /// Units on hand.
    StockOnHand,
    /// SKUs with nothing left to sell.
    StockoutSkus,
    /// SKUs with a stock level.
    StockSkus,
    /// Days the stock lasts at the pace of the last 28 days.
    DaysOfCover,
    /// Units on their way in.
    Inbound,
    /// Units sold that are not there.
    OversellUnits,
}

impl MetricId {
    /// All.
    pub const ALL: [Self; 17] = [
        Self::Gmv,
        Self::PaidAmount,
        Self::NetSales,
        Self::AovOrder,
        Self::OrdersCreated,
        Self::Orders,
        Self::UnitsCreated,
        Self::Units,
        Self::CancelRate,
        Self::RefundRate,
        Self::ActiveSkus,
        Self::StockOnHand,
        Self::StockoutSkus,
        Self::StockSkus,
        Self::DaysOfCover,
        Self::Inbound,
        Self::OversellUnits,
    ];

    /// Name in attributes and locale files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Gmv => "gmv",
            Self::PaidAmount => "paid_amount",
            Self::NetSales => "net_sales",
            Self::AovOrder => "aov_order",
            Self::OrdersCreated => "orders_created",
            Self::Orders => "orders",
            Self::UnitsCreated => "units_created",
            Self::Units => "units",
            Self::CancelRate => "cancel_rate",
            Self::RefundRate => "refund_rate",
            Self::ActiveSkus => "active_skus",
            Self::StockOnHand => "stock_on_hand",
            Self::StockoutSkus => "stockout_skus",
            Self::StockSkus => "stock_skus",
            Self::DaysOfCover => "days_of_cover",
            Self::Inbound => "inbound",
            Self::OversellUnits => "oversell_units",
        }
    }

    /// Whether it is in a currency.
    pub const fn is_money(self) -> bool {
        matches!(
            self,
            Self::Gmv | Self::PaidAmount | Self::NetSales | Self::AovOrder
        )
    }

    /// Whether it is of stock levels, not of order lines.
    pub const fn is_of_stock(self) -> bool {
        matches!(
            self,
            Self::StockOnHand
                | Self::StockoutSkus
                | Self::StockSkus
                | Self::DaysOfCover
                | Self::Inbound
                | Self::OversellUnits
        )
    }

    /// Whether it is shown in percent and its changes in points.
    pub const fn is_rate(self) -> bool {
        matches!(self, Self::CancelRate | Self::RefundRate)
    }
}

/// What the charts add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// [`MetricId::Gmv`]; where no line has an amount, units.
    #[default]
    Gmv,
    /// [`MetricId::UnitsCreated`].
    Units,
    /// [`MetricId::OrdersCreated`].
    Orders,
}

impl Measure {
    /// All.
    pub const ALL: [Self; 3] = [Self::Gmv, Self::Units, Self::Orders];

    /// The metric it adds up.
    pub const fn metric(self) -> MetricId {
        match self {
            Self::Gmv => MetricId::Gmv,
            Self::Units => MetricId::UnitsCreated,
            Self::Orders => MetricId::OrdersCreated,
        }
    }

    /// Name in addresses and attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Gmv => "gmv",
            Self::Units => "units",
            Self::Orders => "orders",
        }
    }

    /// The one called `id`.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.id() == id)
    }
}

/// Where the rows come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DataSource {
    /// Nothing yet.
    Empty,
    /// The simulated shop.
    Demo,
    /// The simulated shop that a drill is held with, instead of the user's rows, which wait for its end.
    Drill,
    /// The user's files.
    Files,
}

impl DataSource {
    /// Whether the shop is simulated, and its clock its own.
    pub const fn is_simulated(self) -> bool {
        matches!(self, Self::Demo | Self::Drill)
    }
}

/// What a delta compares with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// The same hours of the same weekday last week.
    SameTimeLastWeek,
    /// The equally long period just before.
    PreviousPeriod,
    /// No range is chosen: the last 7 days with the 7 before.
    LastSevenDays,
}

/// One number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kpi {
    /// Which.
    pub id: MetricId,
    /// Its currency; `None` where it has none, empty where it is unknown.
    pub currency: Option<String>,
    /// Its value; `None` where it is not defined, which is not zero.
    pub value: Option<Number>,
    /// The two numbers that the delta compares, now and then; absent where there is nothing to compare.
    pub delta: Option<(Number, Number)>,
    /// Course over the last days, oldest first; empty where there is no history.
    pub spark: Vec<f64>,
    /// Too young to be final (returns are still to come).
    pub immature: bool,
}

/// One bucket of the sales chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesPoint {
    /// Its start.
    pub start: UtcMillis,
    /// [`crate::time::Zone::key`].
    pub key: String,
    /// GMV in the chart's currency.
    pub gmv: Fixed,
    /// Units created.
    pub units: Fixed,
    /// Orders created (an order is counted in each bucket it has a line in).
    pub orders: u64,
    /// The measure in the same bucket of the comparison period.
    pub before: Option<Fixed>,
}

impl SeriesPoint {
    /// Value of `measure`.
    pub fn value(&self, measure: Measure) -> Fixed {
        match measure {
            Measure::Gmv => self.gmv,
            Measure::Units => self.units,
            Measure::Orders => Fixed::from_units(i64::try_from(self.orders).unwrap_or(i64::MAX)),
        }
    }
}

/// Sales over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Bucket width.
    pub grain: Grain,
    /// Buckets of the chosen range, without gaps.
    pub points: Vec<SeriesPoint>,
    /// How many of `points` have begun; those after only say what was in the comparison period.
    pub begun: usize,
    /// Width of the overview's buckets.
    pub overview_grain: Grain,
    /// The measure over all time, not filtered by the brush: (start, value).
    pub overview: Vec<(UtcMillis, Fixed)>,
}

/// One row of a breakdown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BreakdownRow {
    /// Key in the dimension; empty: not said.
    pub key: String,
    /// The measure.
    pub value: Fixed,
    /// The measure in the comparison period.
    pub before: Option<Fixed>,
}

/// The measure by a dimension; its own clause does not filter it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Breakdown {
    /// Which dimension.
    pub dim: Dim,
    /// Largest first, ties by key; at most 40.
    pub rows: Vec<BreakdownRow>,
    /// How many keys are left out of `rows`, and what they add up to.
    pub others: Option<(u64, Fixed)>,
    /// Of all keys; negative values lower it.
    pub total: Fixed,
}

/// One of the best-selling SKUs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopSku {
    /// The SKU.
    pub sku: String,
    /// Title of the goods, where known.
    pub title: String,
    /// Units created in the range.
    pub units: Fixed,
    /// GMV in the chart's currency.
    pub gmv: Fixed,
    /// What can be sold, where a stock level is known.
    pub available: Option<Fixed>,
    /// Days it lasts.
    pub cover_days: Option<f64>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StockState {
    /// More sold than there is.
    Oversold,
    /// Nothing left.
    Out,
    /// Less than 3 days.
    Critical,
    /// Less than 7 days.
    Low,
    /// Enough.
    Enough,
    /// More than 180 days, or nothing sold for 28.
    Excess,
}

impl StockState {
    /// Name in attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Oversold => "oversold",
            Self::Out => "out",
            Self::Critical => "critical",
            Self::Low => "low",
            Self::Enough => "enough",
            Self::Excess => "excess",
        }
    }
}

/// A SKU that is out or running out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StockLine {
    /// The SKU.
    pub sku: String,
    /// Title of the goods, where known.
    pub title: String,
    /// What can be sold, over all places; negative: oversold.
    pub available: Fixed,
    /// On its way in.
    pub inbound: Option<Fixed>,
    /// Units sold a day, mean of the last 28 days.
    pub per_day: f64,
    /// Days it lasts; 0 when out.
    pub cover_days: f64,
    /// How bad it is.
    pub state: StockState,
    /// Value of the sales of one day, in the chart's currency: what a day without it costs.
    pub gmv_per_day: Option<Fixed>,
}

/// Stock that does not move.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OverstockLine {
    /// The SKU.
    pub sku: String,
    /// Title of the goods, where known.
    pub title: String,
    /// What can be sold.
    pub available: Fixed,
    /// Days it lasts; `None`: no demand.
    pub cover_days: Option<f64>,
}

/// Days of cover of the run-out SKUs by warehouse.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WarehouseCover {
    /// Warehouses, those with most stock first, at most 6.
    pub warehouses: Vec<String>,
    /// SKUs: first those that lie in one place and lack in another, each by units sold, most first.
    pub rows: Vec<WarehouseRow>,
}

/// One SKU in each warehouse.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WarehouseRow {
    /// The SKU.
    pub sku: String,
    /// Title of the goods, where known.
    pub title: String,
    /// By warehouse, in their order; `None`: not kept there.
    pub cells: Vec<Option<WarehouseCell>>,
}

/// One SKU in one warehouse.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WarehouseCell {
    /// What can be sold there.
    pub available: Fixed,
    /// Days it lasts there; `None`: no demand. The demand of the warehouse where lines name theirs, else
    /// that of the whole shop by the warehouse's share of stock.
    pub cover_days: Option<f64>,
}

/// The inventory side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StockView {
    /// Whether there is any stock level at all.
    pub known: bool,
    /// Out and running out, worst first: oversold, out, then by days; only SKUs with demand; at most 40.
    pub lines: Vec<StockLine>,
    /// How many SKUs with demand are oversold or out.
    pub out_with_demand: u64,
    /// How many are not out but last less than 3 days.
    pub critical: u64,
    /// How many are not out but last less than 7 days.
    pub low: u64,
    /// How many last more than 180 days or have no demand.
    pub excess: u64,
    /// Units in them.
    pub excess_units: Fixed,
    /// Worst of them, most units first, at most 20.
    pub overstock: Vec<OverstockLine>,
    /// SKUs by warehouse, where there is more than one warehouse.
    pub by_warehouse: Option<WarehouseCover>,
    /// Units by warehouse, most first.
    pub warehouses: Vec<(String, Fixed)>,
    /// SKUs sold that have no stock level.
    pub sold_without_stock: u64,
    /// Days of sales the velocity is taken over.
    pub velocity_days: u32,
}

/// A file that the numbers come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceInfo {
    /// Name of the file.
    pub name: String,
    /// What it holds.
    pub kind: super::FileKind,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows refused.
    pub rejected: u64,
    /// When it was read.
    pub read_at: UtcMillis,
}

/// What the sentences over the zones are made from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// SKU that sells most in the range: id, title, share of the measure in 1/1000.
    pub best: Option<(String, String, u32)>,
    /// SKU that runs out first and is not out yet: id, title, days.
    pub first_out: Option<(String, String, f64)>,
    /// Orders with a line paid and not shipped, and when the oldest of them was paid.
    pub unshipped: Option<(u64, UtcMillis)>,
    /// Value of one day's sales of SKUs that are out.
    pub lost_per_day: Option<Fixed>,
}

/// The numbers of a screen, without its charts and lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Headline {
    /// See [`Cockpit::comparison`].
    pub comparison: Comparison,
    /// See [`Cockpit::currency`].
    pub currency: String,
    /// See [`Cockpit::kpis`].
    pub kpis: Vec<Kpi>,
    /// See [`StockView::out_with_demand`].
    pub out_with_demand: u64,
}

impl Cockpit {
    /// Its numbers.
    pub fn headline(&self) -> Headline {
        Headline {
            comparison: self.comparison,
            currency: self.currency.clone(),
            kpis: self.kpis.clone(),
            out_with_demand: self.stock.out_with_demand,
        }
    }

    /// Puts the numbers of another screen in the place of its own.
    pub fn lead(&mut self, headline: Headline) {
        self.comparison = headline.comparison;
        self.currency = headline.currency;
        self.kpis = headline.kpis;
        self.stock.out_with_demand = headline.out_with_demand;
    }
}

/// All that one screen shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cockpit {
    /// Where the rows come from.
    pub source: DataSource,
    /// What the shop's clock says: the demo shop has its own.
    pub now: UtcMillis,
    /// The present of the orders: where those of files end, the last word of a source that stays connected; `None`
    /// without orders.
    pub as_of: Option<UtcMillis>,
    /// First and last instant of order lines.
    pub extent: Option<Span>,
    /// The range the numbers are of.
    pub range: Option<Span>,
    /// What deltas compare with.
    pub comparison: Comparison,
    /// Time zone of days.
    pub zone: String,
    /// Minutes after midnight at which days begin.
    pub day_starts: u16,
    /// Order lines held.
    pub lines: u64,
    /// Order lines that pass all clauses.
    pub lines_shown: u64,
    /// Currencies, most lines first; empty text: unknown.
    pub currencies: Vec<String>,
    /// The charts' currency.
    pub currency: String,
    /// The charts' measure: what was asked for, or what there is.
    pub measure: Measure,
    /// Numbers.
    pub kpis: Vec<Kpi>,
    /// Sales over time.
    pub series: Series,
    /// Best-selling SKUs by units, at most 20.
    pub top_skus: Vec<TopSku>,
    /// How many SKUs there are besides, and the units of all.
    pub sku_total: (u64, Fixed),
    /// By dimension, only those that the data has.
    pub breakdowns: Vec<Breakdown>,
    /// The inventory side.
    pub stock: StockView,
    /// Files read.
    pub sources: Vec<SourceInfo>,
    /// For the sentences.
    pub facts: Facts,
}
