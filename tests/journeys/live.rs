//! Sources that stay connected: a real WebSocket server, in all weathers.

use crate::broadcaster::{Broadcaster, Chance, Guest, Story};
use crate::browser::Browser;
use crate::shared::plain;
use crate::site::Site;
use crate::{dist, within};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const EVENTS: usize = 200_000;
const OF_BATCH: usize = 200;
const BREAKS: usize = 50;
const TOKEN: &str = "t0p-secret";

fn heartbeat(seq: u64) -> String {
    json!({ "type": "heartbeat", "seq": seq, "at": "2026-06-03T10:00:00+08:00" }).to_string()
}

impl Browser {
    /// Follows `url` from now on.
    pub async fn follow(&self, url: &str, token: &str) {
        self.open_sources().await;
        self.fill("source-url", url).await;
        self.fill("source-token", token).await;
        self.click("[data-role=source-add]").await;
    }

    /// Waits until all numbers of `truth` stand on the page.
    pub async fn numbers_become(&self, truth: &BTreeMap<&'static str, String>, seconds: u64) {
        let end = std::time::Instant::now() + Duration::from_secs(seconds);
        loop {
            let seen = self.numbers(truth).await;
            let expect: BTreeMap<&str, String> =
                truth.iter().map(|(id, value)| (*id, plain(value))).collect();
            if seen == expect {
                return;
            }
            if std::time::Instant::now() > end {
                let source =
                    "return JSON.stringify({ ...document.querySelector('[data-role=source]')?.dataset })";
                let source = self.text(source).await;
                self.give_up(&format!(
                    "expected {expect:?}\n  but saw {seen:?}\n  source: {source}"
                ))
                .await;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn numbers(&self, of: &BTreeMap<&'static str, String>) -> BTreeMap<&'static str, String> {
        let script = "return Object.fromEntries([...document.querySelectorAll('[data-metric]')].map(m => [m.dataset.metric, m.dataset.value]))";
        let seen = self.js(script).await;
        let value = |id: &&'static str| {
            let text = seen[*id].as_str().unwrap_or_default();
            (*id, plain(text))
        };
        of.keys().map(value).collect()
    }
}

/// Tells `story` in disorder, with doubles, and breaks off when a place of `breaks` is reached for the first time.
fn tell(story: &Story, breaks: &Mutex<Vec<usize>>, guest: &mut Guest, closing: &AtomicBool) {
    let mut chance = Chance::new(guest.number as u64 + 77);
    let mut next = usize::try_from(guest.resume_after()).unwrap_or(0);
    while next < story.batches.len() {
        if closing.load(Ordering::Relaxed) {
            return;
        }
        // A few in any order, some of them twice.
        let mut window: Vec<usize> = (next..story.batches.len().min(next + 4)).collect();
        if chance.below(6) == 0 {
            window.push(next.saturating_sub(usize::try_from(chance.below(9)).unwrap_or(0)));
        }
        for at in (1..window.len()).rev() {
            window.swap(at, usize::try_from(chance.below(at as u64 + 1)).unwrap_or(0));
        }
        for at in window {
            if !guest.say(story.batches[at].as_str()) {
                return;
            }
            let is_break = {
                let mut breaks = breaks.lock().expect("no panic holds it");
                let place = breaks.iter().position(|place| at >= *place);
                place.map(|place| breaks.remove(place)).is_some()
            };
            if is_break {
                match chance.below(4) {
                    0 => guest.close(1012, "restart"),
                    1 => guest.close(1001, "bye"),
                    _ => guest.drop_dead(),
                }
                return;
            }
        }
        next += 4;
        if chance.below(10) == 0 && !guest.say(heartbeat(next.min(story.batches.len()) as u64)) {
            return;
        }
    }
    while !closing.load(Ordering::Relaxed) && guest.say(heartbeat(story.batches.len() as u64)) {
        thread::sleep(Duration::from_millis(500));
    }
}

#[tokio::test]
async fn two_hundred_thousand_events_in_all_weathers_end_in_the_right_numbers() {
    let Some(dist) = dist() else { return };
    within(240, async {
        let story = Arc::new(Story::new(1, EVENTS, OF_BATCH));
        assert_eq!(story.events, EVENTS);
        let mut chance = Chance::new(5);
        let batches = story.batches.len() as u64;
        let breaks = (0..BREAKS).map(|_| usize::try_from(chance.below(batches)).unwrap_or(0));
        let breaks = Arc::new(Mutex::new(breaks.collect::<Vec<_>>()));
        let (told, left) = (Arc::clone(&story), Arc::clone(&breaks));
        let server = Broadcaster::open(move |guest, closing| tell(&told, &left, guest, closing));
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let started = std::time::Instant::now();
        browser.follow(&server.url(), TOKEN).await;
        browser.numbers_become(&story.truth, 150).await;
        println!(
            "{EVENTS} events, {BREAKS} broken connections: {:.1} s",
            started.elapsed().as_secs_f64()
        );
        assert!(
            breaks.lock().expect("no panic holds it").is_empty(),
            "not all connections were broken"
        );
        browser.source_becomes("ok", "").await;
        let hellos = server.hellos();
        assert_eq!(hellos.len(), BREAKS + 1, "one connection more than were broken");
        assert!(
            hellos
                .iter()
                .all(|hello| hello["protocol"] == "stockpit.v1" && hello["token"] == TOKEN)
        );
        assert_eq!(hellos[0]["resume_after"], Value::Null);
        assert!(hellos[1..].is_sorted_by_key(|hello| hello["resume_after"].as_u64()));
        assert_eq!(server.most_at_once(), 1);

        // All of it is one step of history. Taken back, it is asked for again, from the first batch.
        let steps = "return document.querySelectorAll('[data-role=step]').length";
        assert_eq!(browser.js(steps).await, json!(1));

        // What is kept and what is asked for fit together: a reload ends in the same numbers.
        let kept = "return document.querySelector('[data-role=kept]')?.dataset.state === 'kept'";
        browser.until("its rows are kept", 40, kept).await;
        browser.reload().await;
        let traces =
            "return [location.href, JSON.stringify({ ...localStorage }), document.body.outerHTML].join(' ')";
        assert!(!browser.text(traces).await.contains(TOKEN), "the token shows");
        browser.open_sources().await;
        browser.source_becomes("paused", "no-token").await;
        browser.fill("source-token-again", TOKEN).await;
        browser.click("[data-role=source-resume]").await;
        browser.source_becomes("ok", "").await;
        browser.numbers_become(&story.truth, 30).await;
        let hellos = server.hellos();
        let after = hellos.last().and_then(|hello| hello["resume_after"].as_u64());
        assert!(
            after.is_some_and(|after| after > 0),
            "it was asked for from the first: {after:?}"
        );
        browser.no_page_errors().await;
    })
    .await;
}

/// Wall-clock milliseconds.
fn wall() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0.0, |since| since.as_secs_f64() * 1_000.0)
}

fn order(number: usize) -> Value {
    json!({
        "order_id": format!("N{number}"), "line_id": "1", "sku": "S1", "quantity": 1, "unit_price": "10.00",
        "created_at": "2026-06-01T10:00:00+08:00", "status": "paid", "currency": "CNY",
    })
}

fn batch(seq: usize, orders: &[Value]) -> String {
    json!({ "type": "batch", "seq": seq, "at": "2026-06-01T10:00:00+08:00", "orders": orders }).to_string()
}

#[tokio::test]
async fn an_event_is_seen_at_once() {
    let Some(dist) = dist() else { return };
    const EVENTS: usize = 40;
    within(60, async {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&sent);
        let server = Broadcaster::open(move |guest, closing| {
            for number in 1..=EVENTS {
                if closing.load(Ordering::Relaxed) || !guest.say(batch(number, &[order(number)])) {
                    return;
                }
                noted.lock().expect("no panic holds it").push(wall());
                thread::sleep(Duration::from_millis(230));
            }
            while !closing.load(Ordering::Relaxed) && guest.say(heartbeat(EVENTS as u64)) {
                thread::sleep(Duration::from_millis(500));
            }
        });
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let watch = "window.seen.at = {}; new MutationObserver(() => {
               const value = document.querySelector('[data-metric=orders_created]')?.dataset.value;
               if (value) window.seen.at[value] ??= performance.timeOrigin + performance.now();
             }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-value'] });
             return true";
        browser.js(watch).await;
        browser.follow(&server.url(), "").await;
        browser.orders_become(u32::try_from(EVENTS).unwrap_or(0)).await;
        let seen = browser.js("return window.seen.at").await;
        let sent = sent.lock().expect("no panic holds it").clone();
        // The first one waits for the worker to compile.
        let mut waits: Vec<f64> = (5..=EVENTS)
            .filter_map(|number| Some(seen[number.to_string()].as_f64()? - sent[number - 1]))
            .collect();
        waits.sort_by(f64::total_cmp);
        let at = |percent: usize| waits[(waits.len() - 1) * percent / 100];
        println!(
            "event → number on the page: p50 {:.0} ms, p95 {:.0} ms, {} events",
            at(50),
            at(95),
            waits.len()
        );
        // On a machine that does nothing else it is a fifth of this.
        assert!(at(50) < 1_000.0, "{waits:?}");
        browser.no_page_errors().await;
    })
    .await;
}

#[tokio::test]
async fn garbage_gives_a_clear_state_and_no_wrong_number() {
    let Some(dist) = dist() else { return };
    within(150, async {
        let mood = Arc::new(AtomicUsize::new(0));
        let now = Arc::clone(&mood);
        let server = Broadcaster::open(move |guest, closing| {
            let own = now.load(Ordering::SeqCst);
            let wrong = json!({ "order_id": "X1", "sku": ["S1"], "quantity": "many", "created_at": 7, "status": true });
            let late = json!({ "order_id": "X2", "sku": "S1", "quantity": 1, "unit_price": "1e99", "created_at": "yesterday" });
            let said = match own {
                0 => guest.say(batch(1, &[order(1), order(2)])) && guest.say(heartbeat(1)),
                1 => guest.say("{ \"type\": \"batch\", \"seq\": 2, \"orders\": [{"),
                2 => guest.socket.send(tungstenite::Message::binary(vec![0_u8, 159, 146, 150, 0, 1, 2])).is_ok(),
                3 => guest.say(format!("{{\"type\":\"batch\",\"seq\":2,\"pad\":\"{}\"}}", "x".repeat(50 << 20))),
                4 => guest.say(batch(2, &[wrong, late, json!(17), json!(null)])),
                5 => guest.say(json!({ "type": "hello", "protocol": "shop.v7" }).to_string()),
                6 => guest.say(json!({ "type": "batch", "seq": "soon", "orders": "none" }).to_string()),
                7 => guest.say(json!({ "type": "error", "message": "database is down" }).to_string()),
                8 => true,
                9 => {
                    guest.close(4401, "no such token");
                    return;
                }
                // A flood: far more than can be read in the time.
                _ => (0..600_usize).all(|at| {
                    let orders: Vec<Value> = (0..400).map(|one| order(3 + (at * 400 + one) % 5_000)).collect();
                    guest.say(batch(3 + at, &orders))
                }),
            };
            // Until the page leaves, or what is to be said changes.
            let last = if own > 9 { 602 } else { 0 };
            while said && !closing.load(Ordering::Relaxed) && now.load(Ordering::SeqCst) == own {
                thread::sleep(Duration::from_millis(100));
                if last > 0 && !guest.say(heartbeat(last)) {
                    return;
                }
            }
            guest.drop_dead();
        });
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser.follow(&server.url(), "").await;
        browser.source_becomes("ok", "").await;
        browser.orders_become(2).await;
        for (next, state, problem) in [
            (1, "error", "content"),
            (2, "error", "content"),
            (3, "error", "too-large"),
            (4, "error", "content"),
            (5, "error", "protocol"),
            (6, "error", "content"),
            (7, "error", "told"),
            (8, "silent", "silent"),
            (9, "error", "refused"),
        ] {
            mood.store(next, Ordering::SeqCst);
            // Not in its own time, which is longer after each failure.
            tokio::time::sleep(Duration::from_millis(400)).await;
            browser.click("[data-role=source-fetch]").await;
            browser.live_becomes(&format!("mood {next}"), state, problem).await;
            browser.orders_become(2).await;
        }
        // It stays stopped until someone asks.
        let hellos = server.hellos().len();
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(server.hellos().len(), hellos, "a server that refuses was asked again");
        mood.store(10, Ordering::SeqCst);
        browser.click("[data-role=source-fetch]").await;
        browser.orders_become(5_002).await;
        browser.live_becomes("the flood is over", "ok", "").await;
        browser.no_page_errors().await;
    })
    .await;
}

#[tokio::test]
async fn a_source_in_the_address_is_asked_about_and_rows_need_no_envelope() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let server = Broadcaster::open(|guest, closing| {
            // A webhook's body, an array, lines of JSON, and a table.
            let body = json!({
                "id": 820_982_911, "name": "#1001", "order_number": 1001, "created_at": "2026-06-01T10:00:00+08:00", "currency": "CNY",
                "financial_status": "paid", "total_price": "30.00",
                "line_items": [
                    { "id": 1, "sku": "A", "name": "Apple", "quantity": 1, "price": "10.00" },
                    { "id": 2, "sku": "B", "name": "Pear", "quantity": 1, "price": "20.00" },
                ],
            });
            let rows = json!([order(1), order(2)]).to_string();
            let lines = format!("{}\n{}\n", order(3), order(4));
            let table = "order_id,line_id,sku,quantity,unit_price,created_at,status,currency\nN4,1,S1,1,10.00,2026-06-01T10:00:00+08:00,paid,CNY\nN5,1,S1,1,10.00,2026-06-01T10:00:00+08:00,paid,CNY\n";
            for text in [body.to_string(), rows.clone(), lines, table.to_owned(), rows] {
                guest.say(text);
            }
            while !closing.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(100));
            }
        });
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let address = format!("{}?feed={}", site.url(""), server.url());
        browser.open(&address).await;
        let asks = "return document.querySelector('[data-role=feed-offer]:not(.hidden)')?.innerText";
        let asks = browser.until("it asks", 10, asks).await;
        assert!(asks.as_str().is_some_and(|asks| asks.contains(&server.url())), "{asks}");
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(server.hellos().is_empty(), "it connected before it was allowed");
        browser.click("button[data-role=feed-allow]").await;
        browser.orders_become(6).await;
        browser.live_becomes("rows without envelope", "ok", "").await;
        browser.no_page_errors().await;
    })
    .await;
}

impl Browser {
    /// [`Browser::source_becomes`], saying when.
    async fn live_becomes(&self, when: &str, state: &str, problem: &str) {
        println!("{when}: {state} {problem}");
        self.source_becomes(state, problem).await;
    }
}
