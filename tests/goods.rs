//! The crosswalk at work: sales and stock under different names come together, whatever came first.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where it is wrong")]

#[path = "journeys/two_shops.rs"]
mod two_shops;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};
use stockpit::engine::{Added, Engine, Entered};
use stockpit::ingest::{
    Finish, Import, Imported, Intake, Options, ReadNews, ReadTask, Rows, Step, container_of, read_container,
};
use stockpit::keep::{SegmentKind, orders_chunk, stock_chunk};
use stockpit::model::Dim;
use stockpit::money::Fixed;
use stockpit::protocol::{
    Cockpit, Command, Event, FileId, FileReport, Finding, KeySet, MetricId, Note, Number, Settings,
    SourceInfo, StockState, TimeRange, View,
};
use stockpit::time::UtcMillis;

const NOW: UtcMillis = UtcMillis(1_782_000_000_000);

struct Shop {
    engine: Engine,
    files: u32,
    kept: Vec<(u64, SegmentKind, Vec<u8>, SourceInfo)>,
    /// The last report of each file.
    reports: BTreeMap<FileId, FileReport>,
}

fn opened(mut engine: Engine) -> Engine {
    let open = Command::Open {
        settings: Settings::default(),
        view: View::default(),
        request: 0,
        demo: None,
    };
    engine.apply(open, NOW);
    engine
}

/// What is in a file of one part.
fn read(name: &str, bytes: &[u8]) -> Imported {
    if container_of(bytes).is_some() {
        let options = Options::default();
        let task = ReadTask::new(name.to_owned(), bytes.len() as u64, None, &options);
        let mut parts = Vec::new();
        let mut hand = async |news: ReadNews| {
            if let ReadNews::Done(part) = news {
                parts.push(Intake::default().finish(part));
            }
        };
        {
            let mut reading = pin!(read_container(bytes.to_vec(), &task, options.decoders, &mut hand));
            let polled = reading.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_ready(), "nothing here waits");
        }
        return parts.pop().expect("a part");
    }
    let mut import = Import::new(name, bytes.len() as u64, Options::default());
    loop {
        if import.push(bytes) == Step::Again {
            continue;
        }
        match import.finish() {
            Finish::Again(again) => import = again,
            Finish::Done(imported) => return imported,
        }
    }
}

impl Shop {
    fn of(files: &[&str]) -> Self {
        let mut shop = Self {
            engine: opened(Engine::new()),
            files: 0,
            kept: Vec::new(),
            reports: BTreeMap::new(),
        };
        files.iter().for_each(|text| {
            shop.drop_file(text);
        });
        shop
    }

    fn drop_file(&mut self, text: &str) -> FileId {
        self.files += 1;
        let id = FileId::whole(self.files, 0);
        self.enter(id, read("file", text.as_bytes()));
        id
    }

    /// Drops files together.
    fn drop_together(&mut self, files: &[(&str, Vec<u8>)]) -> Vec<FileReport> {
        self.files += 1;
        let mut reports = Vec::new();
        for (at, (name, bytes)) in (0..).zip(files) {
            let id = FileId::whole(self.files, at);
            self.enter(id, read(name, bytes));
            reports.push(self.reports[&id].clone());
        }
        reports
    }

    fn enter(&mut self, id: FileId, imported: Imported) {
        let Entered {
            screen,
            change,
            report,
            ..
        } = self.engine.enter(id, imported, 1, NOW);
        if let Some(Added {
            kind,
            rows,
            source,
            step,
            ..
        }) = change
        {
            let bytes = match rows {
                None => (0..)
                    .map_while(|at| self.engine.kept_chunk(kind, at))
                    .flatten()
                    .collect(),
                Some(Rows::Stock(batch)) => (0..)
                    .map_while(|at| stock_chunk(batch.columns(), &batch.names, at))
                    .flatten()
                    .collect(),
                Some(Rows::Orders(batch)) => (0..)
                    .map_while(|at| orders_chunk(batch.columns(), at))
                    .flatten()
                    .collect(),
                Some(Rows::None) => panic!("no rows are no change"),
            };
            self.kept.push((step, kind, bytes, source));
        }
        for event in screen.into_iter().chain([report]) {
            if let Event::Report { id, report } = event {
                self.reports.insert(id, *report);
            }
        }
    }

    fn show(&mut self, filters: BTreeMap<Dim, KeySet>) -> Cockpit {
        let view = View {
            filters,
            time: TimeRange::All,
            ..View::default()
        };
        let events = self.engine.apply(Command::Show { view, request: 1 }, NOW);
        match events.into_iter().last() {
            Some(Event::Cockpit { cockpit, .. }) => *cockpit,
            other => panic!("{other:?}"),
        }
    }

    /// What does not depend on which file came first.
    fn all(&mut self) -> Cockpit {
        let mut cockpit = self.show(BTreeMap::new());
        cockpit.sources.clear();
        cockpit
    }

    fn filtered(&mut self, sku: &str) -> Cockpit {
        let set = KeySet {
            keys: [sku.to_owned()].into(),
            ..KeySet::default()
        };
        self.show(BTreeMap::from([(Dim::Sku, set)]))
    }

    fn findings(&mut self) -> Vec<Finding> {
        match self.engine.apply(Command::Check, NOW).pop() {
            Some(Event::Checked(findings)) => findings,
            other => panic!("{other:?}"),
        }
    }

    /// Keys of the cases of a check.
    fn cases(&mut self, check: &str) -> Vec<String> {
        let findings = self.findings();
        let finding = findings.iter().find(|finding| finding.check.id() == check);
        let finding = finding.unwrap_or_else(|| panic!("no {check}"));
        let mut keys: Vec<String> = finding.cases.iter().map(|case| case.key.clone()).collect();
        keys.sort();
        keys
    }
}

const ORDERS: &str = "order id,created at,status,sku,title,qty,amount,currency,shop
1,2026-06-01 10:00:00,paid,P1,Cup,4,40,CNY,A
2,2026-06-02 10:00:00,paid,P2,Cup again,2,20,CNY,A
3,2026-06-02 11:00:00,paid,KIT,Tea for two,3,90,CNY,B
4,2026-06-04 09:00:00,paid,LOST,Lost,5,50,CNY,A
";
const STOCK: &str = "sku,warehouse,available
W1,East,30
W2,East,8
690003,West,7
IDLE,West,1
";
/// P1 and P2 are W1; a kit is two W1 and one W2; W3 lies under its barcode, and nobody sells it.
const NAMES: &str = "平台SKU,仓库SKU,组合数量,条码
P1,W1,1,690001
P2,W1,,690001
KIT,W1,2,690001
KIT,W2,1,690002
P3,W3,,690003
P9,W9,,
";

fn permutations(files: &[&'static str]) -> Vec<Vec<&'static str>> {
    let Some((first, rest)) = files.split_first() else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for rest in permutations(rest) {
        for at in 0..=rest.len() {
            let mut files = rest.clone();
            files.insert(at, *first);
            all.push(files);
        }
    }
    all
}

fn units(n: i64) -> Fixed {
    Fixed::from_units(n)
}

#[test]
fn one_good_under_one_name_whatever_came_first() {
    let plain = Shop::of(&[ORDERS, STOCK]).all();
    let cockpit = Shop::of(&[ORDERS, STOCK, NAMES]).all();
    // Sales stay what they were.
    for id in [
        MetricId::Gmv,
        MetricId::OrdersCreated,
        MetricId::UnitsCreated,
        MetricId::StockOnHand,
    ] {
        let value = |cockpit: &Cockpit| {
            let kpi = cockpit.kpis.iter().find(|kpi| kpi.id == id);
            kpi.unwrap_or_else(|| panic!("{id:?}")).value
        };
        assert_eq!(value(&cockpit), value(&plain), "{id:?}");
    }
    assert_eq!(
        cockpit
            .top_skus
            .iter()
            .map(|sku| (sku.sku.as_str(), sku.units))
            .collect::<Vec<_>>(),
        plain
            .top_skus
            .iter()
            .map(|sku| (sku.sku.as_str(), sku.units))
            .collect::<Vec<_>>(),
    );
    // Days from 1 June 10:00 to the end of the last order's: four. W1: 4 + 2 + 3 × 2 = 12 units; W2: 3.
    let days = f64::from(cockpit.stock.velocity_days);
    let line =
        |cockpit: &Cockpit, sku: &str| cockpit.stock.lines.iter().find(|line| line.sku == sku).cloned();
    assert_eq!(line(&plain, "W1"), None, "nobody sells W1 by that name");
    let w1 = line(&cockpit, "W1").expect("W1 runs out");
    assert_eq!((w1.available, w1.per_day * days), (units(30), 12.0));
    assert!((w1.cover_days - 30.0 * days / 12.0).abs() < 1e-9, "{w1:?}");
    assert!(w1.title == "Cup" || w1.title == "Cup again", "{w1:?}");
    let w2 = line(&cockpit, "W2").expect("W2 runs out");
    assert_eq!(
        (w2.available, w2.per_day * days, w2.title.as_str()),
        (units(8), 3.0, "")
    );
    // Fifteen kits by W1, eight by W2.
    let top = |sku: &str| {
        cockpit
            .top_skus
            .iter()
            .find(|top| top.sku == sku)
            .and_then(|top| top.available)
    };
    assert_eq!(
        [top("KIT"), top("P1"), top("P2"), top("LOST")],
        [Some(units(8)), Some(units(30)), Some(units(30)), None]
    );
    assert_eq!(
        (plain.stock.sold_without_stock, cockpit.stock.sold_without_stock),
        (4, 1)
    );

    for files in permutations(&[ORDERS, STOCK, NAMES]) {
        assert_eq!(Shop::of(&files).all(), cockpit, "{files:?}");
    }
}

#[test]
fn the_data_check_sees_one_good() {
    let mut shop = Shop::of(&[ORDERS, STOCK, NAMES]);
    assert_eq!(shop.cases("sold-without-stock"), ["LOST"]);
    assert_eq!(shop.cases("stock-never-sold"), ["IDLE", "W3"]);
    assert_eq!(shop.cases("unused-names"), ["P9"]);
    assert!(shop.cases("broken-sets").is_empty());
    let mut plain = Shop::of(&[ORDERS, STOCK]);
    assert_eq!(plain.cases("sold-without-stock"), ["KIT", "LOST", "P1", "P2"]);
}

#[test]
fn a_click_on_any_name_means_the_good() {
    let mut shop = Shop::of(&[ORDERS, STOCK, NAMES]);
    let orders = |cockpit: &Cockpit| {
        let kpi = cockpit.kpis.iter().find(|kpi| kpi.id == MetricId::OrdersCreated);
        kpi.and_then(|kpi| kpi.value)
    };
    let stock = |cockpit: &Cockpit| {
        let kpi = cockpit.kpis.iter().find(|kpi| kpi.id == MetricId::StockOnHand);
        kpi.and_then(|kpi| kpi.value)
    };
    for name in ["W1", "P1", "P2", "690001"] {
        let cockpit = shop.filtered(name);
        assert_eq!(orders(&cockpit), Some(Number::Count(2)), "{name}");
        assert_eq!(stock(&cockpit), Some(Number::Fixed(units(30))), "{name}");
        // The kits' demand too, though their lines do not pass.
        let per_day = cockpit.stock.lines[0].per_day * f64::from(cockpit.stock.velocity_days);
        assert!((per_day - 12.0).abs() < 1e-9, "{name}: {per_day}");
        assert_eq!(cockpit.stock.sold_without_stock, 0, "{name}");
    }
    let kit = shop.filtered("KIT");
    assert_eq!(
        (orders(&kit), stock(&kit)),
        (Some(Number::Count(1)), Some(Number::Fixed(units(38))))
    );
}

#[test]
fn it_is_a_step_and_is_kept() {
    let mut shop = Shop::of(&[ORDERS, STOCK]);
    let before = shop.all();
    let id = shop.drop_file(NAMES);
    let report = &shop.reports[&id];
    assert_eq!(
        (report.kind.id(), report.rows, report.accepted, report.duplicate),
        ("crosswalk", 6, 6, 0)
    );
    let after = shop.all();
    assert_ne!(before.stock, after.stock);
    shop.engine.apply(Command::Undo, NOW);
    assert_eq!(shop.all(), before);
    shop.engine.apply(Command::Redo, NOW);
    assert_eq!(shop.all(), after);
    // Tomorrow's version: P2 has become another good, the rest is the same.
    let id = shop.drop_file(&NAMES.replace("P2,W1", "P2,W2"));
    let report = &shop.reports[&id];
    assert_eq!((report.accepted, report.duplicate), (1, 5));
    let changed = shop.all();
    assert_ne!(changed.stock, after.stock);

    let mut engine = Engine::new();
    for (step, kind, bytes, source) in &shop.kept {
        let restored = engine.restore_step(*step, *kind, bytes, std::slice::from_ref(source));
        restored.expect("what was kept can be read");
    }
    engine.recall(&shop.engine.kept_steps());
    shop.engine = opened(engine);
    assert_eq!(shop.all(), changed);
    shop.engine.apply(Command::Undo, NOW);
    assert_eq!(shop.all(), after);
    shop.engine.apply(Command::Undo, NOW);
    assert_eq!(shop.all(), before);
}

#[test]
fn a_name_can_mean_different_goods_in_two_shops() {
    const TWO: &str = "店铺,平台SKU,仓库SKU,组合数量\nA,X,W1,1\nB,X,W2,2\nA,Y,W1,1\nB,Y,W1,1\n";
    const SOLD: &str = "order id,created at,status,sku,qty,amount,currency,shop
1,2026-06-01 10:00:00,paid,X,4,40,CNY,A
2,2026-06-02 10:00:00,paid,X,3,30,CNY,B
3,2026-06-03 10:00:00,paid,Y,5,50,CNY,C
4,2026-06-04 10:00:00,paid,X,1,10,CNY,C
";
    let mut shop = Shop::of(&[SOLD, TWO, STOCK]);
    let cockpit = shop.all();
    let days = f64::from(cockpit.stock.velocity_days);
    let sold = |sku: &str| {
        let line = cockpit.stock.lines.iter().find(|line| line.sku == sku);
        line.map_or(0.0, |line| (line.per_day * days * 1000.0).round() / 1000.0)
    };
    // Shop C is none of the two: what X is there nobody says, and what Y is both say alike.
    assert_eq!((sold("W1"), sold("W2")), (9.0, 6.0));
}

#[test]
fn out_of_stock_goods_stop_their_sets() {
    let names = "bundle sku,component sku,qty\nKIT,W1,2\nKIT,W2,1\n";
    let stock = "sku,warehouse,available\nW1,East,0\nW2,East,0\n";
    let mut shop = Shop::of(&[ORDERS, names, stock]);
    let cockpit = shop.all();
    let states: Vec<(&str, StockState)> = cockpit
        .stock
        .lines
        .iter()
        .map(|line| (line.sku.as_str(), line.state))
        .collect();
    assert_eq!(states, [("W1", StockState::Out), ("W2", StockState::Out)]);
    assert_eq!(cockpit.stock.out_with_demand, 2);
    // The kit's 90 over the days are lost once, not for each of its goods.
    let days = i64::from(cockpit.stock.velocity_days);
    let per_day = Fixed::from_raw(units(90).raw() / days);
    assert_eq!(cockpit.facts.lost_per_day, Some(per_day));
}

const LEVELS: &str = r#"{"inventory_levels":[
{"inventory_item_id":11,"location_id":1,"available":27,"updated_at":"2026-05-07T15:33:38-04:00"},
{"inventory_item_id":22,"location_id":1,"available":9,"updated_at":"2026-05-07T15:33:38-04:00"},
{"inventory_item_id":22,"location_id":2,"available":1,"updated_at":"2026-05-07T15:33:38-04:00"}]}"#;
const ITEMS: &str = r#"{"inventory_items":[
{"id":11,"sku":"GREEN","created_at":"2026-05-07T15:33:38-04:00","tracked":true},
{"id":22,"sku":"PINK","created_at":"2026-05-07T15:33:38-04:00","tracked":true}]}"#;
const LOCATIONS: &str = r#"{"locations":[
{"id":1,"name":"Fifth Avenue","address1":null,"country_code":"US","country_name":"United States","province_code":null},
{"id":2,"name":"Berlin","address1":null,"country_code":"DE","country_name":"Germany","province_code":null}]}"#;
const VARIANTS: &str = r#"{"variants":[
{"id":901,"sku":"GREEN","inventory_item_id":11,"inventory_quantity":27,"inventory_management":"shopify","compare_at_price":null},
{"id":902,"sku":"PINK","inventory_item_id":22,"inventory_quantity":10,"inventory_management":"shopify","compare_at_price":null},
{"id":903,"sku":"RED","inventory_item_id":33,"inventory_quantity":5,"inventory_management":"shopify","compare_at_price":null}]}"#;

fn under_ids(report: &FileReport) -> Option<(u64, u64)> {
    report.notes.iter().find_map(|note| match note {
        Note::UnderIds(goods, places) => Some((*goods, *places)),
        _ => None,
    })
}

#[test]
fn shopify_files_come_together_in_any_order_and_say_what_is_missing() {
    let mut shop = Shop::of(&[]);
    let levels = shop.drop_file(LEVELS);
    assert_eq!(under_ids(&shop.reports[&levels]), Some((2, 2)));
    shop.drop_file(ITEMS);
    assert_eq!(under_ids(&shop.reports[&levels]), Some((0, 2)));
    shop.drop_file(LOCATIONS);
    assert_eq!(under_ids(&shop.reports[&levels]), None);
    let named = shop.all();
    assert_eq!(
        named.stock.warehouses,
        [
            ("Fifth Avenue".to_owned(), units(36)),
            ("Berlin".to_owned(), units(1))
        ]
    );

    for files in permutations(&[LEVELS, ITEMS, LOCATIONS]) {
        let mut shop = Shop::of(&files);
        assert_eq!(shop.all(), named, "{files:?}");
        assert!(
            shop.reports.values().all(|report| under_ids(report).is_none()),
            "{files:?}"
        );
    }
    // Variants have the names of the items too, and RED, which no level speaks of.
    let all = Shop::of(&[LEVELS, LOCATIONS, VARIANTS]).all();
    let on_hand = |cockpit: &Cockpit| {
        let kpi = cockpit.kpis.iter().find(|kpi| kpi.id == MetricId::StockOnHand);
        kpi.and_then(|kpi| kpi.value)
    };
    assert_eq!(on_hand(&named), Some(Number::Fixed(units(37))));
    assert_eq!(on_hand(&all), Some(Number::Fixed(units(42))));
    assert_eq!(all.stock.warehouses, named.stock.warehouses);
    for files in permutations(&[LEVELS, ITEMS, LOCATIONS, VARIANTS]) {
        assert_eq!(Shop::of(&files).all(), all, "{files:?}");
    }
    for files in permutations(&[LEVELS, LOCATIONS, VARIANTS]) {
        assert_eq!(Shop::of(&files).all(), all, "{files:?}");
    }
}

/// The journey of the same name, without a browser.
#[test]
fn two_shops_a_warehouse_and_their_names_are_one_cockpit() {
    let (today, tomorrow) = (two_shops::today(), two_shops::tomorrow());
    let check = |shop: &mut Shop, day: &two_shops::Day| {
        let cockpit = shop.show(BTreeMap::new());
        for (id, expect) in day.metrics() {
            let kpi = cockpit.kpis.iter().find(|kpi| kpi.id.id() == id);
            let value = match kpi.and_then(|kpi| kpi.value) {
                Some(Number::Count(count)) => Fixed::from_units(count),
                Some(Number::Fixed(value)) => value,
                other => panic!("{id}: {other:?}"),
            };
            assert_eq!(Ok((value, false)), Fixed::parse(&expect), "{id}");
        }
        let lines = cockpit.stock.lines.iter();
        let cover: BTreeMap<String, String> = lines
            .map(|line| (line.sku.clone(), format!("{:.2}", line.cover_days)))
            .collect();
        assert_eq!(cover, day.cover());
        (cockpit.kpis, cockpit.stock, cockpit.top_skus)
    };
    let mut shop = Shop::of(&[]);
    let reports = shop.drop_together(&today.files());
    let said = reports.iter().map(|report| {
        let counts = [report.accepted, report.rejected].map(|count| count.to_string());
        let [accepted, rejected] = counts;
        [
            report.kind.id().to_owned(),
            report.state.id().to_owned(),
            accepted,
            rejected,
        ]
    });
    assert_eq!(said.collect::<Vec<_>>(), today.reports());
    let first = check(&mut shop, &today);
    shop.drop_together(&tomorrow.files());
    let second = check(&mut shop, &tomorrow);
    let Event::Steps(steps) = shop.engine.steps() else {
        panic!("steps")
    };
    assert_eq!(steps.len(), 2, "a drop is one step");
    let diff = &steps[1].diff;
    assert_eq!(diff.new.to_string(), tomorrow.rows(40..43), "{diff:?}");
    assert_eq!(
        (diff.vanished, diff.stock_new, diff.stock_changed, diff.names),
        (0, 0, 2, [1, 0, 7]),
        "{diff:?}"
    );
    // Told once an order, whose status its lines follow.
    assert_eq!(diff.statuses, [("paid".to_owned(), "shipped".to_owned(), 10)]);
    shop.engine.apply(Command::Undo, NOW);
    assert_eq!(check(&mut shop, &today), first);
    shop.engine.apply(Command::Redo, NOW);
    assert_eq!(check(&mut shop, &tomorrow), second);
}
