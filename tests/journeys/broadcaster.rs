//! A WebSocket server, and the events that it sends with the numbers they must come to.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tungstenite::protocol::CloseFrame;
use tungstenite::{Message, WebSocket};

/// A connection, and the hello that came with it.
pub struct Guest {
    /// The connection.
    pub socket: WebSocket<TcpStream>,
    /// What the page asks for.
    pub hello: Value,
    /// Number of the connection, from 0.
    pub number: usize,
}

impl Guest {
    /// Sends text; false once the page is gone.
    pub fn say(&mut self, text: impl Into<String>) -> bool {
        self.socket.send(Message::text(text.into())).is_ok()
    }

    /// Closes as servers do, with a code.
    pub fn close(&mut self, code: u16, words: &'static str) {
        let frame = CloseFrame {
            code: code.into(),
            reason: words.into(),
        };
        let _ = self.socket.close(Some(frame));
        // The page's own close frame, so that ours is not lost with the connection.
        while self.socket.read().is_ok() {}
    }

    /// Breaks off without a word.
    pub fn drop_dead(&mut self) {
        let _ = self.socket.get_ref().shutdown(Shutdown::Both);
    }

    /// The last batch that the page has.
    pub fn resume_after(&self) -> u64 {
        self.hello["resume_after"].as_u64().unwrap_or(0)
    }
}

/// What a server does with a connection.
type Serve = dyn Fn(&mut Guest, &AtomicBool) + Send + Sync;

/// A server on a port, and so an origin, of its own.
pub struct Broadcaster {
    address: SocketAddr,
    hellos: Arc<Mutex<Vec<Value>>>,
    /// Most connections at once.
    most: Arc<AtomicUsize>,
    closing: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Broadcaster {
    /// Opens it; `serve` is called with each connection in a thread of its own, and with what tells that it is to end.
    pub fn open(serve: impl Fn(&mut Guest, &AtomicBool) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let hellos: Arc<Mutex<Vec<Value>>> = Arc::default();
        let most: Arc<AtomicUsize> = Arc::default();
        let closing: Arc<AtomicBool> = Arc::default();
        let (noted, mosts, closed) = (Arc::clone(&hellos), Arc::clone(&most), Arc::clone(&closing));
        let serve: Arc<Serve> = Arc::new(serve);
        let now = Arc::new(AtomicUsize::new(0));
        let thread = thread::spawn(move || {
            let mut number = 0;
            for stream in listener.incoming() {
                if closed.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let (serve, now, mosts) = (Arc::clone(&serve), Arc::clone(&now), Arc::clone(&mosts));
                let (noted, closed) = (Arc::clone(&noted), Arc::clone(&closed));
                let own = number;
                number += 1;
                thread::spawn(move || {
                    let is_set = stream.set_read_timeout(Some(Duration::from_secs(5)));
                    let _ = is_set.and_then(|()| stream.set_nodelay(true));
                    let Ok(mut socket) = tungstenite::accept(stream) else {
                        return;
                    };
                    let hello = match socket.read() {
                        Ok(Message::Text(text)) => serde_json::from_str(&text).unwrap_or(Value::Null),
                        _ => return,
                    };
                    noted.lock().expect("no panic holds it").push(hello.clone());
                    let here = now.fetch_add(1, Ordering::SeqCst) + 1;
                    mosts.fetch_max(here, Ordering::SeqCst);
                    let mut guest = Guest {
                        socket,
                        hello,
                        number: own,
                    };
                    serve(&mut guest, &closed);
                    now.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self {
            address,
            hellos,
            most,
            closing,
            thread: Some(thread),
        }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("ws://{}/live", self.address)
    }

    /// All hellos so far.
    pub fn hellos(&self) -> Vec<Value> {
        self.hellos.lock().expect("no panic holds it").clone()
    }

    /// The most connections that there were at once.
    pub fn most_at_once(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

impl Drop for Broadcaster {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Numbers that look like chance and are the same each time (xorshift64*).
pub struct Chance(u64);

impl Chance {
    /// Another course for each seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// From 0 to just below `below`.
    pub const fn below(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) % below
    }
}

const CHANNELS: [&str; 3] = ["抖音", "天猫", "京东"];

/// One version of an order line as the reference has it, money in cents.
#[derive(Clone, Debug)]
struct Version {
    order: u64,
    /// Which of the order's lines.
    line: u64,
    status: &'static str,
    quantity: i64,
    price: i64,
    paid: i64,
    refund: i64,
    is_paid: bool,
    /// Milliseconds after the first; none where lines come in order.
    updated: Option<u64>,
}

impl Version {
    fn json(&self) -> Value {
        let money = |cents: i64| {
            if (self.order + self.line).is_multiple_of(3) {
                // A number, as careless servers write it.
                json!(cents as f64 / 100.0)
            } else {
                json!(format!("{}.{:02}", cents / 100, cents % 100))
            }
        };
        let mut line = json!({
            "order_id": format!("SP-{:07}", self.order),
            "created_at": time(self.order * 400),
            "status": self.status,
            "sku": format!("SKU-{:03}", (self.order * 7 + self.line * 31) % 240),
            "title": format!("Goods {}", (self.order * 7 + self.line * 31) % 240),
            "quantity": self.quantity,
            "unit_price": money(self.price),
            "currency": "CNY",
            "channel": CHANNELS[self.order as usize % 3],
            "unknown": { "left": ["alone"] },
        });
        if self.order.is_multiple_of(2) {
            line["line_id"] = json!(format!("{}", self.line + 1));
        }
        if self.is_paid {
            line["paid_at"] = json!(time(self.order * 400 + 60_000));
            line["paid_amount"] = money(self.paid);
        }
        if self.refund > 0 {
            line["refund_amount"] = money(self.refund);
        }
        if let Some(updated) = self.updated {
            line["updated_at"] = json!(time(self.order * 400 + updated));
        }
        line
    }
}

/// 2026-06-01, in Shanghai, and so many milliseconds.
fn time(millis: u64) -> String {
    let (secs, millis) = (millis / 1_000, millis % 1_000);
    let (days, secs) = (secs / 86_400, secs % 86_400);
    let (hour, minute, second) = (secs / 3_600, secs / 60 % 60, secs % 60);
    format!(
        "2026-06-{:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}+08:00",
        days + 1
    )
}

/// Batches and what they must come to.
pub struct Story {
    /// Envelopes, the first of which is number 1.
    pub batches: Vec<String>,
    /// Events in them.
    pub events: usize,
    /// Canonical values by metric.
    pub truth: BTreeMap<&'static str, String>,
}

impl Story {
    /// So many order events in batches of `size`, with status updates out of order, and stock.
    pub fn new(seed: u64, events: usize, size: usize) -> Self {
        let mut chance = Chance::new(seed);
        // Each with the place at which it comes.
        let mut all: Vec<(u64, Version)> = Vec::new();
        let mut order = 0;
        while all.len() < events {
            for line in 0..1 + chance.below(3) {
                let is_ordered = chance.below(10) == 0;
                let mut version = Version {
                    order,
                    line,
                    status: "created",
                    quantity: 1 + chance.below(4).cast_signed(),
                    price: 100 + chance.below(90_000).cast_signed(),
                    paid: 0,
                    refund: 0,
                    is_paid: false,
                    updated: (!is_ordered).then_some(0),
                };
                let course: &[&str] = match chance.below(10) {
                    0 => &["created", "cancelled"],
                    1 => &["created", "paid", "refunding", "refunded"],
                    2 => &["created"],
                    _ => &["created", "paid", "shipped", "completed"],
                };
                let mut places: Vec<u64> = course.iter().map(|_| order * 10 + chance.below(4_000)).collect();
                if is_ordered {
                    places.sort_unstable();
                }
                for (step, (status, place)) in course.iter().zip(places).enumerate() {
                    version.status = status;
                    version.updated = version.updated.map(|_| step as u64 * 90_000);
                    if *status == "paid" {
                        version.is_paid = true;
                        version.paid = version.quantity * version.price - chance.below(90).cast_signed();
                    }
                    if *status == "refunded" {
                        version.refund = version.paid / 2;
                    }
                    all.push((place, version.clone()));
                }
            }
            order += 1;
        }
        all.truncate(events);
        all.sort_by_key(|(place, _)| *place);
        let versions: Vec<Version> = all.into_iter().map(|(_, version)| version).collect();
        let mut stock = BTreeMap::new();
        let mut batches = Vec::new();
        for (at, part) in versions.chunks(size).enumerate() {
            let seq = at as u64 + 1;
            let (sku, place) = (chance.below(240), chance.below(3));
            let (sku, place) = (
                format!("SKU-{sku:03}"),
                ["North", "South", "East"][place as usize],
            );
            let on_hand = chance.below(500).cast_signed();
            stock.insert((sku.clone(), place), on_hand);
            let orders: Vec<Value> = part.iter().map(Version::json).collect();
            let batch = json!({
                "type": "batch",
                "seq": seq,
                "at": time(seq * 1_000),
                "orders": orders,
                "stock": [{ "sku": sku, "warehouse": place, "on_hand": on_hand, "as_of": time(seq * 1_000) }],
            });
            batches.push(batch.to_string());
        }
        Self {
            batches,
            events: versions.len(),
            truth: truth(&versions, stock.values().sum()),
        }
    }
}

/// The numbers, by the plain definition: of each line the latest version, the last to come where none says when.
fn truth(versions: &[Version], on_hand: i64) -> BTreeMap<&'static str, String> {
    let mut lines: BTreeMap<(u64, u64), &Version> = BTreeMap::new();
    for version in versions {
        let known = lines.entry((version.order, version.line)).or_insert(version);
        if version.updated >= known.updated {
            *known = version;
        }
    }
    let all = || lines.values();
    let paid = || all().filter(|line| line.is_paid);
    let orders = |lines: &mut dyn Iterator<Item = &&Version>| {
        let orders: BTreeSet<u64> = lines.map(|line| line.order).collect();
        orders.len().to_string()
    };
    let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
    let sum = |lines: &mut dyn Iterator<Item = &&Version>, of: fn(&Version) -> i64| -> i64 {
        lines.map(|line| of(line)).sum()
    };
    let paid_amount = sum(&mut paid(), |line| line.paid);
    let refunds = sum(&mut paid(), |line| line.refund);
    [
        ("orders_created", orders(&mut all())),
        ("units_created", sum(&mut all(), |line| line.quantity).to_string()),
        ("gmv", money(sum(&mut all(), |line| line.quantity * line.price))),
        ("orders", orders(&mut paid())),
        ("units", sum(&mut paid(), |line| line.quantity).to_string()),
        ("paid_amount", money(paid_amount)),
        ("net_sales", money(paid_amount - refunds)),
        ("stock_on_hand", on_hand.to_string()),
    ]
    .into()
}
