//! Imports as steps: today's export, tomorrow's, and the way back and forth, over a reload too.

use crate::browser::Browser;
use crate::site::{Site, TempFolder};
use crate::{dist, within};
use serde_json::{Value, json};
use std::fmt::Write;

const HEADER: &str =
    "order id,created,paid time,status,sku,qty,amount,paid amount,currency,channel,province,shop\n";

/// Orders 0 to 59, all paid.
fn today() -> String {
    let mut text = HEADER.to_owned();
    for order in 0..60 {
        line(&mut text, order, "paid");
    }
    text
}

/// The first ten are shipped by now, order 30 has vanished, 60 to 64 are new.
fn tomorrow() -> String {
    let mut text = HEADER.to_owned();
    for order in (0..65).filter(|order| *order != 30) {
        line(&mut text, order, if order < 10 { "shipped" } else { "paid" });
    }
    text
}

fn line(text: &mut String, order: u32, status: &str) {
    let (day, hour) = (order / 10 + 1, order % 10 + 10);
    let _ = writeln!(
        text,
        "{order},2026-06-{day:02} {hour}:00:00,2026-06-{day:02} {hour}:05:00,{status},S{},2,20.00,18.00,CNY,Tmall,Guangdong,S",
        order % 7
    );
}

impl Browser {
    /// Waits until the steps, oldest first, are in these states.
    async fn steps_become(&self, states: &[&str]) {
        let expect = states.join(" ");
        let script = format!(
            "return [...document.querySelectorAll('[data-role=step]')].map(s => s.dataset.state).reverse().join(' ') === '{expect}'"
        );
        self.until("steps in their states", 20, &script).await;
    }

    async fn step(&self, at: usize) -> Value {
        let script = format!(
            "const s = [...document.querySelectorAll('[data-role=step]')].reverse()[{at}]?.dataset;
             return s && [s.new, s.changed, s.same, s.vanished, s.statuses]"
        );
        self.js(&script).await
    }

    async fn with_control(&self, shift: bool) {
        let script = format!(
            "document.body.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'z', ctrlKey: true, shiftKey: {shift}, bubbles: true }}))"
        );
        self.js(&script).await;
    }
}

#[tokio::test]
async fn tomorrows_export_is_a_step_that_can_be_taken_back() {
    let Some(dist) = dist() else { return };
    within(120, async {
        let (site, folder) = (Site::serve(&dist), TempFolder::new());
        let browser = Browser::start().await;
        browser.open_demo(&site.url("")).await;
        let steps = browser
            .js("return document.querySelectorAll('[data-role=step]').length")
            .await;
        assert_eq!(steps, json!(0), "the demo is no step");

        let orders = |count: u32| vec![("orders_created", count.to_string())];
        browser
            .enter_with(&[folder.write("today.csv", today())], 30)
            .await;
        browser.metrics_become(&orders(60)).await;
        browser.steps_become(&["stands"]).await;
        let first = browser.metrics().await;

        browser
            .enter_with(&[folder.write("tomorrow.csv", tomorrow())], 30)
            .await;
        browser
            .metrics_become(&[
                ("orders_created", "65".to_owned()),
                ("gmv", "1300.00".to_owned()),
                ("units_created", "130".to_owned()),
            ])
            .await;
        browser.steps_become(&["stands", "stands"]).await;
        assert_eq!(browser.step(0).await, json!(["60", "0", "0", "0", ""]));
        assert_eq!(
            browser.step(1).await,
            json!(["5", "10", "49", "1", "paid>shipped:10"])
        );
        let second = browser.metrics().await;
        assert_ne!(first, second);

        // By the button: the hidden screen's too, since both stay in the document.
        browser
            .js("document.querySelector('button[data-role=undo]').click()")
            .await;
        browser.steps_become(&["stands", "undone"]).await;
        browser.metrics_become(&orders(60)).await;
        assert_eq!(browser.metrics().await, first, "undo leaves a trace");
        browser
            .js("document.querySelector('button[data-role=redo]').click()")
            .await;
        browser.steps_become(&["stands", "stands"]).await;
        browser.metrics_become(&orders(65)).await;
        assert_eq!(browser.metrics().await, second, "redo is not what was");

        browser.reload().await;
        browser.metrics_become(&orders(65)).await;
        browser.steps_become(&["stands", "stands"]).await;
        assert_eq!(browser.metrics().await, second, "a reload changes a number");
        assert_eq!(
            browser.step(1).await,
            json!(["5", "10", "49", "1", "paid>shipped:10"])
        );

        // By keys, after the reload.
        browser.with_control(false).await;
        browser.steps_become(&["stands", "undone"]).await;
        browser.metrics_become(&orders(60)).await;
        assert_eq!(
            browser.metrics().await,
            first,
            "undo after a reload leaves a trace"
        );

        // What was taken back is still so after another one, and can be done again.
        browser.reload().await;
        browser.metrics_become(&orders(60)).await;
        browser.steps_become(&["stands", "undone"]).await;
        assert_eq!(browser.metrics().await, first);
        browser.with_control(true).await;
        browser.steps_become(&["stands", "stands"]).await;
        browser.metrics_become(&orders(65)).await;
        assert_eq!(browser.metrics().await, second);
        browser.no_errors().await;
    })
    .await;
}
