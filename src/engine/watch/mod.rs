//! Alerts: when rules are evaluated, of what, and what the page shows of them.

mod past;
mod proof;
mod pulse;
mod read;
mod record;
mod rules;
mod trial;

pub(super) use past::StockPast;

use super::Engine;
use super::cockpit::currencies;
use crate::alert::{Alerts, Change, Instance, Level, Metric, Push, Subject};
use crate::arrange::arrange;
use crate::metric::{Book, Demand, StockFigures};
use crate::model::{Dict, Dim, NONE_CODE, StockColumns};
use crate::protocol::{AlertLine, AlertView, DataSource, Event, RuleFault, Severity};
use crate::time::{Grain, Span, UtcMillis};
use pulse::orders_between;
use read::{Reader, millis, read_prices, read_refunds};
use std::collections::BTreeMap;

/// How long it is said what happened while the page was closed.
const SAID_MILLIS: i64 = 600_000;
/// Alerts that cross to the page.
const LINES: usize = 40;
/// More goods of one rule and place than this are one line.
const TOGETHER: u64 = 3;
/// Of the goods of such a line, so many are named one by one.
const GOODS: usize = 6;
/// Milliseconds between two evaluations: of what does not move, of what is live, and while rows come.
const EVERY: (i64, i64, i64) = (60_000, 5_000, 1_000);

/// What looks ahead to the next receipt.
const AHEAD: [Metric; 2] = [Metric::ReceiptDays, Metric::RunoutRisk];

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
    /// When more of goods is expected, where that was known when stock was to be trusted last.
    receipts: Vec<(u32, UtcMillis)>,
    /// When it was evaluated last, of tables as big and new as this.
    at: Option<UtcMillis>,
    seen: [u64; 2],
    /// Whether the page has to hear of it in any case.
    is_news: bool,
    view: AlertView,
    /// Alerts that began and ended between the last visit and this one, and until when that is said.
    missed: Option<([u64; 2], UtcMillis)>,
    is_restored: bool,
    /// What was kept when the page was closed, until the rules are known.
    pub(super) kept: Option<String>,
    /// What is wrong with the rules that were kept; others hold.
    fault: Option<RuleFault>,
    /// The rule that is being tried.
    replay: Option<Box<trial::Replay>>,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            alerts: Alerts::new(),
            names: Dict::new(false),
            health: Vec::new(),
            receipts: Vec::new(),
            at: None,
            seen: [0; 2],
            is_news: false,
            view: AlertView::default(),
            missed: None,
            is_restored: false,
            kept: None,
            fault: None,
            replay: None,
        }
    }
}

impl Watch {
    /// Forgets what it knows of rows that are gone for good.
    pub(super) fn forget(&mut self) {
        self.alerts.forget();
        (self.at, self.is_news, self.is_restored) = (None, true, false);
        self.replay = None;
    }
}

impl Engine {
    /// The page has heard of other alerts meanwhile: it is told of these again.
    pub fn tell_alerts_again(&mut self) {
        self.watch.is_news = true;
    }

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
            let (changes, pushes) = self.evaluate(&mut watch, shop, now, is_live);
            let is_own = self.demo.is_none();
            if is_own && std::mem::take(&mut watch.is_restored) {
                let count = |is_meant: &dyn Fn(&Change) -> bool| {
                    changes.iter().filter(|change| is_meant(change)).count() as u64
                };
                let is_shown =
                    |change: &Change| watch.alerts.state(change.key).is_some_and(Instance::is_told);
                let began = count(&|change| change.to.is_told() && is_shown(change));
                let ended = count(&|change| change.from.is_told() && !change.to.is_told());
                watch.missed = Some(([began, ended], now.plus(SAID_MILLIS)));
            }
            watch.missed = watch.missed.filter(|missed| now < missed.1);
            AlertView {
                missed: watch
                    .missed
                    .map(|missed| missed.0)
                    .filter(|missed| *missed != [0, 0]),
                record: is_own.then(|| watch.record()),
                ..self.alert_view(&watch, &pushes, shop)
            }
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

    fn evaluate(
        &self,
        watch: &mut Watch,
        now: UtcMillis,
        wall: UtcMillis,
        is_live: bool,
    ) -> (Vec<Change>, Vec<Push>) {
        let Watch {
            alerts,
            names,
            health,
            receipts,
            ..
        } = watch;
        alerts.begin(now, is_live);
        let lead = alerts.lead_days();
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
            let now = Span {
                from: as_of,
                to: as_of,
            };
            let pulse = self.pulse(book, now, extent.from);
            pulse.read(as_of, &mut shop);
            pulse.read_burst(as_of, &|from, to| orders_between(book, from, to), &mut shop);
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
                prices: &read_prices(book, as_of, self.catalogue.finest_grain(), currency),
                now: self.stock_time(levels, now),
                lead,
            };
            if !stale_stock {
                receipts.clear();
            }
            reader.read(&stock.skus, names, receipts, &mut |subject, values| {
                alerts.read(subject, values)
            });
        }
        alerts.end()
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
            silences: watch.silences(),
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
            let line = || {
                let line = self.alert_line(watch, told, count, at_risk);
                match (told.severity, count) {
                    (Severity::P1, 1) => AlertLine {
                        places: self.places_of(&line.sku),
                        ..line
                    },
                    (Severity::P1, _) => AlertLine {
                        goods: self.goods_of(watch, told),
                        ..line
                    },
                    _ => line,
                }
            };
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
        let looks_ahead = rule.is_some_and(|rule| rule.metrics().any(|metric| AHEAD.contains(&metric)));
        let mut receipts = watch.receipts.iter().filter(|_| looks_ahead && count == 1);
        let receipt = receipts.find(|receipt| receipt.0 == told.key.good);
        AlertLine {
            rule: rule.map_or_else(String::new, |rule| rule.id.clone()),
            severity: told.severity,
            state: state.to_owned(),
            is_flapping: told.is_flapping,
            warehouse: name(told.key.place),
            title: self.title_of(&sku).to_owned(),
            receipt: receipt.map(|receipt| receipt.1),
            sku,
            value: told.value,
            evidence: (!seen.is_nan()).then_some((seen, usual)),
            at_risk: (at_risk > 0.0).then_some(at_risk),
            since: told.fired_at,
            owner: told.ack.map(|ack| name(ack.owner)),
            is_silent: watch.alerts.is_silent(told.key),
            count,
            places: Vec::new(),
            goods: Vec::new(),
        }
    }

    /// The present of the stock at the shop's time `now`, that of the orders unless it was counted after them, and when
    /// its day began.
    fn stock_time(&self, levels: &StockColumns, now: UtcMillis) -> (UtcMillis, UtcMillis) {
        let counted = UtcMillis(levels.as_of.iter().copied().max().unwrap_or(i64::MIN));
        let at = self.as_of(now).max(counted.min(now));
        (at, self.zone().floor(Grain::Day, at))
    }

    /// The worst of those that are told of together with `told`.
    fn goods_of(&self, watch: &Watch, told: &Instance) -> Vec<AlertLine> {
        let key = |told: &Instance| (told.key.rule, told.key.place);
        let all = watch.alerts.told().into_iter();
        all.filter(|other| key(other) == key(told))
            .take(GOODS)
            .map(|told| self.alert_line(watch, told, 1, told.at_risk))
            .collect()
    }

    /// What can be sold of a SKU by warehouse, most first.
    fn places_of(&self, sku: &str) -> Vec<(String, f64)> {
        let goods = self.goods();
        let levels = goods.stock(&self.stock);
        let mut places: Vec<(String, f64)> = Vec::new();
        let Some(code) = levels.skus.code(sku).filter(|code| *code != NONE_CODE) else {
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
