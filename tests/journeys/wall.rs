//! The wall: what a silent source does to it, what is told aloud and to whom, and what was missed.

use crate::broadcaster::Broadcaster;
use crate::browser::Browser;
use crate::site::{Site, TempFolder};
use crate::{dist, within};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

fn order(number: usize) -> Value {
    json!({
        "order_id": format!("W{number}"), "line_id": "1", "sku": "S1", "quantity": 1, "unit_price": "10.00",
        "created_at": "2026-06-01T10:00:00+08:00", "status": "paid", "currency": "CNY",
    })
}

fn batch(seq: usize, orders: std::ops::Range<usize>) -> String {
    let orders: Vec<Value> = orders.map(order).collect();
    json!({ "type": "batch", "seq": seq, "at": "2026-06-01T10:00:00+08:00", "orders": orders }).to_string()
}

/// Lets the page's clock, not that of its workers, run ahead by so many minutes.
fn ahead(minutes: u32) -> String {
    format!(
        "window.real ??= Date.now; Date.now = () => window.real.call(Date) + {minutes} * 60000; return true"
    )
}

const HEALTH: &str =
    "return [...document.querySelectorAll('.panel[data-health]')].map(p => p.dataset.health).join(' ')";

#[tokio::test]
async fn a_silent_source_greys_its_panels_and_raises_an_alert() {
    let Some(dist) = dist() else { return };
    within(180, async {
        // 0: connected and silent; 1: heartbeats; 2: three orders, and heartbeats; 3: silent; 4: five more.
        let mood = Arc::new(AtomicUsize::new(0));
        let now = Arc::clone(&mood);
        let server = Broadcaster::open(move |guest, closing| {
            let mut sent = guest.resume_after();
            let mut was = now.load(Ordering::SeqCst);
            while !closing.load(Ordering::Relaxed) {
                let own = now.load(Ordering::SeqCst);
                if own == 4 && was == 3 {
                    return guest.drop_dead();
                }
                was = own;
                let mut is_told = true;
                if own >= 2 && sent < 1 {
                    (is_told, sent) = (guest.say(batch(1, 0..3)), 1);
                }
                if own == 4 && sent < 2 {
                    (is_told, sent) = (guest.say(batch(2, 3..8)), 2);
                }
                let beats = matches!(own, 1 | 2 | 4);
                let beat = json!({ "type": "heartbeat", "seq": sent }).to_string();
                if !is_told || beats && !guest.say(beat) {
                    return;
                }
                thread::sleep(Duration::from_millis(300));
            }
        });
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        // The demo moves by itself: nothing is late.
        let health = browser.text(HEALTH).await;
        assert!(!health.is_empty() && health.split(' ').all(|one| one == "fresh"), "{health}");
        browser.follow(&server.url(), "").await;
        browser.reload().await;
        // Nothing heard is no data.
        let empty = |worth: &str| {
            format!("return !!document.querySelector('[data-chart=sales-over-time] .empty[data-worth={worth}]')")
        };
        browser.until("nobody knows", 20, &empty("unheard")).await;
        // Heard, and nothing there: no orders.
        mood.store(1, Ordering::SeqCst);
        browser.until("there are none", 30, &empty("fresh")).await;
        mood.store(2, Ordering::SeqCst);
        browser.orders_become(3).await;
        let sales = |health: &str| {
            format!("const p = document.querySelector('[data-chart=sales-over-time]');
                     return p.dataset.health === '{health}' && p.classList.contains('stale') === {}", health == "stale")
        };
        browser.until("sales are fresh", 10, &sales("fresh")).await;

        mood.store(3, Ordering::SeqCst);
        browser.js(&ahead(40)).await;
        browser.until("sales are stale", 20, &sales("stale")).await;
        // In words: how old, which source, why.
        let words = "const p = document.querySelector('[data-chart=sales-over-time]');
                     return [p.dataset.ageSecs, p.querySelector('.age').innerText, p.querySelector('[data-role=late]')?.innerText].join('|')";
        let words = browser.text(words).await;
        let parts: Vec<&str> = words.split('|').collect();
        assert!(parts[0].parse::<u32>().is_ok_and(|age| age >= 2_400), "{words}");
        assert!(parts[1].contains("40") && parts[2].contains("live"), "{words}");
        let tile = "return document.querySelector('.kpi[data-metric=orders]').classList.contains('stale')";
        assert_eq!(browser.js(tile).await, json!(true));
        // Stock does not come from there.
        let stock = "return document.querySelector('[data-chart=overstock]').dataset.health";
        assert_ne!(browser.text(stock).await, "fresh");

        // Evaluated twice, five minutes apart: it fires, and takes the stage.
        tokio::time::sleep(Duration::from_secs(7)).await;
        browser.js(&ahead(47)).await;
        let fires = "return document.querySelector('[data-role=alert][data-rule=feed_stale]')?.dataset.state === 'firing'";
        browser.until("feed_stale fires", 30, fires).await;
        let staged = "return document.querySelector('[data-role=stage]')?.dataset.rule === 'feed_stale'";
        browser.until("it takes the stage", 10, staged).await;
        assert!(browser.text("return document.title").await.starts_with("(1)"));
        let icon = "return document.querySelector('link[rel=icon]').href.startsWith('data:')";
        browser.until("the icon counts", 10, icon).await;
        browser.press("Escape", 27).await;

        // It comes back with what was missed.
        browser.js(&ahead(0)).await;
        mood.store(4, Ordering::SeqCst);
        browser.orders_become(8).await;
        browser.until("sales are fresh again", 20, &sales("fresh")).await;
        let caught = "const c = document.querySelector('[data-role=caught-up]:not(.hidden)'); return c && c.innerText";
        let caught = browser.until("what was caught up", 20, caught).await;
        assert!(caught.as_str().is_some_and(|caught| caught.contains('5')), "{caught}");
        browser.no_page_errors().await;
    })
    .await;
}

/// Takes incidents; whether it lets pages of other origins do so is its own matter.
struct Hook {
    address: SocketAddr,
    letters: Arc<Mutex<Vec<(String, Value)>>>,
    is_open: Arc<AtomicBool>,
    closing: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Hook {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let letters: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let (is_open, closing) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicBool::new(false)));
        let (noted, opened, closed) = (Arc::clone(&letters), Arc::clone(&is_open), Arc::clone(&closing));
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if closed.load(Ordering::Relaxed) {
                    return;
                }
                let (noted, opened) = (Arc::clone(&noted), opened.load(Ordering::Relaxed));
                thread::spawn(move || stream.and_then(|stream| take(stream, opened, &noted)));
            }
        });
        Self {
            address,
            letters,
            is_open,
            closing,
            thread: Some(thread),
        }
    }

    fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    fn letters(&self) -> Vec<(String, Value)> {
        self.letters.lock().expect("no panic holds it").clone()
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// One request: the token and the letter in it are noted.
fn take(mut stream: TcpStream, is_open: bool, noted: &Mutex<Vec<(String, Value)>>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut request, mut length, mut token) = (String::new(), 0, String::new());
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        if request.is_empty() {
            line.clone_into(&mut request);
        }
        match line
            .split_once(": ")
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
        {
            Some((name, value)) if name == "content-length" => length = value.parse().unwrap_or(0),
            Some((name, value)) if name == "authorization" => value.clone_into(&mut token),
            _ => {}
        }
        if line.is_empty() {
            break;
        }
    }
    if request.starts_with("POST") {
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        noted.lock().expect("no panic holds it").push((token, body));
    }
    let cors = if is_open {
        "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: content-type, authorization\r\n"
    } else {
        ""
    };
    write!(
        stream,
        "HTTP/1.1 200 OK\r\n{cors}Content-Length: 0\r\nConnection: close\r\n\r\n"
    )
}

const TOKEN: &str = "Bearer h00k";

/// Notes what is spoken and notified.
const EARS: &str = "window.told = [];
  speechSynthesis.speak = u => told.push('said ' + u.lang + ' ' + u.text);
  const Own = window.Notification;
  window.Notification = class extends Own {
    constructor(title, options) { super(title, options); told.push('notified ' + title + ' ' + options.body); }
  };
  return true";

#[tokio::test]
async fn letters_that_nobody_took_are_sent_after_a_reload() {
    let Some(dist) = dist() else { return };
    within(120, async {
        let (hook, site) = (Hook::open(), Site::serve(&dist));
        let browser = Browser::start().await;
        browser.open_demo(&site.url("?lang=en")).await;
        let state = |is: &str| {
            format!("return document.querySelector('[data-role=hook-state]')?.dataset.state === '{is}'")
        };
        for (round, is_kept) in [(1, true), (2, false)] {
            hook.is_open.store(false, Ordering::Relaxed);
            browser.click("[data-role=loudness-open]").await;
            browser.fill("hook-url", &hook.url()).await;
            browser.fill("hook-token", TOKEN).await;
            let is_checked = "return document.querySelector('[data-role=hook-remember]').checked";
            if browser.js(is_checked).await != json!(is_kept) {
                browser.click("[data-role=hook-remember]").await;
            }
            browser.click("[data-role=hook-try]").await;
            browser.until("it is not taken", 15, &state("again")).await;
            assert_eq!(hook.letters().len(), round - 1);
            let stored = browser.text("return JSON.stringify({ ...localStorage })").await;
            assert_eq!(stored.contains("h00k"), is_kept, "{stored}");
            hook.is_open.store(true, Ordering::Relaxed);
            browser.reload().await;
            if !is_kept {
                browser.click("[data-role=loudness-open]").await;
                browser.until("it waits for its token", 15, &state("again")).await;
                assert_eq!(hook.letters().len(), round - 1);
                browser.fill("hook-token", TOKEN).await;
                browser.click("[data-role=hook-save]").await;
            }
            let end = std::time::Instant::now() + Duration::from_secs(20);
            while hook.letters().len() < round && std::time::Instant::now() < end {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            // And not once more.
            tokio::time::sleep(Duration::from_secs(1)).await;
            browser.reload().await;
            tokio::time::sleep(Duration::from_secs(7)).await;
            let letters = hook.letters();
            assert_eq!(letters.len(), round, "{letters:?}");
            assert_eq!(letters[round - 1].0, TOKEN);
        }
    })
    .await;
}

#[tokio::test]
async fn alerts_are_told_as_the_user_wishes_and_remembered() {
    let Some(dist) = dist() else { return };
    within(240, async {
        let (hook, folder) = (Hook::open(), TempFolder::new());
        let mut orders = "order_id,created_at,paid_at,sku,quantity,amount,status\n".to_owned();
        for day in 1..28 {
            let at = format!("2026-06-{day:02} 10:00:00");
            for (sku, units) in [("A", 10), ("B", 3)] {
                orders.push_str(&format!("{sku}{day},{at},{at},{sku},{units},{},paid\n", units * 20));
            }
        }
        let paths = [
            folder.write("orders.csv", &orders),
            folder.write("stock.csv", "sku,warehouse,on_hand,available\nA,east,0,-7\nB,east,0,0\n"),
        ];
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        let origin = site.url("").trim_end_matches('/').to_owned();
        browser
            .cdp(
                "Browser.grantPermissions",
                json!({ "permissions": ["notifications"], "origin": origin }),
            )
            .await;
        browser.open_demo(&site.url("?lang=en")).await;
        browser.click("[data-role=loudness-open]").await;
        let state = |role: &str, states: &str| {
            format!("return [{states}].includes(document.querySelector('[data-role={role}]')?.dataset.state)")
        };
        browser.until("it is silent", 10, &state("sound-state", "'off'")).await;
        for role in ["loud-sound", "loud-speech", "loud-notify"] {
            browser.click(&format!("[data-role={role}]")).await;
        }
        // The click lets sound out, where the machine has any.
        browser.until("it sounds", 10, &state("sound-state", "'ready', 'missing'")).await;
        browser.until("it may notify", 10, &state("notice-state", "'granted'")).await;
        browser.js(EARS).await;

        // Only where nobody listens on the way.
        browser.fill("hook-url", "http://shop.example/hook").await;
        browser.click("[data-role=hook-save]").await;
        let wrong = "return !document.querySelector('[data-role=hook-wrong]').classList.contains('hidden')";
        browser.until("it is refused", 5, wrong).await;
        browser.fill("hook-url", &hook.url()).await;
        browser.fill("hook-token", TOKEN).await;
        browser.click("[data-role=hook-try]").await;
        browser.until("it is taken", 15, &state("hook-state", "'taken'")).await;
        let letters = hook.letters();
        assert_eq!(letters.len(), 1, "{letters:?}");
        assert_eq!((letters[0].0.as_str(), &letters[0].1["is_test"]), (TOKEN, &json!(true)));
        // Else it is said what a receiver has to allow.
        hook.is_open.store(false, Ordering::Relaxed);
        browser.click("[data-role=hook-try]").await;
        browser.until("it is not taken", 15, &state("hook-state", "'again'")).await;
        let why = browser.text("return document.querySelector('[data-role=hook-state]').innerText").await;
        assert!(why.contains("cross-origin"), "{why}");
        hook.is_open.store(true, Ordering::Relaxed);
        browser.until("the second time it is", 30, &state("hook-state", "'taken'")).await;
        let tests = hook.letters().len();
        browser.press("Escape", 27).await;

        browser.enter_with(&paths, 30).await;
        let alert = "return document.querySelector('[data-role=alert][data-rule=oversell]')?.dataset.state === 'firing'";
        browser.until("A is oversold", 20, alert).await;
        assert_eq!(hook.letters().len(), tests, "the demo or a young incident was sent");
        browser.js("told.length = 0; return true").await;
        // An incident waits a minute for company.
        browser.js(&ahead(2)).await;
        browser.until("it is spoken", 30, "return told.some(text => text.startsWith('said'))").await;
        let told = browser.js("return told").await;
        let all: Vec<&str> = told.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let said = all.iter().find(|text| text.starts_with("said")).copied().unwrap_or_default();
        assert!(said.starts_with("said en 2 alerts, worst: Oversold"), "{all:?}");
        assert_eq!(all.iter().filter(|text| text.starts_with("notified P1")).count(), 1, "{all:?}");
        let end = std::time::Instant::now() + Duration::from_secs(20);
        while hook.letters().len() < tests + 2 && std::time::Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let letters: Vec<(String, Value)> = hook.letters().split_off(tests);
        let mut seen: Vec<String> = letters
            .iter()
            .map(|(token, letter)| {
                assert_eq!((token.as_str(), &letter["is_test"]), (TOKEN, &json!(false)));
                ["severity", "rule", "sku"].map(|key| letter[key].as_str().unwrap_or_default()).join(" ")
            })
            .collect();
        // Each on a connection of its own: either may be there first.
        seen.sort_unstable();
        assert_eq!(seen, ["p1 oversell A", "p1 stock_out B"]);
        browser.js(&ahead(0)).await;

        // A P1 chosen by hand proves itself over time.
        browser.click("[data-role=alert][data-rule=oversell] .alert-main").await;
        let proof = "return [...document.querySelectorAll('[data-role=stage] [data-chart=alert-proof] tr')].map(r => r.dataset.value).join(' ')";
        let proof = browser.until("it is proved", 15, &format!("{proof} || null")).await;
        assert!(proof.as_str().is_some_and(|proof| proof.ends_with("13 3 -7")), "{proof}");
        browser.click("[data-role=stage] [data-role=acknowledge]").await;

        // What was chosen stays over a reload, the token does not, and what was is remembered.
        let kept = "return document.querySelector('[data-role=kept]')?.dataset.state === 'kept'";
        browser.until("its rows are kept", 40, kept).await;
        browser.reload().await;
        let stored = browser.text("return JSON.stringify({ ...localStorage })").await;
        assert!(stored.contains("/hook") && !stored.contains("h00k"), "{stored}");
        browser.click("[data-role=past-open]").await;
        let past = "return [...document.querySelectorAll('[data-role=past]')].map(r => r.dataset.rule + ' ' + r.dataset.ended).sort().join(', ')";
        let past = browser.until("the history", 10, &format!("{past} || null")).await;
        assert_eq!(past, json!("oversell false, stock_out false"));
        browser.press("Escape", 27).await;
        let digest = "return !!document.querySelector('[data-role=digest]')";
        assert_eq!(browser.js(digest).await, json!(false), "nothing came since the last visit");

        // Then orders come, and stock that ends an alert.
        let more = [
            folder.write("more.csv", "order_id,created_at,paid_at,sku,quantity,amount,status\nN1,2026-06-28 10:00:00,2026-06-28 10:00:00,A,1,20,paid\nN2,2026-06-28 10:00:00,2026-06-28 10:00:00,A,1,20,paid\n"),
            folder.write("stock.csv", "sku,warehouse,on_hand,available\nA,east,0,-7\nB,east,900,900\n"),
        ];
        browser.enter_with(&more, 30).await;
        let digest = "const d = document.querySelector('[data-role=digest]')?.dataset;
                      return d && d.lines === '2' && d.ended === '1' && d.fired === '0' && d.lines";
        browser.until("the digest", 20, digest).await;
        browser.click("[data-role=digest-read]").await;
        browser.until("it is read", 5, "return !document.querySelector('[data-role=digest]')").await;
    })
    .await;
}
