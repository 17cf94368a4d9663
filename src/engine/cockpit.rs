//! One screen, computed from the tables.

use super::Engine;
use super::window::Windows;
use crate::metric::{self, Demand, Line, StockFigures, Totals, fixed, stock_state};
use crate::model::{Dict, Dim, NONE_CODE, OrderColumns, OrderTable};
use crate::money::Fixed;
use crate::protocol::{
    Breakdown, BreakdownRow, Cockpit, DataSource, Event, Facts, Kpi, Measure, MetricId, Number,
    OverstockLine, Series, SeriesPoint, StockLine, StockState, StockView, TopSku, WarehouseCell,
    WarehouseCover, WarehouseRow,
};
use crate::query::{BitSet, Buckets, Selection};
use crate::time::{DAY_MILLIS, Grain, Span, UtcMillis, Zone};

/// Metrics of the strip, in its order.
const KPIS: [MetricId; 17] = MetricId::ALL;
/// Days of a spark.
const SPARK_DAYS: i64 = 28;
/// Rates younger than this may still rise: returns are to come (DOMAIN §0: "immature under 15 d").
const MATURE_DAYS: i64 = 15;
/// Rows of a breakdown that cross to the page.
const BREAKDOWN_ROWS: usize = 40;
/// Rows of the run-out list that cross to the page.
const STOCK_LINES: usize = 40;
/// SKUs in the best-seller list.
const TOP_SKUS: usize = 20;
/// Rows of the overstock list and of the table of warehouses.
const SIDE_LINES: usize = 20;
/// Warehouses side by side.
const WAREHOUSES: usize = 6;

/// What the parts of a screen share.
struct Scene<'a> {
    engine: &'a Engine,
    zone: Zone,
    selection: Selection,
    windows: Windows,
    extent: Span,
    /// Code of the charts' currency.
    currency: u32,
    currencies: Vec<u32>,
    measure: Measure,
    demand: Demand,
    stock: StockFigures,
    /// Title code by SKU code of the order table.
    titles: Vec<u32>,
    /// Units by SKU in the range, most first.
    skus: Vec<metric::Group>,
}

impl Engine {
    /// The screen of the current view.
    pub(super) fn cockpit(&self, now: UtcMillis) -> Event {
        let now = self.demo.as_ref().map_or(now, |demo| demo.clock(now));
        let scene = Scene::new(self, now);
        let columns = self.orders.columns();
        let name = |code: &u32| columns.currencies.text(*code).to_owned();
        let cockpit = Cockpit {
            source: self.source(),
            now,
            extent: (!columns.is_empty()).then_some(scene.extent),
            range: (!columns.is_empty()).then(|| scene.shown_range()),
            comparison: scene.windows.comparison,
            zone: scene.zone.name().to_owned(),
            lines: columns.len() as u64,
            lines_shown: scene.lines_shown(),
            currencies: scene.currencies.iter().map(name).collect(),
            currency: name(&scene.currency),
            measure: scene.measure,
            kpis: scene.kpis(),
            series: scene.series(),
            top_skus: scene.top_skus(),
            sku_total: scene.sku_total(),
            breakdowns: scene.breakdowns(),
            stock: scene.stock_view(),
            sources: self.sources.clone(),
            facts: scene.facts(),
        };
        Event::Cockpit {
            request: self.request,
            cockpit: Box::new(cockpit),
        }
    }
}

impl<'a> Scene<'a> {
    fn new(engine: &'a Engine, now: UtcMillis) -> Self {
        let table = &engine.orders;
        let columns = table.columns();
        let zone = engine.zone();
        let extent = extent(columns);
        let as_of = if engine.source() == DataSource::Demo {
            now
        } else {
            present(columns, extent, zone)
        };
        let windows = Windows::new(engine.view.time, extent, as_of, zone);
        let selection = Selection::scan(&engine.view.filters, columns);
        let currencies = currencies(columns);
        let asked = engine
            .view
            .currency
            .as_deref()
            .and_then(|name| columns.currencies.code(name));
        let currency = asked
            .filter(|code| currencies.contains(code))
            .or(currencies.first().copied())
            .unwrap_or(NONE_CODE);
        let measure = match engine.view.measure {
            Measure::Gmv if currencies.is_empty() => Measure::Units,
            asked => asked,
        };
        let demand = Demand::new(table, &selection, extent.from, as_of.plus(1), currency);
        let stock = StockFigures::new(&engine.stock, table, &engine.view.filters, &demand);
        let titles = titles(columns);
        let mut skus = metric::breakdown(
            table,
            &selection,
            Dim::Sku,
            windows.range,
            Measure::Units,
            currency,
        );
        skus.retain(|group| group.code != NONE_CODE);
        Self {
            engine,
            zone,
            selection,
            windows,
            extent,
            currency,
            currencies,
            measure,
            demand,
            stock,
            titles,
            skus,
        }
    }

    fn table(&self) -> &'a OrderTable {
        &self.engine.orders
    }

    /// The range as people see it: without a clause on time, all days with orders.
    fn shown_range(&self) -> Span {
        if self.windows.whole {
            self.extent
        } else {
            self.windows.range
        }
    }

    fn lines_shown(&self) -> u64 {
        let columns = self.table().columns();
        let shown = |row: &usize| {
            self.selection.passes(*row) && self.windows.range.contains(UtcMillis(columns.created_at[*row]))
        };
        (0..columns.len()).filter(shown).count() as u64
    }

    fn kpis(&self) -> Vec<Kpi> {
        let table = self.table();
        let has_orders = !table.columns().is_empty();
        let [range, delta, before] = metric::totals(
            table,
            &self.selection,
            [self.windows.range, self.windows.delta, self.windows.before],
        );
        let comparable = has_orders && self.windows.comparable(self.extent);
        let day = self.zone.floor(Grain::Day, self.shown_range().to.plus(-1));
        let from = self
            .zone
            .shift_days(day, 1 - SPARK_DAYS)
            .max(self.zone.floor(Grain::Day, self.extent.from));
        let spark_days = Buckets::new(
            self.zone,
            Grain::Day,
            Span {
                from,
                to: self.shown_range().to,
            },
        );
        let days = if has_orders {
            metric::totals_by_bucket(table, &self.selection, &spark_days)
        } else {
            Vec::new()
        };
        let age = self.extent.to.0.saturating_sub(self.shown_range().from.0);

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
                let of = |totals: &Totals| totals.value(id, *code).filter(|_| has_orders);
                let pair = of(&delta).zip(of(&before)).filter(|_| comparable);
                let spark = days
                    .iter()
                    .filter_map(|totals| of(totals).map(Number::to_f64))
                    .collect();
                let currency = id
                    .is_money()
                    .then(|| table.columns().currencies.text(*code).to_owned());
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

    fn series(&self) -> Series {
        let (table, zone) = (self.table(), self.zone);
        if table.columns().is_empty() {
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
        let fitting = Grain::fitting(chart).max(self.finest_grain());
        let grain = self
            .engine
            .view
            .grain
            .filter(|grain| affordable(*grain, chart))
            .unwrap_or(fitting);
        let buckets = Buckets::new(zone, grain, chart);
        let course = metric::course(table, &self.selection, &buckets, self.currency);
        let before = (!self.windows.whole && self.windows.comparable(self.extent)).then(|| {
            let days = self.windows.back_days;
            let earlier = Span {
                from: zone.shift_days(chart.from, -days),
                to: zone.shift_days(chart.to, -days),
            };
            metric::course(
                table,
                &self.selection,
                &Buckets::new(zone, grain, earlier),
                self.currency,
            )
        });
        let points: Vec<SeriesPoint> = buckets
            .starts()
            .enumerate()
            .map(|(at, start)| SeriesPoint {
                start,
                key: zone.key(grain, start),
                gmv: course.gmv[at],
                units: course.units[at],
                orders: course.orders[at],
                before: before.as_ref().map(|before| before.value(self.measure, at)),
            })
            .collect();
        let begun = points
            .iter()
            .filter(|point| point.start < self.shown_range().to)
            .count();

        let overview_grain = Grain::fitting(self.extent)
            .max(Grain::Hour)
            .max(self.finest_grain());
        let all = Buckets::new(zone, overview_grain, self.extent);
        let over_all = metric::course(table, &self.selection, &all, self.currency);
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

    /// Day where no line says an hour: a day's sales at midnight would be no rhythm.
    fn finest_grain(&self) -> Grain {
        let hours = self.table().columns().created_at.iter().any(|at| {
            let at = UtcMillis(*at);
            self.zone.floor(Grain::Day, at) != at
        });
        if hours { Grain::TenMinutes } else { Grain::Day }
    }

    fn top_skus(&self) -> Vec<TopSku> {
        let dict = self.table().columns().dict(Dim::Sku);
        let mut gmv = vec![Fixed::ZERO; dict.len()];
        let range = self.windows.range;
        for group in metric::breakdown(
            self.table(),
            &self.selection,
            Dim::Sku,
            range,
            Measure::Gmv,
            self.currency,
        ) {
            gmv[group.code as usize] = group.value;
        }
        self.skus
            .iter()
            .take(TOP_SKUS)
            .map(|group| {
                let stock = self.stock.skus.iter().find(|sku| sku.sold_as == Some(group.code));
                TopSku {
                    sku: dict.text(group.code).to_owned(),
                    title: self.title(group.code).to_owned(),
                    units: group.value,
                    gmv: gmv[group.code as usize],
                    available: stock.map(|sku| fixed(sku.sellable)),
                    cover_days: stock.and_then(|sku| sku.cover_days(self.demand.days)),
                }
            })
            .collect()
    }

    fn sku_total(&self) -> (u64, Fixed) {
        let units = self.skus.iter().map(|group| i128::from(group.value.raw())).sum();
        (self.skus.len() as u64, fixed(units))
    }

    fn breakdowns(&self) -> Vec<Breakdown> {
        let table = self.table();
        // A dimension nobody filled has no chart; SKUs have their own list.
        let filled =
            |dim: &Dim| *dim != Dim::Sku && table.columns().dim(*dim).iter().any(|code| *code != NONE_CODE);
        let dims = Dim::ALL.into_iter().filter(filled);
        let compare = !self.windows.whole && self.windows.comparable(self.extent);
        dims.map(|dim| {
            let dict = table.columns().dict(dim);
            let of = |span| metric::breakdown(table, &self.selection, dim, span, self.measure, self.currency);
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

    fn title(&self, sku: u32) -> &'a str {
        let columns = self.engine.orders.columns();
        columns
            .titles
            .text(self.titles.get(sku as usize).copied().unwrap_or(NONE_CODE))
    }

    /// SKU and title of a SKU of the stock table.
    fn stock_names(&self, sku: &metric::SkuStock) -> (String, String) {
        let columns = self.engine.stock.columns();
        let sold = sku
            .sold_as
            .map(|code| self.title(code))
            .filter(|title| !title.is_empty());
        let own = || {
            sku.rows
                .first()
                .map_or("", |row| columns.titles.text(columns.title[*row]))
        };
        (
            columns.skus.text(sku.sku).to_owned(),
            sold.unwrap_or_else(own).to_owned(),
        )
    }

    fn stock_view(&self) -> StockView {
        let days = self.demand.days;
        let mut view = StockView {
            known: !self.engine.stock.columns().is_empty(),
            velocity_days: u32::try_from(days).unwrap_or(0),
            ..StockView::default()
        };
        let mut running_out = Vec::new();
        let mut excess = Vec::new();
        let mut excess_units = 0;
        for sku in &self.stock.skus {
            let cover = sku.cover_days(days);
            let state = stock_state(sku.sellable, cover);
            match (state, cover) {
                (StockState::Oversold, _) | (StockState::Out, Some(_)) => view.out_with_demand += 1,
                (StockState::Critical, _) => {
                    view.critical += 1;
                    view.low += 1;
                }
                (StockState::Low, _) => view.low += 1,
                (StockState::Excess, _) => {
                    view.excess += 1;
                    excess_units += sku.sellable;
                    excess.push(sku);
                }
                _ => {}
            }
            if cover.is_some() || state == StockState::Oversold {
                running_out.push((sku, cover.unwrap_or(0.0), state));
            }
        }
        view.excess_units = fixed(excess_units);
        // Oversold and out first, those that sell most on top; then by days left.
        running_out.sort_by(|(a, a_days, a_state), (b, b_days, b_state)| {
            let out = |state: StockState| state.min(StockState::Critical);
            out(*a_state)
                .cmp(&out(*b_state))
                .then_with(|| a_days.total_cmp(b_days))
                .then_with(|| b.units.cmp(&a.units))
                .then_with(|| self.stock_names(a).0.cmp(&self.stock_names(b).0))
        });
        view.by_warehouse = self.by_warehouse(&running_out);
        view.lines = shortest_of_both(&running_out)
            .map(|(sku, cover, state)| self.stock_line(sku, *cover, *state))
            .collect();
        excess.sort_by(|a, b| b.sellable.cmp(&a.sellable).then(a.sku.cmp(&b.sku)));
        view.overstock = excess
            .into_iter()
            .take(SIDE_LINES)
            .map(|sku| {
                let (id, title) = self.stock_names(sku);
                OverstockLine {
                    sku: id,
                    title,
                    available: fixed(sku.sellable),
                    cover_days: sku.cover_days(days),
                }
            })
            .collect();
        view.warehouses = self.warehouses();
        let stocked: std::collections::BTreeSet<u32> =
            self.stock.skus.iter().filter_map(|sku| sku.sold_as).collect();
        view.sold_without_stock = self.demand.skus().filter(|sku| !stocked.contains(sku)).count() as u64;
        view
    }

    #[expect(clippy::cast_precision_loss, reason = "shown to one digit")]
    fn stock_line(&self, sku: &metric::SkuStock, cover_days: f64, state: StockState) -> StockLine {
        let (id, title) = self.stock_names(sku);
        StockLine {
            sku: id,
            title,
            available: fixed(sku.sellable),
            inbound: sku.inbound.map(fixed),
            per_day: sku.units as f64 / Fixed::SCALE as f64 / self.demand.days as f64,
            cover_days,
            state,
            gmv_per_day: sku.sold_as.map(|code| self.demand.gmv_per_day(code)),
        }
    }

    /// Units by warehouse, most first; empty where no row names one.
    fn warehouses(&self) -> Vec<(String, Fixed)> {
        let columns = self.engine.stock.columns();
        let mut units = vec![None; columns.warehouses.len()];
        for row in self.stock.skus.iter().flat_map(|sku| &sku.rows) {
            let sum: &mut Option<i128> = &mut units[columns.warehouse[*row] as usize];
            *sum = Some(sum.unwrap_or(0) + i128::from(columns.sellable(*row).unwrap_or_default().raw()));
        }
        let named = units
            .into_iter()
            .enumerate()
            .skip(1)
            .filter_map(|(code, units)| Some((code, units?)));
        let text = |code: usize| {
            columns
                .warehouses
                .text(u32::try_from(code).unwrap_or(NONE_CODE))
                .to_owned()
        };
        let mut all: Vec<(String, Fixed)> = named.map(|(code, units)| (text(code), fixed(units))).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all
    }

    #[expect(clippy::cast_precision_loss, reason = "shown to one digit")]
    fn by_warehouse(&self, worst: &[(&metric::SkuStock, f64, StockState)]) -> Option<WarehouseCover> {
        let columns = self.engine.stock.columns();
        let orders = self.table().columns();
        let names: Vec<String> = self
            .warehouses()
            .into_iter()
            .map(|(name, _)| name)
            .take(WAREHOUSES)
            .collect();
        if names.len() < 2 {
            return None;
        }
        let code = |name: &String| {
            let sold_from = orders.dict(Dim::Warehouse).code(name);
            (columns.warehouses.code(name).unwrap_or(NONE_CODE), sold_from)
        };
        let codes: Vec<(u32, Option<u32>)> = names.iter().map(code).collect();
        let days = self.demand.days as f64;
        let mut rows: Vec<_> = worst
            .iter()
            .map(|(sku, ..)| {
                let cells = codes.iter().map(|(code, sold_from)| {
                    let mut rows = sku
                        .rows
                        .iter()
                        .filter(|row| columns.warehouse[**row] == *code)
                        .peekable();
                    rows.peek()?;
                    let sellable: i128 = rows
                        .filter_map(|row| columns.sellable(*row))
                        .map(|q| i128::from(q.raw()))
                        .sum();
                    // Where lines name no warehouse, demand is taken to follow the stock.
                    let units = match (sku.sold_as, sold_from) {
                        (Some(sku), Some(at)) => self.demand.units_at(sku, *at),
                        _ => None,
                    };
                    let cover = match units {
                        Some(units) => (units > 0).then(|| sellable.max(0) as f64 * days / units as f64),
                        None => sku.cover_days(self.demand.days),
                    };
                    Some(WarehouseCell {
                        available: fixed(sellable),
                        cover_days: cover,
                    })
                });
                let cells: Vec<Option<WarehouseCell>> = cells.collect();
                (*sku, cells)
            })
            .collect();
        // First what lies in one place and lacks in another: it needs a transfer, not a purchase.
        let lacks = |cell: &WarehouseCell| {
            cell.available.raw() <= 0 || cell.cover_days.is_some_and(|days| days < 3.0)
        };
        let spare =
            |cell: &WarehouseCell| cell.cover_days.is_none_or(|days| days > 7.0) && cell.available.raw() > 0;
        let uneven =
            |cells: &[Option<_>]| cells.iter().flatten().any(lacks) && cells.iter().flatten().any(spare);
        rows.sort_by_key(|(sku, cells)| (!uneven(cells), std::cmp::Reverse(sku.units), sku.sku));
        rows.truncate(SIDE_LINES);
        let named = |(sku, cells): (&metric::SkuStock, _)| {
            let (id, title) = self.stock_names(sku);
            WarehouseRow {
                sku: id,
                title,
                cells,
            }
        };
        Some(WarehouseCover {
            rows: rows.into_iter().map(named).collect(),
            warehouses: names,
        })
    }

    fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        let (_, all) = self.sku_total();
        if let Some(best) = self.top_skus().into_iter().next() {
            let share = i128::from(best.units.raw()) * 1000 / i128::from(all.raw().max(1));
            facts.best = Some((best.sku, best.title, u32::try_from(share).unwrap_or(0)));
        }
        let days = self.demand.days;
        let next = self
            .stock
            .skus
            .iter()
            .filter(|sku| sku.sellable > 0)
            .filter_map(|sku| Some((sku, sku.cover_days(days)?)))
            .min_by(|(a, a_days), (b, b_days)| a_days.total_cmp(b_days).then(a.sku.cmp(&b.sku)));
        facts.first_out = next.map(|(sku, cover)| {
            let (id, title) = self.stock_names(sku);
            (id, title, cover)
        });
        let out = self.stock.skus.iter().filter(|sku| sku.sellable <= 0);
        let lost: i128 = out
            .filter_map(|sku| sku.sold_as)
            .map(|code| i128::from(self.demand.gmv_per_day(code).raw()))
            .sum();
        facts.lost_per_day = (lost > 0).then(|| fixed(lost));
        facts.unshipped = self.unshipped();
        facts
    }

    fn unshipped(&self) -> Option<(u64, UtcMillis)> {
        let table = self.table();
        // Only where the export tells shipped from unshipped at all.
        table
            .columns()
            .shipped_at
            .iter()
            .find(|at| **at != OrderColumns::NONE)?;
        let mut orders = BitSet::new(table.order_count());
        let mut oldest: Option<UtcMillis> = None;
        for (row, order) in table.order_number().iter().enumerate() {
            let line = Line::new(table.columns(), row);
            let Some(paid_at) = line
                .paid_at()
                .filter(|_| line.is_unshipped() && self.selection.passes(row))
            else {
                continue;
            };
            orders.insert(*order);
            oldest = Some(oldest.map_or(paid_at, |oldest| oldest.min(paid_at)));
        }
        Some((orders.len(), oldest?))
    }
}

/// Of the list, worst first, the first half of what crosses from each kind: out, and running out.
fn shortest_of_both<'a, 'b>(
    worst: &'a [(&'b metric::SkuStock, f64, StockState)],
) -> impl Iterator<Item = &'a (&'b metric::SkuStock, f64, StockState)> {
    let is_out = |line: &&(&metric::SkuStock, f64, StockState)| line.2 <= StockState::Out;
    let out = worst.iter().filter(is_out).take(STOCK_LINES / 2);
    out.chain(
        worst
            .iter()
            .filter(move |line| !is_out(line))
            .take(STOCK_LINES / 2),
    )
}

fn affordable(grain: Grain, span: Span) -> bool {
    let width = match grain {
        Grain::TenMinutes => 600_000,
        Grain::Hour => crate::time::HOUR_MILLIS,
        Grain::Day | Grain::Week | Grain::Month => DAY_MILLIS,
    };
    usize::try_from(span.millis() / width).is_ok_and(|buckets| buckets < Buckets::LIMIT)
}

/// The first order to just after the last.
fn extent(columns: &OrderColumns) -> Span {
    let from = columns.created_at.iter().min().copied().unwrap_or(0);
    let last = columns.created_at.iter().max().copied().unwrap_or(0);
    Span {
        from: UtcMillis(from),
        to: UtcMillis(last).plus(1),
    }
}

/// The present of a file: the end of what was paid on the day of its last order, so that an export of last
/// year is not "no sales today", nor is the first minute of a day without orders its last day.
fn present(columns: &OrderColumns, extent: Span, zone: Zone) -> UtcMillis {
    let last_order = extent.to.plus(-1);
    let tomorrow = zone.next(Grain::Day, zone.floor(Grain::Day, last_order));
    let paid = columns
        .paid_at
        .iter()
        .max()
        .map_or(last_order, |at| UtcMillis(*at));
    paid.min(tomorrow.plus(-1)).max(last_order)
}

/// Currencies that some line has an amount in, most lines first.
fn currencies(columns: &OrderColumns) -> Vec<u32> {
    let mut lines = vec![0_u64; columns.currencies.len()];
    for (code, amount) in columns.currency.iter().zip(&columns.amount) {
        lines[*code as usize] += u64::from(*amount != OrderColumns::NONE);
    }
    let mut codes: Vec<u32> = (0_u32..)
        .zip(&lines)
        .filter(|(_, lines)| **lines > 0)
        .map(|(code, _)| code)
        .collect();
    let text = |code: &u32| -> String { Dict::text(&columns.currencies, *code).to_owned() };
    codes.sort_by(|a, b| {
        lines[*b as usize]
            .cmp(&lines[*a as usize])
            .then_with(|| text(a).cmp(&text(b)))
    });
    codes
}

/// For each SKU the title of its last line that has one.
fn titles(columns: &OrderColumns) -> Vec<u32> {
    let mut titles = vec![NONE_CODE; columns.dict(Dim::Sku).len()];
    for (sku, title) in columns.dim(Dim::Sku).iter().zip(&columns.title) {
        if *title != NONE_CODE {
            titles[*sku as usize] = *title;
        }
    }
    titles
}
