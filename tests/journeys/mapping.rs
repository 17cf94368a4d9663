//! Columns corrected by hand: once, remembered, taken to another browser.

use crate::browser::Browser;
use crate::site::{Site, TempFolder};
use crate::{dist, within};
use fantoccini::Locator;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;

/// Orders whose header means nothing: id, day, SKU, pieces, price of the order, a mobile number.
fn orders(from: u32, to: u32) -> String {
    let mut text = String::from("c1;c2;c3;c4;c5;c6\n");
    for order in from..to {
        let day = order % 28 + 1;
        let _ = writeln!(
            text,
            "{order};{day:02}.06.2026 10:00;s{};2;{order};13800138{order:03}",
            order % 3
        );
    }
    text
}

impl Browser {
    /// Waits until the panel shows what the last choice comes to, and yields accepted rows and gaps.
    async fn seen(&self, what: &str, condition: &str) -> Value {
        let script = format!(
            "const p = document.querySelector('[data-role=mapping-preview]');
             if (!p || p.dataset.state !== 'done') return false;
             const gaps = [...p.querySelectorAll('[data-role=mapping-gap]')].map(g => g.dataset.gap);
             const rows = [...p.querySelectorAll('tbody tr')].map(r => r.innerText);
             const accepted = p.dataset.accepted;
             return ({condition}) && [accepted, gaps.join(' '), rows[0] || '']"
        );
        self.until(what, 20, &script).await
    }

    async fn choose_in(&self, selector: &str, value: &str) {
        let script = format!(
            "const s = document.querySelector('{selector}');
             if (!s || ![...s.options].some(o => o.value === '{value}')) return false;
             s.value = '{value}'; s.dispatchEvent(new Event('change', {{ bubbles: true }})); return true"
        );
        self.until(&format!("{selector} offers {value}"), 10, &script)
            .await;
    }

    async fn field(&self, column: &str, value: &str) {
        let selector = format!("select[data-role=mapping-field][data-column={column}]");
        self.choose_in(&selector, value).await;
        let taken = format!("return document.querySelector('{selector}').dataset.choice === '{value}'");
        self.until("the choice is taken", 5, &taken).await;
    }

    async fn apply(&self) {
        let enabled = "return document.querySelector('[data-role=mapping-apply]')?.disabled === false";
        self.until("it can be applied", 20, enabled).await;
        self.click("[data-role=mapping-apply]").await;
        let closed = "return !document.querySelector('[data-role=mapping]')";
        self.until("the panel closes", 10, closed).await;
    }

    /// State, accepted and refused rows of the file of this name.
    async fn card_becomes(&self, name: &str, expect: [&str; 3]) {
        let script = format!(
            "const f = document.querySelector('[data-role=import-file][data-name=\"{name}\"]')?.dataset;
             return f && [f.state, f.accepted, f.rejected].join(' ') === '{}'",
            expect.join(" ")
        );
        self.until(&format!("{name}: {expect:?}"), 30, &script).await;
    }

    async fn mappings(&self, path: &Path) {
        let input = Locator::Css("input[data-role=mappings-import]");
        let input = self.client.find(input).await.expect("a file input");
        input
            .send_keys(&path.display().to_string())
            .await
            .expect("a file can be chosen");
    }
}

#[tokio::test]
async fn an_unknown_file_is_mapped_once() {
    let Some(dist) = dist() else { return };
    within(150, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        browser.choose(&[folder.write("mon.csv", orders(100, 140))]).await;
        browser.card_becomes("mon.csv", ["needs-mapping", "0", "0"]).await;

        // The panel opens by itself, says what is missing, and shows nobody's number.
        let first = browser.seen("the first look", "accepted === '0'").await;
        assert!(first[1].as_str().unwrap().contains("order-id"), "{first}");
        let panel = browser
            .text("return document.querySelector('[data-role=mapping]').innerText")
            .await;
        assert!(!panel.contains("1380013"), "a mobile number is shown: {panel}");
        let disabled = browser
            .js("return document.querySelector('[data-role=mapping-apply]').disabled")
            .await;
        assert_eq!(disabled, json!(true));

        // Each choice shows at once what it comes to.
        browser
            .choose_in("select[data-role=mapping-kind]", "orders")
            .await;
        browser.field("c1", "order_id").await;
        browser.field("c2", "created_at").await;
        let seen = browser.seen("orders can be read", "accepted === '40'").await;
        assert_eq!(seen[1], json!("quantity amount goods status"));
        browser.field("c3", "sku").await;
        browser.field("c4", "quantity").await;
        browser.field("c5", "amount").await;
        let seen = browser.seen("all is there", "gaps.join(' ') === 'status'").await;
        assert!(
            seen[2].as_str().unwrap().contains("2026-06-17 10:00:00"),
            "{seen}"
        );
        browser.apply().await;
        browser.card_becomes("mon.csv", ["done", "40", "0"]).await;
        let mapped = "return !!document.querySelector('[data-role=mapped] [data-role=mapping-forget]')";
        browser
            .until("the report says that it was decided", 5, mapped)
            .await;
        browser.enter().await;
        let sum = |from: u32, to: u32| (from..to).sum::<u32>().to_string();
        let totals = |from: u32, to: u32| {
            [
                ("orders_created", (to - from).to_string()),
                ("units_created", (2 * (to - from)).to_string()),
                ("gmv", sum(from, to)),
            ]
        };
        browser.metrics_become(&totals(100, 140)).await;

        // Tomorrow's file needs no click, after a reload, in another order of columns.
        browser.reload().await;
        let tomorrow = orders(130, 150);
        let turned: String = tomorrow
            .lines()
            .map(|line| line.split(';').rev().collect::<Vec<_>>().join("\t") + "\n")
            .collect();
        browser.choose(&[folder.write("tue.tsv", turned)]).await;
        browser.card_becomes("tue.tsv", ["done", "10", "0"]).await;
        browser.enter().await;
        browser.metrics_become(&totals(100, 150)).await;
        browser.no_errors().await;
    })
    .await;
}

#[tokio::test]
async fn a_wrong_mapping_is_corrected_in_place() {
    let Some(dist) = dist() else { return };
    within(150, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        // What it calls order id is a parcel of two orders, and its amount is the list price.
        let mut text = String::from("order id,created,sku,qty,amount,kost,belnr\n");
        for order in 0..30 {
            let (day, parcel) = (order % 28 + 1, order / 2);
            let _ = writeln!(
                text,
                "P{parcel},2026-06-{day:02} 10:00,S{},1,100.00,7.50,B{order}",
                order % 3
            );
        }
        let stock = "sku,warehouse,on hand\nS0,East,5\nS1,East,6\n";
        let files = [folder.write("orders.csv", text), folder.write("stock.csv", stock)];
        browser.choose(&files).await;
        browser.card_becomes("orders.csv", ["done", "30", "0"]).await;
        browser.card_becomes("stock.csv", ["done", "2", "0"]).await;
        let totals = |gmv: &str, orders: &str| {
            [
                ("gmv", gmv.to_owned()),
                ("orders_created", orders.to_owned()),
                ("stock_on_hand", "11".to_owned()),
            ]
        };
        browser.enter().await;
        browser.metrics_become(&totals("3000", "15")).await;

        browser.click("[data-role=open-report]").await;
        browser
            .click("[data-role=import-file][data-name='orders.csv'] .file-main")
            .await;
        browser.click("[data-role=mapping-open]").await;
        browser.seen("the best guess", "accepted === '30'").await;
        browser.field("kost", "amount").await;
        browser.field("belnr", "order_id").await;
        // The other column has left the field.
        let left = "return document.querySelector('select[data-column=amount]')?.dataset.choice === 'unused'";
        browser.until("one column of amounts", 10, left).await;
        // No row of the old reading may stay: its keys are others.
        browser.apply().await;
        browser.card_becomes("orders.csv", ["done", "30", "0"]).await;
        browser.card_becomes("stock.csv", ["done", "2", "0"]).await;
        browser.enter().await;
        browser.metrics_become(&totals("225", "30")).await;
        let steps = "return document.querySelectorAll('[data-role=step]').length";
        assert_eq!(
            browser.js(steps).await,
            json!(1),
            "the wrong reading is no step any more"
        );

        // Another file on top of it: first that one has to go.
        let more = "order id,created,sku,qty,amount,paid amount\nZ1,2026-06-20 10:00,S1,1,1.00,1.00\n";
        browser.choose(&[folder.write("more.csv", more)]).await;
        browser.card_becomes("more.csv", ["done", "1", "0"]).await;
        browser
            .click("[data-role=import-file][data-name='orders.csv'] .file-main")
            .await;
        browser.click("[data-role=mapping-open]").await;
        let blocked =
            "return document.querySelector('[data-role=mapping-blocked]')?.innerText.includes('more.csv')";
        browser.until("it says what stands on it", 10, blocked).await;
        browser.reload().await;
        browser
            .metrics_become(&[("gmv", "226".to_owned()), ("orders_created", "31".to_owned())])
            .await;
        browser.no_errors().await;
    })
    .await;
}

#[tokio::test]
async fn decisions_travel_as_a_file() {
    let Some(dist) = dist() else { return };
    within(150, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let watch = "const make = URL.createObjectURL;
            URL.createObjectURL = blob => { blob.text().then(t => { window.given = t }); return make(blob) }";
        browser.js(watch).await;
        browser.choose(&[folder.write("mon.csv", orders(100, 110))]).await;
        browser.seen("the first look", "accepted === '0'").await;
        for (column, field) in [("c1", "order_id"), ("c2", "created_at"), ("c5", "amount")] {
            browser.field(column, field).await;
        }
        browser.apply().await;
        browser.card_becomes("mon.csv", ["done", "10", "0"]).await;
        browser.click("[data-role=mappings-export]").await;
        browser
            .until("the file is given", 10, "return !!window.given")
            .await;
        let given = browser.text("return window.given").await;
        let read: Value = serde_json::from_str(&given).unwrap();
        assert_eq!(read["mappings"][0]["columns"]["c5"], "amount");
        assert_eq!(read["mappings"][0]["columns"]["c6"], "personal");

        // Forgotten, it has to be mapped again.
        browser.open_demo(&site.url("")).await;
        browser.choose(&[folder.write("tue.csv", orders(100, 112))]).await;
        browser.card_becomes("tue.csv", ["needs-mapping", "0", "0"]).await;
        browser
            .mappings(&folder.write("bad.json", given.replace("\"amount\"", "\"amonut\"")))
            .await;
        let told = "return document.querySelector('[data-role=mappings-bad]')?.innerText.includes('amonut')";
        browser.until("it says what is wrong", 10, told).await;

        // The right file is told by what it says, whatever its name, and applied to what is open.
        browser
            .choose(&[folder.write("from-the-other-desk.txt", given)])
            .await;
        browser
            .until(
                "it is taken",
                10,
                "return !!document.querySelector('[data-role=mappings-imported]')",
            )
            .await;
        browser.seen("what is open follows", "accepted === '12'").await;
        browser.choose(&[folder.write("wed.csv", orders(100, 115))]).await;
        browser.card_becomes("wed.csv", ["done", "15", "0"]).await;
        browser.enter().await;
        browser
            .metrics_become(&[("orders_created", "15".to_owned())])
            .await;
        browser.no_errors().await;
    })
    .await;
}
