//! Live sources, as the engine sees them: each row once, one step, and what is kept fits what is asked for.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it is wrong"
)]

use stockpit::engine::{Engine, Waits};
use stockpit::ingest::{Events, Imported, Intake, Rows};
use stockpit::keep::{KeptStep, SegmentKind, orders_chunk, stock_chunk};
use stockpit::protocol::{Command, Event, FeedStatus, FileId, Problem, StepInfo, TimeRange};
use stockpit::time::UtcMillis;

const KEY: &str = "wss://shop.example/live";

/// What is on the disk: segments in order, then the steps.
#[derive(Clone, Default)]
struct Disk {
    segments: Vec<(u64, SegmentKind, Vec<u8>)>,
    steps: Vec<KeptStep>,
}

struct Page(Engine, i64, Disk);

/// Lines of JSON, as the rows of a batch.
fn rows(orders: &str, stock: &str, inbound: &str) -> Vec<Imported> {
    let mut events = Events::new(Default::default());
    assert!(events.orders(orders) && events.stock(stock, None) && events.inbound(inbound, None));
    let reads = events.finish("live");
    reads
        .into_iter()
        .map(|read| Intake::of(&read).finish(read))
        .collect()
}

fn order(id: &str, status: &str, quantity: u32, updated: u32) -> String {
    format!(
        r#"{{"order_id":"{id}","sku":"S1","status":"{status}","quantity":{quantity},"unit_price":"10.00","currency":"CNY",
            "created_at":"2026-06-01T10:00:00+08:00","updated_at":"2026-06-01T10:{updated:02}:00+08:00"}}"#
    )
}

impl Page {
    fn open(disk: &Disk) -> Self {
        let mut engine = Engine::new();
        for (step, kind, bytes) in &disk.segments {
            engine.restore_step(*step, *kind, bytes, &[]).unwrap();
        }
        engine.recall(&disk.steps);
        let open = Command::Open {
            settings: Default::default(),
            view: Default::default(),
            request: 0,
            demo: None,
        };
        engine.apply(open, UtcMillis(0));
        Self(engine, 1_782_000_000_000, disk.clone())
    }

    fn feed(&mut self, orders: &[String], seq: u64) -> bool {
        self.1 += 1_000;
        let imports = rows(&format!("[{}]", orders.join(",")), "[]", "[]");
        let events = self.0.enter_live(KEY, imports, Some(seq), UtcMillis(self.1));
        events.iter().any(|event| matches!(event, Event::Cockpit { .. }))
    }

    /// Reads a file.
    fn drop_file(&mut self, text: &str) {
        self.keep();
        let mut import = self.0.import("orders.csv", text.len() as u64);
        import.push(text.as_bytes());
        let stockpit::ingest::Finish::Done(imported) = import.finish() else {
            panic!("it is read at once")
        };
        self.1 += 1_000;
        let entered = self.0.enter(FileId::whole(1, 0), imported, 1, UtcMillis(self.1));
        if let Some(added) = entered.change {
            self.write(added, false);
        }
    }

    fn write(&mut self, added: stockpit::engine::Added, is_live: bool) {
        let chunk = |at| match &added.rows {
            Some(Rows::Orders(batch)) => orders_chunk(batch.columns(), at),
            Some(Rows::Stock(batch)) => stock_chunk(batch.columns(), &batch.names, at),
            _ if is_live => self.0.unkept_chunk(added.kind, at),
            _ => self.0.kept_chunk(added.kind, at),
        };
        let bytes: Vec<u8> = (0..).map_while(chunk).flatten().collect();
        self.2.segments.push((added.step, added.kind, bytes));
        self.2.steps = added.steps;
    }

    fn keep(&mut self) {
        let unkept = self.0.unkept(false);
        if unkept.is_empty() {
            return;
        }
        for added in unkept {
            self.write(added, true);
        }
        self.0.end_part();
    }

    /// Orders created, units created, and the applied batch.
    fn state(&mut self) -> (String, String, Option<u64>) {
        let events = self.0.screen(UtcMillis(self.1));
        let Some(Event::Cockpit { cockpit, .. }) = events.into_iter().next() else {
            panic!("there is a screen")
        };
        let value = |id: &str| {
            let kpi = cockpit.kpis.iter().find(|kpi| kpi.id.id() == id);
            kpi.and_then(|kpi| kpi.value)
                .map(|value| value.canonical())
                .unwrap_or_default()
        };
        (
            value("orders_created"),
            value("units_created"),
            self.0.applied(KEY),
        )
    }

    #[track_caller]
    fn check(&mut self, orders: &str, units: &str, applied: Option<u64>) {
        assert_eq!(self.state(), (orders.to_owned(), units.to_owned(), applied));
    }

    fn steps(&self) -> Vec<StepInfo> {
        match self.0.steps() {
            Event::Steps(steps) => steps,
            other => panic!("steps are told as steps, not {other:?}"),
        }
    }
}

#[test]
fn versions_replace_each_other_and_nothing_counts_twice() {
    let mut page = Page::open(&Disk::default());
    assert!(page.feed(&[order("1", "paid", 2, 1), order("2", "paid", 3, 1)], 1));
    page.check("2", "5", Some(1));
    // The same again, an earlier version, and a later one.
    assert!(
        !page.feed(&[order("1", "paid", 2, 1)], 2),
        "nothing new draws no screen"
    );
    assert!(!page.feed(&[order("1", "created", 9, 0)], 3));
    page.check("2", "5", Some(3));
    assert!(page.feed(&[order("1", "shipped", 4, 2)], 4));
    // Two versions in one batch.
    assert!(page.feed(
        &[
            order("3", "paid", 1, 1),
            order("3", "shipped", 7, 2),
            order("3", "paid", 1, 0)
        ],
        5
    ));
    page.check("3", "14", Some(5));
    let steps = page.steps();
    assert_eq!(steps.len(), 1, "all is one step");
    assert_eq!(
        (steps[0].diff.new, steps[0].files.join("+")),
        (3, "live".to_owned())
    );
}

#[test]
fn what_nobody_sends_again_is_urgent_and_a_draft_holds_all_since_the_last_part() {
    let mut page = Page::open(&Disk::default());
    let enter = |page: &mut Page, id: &str, seq: Option<u64>| {
        let imports = rows(&format!("[{}]", order(id, "paid", 1, 1)), "[]", "[]");
        page.0.enter_live(KEY, imports, seq, UtcMillis(page.1));
        page.0.waits()
    };
    assert_eq!(page.0.waits(), Waits::None);
    assert_eq!(enter(&mut page, "1", Some(1)), Waits::Numbered);
    assert_eq!(enter(&mut page, "2", None), Waits::Fragile);
    let held = |page: &Page| {
        let chunk = |at| page.0.unkept_chunk(SegmentKind::Orders, at);
        let bytes: Vec<u8> = (0..).map_while(chunk).flatten().collect();
        stockpit::keep::orders(&bytes).unwrap().columns().len()
    };
    assert_eq!(page.0.unkept(true).len(), 1);
    assert_eq!((page.0.waits(), held(&page)), (Waits::Drafted, 2));
    assert_eq!(enter(&mut page, "2", None), Waits::Drafted, "that is no news");
    assert_eq!(enter(&mut page, "3", Some(2)), Waits::Numbered);
    assert_eq!((page.0.unkept(true).len(), held(&page)), (1, 3));
    assert_eq!((page.0.unkept(false).len(), held(&page)), (1, 3));
    page.0.end_part();
    assert_eq!((page.0.waits(), page.0.unkept(true).len()), (Waits::None, 0));
    assert_eq!(enter(&mut page, "4", None), Waits::Fragile);
    assert_eq!((page.0.unkept(true).len(), held(&page)), (1, 1));
}

#[test]
fn a_file_and_a_feed_meet() {
    let mut page = Page::open(&Disk::default());
    page.drop_file("order_id,line_id,sku,quantity,unit_price,currency,created_at,updated_at,status\n1,,S1,2,10.00,CNY,2026-06-01 10:00:00,2026-06-01 10:01:00,paid\n9,,S1,1,10.00,CNY,2026-06-01 10:00:00,2026-06-01 10:01:00,paid\n");
    page.check("2", "3", None);
    page.feed(&[order("1", "shipped", 5, 2)], 1);
    page.check("2", "6", Some(1));
}

#[test]
fn stock_and_what_is_on_its_way_replace_themselves() {
    let mut page = Page::open(&Disk::default());
    page.feed(&[order("1", "paid", 1, 1)], 1);
    for (stock, inbound, on_hand, on_way) in [
        (
            r#"[{"sku":"S1","warehouse":"North","on_hand":"40"},{"sku":"S2","warehouse":"North","on_hand":2}]"#,
            r#"[{"sku":"S1","warehouse":"North","quantity":30}]"#,
            "42",
            "30",
        ),
        (
            r#"[{"sku":"S1","warehouse":"North","on_hand":39},{"sku":"S1","warehouse":"North","on_hand":38}]"#,
            r#"[{"sku":"S1","warehouse":"North","quantity":"10"}]"#,
            "40",
            "10",
        ),
    ] {
        let events = page
            .0
            .enter_live(KEY, rows("[]", stock, inbound), Some(2), UtcMillis(page.1));
        let Some(Event::Cockpit { cockpit, .. }) = events.into_iter().next() else {
            panic!("there is a screen")
        };
        let value = |id: &str| {
            let kpi = cockpit.kpis.iter().find(|kpi| kpi.id.id() == id);
            kpi.and_then(|kpi| kpi.value)
                .map(|value| value.canonical())
                .unwrap_or_default()
        };
        assert_eq!(
            (value("stock_on_hand"), value("inbound")),
            (on_hand.to_owned(), on_way.to_owned())
        );
    }
}

#[test]
fn what_is_kept_fits_what_is_asked_for_whenever_the_page_ends() {
    let mut page = Page::open(&Disk::default());
    page.feed(&[order("1", "paid", 2, 1), order("2", "paid", 3, 1)], 1);
    page.keep();
    page.feed(&[order("2", "shipped", 30, 2), order("3", "paid", 1, 1)], 2);
    // It ends here: what follows batch 1 is asked for.
    let mut next = Page::open(&page.2);
    next.check("2", "5", Some(1));
    next.feed(&[order("2", "shipped", 30, 2), order("3", "paid", 1, 1)], 2);
    next.check("3", "33", Some(2));
    next.keep();
    next.feed(&[order("4", "paid", 1, 1)], 3);
    next.keep();
    let mut last = Page::open(&next.2);
    last.check("4", "34", Some(3));
    assert_eq!(last.steps().len(), 2, "a visit is a step of its own");
    // A file on top is a step of its own, and after it comes another.
    last.drop_file(
        "order_id,sku,quantity,unit_price,currency,created_at\n70,S9,1,1.00,CNY,2026-06-01 10:00:00\n",
    );
    last.feed(&[order("5", "paid", 1, 1)], 4);
    last.keep();
    let mut after = Page::open(&last.2);
    after.check("6", "36", Some(4));
    // Taken back, it is asked for again: from the batch before.
    after.0.undo();
    after.check("5", "35", Some(3));
    after.0.undo();
    after.check("4", "34", Some(3));
    after.0.undo();
    after.0.undo();
    assert_eq!(after.0.applied(KEY), None);
    for _ in 0..4 {
        after.0.redo();
    }
    after.check("6", "36", Some(4));
}

#[test]
fn a_step_that_is_taken_back_leaves_the_tables_as_they_were() {
    let mut page = Page::open(&Disk::default());
    page.drop_file("order_id,line_id,sku,quantity,unit_price,currency,created_at,updated_at,status\n1,,S1,2,10.00,CNY,2026-06-01 10:00:00,2026-06-01 10:01:00,paid\n2,,S1,1,10.00,CNY,2026-06-01 10:00:00,2026-06-01 10:01:00,paid\n");
    for turn in 0..5_u32 {
        let lines: Vec<String> = (0..10)
            .map(|at| {
                order(
                    &format!("{}", (at * 3 + turn) % 14),
                    "paid",
                    1 + turn + at,
                    2 + turn,
                )
            })
            .collect();
        page.feed(&lines, u64::from(turn) + 1);
    }
    page.keep();
    let (orders, units, _) = page.state();
    page.0.undo();
    page.check("2", "3", None);
    page.0.redo();
    page.check(&orders, &units, Some(5));
}

#[test]
fn rows_that_break_the_rules_are_refused_with_their_reason() {
    for (row, column, problem) in [
        (
            r#"{"sku":"S1","created_at":"2026-06-01"}"#,
            "order_id",
            Problem::Missing,
        ),
        (r#"{"order_id":"1"}"#, "created_at", Problem::Missing),
        (
            r#"{"order_id":"1","created_at":"soon"}"#,
            "created_at",
            Problem::NotADate,
        ),
        (
            r#"{"order_id":{"a":1},"created_at":"2026-06-01"}"#,
            "order_id",
            Problem::BrokenRecord,
        ),
        (
            r#"{"order_id":"1","created_at":"2026-06-01","quantity":"many"}"#,
            "quantity",
            Problem::NotANumber,
        ),
        (
            r#"{"order_id":"1","created_at":"2026-06-01","quantity":true}"#,
            "quantity",
            Problem::NotANumber,
        ),
        (
            r#"{"order_id":"1","created_at":"2026-06-01","quantity":"1,5"}"#,
            "quantity",
            Problem::NotANumber,
        ),
        (
            r#"{"order_id":"1","created_at":"2026-06-01","paid_amount":1e99}"#,
            "paid_amount",
            Problem::NumberTooLarge,
        ),
        (
            r#"{"order_id":"1","created_at":"2026-06-01","status":"banana"}"#,
            "status",
            Problem::UnknownStatus,
        ),
        ("17", "", Problem::BrokenRecord),
        ("null", "", Problem::BrokenRecord),
        ("[]", "", Problem::BrokenRecord),
    ] {
        let mut events = Events::new(Default::default());
        assert!(events.orders(&format!("[{row},{}]", order("9", "paid", 1, 1))));
        assert_eq!(
            (events.rows(), events.rejected()),
            (2, (1, Some(problem))),
            "{row}"
        );
        let reads = events.finish("live");
        assert_eq!(reads[0].refused[0].column, column, "{row}");
    }
    for text in ["", "{}", "7", "[", "[{]", "nonsense"] {
        assert!(!Events::new(Default::default()).orders(text), "{text}");
    }
}

#[test]
fn stock_says_what_it_costs_and_when_more_comes() {
    let mut events = Events::new(Default::default());
    let stock = r#"[{"sku":"A","on_hand":5,"inbound":9,"unit_cost":"12.3456","expected_at":"2026-12-05T08:00:00+08:00"},
        {"sku":"B","on_hand":5,"unit_cost":"dear"},{"sku":"C","on_hand":5,"expected_at":"soon"},{"sku":"D","unit_cost":2}]"#;
    let inbound = r#"[{"sku":"A","quantity":4,"expected_at":"2026-12-04T00:00:00Z"},{"sku":"E","quantity":0,"expected_at":"2026-12-04"}]"#;
    assert!(events.stock(stock, None) && events.inbound(inbound, None));
    assert_eq!(events.rejected(), (3, Some(Problem::NotANumber)));
    let mut read = events.finish("live");
    let columns: Vec<&str> = read[0].refused.iter().map(|row| row.column.as_str()).collect();
    assert_eq!(columns, ["unit_cost", "expected_at", "on_hand"]);
    let stockpit::ingest::RowsRead::Stock(batch) = &mut read[1].rows else {
        panic!("levels");
    };
    let c = batch.columns();
    let december = |day: i64| 1_764_547_200_000 + (365 + day - 1) * 86_400_000;
    assert_eq!(
        (c.unit_cost.as_slice(), c.arrives.as_slice()),
        (
            [123_456, i64::MIN, i64::MIN].as_slice(),
            [december(5), december(4), i64::MIN].as_slice()
        )
    );
}

#[test]
fn rows_without_an_envelope_are_read_as_files_are() {
    let row = |number: u32| {
        format!(
            r#"{{"order_id":"N{number}","line_id":"1","sku":"S1","quantity":1,"unit_price":"10.00","created_at":"2026-06-01T10:00:00+08:00","status":"paid","currency":"CNY"}}"#
        )
    };
    let body = r#"{"id":820982911,"order_number":1001,"created_at":"2026-06-01T10:00:00+08:00","currency":"CNY","financial_status":"paid","total_price":"30.00",
        "line_items":[{"id":1,"sku":"A","name":"Apple","quantity":1,"price":"10.00"},{"id":2,"sku":"B","name":"Pear","quantity":1,"price":"20.00"}]}"#;
    for (text, expect) in [
        (format!("[{},{}]", row(1), row(2)), 2),
        (row(1), 1),
        (format!("{}\n{}\n", row(3), row(4)), 2),
        ("order_id,line_id,sku,quantity,unit_price,created_at,status,currency\nN4,1,S1,1,10.00,2026-06-01T10:00:00+08:00,paid,CNY\n".to_owned(), 1),
        (body.to_owned(), 2),
    ] {
        let engine = Engine::new();
        let mut import = engine.import("live", 0);
        import.push(text.as_bytes());
        let stockpit::ingest::Finish::Done(imported) = import.finish() else { panic!("it is read at once") };
        let report = &imported.report;
        assert_eq!((report.accepted, &report.failure), (expect, &None), "{text}\n{:?}", report.columns);
    }
}

/// 2026-06-18, 22:30 in Shanghai.
const EVENING: i64 = 1_781_793_000_000;
const HOUR: i64 = 3_600_000;

fn iso(at: i64) -> String {
    let text = chrono::DateTime::from_timestamp_millis(at).unwrap();
    text.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn orders_at(times: impl IntoIterator<Item = i64>) -> Vec<Imported> {
    let order = |at: i64| {
        let time = iso(at);
        format!(
            r#"{{"order_id":"{at}","sku":"S1","status":"paid","quantity":1,"unit_price":"10.00","currency":"CNY",
                "created_at":"{time}","paid_at":"{time}","updated_at":"{time}"}}"#
        )
    };
    let orders: Vec<String> = times.into_iter().map(order).collect();
    rows(&format!("[{}]", orders.join(",")), "[]", "[]")
}

fn screen(events: Vec<Event>) -> Option<stockpit::protocol::Cockpit> {
    events.into_iter().find_map(|event| match event {
        Event::Cockpit { cockpit, .. } => Some(*cockpit),
        _ => None,
    })
}

/// A source called "live", heard at `at`.
fn heard(page: &mut Page, at: i64, is_connected: bool, is_paused: bool) {
    page.0.note_health(&FeedStatus {
        id: 7,
        every_millis: Some(5_000),
        good_at: Some(UtcMillis(at)),
        is_paused,
        live: is_connected.then(Default::default),
        ..FeedStatus::default()
    });
}

#[test]
fn a_source_that_is_heard_moves_the_present_on() {
    let day = 24 * HOUR;
    // What there is: orders of the source or of a file; whether it stays connected; when it was heard; the present.
    for (name, is_own, is_connected, at, present) in [
        ("an hour without orders", true, true, HOUR, HOUR),
        ("a night without orders", true, true, 9 * HOUR, 9 * HOUR),
        ("orders from tomorrow", true, true, -9 * HOUR, 0),
        ("what is looked at may be of yesterday", true, false, 9 * HOUR, 0),
        ("a source of stock tells of no orders", false, true, 9 * HOUR, 0),
        ("old orders, told anew", true, true, 8 * day, 0),
    ] {
        let mut page = Page::open(&Disk::default());
        page.0.follow_source(7, "live");
        let mut imports = orders_at([EVENING - HOUR, EVENING]);
        if !is_own {
            for read in &mut imports {
                read.report.name = "orders.csv".to_owned();
            }
        }
        page.0.enter_live(KEY, imports, Some(1), UtcMillis(EVENING));
        heard(&mut page, EVENING + at, is_connected, false);
        let as_of = |page: &mut Page| {
            let now = UtcMillis(EVENING + at);
            screen(page.0.screen(now)).unwrap().as_of.unwrap().0 - EVENING
        };
        assert_eq!(as_of(&mut page), present, "{name}");
        heard(&mut page, EVENING + at, is_connected, true);
        assert_eq!(
            as_of(&mut page),
            present,
            "{name}: stopped by the user, it stands"
        );
        page.0.forget_health(7);
        assert_eq!(as_of(&mut page), 0, "{name}: removed");
    }
}

#[test]
fn a_day_begins_without_an_order() {
    let mut page = Page::open(&Disk::default());
    page.0.follow_source(7, "live");
    page.0.enter_live(
        KEY,
        orders_at([EVENING - HOUR, EVENING]),
        Some(1),
        UtcMillis(EVENING),
    );
    let view = stockpit::protocol::View {
        time: TimeRange::LastDay,
        ..Default::default()
    };
    page.0
        .apply(Command::Show { view, request: 1 }, UtcMillis(EVENING));
    // Every 5 s of the three hours around midnight.
    let mut drawn = Vec::new();
    for at in (EVENING + 1_000..EVENING + 3 * HOUR).step_by(5_000) {
        heard(&mut page, at, true, false);
        let Some(screen) = screen(page.0.apply(Command::Tick, UtcMillis(at))) else {
            continue;
        };
        let value = |id: &str| {
            let kpi = screen.kpis.iter().find(|kpi| kpi.id.id() == id);
            let value = kpi.and_then(|kpi| kpi.value);
            value.map_or("–".to_owned(), |value| value.canonical())
        };
        let values = ["orders_created", "gmv", "net_sales", "units", "aov_order"].map(value);
        drawn.push(format!(
            "{} {}",
            iso(screen.range.unwrap().from.0),
            values.join(" ")
        ));
    }
    assert_eq!(drawn.len(), 3 * 60 - 1, "a minute is drawn once");
    drawn.dedup();
    assert_eq!(
        drawn,
        [
            "2026-06-17T16:00:00Z 2 20 20 2 10",
            "2026-06-18T16:00:00Z 0 0 0 0 –"
        ]
    );
}

#[test]
fn a_shop_that_stands_still_is_told_and_one_that_is_not_heard_is_not() {
    // Six weeks of forty orders in each hour of every day, up to now.
    let told = |is_heard: bool| {
        let mut page = Page::open(&Disk::default());
        page.0.follow_source(7, "live");
        let times = (0..42 * 24 * 40).map(|order| EVENING - order * HOUR / 40);
        page.0
            .enter_live(KEY, orders_at(times), Some(1), UtcMillis(EVENING));
        // Ten hours later: in business hours again.
        let mut told = Vec::new();
        for at in (EVENING..EVENING + 14 * HOUR).step_by(60_000) {
            heard(&mut page, if is_heard { at } else { EVENING }, true, false);
            if let Some(Event::Alerts(view)) = page.0.watch(UtcMillis(at)) {
                told = view.lines.into_iter().map(|line| line.rule).collect();
            }
        }
        told
    };
    assert_eq!(told(true), ["sales_drop", "sales_drift"]);
    assert_eq!(told(false), ["feed_stale"]);
}
