//! Workbooks and archives: each part gets a report of its own, and one that ends the reader ends nothing else.

use crate::browser::Browser;
use crate::cockpit::Card;
use crate::site::{Site, TempFolder};
use crate::wrong_files::orders;
use crate::{dist, within};
use rust_xlsxwriter::Workbook;
use std::io::{Cursor, Write};
use std::time::Instant;

/// Longest task of the page's own thread while a workbook is read, in milliseconds: DESIGN §4.
const LONGEST_TASK: f64 = 50.0;

/// The lines of a CSV as a sheet; what is a number is written as one.
fn sheet(book: &mut Workbook, name: &str, csv: &str) {
    let sheet = book.add_worksheet().set_name(name).expect("a name of a sheet");
    for (row, line) in (0..).zip(csv.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write(row, column, number),
                Err(_) => sheet.write(row, column, cell),
            }
            .expect("a cell of the sheet");
        }
    }
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("an entry");
        zip.write_all(content).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

#[tokio::test]
async fn each_part_has_its_report_and_a_broken_one_ends_nothing_else() {
    let Some(dist) = dist() else { return };
    within(120, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let mut book = Workbook::new();
        sheet(&mut book, "订单报表", &orders(120));
        sheet(
            &mut book,
            "库存",
            "sku,warehouse,on hand\nSKU-0,East,5\nSKU-1,East,0\nSKU-2,West,7\n",
        );
        let book = book.save_to_buffer().expect("memory");
        let inner = archive(&[("c.csv", orders(30).replace("A-", "C-").as_bytes())]);
        let zip = archive(&[
            ("订单/b.csv", orders(40).replace("A-", "B-").as_bytes()),
            ("inner.zip", &inner),
            ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ]);
        let mut locked = archive(&[("a.csv", orders(3).as_bytes())]);
        for at in 0..locked.len() - 8 {
            // Bit 0 of the flags, where the entry begins and in the list of contents.
            match &locked[at..at + 4] {
                b"PK\x03\x04" => locked[at + 6] |= 1,
                b"PK\x01\x02" => locked[at + 8] |= 1,
                _ => {}
            }
        }
        // Its list of sheets names a place far beyond its end, which its parser takes at its word.
        let mut broken = include_bytes!("../fixtures/workbooks/orders.xls").to_vec();
        broken[1505] ^= 4;
        let files = [
            folder.write("export.xlsx", &book),
            folder.write("export.zip", &zip),
            folder.write("locked.zip", &locked),
            folder.write("cut.xlsx", &book[..book.len() / 2]),
            folder.write("broken.xls", &broken),
            folder.write("after.csv", orders(10).replace("A-", "D-")),
        ];

        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser.choose(&files).await;
        let cards = browser.imported(9, 60).await;
        for card in &cards {
            println!(
                "{}: {} {} · {}",
                card.name, card.state, card.accepted, card.outcome
            );
        }
        let said: Vec<(&str, &str, &str)> = cards.iter().map(summary).collect();
        assert_eq!(
            said,
            [
                ("export.xlsx › 订单报表", "done", "120"),
                ("export.xlsx › 库存", "done", "3"),
                ("export.zip › 订单/b.csv", "done", "40"),
                ("export.zip › inner.zip › c.csv", "done", "30"),
                ("export.zip › picture.png", "failed", "0"),
                ("locked.zip", "failed", "0"),
                ("cut.xlsx", "failed", "0"),
                ("broken.xls", "failed", "0"),
                ("after.csv", "done", "10"),
            ]
        );
        for (at, words) in [(5, "with a password"), (6, "damaged"), (7, "the reader stopped")] {
            assert!(cards[at].outcome.contains(words), "{:?}", cards[at]);
        }
        browser.enter().await;
        let expect = [
            ("orders_created", "200".to_owned()),
            ("stock_on_hand", "12".to_owned()),
        ];
        browser.metrics_become(&expect).await;
        // The reader says why it ends in the console, and only there.
        let others: Vec<String> = browser.errors().await;
        let others: Vec<&String> = others
            .iter()
            .filter(|error| !error.contains("panicked at"))
            .collect();
        assert!(others.is_empty(), "{others:?}");
    })
    .await;
}

fn summary(card: &Card) -> (&str, &str, &str) {
    (&card.name, &card.state, &card.accepted)
}

#[tokio::test]
async fn a_workbook_of_100_000_rows_shows_how_far_it_is() {
    let Some(dist) = dist() else { return };
    const ROWS: usize = 100_000;
    let mut book = Workbook::new();
    sheet(&mut book, "orders", &orders(ROWS));
    let book = book.save_to_buffer().expect("memory");
    within(180, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let file = folder.write("large.xlsx", &book);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let watch = "window.rows = new Set(); const look = () => {
               const said = document.querySelector('[data-role=import-file] [data-role=speed]');
               if (said) window.rows.add(said.innerText.split(' ')[0]);
               requestAnimationFrame(look) }; look(); return performance.now()";
        let from = browser.js(watch).await.as_f64().unwrap_or(0.0);
        let began = Instant::now();
        browser.choose(&[file]).await;
        let cards = browser.imported(1, 120).await;
        println!(
            "{} bytes, {:?} until the page said done",
            book.len(),
            began.elapsed()
        );
        assert_eq!(summary(&cards[0]), ("large.xlsx", "done", "100000"));
        let said = browser.js("return window.rows.size").await.as_u64().unwrap_or(0);
        assert!(said >= 5, "progress was told {said} times");
        let tasks = browser.js("return window.seen.tasks").await;
        let tasks: Vec<(f64, f64)> = serde_json::from_value(tasks).expect("times");
        let after: Vec<&(f64, f64)> = tasks.iter().filter(|(start, _)| *start > from).collect();
        println!("progress told {said} times, long tasks of the page: {after:?}");
        assert!(after.iter().all(|(_, took)| *took <= LONGEST_TASK), "{after:?}");
        browser.enter().await;
        browser
            .metrics_become(&[("orders_created", ROWS.to_string())])
            .await;
        browser.no_errors().await;
    })
    .await;
}
