//! The screens beside the cockpit are a file of their own, and so is what the engine needs later: they come before anybody
//! asks for them, and where one does not come the page says so and goes on.

use crate::browser::Browser;
use crate::site::{Site, TempFolder};
use crate::wrong_files::orders;
use crate::{dist, within};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const FILE: &str = "_screens.wasm";
const LATER: &str = "_later.wasm";
const MISSING: &str = "return document.querySelector('[data-role=missing]:not(.hidden)')?.innerText";

#[tokio::test]
async fn they_come_before_anybody_clicks() {
    let Some(dist) = dist() else { return };
    within(60, async {
        let site = Site::serve(&dist);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let asked = format!("return performance.getEntriesByType('resource').some(entry => entry.name.endsWith('{FILE}') && entry.responseEnd)");
        browser.until("the screens come", 10, &asked).await;
        // Made ahead: the report stands in the page, hidden.
        let made = "return !!document.querySelector('main[data-role=import-report].hidden')";
        browser.until("the screens are made", 10, made).await;
        let click = "document.querySelector('[data-role=settings]').click();
            return new Promise(then => requestAnimationFrame(() => then(
                [!!document.querySelector('[data-role=zone]'), !!document.querySelector('[data-role=coming]')].join())))";
        assert_eq!(browser.text(click).await, "true,false", "settings in the frame of the click");
        browser.no_errors().await;
    })
    .await;
}

#[tokio::test]
async fn one_that_does_not_come_is_told_and_tried_again() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let folder = TempFolder::new();
        let shop = folder.copy(&dist, "shop");
        let screens = part_of(&shop, FILE);
        let aside = shop.join("aside");
        fs::rename(&screens, &aside).expect("a file of the copy can be moved");
        let site = Site::serve(&shop);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;

        browser.click("[data-role=settings]").await;
        browser
            .until("the dialog says that it is not here", 10, MISSING)
            .await;
        browser.click("[data-role=missing-retry]").await;
        browser.until("still not", 10, MISSING).await;
        let live = "return document.querySelector('[data-metric=orders_created]').dataset.value";
        let before = browser.text(live).await;
        browser
            .until("the cockpit goes on", 10, &format!("{live} !== '{before}'"))
            .await;

        fs::rename(&aside, &screens).expect("a file of the copy can be moved");
        browser.click("[data-role=missing-retry]").await;
        browser
            .until(
                "settings",
                10,
                "return !!document.querySelector('[data-role=zone]')",
            )
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_page_whose_screens_are_gone_still_reads_files() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let folder = TempFolder::new();
        let shop = folder.copy(&dist, "shop");
        fs::remove_file(part_of(&shop, FILE)).expect("a file of the copy can be removed");
        let orders = "Order ID,Order Date,Status,SKU,Quantity,Amount,Currency\nK-1,2026-03-01T10:00:00Z,completed,TEA,2,300.50,INR\n";
        fs::write(shop.join("orders.csv"), orders).expect("a temporary file can be written");
        let site = Site::serve(&shop);
        let browser = Browser::start().await;
        browser.open(&site.url("?data=orders.csv")).await;
        browser.metrics_become(&[("gmv", "300.5".to_owned())]).await;
        browser.click("[data-role=open-report]").await;
        browser.until("the report says that it is not here", 10, MISSING).await;
        browser.click("[data-role=missing-leave]").await;
        browser.until("the cockpit is back", 10, "return !!document.querySelector('.cockpit:not(.hidden)')").await;
    })
    .await;
}

#[tokio::test]
async fn what_the_engine_reads_with_is_asked_for_until_it_comes() {
    let Some(dist) = dist() else { return };
    within(90, async {
        let folder = TempFolder::new();
        let shop = folder.copy(&dist, "shop");
        let later = part_of(&shop, LATER);
        let aside = shop.join("aside");
        fs::rename(&later, &aside).expect("a file of the copy can be moved");
        let site = Site::serve(&shop);
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let file = [folder.write("orders.csv", orders(60))];
        browser.choose(&file).await;
        let cards = browser.imported(1, 20).await;
        assert_eq!(cards[0].state, "failed", "{cards:?}");
        assert!(
            cards[0].outcome.contains("server") || cards[0].outcome.contains("服务器"),
            "{cards:?}"
        );

        fs::rename(&aside, &later).expect("a file of the copy can be moved");
        // It is asked for every few seconds.
        tokio::time::sleep(Duration::from_secs(5)).await;
        browser.choose(&file).await;
        browser.imported(2, 20).await;
        browser.enter().await;
        browser.orders_become(60).await;
    })
    .await;
}

/// The file of a release whose name ends so.
fn part_of(folder: &Path, ending: &str) -> PathBuf {
    let entries = fs::read_dir(folder).expect("a folder can be listed");
    let mut files = entries.map(|entry| entry.expect("an entry").path());
    files
        .find(|file| file.to_string_lossy().ends_with(ending))
        .expect("a release keeps it in a file of its own")
}
