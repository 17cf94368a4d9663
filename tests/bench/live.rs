//! A live source against the page: how soon an event is seen, what a flood does, what stays of days.
//!
//! The server is a real one of `stockpit.v1`, the page the release in headless Chromium, with all its charts. A number is
//! seen when the frame that shows it is painted. What stands at the end must be what [`Flow`] counted.

use super::broadcaster::{Broadcaster, Guest};
use super::browser::Browser;
use super::flow::{CHANNELS, Flow, START_MS};
use super::memory::{Memory, Watch};
use super::site::Site;
use super::table::quantile;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// From the first word of the page to the first event: it has compiled by then.
const WARM: Duration = Duration::from_secs(4);
/// Batches that the server still has, in bytes.
const LOGGED: usize = 96 << 20;
/// Between two clicks of the probe.
const CLICKS: Duration = Duration::from_millis(450);

/// What is sent for a while.
#[derive(Clone, Copy)]
struct Phase {
    batches: u64,
    /// Milliseconds from one to the next.
    every: u64,
    /// Events in each.
    events: usize,
    /// New orders of 100 events.
    fresh: u64,
    /// Milliseconds that pass in the shop with each.
    shop: i64,
}

impl Phase {
    /// `events` a second for `secs` seconds, in batches of `every` milliseconds.
    const fn at_rate(events: u64, secs: u64, every: u64) -> Self {
        Self {
            batches: secs * 1_000 / every,
            every,
            events: (events * every / 1_000) as usize,
            fresh: 50,
            shop: every as i64,
        }
    }

    /// `hours` of a shop with 3 events a second, a minute each 30 ms.
    const fn of_hours(hours: u64, fresh: u64) -> Self {
        Self {
            batches: hours * 60,
            every: 30,
            events: 180,
            fresh,
            shop: 60_000,
        }
    }

    const fn millis(&self) -> u64 {
        self.batches * self.every
    }
}

/// What the server has said.
struct Said {
    flow: Flow,
    /// The last batches, with their numbers.
    log: VecDeque<(u64, Arc<str>)>,
    logged: usize,
    last: u64,
    shop: i64,
    start: Option<Instant>,
    /// Of each batch when its first event happened, milliseconds since 1970, the milliseconds that it spans, its events
    /// and the orders there were after it.
    sent: Vec<(f64, f64, usize, i64)>,
}

/// Milliseconds since 1970.
fn wall() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0.0, |since| since.as_secs_f64() * 1e3)
}

impl Said {
    /// The phase of batch `seq`, from 1, and the milliseconds from the start to its end.
    fn place(phases: &[Phase], seq: u64) -> Option<(Phase, u64)> {
        let (mut first, mut millis) = (1, 0);
        for phase in phases {
            if seq < first + phase.batches {
                return Some((*phase, millis + (seq - first + 1) * phase.every));
            }
            first += phase.batches;
            millis += phase.millis();
        }
        None
    }

    /// Batch `seq`, which may be the next; `None`: it is gone.
    fn batch(&mut self, phase: Phase, seq: u64) -> Option<Arc<str>> {
        if seq <= self.last {
            let place = self.log.binary_search_by_key(&seq, |(seq, _)| *seq).ok()?;
            return self.log.get(place).map(|(_, text)| Arc::clone(text));
        }
        let from = self.shop;
        self.shop += phase.shop;
        let text: Arc<str> = self
            .flow
            .batch(seq, (from, self.shop), phase.events, phase.fresh)
            .into();
        let span = phase.every as f64;
        self.sent
            .push((wall() - span, span, phase.events, self.flow.created()));
        self.last = seq;
        self.logged += text.len();
        self.log.push_back((seq, Arc::clone(&text)));
        while self.logged > LOGGED {
            self.logged -= self.log.pop_front().map_or(0, |(_, text)| text.len());
        }
        Some(text)
    }
}

/// Serves one connection to the end.
fn serve(said: &Mutex<Said>, phases: &[Phase], guest: &mut Guest, closing: &AtomicBool) {
    let mut seq = guest.resume_after() + 1;
    let start = *said
        .lock()
        .expect("no panic holds it")
        .start
        .get_or_insert_with(|| Instant::now() + WARM);
    while let Some((phase, millis)) = Said::place(phases, seq) {
        let due = start + Duration::from_millis(millis);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let batch = said.lock().expect("no panic holds it").batch(phase, seq);
        if closing.load(Ordering::Relaxed) || batch.is_some_and(|text| !guest.say(&*text)) {
            return;
        }
        seq += 1;
    }
    let beat = json!({ "type": "heartbeat", "seq": seq - 1 }).to_string();
    while !closing.load(Ordering::Relaxed) && guest.say(beat.as_str()) {
        thread::sleep(Duration::from_millis(500));
    }
}

/// Runs in the page: when which number of orders was painted, how long a click takes, how long nothing else ran.
const LOOK: &str = r"
const look = (window.look = { seen: [], answers: [], inputs: {}, stall: 0, clicks: 0 });
const painted = then => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => then(performance.now());
  channel.port2.postMessage(0);
});
let last = null, probe = null;
new MutationObserver(() => {
  const value = document.querySelector('[data-metric=orders_created]')?.dataset.value;
  if (!value || value === last) return;
  last = value;
  const now = +value;
  painted(at => look.seen.push([now, performance.timeOrigin + at]));
  if (probe && (probe.isOn ? now < probe.was * 0.8 : now > probe.was * 1.2)) {
    const { at } = probe;
    probe = null;
    painted(end => look.answers.push(end - at));
  }
}).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-value'] });
addEventListener('pointerdown', event => {
  const button = event.target.closest('[data-dim=channel]');
  if (!button) return;
  look.clicks++;
  probe = { at: event.timeStamp, was: +last, isOn: button.getAttribute('aria-pressed') !== 'true' };
}, true);
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) {
    if (entry.interactionId) look.inputs[entry.interactionId] = Math.max(look.inputs[entry.interactionId] || 0, entry.duration);
  }
}).observe({ type: 'event', durationThreshold: 16 });
let tick = performance.now();
setInterval(() => { const now = performance.now(); look.stall = Math.max(look.stall, now - tick - 20); tick = now; }, 20);
return true";

/// What came of a run.
pub struct Run {
    phases: Vec<Phase>,
    sent: Vec<(f64, f64, usize, i64)>,
    look: Value,
    memory: Memory,
    /// When the first event happened, milliseconds since 1970.
    start: f64,
    /// Seconds from the last batch to the right numbers; else what was wrong.
    end: Result<f64, String>,
    /// The main thread's work at moments, in milliseconds, with the clock.
    work: Vec<(f64, f64)>,
    connections: usize,
    problem: String,
}

/// Follows a server of `phases`; while they last the page is clicked if it `is_probed`, and its work is read at `moments`,
/// shares of the whole.
async fn run(dist: &Path, phases: Vec<Phase>, is_probed: bool, moments: &[f64]) -> Run {
    let said = Arc::new(Mutex::new(Said {
        flow: Flow::new(618),
        log: VecDeque::new(),
        logged: 0,
        last: 0,
        shop: START_MS,
        start: None,
        sent: Vec::new(),
    }));
    let (own, served) = (Arc::clone(&said), phases.clone());
    let server = Broadcaster::open(move |guest, closing| serve(&own, &served, guest, closing));
    let (site, browser) = (Site::serve(dist), Browser::start().await);
    let watch = Watch::start();
    browser
        .open(&site.url(&format!("index.html?feed={}", server.url())))
        .await;
    browser.js(LOOK).await;
    browser.click("button[data-role=feed-allow]").await;
    browser.click("[data-role=dialog] [data-role=close]").await;
    browser.cdp("Performance.enable", json!({})).await;

    let start = loop {
        if let Some(start) = said.lock().expect("no panic holds it").start {
            break start;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let start_ms = wall() + start.saturating_duration_since(Instant::now()).as_secs_f64() * 1e3;
    let millis: u64 = phases.iter().map(Phase::millis).sum();
    let at = |share: f64| start + Duration::from_secs_f64(millis as f64 / 1e3 * share);
    let (mut work, mut left) = (Vec::new(), moments.iter());
    let mut moment = left.next();
    while Instant::now() < at(1.0) {
        if moment.is_some_and(|share| Instant::now() >= at(*share)) {
            work.push(main_thread(&browser).await);
            moment = left.next();
        }
        if is_probed && Instant::now() > start + Duration::from_secs(2) {
            click(&browser).await;
        }
        tokio::time::sleep(CLICKS).await;
    }
    if moment.is_some() {
        work.push(main_thread(&browser).await);
    }
    let clear = "document.querySelector('[data-dim=channel][aria-pressed=true]')?.click()";
    browser.js(clear).await;
    let truth = loop {
        let truth = {
            let said = said.lock().expect("no panic holds it");
            let is_over = Said::place(&phases, said.last + 1).is_none();
            is_over.then(|| said.flow.truth())
        };
        match truth {
            Some(truth) => break truth,
            None => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    let end = become_true(&browser, &truth, at(1.0)).await;
    let look = browser.js("return window.look").await;
    let problem = browser
        .text("const s = document.querySelector('[data-role=source]'); return s && s.dataset.state + ' ' + (s.dataset.problem ?? '')")
        .await;
    let sent = said.lock().expect("no panic holds it").sent.clone();
    let connections = server.hellos().len();
    drop(browser);
    Run {
        phases,
        sent,
        look,
        memory: watch.stop(),
        start: start_ms,
        end,
        work,
        connections,
        problem,
    }
}

/// Clicks the first channel, with the pointer.
async fn click(browser: &Browser) {
    let place = format!(
        "const box = document.querySelector('[data-dim=channel][data-key=\"{}\"]')?.getBoundingClientRect();
         return box && [box.left + 20, box.top + box.height / 2]",
        CHANNELS[0]
    );
    let place = browser.js(&place).await;
    for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
        let buttons = u32::from(kind == "mousePressed");
        let event = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "buttons": buttons, "clickCount": 1 });
        browser.cdp("Input.dispatchMouseEvent", event).await;
    }
}

/// Milliseconds that the main thread has worked, and on the clock.
async fn main_thread(browser: &Browser) -> (f64, f64) {
    let metrics = browser.cdp("Performance.getMetrics", json!({})).await;
    let all = metrics["metrics"].as_array().into_iter().flatten();
    let work: f64 = all
        .filter(|metric| metric["name"] == "TaskDuration")
        .filter_map(|metric| metric["value"].as_f64())
        .sum();
    let clock = browser.js("return performance.now()").await;
    (work * 1e3, clock.as_f64().unwrap_or(0.0))
}

/// Waits for the numbers of `truth`; seconds since `since`.
async fn become_true(
    browser: &Browser,
    truth: &BTreeMap<&'static str, String>,
    since: Instant,
) -> Result<f64, String> {
    // A canonical number says no zeros that change nothing.
    let plain = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    let script = "return Object.fromEntries([...document.querySelectorAll('[data-metric]')].map(m => [m.dataset.metric, m.dataset.value]))";
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let seen = browser.js(script).await;
        let wrong: Vec<String> = truth
            .iter()
            .filter_map(|(id, value)| {
                let found = seen[*id].as_str().unwrap_or_default();
                (plain(found) != plain(value)).then(|| format!("{id} is {found}, not {value}"))
            })
            .collect();
        if wrong.is_empty() {
            return Ok(since.elapsed().as_secs_f64());
        }
        if Instant::now() > end {
            return Err(wrong.join("; "));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl Run {
    fn events(&self) -> f64 {
        self.phases
            .iter()
            .map(|phase| phase.batches as f64 * phase.events as f64)
            .sum()
    }

    /// When a share of the whole has passed, milliseconds since 1970.
    fn at(&self, share: f64) -> f64 {
        self.start + share * self.phases.iter().map(Phase::millis).sum::<u64>() as f64
    }

    fn list(&self, name: &str) -> Vec<f64> {
        self.look[name]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_f64)
            .collect()
    }

    /// Of each event the milliseconds until it was painted, without those of the first two seconds.
    fn waits(&self) -> Vec<f64> {
        let seen: Vec<(i64, f64)> = self.look["seen"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|pair| Some((pair[0].as_i64()?, pair[1].as_f64()?)))
            .collect();
        let mut waits = Vec::new();
        for &(first, span, events, orders) in &self.sent {
            let at = seen
                .iter()
                .filter(|(_, at)| *at >= first)
                .find(|(shown, _)| *shown >= orders);
            if let Some((_, at)) = at.filter(|_| first > self.start + 2_000.0) {
                waits.extend((0..events).map(|event| at - first - span * event as f64 / events as f64));
            }
        }
        waits
    }

    /// Milliseconds from a click to the next frame; the browser tells none below 16.
    fn inputs(&self) -> Vec<f64> {
        let told = self.look["inputs"].as_object().into_iter().flatten();
        let mut all: Vec<f64> = told.filter_map(|(_, millis)| millis.as_f64()).collect();
        let clicks = self.look["clicks"].as_f64().unwrap_or(0.0) as usize;
        all.resize(all.len().max(clicks), 16.0);
        all
    }

    fn numbers(&self) -> String {
        match &self.end {
            Ok(secs) => format!("exact {secs:.1} s after the last event"),
            Err(wrong) => format!("WRONG: {wrong}"),
        }
    }

    fn json(&self) -> Value {
        json!({ "look": self.look, "connections": self.connections, "source": self.problem, "numbers": self.numbers(), "work": self.work, "memory": self.memory.each_second() })
    }
}

const MB: f64 = 1e6;

fn spread(values: &[f64]) -> String {
    let at = |share| quantile(values, share);
    format!("{:.0} / {:.0} / {:.0} ms", at(0.5), at(0.95), at(0.99))
}

/// Runs the parts named in `parts` (`a`, `b`, `c`), prints their table and keeps it in `work`; false where a number was
/// wrong at the end.
pub async fn bench(dist: &Path, work: &Path, parts: &str) -> bool {
    let mut text = String::from("| a live source | measured |\n|---|---:|");
    let mut kept = serde_json::Map::new();
    let mut is_right = true;
    let mut row = |name: &str, value: String| {
        let _ = write!(text, "\n| {name} | {value} |");
    };
    if parts.contains('a') {
        let run = run(dist, vec![Phase::at_rate(2_000, 30, 20)], false, &[]).await;
        let updates = run.look["seen"].as_array().map_or(0, Vec::len);
        row(
            "2,000 events/s for 30 s: event → painted number, p50 / p95 / p99",
            spread(&run.waits()),
        );
        row(
            "updates of the screen a second",
            format!("{:.1}", updates as f64 / 30.0),
        );
        row(
            "longest the main thread was kept",
            format!("{:.0} ms", run.look["stall"].as_f64().unwrap_or(f64::NAN)),
        );
        row("numbers at the end", run.numbers());
        is_right &= run.end.is_ok();
        kept.insert("a".to_owned(), run.json());
    }
    if parts.contains('b') {
        let run = run(dist, vec![Phase::at_rate(20_000, 60, 50)], true, &[]).await;
        let minute = |from: f64, to: f64| run.memory.median(run.at(from), run.at(to)) as f64 / MB;
        row(
            "20,000 events/s for 60 s: click → next frame, p50 / p95 / p99",
            spread(&run.inputs()),
        );
        row(
            "click → filtered number painted, p50 / p95 / p99",
            spread(&run.list("answers")),
        );
        row(
            "clicks, answered",
            format!("{}, {}", run.look["clicks"], run.list("answers").len()),
        );
        row(
            "longest the main thread was kept",
            format!("{:.0} ms", run.look["stall"].as_f64().unwrap_or(f64::NAN)),
        );
        let peak = run.memory.peak(run.start, f64::MAX).0 as f64 / MB;
        row(
            "memory of the tab at the start / peak / end",
            format!(
                "{:.0} / {peak:.0} / {:.0} MB",
                minute(-0.03, 0.0),
                minute(1.0, 2.0)
            ),
        );
        let orders = run.sent.last().map_or(0, |sent| sent.3);
        row(
            "events, orders, connections",
            format!("{:.0}, {orders}, {}", run.events(), run.connections),
        );
        row("numbers at the end", run.numbers());
        is_right &= run.end.is_ok();
        kept.insert("b".to_owned(), run.json());
    }
    if parts.contains('c') {
        let phases = vec![Phase::of_hours(36, 25), Phase::of_hours(36, 0)];
        let run = run(dist, phases, false, &[0.05, 0.15, 0.4, 0.5, 0.9, 1.0]).await;
        let hour = run.phases.iter().map(Phase::millis).sum::<u64>() as f64 / 72.0;
        let orders_at = |share: f64| {
            let at = run.at(share);
            run.sent
                .iter()
                .rev()
                .find(|sent| sent.0 <= at)
                .map_or(0.0, |sent| sent.3 as f64)
        };
        let slope = |from: f64, to: f64| run.memory.slope(run.at(from), run.at(to)) * hour;
        let (grown, still) = (slope(0.1, 0.5), slope(0.6, 1.0));
        let rows = (orders_at(0.5) - orders_at(0.1)) / (0.4 * 72.0);
        row(
            "72 h, 3 events/s, replayed 2,000 times as fast: events, orders",
            format!("{:.0}, {:.0}", run.events(), orders_at(1.0)),
        );
        row(
            "heap slope while a quarter of the events are new orders",
            format!("{:.3} MB/h, {:.0} bytes a new order", grown / MB, grown / rows),
        );
        row(
            "heap slope while all events are of known orders",
            format!("{:.3} MB/h", still / MB),
        );
        let memory = |share: f64| run.memory.median(run.at(share - 0.01), run.at(share + 0.01)) as f64 / MB;
        row(
            "memory of the tab after 7 / 36 / 43 / 72 h",
            format!(
                "{:.0} / {:.0} / {:.0} / {:.0} MB",
                memory(0.1),
                memory(0.5),
                memory(0.6),
                memory(1.0)
            ),
        );
        let each = |at: usize| match run.work.get(at).zip(run.work.get(at + 1)) {
            Some((from, to)) => 100.0 * (to.0 - from.0) / (to.1 - from.1).max(1.0),
            None => f64::NAN,
        };
        row(
            "main thread at work, hours 4–11 / 29–36 / 65–72",
            format!("{:.0} / {:.0} / {:.0} %", each(0), each(2), each(4)),
        );
        row("event → painted number, p50 / p95 / p99", spread(&run.waits()));
        row(
            "longest the main thread was kept",
            format!("{:.0} ms", run.look["stall"].as_f64().unwrap_or(f64::NAN)),
        );
        row(
            "connections, numbers at the end",
            format!("{}, {}", run.connections, run.numbers()),
        );
        is_right &= run.end.is_ok();
        kept.insert("c".to_owned(), run.json());
    }
    std::fs::create_dir_all(work).expect("target/ can be written");
    std::fs::write(
        work.join(format!("live-{parts}.json")),
        Value::Object(kept).to_string(),
    )
    .expect("results can be kept");
    std::fs::write(work.join(format!("live-{parts}.md")), &text).expect("the table can be kept");
    println!("{text}");
    is_right
}
