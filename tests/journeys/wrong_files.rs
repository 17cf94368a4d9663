//! Wrong things in a drop: each gets a clear message, the rest loads, and the page still answers.

use crate::browser::Browser;
use crate::site::{Site, TempFolder};
use crate::{dist, within};
use std::fmt::Write;
use std::fs;

/// Longest time from the end of the file before to the end of a wrong one, in milliseconds.
const SOON: f64 = 2_000.0;

/// A small shop's order lines: three channels, ten SKUs, `rows` lines of one order each.
pub fn orders(rows: usize) -> String {
    let mut csv = "order id,order date,status,sku,quantity,amount,currency,sales channel\n".to_owned();
    for row in 0..rows {
        let (day, hour, sku, channel) = (
            row % 28 + 1,
            row % 24,
            row % 10,
            ["Shop", "Market", "Fair"][row % 3],
        );
        let status = if row % 5 == 0 { "cancelled" } else { "completed" };
        writeln!(
            csv,
            "A-{row:07},2026-03-{day:02} {hour:02}:30:00,{status},SKU-{sku},2,19.99,EUR,{channel}"
        )
        .unwrap();
    }
    csv
}

#[tokio::test]
async fn each_wrong_file_says_why_and_the_good_one_loads() {
    let Some(dist) = dist() else { return };
    within(120, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let good = orders(300);
        let header = good.lines().next().unwrap_or_default();
        let cut = &good[..good.len() / 2 - 7];
        let wide = |value: &str| {
            (0..100_000)
                .map(|at| format!("{value}{at}"))
                .collect::<Vec<_>>()
                .join(",")
        };
        let png = [
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x02\0\x08\x06\0\0\0".as_slice(),
            &noise(60_000),
        ]
        .concat();
        // Name, content, and the states it may end in.
        let wrong: [(&str, Vec<u8>, &[&str]); 8] = [
            ("picture.png", png, &["failed"]),
            ("picture.csv", noise(60_000), &["failed"]),
            ("empty.csv", Vec::new(), &["failed"]),
            ("header.csv", format!("{header}\n").into_bytes(), &["failed"]),
            (
                "unknown.csv",
                b"alpha,beta,gamma\n1,2,3\n4,5,6\n".to_vec(),
                &["needs-mapping", "failed"],
            ),
            (
                "truncated.csv",
                cut.replace("A-", "T-").into_bytes(),
                &["partial", "failed"],
            ),
            (
                "wide.csv",
                format!("{}\n{}\n", wide("column "), wide("")).into_bytes(),
                &["failed"],
            ),
            ("line.csv", vec![b'a'; 50 << 20], &["failed"]),
        ];
        let mut paths: Vec<_> = wrong
            .iter()
            .map(|(name, content, _)| folder.write(name, content))
            .collect();
        paths.push(folder.write("good.csv", &good));

        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser.choose(&paths).await;
        let cards = browser.imported(paths.len(), 60).await;
        let of = |name: &str| {
            cards
                .iter()
                .find(|card| card.name == name)
                .expect("a card for each file")
        };
        for (name, _, states) in &wrong {
            let card = of(name);
            println!("{name}: {} · {}", card.state, card.outcome);
            assert!(states.contains(&card.state.as_str()), "{card:?}");
            assert!(!card.outcome.trim().is_empty(), "{name} says nothing");
        }
        each_ended_soon(&browser).await;
        assert_eq!(
            of("truncated.csv").rejected,
            "1",
            "only the row that is cut off is refused"
        );
        assert_eq!(
            (of("good.csv").state.as_str(), of("good.csv").counts()),
            ("done", ["300", "0", "0"])
        );

        browser.enter().await;
        let kept: u64 = of("truncated.csv").accepted.parse().unwrap_or_default();
        browser
            .metrics_become(&[("orders_created", (300 + kept).to_string())])
            .await;
        still_answers(&browser).await;
        browser.no_errors().await;
    })
    .await;
}

#[tokio::test]
async fn files_that_go_away_while_read() {
    let Some(dist) = dist() else { return };
    within(120, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser
            .enter_with(&[folder.write("first.csv", orders(300))], 30)
            .await;
        let before = browser.metrics().await;

        // While the large file is read, its end and the whole file after it go away.
        let lines = orders(600_000).replace("A-", "B-");
        let large = folder.write("large.csv", &lines);
        let gone = folder.write("gone.csv", orders(50).replace("A-", "C-"));
        browser.choose(&[large.clone(), gone.clone()]).await;
        fs::remove_file(&gone).expect("a temporary file can be removed");
        fs::write(&large, "order id\n").expect("a temporary file can be cut");
        fs::remove_file(&large).expect("a temporary file can be removed");
        let cards = browser.imported(3, 60).await;
        let of = |name: &str| {
            cards
                .iter()
                .find(|card| card.name == name)
                .expect("a card for each file")
        };
        for card in [of("large.csv"), of("gone.csv")] {
            println!("{}: {} · {}", card.name, card.state, card.outcome);
            assert!(!card.outcome.trim().is_empty(), "{} says nothing", card.name);
        }
        assert_eq!(of("gone.csv").state, "failed", "{:?}", of("gone.csv"));
        assert!(
            ["failed", "done"].contains(&of("large.csv").state.as_str()),
            "{:?}",
            of("large.csv")
        );

        // What was loaded stays, whole files only.
        browser.enter().await;
        if of("large.csv").state == "failed" {
            assert_eq!(browser.metrics().await, before);
        }
        still_answers(&browser).await;
        browser.no_errors().await;
    })
    .await;
}

/// A click filters, Escape takes it back.
async fn still_answers(browser: &Browser) {
    let all = browser.metric("orders_created").await;
    browser.click("[data-dim=status][data-key=cancelled]").await;
    let script = |same: bool| {
        let sign = if same { "===" } else { "!==" };
        format!("return document.querySelector('[data-metric=orders_created]').dataset.value {sign} '{all}'")
    };
    browser
        .until("the filter changes a number", 5, &script(false))
        .await;
    browser.press("Escape", 27).await;
    browser.until("Escape brings it back", 5, &script(true)).await;
}

/// Files are read one after the other: each ends soon after the one before.
async fn each_ended_soon(browser: &Browser) {
    let ends = browser.js("return Object.entries(window.seen.ends)").await;
    let mut ends: Vec<(String, f64)> = serde_json::from_value(ends).expect("names and times");
    ends.sort_by(|one, other| one.1.total_cmp(&other.1));
    for pair in ends.windows(2) {
        let took = pair[1].1 - pair[0].1;
        println!("{} ended {took:.0} ms after the file before", pair[1].0);
        assert!(took <= SOON, "{} took {took:.0} ms", pair[1].0);
    }
}

/// Bytes that are no text, the same in each run.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    std::iter::repeat_with(next).take(length).collect()
}
