//! Real exports, read and compared with figures that were computed outside of this project.
//!
//! The files lie beside the repository and are never part of it; where they are not, nothing is tested.

#![expect(clippy::panic, clippy::print_stdout, reason = "tests panic and print")]

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use stockpit::ingest::{Finish, Import, Imported, Options, Rows, Step};
use stockpit::model::{Dim, OrderBatch, OrderColumns, OrderTable, StockBatch, StockTable};
use stockpit::money::Fixed;
use stockpit::protocol::{FileKind, FileState, Note, Problem, Use};
use stockpit::time::{Grain, UtcMillis, Zone};

fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !folder.is_dir() {
        println!("skipped: {} is not here", folder.display());
        return None;
    }
    Some(folder)
}

fn read(name: &str) -> Option<Vec<u8>> {
    folder().map(|folder| std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}")))
}

fn golden(name: &str) -> Value {
    let bytes = read(name).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn options() -> Options {
    Options {
        zone: Zone::default(),
        currency: String::new(),
        salt: 7,
        ..Options::default()
    }
}

/// Reads a file as the browser does: in chunks, and again from the first byte when asked to.
fn import(name: &str, bytes: &[u8], chunk: usize) -> (Imported, usize) {
    let mut import = Import::new(name, bytes.len() as u64, options());
    let mut passes = 1;
    loop {
        let step = bytes
            .chunks(chunk)
            .map(|chunk| import.push(chunk))
            .find(|step| *step != Step::More);
        if step != Some(Step::Again) {
            match import.finish() {
                Finish::Again(next) => import = next,
                Finish::Done(imported) => return (imported, passes),
            }
        }
        passes += 1;
        assert!(passes < 12, "{name} is read for ever");
    }
}

fn orders(name: &str) -> Option<(Imported, OrderBatch)> {
    let bytes = read(name)?;
    let (mut imported, passes) = import(name, &bytes, 1 << 20);
    println!("{name}: {passes} pass(es), {:?}", imported.report.notes);
    assert_eq!(imported.report.failure, None);
    assert_eq!(imported.report.kind, FileKind::Orders);
    match std::mem::replace(&mut imported.rows, Rows::None) {
        Rows::Orders(batch) => Some((imported, batch)),
        other => panic!("{name}: {other:?}"),
    }
}

fn stock(name: &str) -> Option<(Imported, StockBatch)> {
    let bytes = read(name)?;
    let (mut imported, _) = import(name, &bytes, 1 << 20);
    assert_eq!(imported.report.failure, None);
    assert_eq!(imported.report.kind, FileKind::Stock);
    match std::mem::replace(&mut imported.rows, Rows::None) {
        Rows::Stock(batch) => Some((imported, batch)),
        other => panic!("{name}: {other:?}"),
    }
}

fn sum(values: impl IntoIterator<Item = i64>) -> Fixed {
    Fixed::from_raw(
        values
            .into_iter()
            .filter(|value| *value != OrderColumns::NONE)
            .sum(),
    )
}

fn decimal(value: &Value) -> Fixed {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Fixed::parse(&text)
        .unwrap_or_else(|error| panic!("{text}: {error:?}"))
        .0
}

fn number(value: &Value) -> usize {
    value.as_u64().map_or_else(|| panic!("{value}"), |n| n as usize)
}

fn distinct(codes: impl IntoIterator<Item = u32>) -> usize {
    codes
        .into_iter()
        .filter(|code| *code != 0)
        .collect::<BTreeSet<_>>()
        .len()
}

/// Rows, sums, distinct ids, days and months of `golden` against the lines of a file.
#[track_caller]
fn check(columns: &OrderColumns, golden: &Value) {
    assert_eq!(columns.len(), number(&golden["rows"]));
    assert_eq!(sum(columns.quantity.iter()), decimal(&golden["total_quantity"]));
    assert_eq!(sum(columns.amount.iter()), decimal(&golden["total_amount"]));
    let blank = columns
        .amount
        .iter()
        .filter(|amount| *amount == OrderColumns::NONE)
        .count();
    assert_eq!(blank, number(&golden["blank_amount_rows"]));
    assert_eq!(distinct(columns.order.iter()), number(&golden["distinct_orders"]));
    assert_eq!(
        distinct(columns.dim(Dim::Sku).iter()),
        number(&golden["distinct_skus"])
    );
    let zone = Zone::default();
    let day = |at: Option<i64>| {
        zone.local(UtcMillis(at.unwrap_or(0)))
            .format("%Y-%m-%d %H:%M:%S")
            .to_string()
    };
    assert_eq!(day(columns.created_at.iter().min()), golden["min_date"]);
    assert_eq!(day(columns.created_at.iter().max()), golden["max_date"]);
    let mut months: BTreeMap<String, (usize, i64, i64)> = BTreeMap::new();
    for row in 0..columns.len() {
        let key = zone.key(
            Grain::Month,
            zone.floor(Grain::Month, UtcMillis(columns.created_at.raw(row))),
        );
        let month = months.entry(key).or_default();
        let said = |value: i64| if value == OrderColumns::NONE { 0 } else { value };
        *month = (
            month.0 + 1,
            month.1 + said(columns.quantity.raw(row)),
            month.2 + said(columns.amount.raw(row)),
        );
    }
    let expect: BTreeMap<String, (usize, i64, i64)> = golden["by_month"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, month)| {
            let sums = (decimal(&month["quantity"]).raw(), decimal(&month["amount"]).raw());
            (key.clone(), (number(&month["rows"]), sums.0, sums.1))
        })
        .collect();
    assert_eq!(months, expect);
    for pair in golden["top10_skus_by_quantity"].as_array().into_iter().flatten() {
        let code = columns.dict(Dim::Sku).code(pair[0].as_str().unwrap_or_default());
        let rows = (0..columns.len()).filter(|row| Some(columns.dim(Dim::Sku).get(*row)) == code);
        assert_eq!(
            sum(rows.map(|row| columns.quantity.raw(row))),
            decimal(&pair[1]),
            "{pair}"
        );
    }
}

fn count(columns: &OrderColumns, dim: Dim, key: &str) -> usize {
    let code = columns.dict(dim).code(key);
    columns
        .dim(dim)
        .iter()
        .filter(|value| Some(*value) == code)
        .count()
}

#[track_caller]
fn check_counts(columns: &OrderColumns, dim: Dim, expect: &Value) {
    for (key, rows) in expect.as_object().into_iter().flatten() {
        assert_eq!(count(columns, dim, key), number(rows), "{key}");
    }
}

#[test]
fn amazon_orders() {
    let Some((imported, batch)) = orders("amazon-india/Amazon Sale Report.csv") else {
        return;
    };
    let golden = golden("amazon-india/golden.amazon_sale_report.json");
    let columns = batch.columns();
    check(columns, &golden);
    let counts = &golden["counts"];
    check_counts(columns, Dim::Channel, &counts["Sales Channel "]);
    check_counts(columns, Dim::Fulfilment, &counts["Fulfilment"]);
    check_counts(columns, Dim::Category, &counts["Category"]);
    // The golden counts one spelling of each state; the table folds them.
    for (state, rows) in golden["top10_ship_state_rows"].as_object().into_iter().flatten() {
        assert!(count(columns, Dim::Region, state) >= number(rows), "{state}");
    }
    let region = columns.dim(Dim::Region);
    assert_eq!(
        distinct(region.iter()),
        number(&golden["distinct_ship_state_upper_trim"]) - 1,
        "the 48th is blank"
    );
    let words = &counts["Status"];
    let of = |word: &str| number(&words[word]);
    for (status, rows) in [
        ("created", of("Pending")),
        ("paid", of("Pending - Waiting for Pick Up")),
        ("cancelled", of("Cancelled")),
        ("completed", of("Shipped - Delivered to Buyer")),
        ("refunded", of("Shipped - Returned to Seller")),
        (
            "refunding",
            of("Shipped - Returning to Seller") + of("Shipped - Rejected by Buyer"),
        ),
    ] {
        assert_eq!(count(columns, Dim::Status, status), rows, "{status}");
    }
    // What is not cancelled.
    let cancelled = columns.dict(Dim::Status).code("cancelled");
    let rows: Vec<usize> = (0..columns.len())
        .filter(|r| Some(columns.dim(Dim::Status).get(*r)) != cancelled)
        .collect();
    let rest = &golden["non_cancelled"];
    assert_eq!(rows.len(), number(&rest["rows"]));
    assert_eq!(
        sum(rows.iter().map(|row| columns.amount.raw(*row))),
        decimal(&rest["total_amount"])
    );
    assert_eq!(
        sum(rows.iter().map(|row| columns.quantity.raw(*row))),
        decimal(&rest["total_quantity"])
    );
    assert_eq!(columns.currencies.text(columns.currency.get(1)), "INR");

    let report = &imported.report;
    assert_eq!(
        (report.state, report.profile.as_str()),
        (FileState::Done, "amazon-india")
    );
    assert_eq!(
        (report.encoding.as_str(), report.format.as_str()),
        ("UTF-8", "CSV ,")
    );
    assert_eq!(
        (report.rows, report.accepted, report.rejected),
        (128_975, 128_975, 0)
    );
    assert_eq!(
        report.notes,
        [Note::WithoutAmount(7795), Note::PaidClockIsCreated]
    );
    let used = |header: &str| {
        report
            .columns
            .iter()
            .find(|c| c.header == header)
            .map(|c| c.used.clone())
    };
    assert_eq!(used("Sales Channel"), Some(Use::Field("dim:channel".into())));
    assert!(matches!(used("ship-postal-code"), Some(Use::Personal(_))));
    assert_eq!(used("index"), Some(Use::Unused));

    // The slice of six days is part of it: nothing changes.
    let mut table = OrderTable::default();
    let merged = table.merge(&batch);
    assert_eq!((merged.new, table.order_count()), (128_975, 120_378));
    if let Some((_, slice)) = orders("amazon-india/amazon_6days_2022-06-24_29.csv") {
        let merged = table.merge(&slice);
        assert_eq!((merged.new, merged.updated, merged.same), (0, 0, 6243));
    }
}

#[test]
fn amazon_orders_of_six_days() {
    let Some((_, batch)) = orders("amazon-india/amazon_6days_2022-06-24_29.csv") else {
        return;
    };
    let golden = golden("amazon-india/golden.6days.json");
    check(batch.columns(), &golden["amazon_6days_2022-06-24_29.csv"]);
}

#[test]
fn amazon_stock() {
    let Some((imported, batch)) = stock("amazon-india/Sale Report.csv") else {
        return;
    };
    let golden = golden("amazon-india/golden.sale_report.json");
    let report = &imported.report;
    assert_eq!(
        (report.state, report.rows, report.rejected),
        (FileState::Partial, 9271, 98)
    );
    assert_eq!(number(&golden["rows"]), 9271);
    assert_eq!(
        sum(batch.columns().on_hand.iter().copied()),
        Fixed::from_units(242_369)
    );
    assert_eq!(batch.columns().len(), 9169);
    let groups: Vec<(u64, &Problem)> = report.refusals.iter().map(|g| (g.rows, &g.problem)).collect();
    assert_eq!(
        groups,
        [(83, &Problem::Missing), (15, &Problem::SpreadsheetError)]
    );
    assert_eq!(report.refusals[0].column, "SKU Code");
    assert_eq!(
        (report.refused[0].line, report.refused[0].value.as_str()),
        (67, "#REF!")
    );
    assert!(report.notes.contains(&Note::StockRowsAdded(batch.added())));
    for pair in golden["top10_stock"].as_array().into_iter().flatten() {
        let code = batch.columns().skus.code(pair[0].as_str().unwrap_or_default());
        let row = batch
            .columns()
            .sku
            .iter()
            .position(|sku| Some(*sku) == code)
            .unwrap_or_default();
        assert_eq!(batch.columns().on_hand[row], decimal(&pair[1]).raw(), "{pair}");
    }
    let mut table = StockTable::default();
    assert_eq!(table.merge(&batch).new, 9173);
    assert_eq!(table.merge(&batch).same, 9173);
}

#[test]
fn superstore() {
    let Some((imported, batch)) = orders("superstore/superstore.csv") else {
        return;
    };
    let golden = golden("superstore/golden.json");
    check(batch.columns(), &golden);
    check_counts(batch.columns(), Dim::Region, &golden["counts"]["Region"]);
    check_counts(batch.columns(), Dim::Category, &golden["counts"]["Category"]);
    assert_eq!(imported.report.profile, "superstore");
    assert_eq!(imported.report.state, FileState::Done);
    assert!(
        imported
            .report
            .notes
            .contains(&Note::CurrencyAssumed(String::new()))
    );
    assert!(imported.report.notes.contains(&Note::StatusAssumedPaid));
    assert!(batch.columns().customer.iter().all(|customer| customer != 0));
}

#[test]
fn online_retail() {
    let Some((imported, batch)) = orders("online-retail/online_retail_2010-12_latin1.csv") else {
        return;
    };
    let golden = golden("online-retail/golden.json");
    let golden = &golden["online_retail_2010-12_latin1.csv"];
    let columns = batch.columns();
    check(columns, golden);
    check_counts(columns, Dim::Region, &golden["counts"]["Country"]);
    let report = &imported.report;
    assert_eq!(
        (report.encoding.as_str(), report.profile.as_str()),
        ("windows-1252", "online-retail")
    );
    assert!(
        report.notes.contains(&Note::ReturnLines(798)),
        "{:?}",
        report.notes
    );
    assert_eq!(
        count(columns, Dim::Status, "refunded"),
        number(&golden["negative_qty_rows"])
    );
    assert_eq!(
        columns.customer.iter().filter(|customer| *customer == 0).count(),
        15_631
    );
    assert!(
        (0..columns.len()).any(|row| columns.titles.text(columns.title.get(row)).contains('£')),
        "£ is read"
    );

    // The same days again, a file each, in another spelling of dates, prices and customers.
    let mut table = OrderTable::default();
    assert_eq!(table.merge(&batch).new, 42_481);
    let Some(folder) = folder() else { return };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder.join("online-retail/by-day"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let (mut new, mut updated, mut same) = (0, 0, 0);
    for file in &files {
        let name = format!(
            "online-retail/by-day/{}",
            file.file_name().unwrap_or_default().to_string_lossy()
        );
        let Some((_, day)) = orders(&name) else { return };
        let merged = table.merge(&day);
        (new, updated, same) = (new + merged.new, updated + merged.updated, same + merged.same);
    }
    assert_eq!((new, updated, same), (0, 0, 42_481));
}

#[test]
fn tmall_orders() {
    let Some((imported, batch)) = orders("tmall/tmall_order_report.csv") else {
        return;
    };
    let golden = golden("tmall/golden.tmall_order_report.json");
    let columns = batch.columns();
    assert_eq!(columns.len(), number(&golden["rows"]));
    assert_eq!(distinct(columns.order.iter()), number(&golden["distinct_orders"]));
    assert_eq!(sum(columns.amount.iter()), decimal(&golden["total_amount"]));
    assert_eq!(sum(columns.paid_amount.iter()), decimal(&golden["paid"]));
    assert_eq!(sum(columns.refund_amount.iter()), decimal(&golden["refund"]));
    check_counts(columns, Dim::Region, &golden["rows_by_province"]);
    assert_eq!(distinct(columns.dim(Dim::Region).iter()), 31);
    assert_eq!(
        count(columns, Dim::Status, "created"),
        number(&golden["unpaid_rows"])
    );
    assert_eq!(
        columns
            .paid_at
            .iter()
            .filter(|at| *at == OrderColumns::NONE)
            .count(),
        number(&golden["unpaid_rows"])
    );
    let refunded = columns.refund_amount.iter().filter(|refund| *refund > 0).count();
    assert_eq!(refunded, number(&golden["refund_rows"]));
    let zone = Zone::default();
    let mut days: BTreeMap<String, (u64, i64, i64)> = BTreeMap::new();
    for row in 0..columns.len() {
        let at = UtcMillis(columns.created_at.raw(row));
        let day = days
            .entry(zone.key(Grain::Day, zone.floor(Grain::Day, at)))
            .or_default();
        *day = (
            day.0 + 1,
            day.1 + columns.amount.raw(row),
            day.2 + columns.paid_amount.raw(row),
        );
    }
    let expect: BTreeMap<String, (u64, i64, i64)> = golden["by_day_rows_total_paid"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(day, v)| {
            (
                day.clone(),
                (number(&v[0]) as u64, decimal(&v[1]).raw(), decimal(&v[2]).raw()),
            )
        })
        .collect();
    assert_eq!(days, expect);
    assert_eq!(imported.report.profile, "tmall");
    assert_eq!(columns.currencies.text(columns.currency.get(0)), "CNY");
    assert_eq!(imported.report.columns[3].used, Use::Field("dim:region".into()));
    assert_eq!(imported.report.columns[3].example, "上海");
}

#[test]
fn shopify_stock() {
    let Some((imported, batch)) = stock("inventory/nsls_inventory_export_1.csv") else {
        return;
    };
    let golden = golden("inventory/golden.json");
    let golden = &golden["nsls_inventory_export_1.csv"];
    let report = &imported.report;
    assert_eq!(
        (report.rows, report.rejected),
        (number(&golden["rows"]) as u64, 0)
    );
    assert_eq!(report.profile, "shopify-inventory");
    let sums = &golden["sums"];
    assert_eq!(
        sum(batch.columns().on_hand.iter().copied()),
        decimal(&sums["On hand (current)"])
    );
    assert_eq!(
        sum(batch.columns().available.iter().copied()),
        decimal(&sums["Available (not editable)"])
    );
    assert_eq!(
        sum(batch.columns().inbound.iter().copied()),
        decimal(&sums["Incoming (not editable)"])
    );
    assert!(
        report.notes.contains(&Note::WithoutQuantity(194)),
        "{:?}",
        report.notes
    );
    let blank = number(&golden["blank_sku"]);
    assert_eq!(
        distinct(batch.columns().sku.iter().copied()),
        number(&golden["distinct_sku"]) + blank,
        "blank ones have a handle"
    );
}

#[test]
fn a_product_listing_is_no_order_file() {
    let name = "tmall/双十一淘宝美妆数据.csv";
    let Some(bytes) = read(name) else { return };
    let (imported, _) = import(name, &bytes, 1 << 20);
    let report = imported.report;
    assert_eq!(
        (report.state, report.failure),
        (FileState::Failed, Some(Problem::NotOrdersNorStock))
    );
    assert_eq!(
        (report.kind, report.encoding.as_str(), report.accepted),
        (FileKind::Unknown, "GB18030", 0)
    );
    assert!(matches!(imported.rows, Rows::None));
    assert_eq!(report.columns.len(), 7);
    assert_eq!(report.columns[6].header, "店名");
}

#[test]
fn a_workbook_is_told() {
    let Some(bytes) = read("amazon-india/Sale Report.xlsx") else {
        return;
    };
    let (imported, _) = import("Sale Report.xlsx", &bytes, 1000);
    assert_eq!(imported.report.failure, Some(Problem::NotATable("xlsx".into())));
}

/// Not a check: how long the largest file takes. Meaningful in release only.
#[test]
fn time_of_the_largest_file() {
    let Some(bytes) = read("amazon-india/Amazon Sale Report.csv") else {
        return;
    };
    let start = std::time::Instant::now();
    let (imported, passes) = import("Amazon Sale Report.csv", &bytes, 4 << 20);
    let read = start.elapsed();
    if let Rows::Orders(batch) = &imported.rows {
        OrderTable::default().merge(batch);
    }
    println!(
        "{} bytes: read {read:?} in {passes} pass(es), with merge {:?}",
        bytes.len(),
        start.elapsed()
    );
}
