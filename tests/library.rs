//! The engine as a program uses it: calls in JSON, answers in JSON and columns.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it is wrong"
)]

use serde_json::{Value, json};
use stockpit::engine::Engine;
use stockpit::engine::library::Call;
use stockpit::time::UtcMillis;

const NOW: UtcMillis = UtcMillis(1_781_784_852_000);

/// The answer with its columns put where it names them.
fn call(engine: &mut Engine, name: &str, argument: &Value) -> Value {
    let call = match Call::read(name, argument.to_string()) {
        Ok(call) => call,
        Err(words) => return json!({ "error": words }),
    };
    let answer = match call {
        Call::Append => engine.append(&argument.to_string(), NOW),
        call => engine.call(&call),
    };
    let mut json: Value = serde_json::from_str(&answer.json).unwrap();
    for view in json["views"]
        .as_object_mut()
        .into_iter()
        .flat_map(|views| views.values_mut())
    {
        let columns = view["columns"].take();
        for column in columns.as_array().into_iter().flatten() {
            let at = |end: usize| usize::try_from(column[end].as_u64().unwrap()).unwrap();
            view[column[0].as_str().unwrap()] = json!(answer.columns[at(1)..at(2)]);
        }
        view.as_object_mut().unwrap().remove("columns");
    }
    json
}

fn shop() -> Engine {
    let mut engine = Engine::new();
    let opened = call(
        &mut engine,
        "open",
        &json!({ "zone": "Asia/Shanghai", "currency": "CNY" }),
    );
    assert_eq!(opened["error"], Value::Null);
    let row = |order: u32, at: &str, channel: &str, sku: &str, quantity: u32, amount: &str| {
        json!({
            "order_id": format!("A{order}"), "created_at": at, "channel": channel, "sku": sku,
            "quantity": quantity, "amount": amount, "status": "paid", "customer_id": format!("c{}", order % 2),
        })
    };
    let rows = json!([
        row(1, "2026-06-11 09:30:00", "抖音", "S1", 1, "10.50"),
        row(1, "2026-06-11 09:30:00", "抖音", "S2", 2, "20.00"),
        row(2, "2026-06-17 23:59:59", "天猫", "S1", 3, "31.50"),
        row(3, "2026-06-18 02:00:00", "抖音", "S3", 1, "7.25"),
        row(4, "2026-06-18 12:00:00", "天猫", "S2", 4, "40.00"),
    ]);
    let report = call(&mut engine, "append", &rows);
    assert_eq!(
        (report["accepted"].as_u64(), report["rejected"].as_u64()),
        (Some(5), Some(0)),
        "{report}"
    );
    engine
}

#[track_caller]
fn check(engine: &mut Engine, query: &Value, expect: &Value) {
    assert_eq!(call(engine, "query", query)["views"], *expect, "{query}");
}

#[test]
fn views_ignore_their_own_clause() {
    let mut engine = shop();
    let query = json!({
        "where": { "channel": { "in": ["抖音"] }, "created_at": { "from": "2026-06-18" } },
        "views": {
            "all": { "measures": ["lines", "gmv", "orders_created", "customers"] },
            "channel": { "by": ["channel"], "measures": ["gmv", "lines"] },
            "day": { "by": ["day"], "measures": ["units_created"] },
        },
    });
    let expect = json!({
        "all": { "keys": [], "lines": [1.0], "gmv": [7.25], "orders_created": [1.0], "customers": [1.0] },
        "channel": { "keys": [["天猫", "抖音"]], "gmv": [40.0, 7.25], "lines": [1.0, 1.0] },
        "day": { "keys": [["2026-06-11", "2026-06-18"]], "units_created": [3.0, 1.0] },
    });
    check(&mut engine, &query, &expect);
    // The same rows again change nothing.
    let again = json!([{
        "order_id": "A3", "created_at": "2026-06-18 02:00:00", "channel": "抖音", "sku": "S3",
        "quantity": 1, "amount": "7.25", "status": "paid", "customer_id": "c1",
    }]);
    assert_eq!(call(&mut engine, "append", &again)["duplicate"], 1);
    check(&mut engine, &query, &expect);
}

#[test]
fn groups_are_ranked_cut_and_crossed() {
    let mut engine = shop();
    check(
        &mut engine,
        &json!({ "views": {
            "top": { "by": ["sku"], "measures": ["units_created", "orders_created"], "top": 1 },
            "heat": { "by": ["channel", "day"], "measures": ["gmv"] },
            "spread": { "measures": [{ "min": "amount" }, { "max": "amount" }, { "quantile": ["amount", 0.5] }] },
        }}),
        &json!({
            "top": {
                "keys": [["S2"]], "units_created": [6.0], "orders_created": [2.0],
                "others": { "groups": 2, "units_created": 5 },
            },
            "heat": {
                "keys": [["抖音", "抖音", "天猫", "天猫"], ["2026-06-11", "2026-06-18", "2026-06-17", "2026-06-18"]],
                "gmv": [30.5, 7.25, 31.5, 40.0],
            },
            "spread": {
                "keys": [], "min(amount)": [7.25], "max(amount)": [40.0], "quantile(amount,0.5)": [20.0],
            },
        }),
    );
    // Searched, and by range; money of another currency is none.
    check(
        &mut engine,
        &json!({
            "where": { "sku": { "search": "s" , "not": ["S3"] }, "amount": { "from": "20.00", "to": 31.5 } },
            "currency": "USD",
            "views": { "all": { "measures": ["lines", "units_created"] }, "usd": { "measures": ["gmv"] } },
        }),
        &json!({
            "all": { "keys": [], "lines": [2.0], "units_created": [5.0] },
            "usd": { "keys": [], "gmv": [null] },
        }),
    );
}

#[test]
fn windows_are_compared() {
    let mut engine = shop();
    let compare = |compare: Value| {
        json!({
            "where": { "created_at": { "from": "2026-06-18", "to": "2026-06-19" } },
            "views": { "all": { "measures": ["gmv"] }, "day": { "by": ["day"], "measures": ["gmv"] } },
            "compare": compare,
        })
    };
    for (offset, before, days) in [
        (json!({ "days": -7 }), json!([30.5]), json!([null, null, 30.5])),
        (json!({ "days": -1 }), json!([31.5]), json!([null, null, 31.5])),
        (
            json!({ "millis": -86_400_000 }),
            json!([31.5]),
            json!([null, null, 31.5]),
        ),
        (json!({ "months": -1 }), json!([null]), json!([null, null, null])),
        (
            json!({ "event": { "from": 1_781_712_000_000_i64, "onto": 1_781_107_200_000_i64 } }),
            json!([30.5]),
            json!([null, null, 30.5]),
        ),
    ] {
        check(
            &mut engine,
            &compare(offset),
            &json!({
                "all": { "keys": [], "gmv": [47.25], "gmv@before": before },
                "day": {
                    "keys": [["2026-06-11", "2026-06-17", "2026-06-18"]],
                    "gmv": [30.5, 31.5, 47.25], "gmv@before": days,
                },
            }),
        );
    }
}

#[test]
fn business_days_begin_when_told() {
    let mut engine = shop();
    call(&mut engine, "open", &json!({ "day_starts": 180 }));
    check(
        &mut engine,
        &json!({ "views": { "day": { "by": ["day"], "measures": ["lines"] } } }),
        &json!({ "day": { "keys": [["2026-06-11", "2026-06-17", "2026-06-18"]], "lines": [2.0, 2.0, 1.0] } }),
    );
}

#[test]
fn what_is_wrong_is_said() {
    let mut engine = shop();
    for (name, argument, words) in [
        (
            "query",
            json!({ "views": { "a": { "by": ["planet"] } } }),
            "a: nothing to group by is called planet",
        ),
        (
            "query",
            json!({ "views": { "a": { "measures": ["joy"] } } }),
            "a: no measure is called joy",
        ),
        ("query", json!({ "where": { "mood": {} } }), "no clause on mood"),
        (
            "query",
            json!({ "where": { "sku": { "in": [], "not": [] } } }),
            "sku: either in or not",
        ),
        (
            "query",
            json!({ "where": { "amount": { "from": "ten" } } }),
            "ten is no decimal",
        ),
        (
            "query",
            json!({ "where": { "created_at": { "from": "soon" } } }),
            "soon is no instant",
        ),
        (
            "open",
            json!({ "zone": "Mars/Olympus" }),
            "unknown zone: Mars/Olympus",
        ),
        ("dance", json!({}), "no call is named dance"),
    ] {
        assert_eq!(call(&mut engine, name, &argument)["error"], words);
    }
    let words = call(&mut engine, "query", &json!({ "view": {} }))["error"].to_string();
    assert!(words.contains("unknown field `view`"), "{words}");
    // Rows of CSV are rows too.
    let csv = "order_id,created_at,sku,quantity,amount\nA8,2026-06-18 10:00:00,\"S,9\",1,5.00\n";
    let report = engine.append(csv, NOW).json;
    assert!(report.contains("\"accepted\":1"), "{report}");
    let refused = call(
        &mut engine,
        "append",
        &json!([{ "order_id": "A9", "created_at": "nonsense", "amount": 1 }]),
    );
    assert_eq!(refused["state"], "failed", "{refused}");
}

#[test]
fn rows_that_refute_the_head_are_read_again() {
    // Whichever order of day and month is assumed of the head, one of these refutes it.
    for last in ["25/03/2026", "03/25/2026"] {
        let mut rows = "order_id,created_at,sku,quantity,amount\n".to_owned();
        for order in 0..6_000 {
            rows.push_str(&format!("A{order},02/03/2026 10:00:00,S1,1,1.50\n"));
        }
        rows.push_str(&format!("B,{last} 10:00:00,S1,1,1.50\n"));
        assert!(rows.len() > 128 << 10, "the head has to end before the last row");
        let answer = Engine::new().append(&rows, NOW);
        let report: Value = serde_json::from_str(&answer.json).unwrap();
        assert_eq!(report["accepted"], 6_001, "{report}");
    }
}
