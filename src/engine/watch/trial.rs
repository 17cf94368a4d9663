//! A rule replayed over the past that is loaded, piece by piece: it is read by the same words as the present.
//!
//! Hours (or days) of orders are looked at as each of them ended, leaps of orders every five minutes; goods each time
//! that stock was said, or, where a rule does not look at stock, day by day. Between two looks nothing changes but time:
//! where the rule waits less than that, it is looked at once more when its time is up.

use super::past::{Said, TOGETHER};
use super::pulse::{BURST, Minutes, Pulse};
use super::read::{Reader, read_prices};
use crate::alert::{Alerts, Key, Known, Level, Metric, Subject, Values};
use crate::arrange::arrange;
use crate::engine::Engine;
use crate::engine::cockpit::currencies;
use crate::metric::{Book, Demand, Goods, StockFigures};
use crate::model::{Dict, NONE_CODE, OrderColumns};
use crate::protocol::{Event, Past, RunOut, Spell, Trial};
use crate::time::{DAY_MILLIS, Grain, Span, UtcMillis};
use std::collections::BTreeMap;

/// Looks of one piece: of the shop, and of goods.
const PIECE: (usize, usize) = (400, 1);
/// Looks at most, at goods and at the shop: of more the last.
const LOOKS: (usize, usize) = (400, 20_000);
/// How often it is looked whether orders leap.
const OFTEN: i64 = 300_000;
const HOUR: i64 = 3_600_000;
/// Points and spells that cross to the page.
const SHOWN: (usize, usize) = (2_400, 300);
/// Goods that ran out that are named.
const NAMED: usize = 50;
/// Times the news is told.
const TOLD: usize = 8;

/// A replay under way.
#[derive(Debug)]
pub(super) struct Replay {
    trial: Trial,
    alerts: Alerts,
    names: Dict,
    /// Whether the rule is of the shop.
    is_of_shop: bool,
    metric: Metric,
    waits: [i64; 2],
    pulse: Option<Pulse>,
    /// Where the rule looks at minutes.
    minutes: Option<Minutes>,
    /// The worst since a point was marked.
    worst: Option<f64>,
    /// Whether goods were looked at as stock was said.
    said: Option<Vec<Said>>,
    /// What was on hand and available of each level at the last look, and when more was expected.
    levels: [Vec<i64>; 3],
    looks: Vec<UtcMillis>,
    /// The present of the order lines: what is said of stock later is held against them as they are.
    as_of: UtcMillis,
    next: usize,
    next_said: usize,
    last: Option<UtcMillis>,
    ended: Vec<(Key, UtcMillis)>,
    subjects: Vec<(u32, u32)>,
}

impl Engine {
    /// Whether a rule is being tried.
    pub const fn is_trying(&self) -> bool {
        self.watch.replay.is_some()
    }

    /// Begins to try `rule` of the rules in `text`, if it is named; what was being tried before is left.
    pub(in crate::engine) fn try_rule(
        &mut self,
        text: &str,
        rule: &str,
        request: u32,
        now: UtcMillis,
    ) -> Option<Event> {
        let mut trial = Trial {
            request,
            ..Trial::default()
        };
        self.watch.replay = None;
        if rule.is_empty() {
            return None;
        }
        let mut alerts = Alerts::default();
        if let Err(fault) = alerts.set_rules(text) {
            trial.fault = Some(fault);
        } else if alerts.only(rule) && self.source() != crate::protocol::DataSource::Empty {
            let replay = self.replay(alerts, rule, trial.clone(), now);
            trial = replay.trial.clone();
            self.watch.replay = (!trial.is_over()).then(|| Box::new(replay));
        }
        Some(Event::Tried(Box::new(trial)))
    }

    fn replay(&mut self, alerts: Alerts, rule: &str, mut trial: Trial, now: UtcMillis) -> Replay {
        self.follow();
        let mut known = Known::Lines;
        let (mut level, mut metric, mut waits, mut needs_shop) = (Level::Shop, Metric::Hour, [0; 2], false);
        let mut needs_minutes = false;
        if let Some(rule) = alerts.rules().iter().find(|known| known.id == rule) {
            (level, metric, waits) = (rule.level, rule.metric, [rule.hold, rule.keep]);
            known = rule.metrics().map(Metric::known).max().unwrap_or(known);
            needs_minutes = rule.metrics().any(|metric| BURST.contains(&metric));
            needs_shop = rule.metrics().any(|metric| metric.level() == Level::Shop);
        }
        let book = Book::new(&self.orders, &self.live);
        let (extent, zone) = (self.extent(), self.zone());
        let as_of = self.as_of(self.shop_time(now));
        let is_of_shop = level == Level::Shop;
        let said = (known == Known::Stock).then(|| self.stock_past());
        let whole = Span {
            from: extent.from,
            to: as_of.plus(1),
        };
        let has_lines = !self.orders.is_empty() && known != Known::Now;
        let pulse = (needs_shop && has_lines).then(|| self.pulse(book, whole, extent.from));
        let is_hourly = pulse.as_ref().is_some_and(Pulse::is_hourly);
        let minutes = (needs_minutes && is_hourly).then(|| self.minutes(book, whole));
        let mut looks: Vec<UtcMillis> = match (&said, &pulse) {
            _ if known == Known::Now => Vec::new(),
            (_, Some(pulse)) if is_of_shop && minutes.is_some() => {
                let often = |end: UtcMillis| (0..HOUR / OFTEN).rev().map(move |back| end.plus(-back * OFTEN));
                pulse.ends().flat_map(often).filter(|end| *end <= as_of).collect()
            }
            (_, Some(pulse)) if is_of_shop => pulse.ends().filter(|end| *end <= as_of).collect(),
            (Some(said), _) => hours(said),
            _ => {
                let days = zone.buckets(Grain::Day, whole, LOOKS.0 * 2).into_iter();
                days.map(|day| zone.next(Grain::Day, day))
                    .filter(|end| *end <= as_of)
                    .collect()
            }
        };
        let most = if is_of_shop { LOOKS.1 } else { LOOKS.0 };
        looks.drain(..looks.len().saturating_sub(most));
        trial.past = match (known, &said) {
            (Known::Now, _) => Past::Unsaid,
            _ if !is_of_shop && self.stock.columns().is_empty() => Past::Nothing,
            (_, Some(_)) => Past::Stock,
            _ => Past::Lines,
        };
        trial.looks = looks.len() as u64;
        trial.is_line = is_of_shop;
        if let (Some(from), Some(to)) = (looks.first(), looks.last()) {
            trial.span = Span { from: *from, to: *to };
        } else {
            trial.done = 1.0;
        }
        Replay {
            trial,
            alerts,
            names: Dict::new(false),
            is_of_shop,
            metric,
            waits,
            pulse,
            minutes,
            worst: None,
            said,
            levels: Default::default(),
            looks,
            as_of,
            next: 0,
            next_said: 0,
            last: None,
            ended: Vec::new(),
            subjects: Vec::new(),
        }
    }

    /// Goes on with what is being tried, for a few milliseconds; what there is to tell of it.
    pub fn try_more(&mut self) -> Option<Event> {
        let mut replay = self.watch.replay.take()?;
        let (before, all) = (replay.next, replay.looks.len());
        let piece = if replay.is_of_shop { PIECE.0 } else { PIECE.1 };
        for _ in 0..piece {
            let Some(at) = replay.looks.get(replay.next).copied() else {
                break;
            };
            let mut levels = std::mem::take(&mut replay.levels);
            let is_past = replay.said.is_some();
            if is_past {
                self.run_out(&mut replay, &mut levels, at);
                self.stock.swap_levels(&mut levels);
            }
            self.look(&mut replay, at);
            if is_past {
                self.stock.swap_levels(&mut levels);
            }
            replay.levels = levels;
            replay.next += 1;
        }
        let step = |next: usize| next * TOLD / all.max(1);
        let is_news = step(replay.next) != step(before);
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        let done = replay.next as f64 / all.max(1) as f64;
        replay.trial.done = done;
        let event = (is_news || done >= 1.0).then(|| Event::Tried(Box::new(replay.trial.clone())));
        if done < 1.0 {
            self.watch.replay = Some(replay);
        }
        event
    }

    /// Looks at what was at `at`, and once more where the rule's time is up before the next look.
    fn look(&self, replay: &mut Replay, at: UtcMillis) {
        let mut readings = Vec::new();
        let lines = at.min(replay.as_of);
        let mut shop = Metric::UNKNOWN;
        if let Some(pulse) = &replay.pulse {
            pulse.read(lines, &mut shop);
            if let Some(minutes) = &replay.minutes {
                // What ends with the minute before.
                let orders = |from: i64, to: i64| minutes.between(from, to);
                pulse.read_burst(lines.plus(-1), &orders, &mut shop);
            }
        }
        if replay.is_of_shop {
            let whole = Subject {
                level: Level::Shop,
                good: 0,
                place: 0,
            };
            readings.push((whole, shop));
        } else {
            let book = Book::new(&self.orders, &self.live);
            let since = self.extent().from;
            let currency = currencies(book, self.extent())
                .first()
                .copied()
                .unwrap_or(NONE_CODE);
            let goods = Goods::new(&self.stock);
            let levels = goods.stock(&self.stock);
            let demand = Demand::of_all(book, &goods, since, lines.plus(1), currency);
            let stock = StockFigures::new(levels, &goods, &self.orders, &BTreeMap::new(), &demand);
            let prices = read_prices(book, lines, self.catalogue.finest_grain(), currency);
            let reader = Reader {
                levels,
                demand: &demand,
                shop: &shop,
                stale: (false, false),
                prices: &prices,
                now: (at, self.zone().floor(Grain::Day, at)),
                lead: replay.alerts.lead_days(),
            };
            let mut tell = |subject, values: &Values| readings.push((subject, *values));
            reader.read(&stock.skus, &mut replay.names, &mut Vec::new(), &mut tell);
        }
        let mut looks = vec![at];
        let until = replay.looks.get(replay.next + 1).copied();
        for wait in replay.waits {
            let again = at.plus(wait);
            if wait > 0 && until.is_none_or(|until| again < until) {
                looks.push(again);
            }
        }
        arrange(&mut looks, UtcMillis::cmp);
        // After the last look nothing is known.
        looks.truncate(if until.is_none() { 1 } else { 3 });
        // What stood at the first look is no moment's chance, and what files say holds as long as they do.
        let is_live = replay.next > 0 && (replay.said.is_none() || self.is_live());
        for at in looks {
            replay.evaluate(at, is_live, &readings);
        }
        replay.mark(at, &readings);
    }

    /// Takes up what was said of stock up to `at`, and notes what ran out.
    fn run_out(&self, replay: &mut Replay, levels: &mut [Vec<i64>; 3], at: UtcMillis) {
        let Some(said) = replay.said.take() else { return };
        while let Some(now) = said.get(replay.next_said).filter(|said| said.at <= at.0) {
            replay.next_said += 1;
            let row = now.row as usize;
            let columns = self.stock.columns();
            let mut before = OrderColumns::NONE;
            let said = [now.on_hand, now.available, now.arrives];
            for (at, (column, new)) in levels.iter_mut().zip(said).enumerate() {
                if column.len() <= row {
                    column.resize(columns.len().max(row + 1), OrderColumns::NONE);
                }
                if let Some(level) = column.get_mut(row) {
                    let old = std::mem::replace(level, new);
                    // Of the two counts available comes last, and counts where it is said.
                    before = if at > 1 || old == OrderColumns::NONE {
                        before
                    } else {
                        old
                    };
                }
            }
            let [on_hand, available] = [now.on_hand, now.available];
            let after = if available == OrderColumns::NONE {
                on_hand
            } else {
                available
            };
            let ran_out =
                before != OrderColumns::NONE && before > 0 && after != OrderColumns::NONE && after <= 0;
            if !ran_out || row >= columns.len() {
                continue;
            }
            let sku = columns.skus.text(columns.sku[row]).to_owned();
            let warehouse = columns.warehouses.text(columns.warehouse[row]).to_owned();
            let [good, place] = [&sku, &warehouse].map(|name| replay.names.intern(name));
            let mut told = replay
                .alerts
                .states()
                .iter()
                .filter(|state| state.phase.is_told());
            let fired = told.find(|told| told.key.good == good && [0, place].contains(&told.key.place));
            let lead = fired.map(|fired| now.at - fired.fired_at.0);
            replay.trial.caught[usize::from(lead.is_none())] += 1;
            if replay.trial.run_outs.len() < NAMED {
                replay.trial.run_outs.push(RunOut {
                    sku,
                    warehouse,
                    at: UtcMillis(now.at),
                    lead,
                });
            }
        }
        replay.said = Some(said);
    }
}

/// When stock was said, the last moment of each hour.
fn hours(said: &[Said]) -> Vec<UtcMillis> {
    let mut looks: Vec<UtcMillis> = Vec::new();
    for said in said {
        let is_same = |last: &&mut UtcMillis| last.0.div_euclid(TOGETHER) == said.at.div_euclid(TOGETHER);
        match looks.last_mut().filter(is_same) {
            Some(last) => *last = UtcMillis(said.at),
            None => looks.push(UtcMillis(said.at)),
        }
    }
    looks
}

impl Replay {
    fn evaluate(&mut self, at: UtcMillis, is_live: bool, readings: &[(Subject, Values)]) {
        let stood = self.alerts.states().iter().any(|state| state.phase.is_told());
        if let Some(last) = self.last.replace(at).filter(|_| stood) {
            self.trial.millis += at.0 - last.0;
        }
        self.alerts.begin(at, is_live);
        for (subject, values) in readings {
            self.alerts.read(*subject, values);
        }
        for change in self.alerts.end().0 {
            let (key, is_told) = (change.key, change.to.is_told());
            let name = |code: u32| self.names.text(code).to_owned();
            let spell = Spell {
                from: at,
                to: None,
                sku: name(key.good),
                warehouse: name(key.place),
            };
            if is_told && !change.from.is_told() {
                self.trial.fired[0] += 1;
                if !self.subjects.contains(&(key.good, key.place)) {
                    self.subjects.push((key.good, key.place));
                    self.trial.fired[1] += 1;
                }
                let is_again = |ended: &&(Key, UtcMillis)| ended.0 == key && at.0 - ended.1.0 < DAY_MILLIS;
                self.trial.again += u64::from(self.ended.iter().any(|ended| is_again(&ended)));
                if self.trial.spells.len() < SHOWN.1 {
                    self.trial.spells.push(spell);
                }
            } else if !is_told && change.from.is_told() {
                self.ended.retain(|ended| ended.0 != key);
                self.ended.push((key, at));
                let is_it = |of: &&mut Spell| (&of.sku, &of.warehouse) == (&spell.sku, &spell.warehouse);
                if let Some(open) = self.trial.spells.iter_mut().rev().find(is_it) {
                    open.to = Some(at);
                }
            }
        }
    }

    /// Points of a look: few of many goods, from the least to the most.
    fn mark(&mut self, at: UtcMillis, readings: &[(Subject, Values)]) {
        let rule = self.alerts.rules().iter().find(|rule| rule.is_on);
        let level = rule.map_or(Level::Shop, |rule| rule.level);
        let of_rule = readings.iter().filter(|reading| reading.0.level == level);
        let mut values: Vec<f64> = of_rule
            .map(|reading| self.metric.of(&reading.1))
            .filter(|value| !value.is_nan())
            .collect();
        arrange(&mut values, f64::total_cmp);
        let looks = self.looks.len();
        // A long course is thinned evenly to what was worst, many goods each time.
        let every = looks.div_ceil(SHOWN.0).max(1);
        if self.is_of_shop {
            let is_lower = rule.is_some_and(|rule| rule.is_lower);
            let worse = if is_lower { f64::min } else { f64::max };
            self.worst = values.iter().copied().chain(self.worst).reduce(worse);
        }
        if !self.next.is_multiple_of(every) {
            return;
        }
        if let Some(worst) = self.worst.take() {
            values = vec![worst];
        }
        let most = (SHOWN.0 / looks.max(1)).max(1);
        let shown = values.len().min(most);
        for number in 0..shown {
            let place = number * values.len() / shown;
            let Some(value) = values.get(place) else { continue };
            #[expect(clippy::cast_precision_loss, reason = "a share")]
            let share = |part: usize, of: usize| part as f64 / of.max(1) as f64;
            let along = if looks == 1 {
                share(number, shown.saturating_sub(1))
            } else {
                #[expect(clippy::cast_precision_loss, reason = "a share")]
                let along = (at.0 - self.trial.span.from.0) as f64 / self.trial.span.millis().max(1) as f64;
                along
            };
            self.trial.points.push((along, *value));
        }
    }
}
