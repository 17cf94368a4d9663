//! Every export that is here, read with no hand on the mapping, against figures counted outside of this project.
//!
//! The table states for each file what it is, its lines, units, amounts, currency, dates, orders and stock,
//! and where each row of figures is from. The files lie beside the repository and are never part of it; where
//! they are not, nothing is tested.

#![expect(clippy::panic, clippy::print_stdout, reason = "tests panic and print")]

use std::collections::BTreeSet;
use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::task::{Context, Waker};
use stockpit::ingest::{
    Finish, Import, Imported, Intake, Options, ReadNews, ReadTask, Rows, Step, container_of, read_container,
};
use stockpit::metric::Goods;
use stockpit::model::{NameColumns, OrderBatch, OrderColumns, OrderTable, StockColumns, StockTable};
use stockpit::money::Fixed;
use stockpit::protocol::{FileKind, Problem};
use stockpit::time::{UtcMillis, Zone};

/// Where the figures of a file are from.
#[derive(Clone, Copy, Debug)]
enum By {
    /// Counted from the file's own cells by a script with Python's csv, json and decimal modules: sums of the
    /// columns that the profile reads, price × quantity where it has no amount.
    Counted,
    /// The `golden*.json` beside the file, computed outside of the project.
    Golden,
    /// Read off the few rows of the file by eye, and counted.
    Seen,
}

/// What an order file comes to.
struct Orders {
    accepted: u64,
    refused: u64,
    units: &'static str,
    gmv: &'static str,
    paid: &'static str,
    refund: &'static str,
    currency: &'static str,
    /// First and last order time, in the zone of the shop where the file says none; empty: no line says.
    first: &'static str,
    last: &'static str,
    orders: usize,
}

/// What a stock file comes to.
struct Stock {
    accepted: u64,
    refused: u64,
    levels: usize,
    on_hand: &'static str,
    available: &'static str,
    inbound: &'static str,
    places: usize,
}

enum What {
    Orders(Orders),
    Stock(Stock),
    /// Names of goods or places: accepted, refused, and each statement.
    Names(u64, u64, &'static [(&'static str, &'static str)]),
    /// Told to be no order and no stock file, or no table of text yet.
    Refused(fn(&Problem) -> bool),
}

struct Export {
    file: &'static str,
    profile: &'static str,
    what: What,
    by: By,
}

#[expect(clippy::too_many_arguments, reason = "a row of the table")]
const fn o(
    file: &'static str,
    profile: &'static str,
    accepted: u64,
    refused: u64,
    units: &'static str,
    gmv: &'static str,
    paid: &'static str,
    refund: &'static str,
    currency: &'static str,
    first: &'static str,
    last: &'static str,
    orders: usize,
    by: By,
) -> Export {
    let what = What::Orders(Orders {
        accepted,
        refused,
        units,
        gmv,
        paid,
        refund,
        currency,
        first,
        last,
        orders,
    });
    Export {
        file,
        profile,
        what,
        by,
    }
}

#[expect(clippy::too_many_arguments, reason = "a row of the table")]
const fn s(
    file: &'static str,
    profile: &'static str,
    accepted: u64,
    refused: u64,
    levels: usize,
    on_hand: &'static str,
    available: &'static str,
    inbound: &'static str,
    places: usize,
    by: By,
) -> Export {
    let what = What::Stock(Stock {
        accepted,
        refused,
        levels,
        on_hand,
        available,
        inbound,
        places,
    });
    Export {
        file,
        profile,
        what,
        by,
    }
}

/// file, profile; accepted, refused, units, GMV, paid, refunded, currency, first, last, orders — or accepted,
/// refused, levels, on hand, available, inbound, places.
#[rustfmt::skip]
const EXPORTS: &[Export] = &[
    o("data/amazon-india/Amazon Sale Report.csv", "amazon-india", 128_975, 0, "116649", "78592678.30", "0", "0", "INR", "2022-03-31 00:00", "2022-06-29 00:00", 120_378, By::Golden),
    o("data/amazon-india/amazon_6days_2022-06-24_29.csv", "amazon-india", 6243, 0, "5751", "3955934.85", "0", "0", "INR", "2022-06-24 00:00", "2022-06-29 00:00", 5821, By::Golden),
    // 83 rows without a SKU, 15 with an error of the spreadsheet; four rows are further bins of a SKU.
    s("data/amazon-india/Sale Report.csv", "amazon-india-stock", 9173, 98, 9169, "242369", "0", "0", 0, By::Golden),
    // 194 rows are not stocked; three are further bins.
    // The same report as a workbook.
    s("data/amazon-india/Sale Report.xlsx", "amazon-india-stock", 9173, 98, 9169, "242369", "0", "0", 0, By::Golden),
    // A column for each of twelve places; a level where a cell says something. See the_twelve_places_of_one_workbook.
    s("data/inventory/rs_inventory_list_2.xlsx", "generic", 1779, 0, 8471, "23016.55", "0", "0", 12, By::Golden),
    s("data/inventory/nsls_inventory_export_1.csv", "shopify-inventory", 1732, 0, 1729, "146076", "145363", "0", 1, By::Golden),
    o("data/online-retail/online_retail_2010-12_latin1.csv", "online-retail", 42_481, 0, "342228", "748957.02", "0", "74789.12", "", "2010-12-01 08:26", "2010-12-23 17:41", 2025, By::Golden),
    o("data/online-retail/by-day/2010-12-01.csv", "online-retail", 3108, 0, "26814", "58635.56", "0", "325.23", "", "2010-12-01 08:26", "2010-12-01 17:35", 143, By::Counted),
    o("data/online-retail/by-day/2010-12-02.csv", "online-retail", 2109, 0, "21023", "46207.28", "0", "1541.10", "", "2010-12-02 07:48", "2010-12-02 19:59", 167, By::Counted),
    o("data/online-retail/by-day/2010-12-03.csv", "online-retail", 2202, 0, "14830", "45620.46", "0", "1323.25", "", "2010-12-03 09:31", "2010-12-03 17:28", 108, By::Counted),
    o("data/online-retail/by-day/2010-12-05.csv", "online-retail", 2725, 0, "16395", "31383.95", "0", "391.00", "", "2010-12-05 10:03", "2010-12-05 16:41", 95, By::Counted),
    o("data/online-retail/by-day/2010-12-06.csv", "online-retail", 3878, 0, "21419", "53860.18", "0", "970.28", "", "2010-12-06 08:34", "2010-12-06 17:29", 133, By::Counted),
    o("data/online-retail/by-day/2010-12-07.csv", "online-retail", 2963, 0, "24995", "45059.05", "0", "54559.15", "", "2010-12-07 08:42", "2010-12-07 18:36", 111, By::Counted),
    o("data/online-retail/by-day/2010-12-08.csv", "online-retail", 2647, 0, "22741", "44189.84", "0", "1200.14", "", "2010-12-08 08:12", "2010-12-08 18:09", 148, By::Counted),
    o("data/online-retail/by-day/2010-12-09.csv", "online-retail", 2891, 0, "18431", "52532.13", "0", "1054.05", "", "2010-12-09 08:34", "2010-12-09 20:01", 183, By::Counted),
    o("data/online-retail/by-day/2010-12-10.csv", "online-retail", 2758, 0, "20297", "57404.91", "0", "1778.01", "", "2010-12-10 09:33", "2010-12-10 17:26", 91, By::Counted),
    o("data/online-retail/by-day/2010-12-12.csv", "online-retail", 1451, 0, "10565", "17240.92", "0", "88.15", "", "2010-12-12 10:11", "2010-12-12 16:21", 51, By::Counted),
    o("data/online-retail/by-day/2010-12-13.csv", "online-retail", 2283, 0, "17623", "35379.34", "0", "2627.37", "", "2010-12-13 09:02", "2010-12-13 17:40", 84, By::Counted),
    o("data/online-retail/by-day/2010-12-14.csv", "online-retail", 2087, 0, "20098", "42843.29", "0", "2411.44", "", "2010-12-14 09:26", "2010-12-14 17:22", 144, By::Counted),
    o("data/online-retail/by-day/2010-12-15.csv", "online-retail", 1349, 0, "18229", "29443.69", "0", "1000.93", "", "2010-12-15 09:07", "2010-12-15 17:28", 98, By::Counted),
    o("data/online-retail/by-day/2010-12-16.csv", "online-retail", 1790, 0, "29632", "48334.35", "0", "1018.55", "", "2010-12-16 08:03", "2010-12-16 19:51", 150, By::Counted),
    o("data/online-retail/by-day/2010-12-17.csv", "online-retail", 3115, 0, "16069", "43534.19", "0", "1884.14", "", "2010-12-17 08:20", "2010-12-17 18:07", 72, By::Counted),
    o("data/online-retail/by-day/2010-12-19.csv", "online-retail", 522, 0, "3795", "7517.31", "0", "17.60", "", "2010-12-19 10:21", "2010-12-19 15:59", 25, By::Counted),
    o("data/online-retail/by-day/2010-12-20.csv", "online-retail", 1763, 0, "14965", "24741.75", "0", "2047.38", "", "2010-12-20 08:27", "2010-12-20 17:24", 96, By::Counted),
    o("data/online-retail/by-day/2010-12-21.csv", "online-retail", 1586, 0, "15467", "47097.94", "0", "206.15", "", "2010-12-21 09:34", "2010-12-21 17:16", 66, By::Counted),
    o("data/online-retail/by-day/2010-12-22.csv", "online-retail", 291, 0, "3192", "6134.57", "0", "65.40", "", "2010-12-22 10:29", "2010-12-22 16:23", 22, By::Counted),
    o("data/online-retail/by-day/2010-12-23.csv", "online-retail", 963, 0, "5648", "11796.31", "0", "279.80", "", "2010-12-23 09:55", "2010-12-23 17:41", 38, By::Counted),
    o("data/superstore/superstore.csv", "superstore", 9994, 0, "37873", "2297200.8603", "0", "0", "", "2014-01-03 00:00", "2017-12-30 00:00", 5009, By::Golden),
    o("data/tmall/tmall_order_report.csv", "tmall", 28_010, 0, "0", "2995760.61", "1902487.15", "572335.92", "CNY", "2020-02-01 00:14", "2020-02-29 23:59", 28_010, By::Golden),
    Export { file: "data/tmall/双十一淘宝美妆数据.csv", profile: "generic", what: What::Refused(|problem| matches!(problem, Problem::NotOrdersNorStock)), by: By::Seen },
    // Waits for getOrders of the same order: it tells no time.
    o("samples/amazon_spapi_getOrderItems.json", "amazon-spapi-items", 2, 0, "3", "43.94", "0", "0", "JPY", "", "", 1, By::Counted),
    // Pending: the order has no total yet.
    o("samples/amazon_spapi_getOrders.json", "amazon-spapi-orders", 1, 0, "0", "0", "0", "0", "", "2017-01-21 03:49", "2017-01-21 03:49", 1, By::Counted),
    // By `Qty_1`; `Quantity` says 19,974, five rows of it something else.
    s("samples/generic_wide_location_inventory_sample.csv", "generic", 300, 0, 300, "20952", "0", "0", 5, By::Counted),
    s("samples/odoo_inventory_qty_import_sample.csv", "odoo-inventory", 200, 0, 200, "19627", "0", "0", 18, By::Counted),
    o("samples/shopify_orders_export.csv", "shopify-orders", 6, 0, "6", "7600", "0", "0", "BDT", "2026-04-06 01:06", "2026-04-06 05:48", 5, By::Counted),
    o("samples/shopify_orders_export_10.csv", "shopify-orders", 50, 0, "74", "97100", "0", "0", "BDT", "2026-04-02 00:39", "2026-04-05 16:56", 50, By::Counted),
    o("samples/shopify_orders_export_3.csv", "shopify-orders", 10, 0, "13", "17798", "0", "0", "BDT", "2026-04-06 01:47", "2026-04-06 04:44", 7, By::Counted),
    o("samples/shopify_orders_export_9.csv", "shopify-orders", 55, 0, "56", "92430.04", "0", "0", "BDT", "2026-04-04 17:49", "2026-04-06 07:00", 50, By::Counted),
    s("samples/shopify_rest_inventory_levels.json", "shopify-levels", 4, 0, 4, "0", "40", "0", 2, By::Counted),
    // Names for the levels; see the_files_of_shopify_rest_meet.
    Export { file: "samples/shopify_rest_inventory_items.json", profile: "shopify-inventory-items", what: What::Names(3, 0, &[("39072856", "IPOD2008GREEN"), ("457924702", "IPOD2008BLACK"), ("808950810", "IPOD2008PINK")]), by: By::Seen },
    Export { file: "samples/shopify_rest_locations.json", profile: "shopify-locations", what: What::Names(2, 0, &[("487838322", "Fifth Avenue AppleStore"), ("1034478814", "Berlin Store")]), by: By::Seen },
    s("samples/shopify_rest_variants.json", "shopify-variants", 4, 0, 4, "100", "0", "0", 0, By::Counted),
    o("samples/shopify_rest_order.json", "shopify-rest-orders", 3, 0, "3", "597", "0", "0", "USD", "2008-01-11 00:00", "2008-01-11 00:00", 1, By::Counted),
    // A list without line items: the order as a whole.
    o("samples/shopify_rest_orders.json", "shopify-rest-orders", 1, 0, "0", "598.94", "0", "0", "USD", "2008-01-11 00:00", "2008-01-11 00:00", 1, By::Counted),
    o("samples/transcribed/amazon_all_orders_21col_synthetic.tsv", "amazon-all-orders", 3, 0, "4", "149.90", "0", "0", "EUR", "2026-04-10 17:15", "2026-04-11 22:42", 2, By::Counted),
    o("samples/transcribed/amazon_all_orders_32col_2017.tsv", "amazon-all-orders", 1, 0, "1", "89.95", "0", "0", "EUR", "2017-06-17 16:04", "2017-06-17 16:04", 1, By::Counted),
    s("samples/transcribed/amazon_restock_gb_2026.csv", "amazon-restock", 4, 0, 4, "0", "27", "10", 1, By::Counted),
    o("samples/transcribed/douyin_orders_2026_utf8bom.csv", "douyin", 3, 0, "3", "64.80", "64.80", "28.90", "CNY", "2026-09-22 00:54", "2026-10-02 10:00", 3, By::Counted),
    o("samples/transcribed/douyin_orders_merged_lines_2026.csv", "douyin", 3, 0, "8", "265.90", "215.90", "0", "CNY", "2026-08-01 10:00", "2026-08-01 12:00", 3, By::Counted),
    o("samples/transcribed/jd_orders_2026_subset.csv", "jd", 3, 0, "3", "1208.59", "1166.00", "0", "CNY", "2026-01-28 10:06", "2026-01-31 08:06", 3, By::Counted),
    s("samples/transcribed/shopify_inventory_export_2023.csv", "shopify-inventory", 1, 0, 1, "5", "4", "0", 1, By::Counted),
    s("samples/transcribed/shopify_inventory_export_2024_bom_crlf.csv", "shopify-inventory", 7, 0, 7, "20", "16", "0", 1, By::Counted),
    // Waits for the order list: it tells no time.
    o("samples/transcribed/taobao_ExportOrderDetailList_2017_gbk.csv", "taobao-details", 5, 0, "5", "2065", "0", "0", "CNY", "", "", 5, By::Counted),
    o("samples/transcribed/taobao_ExportOrderList_2017_gbk.csv", "tmall", 5, 0, "5", "1944.37", "1944.37", "0", "CNY", "2017-07-07 18:59", "2017-07-08 00:42", 5, By::Counted),
    o("samples/transcribed/taobao_ItemList_2026_gbk.csv", "taobao-items", 2, 0, "3", "4600", "3800", "0", "CNY", "2026-04-23 14:38", "2026-04-23 14:38", 1, By::Counted),
    o("samples/transcribed/tiktok_shop_orders_id_2026.csv", "tiktok", 1, 0, "1", "189950", "76075", "0", "", "2026-08-03 11:27", "2026-08-03 11:27", 1, By::Counted),
    o("samples/transcribed/tiktok_shop_orders_my_2026_commaheader_tabrow.csv", "tiktok", 1, 0, "1", "130", "118.3", "0", "", "2026-06-25 13:03", "2026-06-25 13:03", 1, By::Counted),
    o("samples/transcribed/wdt_orders_2026_subset.csv", "wangdian", 4, 0, "3", "44.7", "0", "0", "CNY", "2026-09-05 10:00", "2026-09-07 10:00", 4, By::Counted),
    o("samples/transcribed/youzan_orders_2026.csv", "youzan", 2, 0, "0", "300", "300", "0", "CNY", "2026-06-19 10:00", "2026-06-19 11:00", 2, By::Counted),
    o("samples/woocommerce_rest_orders.json", "woocommerce-rest-orders", 4, 0, "5", "47", "47", "19", "USD", "2017-03-21 16:16", "2017-03-22 16:28", 2, By::Counted),
    // The shop manages no stock: every cell of it is empty.
    s("samples/woocommerce_sample_products.csv", "woocommerce-products", 24, 0, 24, "0", "0", "0", 0, By::Counted),
];

fn shared() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if !folder.is_dir() {
        println!("skipped: {} is not here", folder.display());
        return None;
    }
    Some(folder)
}

fn import(name: &str) -> Option<Imported> {
    let bytes = std::fs::read(shared()?.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    if container_of(&bytes).is_some() {
        return Some(only_part(name, bytes));
    }
    let mut import = Import::new(name, bytes.len() as u64, Options::default());
    for _ in 0..12 {
        let step = bytes
            .chunks(1 << 20)
            .map(|chunk| import.push(chunk))
            .find(|step| *step != Step::More);
        if step == Some(Step::Again) {
            continue;
        }
        match import.finish() {
            Finish::Again(next) => import = next,
            Finish::Done(imported) => return Some(imported),
        }
    }
    panic!("{name} is read for ever");
}

/// What came of a workbook of one sheet.
fn only_part(name: &str, bytes: Vec<u8>) -> Imported {
    let options = Options::default();
    let task = ReadTask::new(name.to_owned(), bytes.len() as u64, None, &options);
    let (mut parts, mut intake) = (Vec::new(), Intake::default());
    let mut hand = async |news: ReadNews| match news {
        ReadNews::Block(block) => intake.enter(block),
        ReadNews::Again => intake = Intake::default(),
        ReadNews::Done(part) => parts.push(std::mem::take(&mut intake).finish(part)),
        _ => {}
    };
    {
        let mut reading = pin!(read_container(bytes, &task, options.decoders, &mut hand));
        let polled = reading.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_ready(), "nothing here waits");
    }
    match parts.pop() {
        Some(part) if parts.is_empty() => part,
        _ => panic!("{name} is not of one part"),
    }
}

fn sum(values: impl IntoIterator<Item = i64>) -> Fixed {
    let said = values.into_iter().filter(|value| *value != OrderColumns::NONE);
    Fixed::from_raw(said.sum())
}

fn fixed(text: &str) -> Fixed {
    Fixed::parse(text)
        .unwrap_or_else(|error| panic!("{text}: {error:?}"))
        .0
}

fn time(at: Option<i64>) -> String {
    at.map_or_else(String::new, |at| {
        let local = Zone::default().local(UtcMillis(at));
        local.format("%Y-%m-%d %H:%M").to_string()
    })
}

fn check_orders(export: &Export, expect: &Orders, columns: &OrderColumns) {
    let Export { file, by, .. } = export;
    let got = [
        sum(columns.quantity.iter()),
        sum(columns.amount.iter()),
        sum(columns.paid_amount.iter()),
        sum(columns.refund_amount.iter()),
    ];
    let want = [expect.units, expect.gmv, expect.paid, expect.refund].map(fixed);
    assert_eq!(got, want, "{file}: units, GMV, paid, refunded ({by:?})");
    let times = || columns.created_at.iter().filter(|at| *at != OrderColumns::NONE);
    assert_eq!(
        (time(times().min()), time(times().max())),
        (expect.first.to_owned(), expect.last.to_owned()),
        "{file}: first and last time ({by:?})"
    );
    let orders: BTreeSet<u32> = columns.order.iter().collect();
    assert_eq!(orders.len(), expect.orders, "{file}: orders ({by:?})");
    let said: BTreeSet<u32> = columns.currency.iter().filter(|code| *code != 0).collect();
    let said: Vec<&str> = said
        .into_iter()
        .map(|code| columns.currencies.text(code))
        .collect();
    let want: Vec<&str> = Some(expect.currency)
        .filter(|code| !code.is_empty())
        .into_iter()
        .collect();
    assert_eq!(said, want, "{file}: currency ({by:?})");
}

fn check_stock(export: &Export, expect: &Stock, columns: &StockColumns) {
    let Export { file, by, .. } = export;
    assert_eq!(columns.len(), expect.levels, "{file}: levels ({by:?})");
    let got =
        [&columns.on_hand, &columns.available, &columns.inbound].map(|column| sum(column.iter().copied()));
    let want = [expect.on_hand, expect.available, expect.inbound].map(fixed);
    assert_eq!(got, want, "{file}: on hand, available, inbound ({by:?})");
    let places: BTreeSet<u32> = columns
        .warehouse
        .iter()
        .copied()
        .filter(|code| *code != 0)
        .collect();
    assert_eq!(places.len(), expect.places, "{file}: places ({by:?})");
}

/// Each name and what it is.
fn statements(names: &NameColumns) -> Vec<(&str, &str)> {
    let text = |code: u32| names.texts.text(code);
    let codes = names.name.iter().zip(&names.is);
    codes.map(|(name, is)| (text(*name), text(*is))).collect()
}

#[test]
fn every_export_is_understood() {
    for export in EXPORTS {
        let Some(imported) = import(export.file) else {
            return;
        };
        let (file, report) = (export.file, &imported.report);
        assert_eq!(report.profile, export.profile, "{file}");
        match (&export.what, &imported.rows) {
            (What::Refused(is_it), Rows::None) => {
                assert!(
                    report.failure.as_ref().is_some_and(is_it),
                    "{file}: {:?}",
                    report.failure
                );
            }
            (What::Orders(expect), Rows::Orders(batch)) => {
                assert_eq!(
                    (report.accepted, report.rejected),
                    (expect.accepted, expect.refused),
                    "{file}"
                );
                assert_eq!(
                    (report.kind, &report.failure),
                    (FileKind::Orders, &None),
                    "{file}"
                );
                check_orders(export, expect, batch.columns());
            }
            (What::Stock(expect), Rows::Stock(batch)) => {
                assert_eq!(
                    (report.accepted, report.rejected),
                    (expect.accepted, expect.refused),
                    "{file}"
                );
                assert_eq!((report.kind, &report.failure), (FileKind::Stock, &None), "{file}");
                check_stock(export, expect, batch.columns());
            }
            (What::Names(accepted, refused, expect), Rows::Stock(batch)) => {
                assert_eq!(
                    (report.accepted, report.rejected),
                    (*accepted, *refused),
                    "{file}"
                );
                assert_eq!(
                    (report.kind, &report.failure),
                    (FileKind::Crosswalk, &None),
                    "{file}"
                );
                assert!(batch.columns().is_empty(), "{file}");
                assert_eq!(statements(&batch.names), *expect, "{file} ({:?})", export.by);
            }
            _ => panic!("{file}: {:?} {:?}", report.kind, report.failure),
        }
    }
}

/// So that a file that is put there is put into the table too.
#[test]
fn no_export_is_left_out() {
    let Some(root) = shared() else { return };
    let mut folders = vec![root.join("samples"), root.join("data")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{error}")) {
            let path = entry.unwrap_or_else(|error| panic!("{error}")).path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .strip_prefix(&root)
                .map(|path| path.display().to_string())
                .unwrap_or_default();
            let is_export = !name.ends_with(".md") && !name.contains("golden");
            let is_known = EXPORTS.iter().any(|export| export.file == name);
            assert!(!is_export || is_known, "{name} is in no test");
        }
    }
}

fn orders(name: &str) -> Option<OrderBatch> {
    match import(name)?.rows {
        Rows::Orders(batch) => Some(batch),
        other => panic!("{name}: {other:?}"),
    }
}

/// Lines, units, GMV, paid and refunded of what counts in a table.
fn counts(table: &OrderTable) -> (usize, [Fixed; 4]) {
    let c = table.columns();
    let rows = || (0..c.len()).filter(|row| !table.removed().get(*row));
    let columns = [&c.quantity, &c.amount, &c.paid_amount, &c.refund_amount];
    (
        rows().count(),
        columns.map(|column| sum(rows().map(|row| column.raw(row)))),
    )
}

#[track_caller]
fn check_pair(one: &str, other: &str, lines: usize, expect: [&str; 4]) {
    let (Some(first), Some(second)) = (orders(one), orders(other)) else {
        return;
    };
    for batches in [[&first, &second], [&second, &first]] {
        let mut table = OrderTable::default();
        for batch in batches {
            table.take(batch.clone());
        }
        assert_eq!(counts(&table), (lines, expect.map(fixed)), "{one} and {other}");
        // Once more: nothing is new.
        for batch in batches {
            let merge = table.merge(batch);
            assert_eq!((merge.new, merge.updated), (0, 0), "{one} and {other}");
        }
        assert_eq!(counts(&table), (lines, expect.map(fixed)), "{one} and {other}");
    }
}

/// List value 2,065.00 is of the items, what was paid, 1,944.37, of the orders: five of each.
#[test]
fn the_order_list_and_the_item_list_of_taobao_meet() {
    check_pair(
        "samples/transcribed/taobao_ExportOrderList_2017_gbk.csv",
        "samples/transcribed/taobao_ExportOrderDetailList_2017_gbk.csv",
        5,
        ["5", "2065", "1944.37", "0"],
    );
}

/// The order is 597.00 by its lines; the list of orders says 598.94 with tax and freight.
#[test]
fn a_list_without_lines_and_its_order_meet() {
    check_pair(
        "samples/shopify_rest_orders.json",
        "samples/shopify_rest_order.json",
        3,
        ["3", "597", "0", "0"],
    );
}

fn levels(name: &str) -> Option<stockpit::model::StockBatch> {
    match import(name)?.rows {
        Rows::Stock(batch) => Some(batch),
        other => panic!("{name}: {other:?}"),
    }
}

/// Place, levels and stock, and the SKUs with most of it: `data/inventory/golden.json`, by Python's decimal.
const TWELVE_PLACES: [(&str, usize, &str); 12] = [
    ("Delhi Warehouse", 1779, "19781.55"),
    ("Harsharan", 35, "56"),
    ("Jaypore", 702, "209"),
    ("Okhai", 701, "748"),
    ("Rs Online", 701, "1022"),
    ("Projecteve", 702, "321"),
    ("Blessdbuy", 702, "359"),
    ("Gocoop", 702, "348"),
    ("Ogaan", 702, "157"),
    ("Ajio", 701, "0"),
    ("The loom", 701, "0"),
    ("Avishya", 343, "15"),
];
const MOST_STOCKED: [(&str, &str); 10] = [
    ("2/52 Assorted Fabric Old", "650"),
    ("Dabu Slub Print-2", "558"),
    ("Slub Ambar Natural", "527"),
    ("Dabu Slub Print-3", "515"),
    ("Dabu Slub Print -1", "446"),
    ("Plain 44\" Mangalgiri Rust", "371"),
    ("ASSORTED CUSHION COVER", "354"),
    ("Plain Black Fabric RS2/52", "336"),
    ("Sg F Silk Muga Plain", "304"),
    ("IKEA/8/18/HOME/28X26HAND TOWEL /12/ENG WEAVED/NV", "280"),
];

#[test]
fn the_twelve_places_of_one_workbook() {
    let Some(batch) = levels("data/inventory/rs_inventory_list_2.xlsx") else {
        return;
    };
    let c = batch.columns();
    assert_eq!(c.skus.len() - 1, 1779, "each row is a SKU of its own");
    for (place, count, expect) in TWELVE_PLACES {
        let code = c.warehouses.code(place).unwrap_or_else(|| panic!("{place}"));
        let rows: Vec<usize> = (0..c.len()).filter(|row| c.warehouse[*row] == code).collect();
        assert_eq!(rows.len(), count, "{place}");
        assert_eq!(
            sum(rows.iter().map(|row| c.on_hand[*row])),
            fixed(expect),
            "{place}"
        );
    }
    let mut by_sku = vec![Fixed::ZERO; c.skus.len()];
    for row in 0..c.len() {
        let held = &mut by_sku[c.sku[row] as usize];
        *held = held.saturating_add(Fixed::from_raw(c.on_hand[row]));
    }
    let mut most: Vec<(Fixed, &str)> = by_sku.into_iter().zip(c.skus.texts()).collect();
    most.sort_by_key(|(units, _)| std::cmp::Reverse(*units));
    let most: Vec<(&str, Fixed)> = most
        .into_iter()
        .take(10)
        .map(|(units, sku)| (sku, units))
        .collect();
    assert_eq!(most, MOST_STOCKED.map(|(sku, units)| (sku, fixed(units))));
}

/// Levels have 40 units of two goods in two places, by ids; of the items' three names two are of these, of the
/// locations' two one. Variants say 100 in all, 10 of PINK and 30 of GREEN, which the levels tell by place.
#[test]
fn the_files_of_shopify_rest_meet() {
    let files = ["inventory_levels", "inventory_items", "locations", "variants"];
    let batches = files.map(|file| levels(&format!("samples/shopify_rest_{file}.json")));
    let [Some(stock), Some(items), Some(places), Some(variants)] = &batches else {
        return;
    };
    let shown = |batches: &[&stockpit::model::StockBatch]| {
        let mut table = StockTable::default();
        batches.iter().for_each(|batch| {
            table.merge(batch);
        });
        let goods = Goods::new(&table);
        let c = goods.stock(&table);
        let mut rows: Vec<String> = (0..c.len())
            .map(|row| {
                let units = c.sellable(row).unwrap_or_default();
                format!(
                    "{}@{} {units}",
                    c.skus.text(c.sku[row]),
                    c.warehouses.text(c.warehouse[row])
                )
            })
            .collect();
        rows.sort();
        rows
    };
    let by_ids = [
        "39072856@487838322 27",
        "39072856@905684977 3",
        "808950810@487838322 9",
        "808950810@905684977 1",
    ];
    let named = [
        "IPOD2008GREEN@905684977 3",
        "IPOD2008GREEN@Fifth Avenue AppleStore 27",
        "IPOD2008PINK@905684977 1",
        "IPOD2008PINK@Fifth Avenue AppleStore 9",
    ];
    let totals = [
        "IPOD2008BLACK@ 40",
        "IPOD2008GREEN@ 30",
        "IPOD2008PINK@ 10",
        "IPOD2008RED@ 20",
    ];
    assert_eq!(shown(&[stock]), by_ids);
    assert_eq!(shown(&[stock, variants]), totals, "whose the ids are nobody says");
    for [first, second, third] in [
        [stock, items, places],
        [places, items, stock],
        [items, stock, places],
    ] {
        assert_eq!(shown(&[first, second, third]), named);
    }
    let mut all = vec![totals[0], totals[3]];
    all.extend(named);
    all.sort_unstable();
    assert_eq!(shown(&[variants, stock, items, places]), all);
    assert_eq!(shown(&[places, stock, items, variants]), all);
}
