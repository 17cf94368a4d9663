//! The files of a seller on two days, and what they come to: a shop on Taobao in two reports, a Shopify inventory by
//! barcode, a workbook of twelve places, and a crosswalk.
//!
//! The files are written from [`Day`], and so are the numbers that are expected: neither knows of the other.

use rust_xlsxwriter::Workbook;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Days over which the pace of sales is taken.
const PACE_DAYS: usize = 28;
const PLACES: [&str; 12] = [
    "杭州仓",
    "义乌仓",
    "广州仓",
    "成都仓",
    "武汉仓",
    "天津仓",
    "沈阳仓",
    "西安仓",
    "郑州仓",
    "厦门仓",
    "长沙仓",
    "昆明仓",
];
/// Goods of the warehouse are `WH-1` to `WH-6`; the shop sells them as `TB-1` to `TB-6`, and as a kit; Shopify
/// counts the first three under their barcodes.
const GOODS: usize = 6;
const KIT: [(usize, i64); 2] = [(1, 2), (2, 1)];

/// A line: number of the goods (0: the kit), units, price in yuan.
type Line = (usize, i64, i64);

struct Order {
    id: u64,
    /// Days from 1 May on.
    day: usize,
    is_shipped: bool,
    lines: Vec<Line>,
}

/// What the files of one day say.
pub struct Day {
    orders: Vec<Order>,
    /// On hand and committed in Tallinn, of goods 1 to 3.
    shopify: [(i64, i64); 3],
    /// Of each of the goods, in each place; `None`: not stocked there.
    places: Vec<[Option<i64>; 12]>,
    /// Goods that the crosswalk knows.
    names: usize,
}

fn count(n: usize) -> i64 {
    i64::try_from(n).expect("few")
}

fn order(at: usize) -> Order {
    let goods = at % GOODS + 1;
    let mut lines = vec![(goods, count(at) % 3 + 1, 10 + count(goods))];
    if at.is_multiple_of(5) {
        lines.push((0, 1, 99));
    }
    Order {
        id: 35_153_131_473_000_000 + at as u64,
        day: at,
        is_shipped: at < 20,
        lines,
    }
}

/// The first day.
pub fn today() -> Day {
    let place = |goods: usize, at: usize| (!(goods + at).is_multiple_of(4)).then_some(count(goods * at) % 7);
    Day {
        orders: (0..40).map(order).collect(),
        shopify: [(9, 4), (3, 0), (20, 1)],
        places: (1..=GOODS)
            .map(|goods| std::array::from_fn(|at| place(goods, at)))
            .collect(),
        names: GOODS - 1,
    }
}

/// Three orders more, ten shipped, less on two shelves, and the crosswalk knows the last of the goods.
pub fn tomorrow() -> Day {
    let mut day = today();
    day.orders.extend((40..43).map(order));
    day.orders
        .iter_mut()
        .take(30)
        .for_each(|order| order.is_shipped = true);
    day.shopify[0] = (6, 4);
    day.places[3][2] = Some(0);
    day.names = GOODS;
    day
}

fn sold(goods: usize) -> String {
    if goods == 0 {
        "TB-KIT".to_owned()
    } else {
        format!("TB-{goods}")
    }
}

fn gbk(text: &str) -> Vec<u8> {
    let (bytes, _, is_lossy) = encoding_rs::GBK.encode(text);
    assert!(!is_lossy, "GBK has every character of it");
    bytes.into_owned()
}

impl Order {
    fn amount(&self) -> i64 {
        self.lines.iter().map(|(_, units, price)| units * price).sum()
    }

    fn time(&self, minute: u32) -> String {
        let (month, day) = if self.day < 31 {
            (5, self.day + 1)
        } else {
            (6, self.day - 30)
        };
        format!("2026-{month:02}-{day:02} 12:{minute:02}:00")
    }

    const fn status(&self) -> &'static str {
        if self.is_shipped {
            "卖家已发货，等待买家确认"
        } else {
            "买家已付款，等待卖家发货"
        }
    }
}

impl Day {
    /// 订单报表 as it was for years: GBK, numbers wrapped against spreadsheets, blanks at the end of headers.
    fn orders(&self) -> Vec<u8> {
        let mut text = "订单编号,买家会员名,买家应付货款,总金额,买家实际支付金额,订单状态,收货地址 ,订单创建时间,订单付款时间 ,宝贝标题 ,宝贝种类 ,宝贝总数量,店铺名称,退款金额\r\n".to_owned();
        for order in &self.orders {
            let (id, amount, status) = (order.id, order.amount(), order.status());
            let units: i64 = order.lines.iter().map(|line| line.1).sum();
            let _ = write!(
                text,
                "=\"{id}\",买家{},{amount}.00,{amount}.00,{amount}.00,{status},浙江省 杭州市 西湖区 某路(310000),{},{},杯子 等,{},{units},茶具店,0.00\r\n",
                order.day,
                order.time(0),
                order.time(5),
                order.lines.len(),
            );
        }
        gbk(&text)
    }

    /// 宝贝报表 of the same orders, which names the goods; its rows end with a comma that the header has not.
    fn items(&self) -> Vec<u8> {
        let mut text =
            "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码\r\n"
                .to_owned();
        for order in &self.orders {
            for (goods, units, price) in &order.lines {
                let sku = sold(*goods);
                let _ = write!(
                    text,
                    "=\"{}\",茶具 {sku},{price}.00,{units},{sku},颜色:白,,,{},{sku},\r\n",
                    order.id,
                    order.status(),
                );
            }
        }
        gbk(&text)
    }

    /// The inventory export of Shopify, by barcode.
    fn shopify(&self) -> String {
        let mut text = "\u{feff}Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,Option3 Value,SKU,HS Code,COO,Location,Bin name,Incoming (not editable),Unavailable (not editable),Committed (not editable),Available (not editable),On hand (current),On hand (new)\r\n".to_owned();
        for (goods, (on_hand, committed)) in (1..).zip(self.shopify) {
            let available = on_hand - committed;
            let _ = write!(
                text,
                "cup-{goods},Cup {goods},Title,Default Title,,,,,690000{goods},,,\"Tartu mnt, Tallinn\",,0,0,{committed},{available},{on_hand},\r\n"
            );
        }
        text
    }

    /// SKU × place.
    fn workbook(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "SKU").expect("a cell");
        for (column, place) in (1..).zip(PLACES) {
            sheet.write(0, column, place).expect("a cell");
        }
        for (row, counts) in (1..).zip(&self.places) {
            sheet.write(row, 0, format!("WH-{row}")).expect("a cell");
            for (column, count) in (1..).zip(counts) {
                if let Some(count) = count {
                    sheet.write(row, column, *count as f64).expect("a cell");
                }
            }
        }
        book.save_to_buffer().expect("memory")
    }

    fn names(&self) -> String {
        let mut text = "商家编码,仓库SKU,组合数量,条码\n".to_owned();
        for goods in 1..=self.names {
            let barcode = if goods <= 3 {
                format!("690000{goods}")
            } else {
                String::new()
            };
            let _ = writeln!(text, "TB-{goods},WH-{goods},1,{barcode}");
        }
        for (goods, units) in KIT {
            let _ = writeln!(text, "TB-KIT,WH-{goods},{units},");
        }
        text
    }

    /// Names and bytes of all files.
    pub fn files(&self) -> [(&'static str, Vec<u8>); 5] {
        [
            ("ExportOrderList.csv", self.orders()),
            ("ExportOrderDetailList.csv", self.items()),
            ("inventory_export.csv", self.shopify().into_bytes()),
            ("stock.xlsx", self.workbook()),
            ("对照表.csv", self.names().into_bytes()),
        ]
    }

    /// Lines of the orders of these numbers.
    pub fn lines(&self, orders: std::ops::Range<usize>) -> String {
        let orders = &self.orders[orders];
        orders
            .iter()
            .map(|order| order.lines.len())
            .sum::<usize>()
            .to_string()
    }

    /// Rows of the orders of these numbers in both reports.
    pub fn rows(&self, orders: std::ops::Range<usize>) -> String {
        let lines: usize = self.orders[orders.clone()]
            .iter()
            .map(|order| order.lines.len())
            .sum();
        (orders.len() + lines).to_string()
    }

    /// Number of orders.
    pub fn len(&self) -> usize {
        self.orders.len()
    }

    /// Kind, state, rows accepted and refused of each file.
    pub fn reports(&self) -> [[String; 4]; 5] {
        let levels = self.places.iter().flatten().flatten().count();
        let report = |kind: &str, rows: String| [kind.to_owned(), "done".to_owned(), rows, "0".to_owned()];
        [
            report("orders", self.len().to_string()),
            report("orders", self.lines(0..self.len())),
            report("stock", self.shopify.len().to_string()),
            report("stock", levels.to_string()),
            report("crosswalk", (self.names + KIT.len()).to_string()),
        ]
    }

    /// Values of metrics by their ids.
    pub fn metrics(&self) -> Vec<(&'static str, String)> {
        let lines = || self.orders.iter().flat_map(|order| &order.lines);
        let shelves: i64 = self.places.iter().flatten().flatten().sum();
        let tallinn: i64 = self.shopify.iter().map(|(on_hand, _)| on_hand).sum();
        let gmv: i64 = self.orders.iter().map(Order::amount).sum();
        vec![
            ("orders_created", self.orders.len().to_string()),
            (
                "units_created",
                lines().map(|line| line.1).sum::<i64>().to_string(),
            ),
            ("gmv", format!("{gmv}.00")),
            ("stock_on_hand", (shelves + tallinn).to_string()),
        ]
    }

    /// Days left of each of the goods, by its name in the warehouse: what is sold under any name, and in kits,
    /// against what lies in Tallinn and in twelve places.
    pub fn cover(&self) -> BTreeMap<String, String> {
        let last = self.orders.len() - PACE_DAYS;
        let mut units = [0; GOODS + 1];
        for (goods, sold, _) in self.orders.iter().skip(last).flat_map(|order| &order.lines) {
            match goods {
                0 => KIT.iter().for_each(|(goods, per)| units[*goods] += per * sold),
                // Until the crosswalk knows it nobody sees that it is the same.
                goods if *goods > self.names => {}
                goods => units[*goods] += sold,
            }
        }
        let mut all = BTreeMap::new();
        for goods in (1..=GOODS).filter(|goods| units[*goods] > 0) {
            let shelves: i64 = self.places[goods - 1].iter().flatten().sum();
            let tallinn = self
                .shopify
                .get(goods - 1)
                .map_or(0, |(on_hand, committed)| on_hand - committed);
            let days = ((shelves + tallinn) * count(PACE_DAYS)) as f64 / units[goods] as f64;
            all.insert(format!("WH-{goods}"), format!("{days:.2}"));
        }
        all
    }
}
