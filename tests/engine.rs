//! The engine as a whole, natively: bytes in, screens out.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where it is wrong")]

use std::collections::BTreeMap;
use stockpit::engine::{Added, Engine, Entered};
use stockpit::ingest::{Finish, Rows, Step};
use stockpit::keep::{SegmentKind, orders_chunk, stock_chunk};
use stockpit::model::Dim;
use stockpit::protocol::{
    Cockpit, Command, Comparison, DataSource, Event, FileId, FileReport, FileState, Headline, KeySet,
    Measure, MetricId, Settings, SourceInfo, StockState, TimeRange, View,
};
use stockpit::time::{Span, UtcMillis};

const NOW: UtcMillis = UtcMillis(1_782_000_000_000);

struct Shop {
    engine: Engine,
    files: u32,
    /// What a browser would keep.
    kept: Vec<(SegmentKind, Vec<u8>, SourceInfo)>,
}

impl Shop {
    fn open(demo: bool) -> Self {
        let mut engine = Engine::new();
        let settings = Settings {
            zone: "Asia/Shanghai".to_owned(),
            ..Settings::default()
        };
        engine.apply(
            Command::Open {
                settings,
                view: View::default(),
                request: 0,
                demo: demo.then_some(TimeRange::All),
            },
            NOW,
        );
        Self {
            engine,
            files: 0,
            kept: Vec::new(),
        }
    }

    fn read(&mut self, name: &str, text: &str) -> FileReport {
        self.files += 1;
        let id = FileId::whole(self.files, 0);
        let mut import = self.engine.import(name, text.len() as u64);
        let imported = loop {
            for chunk in text.as_bytes().chunks(64) {
                match import.push(chunk) {
                    Step::More => {}
                    Step::Again | Step::Stop => break,
                }
            }
            match import.finish() {
                Finish::Again(again) => import = again,
                Finish::Done(imported) => break imported,
            }
        };
        let Entered { change, report, .. } = self.engine.enter(id, imported, 1, NOW);
        if let Some(Added {
            kind, rows, source, ..
        }) = change
        {
            let bytes = match rows {
                None => all(|at| self.engine.kept_chunk(kind, at)),
                Some(Rows::Orders(batch)) => all(|at| orders_chunk(batch.columns(), at)),
                Some(Rows::Stock(batch)) => all(|at| stock_chunk(batch.columns(), &batch.names, at)),
                Some(Rows::None) => panic!("no rows are no change"),
            };
            self.kept.push((kind, bytes, source));
        }
        match report {
            Event::Report { report, .. } => *report,
            other => panic!("every file ends with a report, not {other:?}"),
        }
    }

    fn show(&mut self, view: View) -> Cockpit {
        let (headline, cockpit) = self.show_led(view);
        // Whatever comes first must be what then stands on the screen.
        if let Some(headline) = headline {
            assert_eq!(headline, cockpit.headline());
        }
        cockpit
    }

    /// The numbers that come before the screen, if they do, and the screen.
    fn show_led(&mut self, view: View) -> (Option<Headline>, Cockpit) {
        let mut events = self
            .engine
            .apply(Command::Show { view, request: 1 }, NOW)
            .into_iter();
        match (events.next(), events.next(), events.next()) {
            (Some(Event::Cockpit { cockpit, request: 1 }), None, None) => (None, *cockpit),
            (
                Some(Event::Headline { headline, request: 1 }),
                Some(Event::Cockpit { cockpit, request: 1 }),
                None,
            ) => (Some(*headline), *cockpit),
            other => panic!("a view is answered by a cockpit, not {other:?}"),
        }
    }
}

fn all(chunk: impl Fn(usize) -> Option<Vec<u8>>) -> Vec<u8> {
    (0..).map_while(chunk).flatten().collect()
}

#[track_caller]
fn check(cockpit: &Cockpit, id: MetricId, currency: Option<&str>, expect: &str) {
    let found = |kpi: &&stockpit::protocol::Kpi| kpi.id == id && kpi.currency.as_deref() == currency;
    let kpi = cockpit.kpis.iter().find(found);
    let value = kpi
        .unwrap_or_else(|| panic!("{} {currency:?} is not there", id.id()))
        .value;
    let text = value.map(|value| {
        if id.is_money() {
            value.canonical_money()
        } else {
            value.canonical()
        }
    });
    assert_eq!(text.unwrap_or_default(), expect, "{} {currency:?}", id.id());
}

fn filter(dim: Dim, keys: &[&str], exclude: bool) -> View {
    let keys = keys.iter().map(|key| (*key).to_owned()).collect();
    View {
        filters: BTreeMap::from([(
            dim,
            KeySet {
                keys,
                exclude,
                ..KeySet::default()
            },
        )]),
        ..View::default()
    }
}

const ORDERS: &str = "\
order id,created,paid time,status,sku,product name,qty,amount,paid amount,refund amount,currency,channel,province,warehouse
1,2026-06-01 10:00:00,2026-06-01 10:05:00,shipped,A,Mask,2,200.00,180.00,0,CNY,Tmall,Guangdong,East
1,2026-06-01 10:00:00,2026-06-01 10:05:00,shipped,B,Serum,1,99.90,99.90,9.90,CNY,Tmall,Guangdong,East
2,2026-06-02 23:30:00,2026-06-03 00:10:00,paid,A,Mask,1,100.00,100.00,0,CNY,Douyin,Zhejiang,East
3,2026-06-03 09:00:00,,cancelled,C,Cream,3,300.00,,,CNY,Douyin,guangdong,West
4,2026-06-03 12:00:00,2026-06-03 12:01:00,completed,A,Mask,1,20.00,18.0005,0,USD,Shopify,Zhejiang,West
";

const STOCK: &str = "\
sku,warehouse,available,on hand,incoming,category
A,East,4,6,10,Masks
A,West,0,0,,Masks
B,East,0,0,,Serums
D,East,500,500,,Creams
C,West,-3,1,,Creams
";

#[test]
fn numbers_follow_their_definitions() {
    let mut shop = Shop::open(false);
    let report = shop.read("orders.csv", ORDERS);
    assert_eq!(
        (report.state, report.accepted, report.rejected),
        (FileState::Done, 5, 0),
        "{report:?}"
    );
    let cockpit = shop.show(View::default());
    for (id, currency, expect) in [
        (MetricId::Gmv, Some("CNY"), "699.90"),
        (MetricId::Gmv, Some("USD"), "20.00"),
        (MetricId::PaidAmount, Some("CNY"), "379.90"),
        (MetricId::PaidAmount, Some("USD"), "18.0005"),
        (MetricId::NetSales, Some("CNY"), "370.00"),
        (MetricId::AovOrder, Some("CNY"), "189.95"),
        (MetricId::OrdersCreated, None, "4"),
        (MetricId::Orders, None, "3"),
        (MetricId::UnitsCreated, None, "8"),
        (MetricId::Units, None, "5"),
        (MetricId::CancelRate, None, "0.25"),
        (MetricId::RefundRate, None, "0.333333"),
        (MetricId::ActiveSkus, None, "3"),
        (MetricId::StockOnHand, None, ""),
        (MetricId::DaysOfCover, None, ""),
    ] {
        check(&cockpit, id, currency, expect);
    }
    assert_eq!(cockpit.currencies, ["CNY", "USD"]);
}

#[test]
fn a_chart_does_not_filter_itself() {
    let mut shop = Shop::open(false);
    shop.read("orders.csv", ORDERS);
    let cockpit = shop.show(filter(Dim::Channel, &["Douyin"], false));
    check(&cockpit, MetricId::OrdersCreated, None, "2");
    let keys = |dim: Dim| {
        let breakdown = cockpit.breakdowns.iter().find(|b| b.dim == dim).unwrap();
        breakdown
            .rows
            .iter()
            .map(|row| row.key.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        keys(Dim::Channel),
        ["Douyin", "Tmall", "Shopify"],
        "all channels, by GMV in CNY"
    );
    assert_eq!(
        keys(Dim::Region),
        ["Guangdong", "Zhejiang"],
        "spellings joined, filtered by the clause on channels"
    );
    assert_eq!(keys(Dim::Status), ["cancelled", "paid"]);
    let without = shop.show(filter(Dim::Status, &["cancelled"], true));
    check(&without, MetricId::OrdersCreated, None, "3");
    check(&without, MetricId::Gmv, Some("CNY"), "399.90");
}

#[test]
fn the_numbers_come_first_where_other_lines_pass() {
    let mut shop = Shop::open(false);
    shop.read("orders.csv", ORDERS);
    shop.read("stock.csv", STOCK);
    let douyin = filter(Dim::Channel, &["Douyin"], false);
    for (view, expect) in [
        (View::default(), None),
        (douyin.clone(), Some("2")),
        // The same lines, shown otherwise.
        (
            View {
                measure: Measure::Units,
                ..douyin.clone()
            },
            None,
        ),
        (filter(Dim::Channel, &["Douyin"], true), Some("2")),
        (View::default(), Some("4")),
    ] {
        let (headline, cockpit) = shop.show_led(view.clone());
        assert_eq!(headline.is_some(), expect.is_some(), "{view:?}");
        let Some((headline, expect)) = headline.zip(expect) else {
            continue;
        };
        assert_eq!(headline, cockpit.headline());
        let orders = |kpi: &&stockpit::protocol::Kpi| kpi.id == MetricId::OrdersCreated;
        let orders = headline.kpis.iter().find(orders).and_then(|kpi| kpi.value);
        assert_eq!(
            orders.map(|orders| orders.canonical()).as_deref(),
            Some(expect),
            "{view:?}"
        );
    }
}

#[test]
fn the_same_file_twice_changes_nothing_and_a_later_version_replaces() {
    let mut shop = Shop::open(false);
    shop.read("orders.csv", ORDERS);
    let before = shop.show(View::default());
    let again = shop.read("again.csv", ORDERS);
    assert_eq!((again.accepted, again.duplicate), (0, 5));
    let after = shop.show(View::default());
    assert_eq!((after.kpis, after.series), (before.kpis, before.series));

    let later = ORDERS.replace(",paid,A", ",shipped,A");
    let report = shop.read("later.csv", &later);
    assert_eq!((report.accepted, report.duplicate), (1, 4));
    let cockpit = shop.show(filter(Dim::Status, &["shipped"], false));
    check(&cockpit, MetricId::OrdersCreated, None, "2");
}

#[test]
fn what_was_kept_gives_the_same_screens() {
    let mut shop = Shop::open(false);
    shop.read("orders.csv", ORDERS);
    shop.read("again.csv", ORDERS);
    shop.read("stock.csv", STOCK);
    shop.read("later.csv", &ORDERS.replace(",paid,A", ",shipped,A"));
    let kept = std::mem::take(&mut shop.kept);
    let names: Vec<&str> = kept.iter().map(|(_, _, source)| source.name.as_str()).collect();
    assert_eq!(
        names,
        ["orders.csv", "stock.csv", "later.csv"],
        "what changes nothing is not kept"
    );

    // As the next visit finds it: file by file, and joined.
    let mut whole = Engine::new();
    let mut engine = Engine::new();
    for (kind, bytes, source) in &kept {
        engine.restore(*kind, bytes).expect("what was kept can be read");
        engine.name_source(source.clone());
    }
    for kind in [SegmentKind::Orders, SegmentKind::Stock] {
        let bytes = all(|at| engine.kept_chunk(kind, at));
        whole.restore(kind, &bytes).expect("what was kept can be read");
    }
    for view in [View::default(), filter(Dim::Status, &["shipped"], true)] {
        let expect = shop.show(view.clone());
        for engine in [&mut engine, &mut whole] {
            let open = Command::Open {
                settings: Settings {
                    zone: "Asia/Shanghai".to_owned(),
                    ..Settings::default()
                },
                view: view.clone(),
                request: 0,
                demo: Some(TimeRange::LastDay),
            };
            let Some(Event::Cockpit { cockpit, .. }) = engine.apply(open, NOW).pop() else {
                panic!("an opened engine shows a cockpit")
            };
            assert_eq!(
                cockpit.source,
                DataSource::Files,
                "kept rows come before the demo"
            );
            let sources = expect.sources.clone();
            assert_eq!(Cockpit { sources, ..*cockpit }, expect);
        }
    }
    assert!(engine.restore(SegmentKind::Stock, &kept[0].1).is_err());
}

#[test]
fn time_ranges_take_each_metric_by_its_own_clock() {
    let mut shop = Shop::open(false);
    shop.read("orders.csv", ORDERS);
    // Order 2 was ordered on the 2nd and paid on the 3rd, in the shop's zone.
    let day = |date: i64| UtcMillis(1_780_243_200_000 + (date - 1) * 86_400_000);
    let second = Span {
        from: day(2),
        to: day(3),
    };
    let cockpit = shop.show(View {
        time: TimeRange::Span(second),
        ..View::default()
    });
    check(&cockpit, MetricId::OrdersCreated, None, "1");
    check(&cockpit, MetricId::Orders, None, "0");
    check(&cockpit, MetricId::PaidAmount, Some("CNY"), "0.00");
    assert_eq!(cockpit.comparison, Comparison::PreviousPeriod);
    let last = shop.show(View {
        time: TimeRange::LastDay,
        ..View::default()
    });
    check(&last, MetricId::Orders, None, "2");
    let days: Vec<&str> = cockpit
        .series
        .points
        .iter()
        .map(|point| &point.key[..10])
        .collect();
    assert!(days.iter().all(|day| *day == "2026-06-02"), "{days:?}");
    let by_day = shop.show(View {
        grain: stockpit::time::Grain::from_id("day"),
        ..View::default()
    });
    let points: Vec<_> = by_day
        .series
        .points
        .iter()
        .map(|p| (p.key.as_str(), p.orders, p.gmv.to_decimal(2)))
        .collect();
    let expect = [
        ("2026-06-01", 1, "299.90"),
        ("2026-06-02", 1, "100.00"),
        ("2026-06-03", 2, "300.00"),
    ];
    assert_eq!(
        points,
        expect.map(|(key, orders, gmv)| (key, orders, gmv.to_owned()))
    );
}

#[test]
fn stock_meets_the_pace_of_sales() {
    let mut shop = Shop::open(false);
    shop.read("orders.csv", ORDERS);
    let report = shop.read("stock.csv", STOCK);
    assert_eq!(
        (report.state, report.accepted),
        (FileState::Done, 5),
        "{report:?}"
    );
    let cockpit = shop.show(View::default());
    check(&cockpit, MetricId::StockOnHand, None, "507");
    check(&cockpit, MetricId::StockSkus, None, "4");
    check(&cockpit, MetricId::StockoutSkus, None, "2");
    check(&cockpit, MetricId::OversellUnits, None, "3");
    check(&cockpit, MetricId::Inbound, None, "10");
    // 501 sellable, 5 units paid in 3 days (2026-06-01 to 03).
    check(&cockpit, MetricId::DaysOfCover, None, "300.6");
    let lines: Vec<_> = cockpit
        .stock
        .lines
        .iter()
        .map(|l| (l.sku.as_str(), l.state, l.available.to_string()))
        .collect();
    let expect = [
        ("C", StockState::Oversold, "-3"),
        ("B", StockState::Out, "0"),
        ("A", StockState::Low, "4"),
    ];
    assert_eq!(
        lines,
        expect.map(|(sku, state, units)| (sku, state, units.to_owned()))
    );
    assert_eq!(
        cockpit
            .stock
            .overstock
            .iter()
            .map(|l| l.sku.as_str())
            .collect::<Vec<_>>(),
        ["D"]
    );

    let east = shop.show(filter(Dim::Warehouse, &["East"], false));
    check(&east, MetricId::StockOnHand, None, "506");
    let serums = shop.show(filter(Dim::Category, &["Serums"], false));
    check(&serums, MetricId::StockOnHand, None, "0");
}

#[test]
fn the_demo_lives_until_the_first_rows_of_ones_own() {
    let mut shop = Shop::open(true);
    let demo = shop.show(View {
        time: TimeRange::LastDay,
        ..View::default()
    });
    assert_eq!(
        (demo.source, demo.comparison),
        (DataSource::Demo, Comparison::SameTimeLastWeek)
    );
    let later = UtcMillis(NOW.0 + 5_000);
    let Some(Event::Cockpit { cockpit: moved, .. }) = shop.engine.apply(Command::Tick, later).pop() else {
        panic!("the demo moves")
    };
    assert!(moved.lines > demo.lines, "five seconds of a burst bring orders");

    let unreadable = shop.read("picture.png", "\u{89}PNG\r\n\u{1a}\n\0\0\0");
    assert_eq!(unreadable.state, FileState::Failed);
    assert_eq!(
        shop.show(View::default()).source,
        DataSource::Demo,
        "nothing understood, nothing replaced"
    );

    shop.read("orders.csv", ORDERS);
    let own = shop.show(View::default());
    assert_eq!((own.source, own.lines), (DataSource::Files, 5));
    assert!(
        shop.engine.apply(Command::Tick, later).is_empty(),
        "files do not move"
    );
}

#[test]
fn nothing_is_shown_before_the_page_has_opened() {
    let mut engine = Engine::new();
    let show = Command::Show {
        view: View::default(),
        request: 1,
    };
    assert!(
        engine.apply(show, NOW).is_empty(),
        "an empty screen would flash before the demo"
    );
}

#[test]
fn views_of_anything_do_not_panic() {
    let mut shop = Shop::open(false);
    let ends = Span {
        from: UtcMillis(i64::MIN),
        to: UtcMillis(i64::MAX),
    };
    let turned = Span {
        from: UtcMillis(5),
        to: UtcMillis(4),
    };
    for loaded in [false, true] {
        if loaded {
            shop.read("orders.csv", ORDERS);
            shop.read("stock.csv", STOCK);
        }
        for time in [
            TimeRange::All,
            TimeRange::LastDays(0),
            TimeRange::LastDays(u16::MAX),
            TimeRange::Span(ends),
            TimeRange::Span(turned),
        ] {
            for grain in stockpit::time::Grain::ALL {
                let view = View {
                    time,
                    grain: Some(grain),
                    measure: Measure::Orders,
                    currency: Some("XXX".to_owned()),
                    ..filter(Dim::Sku, &["nobody"], false)
                };
                shop.show(view);
            }
        }
    }
}

/// A row an order, without the goods.
const ORDER_LIST: &str = "\
订单编号,买家实际支付金额,总金额,订单状态,订单创建时间,订单付款时间 ,宝贝总数量,退款金额,店铺名称,收货地址
=\"35153131473290001\",90.00,100.00,卖家已发货，等待买家确认,2026-06-01 10:00:00,2026-06-01 10:05:00,3,0.00,旗舰店,浙江省 杭州市
=\"35153131473290002\",20.00,20.00,买家已付款,2026-06-02 10:00:00,2026-06-02 10:05:00,1,0.00,旗舰店,四川省 成都市
";

/// A row a line, without times.
const ITEM_LIST: &str = "\
订单编号,标题,价格,购买数量,外部系统编号,商品属性,订单状态,商家编码
=\"35153131473290001\",杯,60.00,1,A,,卖家已发货，等待买家确认,A,
=\"35153131473290001\",盖,25.00,2,B,,卖家已发货，等待买家确认,B,
";

#[test]
fn an_order_list_and_its_item_list_count_once() {
    for files in [[ORDER_LIST, ITEM_LIST], [ITEM_LIST, ORDER_LIST]] {
        let mut shop = Shop::open(false);
        for (at, text) in files.into_iter().enumerate() {
            let report = shop.read("export.csv", text);
            assert_eq!(
                (report.state, report.accepted),
                (FileState::Done, 2),
                "{at}: {report:?}"
            );
            // What runs while files come must follow them.
            shop.show(View::default());
        }
        let both = |cockpit: &Cockpit| {
            for (id, currency, expect) in [
                (MetricId::Gmv, Some("CNY"), "130.00"),
                (MetricId::PaidAmount, Some("CNY"), "110.00"),
                (MetricId::OrdersCreated, None, "2"),
                (MetricId::Orders, None, "2"),
                (MetricId::UnitsCreated, None, "4"),
                (MetricId::ActiveSkus, None, "2"),
            ] {
                check(cockpit, id, currency, expect);
            }
        };
        both(&shop.show(View::default()));
        // Lines have their shop and region from the order.
        let cockpit = shop.show(filter(Dim::Region, &["浙江省"], false));
        check(&cockpit, MetricId::PaidAmount, Some("CNY"), "90.00");
        check(&cockpit, MetricId::OrdersCreated, None, "1");
        // Once more, and after a new start: the same.
        for text in files {
            assert_eq!(shop.read("export.csv", text).accepted, 0);
        }
        both(&shop.show(View::default()));
        let mut again = Shop::open(false);
        for (kind, bytes, _) in &shop.kept {
            again
                .engine
                .restore(*kind, bytes)
                .expect("what was kept can be read");
        }
        both(&again.show(View::default()));
    }
}

#[test]
fn where_nothing_was_sold_sales_are_zero_unless_nobody_knows_amounts() {
    // Whether lines say amounts; the sums on a day with an order, and on one without.
    for (amounts, sold, quiet) in [
        (
            true,
            ["10.00", "10.00", "10.00", "2", "2"],
            ["0.00", "0.00", "0.00", "0", "0"],
        ),
        (false, ["", "", "", "2", "2"], ["", "", "", "0", "0"]),
    ] {
        let mut shop = Shop::open(false);
        let mut text = String::from("order_id,created_at,paid_at,sku,quantity,status");
        text.push_str(if amounts { ",amount,currency\n" } else { "\n" });
        for day in [1, 3] {
            let money = if amounts { ",10.00,CNY" } else { "" };
            let time = format!("2026-06-0{day} 10:00:00");
            text.push_str(&format!("O{day},{time},{time},A,2,paid{money}\n"));
        }
        shop.read("orders.csv", &text);
        // 2026-06-01 in Shanghai.
        let midnight = 1_780_243_200_000;
        for (day, right) in [(0, sold), (1, quiet)] {
            let from = UtcMillis(midnight + day * 86_400_000);
            let time = TimeRange::Span(Span {
                from,
                to: from.plus(86_400_000),
            });
            let cockpit = shop.show(View {
                time,
                ..View::default()
            });
            let currency = Some(if amounts { "CNY" } else { "" });
            check(&cockpit, MetricId::Gmv, currency, right[0]);
            check(&cockpit, MetricId::PaidAmount, currency, right[1]);
            check(&cockpit, MetricId::NetSales, currency, right[2]);
            check(&cockpit, MetricId::Units, None, right[3]);
            check(&cockpit, MetricId::UnitsCreated, None, right[4]);
            // Of no order there is no average.
            let average = if right[1] == "10.00" { "10.00" } else { "" };
            check(&cockpit, MetricId::AovOrder, currency, average);
        }
    }
}
