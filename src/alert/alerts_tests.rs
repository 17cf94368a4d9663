//! Golden traces: what happens when, in text.

use super::*;
use crate::alert::{Metric, Subject};
use std::fmt::Write;

const MINUTE: i64 = 60_000;

/// Runs `readings` (what, where, which goods, how much) through `alerts`.
fn evaluate(
    alerts: &mut Alerts,
    minute: i64,
    is_live: bool,
    readings: &[(Metric, u32, u32, f64)],
) -> (Vec<Change>, Vec<Push>) {
    alerts.begin(at(minute), is_live);
    for (metric, place, good, value) in readings {
        let mut values = Metric::UNKNOWN;
        // What conditions need besides.
        for (other, value) in [
            (Metric::Pace, 1.0),
            (Metric::SalesClass, 2.0),
            (Metric::OrdersRatio, 0.5),
            (Metric::BurstRatio, 2.0),
            (Metric::Hour, 12.0),
            (Metric::FeedMinutes, 60.0),
            (Metric::CoverDays, 99.0),
            (Metric::RunoutRisk, 0.0),
        ] {
            other.set(&mut values, value);
        }
        metric.set(&mut values, *value);
        if *metric == Metric::Available {
            Metric::CoverDays.set(&mut values, *value);
        }
        if let Some(risk) = metric.at_risk(true) {
            risk.set(&mut values, value.abs() * 10.0);
        }
        let subject = Subject {
            level: metric.level(),
            good: *good,
            place: *place,
        };
        alerts.read(subject, &values);
    }
    alerts.end()
}

fn place_of_rule(alerts: &Alerts, id: &str) -> u32 {
    u32::try_from(alerts.rules().iter().position(|rule| rule.id == id).unwrap()).unwrap()
}

fn key(alerts: &Alerts, id: &str, place: u32, good: u32) -> Key {
    Key {
        rule: place_of_rule(alerts, id),
        good,
        place,
    }
}

fn at(minute: i64) -> UtcMillis {
    UtcMillis(1_781_748_000_000 + minute * MINUTE)
}

/// Runs `values`, one a minute (`x`: not known, `-`: no word), through the rule `id`; the trace of its phases and pushes.
fn trace(id: &str, is_live: bool, values: &str) -> String {
    let mut alerts = Alerts::new();
    let rule = place_of_rule(&alerts, id);
    let metric = alerts.rules()[rule as usize].metric;
    let mut out = String::new();
    for (minute, value) in (0..).zip(values.split_whitespace()) {
        let readings: Vec<_> = match value {
            "-" => Vec::new(),
            "x" => vec![(metric, 1, 1, f64::NAN)],
            value => match value.strip_prefix('r') {
                Some(risk) => vec![(Metric::RunoutRisk, 1, 1, risk.parse().unwrap())],
                None => vec![(metric, 1, 1, value.parse().unwrap())],
            },
        };
        let (changes, pushes) = evaluate(&mut alerts, minute, is_live, &readings);
        for change in changes.iter().filter(|change| change.key.rule == rule) {
            write!(out, "{minute}:{} ", change.to.id()).unwrap();
        }
        for push in pushes.iter().filter(|push| push.rule == rule) {
            write!(out, "{minute}:push-{} ", push.severity.id()).unwrap();
        }
    }
    out.trim_end().to_owned()
}

#[test]
fn every_phase_in_its_time() {
    for (what, id, is_live, values, expect) in [
        (
            "a moment is chance",
            "oversell",
            true,
            "1 1 0 0 1",
            "0:pending 2:normal 4:pending",
        ),
        (
            "it holds, fires, is pushed, and ends when it was clear for long",
            "oversell",
            true,
            "3 3 3 3 3 0 0 0 0 0 0 0 0 0 0 0",
            "0:pending 2:firing 3:push-p1 5:recovering 15:normal",
        ),
        (
            "it comes back while it recovers, and is no news",
            "oversell",
            true,
            "3 3 3 3 0 0 3 0 0",
            "0:pending 2:firing 3:push-p1 4:recovering 6:firing 7:recovering",
        ),
        (
            "what a file says holds at once",
            "oversell",
            false,
            "3 3 0",
            "0:firing 1:push-p1 2:normal",
        ),
        (
            "between the bounds nothing changes",
            "low_cover",
            false,
            "2.9 3.0 3.7 3.75 3.2 2.99",
            "0:firing 1:push-p2 3:normal 5:firing",
        ),
        (
            "no value is no end and no beginning",
            "oversell",
            false,
            "x x 3 x x 0 x",
            "2:firing 5:normal",
        ),
        (
            "no word, twice, is an end",
            "oversell",
            false,
            "3 - 3 - - 3",
            "0:firing 1:push-p1 4:normal 5:firing",
        ),
        (
            "worse is pushed at once",
            "ship_deadline",
            false,
            "41.9 42 42 42 46 46 36 35.9",
            "1:firing 2:push-p2 4:push-p1 7:normal",
        ),
        (
            "the weekly list is never pushed",
            "slow_moving",
            false,
            "200 200 200 9999",
            "0:firing",
        ),
        (
            "likely to run out before more is there",
            "low_cover",
            false,
            "4 3.8 r0.69 r0.7 r0.2 r0.15 r0.14 2 5",
            "3:firing 4:push-p2 6:normal 7:firing 8:normal",
        ),
        (
            "below cost, for five minutes, until it is not",
            "price_below_cost",
            true,
            "1 0.99 0.99 x 0.99 0.9 0.9 x 0.99 1",
            "1:pending 6:firing 8:push-p1 9:normal",
        ),
        (
            "a small shift that lasts, up or down",
            "sales_drift",
            true,
            "2.9 3 3 -2.5 1.9 -3.1 -3.1 -2 -1.9 -1.9",
            "1:pending 3:normal 5:pending 7:normal",
        ),
        (
            "half the price",
            "price_low",
            true,
            "0.51 0.5 0.5 0.5 0.5 0.4 0.4 0.7 x 0.8",
            "1:pending 6:firing 7:push-p1 9:normal",
        ),
        (
            "some more orders are no burst",
            "sales_spike",
            false,
            "0 5.9 6 3 2.9",
            "2:firing 3:push-p2 4:normal",
        ),
        (
            "a rise is no drop",
            "sales_drop",
            false,
            "5 -3.9 -4 -2 -1.9",
            "2:firing 3:push-p1 4:normal",
        ),
    ] {
        assert_eq!(trace(id, is_live, values), expect, "{what}");
    }
}

#[test]
fn what_flaps_is_pushed_once() {
    let values: Vec<&str> = (0..50)
        .map(|minute| if minute / 3 % 2 == 0 { "5" } else { "0" })
        .collect();
    let traced = trace("oversell", false, &values.join(" "));
    assert_eq!(traced.matches("push").count(), 1, "{traced}");
    assert!(traced.matches("firing").count() > 5, "{traced}");
    let mut alerts = Alerts::new();
    let mut flaps = Vec::new();
    for minute in 0..80 {
        let value = f64::from(u8::from(minute < 50 && minute / 2 % 2 == 0)) * 5.0;
        evaluate(
            &mut alerts,
            minute,
            false,
            &[(Metric::OversellUnits, 1, 1, value)],
        );
        let state = alerts.state(key(&alerts, "oversell", 1, 1));
        flaps.push(state.is_some_and(|state| state.is_flapping));
    }
    assert!(flaps[30] && flaps[49] && !flaps[5] && !flaps[79], "{flaps:?}");
}

#[test]
fn three_hundred_of_one_place_are_one_incident() {
    let mut alerts = Alerts::new();
    let on_hand = place_of_rule(&alerts, "stock_negative");
    let (mut pushed, mut sizes) = (Vec::new(), Vec::new());
    for minute in 0..30 {
        // More and more of them, and one elsewhere.
        let low = 100 * u32::try_from(minute + 1).unwrap().min(3);
        let mut readings: Vec<_> = (1..=300)
            .map(|good| (Metric::OnHand, 1, good, if good <= low { -1.0 } else { 30.0 }))
            .collect();
        readings.push((Metric::OnHand, 2, 1, -2.0));
        let (_, pushes) = evaluate(&mut alerts, minute, false, &readings);
        sizes.push(alerts.incidents().len());
        pushed.extend(pushes.into_iter().map(|push| {
            assert_eq!(push.rule, on_hand);
            (minute, push.place, push.fresh, push.count)
        }));
    }
    assert!(sizes.iter().all(|size| *size == 2), "{sizes:?}");
    assert_eq!(pushed, [(1, 1, 200, 200), (1, 2, 1, 1), (11, 1, 100, 300)]);
    assert_eq!(alerts.told().len(), 301);
}

#[test]
fn what_says_more_is_told_alone() {
    let mut alerts = Alerts::new();
    let mut readings = vec![
        (Metric::OversellUnits, 1, 1, 5.0),
        (Metric::Available, 0, 1, -5.0),
        (Metric::Available, 0, 2, 0.0),
        (Metric::CoverDays, 0, 3, 1.0),
        (Metric::OversellUnits, 1, 0, 9.0),
        (Metric::OnHand, 1, 1, -3.0),
        (Metric::OnHand, 2, 1, -3.0),
        (Metric::CoverDays, 1, 0, 1.0),
    ];
    let told = |alerts: &mut Alerts, minute: i64, readings: &[_]| {
        evaluate(alerts, minute, false, readings);
        let names = alerts.told().into_iter().map(|told| {
            let rule = &alerts.rules()[told.key.rule as usize].id;
            format!("{rule} {}/{}", told.key.good, told.key.place)
        });
        names.collect::<Vec<_>>().join(", ")
    };
    // Money at risk is ten times the value: the worst first.
    let before =
        "oversell 0/1, oversell 1/1, low_cover 0/1, low_cover 3/0, stock_out 2/0, stock_negative 1/2";
    assert_eq!(told(&mut alerts, 0, &readings), before);
    readings[0].3 = 0.0;
    assert_eq!(
        told(&mut alerts, 3, &readings),
        "oversell 0/1, stock_out 1/0, low_cover 0/1, low_cover 3/0, stock_out 2/0, \
         stock_negative 1/1, stock_negative 1/2"
    );
}

#[test]
fn who_acts_is_not_told_again_until_it_is_worse_or_late() {
    let mut alerts = Alerts::new();
    let (rule, owner) = (place_of_rule(&alerts, "oversell"), 7);
    let run = |alerts: &mut Alerts, minute: i64, value: f64| {
        let (_, pushes) = evaluate(alerts, minute, false, &[(Metric::OversellUnits, 1, 1, value)]);
        let acked = alerts.state(key(alerts, "oversell", 1, 1)).unwrap().ack;
        (pushes.len(), acked.map(|ack| ack.owner))
    };
    assert_eq!(alerts.acknowledge(rule, 1, 1, owner, at(0)), 0);
    assert_eq!(run(&mut alerts, 0, 5.0), (0, None));
    assert_eq!(alerts.acknowledge(rule, 2, 1, owner, at(0)), 0);
    assert_eq!(alerts.acknowledge(rule, 0, 1, owner, at(0)), 1);
    assert_eq!(run(&mut alerts, 1, 5.0), (0, Some(7)));
    assert_eq!(run(&mut alerts, 5, 10.0), (0, Some(7)));
    // More than twice as bad.
    assert_eq!(run(&mut alerts, 6, 10.5), (1, None));
    assert_eq!(alerts.acknowledge(rule, 1, 1, owner, at(7)), 1);
    for minute in 8..127 {
        assert_eq!(run(&mut alerts, minute, 10.5), (0, Some(7)));
    }
    // Nobody acts: again after four hours.
    for minute in 127..6 + 240 {
        assert_eq!(run(&mut alerts, minute, 10.5), (0, None));
    }
    assert_eq!(run(&mut alerts, 6 + 240, 10.5), (1, None));
}

#[test]
fn silence_is_for_pushes_and_ends() {
    let silence = |until_over| Silence {
        rule: None,
        good: 0,
        place: 1,
        until: at(60 * 24 * 30),
        until_over,
    };
    for (until_over, expect) in [
        // Seven days at most, whatever was asked for; then every four hours.
        (false, [168, 172, 176]),
        // Once none is oversold any more: what comes then is told.
        (true, [12, 16, 20]),
    ] {
        let mut alerts = Alerts::new();
        evaluate(&mut alerts, 0, false, &[(Metric::OversellUnits, 1, 1, 6.0)]);
        alerts.silence(silence(!until_over), at(0));
        alerts.silence(silence(until_over), at(0));
        assert_eq!(alerts.silences().len(), 1);
        let mut pushed = Vec::new();
        for hour in 0..24 * 8 {
            let value = if hour == 10 { 0.0 } else { 9.0 };
            let (_, pushes) = evaluate(
                &mut alerts,
                hour * 60,
                false,
                &[(Metric::OversellUnits, 1, 1, value)],
            );
            assert_eq!(alerts.told().len(), usize::from(hour != 10));
            pushed.extend(pushes.iter().map(|_| hour));
        }
        assert_eq!(pushed[..3], expect);
    }
    let mut alerts = Alerts::new();
    alerts.silence(silence(false), at(0));
    alerts.end_silence(None, 1, 1);
    assert!(alerts.is_silent(key(&alerts, "oversell", 1, 1)));
    alerts.end_silence(None, 0, 1);
    assert!(!alerts.is_silent(key(&alerts, "oversell", 1, 1)));
}

#[test]
fn what_is_not_known_is_taken_on_no_longer_than_what_is() {
    let mut alerts = Alerts::new();
    let rule = place_of_rule(&alerts, "oversell");
    let mut acked = Vec::new();
    for minute in 0..140 {
        let value = if minute < 5 { 5.0 } else { f64::NAN };
        evaluate(
            &mut alerts,
            minute,
            false,
            &[(Metric::OversellUnits, 1, 1, value)],
        );
        if minute == 0 {
            alerts.acknowledge(rule, 1, 1, 7, at(0));
        }
        let state = alerts.state(key(&alerts, "oversell", 1, 1)).unwrap();
        assert_eq!(state.phase, Phase::Firing);
        acked.push(state.ack.is_some());
    }
    // P1: two hours.
    assert_eq!(acked.iter().rposition(|acked| *acked), Some(119));
}

#[test]
fn rules_change_while_alerts_stand() {
    let mut alerts = Alerts::new();
    let readings = [(Metric::OversellUnits, 1, 1, 5.0), (Metric::CoverDays, 0, 2, 1.0)];
    evaluate(&mut alerts, 0, false, &readings);
    assert_eq!(alerts.told().len(), 2);
    let before = alerts.clone();
    assert_eq!(alerts.set_rules("broken: 1").unwrap_err().line, 1);
    // NaN is unlike itself.
    assert_eq!(format!("{alerts:?}"), format!("{before:?}"));
    let rules = DEFAULTS.replace("10m; P1;", "10m; P1; off;");
    let text = format!("own: cover_days < 2; P1\n{rules}");
    alerts.set_rules(&text).unwrap();
    assert_eq!(alerts.text(), text);
    // What stood by a rule that stays is as old as it was.
    assert_eq!(
        alerts.state(key(&alerts, "low_cover", 0, 2)).unwrap().fired_at,
        at(0)
    );
    evaluate(&mut alerts, 1, false, &readings);
    let told: Vec<&str> = alerts
        .told()
        .iter()
        .map(|told| alerts.rules()[told.key.rule as usize].id.as_str())
        .collect();
    assert_eq!(told, ["own", "low_cover"]);
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

    /// Any readings at any times: the same twice, and nothing is told that does not stand.
    #[test]
    fn the_same_events_make_the_same_alerts(
        program in proptest::collection::vec((0_i64..200, 0_usize..23, 0_u32..3, 0_u32..3, -9.0_f64..9.0, 0_u8..10), 1..60),
        cut in 0_usize..60,
    ) {
        let (mut one, mut other) = (Alerts::new(), Alerts::new());
        let mut minute = 0;
        for (step, (wait, metric, place, good, value, kind)) in program.iter().enumerate() {
            minute += wait;
            let value = match kind {
                0 => f64::NAN,
                1 => f64::INFINITY,
                2 => value * 100.0,
                _ => *value,
            };
            if step == cut {
                // The prefix once more: from the beginning, all comes as it came.
                let mut again = Alerts::new();
                let mut minute = 0;
                for (wait, metric, place, good, value, kind) in &program[..step] {
                    minute += wait;
                    let value = match kind {
                        0 => f64::NAN,
                        1 => f64::INFINITY,
                        2 => value * 100.0,
                        _ => *value,
                    };
                    evaluate(&mut again, minute, kind % 2 == 0, &[(Metric::ALL[*metric].0, *place, *good, value)]);
                }
                other = again;
            }
            let readings = [(Metric::ALL[*metric].0, *place, *good, value)];
            let (ours, theirs) =
                (evaluate(&mut one, minute, kind % 2 == 0, &readings), evaluate(&mut other, minute, kind % 2 == 0, &readings));
            proptest::prop_assert_eq!(format!("{ours:?}{one:?}"), format!("{theirs:?}{other:?}"));
            for told in one.told() {
                proptest::prop_assert!(told.phase.is_told());
            }
            let gathered: u64 = one.incidents().iter().map(|incident| incident.count).sum();
            proptest::prop_assert_eq!(gathered, one.told().len() as u64);
            proptest::prop_assert!(one.states().is_sorted_by_key(|state| state.key));
        }
    }
}
