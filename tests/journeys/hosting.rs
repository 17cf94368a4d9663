//! `dist/` in a sub-folder of a plain static server, with exports and a `stockpit.json` beside it.

use crate::browser::Browser;
use crate::site::{Site, TempFolder};
use crate::{dist, within};
use std::fs;

/// Two orders; the second was placed on 2 March in Kolkata, though on 1 March in Greenwich.
const ORDERS: &str = "Order ID,Order Date,Status,SKU,Quantity,Amount,Currency\n\
    K-1,2026-03-01T10:00:00Z,completed,TEA,2,300.50,INR\n\
    K-1,2026-03-01T10:00:00Z,completed,CUP,1,99.50,INR\n\
    K-2,2026-03-01T20:00:00Z,completed,TEA,1,150.25,INR\n";
const MORE: &str = "Order ID,Order Date,Status,SKU,Quantity,Amount,Currency\n\
    K-3,2026-03-03T10:00:00Z,completed,CUP,4,398.00,INR\n";
const STOCK: &str = r#"{ "stock": [
    { "sku": "TEA", "warehouse": "Pune", "on_hand": 40 },
    { "sku": "CUP", "warehouse": "Pune", "on_hand": 0 } ] }"#;
const MANIFEST: &str = r#"{ "title": "茶与杯", "language": "zh", "time_zone": "Asia/Kolkata", "data": ["orders.csv", "data/stock.json"] }"#;

#[tokio::test]
async fn a_hosted_folder_opens_straight_into_its_cockpit() {
    let Some(dist) = dist() else { return };
    within(120, async {
        let folder = TempFolder::new();
        let shop = folder.copy(&dist, "reports/shop");
        fs::create_dir_all(shop.join("data")).expect("a temporary folder can be made");
        for (name, content) in [("orders.csv", ORDERS), ("data/stock.json", STOCK), ("stockpit.json", MANIFEST)] {
            fs::write(shop.join(name), content).expect("a temporary file can be written");
        }
        let site = Site::serve(folder.path());
        let browser = Browser::start().await;
        browser.open(&site.url("reports/shop/")).await;

        let expect = [("gmv", "550.25"), ("orders_created", "2"), ("units_created", "4"), ("stock_on_hand", "40"), ("stockout_skus", "1")];
        browser.metrics_become(&expect.map(|(id, value)| (id, value.to_owned()))).await;
        let shown = "return [document.querySelector('.shop').innerText, document.title, document.documentElement.lang,
            !!document.querySelector('[data-role=demo]'), !!document.querySelector('[data-role=import-report]:not(.hidden)')].join('|')";
        assert_eq!(browser.text(shown).await, "茶与杯|茶与杯 · Stockpit|zh-CN|false|false");
        browser.click("[data-choice='grain:day']").await;
        let days = [("2026-03-01", "400"), ("2026-03-02", "150.25")].map(|(day, value)| (day.to_owned(), value.to_owned()));
        browser.table_becomes("sales-over-time", &days).await;
        browser.no_errors().await;

        // The address names other exports: one that is not there is named, with a way out.
        browser.open(&site.url("reports/shop/?data=orders.csv,missing.csv")).await;
        let failure = "[data-role=hosted-failure][data-name='missing.csv']";
        let text = format!("return document.querySelector(\"{failure}\")?.innerText");
        let said = browser.until("the missing export is named", 10, &text).await;
        assert!(said.as_str().unwrap_or_default().contains("404"), "{said}");
        browser.metrics_become(&[("orders_created", "2".to_owned())]).await;

        browser.click(&format!("{failure} [data-role=retry]")).await;
        browser.until("it is still missing", 10, &text).await;
        fs::write(shop.join("missing.csv"), MORE).expect("a temporary file can be written");
        browser.click(&format!("{failure} [data-role=retry]")).await;
        browser.metrics_become(&[("orders_created", "3".to_owned()), ("gmv", "948.25".to_owned())]).await;
        browser.until("the failure goes", 5, &format!("return !document.querySelector(\"{failure}\")")).await;
        let address = browser.address().await;
        assert!(address.contains("data=orders.csv"), "the address keeps what it names: {address}");
    })
    .await;
}

#[tokio::test]
async fn a_broken_manifest_is_named_with_its_place() {
    let Some(dist) = dist() else { return };
    within(60, async {
        let folder = TempFolder::new();
        let shop = folder.copy(&dist, "shop");
        fs::write(shop.join("stockpit.json"), "{\n  \"title\": 3\n}")
            .expect("a temporary file can be written");
        let site = Site::serve(folder.path());
        let browser = Browser::start().await;
        browser.open(&site.url("shop/index.html")).await;
        let said = browser
            .until(
                "the manifest is named",
                5,
                "return document.querySelector('[data-role=manifest-failure]')?.innerText",
            )
            .await;
        assert!(
            said.as_str().unwrap_or_default().contains("stockpit.json"),
            "{said}"
        );
        assert!(
            said.as_str().unwrap_or_default().contains('2'),
            "the line is named: {said}"
        );
        browser.no_errors().await;
    })
    .await;
}
