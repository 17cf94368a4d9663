//! Alerts of a whole shop: files, the demo, sources that fall silent.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where it is wrong")]

use std::fmt::Write;
use stockpit::engine::{Engine, SourceHealth};
use stockpit::ingest::{Finish, Step};
use stockpit::protocol::{
    AlertLine, AlertView, Command, Event, FileId, SeriesPoint, Settings, Severity, TimeRange, View,
};
use stockpit::time::UtcMillis;

/// 2026-06-18, noon in Shanghai.
const NOW: UtcMillis = UtcMillis(1_781_755_200_000);
const MINUTE: i64 = 60_000;

fn open(demo: bool) -> Engine {
    open_in(Engine::new(), demo)
}

fn open_in(mut engine: Engine, demo: bool) -> Engine {
    let open = Command::Open {
        settings: Settings::default(),
        view: View::default(),
        request: 0,
        demo: demo.then_some(TimeRange::LastDay),
    };
    engine.apply(open, NOW);
    engine
}

fn drop_file(engine: &mut Engine, batch: u32, name: &str, text: &str) {
    let mut import = engine.import(name, text.len() as u64);
    let imported = loop {
        if import.push(text.as_bytes()) == Step::Again {
            continue;
        }
        match import.finish() {
            Finish::Again(again) => import = again,
            Finish::Done(imported) => break imported,
        }
    };
    engine.finish(FileId::whole(batch, 0), imported, 1, NOW);
}

fn alerts(engine: &mut Engine, minute: i64) -> Option<AlertView> {
    match engine.watch(NOW.plus(minute * MINUTE))? {
        Event::Alerts(view) => Some(*view),
        other => panic!("what is watched is told as alerts, not {other:?}"),
    }
}

/// Orders of 28 days: 10 units a day of A, 1 of each of B and C, at 20 each; and the stock of `stock`.
fn shop(stock: &str) -> Engine {
    shop_in(Engine::new(), stock)
}

fn shop_in(engine: Engine, stock: &str) -> Engine {
    let mut engine = open_in(engine, false);
    let mut orders = String::from("order_id,created_at,paid_at,sku,quantity,amount,status\n");
    for day in 0..28_i64 {
        let at = NOW.plus(-day * 24 * 60 * MINUTE - MINUTE);
        let text = chrono::DateTime::from_timestamp_millis(at.0).expect("a day");
        let text = text.format("%Y-%m-%dT%H:%M:%SZ");
        for (sku, units) in [("A", 10), ("B", 1), ("C", 1)] {
            let amount = units * 20;
            writeln!(orders, "{sku}{day},{text},{text},{sku},{units},{amount},paid").expect("a line");
        }
    }
    drop_file(&mut engine, 1, "orders.csv", &orders);
    drop_file(
        &mut engine,
        2,
        "stock.csv",
        &format!("sku,warehouse,on_hand,available\n{stock}"),
    );
    engine
}

fn said(view: &AlertView) -> Vec<String> {
    let say = |line: &AlertLine| {
        let AlertLine {
            rule,
            sku,
            warehouse,
            state,
            value,
            count,
            ..
        } = line;
        format!(
            "{} {rule} {sku}@{warehouse} {state} {value:.1} x{count}",
            line.severity.id()
        )
    };
    view.lines.iter().map(say).collect()
}

#[test]
fn files_speak_at_once() {
    // A lasts two days, B is oversold in the east though the west has some, C is out.
    let mut engine = shop("A,east,20,20\nB,east,0,-2\nB,west,30,30\nC,east,0,0\n");
    let view = alerts(&mut engine, 0).expect("news");
    assert_eq!(
        said(&view),
        [
            "p1 oversell B@east firing 2.0 x1",
            "p2 low_cover A@ firing 2.0 x1",
            "p2 stock_out C@ firing 0.0 x1",
        ]
    );
    assert_eq!(view.counts, [1, 2, 0]);
    // Two of B at 20; of A one day of three at 200; a day of C at 20.
    let risks: Vec<Option<f64>> = view
        .lines
        .iter()
        .map(|line| line.at_risk.map(f64::round))
        .collect();
    assert_eq!(risks, [Some(40.0), Some(200.0), Some(20.0)]);
    // Nothing new is no news, and not looked for every second.
    assert!(alerts(&mut engine, 0).is_none());
    let pushed = alerts(&mut engine, 1).expect("what waited for company is told");
    assert_eq!(pushed.pushed.len(), 3);
    let ours = |sku: &str| Command::Acknowledge {
        rule: "stock_out".to_owned(),
        warehouse: String::new(),
        sku: sku.to_owned(),
        owner: "小王".to_owned(),
    };
    engine.apply(ours("A"), NOW.plus(2 * MINUTE));
    let view = alerts(&mut engine, 2).expect("an answer");
    assert!(view.lines.iter().all(|line| line.owner.is_none()));
    engine.apply(ours("C"), NOW.plus(2 * MINUTE));
    let view = alerts(&mut engine, 2).expect("an answer");
    assert_eq!(view.lines[2].owner.as_deref(), Some("小王"));
    // Filters of the screen are not those of what is watched.
    let mut filtered = View::default();
    filtered
        .filters
        .entry(stockpit::model::Dim::Sku)
        .or_default()
        .keys
        .insert("A".to_owned());
    engine.apply(
        Command::Show {
            view: filtered,
            request: 2,
        },
        NOW,
    );
    drop_file(
        &mut engine,
        3,
        "stock.csv",
        "sku,warehouse,on_hand,available\nB,east,9,9\n",
    );
    let view = alerts(&mut engine, 4).expect("news");
    assert_eq!(said(&view).len(), 2, "{:?}", said(&view));
}

#[test]
fn what_stood_stands_after_a_reload() {
    let stock = "A,east,20,20\nB,east,0,-2\nC,east,0,0\n";
    let mut engine = shop(stock);
    alerts(&mut engine, 0).expect("news");
    let take = Command::Acknowledge {
        rule: "stock_out".to_owned(),
        warehouse: String::new(),
        sku: "C".to_owned(),
        owner: "小王".to_owned(),
    };
    engine.apply(take, NOW.plus(MINUTE));
    let before = alerts(&mut engine, 1).expect("an answer");
    let record = before.record.clone().expect("a record");
    // B is sold out no more, D came, since.
    let mut again = Engine::new();
    again.apply(Command::Restore(record + "nonsense\tx\n\t\t\t\n"), NOW);
    let again = &mut shop_in(again, "A,east,20,20\nB,east,9,9\nC,east,0,0\nD,east,-1,5\n");
    let view = alerts(again, 30).expect("news");
    assert_eq!(
        said(&view),
        [
            "p2 low_cover A@ firing 2.0 x1",
            "p2 stock_out C@ firing 0.0 x1",
            "p2 stock_negative D@east firing -1.0 x1",
            // Nobody ever asked for it.
            "p3 slow_moving D@ firing 9999.0 x1",
        ]
    );
    assert_eq!(view.lines[0].since, before.lines[1].since);
    assert_eq!(view.lines[1].owner.as_deref(), Some("小王"));
    assert_eq!(view.missed, Some([2, 1]));
    // Told already, nobody is told again; D is new.
    let view = alerts(again, 31).expect("told");
    assert_eq!(view.pushed.len(), 1, "{:?}", view.pushed);
    assert!(open(true).watch(NOW).is_some_and(|event| match event {
        // The demo's alerts replace nobody's own.
        Event::Alerts(view) => view.record.is_none(),
        _ => false,
    }));
}

#[test]
fn many_of_a_place_are_one_line() {
    let mut stock = String::new();
    for sku in 0..300 {
        writeln!(stock, "S{sku:03},east,-{sku}.5,5").expect("a line");
    }
    let mut engine = shop(&stock);
    let view = alerts(&mut engine, 0).expect("news");
    assert_eq!(view.counts, [0, 1, 1]);
    assert_eq!(view.lines[0].count, 300);
    let view = alerts(&mut engine, 1).expect("told");
    assert_eq!((view.pushed.len(), view.pushed[0].count), (1, 300));
}

#[test]
fn a_source_that_falls_silent_stops_what_depends_on_it() {
    let mut engine = shop("A,east,20,20\nC,east,0,0\n");
    let health = |minute: i64, brings| {
        vec![SourceHealth {
            source: "WMS".to_owned(),
            heard_at: NOW.plus(minute * MINUTE),
            usual_millis: MINUTE,
            brings,
        }]
    };
    engine.hear_of_sources(health(0, (false, true)));
    let view = alerts(&mut engine, 0).expect("news");
    assert_eq!(view.lines.len(), 2);
    // Silent for more than half an hour, then for five minutes more.
    let mut seen = Vec::new();
    for minute in 1..40 {
        if let Some(view) = alerts(&mut engine, minute) {
            seen.push((minute, said(&view).join("; ")));
        }
    }
    let (minute, last) = seen.last().expect("news");
    assert!(*minute >= 36, "{seen:?}");
    assert!(last.starts_with("p1 feed_stale @WMS firing"), "{last}");
    assert_eq!(last.matches("no-data").count(), 2, "{last}");
    let first = seen
        .iter()
        .find(|(_, said)| said.contains("feed_stale"))
        .expect("stale");
    assert_eq!(first.0, 36);
    // The goods are there, and the source speaks: all goes on.
    engine.hear_of_sources(health(41, (false, true)));
    let view = alerts(&mut engine, 41).expect("news");
    assert_eq!(
        said(&view),
        ["p2 low_cover A@ firing 2.0 x1", "p2 stock_out C@ firing 0.0 x1"]
    );
    // Two shops with the same events say the same.
    let mut twin = shop("A,east,20,20\nC,east,0,0\n");
    twin.hear_of_sources(health(0, (false, true)));
    let again: Vec<_> = (0..40)
        .filter_map(|minute| Some((minute, said(&alerts(&mut twin, minute)?).join("; "))))
        .skip(1)
        .collect();
    assert_eq!(again, seen);
}

#[test]
fn the_demo_has_something_to_say_at_once() {
    let mut engine = open(true);
    let view = alerts(&mut engine, 0).expect("news");
    println!("{:#?}", said(&view));
    assert!(!view.lines.is_empty());
    // Not more than a person can act on in a day (DOMAIN §2, budget).
    assert!(view.counts[0] <= 5, "{:?}", view.counts);
    for line in view.lines.iter().filter(|line| line.severity == Severity::P1) {
        assert!(line.at_risk.is_some() || line.rule == "feed_stale", "{line:?}");
    }
}

/// What proves an alert: the course of it, and what it is held against.
#[track_caller]
fn proof(engine: &mut Engine, rule: &str, warehouse: &str, sku: &str) -> Option<Vec<String>> {
    let subject = [rule, warehouse, sku].map(str::to_owned);
    let events = engine.apply(Command::Prove(subject.clone()), NOW);
    let Some(Event::Proof { subject: of, course }) = events.into_iter().next() else {
        panic!("a proof is answered");
    };
    assert_eq!(of, subject);
    let course = course?;
    assert_eq!(course.begun, course.points.len());
    let point = |point: &SeriesPoint| {
        let before = point.before.map_or("-".to_owned(), |before| before.to_decimal(0));
        format!("{} {} {before}", point.units.to_decimal(0), point.orders)
    };
    Some(course.points.iter().map(point).collect())
}

#[test]
fn an_alert_is_proved_by_its_course() {
    let mut engine = shop("A,east,20,20\nB,east,0,-2\nB,west,30,30\nC,east,0,0\n");
    // Ten a day were sold of what is left, against nothing.
    let days = proof(&mut engine, "stock_out", "", "A").expect("A is sold");
    assert_eq!(days.len(), 24);
    assert_eq!(days[20..], ["50 0 0", "40 0 0", "30 0 0", "20 0 0"]);
    assert_eq!(days[0], "250 0 0");
    // Of B, in two places, no line says where it left from; all of it together is known.
    assert_eq!(proof(&mut engine, "oversell", "east", "B"), None);
    let all = proof(&mut engine, "stock_out", "", "B").expect("B is sold");
    assert_eq!(all[22..], ["29 0 0", "28 0 0"]);
    // C lies in one place.
    let here = proof(&mut engine, "oversell", "east", "C").expect("C is sold");
    assert_eq!(here[22..], ["1 0 0", "0 0 0"]);
    // Orders beside what is usual at that hour of the week: three at one hour of the day.
    let hours = proof(&mut engine, "sales_drop", "", "").expect("there are orders");
    assert_eq!(
        (hours.len(), hours[23].as_str(), hours[22].as_str()),
        (24, "0 3 3", "0 0 0")
    );
    for (rule, sku) in [
        ("feed_stale", ""),
        ("no-rule", "A"),
        ("stock_out", "no-sku"),
        ("stock_out", ""),
    ] {
        assert_eq!(proof(&mut engine, rule, "", sku), None, "{rule} {sku}");
    }
}
