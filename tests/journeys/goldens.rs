//! Real exports give true numbers: compared with values that were computed outside of the project.

use crate::browser::Browser;
use crate::cockpit::Card;
use crate::shared::{exports, golden, plain, text};
use crate::site::Site;
use crate::{dist, within};
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;

/// Longest task of the main thread that our code may cause, in milliseconds.
const LONGEST_TASK: f64 = 50.0;

#[tokio::test]
async fn amazon_orders_and_stock() {
    let Some(dist) = dist() else { return };
    let Some(files) = exports(&[
        "amazon-india/Amazon Sale Report.csv",
        "amazon-india/Sale Report.csv",
    ]) else {
        return;
    };
    let Some(orders) = golden("amazon-india/golden.amazon_sale_report.json") else {
        return;
    };
    within(180, async {
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        // A machine that is busy elsewhere stretches a task now and then; ours would be long each time.
        let (mut cards, mut blocked) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            browser.open_demo(&site.url("")).await;
            // Nobody drops files into the page's very first frames.
            tokio::time::sleep(Duration::from_secs(2)).await;
            let from = now(&browser).await;
            browser.choose(&files).await;
            cards = browser.imported(2, 120).await;
            blocked = long_tasks(&browser, from).await;
            if blocked.is_empty() {
                break;
            }
        }
        assert!(
            blocked.is_empty(),
            "three times the main thread was blocked: {blocked:?}"
        );
        report(&browser, &cards, &orders).await;
        data_check(&browser).await;
        browser.enter().await;

        browser.metrics_become(&totals(&orders)).await;
        browser
            .metrics_become(&[
                ("stock_on_hand", "242369".to_owned()),
                ("stock_skus", "9169".to_owned()),
                ("active_skus", text(&orders["distinct_skus"])),
            ])
            .await;
        let currency = "return document.querySelector('[data-metric=gmv]').dataset.currency";
        assert_eq!(browser.text(currency).await, "INR");

        browser.click("[data-choice='grain:month']").await;
        browser
            .table_becomes("sales-over-time", &by_month(&orders, "amount"))
            .await;
        browser.click("[data-choice='measure:units']").await;
        browser
            .table_becomes("sales-over-time", &by_month(&orders, "quantity"))
            .await;
        browser.table_becomes("top-skus", &top_skus(&orders)).await;

        without_cancelled(&browser, &orders).await;
        the_same_files_again(&browser, &files).await;
        browser.no_errors().await;
    })
    .await;
}

/// The page's clock, in milliseconds.
async fn now(browser: &Browser) -> f64 {
    let now = browser.js("return performance.now()").await;
    now.as_f64().unwrap_or_default()
}

/// Tasks of the main thread over 50 ms since `from`, as (start, duration); all of them go into the log.
async fn long_tasks(browser: &Browser, from: f64) -> Vec<(f64, f64)> {
    let to = now(browser).await;
    // The browser tells of tasks a moment later.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let tasks = browser.js("return window.seen.tasks").await;
    let tasks: Vec<(f64, f64)> = serde_json::from_value(tasks).expect("tasks are pairs");
    let inside = |(at, lasted): &(f64, f64)| *at >= from && *at < to && *lasted > LONGEST_TASK;
    let during: Vec<_> = tasks.iter().copied().filter(inside).collect();
    println!(
        "import of 69 MB: {:.0} ms; long tasks in it (start, duration): {during:?}",
        to - from
    );
    println!("long tasks since the page opened: {tasks:?}");
    let frames = browser.js("return window.seen.frames").await;
    println!("long frames and what ran in them: {frames}");
    during
}

/// The import report of both files.
/// SKUs on one side only, as Python's csv module and sets count them (SKUs with units that were not cancelled
/// against the SKUs of stock rows that name one).
async fn data_check(browser: &Browser) {
    for (check, count, of) in [
        ("sold-without-stock", "572", "7123"),
        ("stock-never-sold", "2552", "9169"),
    ] {
        let found = format!(
            "return !!document.querySelector('[data-check={check}][data-count=\"{count}\"][data-of=\"{of}\"]')"
        );
        browser.until(check, 10, &found).await;
    }
}

async fn report(browser: &Browser, cards: &[Card], orders: &Value) {
    let of = |name: &str| {
        cards
            .iter()
            .find(|card| card.name == name)
            .expect("a card for each file")
    };
    let (sales, stock) = (of("Amazon Sale Report.csv"), of("Sale Report.csv"));
    assert_eq!(
        (sales.kind.as_str(), sales.state.as_str()),
        ("orders", "done"),
        "{sales:?}"
    );
    assert_eq!(
        sales.counts(),
        [text(&orders["rows"]).as_str(), "0", "0"],
        "{sales:?}"
    );
    assert_eq!(
        (stock.kind.as_str(), stock.state.as_str()),
        ("stock", "partial"),
        "{stock:?}"
    );
    assert_eq!(stock.counts(), ["9173", "0", "98"], "{stock:?}");

    let screen = "return document.querySelector('.import-report').innerText";
    browser
        .click("[data-role=import-file][data-name='Amazon Sale Report.csv'] .file-main")
        .await;
    browser
        .until(
            "the report says 7,795 lines without an amount",
            5,
            &format!("return {}.includes('7,795')", &screen[7..]),
        )
        .await;
    browser
        .click("[data-role=import-file][data-name='Sale Report.csv'] .file-main")
        .await;
    let groups =
        "return [...document.querySelectorAll('[data-role=refusal]')].map(g => g.dataset.rows).join(' ')";
    browser
        .until(
            "98 rows are refused for two reasons",
            5,
            &format!("return ({{}}, function() {{ {groups} }})() === '83 15'"),
        )
        .await;
    assert!(
        browser.text(screen).await.contains("#REF!"),
        "the report shows what was refused"
    );
}

/// All lines but the cancelled ones, by two clicks; the address says so, and Escape takes it back.
async fn without_cancelled(browser: &Browser, orders: &Value) {
    browser.click("[data-dim=status][data-key=cancelled]").await;
    browser
        .until(
            "cancelled is pressed",
            5,
            "return document.querySelector('[data-dim=status][data-key=cancelled]')?.ariaPressed === 'true'",
        )
        .await;
    browser.click("[data-chip=status] [data-role=flip]").await;
    let rest = &orders["non_cancelled"];
    browser.metrics_become(&totals(rest)).await;
    browser
        .table_becomes("sales-over-time", &by_month(rest, "quantity"))
        .await;
    browser.table_becomes("top-skus", &top_skus(rest)).await;
    let address = browser.address().await;
    assert!(
        address.contains("-status=cancelled") && address.contains("grain=month"),
        "{address}"
    );

    browser.press("Escape", 27).await;
    browser.metrics_become(&totals(orders)).await;
    assert!(
        !browser.address().await.contains("status"),
        "{}",
        browser.address().await
    );
}

/// Dropping both files again changes nothing.
async fn the_same_files_again(browser: &Browser, files: &[PathBuf]) {
    let before = browser.metrics().await;
    browser.choose(files).await;
    let cards = browser.imported(4, 120).await;
    let again: Vec<[&str; 3]> = cards.iter().take(2).map(Card::counts).collect();
    assert!(
        again.contains(&["0", "128975", "0"]) && again.contains(&["0", "9173", "98"]),
        "{again:?}"
    );
    browser.enter().await;
    assert_eq!(
        browser.metrics().await,
        before,
        "the same files twice change a number"
    );
}

#[tokio::test]
async fn superstore() {
    let expect = |golden: &Value| {
        let mut expect = totals(golden);
        expect.push(("active_skus", text(&golden["distinct_skus"])));
        expect
    };
    let check = async |browser: &Browser, golden: &Value, card: &Card| {
        assert_eq!(card.counts(), ["9994", "0", "0"], "{card:?}");
        browser.click("[data-choice='grain:month']").await;
        browser
            .table_becomes("sales-over-time", &by_month(golden, "amount"))
            .await;
        browser.table_becomes("top-skus", &top_skus(golden)).await;
    };
    export(
        "superstore/superstore.csv",
        "superstore/golden.json",
        "",
        expect,
        check,
    )
    .await;
}

#[tokio::test]
async fn online_retail_in_latin_1() {
    let expect = |golden: &Value| {
        let mut expect = totals(golden);
        expect.push(("active_skus", text(&golden["distinct_skus"])));
        expect
    };
    let check = async |browser: &Browser, golden: &Value, card: &Card| {
        assert_eq!(card.counts(), ["42481", "0", "0"], "{card:?}");
        assert!(card.text.to_lowercase().contains("windows-1252"), "{}", card.text);
        browser.table_becomes("top-skus", &top_skus(golden)).await;
    };
    let name = "online_retail_2010-12_latin1.csv";
    export(
        &format!("online-retail/{name}"),
        "online-retail/golden.json",
        name,
        expect,
        check,
    )
    .await;
}

#[tokio::test]
async fn tmall_orders() {
    let expect = |golden: &Value| {
        vec![
            ("gmv", text(&golden["total_amount"])),
            ("paid_amount", text(&golden["paid"])),
            ("orders_created", text(&golden["distinct_orders"])),
            ("orders", text(&golden["funnel"]["paid"])),
        ]
    };
    let check = async |browser: &Browser, golden: &Value, card: &Card| {
        assert_eq!(card.counts(), ["28010", "0", "0"], "{card:?}");
        browser.click("[data-choice='measure:orders']").await;
        let provinces = golden["rows_by_province"]
            .as_object()
            .expect("orders by province");
        let mut rows: Vec<(i64, String)> = provinces
            .iter()
            .map(|(name, orders)| (orders.as_i64().unwrap_or_default(), name.clone()))
            .collect();
        // Largest first, ties by name.
        rows.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
        let rows: Vec<_> = rows
            .into_iter()
            .map(|(orders, name)| (name, orders.to_string()))
            .collect();
        browser.table_becomes("sales-by-region", &rows).await;
    };
    export(
        "tmall/tmall_order_report.csv",
        "tmall/golden.tmall_order_report.json",
        "",
        expect,
        check,
    )
    .await;
}

/// One export into a fresh page: its totals, and what else `check` wants to see.
async fn export(
    file: &str,
    golden_file: &str,
    part: &str,
    expect: impl Fn(&Value) -> Vec<(&'static str, String)>,
    check: impl AsyncFn(&Browser, &Value, &Card),
) {
    let Some(dist) = dist() else { return };
    let (Some(files), Some(golden)) = (exports(&[file]), golden(golden_file)) else {
        return;
    };
    let golden = golden.get(part).unwrap_or(&golden);
    within(90, async {
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let cards = browser.enter_with(&files, 60).await;
        assert_eq!(
            (cards[0].kind.as_str(), cards[0].state.as_str()),
            ("orders", "done"),
            "{:?}",
            cards[0]
        );
        browser.metrics_become(&expect(golden)).await;
        check(&browser, golden, &cards[0]).await;
        browser.no_errors().await;
    })
    .await;
}

/// Amount, units and orders.
fn totals(golden: &Value) -> Vec<(&'static str, String)> {
    vec![
        ("gmv", text(&golden["total_amount"])),
        ("units_created", text(&golden["total_quantity"])),
        ("orders_created", text(&golden["distinct_orders"])),
    ]
}

/// A column of the golden months, oldest first.
fn by_month(golden: &Value, column: &str) -> Vec<(String, String)> {
    let months = golden["by_month"].as_object().expect("golden months");
    let mut rows: Vec<_> = months
        .iter()
        .map(|(month, sums)| (month.clone(), plain(&text(&sums[column]))))
        .collect();
    rows.sort();
    rows
}

/// The ten SKUs that sell most units.
fn top_skus(golden: &Value) -> Vec<(String, String)> {
    let rows = golden["top10_skus_by_quantity"].as_array().expect("golden SKUs");
    rows.iter().map(|row| (text(&row[0]), text(&row[1]))).collect()
}
