//! One screen, computed from the tables.

mod facts;
mod inventory;
mod numbers;
mod sales;

use super::Engine;
use super::window::Windows;
use crate::metric::{self, Demand, StockFigures};
use crate::model::{Dict, Dim, NONE_CODE, OrderColumns, OrderTable};
use crate::protocol::{Cockpit, DataSource, Event, Measure};
use crate::query::Selection;
use crate::time::{Grain, Span, UtcMillis, Zone};
use sales::finest_grain;

/// What the parts of a screen share.
struct Scene<'a> {
    engine: &'a Engine,
    zone: Zone,
    selection: Selection,
    windows: Windows,
    extent: Span,
    /// The finest grain in which there is a course at all.
    finest_grain: Grain,
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
            finest_grain: finest_grain(columns, zone),
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

    fn title(&self, sku: u32) -> &'a str {
        let columns = self.engine.orders.columns();
        columns
            .titles
            .text(self.titles.get(sku as usize).copied().unwrap_or(NONE_CODE))
    }
}

/// The first order to just after the last.
fn extent(columns: &OrderColumns) -> Span {
    let from = columns.created_at.iter().min().unwrap_or(0);
    let last = columns.created_at.iter().max().unwrap_or(0);
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
        .map_or(last_order, |at| UtcMillis(at));
    paid.min(tomorrow.plus(-1)).max(last_order)
}

/// Currencies that some line has an amount in, most lines first.
fn currencies(columns: &OrderColumns) -> Vec<u32> {
    let mut lines = vec![0_u64; columns.currencies.len()];
    for (code, amount) in columns.currency.iter().zip(columns.amount.iter()) {
        lines[code as usize] += u64::from(amount != OrderColumns::NONE);
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
    for (sku, title) in columns.dim(Dim::Sku).iter().zip(columns.title.iter()) {
        if title != NONE_CODE {
            titles[sku as usize] = title;
        }
    }
    titles
}
