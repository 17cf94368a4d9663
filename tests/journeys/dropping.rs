//! Files from the disk, dropped on the page as the browser itself does it.

use crate::browser::Browser;
use crate::site::{Site, TempFolder};
use crate::wrong_files::orders;
use crate::{dist, within};
use serde_json::json;
use std::path::PathBuf;

#[tokio::test]
async fn files_can_be_dropped_anywhere() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let files = [
            folder.write("march.csv", orders(120)),
            folder.write(
                "stock.csv",
                "sku,warehouse,on hand\nSKU-0,East,5\nSKU-1,East,0\nSKU-2,West,7\n",
            ),
        ];

        let veil = |shown: bool| format!("return !!document.querySelector('[data-role=drop]') === {shown}");
        drag(&browser, "dragEnter", &files).await;
        browser
            .until("the page shows that it takes files", 5, &veil(true))
            .await;
        drag_to(&browser, "dragOver", -10, &files).await;
        browser
            .until("the page shows that they left", 5, &veil(false))
            .await;

        drag(&browser, "dragEnter", &files).await;
        drag(&browser, "dragOver", &files).await;
        browser
            .until("the page shows that it takes files", 5, &veil(true))
            .await;
        drag(&browser, "drop", &files).await;
        let cards = browser.imported(2, 30).await;
        browser.until("the veil goes", 5, &veil(false)).await;
        for card in &cards {
            assert_eq!(card.state, "done", "{card:?}");
        }
        browser.enter().await;
        let expect = [
            ("orders_created", "120".to_owned()),
            ("stock_on_hand", "12".to_owned()),
            ("gmv", "2398.8".to_owned()),
        ];
        browser.metrics_become(&expect).await;
        let demo = browser
            .js("return !!document.querySelector('[data-role=demo]')")
            .await;
        assert_eq!(demo, json!(false), "the first real file replaces the demo");
        browser.no_errors().await;
    })
    .await;
}

/// Over the middle of the cockpit, not over a place made for it.
async fn drag(browser: &Browser, kind: &str, files: &[PathBuf]) {
    drag_to(browser, kind, 900, files).await;
}

async fn drag_to(browser: &Browser, kind: &str, x: i32, files: &[PathBuf]) {
    let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let data = json!({ "items": [], "files": files, "dragOperationsMask": 1 });
    let event = json!({ "type": kind, "x": x, "y": 520, "data": data });
    browser.cdp("Input.dispatchDragEvent", event).await;
}
