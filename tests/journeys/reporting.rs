//! The import report: what became of each column and row, and what was never added up.

use crate::browser::Browser;
use crate::site::{Site, TempFolder};
use crate::wrong_files::orders;
use crate::{dist, within};
use serde_json::json;
use std::fs;
use std::path::Path;

/// A Chinese export as its spreadsheet saves it, but for three rows: a day that does not exist, a formula for a
/// quantity, no order number. The second row goes over two lines; the third wants to be more than text.
const EXPORT: &str = "订单编号;订单创建时间;订单状态;商家编码;购买数量;总金额;宝贝标题;收货人姓名;联系手机\r\n\
    T-1;2026-05-01 09:00:00;交易成功;SKU-A;2;30.10;\"两行\n标题\";张三;13800000000\r\n\
    T-2;2026-05-02 09:00:00;交易成功;<b>SKU</b>;1;12.00;<img src=x onerror=alert(1)>;李四;13900000000\r\n\
    T-3;2026-13-45 09:00:00;交易成功;SKU-A;1;1.00;坏;王五;13700000000\r\n\
    T-4;2026-05-03 09:00:00;交易成功;SKU-A;=cmd|' /C calc'!A0;1.00;坏;赵六;13600000000\r\n\
    ;2026-05-03 09:00:00;交易成功;SKU-A;1;1.00;坏;孙七;13500000000\r\n";

#[tokio::test]
async fn each_column_and_row_is_accounted_for() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let (bytes, _, _) = encoding_rs::GB18030.encode(EXPORT);
        browser.choose(&[folder.write("五月<i>.csv", &bytes)]).await;
        let card = browser.imported(1, 30).await.remove(0);
        assert_eq!(
            (card.state.as_str(), card.counts()),
            ("partial", ["2", "0", "3"]),
            "{card:?}"
        );
        assert!(
            card.text.contains("GB18030") && card.text.contains("CSV ;"),
            "{}",
            card.text
        );

        let fields = browser.js(
            "return Object.fromEntries([...document.querySelectorAll('[data-column][data-field]')]
               .map(c => [c.dataset.column, c.dataset.field]))",
        );
        let fields = fields.await;
        for (column, field) in [
            ("订单编号", "order_id"),
            ("订单创建时间", "created_at"),
            ("购买数量", "quantity"),
            ("总金额", "amount"),
            ("收货人姓名", "personal"),
            ("联系手机", "personal"),
        ] {
            assert_eq!(fields[column], field, "{column} of {fields}");
        }
        let page = browser.text("return document.body.innerText").await;
        for secret in ["张三", "13800000000", "李四"] {
            assert!(!page.contains(secret), "the report shows {secret}");
        }
        let refused = download_refused(&browser, folder.path()).await;
        let rows: Vec<&str> = refused.trim_start_matches('\u{feff}').lines().collect();
        for (line, column, value) in [
            ("5", "订单创建时间", "2026-13-45"),
            ("6", "购买数量", "'=cmd|' /C calc'!A0"),
            ("7", "订单编号", ""),
        ] {
            let start = format!("{line},{column},{value}");
            assert!(
                rows.iter().any(|row| row.starts_with(&start)),
                "{start} is not in {rows:#?}"
            );
        }

        browser.enter().await;
        let expect = [
            ("orders_created", "2"),
            ("units_created", "3"),
            ("gmv", "42.1"),
            ("active_skus", "2"),
        ];
        browser
            .metrics_become(&expect.map(|(id, value)| (id, value.to_owned())))
            .await;
        let injected = "return document.querySelectorAll('b, i:not([class]), img').length";
        assert_eq!(browser.js(injected).await, 0, "what a file says became markup");
        browser.no_errors().await;
    })
    .await;
}

/// Clicks the download and yields what arrives on the disk.
async fn download_refused(browser: &Browser, folder: &Path) -> String {
    let folder = folder.join("downloads");
    fs::create_dir(&folder).expect("a temporary folder can be made");
    let behaviour = json!({ "behavior": "allow", "downloadPath": folder.display().to_string() });
    browser.cdp("Browser.setDownloadBehavior", behaviour).await;
    browser.click("[data-role=download-refused]").await;
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let files = fs::read_dir(&folder).expect("a temporary folder can be listed");
        let files = files.filter_map(|entry| entry.ok().map(|entry| entry.path()));
        let whole = |path: &std::path::PathBuf| path.extension().is_some_and(|ending| ending == "csv");
        if let Some(text) = files.filter(whole).find_map(|path| fs::read_to_string(path).ok()) {
            return text;
        }
    }
    panic!("no download arrived");
}

#[tokio::test]
async fn currencies_are_never_added() {
    let Some(dist) = dist() else { return };
    within(60, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let mixed = "order id,order date,sku,quantity,amount,currency\n\
            M-1,2026-01-05,A,1,10.00,EUR\nM-2,2026-01-06,A,1,20.50,EUR\nM-3,2026-01-06,B,1,100.25,USD\n";
        browser.enter_with(&[folder.write("mixed.csv", mixed)], 30).await;
        browser
            .metrics_become(&[("orders_created", "3".to_owned())])
            .await;
        let gmv = |metrics: Vec<String>| {
            metrics
                .into_iter()
                .filter(|m| m.starts_with("gmv "))
                .collect::<Vec<_>>()
        };
        assert_eq!(gmv(browser.metrics().await), ["gmv EUR 30.50", "gmv USD 100.25"]);
        // The charts show one of them: the one clicked.
        browser.click("[data-metric=gmv][data-currency=USD]").await;
        browser
            .until(
                "the charts change their currency",
                5,
                "return location.search.includes('cur=USD')",
            )
            .await;
        browser.metrics_become(&[("gmv", "100.25".to_owned())]).await;
        browser.no_errors().await;
    })
    .await;
}

#[tokio::test]
async fn a_drop_can_be_cancelled() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser
            .enter_with(&[folder.write("first.csv", orders(300))], 30)
            .await;

        let lines = orders(300_000);
        let files = ["B-", "C-", "D-", "E-", "F-"]
            .map(|id| folder.write(&format!("{id}.csv"), lines.replace("A-", id)));
        browser.choose(&files).await;
        browser.click("[data-role=cancel]").await;
        let cards = browser.imported(6, 60).await;
        let last = cards
            .iter()
            .find(|card| card.name == "F-.csv")
            .expect("a card for each file");
        assert_eq!(
            (last.state.as_str(), last.counts()),
            ("cancelled", ["0", "0", "0"]),
            "{last:?}"
        );
        assert!(!last.outcome.trim().is_empty(), "a cancelled file says nothing");

        // Only whole files are in, and the next drop is read as ever.
        let kept: u64 = cards
            .iter()
            .filter_map(|card| card.accepted.parse::<u64>().ok())
            .sum();
        assert_eq!(kept % 300_000, 300, "{cards:?}");
        browser
            .choose(&[folder.write("next.csv", orders(50).replace("A-", "N-"))])
            .await;
        browser.imported(7, 30).await;
        browser.enter().await;
        browser
            .metrics_become(&[("orders_created", (kept + 50).to_string())])
            .await;
        browser.no_errors().await;
    })
    .await;
}
