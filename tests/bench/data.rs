//! Order lines that every engine reads: the same bytes on every machine.
//!
//! A file is what a shop's export looks like: 16 columns, Chinese text in UTF-8, about 197 bytes a line, 1.4 lines an
//! order, a year in time order. No crate draws: the generator is SplitMix64, keyed by the number of the order, so that
//! line `i` costs nothing but its own draws.

use std::fmt::Write as _;
use std::io::{self, Write};

/// Header of the file. Every column means something to the importer, and none is derived from others.
pub const HEADER: &str = "订单编号,下单时间,付款时间,发货时间,订单状态,渠道,店铺名称,商家编码,商品名称,类目,品牌,数量,单价,实付金额,省份,客户编号";

/// Days that a file spans, from 2026-01-01 on.
pub const DAYS: u32 = 365;
/// Milliseconds of 2026-01-01 00:00 where local time is UTC.
pub const START_MS: i64 = 1_767_225_600_000;
/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

/// Channels and how many of 100 orders each has.
pub const CHANNELS: [(&str, u32); 6] = [
    ("天猫", 37),
    ("抖音", 27),
    ("京东", 15),
    ("拼多多", 11),
    ("快手", 6),
    ("小红书", 4),
];

const SHOPS: [&[&str]; 6] = [
    &[
        "瑾颜官方旗舰店",
        "雪松香氛旗舰店",
        "沐白个护旗舰店",
        "瑾颜海外旗舰店",
    ],
    &[
        "瑾颜美妆直播间",
        "瑾颜官方抖音店",
        "雪松香氛直播间",
        "沐白个护直播间",
        "主播甄选直播间",
    ],
    &["瑾颜京东自营", "瑾颜京东旗舰店", "沐白京东自营"],
    &["瑾颜品牌店", "沐白百亿补贴店", "雪松工厂店"],
    &["瑾颜快手小店", "快手源头好物店"],
    &["瑾颜薯店", "雪松薯店", "沐白薯店"],
];

/// Words of the status column, those of the importer's [`stockpit::model::Status`] in its order.
pub const STATUSES: [(&str, u32); 7] = [
    ("待付款", 3),
    ("待发货", 10),
    ("已发货", 17),
    ("交易成功", 58),
    ("交易关闭", 6),
    ("退款中", 2),
    ("退款成功", 4),
];

/// Categories; SKU `s` is of category `s` modulo their number.
pub const CATEGORIES: [&str; 20] = [
    "面部精华",
    "洁面",
    "面膜",
    "面霜",
    "眼霜",
    "防晒",
    "化妆水",
    "卸妆",
    "口红",
    "粉底",
    "眼影",
    "眉笔",
    "香水",
    "洗发水",
    "护发素",
    "沐浴露",
    "身体乳",
    "牙膏",
    "手霜",
    "礼盒套装",
];

/// Provinces and shares.
pub const PROVINCES: [(&str, u32); 31] = [
    ("广东省", 108),
    ("浙江省", 90),
    ("江苏省", 85),
    ("上海", 66),
    ("山东省", 60),
    ("河南省", 52),
    ("四川省", 54),
    ("北京", 47),
    ("湖北省", 40),
    ("湖南省", 38),
    ("福建省", 39),
    ("河北省", 37),
    ("安徽省", 38),
    ("陕西省", 30),
    ("重庆", 27),
    ("辽宁省", 26),
    ("江西省", 25),
    ("广西壮族自治区", 23),
    ("云南省", 21),
    ("天津", 16),
    ("山西省", 17),
    ("贵州省", 15),
    ("黑龙江省", 14),
    ("吉林省", 12),
    ("内蒙古自治区", 11),
    ("新疆维吾尔自治区", 11),
    ("甘肃省", 9),
    ("海南省", 8),
    ("宁夏回族自治区", 4),
    ("青海省", 3),
    ("西藏自治区", 2),
];

/// Different SKUs.
pub const SKUS: u32 = 5_000;
const BRANDS: u32 = 200;
const CUSTOMERS: u32 = 300_000;

/// SplitMix64 (Steele, Lea & Flood 2014).
struct Rng(u64);

impl Rng {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

    fn of_order(order: u64) -> Self {
        let mut seed = Self(order.wrapping_mul(Self::GOLDEN) ^ 0x5707_c917);
        Self(seed.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(Self::GOLDEN);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u32) -> u32 {
        u32::try_from(((self.next() >> 32) * u64::from(n)) >> 32).unwrap_or(0)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// What an answer can depend on, and what the oracle keeps: one line in few bytes.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    /// Number of the order, from 0.
    pub order: u32,
    /// Local time in seconds since [`START_MS`].
    pub second: u32,
    /// Price of a unit in cents.
    pub price: u32,
    /// SKU, in `0..SKUS`.
    pub sku: u16,
    /// Units.
    pub quantity: u8,
    /// Place in [`CHANNELS`].
    pub channel: u8,
    /// Place in [`PROVINCES`].
    pub province: u8,
    /// Place in [`STATUSES`].
    pub status: u8,
}

impl Fact {
    /// Day since [`START_MS`].
    pub fn day(&self) -> u32 {
        self.second / 86_400
    }

    /// Place in [`CATEGORIES`].
    pub fn category(&self) -> usize {
        usize::from(self.sku) % CATEGORIES.len()
    }

    /// Price × quantity, in cents.
    pub fn cents(&self) -> u64 {
        u64::from(self.price) * u64::from(self.quantity)
    }
}

/// A line with all that the file says.
#[derive(Clone, Debug)]
pub struct Line {
    /// What answers depend on.
    pub fact: Fact,
    shop: &'static str,
    /// Paid, in cents; `None` where nothing was paid.
    paid: Option<u32>,
    paid_after: Option<u32>,
    shipped_after: Option<u32>,
    customer: u32,
}

/// The lines of a file of `lines` lines, and what a feed would bring after its end: without end.
pub struct Lines {
    lines: u64,
    sku_of: Vec<f64>,
    at: u64,
    order: u64,
    ready: Vec<Line>,
}

impl Lines {
    /// From the first line of a file of `lines` lines on.
    pub fn new(lines: u64) -> Self {
        // Zipf with exponent 0.9, as a running sum to search in.
        let mut sum = 0.0;
        let mut sku_of: Vec<f64> = (0..SKUS)
            .map(|rank| {
                sum += 1.0 / power_09(f64::from(rank) + 1.0);
                sum
            })
            .collect();
        for mass in &mut sku_of {
            *mass /= sum;
        }
        Self {
            lines,
            sku_of,
            at: 0,
            order: 0,
            ready: Vec::new(),
        }
    }

    fn fill(&mut self) {
        let order = self.order;
        self.order += 1;
        let mut rng = Rng::of_order(order);
        let count = match rng.below(100) {
            0..72 => 1,
            72..92 => 2,
            92..98 => 3,
            _ => 4,
        };
        let second = (self.at * u64::from(DAYS) * 86_400 / self.lines.max(1)) as u32;
        let channel = weighted(&CHANNELS, &mut rng);
        let shops = SHOPS[channel];
        // The first shop of a channel has half of it.
        let shop = shops[rng
            .below(2 * shops.len() as u32)
            .saturating_sub(shops.len() as u32) as usize];
        let status = weighted(&STATUSES, &mut rng);
        let province = weighted(&PROVINCES, &mut rng);
        let customer = rng.below(CUSTOMERS).min(rng.below(CUSTOMERS));
        let paid_after = (status != 0 && status != 4).then(|| 5 + rng.below(900));
        let shipped_after = matches!(status, 2 | 3 | 6).then(|| 3_600 + rng.below(150_000));
        let coupon = rng.below(8) == 0;
        let mut skus = Vec::with_capacity(4);
        for _ in 0..count {
            let draw = rng.unit();
            let mut sku = (self.sku_of.partition_point(|mass| *mass < draw) as u32).min(SKUS - 1) as u16;
            // No two lines of an order have the same SKU: nothing could tell them apart in a feed.
            while skus.contains(&sku) {
                sku = (sku + 1) % SKUS as u16;
            }
            skus.push(sku);
            let quantity = match rng.below(20) {
                0..14 => 1,
                14..17 => 2,
                17..19 => 3,
                _ => 4 + rng.below(2) as u8,
            };
            let price = price(sku) - price(sku) / 20 * rng.below(4);
            let fact = Fact {
                order: order as u32,
                second,
                price,
                sku,
                quantity,
                channel: channel as u8,
                province: province as u8,
                status: status as u8,
            };
            let off = if coupon { price / 10 } else { 0 };
            self.ready.push(Line {
                fact,
                shop,
                paid: paid_after.map(|_| price * u32::from(quantity) - off),
                paid_after,
                shipped_after,
                customer,
            });
        }
        self.ready.reverse();
    }
}

impl Iterator for Lines {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        if self.ready.is_empty() {
            self.fill();
        }
        self.at += 1;
        self.ready.pop()
    }
}

impl Line {
    /// The cells, in the order of [`HEADER`]; `goods` are those of its SKU.
    pub fn write(&self, goods: &Goods, out: &mut String) {
        let fact = &self.fact;
        let _ = write!(out, "{}", order_id(fact.order));
        out.push(',');
        stamp(fact.second, out);
        for after in [self.paid_after, self.shipped_after] {
            out.push(',');
            if let Some(after) = after {
                stamp(fact.second + after, out);
            }
        }
        let words = [
            STATUSES[usize::from(fact.status)].0,
            CHANNELS[usize::from(fact.channel)].0,
            self.shop,
            &goods.code,
            &goods.cell,
            CATEGORIES[fact.category()],
            &goods.brand,
        ];
        for word in words {
            out.push(',');
            out.push_str(word);
        }
        let _ = write!(
            out,
            ",{},{}.{:02},",
            fact.quantity,
            fact.price / 100,
            fact.price % 100
        );
        if let Some(paid) = self.paid {
            let _ = write!(out, "{}.{:02}", paid / 100, paid % 100);
        }
        let _ = write!(
            out,
            ",{},C{:08}",
            PROVINCES[usize::from(fact.province)].0,
            u64::from(self.customer) * 37 + 11_000_019
        );
        out.push('\n');
    }

    /// The line as a feed would name it, as JSON.
    pub fn object(&self, goods: &Goods) -> serde_json::Value {
        let fact = &self.fact;
        let time = |after: Option<u32>| {
            after.map(|after| {
                let mut text = String::new();
                stamp(fact.second + after, &mut text);
                text
            })
        };
        let yuan = |cents: u64| cents as f64 / 100.0;
        serde_json::json!({
            "order_id": order_id(fact.order).to_string(),
            "created_at": time(Some(0)),
            "paid_at": time(self.paid_after),
            "shipped_at": time(self.shipped_after),
            "status": STATUSES[usize::from(fact.status)].0,
            "channel": CHANNELS[usize::from(fact.channel)].0,
            "shop": self.shop,
            "sku": goods.code,
            "title": goods.title,
            "category": CATEGORIES[fact.category()],
            "brand": goods.brand,
            "quantity": fact.quantity,
            "unit_price": yuan(u64::from(fact.price)),
            "amount": yuan(fact.cents()),
            "paid_amount": self.paid.map(|paid| yuan(u64::from(paid))),
            "region": PROVINCES[usize::from(fact.province)].0,
            "customer": format!("C{:08}", u64::from(self.customer) * 37 + 11_000_019),
            "currency": "CNY",
        })
    }
}

/// What is said of a SKU.
pub struct Goods {
    /// 商家编码.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Its title as a cell of the file: some hold a comma and stand in quotes.
    cell: String,
    brand: String,
}

/// All goods, by SKU.
pub fn goods() -> Vec<Goods> {
    const SYLLABLES: [&str; 20] = [
        "瑾", "颜", "雪", "松", "沐", "白", "清", "禾", "若", "兰", "云", "岫", "素", "心", "知", "夏", "晴",
        "川", "木", "棠",
    ];
    const TRAITS: [&str; 8] = ["保湿", "", "舒缓", "", "抗皱", "", "控油", ""];
    const SIZES: [&str; 6] = ["30ml", "50ml", "120g", "200ml*2", "500ml", "礼盒装"];
    let pick = |list: &[&'static str], at: u32| list[at as usize % list.len()];
    (0..SKUS)
        .map(|sku| {
            let brand_at = (sku * 7 + sku / 20) % BRANDS;
            let brand = format!(
                "{}{}{}",
                pick(&SYLLABLES, brand_at),
                pick(&SYLLABLES, brand_at / 20 + 7),
                pick(&["", "", "坊"], brand_at)
            );
            let category = CATEGORIES[sku as usize % CATEGORIES.len()];
            let size = pick(&SIZES, sku / 5);
            let mark = if sku % 31 == 5 { "," } else { " " };
            let title = format!("{brand}{}{category}{mark}{size}", pick(&TRAITS, sku / 3));
            let cell = if title.contains(',') {
                format!("\"{title}\"")
            } else {
                title.clone()
            };
            Goods {
                code: sku_code(sku),
                title,
                cell,
                brand,
            }
        })
        .collect()
}

/// 商家编码 of a SKU; in byte order where SKUs are in order of their rank it is not.
pub fn sku_code(sku: u32) -> String {
    format!("JY{:05}-{}", sku * 7_919 % 100_000, 1 + sku % 4)
}

/// An order's number: 18 digits, as platforms have them.
fn order_id(order: u32) -> u64 {
    260_000_000_000_000_000 + u64::from(order) * 10_007_003 + u64::from(order % 97)
}

/// Price of a unit in cents: 9.90 to 899.90, and cents that are no round figure.
fn price(sku: u16) -> u32 {
    let spread = u32::from(sku) * 2_654_435_761_u32.wrapping_rem(99_991) % 890;
    990 + spread * 100 + u32::from(sku) % 10 * 9
}

fn weighted<const N: usize>(list: &[(&str, u32); N], rng: &mut Rng) -> usize {
    let total = list.iter().map(|(_, weight)| weight).sum();
    let mut draw = rng.below(total);
    for (at, (_, weight)) in list.iter().enumerate() {
        if draw < *weight {
            return at;
        }
        draw -= weight;
    }
    N - 1
}

/// x^0.9 for x ≥ 1 from square roots alone, which are exact to the last bit on every machine: 0.9 ≈ 0.111001101₂.
fn power_09(x: f64) -> f64 {
    let (mut root, mut power) = (x, 1.0);
    for bit in [1, 1, 1, 0, 0, 1, 1, 0, 1] {
        root = root.sqrt();
        if bit == 1 {
            power *= root;
        }
    }
    power
}

/// `2026-01-01 00:00:00` of seconds since the start; 2026 and 2027 have no leap day.
fn stamp(second: u32, out: &mut String) {
    const MONTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let (mut day, rest) = (second / 86_400, second % 86_400);
    let year = 2026 + day / 365;
    day %= 365;
    let mut month = 0;
    while day >= MONTHS[month] {
        day -= MONTHS[month];
        month += 1;
    }
    let two = |number: u32| {
        [
            char::from(b'0' + (number / 10) as u8),
            char::from(b'0' + (number % 10) as u8),
        ]
    };
    let _ = write!(out, "{year}");
    let parts = [
        ('-', month as u32 + 1),
        ('-', day + 1),
        (' ', rest / 3_600),
        (':', rest / 60 % 60),
        (':', rest % 60),
    ];
    for (mark, number) in parts {
        out.push(mark);
        out.extend(two(number));
    }
}

/// `2026-01-01` of a day since the start.
pub fn day_text(day: u32) -> String {
    let mut text = String::new();
    stamp(day * 86_400, &mut text);
    text.truncate(10);
    text
}

/// Writes a file of `lines` lines and yields what was written, for the oracle, with `more` lines after it.
///
/// # Errors
/// Where `out` takes no more.
pub fn write(lines: u64, more: u64, out: &mut impl Write) -> io::Result<(Vec<Fact>, Vec<Line>)> {
    let goods = goods();
    let mut all = Lines::new(lines);
    let mut facts = Vec::with_capacity((lines + more) as usize);
    let mut text = String::with_capacity(1 << 17);
    text.push_str(HEADER);
    text.push('\n');
    for line in all.by_ref().take(lines as usize) {
        line.write(&goods[usize::from(line.fact.sku)], &mut text);
        facts.push(line.fact);
        if text.len() > 1 << 16 {
            out.write_all(text.as_bytes())?;
            text.clear();
        }
    }
    out.write_all(text.as_bytes())?;
    // A feed brings whole orders: the file's last order may go on, and that rest is left out.
    let last = facts.last().map(|fact| fact.order);
    let feed: Vec<Line> = all
        .skip_while(|line| Some(line.fact.order) == last)
        .take(more as usize)
        .collect();
    facts.extend(feed.iter().map(|line| line.fact));
    Ok((facts, feed))
}
