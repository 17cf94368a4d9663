//! Two reports of a Taobao shop, a Shopify inventory, a workbook of twelve places and a crosswalk, dropped
//! together: one cockpit, in which what is sold meets what is stocked; tomorrow's versions, and the way back.

use crate::browser::Browser;
use crate::cockpit::Card;
use crate::site::{Site, TempFolder};
use crate::two_shops::{Day, today, tomorrow};
use crate::{dist, within};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

fn write(day: &Day, folder: &TempFolder, name: &str) -> Vec<PathBuf> {
    let files = day.files();
    files
        .iter()
        .map(|(rest, bytes)| folder.write(&format!("{name}-{rest}"), bytes))
        .collect()
}

impl Browser {
    async fn cover(&self) -> BTreeMap<String, String> {
        let rows = self
            .js(
                "return [...document.querySelectorAll('[data-chart=\"stock-runout\"] table tr[data-key]')]
                   .map(r => [r.dataset.key, r.dataset.value])",
            )
            .await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let row = |row: &Value| (text(&row[0]), text(&row[1]));
        rows.as_array().into_iter().flatten().map(row).collect()
    }

    /// Waits until numbers and days left are those of `day`.
    async fn shows(&self, day: &Day) {
        self.metrics_become(&day.metrics()).await;
        let expect = day.cover();
        let rows: Vec<String> = expect.iter().map(|(sku, days)| format!("{sku} {days}")).collect();
        let script = format!(
            "return [...document.querySelectorAll('[data-chart=\"stock-runout\"] table tr[data-key]')]
               .map(r => r.dataset.key + ' ' + r.dataset.value).sort().join('\\n') === {}",
            json!(rows.join("\n"))
        );
        let end = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while self.js(&script).await != json!(true) {
            if std::time::Instant::now() > end {
                assert_eq!(self.cover().await, expect);
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }

    async fn last_step(&self) -> Value {
        self.js(
            "const s = document.querySelector('[data-role=step]')?.dataset;
             return s && [s.state, s.new, s.changed, s.vanished, s.statuses, s.stockNew, s.stockChanged, s.names]",
        )
        .await
    }

    async fn last_step_becomes(&self, state: &str) {
        let script =
            format!("return document.querySelector('[data-role=step]')?.dataset.state === '{state}'");
        self.until("the last step's state", 20, &script).await;
    }

    /// Waits until a check of the data found so many; what found nothing is not shown.
    async fn checked(&self, id: &str, count: u32) {
        let script = format!(
            "const all = document.querySelector('[data-role=data-check]');
             const found = all && all.querySelector('[data-check={id}]');
             return !!all && {count} === (found ? Number(found.dataset.count) : 0)"
        );
        self.until("the data is checked", 20, &script).await;
    }
}

#[tokio::test]
async fn two_shops_a_warehouse_and_their_names_are_one_cockpit() {
    let Some(dist) = dist() else { return };
    within(180, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let (today, tomorrow) = (today(), tomorrow());

        browser.choose(&write(&today, &folder, "today")).await;
        let cards = browser.imported(5, 60).await;
        let said = |card: &Card| [&card.kind, &card.state, &card.accepted, &card.rejected].map(String::clone);
        assert_eq!(cards.iter().map(said).collect::<Vec<_>>(), today.reports());
        // Of the goods that are sold one has no stock by any name that is known.
        browser.checked("sold-without-stock", 1).await;
        browser.enter().await;
        browser.shows(&today).await;
        let first = (browser.metrics().await, browser.cover().await);

        browser
            .enter_with(&write(&tomorrow, &folder, "tomorrow"), 60)
            .await;
        browser.shows(&tomorrow).await;
        let second = (browser.metrics().await, browser.cover().await);
        let step = browser.last_step().await;
        println!("tomorrow: {step}");
        assert_eq!(step[0], "stands");
        assert_eq!(step[3], "0", "nothing has vanished");
        assert_eq!([&step[5], &step[6]], ["0", "2"], "two shelves hold less");
        assert_eq!(step[7], "1 0 7", "one name is new");
        assert_eq!(step[1], tomorrow.rows(40..43), "three orders are new");
        assert_eq!(step[4], "paid>shipped:10", "told once an order");
        browser.checked("sold-without-stock", 0).await;

        browser
            .js("document.querySelector('button[data-role=undo]').click()")
            .await;
        browser.last_step_becomes("undone").await;
        browser.shows(&today).await;
        assert_eq!(
            (browser.metrics().await, browser.cover().await),
            first,
            "undo leaves a trace"
        );
        browser
            .js("document.querySelector('button[data-role=redo]').click()")
            .await;
        browser.last_step_becomes("stands").await;
        browser.shows(&tomorrow).await;
        assert_eq!(
            (browser.metrics().await, browser.cover().await),
            second,
            "redo is not what was"
        );

        browser.reload().await;
        browser.shows(&tomorrow).await;
        assert_eq!(
            (browser.metrics().await, browser.cover().await),
            second,
            "a reload changes a number"
        );
        browser.no_errors().await;
    })
    .await;
}
