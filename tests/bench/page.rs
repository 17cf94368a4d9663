//! The page itself on the same file: dropped, read, entered, and each channel and category clicked and taken back. A
//! number is seen when the frame that shows it is painted; it counts if it is the oracle's.

use super::browser::Browser;
use super::memory::Watch;
use super::run::CHOOSING;
use super::site::Site;
use super::table::{quantile, thousands};
use super::truth::Click;
use fantoccini::Locator;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Each question is a task of the page.
const POLL: Duration = Duration::from_millis(500);
/// Until a click is answered.
const ANSWER: Duration = Duration::from_secs(10);

/// Runs in the page: when the file was chosen and its report complete, when the number after a click was painted, and how
/// long nothing else ran.
const LOOK: &str = r"
const look = (window.look = { chosen: 0, read: 0, answers: [], stall: 0 });
const number = () => document.querySelector('[data-metric=gmv]')?.dataset.value;
let click = null;
new MutationObserver(() => {
  if (!look.read && document.querySelector('[data-role=import-file][data-state=done]')) look.read = performance.now();
  if (!click || number() === click.was) return;
  const { at } = click;
  click = null;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => look.answers.push(performance.now() - at);
    channel.port2.postMessage(0);
  });
}).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-value', 'data-state'] });
addEventListener('change', event => { if (event.target.matches('[data-role=import]')) look.chosen = performance.now(); }, true);
addEventListener('click', event => {
  if (event.target.closest('[data-dim][data-key]')) click = { at: event.timeStamp, was: number() };
}, true);
let beat = performance.now();
setInterval(() => { const now = performance.now(); look.stall = Math.max(look.stall, now - beat); beat = now; }, 4);
return true";

/// What came of one visit.
#[derive(Default)]
struct Visit {
    /// Milliseconds from choosing the file to its report.
    read: f64,
    /// Milliseconds from each click to the painted number.
    answers: Vec<f64>,
    /// Longest that nothing else ran on the main thread: while it was read, and while it was clicked.
    kept: [f64; 2],
    /// Most bytes of its own.
    memory: u64,
    wrong: Vec<String>,
}

/// Visits `dist` `rounds` times with `file`, clicks what `clicks` names, the first of them being no clause, and yields
/// the table and whether all numbers were right.
pub async fn bench(dist: &Path, file: &Path, lines: u64, clicks: &[Click], rounds: usize) -> (String, bool) {
    let mut visits = Vec::new();
    for round in 0..rounds {
        let visit = visit(dist, file, lines, clicks).await;
        println!(
            "  round {} of {rounds}  the page     read {:>7.0} ms, click {:>6.1} ms",
            round + 1,
            visit.read,
            quantile(&visit.answers, 0.5)
        );
        visits.push(visit);
    }
    let median = |read: &dyn Fn(&Visit) -> f64| {
        let all: Vec<f64> = visits.iter().map(read).collect();
        quantile(&all, 0.5)
    };
    let mut text = format!(
        "### The page with {} lines, medians of {rounds}\n\n| measure | |\n|---|---:|",
        thousands(lines)
    );
    let mut row = |name: &str, value: String| {
        let _ = write!(text, "\n| {name} | {value} |");
    };
    row(
        "file chosen → report complete, ms",
        format!("{:.0}", median(&|visit| visit.read)),
    );
    let answers = |share| median(&|visit: &Visit| quantile(&visit.answers, share));
    row(
        "click → changed number painted, p50 / p95, ms",
        format!("{:.0} / {:.0}", answers(0.5), answers(0.95)),
    );
    row(
        "clicks a visit",
        format!("{:.0}", median(&|visit| visit.answers.len() as f64)),
    );
    row(
        "main thread kept, longest, reading / clicking, ms",
        format!(
            "{:.0} / {:.0}",
            median(&|visit| visit.kept[0]),
            median(&|visit| visit.kept[1])
        ),
    );
    row(
        "peak memory of the tab, MB",
        format!("{:.0}", median(&|visit| visit.memory as f64 / 1e6)),
    );
    text.push('\n');
    let wrong: Vec<&String> = visits.iter().flat_map(|visit| &visit.wrong).collect();
    for sentence in &wrong {
        let _ = write!(text, "\nWRONG: {sentence}\n");
    }
    (text, wrong.is_empty())
}

async fn visit(dist: &Path, file: &Path, lines: u64, clicks: &[Click]) -> Visit {
    let (site, browser) = (Site::serve(dist), Browser::start().await);
    let watch = Watch::start();
    browser.open(&site.url("index.html")).await;
    browser.js(LOOK).await;
    tokio::time::sleep(CHOOSING).await;
    browser.js("look.stall = 0").await;
    let input = browser.client.find(Locator::Css("input[data-role=import]")).await;
    let input = input.expect("the page has a file input");
    input
        .send_keys(&file.display().to_string())
        .await
        .expect("a file can be chosen");
    let limit = 120.max(lines / 20_000);
    browser
        .until_slowly("the file is read", limit, POLL, "return look.read > 0")
        .await;
    let mut visit = Visit::default();
    let look = browser.js("return window.look").await;
    let number = |look: &Value, name: &str| look[name].as_f64().unwrap_or(f64::NAN);
    visit.read = number(&look, "read") - number(&look, "chosen");
    visit.kept[0] = number(&look, "stall");
    browser.click("[data-role=enter]").await;
    let Some((whole, clicks)) = clicks.split_first() else {
        return visit;
    };
    visit.wrong.extend(settled(&browser, whole).await);
    browser.js("look.stall = 0").await;
    for click in clicks {
        let place = format!(
            "const all = [...document.querySelectorAll('[data-dim={}][data-key]')];
             const box = all.find(row => row.dataset.key === '{}' && row.offsetParent)?.getBoundingClientRect();
             return box && [box.left + 20, box.top + box.height / 2]",
            click.dim, click.key
        );
        // On and off again; one that the screen has no room for is left out.
        for right in [click, whole] {
            let place = browser.js(&place).await;
            if place.is_null() {
                break;
            }
            for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
                let buttons = u32::from(kind == "mousePressed");
                let event = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "buttons": buttons, "clickCount": 1 });
                browser.cdp("Input.dispatchMouseEvent", event).await;
            }
            visit.wrong.extend(settled(&browser, right).await);
        }
    }
    let look = browser.js("return window.look").await;
    let answers = look["answers"].as_array().into_iter().flatten();
    visit.answers = answers.filter_map(Value::as_f64).collect();
    visit.kept[1] = number(&look, "stall");
    drop(browser);
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    visit.memory = watch
        .stop()
        .peak(0.0, now.map_or(f64::MAX, |now| now.as_secs_f64() * 1e3))
        .0;
    visit
}

/// Waits until the numbers are those of `click`, and what is wrong if they do not become so; then lets the page rest.
async fn settled(browser: &Browser, click: &Click) -> Option<String> {
    let end = Instant::now() + ANSWER;
    let script = "const value = id => document.querySelector(`[data-metric=${id}]`)?.dataset.value;
        return [Math.round(+value('gmv') * 100), +value('orders_created')]";
    let right = json!([click.cents, click.orders]);
    loop {
        // It was painted before it is asked for: a question is a task of the page.
        tokio::time::sleep(POLL).await;
        let seen = browser.js(script).await;
        if seen[0].as_f64() == right[0].as_f64() && seen[1].as_f64() == right[1].as_f64() {
            return None;
        }
        if Instant::now() >= end {
            return Some(format!("{} {}: {seen} instead of {right}", click.dim, click.key));
        }
    }
}
