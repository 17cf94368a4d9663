//! The default rules of alerts against what only the simulator knows: who runs out when, when demand leaps.
//!
//! The shop is fed to the engine as a live source would, with its own time. A run-out is a moment from which nothing of
//! goods that are asked for can be sold for an hour; it is caught if an alert has stood since a day before. A burst is one
//! of [`Truth::bursts`]; it is caught by a burst alert that begins after it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use stockpit::engine::{Engine, SourceHealth};
use stockpit::feed::{Batch, Envelope, envelope};
use stockpit::ingest::{Events, Intake};
use stockpit::protocol::{Command, Event, Settings, View};
use stockpit::sim::{Burst, Happened, SHOP, STARTS_AT, Shop, ZONE, speak};
use stockpit::time::UtcMillis;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// How long a leap of demand lasts that the simulator does not plan.
const SURGE_MINUTES: usize = 20;

/// What is looked at how often.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Seed of the shop.
    pub seed: u64,
    /// Days of the shop that count, from 0 = 2026-04-20.
    pub days: (i64, i64),
    /// Milliseconds between two evaluations, and around a burst.
    pub every: (i64, i64),
}

/// A rule, goods and place.
type Key = (String, String, String);

/// An alert that stood.
#[derive(Clone, Debug)]
struct Episode {
    key: Key,
    from: i64,
    to: i64,
}

/// What can be sold of goods, by warehouse, and since when that is nothing.
#[derive(Default)]
struct Goods {
    places: BTreeMap<String, i64>,
    out: Option<i64>,
    out_places: BTreeMap<String, i64>,
}

/// How the rules did.
#[derive(Debug, Default)]
pub struct Score {
    /// Days that count.
    pub days: i64,
    /// Of each run-out of goods everywhere the hours from alert to run-out; `None`: no alert stood.
    pub run_outs: Vec<Option<f64>>,
    /// The same of goods in one warehouse, while others still have some.
    pub place_run_outs: Vec<Option<f64>>,
    /// Of each burst how many times what was before it was, and the seconds until it was told.
    pub bursts: Vec<(f64, Option<f64>)>,
    /// The same of livestreams that come in most weeks: usual ones.
    pub shows: Vec<(f64, Option<f64>)>,
    /// Alerts that began, by rule: all, and those that were about nothing.
    pub alerts: BTreeMap<String, (usize, usize)>,
    /// Of those that were about nothing, when.
    pub wrong: Vec<String>,
    /// Each burst, in words.
    pub told: Vec<String>,
}

/// Runs the shop and scores the rules.
pub fn score(plan: Plan) -> Score {
    let at = |day: i64| STARTS_AT.0 + day * DAY;
    let (from, to) = (at(plan.days.0), at(plan.days.1));
    let surges = surges(plan);
    let mut seen = Shop::open(plan.seed);
    for surge in &surges {
        seen.advance(UtcMillis(surge.0 - 1));
        seen.surge(surge.1, SURGE_MINUTES);
    }
    seen.advance(UtcMillis(to));
    let bursts: Vec<Burst> = seen
        .truth()
        .bursts()
        .filter(|burst| (from..to).contains(&burst.at.0))
        .collect();

    let mut engine = Engine::new();
    let settings = Settings {
        zone: ZONE.to_owned(),
        currency: "CNY".to_owned(),
        ..Settings::default()
    };
    engine.apply(
        Command::Open {
            settings,
            view: View::default(),
            request: 0,
            demo: None,
        },
        STARTS_AT,
    );
    let mut shop = Shop::open(plan.seed);
    let mut world = World::default();
    let mut now = from;
    let mut seq = 0;
    while now <= to {
        let happened = shop.advance(UtcMillis(now));
        seq += 1;
        feed(&mut engine, seq, now, &happened);
        world.stock(&happened, now);
        world.hear(&mut engine, now);
        let near = |burst: &Burst| (-2 * MINUTE..20 * MINUTE).contains(&(now - burst.at.0));
        let is_near = bursts.iter().any(near);
        if let Some(surge) = surges.iter().find(|surge| surge.0 - 1 == now) {
            shop.surge(surge.1, SURGE_MINUTES);
        }
        let next = bursts
            .iter()
            .map(|burst| burst.at.0 - 2 * MINUTE)
            .chain(surges.iter().map(|surge| surge.0 - 1))
            .filter(|at| *at > now)
            .min();
        let step = now + if is_near { plan.every.1 } else { plan.every.0 };
        now = next.map_or(step, |next| next.min(step));
    }
    world.score(&shop, &bursts, (from, to))
}

/// Leaps of demand of 3, 6 and 12 times, at an hour between 9 and 23 of every other day: when, and how many orders a
/// minute.
fn surges(plan: Plan) -> Vec<(i64, f64)> {
    let days = (plan.days.0 + 1..plan.days.1).filter(|day| day % 2 == 0);
    days.map(|day| {
        let minute = (9 + day * 5 % 14) * 60 + day * 7 % 60;
        let times = match day / 2 % 3 {
            0 => 3.0,
            1 => 6.0,
            _ => 12.0,
        };
        (STARTS_AT.0 + day * DAY + minute * MINUTE, (times - 1.0) * 1.1)
    })
    .collect()
}

fn feed(engine: &mut Engine, seq: u64, now: i64, happened: &Happened) {
    let Some(text) = speak(seq, UtcMillis(now), happened, STARTS_AT) else {
        return;
    };
    let Envelope::Batch(Batch {
        orders: Some(orders),
        stock: Some(stock),
        ..
    }) = envelope(&text)
    else {
        panic!("the shop speaks in batches")
    };
    let mut events = Events::new(engine.reading());
    assert!(events.orders(orders) && events.stock(stock, None));
    assert_eq!(events.rejected(), (0, None));
    let reads = events.finish(SHOP);
    let imports = reads
        .into_iter()
        .map(|read| Intake::of(&read).finish(read))
        .collect();
    engine.enter_live("demo", imports, Some(seq), UtcMillis(now));
}

/// What is true, and what was told.
#[derive(Default)]
struct World {
    goods: BTreeMap<String, Goods>,
    /// Goods that ran out, where (empty: everywhere) and when; of those in a place whether others had some.
    outs: Vec<(String, String, i64)>,
    standing: BTreeMap<Key, i64>,
    episodes: Vec<Episode>,
}

impl World {
    fn stock(&mut self, happened: &Happened, now: i64) {
        let columns = happened.stock.columns();
        for row in 0..columns.len() {
            let goods = self
                .goods
                .entry(columns.skus.text(columns.sku[row]).to_owned())
                .or_default();
            let place = columns.warehouses.text(columns.warehouse[row]).to_owned();
            goods.places.insert(place, columns.available[row]);
        }
        for goods in self.goods.values_mut() {
            let is_out = goods.places.values().all(|units| *units <= 0);
            goods.out = is_out.then(|| goods.out.unwrap_or(now));
            for (place, units) in &goods.places {
                if *units > 0 {
                    goods.out_places.remove(place);
                } else {
                    goods.out_places.entry(place.clone()).or_insert(now);
                }
            }
        }
        for (sku, goods) in &self.goods {
            let whole = goods.out.iter().map(|since| (String::new(), *since));
            let places = goods
                .out_places
                .iter()
                .map(|(place, since)| (place.clone(), *since));
            for (place, since) in whole.chain(places).filter(|(_, since)| now - since >= HOUR) {
                let out = (sku.clone(), place, since);
                if !self.outs.contains(&out) {
                    self.outs.push(out);
                }
            }
        }
    }

    fn hear(&mut self, engine: &mut Engine, now: i64) {
        engine.hear_of_sources(vec![SourceHealth {
            source: SHOP.to_owned(),
            heard_at: UtcMillis(now),
            usual_millis: MINUTE,
            brings: (true, true),
        }]);
        let Some(Event::Alerts(view)) = engine.watch(UtcMillis(now)) else {
            return;
        };
        let record = view.record.expect("own rows have a record");
        let told: BTreeSet<Key> = record
            .lines()
            .map(|line| {
                let mut parts = line.split('\t').map(str::to_owned);
                let mut next = || parts.next().unwrap_or_default();
                let (rule, place, sku) = (next(), next(), next());
                (rule, sku, place)
            })
            .collect();
        let ended: Vec<Key> = self
            .standing
            .keys()
            .filter(|key| !told.contains(*key))
            .cloned()
            .collect();
        for key in ended {
            let from = self.standing.remove(&key).unwrap_or(now);
            self.episodes.push(Episode { key, from, to: now });
        }
        for key in told {
            self.standing.entry(key).or_insert(now);
        }
    }

    fn score(mut self, shop: &Shop, bursts: &[Burst], (from, to): (i64, i64)) -> Score {
        let standing = std::mem::take(&mut self.standing);
        self.episodes
            .extend(standing.into_iter().map(|(key, from)| Episode {
                key,
                from,
                to: i64::MAX,
            }));
        let mut score = Score {
            days: (to - from) / DAY,
            ..Score::default()
        };
        let truth = shop.truth();
        let sku_at = |sku: &str| truth.codes().iter().position(|code| code == sku);
        let day_of = |at: i64| usize::try_from((at - STARTS_AT.0) / DAY).unwrap_or(0);
        // What nobody asks for does not run out.
        let is_wanted = |sku: &str, at: i64| {
            let (Some(sku), day) = (sku_at(sku), day_of(at)) else {
                return false;
            };
            (day.saturating_sub(7)..=day)
                .map(|day| truth.demand_of_sku(day, sku))
                .sum::<u32>()
                > 0
        };
        let of_goods = ["low_cover", "stock_out", "oversell"];
        // The first day tells what stood before.
        for (sku, place, at) in self
            .outs
            .iter()
            .filter(|out| out.2 >= from + 2 * DAY && out.2 <= to)
        {
            if !is_wanted(sku, *at) {
                continue;
            }
            let stood = self.episodes.iter().filter(|told| {
                let (rule, own, _) = &told.key;
                own == sku && of_goods.contains(&rule.as_str()) && told.from <= *at && told.to >= *at - HOUR
            });
            let lead = stood
                .map(|told| (at - told.from) as f64 / HOUR as f64)
                .max_by(f64::total_cmp);
            if place.is_empty() {
                score.run_outs.push(lead);
            } else if !self
                .outs
                .iter()
                .any(|other| other.0 == *sku && other.1.is_empty() && (other.2 - at).abs() < DAY)
            {
                score.place_run_outs.push(lead);
            }
        }
        for burst in bursts.iter().filter(|burst| burst.at.0 >= from + DAY) {
            let told = self.episodes.iter().filter(|told| {
                told.key.0 == "sales_spike" && (0..30 * MINUTE).contains(&(told.from - burst.at.0))
            });
            let wait = told
                .map(|told| (told.from - burst.at.0) as f64 / SECOND as f64)
                .min_by(f64::total_cmp);
            score.told.push(format!(
                "{:.3} × {:.1}: {wait:?}",
                (burst.at.0 - STARTS_AT.0) as f64 / DAY as f64,
                burst.times
            ));
            let all = if burst.is_show {
                &mut score.shows
            } else {
                &mut score.bursts
            };
            all.push((burst.times, wait));
        }
        for told in self.episodes.iter().filter(|told| told.from >= from + DAY) {
            let (rule, sku, _) = &told.key;
            let ran_out = |within: i64| {
                let is_of = |out: &&(String, String, i64)| out.0 == *sku;
                let mut outs = self.outs.iter().filter(is_of);
                outs.any(|out| (told.from - HOUR..told.from + within).contains(&out.2))
            };
            let is_right = match rule.as_str() {
                "low_cover" => ran_out(3 * DAY) || told.from + 3 * DAY > to,
                "sales_spike" => bursts
                    .iter()
                    .any(|burst| (-MINUTE..2 * HOUR).contains(&(told.from - burst.at.0))),
                // Nothing of the kind is ever the matter with this shop.
                "sales_drop" | "refund_surge" | "stock_negative" | "feed_stale" => false,
                _ => true,
            };
            let entry = score.alerts.entry(rule.clone()).or_default();
            entry.0 += 1;
            entry.1 += usize::from(!is_right);
            if !is_right && rule != "low_cover" {
                score.wrong.push(format!(
                    "{rule} {sku} day {:.2}",
                    (told.from - STARTS_AT.0) as f64 / DAY as f64
                ));
            }
        }
        score
    }
}

/// Of those that were told, how many are so.
fn share<T>(all: &[T], is_so: impl Fn(&T) -> bool) -> String {
    format!("{} of {}", all.iter().filter(|one| is_so(one)).count(), all.len())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

impl Score {
    /// Alerts of a rule that were about nothing, for each day.
    pub fn wrong_a_day(&self, rule: &str) -> f64 {
        self.alerts.get(rule).map_or(0.0, |count| count.1 as f64) / self.days as f64
    }

    /// The table.
    pub fn table(&self) -> String {
        let mut text = format!(
            "| the default rules, {} simulated days | |\n|---|---:|",
            self.days
        );
        let mut row = |name: &str, value: String| {
            let _ = write!(text, "\n| {name} | {value} |");
        };
        let is_early = |lead: &Option<f64>| lead.is_some_and(|hours| hours >= 24.0);
        let leads = |leads: &[Option<f64>]| median(leads.iter().map(|lead| lead.unwrap_or(0.0)));
        row(
            "goods that run out: caught at least a day ahead",
            share(&self.run_outs, is_early),
        );
        row("… median lead", format!("{:.0} h", leads(&self.run_outs)));
        row(
            "goods that run out in one warehouse only: caught at least a day ahead",
            share(&self.place_run_outs, is_early),
        );
        for (name, least, most) in [
            ("8 times and more", 8.0, f64::MAX),
            ("4 to 8 times", 4.0, 8.0),
            ("2 to 4 times", 2.0, 4.0),
        ] {
            let bursts: Vec<_> = self
                .bursts
                .iter()
                .filter(|burst| (least..most).contains(&burst.0))
                .copied()
                .collect();
            let within = |secs: f64| share(&bursts, |burst| burst.1.is_some_and(|wait| wait <= secs));
            let wait = median(bursts.iter().map(|burst| burst.1.unwrap_or(f64::INFINITY)));
            let half = if wait.is_finite() {
                format!("half of them within {wait:.0} s")
            } else {
                "fewer than half of them".to_owned()
            };
            row(
                &format!("bursts of {name}: caught within 60 s / 15 min"),
                format!("{} / {}, {half}", within(60.0), within(900.0)),
            );
        }
        row(
            "livestreams, one in most weeks at that hour: told as bursts",
            share(&self.shows, |show| show.1.is_some()),
        );
        for (rule, (all, wrong)) in &self.alerts {
            let a_day = |count: usize| count as f64 / self.days as f64;
            row(
                &format!("`{rule}`: alerts a day, of these false"),
                format!("{:.2}, {:.2}", a_day(*all), a_day(*wrong)),
            );
        }
        text
    }
}
