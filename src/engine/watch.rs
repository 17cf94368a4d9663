//! What alerts look at, read off the tables: whatever the page filters, of all there is.

use super::Engine;
use super::cockpit::currencies;
use crate::alert::{
    Alerts, Instance, Level, Metric, Push, Subject, Values, anscombe, poisson_tail, wilson_lower,
};
use crate::arrange::arrange;
use crate::metric::{
    Book, By, Clock, Demand, Distinct, SkuStock, Spec, StockFigures, Sum, When, Which, fixed,
};
use crate::model::{Dict, Dim, NONE_CODE, OrderColumns, StockColumns};
use crate::money::Fixed;
use crate::protocol::{AlertLine, AlertView, DataSource, Event, Severity};
use crate::query::Masks;
use crate::time::{DAY_MILLIS, Grain, Span, UtcMillis};
use std::collections::BTreeMap;

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
/// Alerts that cross to the page.
const LINES: usize = 40;
/// More goods of one rule and place than this are one line.
const TOGETHER: u64 = 3;
/// Milliseconds between two evaluations: of what does not move, of what is live, and while rows come.
const EVERY: (i64, i64, i64) = (60_000, 5_000, 1_000);
const HOUR: f64 = 3_600_000.0;

/// How a source that is to be heard of again and again fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceHealth {
    /// What people call it.
    pub source: String,
    /// When it was last heard of, if only to say that there is nothing new.
    pub heard_at: UtcMillis,
    /// Milliseconds that usually pass between two words of it.
    pub usual_millis: i64,
    /// Whether it brings orders, and whether stock: what depends on these stands still while it is stale.
    pub brings: (bool, bool),
}

/// Alerts, and what they need besides the tables.
#[derive(Debug)]
pub(super) struct Watch {
    alerts: Alerts,
    /// Goods, warehouses, sources and people by the numbers that alerts know them by.
    names: Dict,
    health: Vec<SourceHealth>,
    /// When it was evaluated last, of tables as big and new as this.
    at: Option<UtcMillis>,
    seen: [u64; 2],
    /// Whether the page has to hear of it in any case.
    is_news: bool,
    view: AlertView,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            alerts: Alerts::new(),
            names: Dict::new(false),
            health: Vec::new(),
            at: None,
            seen: [0; 2],
            is_news: false,
            view: AlertView::default(),
        }
    }
}

impl Watch {
    /// Forgets what it knows of rows that are gone for good.
    pub(super) fn forget(&mut self) {
        self.alerts.forget();
        (self.at, self.is_news) = (None, true);
    }
}

impl Engine {
    /// How the sources that come by themselves fare, all of them, from now on.
    pub fn hear_of_sources(&mut self, health: Vec<SourceHealth>) {
        self.watch.health = health;
    }

    /// Evaluates all rules if rows have come or time has passed; what the page has to hear of that.
    pub fn watch(&mut self, now: UtcMillis) -> Option<Event> {
        if !self.opened {
            return None;
        }
        let seen = [self.orders.len() as u64, self.stock.version()];
        let least = match seen == self.watch.seen {
            true if self.is_live() => EVERY.1,
            true => EVERY.0,
            false => EVERY.2,
        };
        let is_due = |at: UtcMillis| now.0 - at.0 >= least || now < at;
        if !self.watch.is_news && !self.watch.at.is_none_or(is_due) {
            return None;
        }
        // What stood when it was first looked at is no moment's chance.
        let is_live = self.is_live() && self.watch.at.is_some();
        (self.watch.at, self.watch.seen) = (Some(now), seen);
        let shop = self.shop_time(now);
        let mut watch = std::mem::take(&mut self.watch);
        // Without rows nothing is known of what stood: it comes back with them.
        let view = if self.source() == DataSource::Empty {
            AlertView::default()
        } else {
            self.follow();
            let pushes = self.evaluate(&mut watch, shop, now, is_live);
            self.alert_view(&watch, &pushes, shop)
        };
        // Ages count by themselves.
        let is_same = AlertView {
            now: watch.view.now,
            ..view.clone()
        } == watch.view;
        let event = (watch.is_news || !is_same).then(|| Event::Alerts(Box::new(view.clone())));
        (watch.view, watch.is_news) = (view, false);
        self.watch = watch;
        event
    }

    /// Somebody takes on what `rule` tells of a place: of one SKU, or, if empty, of all.
    pub(super) fn acknowledge(
        &mut self,
        rule: &str,
        warehouse: &str,
        sku: &str,
        owner: &str,
        now: UtcMillis,
    ) {
        let now = self.shop_time(now);
        let Watch { alerts, names, .. } = &mut self.watch;
        let rule = alerts.rules().iter().position(|known| known.id == rule);
        if let Some(rule) = rule.and_then(|rule| u32::try_from(rule).ok()) {
            let [good, place, owner] = [sku, warehouse, owner].map(|name| names.intern(name));
            alerts.acknowledge(rule, good, place, owner, now);
            self.watch.is_news = true;
        }
    }

    /// Whether values come as things happen.
    fn is_live(&self) -> bool {
        self.demo.is_some() || !self.watch.health.is_empty()
    }

    fn evaluate(&self, watch: &mut Watch, now: UtcMillis, wall: UtcMillis, is_live: bool) -> Vec<Push> {
        let Watch {
            alerts,
            names,
            health,
            ..
        } = watch;
        alerts.begin(now, is_live);
        let (mut stale_orders, mut stale_stock) = (false, false);
        for source in &*health {
            let mut values = Metric::UNKNOWN;
            let silent = millis(wall.0 - source.heard_at.0);
            Metric::FeedMinutes.set(&mut values, silent / millis(60_000));
            Metric::FeedAge.set(&mut values, silent / millis(source.usual_millis.max(1)));
            let subject = Subject {
                level: Level::Source,
                good: 0,
                place: names.intern(&source.source),
            };
            alerts.read(subject, &values);
            if alerts.is_told_of(subject) {
                stale_orders |= source.brings.0;
                stale_stock |= source.brings.1;
            }
        }
        let book = Book::new(&self.orders, &self.live);
        let (extent, as_of) = (self.extent(), self.as_of(now));
        let currency = currencies(book, extent).first().copied().unwrap_or(NONE_CODE);
        let mut shop = Metric::UNKNOWN;
        if !self.orders.is_empty() && !stale_orders {
            self.read_waiting(book, as_of, currency, &mut shop);
            read_refunds(book, as_of, &mut shop);
            self.read_pulse(book, as_of, extent.from, &mut shop);
        }
        let whole = Subject {
            level: Level::Shop,
            good: 0,
            place: 0,
        };
        alerts.read(whole, &shop);
        if !self.stock.columns().is_empty() {
            let goods = self.goods();
            let levels = goods.stock(&self.stock);
            let demand = if self.view.filters.is_empty() {
                // What the screen asks for too.
                Demand::new(book, &goods, extent.from, as_of.plus(1), currency)
            } else {
                Demand::of_all(book, &goods, extent.from, as_of.plus(1), currency)
            };
            let stock = StockFigures::new(levels, &goods, &self.orders, &BTreeMap::new(), &demand);
            let reader = Reader {
                levels,
                demand: &demand,
                shop: &shop,
                stale: (stale_orders, stale_stock),
            };
            reader.read(&stock.skus, alerts, names);
        }
        alerts.end().1
    }

    /// Orders of the last days that are paid and not shipped.
    fn read_waiting(&self, book: Book<'_>, as_of: UtcMillis, currency: u32, shop: &mut Values) {
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
    fn read_pulse(&self, book: Book<'_>, as_of: UtcMillis, since: UtcMillis, shop: &mut Values) {
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

    /// What the page shows of alerts: few of one rule and place one by one, many as one.
    fn alert_view(&self, watch: &Watch, pushes: &[Push], now: UtcMillis) -> AlertView {
        let incidents = watch.alerts.incidents();
        let book = Book::new(&self.orders, &self.live);
        let currency = currencies(book, self.extent())
            .first()
            .copied()
            .unwrap_or(NONE_CODE);
        let mut view = AlertView {
            now,
            is_live: self.demo.is_some() || !watch.health.is_empty(),
            currency: self.orders.columns().currencies.text(currency).to_owned(),
            ..AlertView::default()
        };
        let mut together = vec![false; incidents.len()];
        let mut pushed = vec![false; pushes.len()];
        for told in watch.alerts.told() {
            let (rule, place) = (told.key.rule, told.key.place);
            let at = incidents
                .iter()
                .position(|of| (of.rule, of.place) == (rule, place));
            let Some((at, incident)) = at.and_then(|at| Some((at, incidents.get(at)?))) else {
                continue;
            };
            if told.severity != Severity::P3 && told.at_risk > 0.0 {
                view.at_risk = Some(view.at_risk.unwrap_or(0.0) + told.at_risk);
            }
            let is_digest = incident.count > TOGETHER;
            let push = pushes
                .iter()
                .position(|push| (push.rule, push.place) == (rule, place));
            let is_pushed = push.is_some_and(|at| !std::mem::replace(&mut pushed[at], true));
            let is_said = is_digest && std::mem::replace(&mut together[at], true);
            if is_said && !is_pushed {
                continue;
            }
            // The same goods in several places are one thing to act on.
            let name = watch.names.text(told.key.good);
            let rule_id = watch
                .alerts
                .rules()
                .get(rule as usize)
                .map(|rule| rule.id.as_str());
            let is_same = |line: &&mut AlertLine| {
                line.count == 1
                    && told.key.good != 0
                    && line.sku == name
                    && Some(line.rule.as_str()) == rule_id
            };
            if !is_digest && let Some(line) = view.lines.iter_mut().find(is_same) {
                line.warehouse.clear();
                line.value += told.value;
                line.at_risk = line.at_risk.map(|risk| risk + told.at_risk.max(0.0));
                continue;
            }
            let (count, at_risk) = if is_digest {
                (incident.count, incident.at_risk)
            } else {
                (1, told.at_risk)
            };
            let line = || self.alert_line(watch, told, count, at_risk);
            if is_pushed {
                view.pushed.push(line());
            }
            if !is_said {
                view.counts[told.severity as usize] += 1;
                if view.lines.len() < LINES {
                    view.lines.push(line());
                }
            }
        }
        view
    }

    fn alert_line(&self, watch: &Watch, told: &Instance, count: u64, at_risk: f64) -> AlertLine {
        let name = |code: u32| watch.names.text(code).to_owned();
        let rule = watch.alerts.rules().get(told.key.rule as usize);
        let state = if told.is_blind { "no-data" } else { told.phase.id() };
        let (seen, usual) = told.evidence;
        let sku = name(told.key.good);
        AlertLine {
            rule: rule.map_or_else(String::new, |rule| rule.id.clone()),
            severity: told.severity,
            state: state.to_owned(),
            is_flapping: told.is_flapping,
            warehouse: name(told.key.place),
            title: self.title_of(&sku).to_owned(),
            sku,
            value: told.value,
            evidence: (!seen.is_nan()).then_some((seen, usual)),
            at_risk: (at_risk > 0.0).then_some(at_risk),
            since: told.fired_at,
            owner: told.ack.map(|ack| name(ack.owner)),
            count,
            places: if told.severity == Severity::P1 && count == 1 {
                self.places_of(name(told.key.good))
            } else {
                Vec::new()
            },
        }
    }

    /// What can be sold of a SKU by warehouse, most first.
    fn places_of(&self, sku: String) -> Vec<(String, f64)> {
        let goods = self.goods();
        let levels = goods.stock(&self.stock);
        let mut places: Vec<(String, f64)> = Vec::new();
        let Some(code) = levels.skus.code(&sku).filter(|code| *code != NONE_CODE) else {
            return places;
        };
        for row in (0..levels.len()).filter(|row| levels.sku[*row] == code) {
            let name = levels.warehouses.text(levels.warehouse[row]);
            let sellable = levels.sellable(row).unwrap_or_default().to_f64();
            match places.iter_mut().find(|place| place.0 == name) {
                Some(place) => place.1 += sellable,
                None => places.push((name.to_owned(), sellable)),
            }
        }
        arrange(&mut places, |a, b| b.1.total_cmp(&a.1));
        places
    }

    /// Title of the goods of a SKU, where a line or a stock row says one.
    fn title_of(&self, sku: &str) -> &str {
        let (orders, stock) = (self.orders.columns(), self.stock.columns());
        let sold = orders.dict(Dim::Sku).code(sku);
        let title = sold.map_or("", |code| orders.titles.text(self.catalogue.title(code)));
        if !title.is_empty() {
            return title;
        }
        let code = stock.skus.code(sku);
        let row = code.and_then(|code| stock.sku.iter().position(|own| *own == code));
        row.map_or("", |row| stock.titles.text(stock.title[row]))
    }
}

/// Reads goods.
struct Reader<'a> {
    levels: &'a StockColumns,
    demand: &'a Demand,
    shop: &'a Values,
    /// Whether orders, and whether stock, are not to be trusted now.
    stale: (bool, bool),
}

impl Reader<'_> {
    fn read(&self, skus: &[SkuStock], alerts: &mut Alerts, names: &mut Dict) {
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
fn read_refunds(book: Book<'_>, as_of: UtcMillis, shop: &mut Values) {
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
const fn count(of: u64) -> f64 {
    of as f64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "held against bounds and shown to a few digits"
)]
const fn millis(of: i64) -> f64 {
    of as f64
}
