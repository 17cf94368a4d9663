//! One screen, computed from the tables.

mod facts;
mod inventory;
mod numbers;
mod sales;

use super::Engine;
use super::window::Windows;
use crate::arrange::arrange;
use crate::metric::{self, Book, By, Clock, Demand, Goods, Spec, StockFigures, Sum, When};
use crate::model::{NONE_CODE, OrderTable};
use crate::money::Fixed;
use crate::protocol::{Cockpit, Event, Headline, Measure};
use crate::query::Masks;
use crate::time::{DAY_MILLIS, Grain, Span, UtcMillis, Zone};
use std::cell::OnceCell;
use std::rc::Rc;

/// What the parts of a screen share.
struct Scene<'a> {
    engine: &'a Engine,
    book: Book<'a>,
    zone: Zone,
    windows: Windows,
    as_of: UtcMillis,
    extent: Span,
    /// The finest grain in which there is a course at all.
    finest_grain: Grain,
    /// Code of the charts' currency.
    currency: u32,
    currencies: Vec<u32>,
    measure: Measure,
    demand: Demand,
    goods: Rc<Goods>,
    stock: StockFigures,
    /// See [`Scene::skus`].
    skus: OnceCell<Vec<(metric::Group, Fixed)>>,
}

impl Engine {
    /// The screen of the current view.
    pub(super) fn cockpit(&mut self, now: UtcMillis) -> Event {
        self.cockpit_led(now, None)
    }

    /// The screen of the current view; `lead` is told its numbers before the rest is counted.
    pub(super) fn cockpit_led(&mut self, now: UtcMillis, lead: Option<&mut dyn FnMut(Event)>) -> Event {
        self.follow();
        let now = self.shop_time(now);
        let scene = Scene::new(self, now);
        let as_of = scene.as_of;
        let columns = self.orders.columns();
        let name = |code: &u32| columns.currencies.text(*code).to_owned();
        let kpis = scene.kpis();
        if let Some(lead) = lead {
            let headline = Headline {
                comparison: scene.windows.comparison,
                currency: name(&scene.currency),
                kpis: kpis.clone(),
                out_with_demand: scene.out_with_demand(),
            };
            lead(Event::Headline {
                request: self.request,
                headline: Box::new(headline),
            });
        }
        let cockpit = Cockpit {
            source: self.source(),
            now,
            as_of: (!columns.is_empty()).then_some(as_of),
            extent: (!columns.is_empty()).then_some(scene.extent),
            range: (!columns.is_empty()).then(|| scene.shown_range()),
            comparison: scene.windows.comparison,
            zone: scene.zone.name().to_owned(),
            day_starts: scene.zone.day_starts(),
            lines: columns.len() as u64,
            lines_shown: scene.lines_shown(),
            currencies: scene.currencies.iter().map(name).collect(),
            currency: name(&scene.currency),
            measure: scene.measure,
            kpis,
            series: scene.series(),
            top_skus: scene.top_skus(),
            sku_total: scene.sku_total(),
            breakdowns: scene.breakdowns(),
            stock: scene.stock_view(),
            sources: self.sources.clone(),
            facts: scene.facts(),
        };
        self.shown_at = as_of;
        Event::Cockpit {
            request: self.request,
            cockpit: Box::new(cockpit),
        }
    }
}

impl Engine {
    /// The time of the shop at the page's time `now`: the demo shop has its own.
    pub(super) fn shop_time(&self, now: UtcMillis) -> UtcMillis {
        self.demo.as_ref().map_or(now, |demo| demo.clock(now))
    }

    /// The present of the data at the shop's time `now`: that of a file lies where its orders end, a source that stays
    /// connected moves it on with every word.
    pub(super) fn as_of(&self, now: UtcMillis) -> UtcMillis {
        if self.demo.is_some() {
            return now;
        }
        let paid = self.live.borrow().zones().paid_extent();
        let of_rows = present(self.extent(), paid.map(|(_, last)| last), self.zone());
        let told_to = self
            .told_to()
            .filter(|told_to| !self.orders.is_empty() && told_to.0 - of_rows.0 < QUIET_DAYS * DAY_MILLIS);
        told_to.map_or(of_rows, |told_to| told_to.max(of_rows))
    }

    /// The first order to just after the last.
    pub(super) fn extent(&self) -> Span {
        let created = self.live.borrow().zones().extent();
        let (from, last) = created.unwrap_or_default();
        Span {
            from,
            to: last.plus(1),
        }
    }
}

impl<'a> Scene<'a> {
    fn new(engine: &'a Engine, now: UtcMillis) -> Self {
        let columns = engine.orders.columns();
        let book = Book::new(&engine.orders, &engine.live);
        let zone = engine.zone();
        let extent = engine.extent();
        let as_of = engine.as_of(now);
        let windows = Windows::new(engine.view.time, extent, as_of, zone);
        let currencies = currencies(book, extent);
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
        let goods = engine.goods();
        let demand = Demand::new(book, &goods, extent.from, as_of.plus(1), currency);
        let levels = goods.stock(&engine.stock);
        let stock = StockFigures::new(levels, &goods, &engine.orders, &engine.view.filters, &demand);
        Self {
            engine,
            book,
            zone,
            windows,
            as_of,
            extent,
            finest_grain: engine.catalogue.finest_grain(),
            currency,
            currencies,
            measure,
            demand,
            goods,
            stock,
            skus: OnceCell::new(),
        }
    }

    /// Units and GMV by SKU in the range, most units first. Counted when first asked for: the numbers need
    /// none of it, and the page waits for them.
    fn skus(&self) -> &[(metric::Group, Fixed)] {
        self.skus.get_or_init(|| {
            let mut skus = metric::best_sellers(self.book, self.windows.range, self.currency);
            skus.retain(|(group, _)| group.code != NONE_CODE);
            skus
        })
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
        columns.titles.text(self.engine.catalogue.title(sku))
    }
}

/// A source that is heard and has told of no order for so long does not tell of today's: it replays what was.
const QUIET_DAYS: i64 = 7;

/// The present of a file: the end of what was paid on the day of its last order, so that an export of last
/// year is not "no sales today", nor is the first minute of a day without orders its last day.
fn present(extent: Span, paid: Option<UtcMillis>, zone: Zone) -> UtcMillis {
    let last_order = extent.to.plus(-1);
    let tomorrow = zone.next(Grain::Day, zone.floor(Grain::Day, last_order));
    let paid = paid.unwrap_or(last_order);
    paid.min(tomorrow.plus(-1)).max(last_order)
}

/// Currencies that some line has an amount in, most lines first.
pub(super) fn currencies(book: Book<'_>, extent: Span) -> Vec<u32> {
    let spec = Spec {
        by: vec![By::Currency],
        own: Masks::OWN_ALL,
        sums: vec![Sum::Gmv],
        ..Spec::new(Clock::Created)
    };
    let lines = book.ask(&spec, When::always(extent));
    let said = lines.sums.first().into_iter().flatten();
    let said = (0_u32..).zip(said).filter(|(_, said)| said.lines > 0);
    let mut codes: Vec<(u32, u64)> = said.map(|(code, said)| (code, said.lines)).collect();
    let text = |code: u32| book.table().columns().currencies.text(code);
    arrange(&mut codes, |a, b| {
        b.1.cmp(&a.1).then_with(|| text(a.0).cmp(text(b.0)))
    });
    codes.into_iter().map(|(code, _)| code).collect()
}
