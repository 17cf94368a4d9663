//! Alerts of a whole shop: files, the demo, sources that fall silent.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where it is wrong")]

use std::fmt::Write;
use stockpit::alert::{DEFAULTS, Level, Metric};
use stockpit::engine::{Engine, SourceHealth};
use stockpit::ingest::{Finish, Step};
use stockpit::locale::RULE_METRICS;
use stockpit::protocol::{
    AlertLine, AlertView, Command, Event, FileId, Measure, Past, Proof, Quiet, RuleWhy, RulesView,
    SeriesPoint, Settings, Severity, TimeRange, Trial, View,
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
    shop_of(open_in(engine, false), stock)
}

fn shop_of(engine: Engine, stock: &str) -> Engine {
    goods_of(engine, &format!("sku,warehouse,on_hand,available\n{stock}"))
}

/// The same, with a whole stock file.
fn goods_of(mut engine: Engine, stock: &str) -> Engine {
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
    drop_file(&mut engine, 2, "stock.csv", stock);
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
fn what_is_urgent_names_its_goods_the_most_money_first() {
    let mut engine = shop("A,east,0,-3\nB,east,0,-2\nC,east,0,-1\nD,east,0,-5\n");
    let view = alerts(&mut engine, 0).expect("news");
    let line = &view.lines[0];
    assert_eq!(said(&view)[0], "p1 oversell A@east firing 3.0 x4");
    let goods: Vec<(&str, f64)> = line
        .goods
        .iter()
        .map(|good| (good.sku.as_str(), good.value))
        .collect();
    // Nobody knows what D costs.
    assert_eq!(goods, [("A", 3.0), ("B", 2.0), ("C", 1.0), ("D", 5.0)]);
    let is_plain = |good: &AlertLine| good.count == 1 && good.goods.is_empty() && good.places.is_empty();
    assert!(line.goods.iter().all(is_plain), "{:?}", line.goods);
    let less: Vec<&AlertLine> = view.lines[1..].iter().collect();
    assert!(less.iter().all(|line| line.goods.is_empty()), "{less:?}");
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

fn rules(engine: &mut Engine, text: Option<&str>) -> RulesView {
    match engine.apply(Command::Rules(text.map(str::to_owned)), NOW).pop() {
        Some(Event::Rules(view)) => *view,
        other => panic!("rules are answered with rules, not {other:?}"),
    }
}

#[test]
fn rules_are_set_and_what_is_wrong_changes_nothing() {
    let mut engine = shop("A,east,20,20\nC,east,0,0\n");
    alerts(&mut engine, 0).expect("news");
    let view = rules(&mut engine, None);
    assert!(view.is_default && view.text == DEFAULTS && view.fault.is_none());
    let wrong = DEFAULTS.replace("on_hand < 0", "on_hand < nothing");
    let view = rules(&mut engine, Some(&wrong));
    let fault = view.fault.expect("a fault");
    assert_eq!((fault.line, fault.column, fault.why), (5, 27, RuleWhy::Name));
    assert_eq!((view.text.as_str(), fault.part.as_str()), (DEFAULTS, "nothing"));
    assert!(alerts(&mut engine, 0).is_none());
    // One of their own, and one off.
    let own = format!(
        "{}plenty: available > 10; P2\n",
        DEFAULTS.replace("mutes low_cover\n", "mutes low_cover; off\n")
    );
    let view = rules(&mut engine, Some(&own));
    assert!(!view.is_default && view.text == own && view.fault.is_none());
    let view = alerts(&mut engine, 0).expect("news at once");
    assert_eq!(
        said(&view),
        [
            "p2 low_cover A@ firing 2.0 x1",
            "p2 low_cover C@ firing 0.0 x1",
            "p2 plenty A@ firing 20.0 x1",
        ]
    );
    // They come back with the settings, and with them what stood.
    let record = view.record.expect("a record");
    let open = |rules: &str| {
        let mut again = Engine::new();
        again.apply(Command::Restore(record.clone()), NOW);
        let settings = Settings {
            rules: rules.to_owned(),
            ..Settings::default()
        };
        again.apply(
            Command::Open {
                settings,
                view: View::default(),
                request: 0,
                demo: None,
            },
            NOW,
        );
        again
    };
    let mut again = open(&own);
    assert_eq!(rules(&mut again, None).text, own);
    let mut again = shop_of(again, "A,east,20,20\nC,east,0,0\n");
    let view = alerts(&mut again, 5).expect("news");
    assert_eq!((said(&view).len(), view.missed), (3, None));
    assert_eq!(view.lines[1].since, NOW);
    // What is kept and wrong is told, and the others hold.
    let mut again = open("nonsense");
    let view = rules(&mut again, None);
    assert!(view.is_default && view.fault.is_some());
    assert!(rules(&mut again, Some(DEFAULTS)).fault.is_none());
}

#[test]
fn silence_is_shown_ends_and_outlives_the_page() {
    let stock = "A,east,20,20\nB,east,0,-2\nC,east,0,0\n";
    let mut engine = shop(stock);
    alerts(&mut engine, 0).expect("news");
    let silence = |sku: &str, quiet| Command::Silence {
        rule: "stock_out".to_owned(),
        warehouse: String::new(),
        sku: sku.to_owned(),
        quiet,
    };
    engine.apply(silence("C", Some(Quiet::Hour)), NOW);
    engine.apply(silence("C", Some(Quiet::Over)), NOW);
    engine.apply(silence("A", Some(Quiet::Day)), NOW);
    let view = alerts(&mut engine, 0).expect("an answer");
    let quiet: Vec<bool> = view.lines.iter().map(|line| line.is_silent).collect();
    assert_eq!(quiet, [false, false, true]);
    let until: Vec<(&str, i64, bool)> = view
        .silences
        .iter()
        .map(|line| {
            (
                line.subject[2].as_str(),
                (line.until.0 - NOW.0) / MINUTE,
                line.until_over,
            )
        })
        .collect();
    // Noon in Shanghai: the day ends in twelve hours.
    assert_eq!(until, [("C", 7 * 24 * 60, true), ("A", 720, false)]);
    let view = alerts(&mut engine, 1).expect("told");
    assert_eq!(view.pushed.len(), 2, "{:?}", view.pushed);
    let record = view.record.expect("a record");
    let mut again = Engine::new();
    again.apply(Command::Restore(record), NOW);
    let again = &mut shop_in(again, stock);
    let view = alerts(again, 2).expect("news");
    assert_eq!(view.silences.len(), 2);
    assert!(view.lines[2].is_silent);
    again.apply(silence("A", None), NOW);
    let view = alerts(again, 3).expect("an answer");
    assert_eq!(view.silences.len(), 1);
    // There is stock again, and none of it is silent any more.
    drop_file(
        again,
        9,
        "more.csv",
        "sku,warehouse,on_hand,available\nC,east,50,50\n",
    );
    let view = alerts(again, 4).expect("news");
    assert!(view.silences.is_empty(), "{:?}", view.silences);
}

/// How `rule` of `text` fares in what `engine` holds.
fn tried(engine: &mut Engine, text: &str, rule: &str) -> Trial {
    let ask = Command::Try {
        text: text.to_owned(),
        rule: rule.to_owned(),
        request: 7,
    };
    let Some(Event::Tried(mut trial)) = engine.apply(ask, NOW).pop() else {
        panic!("a trial is answered with how it goes");
    };
    let mut pieces = 0;
    while engine.is_trying() {
        pieces += 1;
        assert!(pieces < 10_000, "it never ends");
        if let Some(Event::Tried(more)) = engine.try_more() {
            assert!(more.done >= trial.done);
            trial = more;
        }
    }
    assert!(trial.is_over() && trial.request == 7);
    *trial
}

/// Orders of 60 days, `usual` an hour, and `burst` an hour from noon to three of the last day but one.
fn hours(usual: u32, burst: u32) -> Engine {
    let mut engine = open(false);
    let mut orders = String::from("order_id,created_at,paid_at,sku,quantity,amount,status\n");
    for hour in 0..60 * 24_i64 {
        let count = if (21..24).contains(&hour) { burst } else { usual };
        for order in 0..count {
            let at =
                NOW.plus(-hour * 60 * MINUTE - (2 * i64::from(order) + 1) * 30 * MINUTE / i64::from(count));
            let text = chrono::DateTime::from_timestamp_millis(at.0).expect("an hour");
            let text = text.format("%Y-%m-%dT%H:%M:%SZ");
            writeln!(orders, "{hour}-{order},{text},{text},A,1,20,paid").expect("a line");
        }
    }
    drop_file(&mut engine, 1, "orders.csv", &orders);
    engine
}

#[test]
fn a_burst_of_the_past_is_found_again() {
    let mut engine = hours(12, 60);
    let trial = tried(&mut engine, DEFAULTS, "sales_spike");
    assert_eq!((trial.past, trial.fired, trial.again), (Past::Lines, [1, 1], 0));
    // The four weeks before are what is usual; then each hour is looked at.
    // Neither the first hour nor the last is whole. Each is looked at twelve times.
    assert_eq!(trial.looks, (32 * 24 - 2) * 12 + 11);
    assert!(
        trial.is_line && trial.points.len() > 700,
        "{}",
        trial.points.len()
    );
    let spell = &trial.spells[0];
    // A quarter of an hour after it began; over half an hour after it was no leap any more.
    let minutes = |at: UtcMillis| (NOW.0 - at.0) / MINUTE;
    assert_eq!(minutes(spell.from), 23 * 60 + 45, "{spell:?}");
    assert_eq!(spell.to.map(minutes), Some(23 * 60), "{spell:?}");
    assert_eq!(trial.millis, spell.to.expect("an end").0 - spell.from.0);
    // A threshold that nothing reaches, and one that everything does.
    let of = |text: &str| format!("r: {text}");
    assert_eq!(tried(&mut engine, &of("orders_z >= 400"), "r").fired, [0, 0]);
    let all = tried(&mut engine, &of("orders_seen >= 0"), "r");
    assert_eq!((all.fired, all.spells[0].to), ([1, 1], None));
    assert_eq!(all.millis, all.span.to.0 - all.span.from.0);
    // What comes and goes within a day is counted.
    let often = tried(&mut engine, &of("hour < 6; clear hour >= 6"), "r");
    assert!(
        often.fired[0] >= 31 && often.again == often.fired[0] - 1,
        "{often:?}"
    );
}

#[test]
fn a_small_shift_that_lasts_is_a_drift() {
    // A fifth more than usual is no burst in any hour; for a day it is a drift.
    let mut engine = open(false);
    let mut orders = String::from("order_id,created_at,paid_at,sku,quantity,amount,status\n");
    for hour in 0..90 * 24_i64 {
        let count = if hour < 24 { 36 } else { 28 + hour % 3 };
        for order in 0..count {
            let at = NOW.plus(-hour * 60 * MINUTE - (2 * order + 1) * 30 * MINUTE / count);
            let text = chrono::DateTime::from_timestamp_millis(at.0).expect("an hour");
            let text = text.format("%Y-%m-%dT%H:%M:%SZ");
            writeln!(orders, "{hour}-{order},{text},{text},A,1,20,paid").expect("a line");
        }
    }
    drop_file(&mut engine, 1, "orders.csv", &orders);
    let spike = tried(&mut engine, DEFAULTS, "sales_spike");
    assert_eq!(spike.fired, [0, 0], "{:?}", spike.spells);
    let drift = tried(&mut engine, DEFAULTS, "sales_drift");
    assert_eq!(drift.fired, [1, 1], "{:?}", drift.spells);
    let view = alerts(&mut engine, 0).expect("news");
    let line = view
        .lines
        .iter()
        .find(|line| line.rule == "sales_drift")
        .expect("it stands now");
    let (seen, usual) = line.evidence.expect("what was seen");
    assert!(
        seen == 36.0 * 23.0 + 28.0 && (usual - 29.0 * 24.0).abs() < 24.0,
        "{seen} {usual}"
    );
}

#[test]
fn a_price_far_below_the_usual_one_is_told() {
    let mut engine = shop("A,east,2000,2000\nB,east,20,20\n");
    let mut orders = String::from("order_id,created_at,paid_at,sku,quantity,amount,status\n");
    for (order, sku, units, amount) in [("x1", "A", 30, 60), ("x2", "B", 1, 1)] {
        writeln!(
            orders,
            "{order},2026-06-18T03:59:30Z,2026-06-18T03:59:30Z,{sku},{units},{amount},paid"
        )
        .expect("a line");
    }
    drop_file(&mut engine, 5, "late.csv", &orders);
    let view = alerts(&mut engine, 0).expect("news");
    let line = view
        .lines
        .iter()
        .find(|line| line.rule == "price_low")
        .expect("a price");
    // 40 units for 260 against 310 for 5660; one unit of B says nothing.
    assert_eq!((line.sku.as_str(), line.severity), ("A", Severity::P1));
    let (price, usual) = line.evidence.expect("both prices");
    assert!(
        (price - 6.5).abs() < 0.01 && (usual - 5_660.0 / 310.0).abs() < 0.01,
        "{price} {usual}"
    );
    assert!(
        line.at_risk.is_some_and(|risk| (risk - 470.3).abs() < 1.0),
        "{:?}",
        line.at_risk
    );
    assert_eq!(
        view.lines.iter().filter(|line| line.rule == "price_low").count(),
        1
    );
    // One day of many at that price.
    let days = proof(&mut engine, "price_low", "", "A").expect("A is sold");
    assert_eq!(
        (days.len(), days[0].as_str(), days[22].as_str(), days[23].as_str()),
        (
            24,
            "Price 20.00 18.2581",
            "Price 20.00 18.2581",
            "Price 6.50 18.2581"
        )
    );
    // No alert stands that knows what it costs.
    let days = proof(&mut engine, "price_below_cost", "", "A").expect("A is sold");
    assert_eq!(days[23], "Cost 6.50 -");
}

#[test]
fn late_and_refunded_orders_are_proved_by_the_day_of_payment() {
    let mut engine = open(false);
    let mut orders =
        String::from("order_id,created_at,paid_at,shipped_at,sku,quantity,amount,status,refund_amount\n");
    for day in 0..35_i64 {
        let at = NOW.plus(-day * 24 * 60 * MINUTE - 90 * MINUTE);
        let text = chrono::DateTime::from_timestamp_millis(at.0).expect("a day");
        let text = text.format("%Y-%m-%dT%H:%M:%SZ");
        for order in 0..10 {
            // One of ten is refunded, in the last week six; of the third day four are not shipped, and none of today's.
            let back = if order < if day < 7 { 6 } else { 1 } {
                "20"
            } else {
                ""
            };
            let (shipped, status) = match (day, order) {
                (0, _) | (3, 6..) => (String::new(), "paid"),
                _ => (text.to_string(), "shipped"),
            };
            writeln!(
                orders,
                "o{day}-{order},{text},{text},{shipped},A,1,20,{status},{back}"
            )
            .expect("a line");
        }
    }
    drop_file(&mut engine, 1, "orders.csv", &orders);
    let view = alerts(&mut engine, 0).expect("news");
    let rules: Vec<&str> = view.lines.iter().map(|line| line.rule.as_str()).collect();
    assert!(
        rules.contains(&"ship_deadline") && rules.contains(&"refund_surge"),
        "{rules:?}"
    );
    let waiting = proof(&mut engine, "ship_deadline", "", "").expect("orders wait");
    assert_eq!(
        waiting[19..],
        [
            "Waiting 0 10",
            "Waiting 4 10",
            "Waiting 0 10",
            "Waiting 0 10",
            "Waiting 10 10"
        ]
    );
    let refunds = proof(&mut engine, "refund_surge", "", "").expect("orders come back");
    assert_eq!(refunds[15..18], ["Refunds 1 1", "Refunds 1 1", "Refunds 6 1"]);
}

/// What a shop says whose late orders are those of `late` (order, SKU, units, amount, currency).
fn told_of_prices(stock: &str, late: &[(&str, &str, u32, u32, &str)]) -> Vec<AlertLine> {
    let mut engine = goods_of(open(false), stock);
    let mut orders = String::from("order_id,created_at,paid_at,sku,quantity,amount,status,currency\n");
    for (order, sku, units, amount, currency) in late {
        let at = "2026-06-18T03:59:30Z";
        writeln!(orders, "{order},{at},{at},{sku},{units},{amount},paid,{currency}").expect("a line");
    }
    drop_file(&mut engine, 5, "late.csv", &orders);
    let view = alerts(&mut engine, 0).expect("news");
    let is_of_price = |line: &AlertLine| line.rule.starts_with("price_");
    view.lines.into_iter().filter(is_of_price).collect()
}

#[test]
fn goods_sold_below_cost_are_told() {
    let stock = |costs: [&str; 4]| {
        let [east, west, b, c] = costs;
        format!(
            "sku,warehouse,on_hand,available,成本价\nA,east,900,900,{east}\nA,west,900,900,{west}\nB,east,20,20,{b}\nC,east,20,20,{c}\n"
        )
    };
    let late = [
        ("x1", "A", 30, 60, ""),
        ("x2", "B", 1, 1, ""),
        ("x3", "C", 9, 9, ""),
    ];
    let rules = |told: &[AlertLine]| -> Vec<String> {
        told.iter()
            .map(|line| format!("{} {}", line.rule, line.sku))
            .collect()
    };
    // 40 units for 260, the least cost 7: that says more than that it is a third of the usual price. One of B says
    // nothing, and C, whose cost nobody knows, is but far below the usual.
    let told = told_of_prices(&stock(["8", "7", "50", "0"]), &late);
    assert_eq!(rules(&told), ["price_low C", "price_below_cost A"]);
    let line = told.last().expect("A");
    assert_eq!((line.severity, line.receipt), (Severity::P1, None));
    let (price, cost) = line.evidence.expect("price and cost");
    assert!(
        (price - 6.5).abs() < 1e-9 && (cost - 7.0).abs() < 1e-9,
        "{price} {cost}"
    );
    assert!((line.value - 6.5 / 7.0).abs() < 1e-9, "{}", line.value);
    assert!(
        line.at_risk.is_some_and(|risk| (risk - 20.0).abs() < 1e-6),
        "{:?}",
        line.at_risk
    );
    // Somewhere it costs less.
    let told = told_of_prices(&stock(["8", "6.5", "", ""]), &late);
    assert_eq!(rules(&told), ["price_low A", "price_low C"]);
    // What was paid in another currency is no price in that of the charts, nor is a cost.
    let mut yen = late;
    yen[0].4 = "JPY";
    let told = told_of_prices(&stock(["30", "30", "", ""]), &yen);
    assert_eq!(rules(&told), ["price_low A", "price_low C"]);
}

#[test]
fn what_runs_out_before_the_next_receipt_is_told() {
    // Ten of A go a day. Noon of the 18th.
    let header = "sku,warehouse,on_hand,available,在途,预计到货时间\n";
    for (stock, expect) in [
        // Six days are enough where nothing is known of a receipt: three days stand in.
        ("A,east,60,60,,\n", None),
        ("A,east,20,20,,\n", Some((2.0, 200.0, None))),
        // Until the 30th they are not: 11 days and a half at 200 a day, of which six are there.
        (
            "A,east,60,60,50,2026-06-30\n",
            Some((6.0, 1_100.0, Some(1_782_748_800_000_i64))),
        ),
        // More comes sooner in the west, and in time; less than the lead time is told all the same.
        ("A,east,60,60,9,2026-06-30\nA,west,0,0,9,2026-06-19\n", None),
        (
            "A,east,20,20,50,2026-06-19\n",
            Some((2.0, 0.0, Some(1_781_798_400_000))),
        ),
        // What is expected today is not late yet, what was expected yesterday is: nobody knows when it comes.
        (
            "A,east,20,20,50,2026-06-18\n",
            Some((2.0, 0.0, Some(1_781_712_000_000))),
        ),
        ("A,east,20,20,50,2026-06-17\n", Some((2.0, 200.0, None))),
        // Nothing is on its way.
        ("A,east,60,60,0,2026-06-30\n", None),
    ] {
        let mut engine = goods_of(open(false), &format!("{header}{stock}"));
        let lines = alerts(&mut engine, 0).map(|view| view.lines).unwrap_or_default();
        let low = lines.iter().find(|line| line.rule == "low_cover");
        let told = low.map(|line| {
            let risk = line.at_risk.map_or(0.0, |risk| (risk / 10.0).round() * 10.0);
            (line.value, risk, line.receipt.map(|at| at.0))
        });
        assert_eq!(told, expect, "{stock}");
    }
}

/// Rules that were kept from before costs and receipts were known are still read, those that look ahead to the receipt
/// now; who does not look there is told of none.
#[test]
fn rules_of_before_are_still_rules() {
    let header = "sku,warehouse,on_hand,available,在途,预计到货时间\n";
    let mut engine = goods_of(open(false), &format!("{header}A,east,60,60,50,2026-06-30\n"));
    let before = "lead_time = 7\nlow_cover: cover_days < lead_time or runout_risk >= 0.3; \
        clear cover_days >= lead_time * 1.25 and runout_risk < 0.15; for 1h; P2\nown: cover_days < lead_time; P1\n";
    assert!(rules(&mut engine, Some(before)).fault.is_none());
    let view = alerts(&mut engine, 1).expect("news");
    assert_eq!(
        said(&view),
        ["p1 own A@ firing 6.0 x1", "p2 low_cover A@ firing 6.0 x1"]
    );
    let receipts: Vec<bool> = view.lines.iter().map(|line| line.receipt.is_some()).collect();
    assert_eq!(receipts, [false, true]);
}

#[test]
fn receipts_are_tried_as_they_were_known_then() {
    let mut engine = shop("B,east,99,99\n");
    let header = "sku,warehouse,available,在途,预计到货时间,as_of\n";
    let levels = |engine: &mut Engine, day: i64, left: i64, receipt: &str| {
        let at = NOW.plus(day * 24 * 60 * MINUTE);
        let at = chrono::DateTime::from_timestamp_millis(at.0).expect("a day");
        let stock = format!(
            "{header}A,east,{left},9,{receipt},{}\n",
            at.format("%Y-%m-%dT%H:%M:%SZ")
        );
        drop_file(
            engine,
            20 + u32::try_from(day).expect("small"),
            "levels.csv",
            &stock,
        );
    };
    // Six days are enough until the 21st, and are no more once it is the 30th that more comes; then it comes sooner.
    levels(&mut engine, 1, 60, "2026-06-21");
    levels(&mut engine, 2, 55, "2026-06-30");
    levels(&mut engine, 3, 50, "2026-06-22");
    let trial = tried(&mut engine, DEFAULTS, "low_cover");
    assert_eq!((trial.past, trial.looks, trial.fired), (Past::Stock, 4, [1, 1]));
    let spell = &trial.spells[0];
    let day = |day: i64| NOW.plus(day * 24 * 60 * MINUTE);
    assert_eq!(
        (spell.sku.as_str(), spell.from, spell.to),
        ("A", day(2), Some(day(3)))
    );
}

#[test]
fn run_outs_that_were_seen_are_caught_or_missed() {
    let mut engine = shop("A,east,90,90\nB,east,1,1\nC,east,9,9\n");
    // Ten of A go a day, one of B and C: A is low from the fourth day on and out on the ninth; C is out at once.
    for day in 1..=9_i64 {
        let at = NOW.plus(day * 24 * 60 * MINUTE);
        let text = chrono::DateTime::from_timestamp_millis(at.0).expect("a day");
        let text = text.format("%Y-%m-%dT%H:%M:%SZ");
        let a = 90 - 10 * day;
        let c = if day == 1 { 9 } else { 0 };
        let stock =
            format!("sku,warehouse,available,as_of\nA,east,{a},{text}\nB,east,1,{text}\nC,east,{c},{text}\n");
        drop_file(
            &mut engine,
            10 + u32::try_from(day).expect("small"),
            "levels.csv",
            &stock,
        );
    }
    let trial = tried(&mut engine, DEFAULTS, "low_cover");
    assert_eq!((trial.past, trial.is_line), (Past::Stock, false));
    assert_eq!(trial.caught, [1, 1], "{:?}", trial.run_outs);
    let run_out = |sku: &str| {
        trial
            .run_outs
            .iter()
            .find(|out| out.sku == sku)
            .expect("it ran out")
            .lead
    };
    // It fired with 20 left, an hour after that was said: two days before the end, and not for C, which went in one leap.
    assert!(
        run_out("A").is_some_and(|lead| lead > 24 * 60 * MINUTE),
        "{:?}",
        trial.run_outs
    );
    assert_eq!(run_out("C"), None);
    // A rule that is more careful catches it earlier, one that is not misses both.
    let with = |bound: &str| DEFAULTS.replace("lead_time = 3", &format!("lead_time = {bound}"));
    let careful = tried(&mut engine, &with("6"), "low_cover");
    let lead = careful
        .run_outs
        .iter()
        .find(|out| out.sku == "A")
        .and_then(|out| out.lead);
    assert!(lead > run_out("A"), "{lead:?}");
    let late = tried(&mut engine, "r: available < -5", "r");
    assert_eq!((late.caught, late.fired), ([0, 2], [0, 0]));
    // What was taken back was never said.
    for _ in 0..9 {
        engine.apply(Command::Undo, NOW);
    }
    let trial = tried(&mut engine, DEFAULTS, "low_cover");
    assert_eq!((trial.looks, trial.caught), (1, [0, 0]));
    assert_eq!(trial.points.len(), 3);
}

#[test]
fn what_has_no_past_is_said_to_have_none() {
    let mut engine = hours(3, 3);
    for rule in ["ship_deadline", "refund_surge", "feed_stale", "price_below_cost"] {
        assert_eq!(tried(&mut engine, DEFAULTS, rule).past, Past::Unsaid, "{rule}");
    }
    assert_eq!(tried(&mut engine, DEFAULTS, "oversell").past, Past::Nothing);
    assert_eq!(tried(&mut engine, DEFAULTS, "no_such_rule").past, Past::Nothing);
    let stop = Command::Try {
        text: String::new(),
        rule: String::new(),
        request: 8,
    };
    assert!(engine.apply(stop, NOW).is_empty() && !engine.is_trying());
    assert!(rules(&mut engine, Some("# nothing\n")).fault.is_some());
    assert!(rules(&mut engine, Some("")).is_default);
    let trial = tried(&mut engine, "a: pace >", "a");
    assert_eq!(
        trial.fault.map(|fault| (fault.line, fault.column, fault.why)),
        Some((1, 10, RuleWhy::Value))
    );
    // A shorter shop has no weeks that are usual.
    let mut young = shop("A,east,1,1\n");
    let trial = tried(&mut young, DEFAULTS, "sales_spike");
    assert_eq!((trial.past, trial.looks, trial.done), (Past::Lines, 0, 1.0));
}

#[test]
fn another_question_takes_the_place_of_the_one_before() {
    let mut engine = hours(12, 60);
    let ask = |request| Command::Try {
        text: DEFAULTS.to_owned(),
        rule: "sales_spike".to_owned(),
        request,
    };
    engine.apply(ask(1), NOW);
    assert!(engine.is_trying());
    engine.apply(ask(2), NOW);
    while let Some(event) = engine.is_trying().then(|| engine.try_more()) {
        assert!(!matches!(event, Some(Event::Tried(trial)) if trial.request != 2));
    }
}

/// A score of the default rules on the months that the demo shop has behind it.
#[test]
fn the_defaults_do_not_cry_wolf_over_the_demos_past() {
    let mut engine = open(true);
    for (rule, most) in [("sales_spike", 1.0), ("sales_drop", 0.5), ("sales_drift", 0.5)] {
        let trial = tried(&mut engine, DEFAULTS, rule);
        #[expect(clippy::cast_precision_loss, reason = "days")]
        let days = trial.span.millis() as f64 / 86_400_000.0;
        #[expect(clippy::cast_precision_loss, reason = "a few")]
        let a_day = trial.fired[0] as f64 / days;
        println!(
            "{rule}: {} in {days:.1} days, {} again, {} looks",
            trial.fired[0], trial.again, trial.looks
        );
        assert!(trial.looks > 200 && a_day <= most, "{rule}: {a_day:.2} a day");
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
    let Proof { of, series } = *course?;
    assert_eq!(series.begun, series.points.len());
    let places = if of.measure() == Measure::Gmv { 2 } else { 0 };
    let point = |point: &SeriesPoint| {
        let before = point
            .before
            .map_or("-".to_owned(), |before| before.to_decimal(places));
        format!("{of:?} {} {before}", point.value(of.measure()).to_decimal(places))
    };
    Some(series.points.iter().map(point).collect())
}

#[test]
fn an_alert_is_proved_by_its_course() {
    let mut engine = shop("A,east,20,20\nB,east,0,-2\nB,west,30,30\nC,east,0,0\n");
    // Ten a day were sold of what is left, against nothing.
    let days = proof(&mut engine, "stock_out", "", "A").expect("A is sold");
    assert_eq!(days.len(), 24);
    assert_eq!(
        days[20..],
        ["Stock 50 0", "Stock 40 0", "Stock 30 0", "Stock 20 0"]
    );
    assert_eq!(days[0], "Stock 250 0");
    // Of B, in two places, no line says where it left from; all of it together is known.
    assert_eq!(proof(&mut engine, "oversell", "east", "B"), None);
    let all = proof(&mut engine, "stock_out", "", "B").expect("B is sold");
    assert_eq!(all[22..], ["Stock 29 0", "Stock 28 0"]);
    // C lies in one place.
    let here = proof(&mut engine, "oversell", "east", "C").expect("C is sold");
    assert_eq!(here[22..], ["Stock 1 0", "Stock 0 0"]);
    // Orders beside what is usual at that hour of the week: three at one hour of the day.
    let hours = proof(&mut engine, "sales_drop", "", "").expect("there are orders");
    assert_eq!(
        (hours.len(), hours[23].as_str(), hours[22].as_str()),
        (24, "Orders 3 -", "Orders 0 -")
    );
    // What four weeks say is usual.
    let hours = proof(&mut self::hours(12, 60), "sales_spike", "", "").expect("there are orders");
    assert_eq!(
        (hours[23].as_str(), hours[22].as_str(), hours[0].as_str()),
        ("Orders 12 12", "Orders 12 12", "Orders 60 12")
    );
    for (rule, sku) in [
        ("slow_moving", ""),
        ("no-rule", "A"),
        ("stock_out", "no-sku"),
        ("stock_out", ""),
    ] {
        assert_eq!(proof(&mut engine, rule, "", sku), None, "{rule} {sku}");
    }
}

#[test]
fn every_metric_can_be_chosen_and_told_in_words() {
    let scope = |level| match level {
        Level::Shop => "shop",
        Level::Good => "good",
        Level::Place => "place",
        Level::Source => "source",
    };
    let mut known: Vec<(&str, &str)> = Metric::ALL
        .iter()
        .map(|(_, name, level)| (*name, scope(*level)))
        .collect();
    let mut told: Vec<(&str, &str)> = RULE_METRICS.iter().map(|words| (words[0], words[5])).collect();
    known.sort_unstable();
    told.sort_unstable();
    assert_eq!(told, known);
}
