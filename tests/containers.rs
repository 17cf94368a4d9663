//! Workbooks, archives and pages at their full size, broken, and as they really are.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where it is wrong"
)]

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};
use std::alloc::System;
use std::future::Future;
use std::io::{Cursor, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use stockpit::ingest::{Imported, Intake, Options, ReadNews, ReadTask, Rows, container_of, read_container};
use stockpit::money::Fixed;
use stockpit::protocol::Problem;

/// More than any part of these tests needs.
#[global_allocator]
static MEMORY: cap::Cap<System> = cap::Cap::new(System, 2 << 30);

/// What came of a file, and how many times progress was told.
struct Parts {
    parts: Vec<Imported>,
    progress: u32,
    /// Most bytes that were held while it was read, beside the blocks handed over.
    held: usize,
}

/// Reads all parts of a container; `keep`: the rows too.
fn read(name: &str, bytes: Vec<u8>, keep: bool) -> Parts {
    let options = Options {
        salt: 7,
        ..Options::default()
    };
    let task = ReadTask::new(name.to_owned(), bytes.len() as u64, None, &options);
    let before = MEMORY.allocated();
    let mut read = Parts {
        parts: Vec::new(),
        progress: 0,
        held: 0,
    };
    let mut intake = Intake::default();
    let mut hand = async |news: ReadNews| {
        read.held = read.held.max(MEMORY.allocated().saturating_sub(before));
        match news {
            ReadNews::Block(block) if keep => intake.enter(block),
            ReadNews::Block(_) => {}
            ReadNews::Again => intake = Intake::default(),
            ReadNews::Done(part) => read.parts.push(std::mem::take(&mut intake).finish(part)),
            ReadNews::Progress { .. } => read.progress += 1,
            other => panic!("{other:?}"),
        }
    };
    {
        let mut reading = pin!(read_container(bytes, &task, options.decoders, &mut hand));
        match reading.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(()) => {}
            Poll::Pending => panic!("nothing here waits"),
        }
    }
    read
}

/// A workbook of order lines.
fn workbook(rows: u32) -> Vec<u8> {
    let mut book = Workbook::new();
    // The same bytes in each run.
    let made = ExcelDateTime::from_ymd(2026, 3, 1).unwrap();
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let sheet = book.add_worksheet();
    for (at, name) in (0..).zip([
        "order id",
        "order date",
        "status",
        "sku",
        "title",
        "quantity",
        "amount",
        "currency",
        "sales channel",
        "province",
        "warehouse",
        "note",
    ]) {
        sheet.write(0, at, name).unwrap();
    }
    let first = ExcelDateTime::parse_from_str("2026-03-01T00:00:00")
        .unwrap()
        .to_excel();
    for row in 0..rows {
        let line = row + 1;
        sheet.write(line, 0, format!("A-{row:07}")).unwrap();
        sheet
            .write_with_format(line, 1, first + f64::from(row % 28_000) / 1000.0, &time)
            .unwrap();
        sheet
            .write(line, 2, if row % 5 == 0 { "cancelled" } else { "completed" })
            .unwrap();
        sheet.write(line, 3, format!("SKU-{}", row % 500)).unwrap();
        sheet
            .write(line, 4, format!("Some goods of the kind {}", row % 500))
            .unwrap();
        sheet.write(line, 5, row % 3 + 1).unwrap();
        sheet.write(line, 6, f64::from(row % 100) + 0.99).unwrap();
        sheet.write(line, 7, "EUR").unwrap();
        sheet
            .write(line, 8, ["Shop", "Market", "Fair"][(row % 3) as usize])
            .unwrap();
        sheet.write(line, 9, "Zhejiang").unwrap();
        sheet.write(line, 10, "East").unwrap();
        sheet.write(line, 11, row).unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_of_100_000_rows_is_read_row_by_row() {
    const ROWS: u32 = 100_000;
    let bytes = workbook(ROWS);
    let size = bytes.len();
    let began = Instant::now();
    let read = read("large.xlsx", bytes, false);
    let took = began.elapsed();
    let report = &read.parts[0].report;
    println!(
        "{size} bytes, {took:?}, {} MB held, {} times progress",
        read.held >> 20,
        read.progress
    );
    assert_eq!(
        (report.rows, report.rejected, report.failure.clone()),
        (ROWS.into(), 0, None)
    );
    assert!(read.progress >= 40, "{}", read.progress);
    // The file, its words, a few blocks: never its cells.
    assert!(read.held < size + (48 << 20), "{} MB", read.held >> 20);
}

/// Bytes by chance, the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

#[test]
fn broken_files_give_reports() {
    let page = format!(
        "<html><table><tr><th>order id</th><th>order date</th><th>status</th><th>sku</th><th>quantity</th><th>amount</th></tr>{}</table>",
        (0..40).map(|at| format!("<tr><td>A-{at}</td><td colspan=1>2026-03-01</td><td rowspan='1'>completed</td><td>S&amp;{at}</td><td>1</td><td>2.5</td></tr>\n")).collect::<String>()
    );
    let csv = "order id,order date,status,sku,quantity,amount\nA-1,2026-03-01,completed,S,1,2\n".repeat(20);
    let inner = archive(&[("c.csv", csv.as_bytes())]);
    let seeds: [(&str, Vec<u8>); 4] = [
        ("x.xlsx", workbook(40)),
        ("x.xls", include_bytes!("fixtures/workbooks/orders.xls").to_vec()),
        (
            "x.zip",
            archive(&[
                ("a.csv", csv.as_bytes()),
                ("b.zip", &inner),
                ("c.html", page.as_bytes()),
            ]),
        ),
        ("x.html", page.into_bytes()),
    ];
    let mut chance = Chance(2026);
    std::panic::set_hook(Box::new(|_| {}));
    for (name, seed) in &seeds {
        let (mut panics, mut read_whole, mut slowest) = (0, 0, Duration::ZERO);
        for round in 0..300 {
            let mut bytes = seed.clone();
            if round % 3 == 0 {
                bytes.truncate(chance.below(bytes.len()));
            } else {
                for _ in 0..=chance.below(6) {
                    let at = chance.below(bytes.len());
                    bytes[at] ^= 1 << chance.below(8);
                }
            }
            if container_of(&bytes).is_none() {
                continue;
            }
            let began = Instant::now();
            match catch_unwind(AssertUnwindSafe(|| read(name, bytes, true))) {
                Ok(read) => {
                    assert!(!read.parts.is_empty(), "{name}, round {round}: no report");
                    for part in &read.parts {
                        let report = &part.report;
                        assert!(
                            report.failure.is_some() || report.rows > 0,
                            "{name}, round {round}: {report:?}"
                        );
                    }
                    read_whole += u32::from(read.parts.iter().all(|part| part.report.failure.is_none()));
                }
                Err(_) => panics += 1,
            }
            slowest = slowest.max(began.elapsed());
        }
        println!("{name}: {read_whole} read, {panics} panics, {slowest:?} at most");
        assert!(slowest < Duration::from_secs(10), "{name}: {slowest:?}");
        // A panic of calamine's would end the worker that reads, which is told as `Problem::ReaderEnded`
        // (tests/journeys/containers.rs), and nothing else; none is known.
        assert!(panics == 0, "{name}: {panics}");
    }
}

fn shared(name: &str) -> Option<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !folder.is_dir() {
        println!("skipped: {} is not here", folder.display());
        return None;
    }
    Some(std::fs::read(folder.join(name)).unwrap())
}

#[test]
fn a_stock_report_says_the_same_as_its_csv() {
    let Some(bytes) = shared("amazon-india/Sale Report.xlsx") else {
        return;
    };
    let read = read("Sale Report.xlsx", bytes, true);
    let [part] = read.parts.as_slice() else {
        panic!("one sheet")
    };
    let report = &part.report;
    // As tests/ingest_goldens.rs says of the CSV, from golden.sale_report.json.
    assert_eq!((report.rows, report.rejected), (9271, 98), "{report:?}");
    let groups: Vec<(u64, &Problem)> = report
        .refusals
        .iter()
        .map(|group| (group.rows, &group.problem))
        .collect();
    assert_eq!(
        groups,
        [(83, &Problem::Missing), (15, &Problem::SpreadsheetError)]
    );
    let Rows::Stock(batch) = &part.rows else {
        panic!("stock")
    };
    let sum = batch.columns().on_hand.iter().sum();
    assert_eq!(Fixed::from_raw(sum), Fixed::from_units(242_369));
    assert_eq!(batch.columns().len(), 9169);
}

#[test]
fn an_inventory_of_twelve_places_is_one_table() {
    let Some(bytes) = shared("inventory/rs_inventory_list_2.xlsx") else {
        return;
    };
    let read = read("rs_inventory_list_2.xlsx", bytes, true);
    let [part] = read.parts.as_slice() else {
        panic!("one sheet")
    };
    // By openpyxl: 13 columns, 1,779 rows below the header.
    let report = &part.report;
    println!("{} {} rows, {:?}", report.state.id(), report.rows, report.failure);
    let headers: Vec<&str> = report
        .columns
        .iter()
        .map(|column| column.header.as_str())
        .collect();
    assert_eq!((headers.len(), headers[0], headers[12]), (13, "SKU", "Avishya"));
    assert!(report.rows > 0, "{report:?}");
}
