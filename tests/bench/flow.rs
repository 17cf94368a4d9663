//! What a live source sends, without end, and the numbers that it comes to.
//!
//! An order is one line that is created, most often paid, shipped and completed; some are cancelled, some refunded. Each
//! of these is an event: the whole line as it is then. What all of them come to is kept along, by the plain definitions
//! and nothing of the engine.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

/// SKUs.
const SKUS: u64 = 400;
/// Channels; the first has most orders by far.
pub const CHANNELS: [&str; 3] = ["天猫", "抖音", "京东"];
const REGIONS: [&str; 6] = ["广东省", "浙江省", "江苏省", "四川省", "湖北省", "北京"];
const WAREHOUSES: [&str; 3] = ["华东仓", "华南仓", "华北仓"];
/// 2026-06-18 00:00 in Shanghai.
pub const START_MS: i64 = 1_781_712_000_000;

/// SplitMix64 (Steele, Lea & Flood 2014).
struct Chance(u64);

impl Chance {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }
}

/// An order as it was said last.
#[derive(Clone, Copy)]
struct Order {
    number: u64,
    created: i64,
    paid: i64,
    /// Steps of its life that are said.
    said: u32,
}

/// How an order stands, in words and cents.
struct Standing {
    status: &'static str,
    is_paid: bool,
    is_last: bool,
    refund: i64,
}

impl Order {
    const fn quantity(self) -> i64 {
        1 + (self.number * 31 % 4) as i64
    }

    const fn price(self) -> i64 {
        990 + (self.number * 7_919 % 40_000) as i64
    }

    const fn channel(self) -> &'static str {
        CHANNELS[match self.number % 10 {
            0..6 => 0,
            6..9 => 1,
            _ => 2,
        }]
    }

    const fn standing(self) -> Standing {
        let paid = self.quantity() * self.price();
        let (status, is_paid, is_last, refund) = match (self.said, self.number % 20) {
            (0, _) => ("created", false, false, 0),
            (1, 7) => ("cancelled", false, true, 0),
            (1, _) => ("paid", true, false, 0),
            (2, _) => ("shipped", true, false, 0),
            (3, 3) => ("refunded", true, true, paid / 2),
            (3, _) => ("completed", true, true, 0),
            // More is said of it only to say it again: what was given back changes each time.
            (said, _) => ("refunding", true, true, said as i64 % 90),
        };
        Standing {
            status,
            is_paid,
            is_last,
            refund,
        }
    }

    fn write(self, now: i64, out: &mut String) {
        let Self {
            number,
            created,
            paid,
            ..
        } = self;
        let (standing, sku) = (self.standing(), number * 7 % SKUS);
        let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let _ = write!(
            out,
            r#"{{"order_id":"SP{number:09}","line_id":"1","created_at":"{}","updated_at":"{}","status":"{}","channel":"{}","shop":"旗舰店","sku":"SKU-{sku:03}","title":"商品 {sku:03}","category":"类目{}","quantity":{},"unit_price":"{}","region":"{}","customer":"C{:07}","currency":"CNY""#,
            stamp(created),
            stamp(now),
            standing.status,
            self.channel(),
            sku % 12,
            self.quantity(),
            money(self.price()),
            REGIONS[(number % 6) as usize],
            number * 37 % 300_000,
        );
        if standing.is_paid {
            let all = self.quantity() * self.price();
            let _ = write!(
                out,
                r#","paid_at":"{}","paid_amount":"{}""#,
                stamp(paid),
                money(all)
            );
        }
        if standing.refund > 0 {
            let _ = write!(out, r#","refund_amount":"{}""#, money(standing.refund));
        }
        out.push('}');
    }
}

/// RFC 3339 in Shanghai.
fn stamp(at: i64) -> String {
    let local = at - START_MS;
    let (secs, millis) = (local.div_euclid(1_000), local.rem_euclid(1_000));
    let (day, secs) = (secs / 86_400, secs % 86_400);
    format!(
        "2026-06-{:02}T{:02}:{:02}:{:02}.{millis:03}+08:00",
        18 + day,
        secs / 3_600,
        secs / 60 % 60,
        secs % 60
    )
}

/// What is said so far comes to this; money in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Totals {
    created: i64,
    units_created: i64,
    gmv: i64,
    orders: i64,
    units: i64,
    paid: i64,
    refunds: i64,
}

impl Totals {
    const fn add(&mut self, order: Order, sign: i64) {
        let (standing, quantity) = (order.standing(), order.quantity());
        let value = quantity * order.price();
        self.created += sign;
        self.units_created += sign * quantity;
        self.gmv += sign * value;
        if standing.is_paid {
            self.orders += sign;
            self.units += sign * quantity;
            self.paid += sign * value;
            self.refunds += sign * standing.refund;
        }
    }
}

/// The source.
pub struct Flow {
    chance: Chance,
    next: u64,
    /// Orders of which more is to be said, the next one first.
    waiting: VecDeque<Order>,
    /// Orders of which all is said, the last ones.
    over: VecDeque<Order>,
    totals: Totals,
    stock: BTreeMap<(u64, &'static str), i64>,
}

/// Orders that are remembered when all is said of them.
const REMEMBERED: usize = 20_000;

impl Flow {
    /// One without orders.
    pub fn new(seed: u64) -> Self {
        Self {
            chance: Chance(seed),
            next: 1,
            waiting: VecDeque::new(),
            over: VecDeque::new(),
            totals: Totals::default(),
            stock: BTreeMap::new(),
        }
    }

    /// Orders so far, paid or not.
    pub const fn created(&self) -> i64 {
        self.totals.created
    }

    /// Batch `seq` of `events` events that happen from `from` to `to`, in milliseconds; of 100 so many are new orders
    /// as `fresh` says, as far as there are others of which more can be said.
    pub fn batch(&mut self, seq: u64, (from, to): (i64, i64), events: usize, fresh: u64) -> String {
        let mut text = format!(r#"{{"type":"batch","seq":{seq},"at":"{}","orders":["#, stamp(to));
        for at in 0..events {
            if at > 0 {
                text.push(',');
            }
            let now = from + (to - from) * at as i64 / events.max(1) as i64;
            self.event(now, fresh).write(now, &mut text);
        }
        let key = (self.chance.below(SKUS), WAREHOUSES[self.chance.below(3) as usize]);
        let on_hand = self.chance.below(900) as i64;
        self.stock.insert(key, on_hand);
        let _ = write!(
            text,
            r#"],"stock":[{{"sku":"SKU-{:03}","warehouse":"{}","on_hand":{on_hand}}}]}}"#,
            key.0, key.1
        );
        text
    }

    fn event(&mut self, now: i64, fresh: u64) -> Order {
        let is_new = self.chance.below(100) < fresh;
        let known = if is_new {
            None
        } else {
            self.waiting.pop_front().or_else(|| self.again(fresh))
        };
        let mut order = known.unwrap_or(Order {
            number: self.next,
            created: now,
            paid: 0,
            said: 0,
        });
        if known.is_some() {
            self.totals.add(order, -1);
            order.said += 1;
        } else {
            self.next += 1;
        }
        if order.said == 1 {
            order.paid = now;
        }
        self.totals.add(order, 1);
        match order.standing() {
            standing if !standing.is_last => self.waiting.push_back(order),
            // A cancelled one stays so.
            standing if standing.is_paid => {
                self.over.push_back(order);
                if self.over.len() > REMEMBERED {
                    self.over.pop_front();
                }
            }
            _ => {}
        }
        order
    }

    /// One of those of which all was said, where nothing is to be new.
    fn again(&mut self, fresh: u64) -> Option<Order> {
        if fresh > 0 {
            return None;
        }
        self.over.pop_front()
    }

    /// Canonical values by metric.
    pub fn truth(&self) -> BTreeMap<&'static str, String> {
        let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let all = &self.totals;
        [
            ("orders_created", all.created.to_string()),
            ("units_created", all.units_created.to_string()),
            ("gmv", money(all.gmv)),
            ("orders", all.orders.to_string()),
            ("units", all.units.to_string()),
            ("paid_amount", money(all.paid)),
            ("net_sales", money(all.paid - all.refunds)),
            ("stock_on_hand", self.stock.values().sum::<i64>().to_string()),
        ]
        .into()
    }
}
